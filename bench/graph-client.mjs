// The peer under a throttle: Microsoft's Graph client for JavaScript with its own retry handler, and p-limit around
// it, which is what a script would be.
//
//   node bench/graph-client.mjs URL COUNT CONCURRENCY

import { Client } from '@microsoft/microsoft-graph-client';
import pLimit from 'p-limit';
import { deviceIdOf, userIdOf } from './world.mjs';

const [url, count, concurrency] = process.argv.slice(2);
const { origin, pathname } = new URL(url);
const client = Client.init({
  baseUrl: `${origin}/`,
  defaultVersion: pathname.slice(1),
  authProvider: (done) => done(null, 'bench'),
});
const limit = pLimit(Number(concurrency));
let failed = 0;
const start = performance.now();
await Promise.all(
  Array.from({ length: Number(count) }, (_, i) =>
    limit(async () => {
      try {
        await client
          .api(`/users/${userIdOf(i)}/authentication/hardwareOathMethods`)
          .post({ device: { id: deviceIdOf(i) } });
      } catch {
        failed += 1;
      }
    }),
  ),
);
console.log(JSON.stringify({ seconds: (performance.now() - start) / 1_000, failed }));
process.exit(0);
