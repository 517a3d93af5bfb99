// Reads and checks the files of a world as `oathbatch plan` does, and nothing else.
//
//   node bench/read-files.mjs MANIFEST

import { loadDesired } from '../dist/manifest/load.js';

const [manifest] = process.argv.slice(2);
const { rows } = await loadDesired({
  manifests: [{ path: manifest, hashFunction: 'hmacsha1' }],
  assignments: [],
});
console.log(JSON.stringify({ records: rows.length }));
