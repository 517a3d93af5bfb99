// The peer of a run: a bare loop over undici that posts the same bodies, so many at a time, and reads the answers.
// It keeps no ledger, looks at no answer, and would know nothing after a crash.
//
//   node bench/bare-post.mjs URL COUNT CONCURRENCY

import { Agent, request } from 'undici';
import { deviceIdOf, userIdOf } from './world.mjs';

const [root, count, concurrency] = process.argv.slice(2);
const dispatcher = new Agent();
const headers = { authorization: 'Bearer bench', 'content-type': 'application/json' };
let next = 0;
async function work() {
  for (let i = next++; i < Number(count); i = next++) {
    const { body } = await request(`${root}/users/${userIdOf(i)}/authentication/hardwareOathMethods`, {
      dispatcher,
      method: 'POST',
      headers,
      body: JSON.stringify({ device: { id: deviceIdOf(i) } }),
    });
    JSON.parse(await body.text());
  }
}
const start = performance.now();
await Promise.all(Array.from({ length: Number(concurrency) }, work));
const seconds = (performance.now() - start) / 1_000;
await dispatcher.close();
console.log(JSON.stringify({ seconds, perSecond: Number(count) / seconds }));
