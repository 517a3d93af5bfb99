// A Microsoft Graph for benchmarks, in its own process: it answers what a run asks for, from the numbers of
// world.mjs, and does as little as it can, so that what is measured is the client. It checks nothing.
//
//   node bench/service.mjs COUNT HELD   HELD: how many users hold their tokens from the start

import { createServer } from 'node:http';
import { deviceIdOf, deviceText, numberIn, pageText, userIdOf, userText } from './world.mjs';

const [count, heldFromStart] = process.argv.slice(2).map(Number);
const PAGE_DEFAULT = 100;
const PAGE_MAX = 999;
const held = new Uint8Array(count).fill(1, 0, heldFromStart);
const requests = { list: 0, users: 0, batch: 0, assign: 0, create: 0, other: 0 };
const INVENTORY = '/beta/directory/authenticationMethodDevices/hardwareOathDevices';
let root = '';

function listPage(path, query, item) {
  const from = Number(query.get('$skiptoken') ?? 0);
  const size = Math.min(PAGE_MAX, Number(query.get('$top') ?? PAGE_DEFAULT));
  const to = Math.min(count, from + size);
  const next = to < count ? `${root}${path}?$top=${size}&$skiptoken=${to}` : undefined;
  return pageText(`${root}/$metadata`, from, to, item, next);
}

/** One answer of a batch. */
function single({ id, url }) {
  const number = numberIn(/users\/([^/?]+)/.exec(decodeURIComponent(url))?.[1] ?? '');
  const exists = number >= 0 && number < count;
  const body = !exists
    ? '{"error":{"code":"Request_ResourceNotFound","message":"no such user"}}'
    : url.includes('/authentication/')
      ? `{"value":[${held[number] === 1 ? deviceText(number, true) : ''}]}`
      : userText(number);
  return `{"id":${JSON.stringify(id)},"status":${exists ? 200 : 404},"headers":{"Content-Type":"application/json"},"body":${body}}`;
}

function answer(method, url, body) {
  const { pathname, searchParams } = new URL(url, root);
  if (method === 'GET' && pathname === INVENTORY) {
    requests.list += 1;
    return [200, listPage(pathname, searchParams, (i) => deviceText(i, held[i] === 1))];
  }
  if (method === 'GET' && pathname === '/beta/users') {
    requests.users += 1;
    return [200, listPage(pathname, searchParams, userText)];
  }
  if (pathname === '/beta/$batch') {
    requests.batch += 1;
    return [200, `{"responses":[${JSON.parse(body).requests.map(single).join(',')}]}`];
  }
  if (method === 'POST' && pathname.endsWith('/hardwareOathMethods')) {
    requests.assign += 1;
    const number = numberIn(JSON.parse(body).device.id);
    held[number] = 1;
    return [201, `{"id":"${deviceIdOf(number)}","device":${deviceText(number, true)}}`];
  }
  requests.other += 1;
  return [404, '{"error":{"code":"UnknownError","message":"not part of the benchmark"}}'];
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const [status, text] = answer(request.method, request.url, Buffer.concat(chunks).toString());
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'request-id': userIdOf(0),
    });
    response.end(text);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  root = `http://127.0.0.1:${server.address().port}`;
  process.send?.({ url: `${root}/beta` });
});
process.on('message', (message) => {
  if (message === 'reset') held.fill(0).fill(1, 0, heldFromStart);
  process.send({ requests });
});
process.on('disconnect', () => process.exit(0));
