// The HTTP port over real sockets on the loopback: what is certain to have had no effect, and what is not.

import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { selfSigned } from '../../src/emulator/certificate.js';
import { createHttpTransport, type HttpOptions } from '../../src/graph/http.js';
import { ListedPage } from '../../src/graph/listed-page.js';
import { PageBytes } from '../../src/graph/page-bytes.js';
import type { HttpMethod, HttpResult } from '../../src/graph/transport.js';
import { type ConnectProxy, startProxy } from '../connect-proxy.js';
import { listening } from '../listening.js';

const NOW_MS = systemClock.wallMs();

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(server: Server): Promise<number> {
  const { port, close } = await listening(server);
  cleanups.push(close);
  return port;
}

async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

async function send(
  url: string,
  method: HttpMethod = 'POST',
  options: HttpOptions = {},
): Promise<HttpResult> {
  const transport = createHttpTransport(options);
  try {
    return await transport.send({
      method,
      url,
      headers: { 'x-test': '1' },
      ...(method === 'GET' ? {} : { body: '{}' }),
    });
  } finally {
    await transport.close();
  }
}

describe('a request', () => {
  it('arrives as it was made, and its answer comes back whole', async () => {
    const url = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        response.writeHead(201, { 'Request-Id': 'theirs', 'X-Twice': ['a', 'b'] });
        response.end(`${request.method} ${request.url} ${String(request.headers['x-test'])} ${body}`);
      });
    });
    expect(await send(`${url}/beta/things?$top=1`)).toMatchObject({
      kind: 'answer',
      status: 201,
      headers: { 'request-id': 'theirs', 'x-twice': 'a, b' },
      body: 'POST /beta/things?$top=1 1 {}',
    });
  });

  it('is never sent on to where a redirect points', async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked += 1;
      response.writeHead(307, { location: '/elsewhere' });
      response.end();
    });
    expect(await send(url)).toMatchObject({ kind: 'answer', status: 307 });
    expect(asked).toBe(1);
  });

  it.each<HttpMethod>(['POST', 'GET', 'DELETE'])('is never repeated by itself: %s', async (method) => {
    let asked = 0;
    const url = await serve((request) => {
      asked += 1;
      request.socket.destroy();
    });
    expect(await send(url, method)).toMatchObject({ kind: 'lost' });
    expect(asked).toBe(1);
  });
});

describe('an answer', () => {
  it('is the last one, when others come before it', async () => {
    const url = await serve((_request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload', 'request-id': 'early' });
      response.writeHead(200, { 'request-id': 'theirs' });
      response.end('{}');
    });
    const answer = await send(url);
    expect(answer).toMatchObject({ kind: 'answer', status: 200, headers: { 'request-id': 'theirs' } });
    expect(answer).not.toHaveProperty('headers.link');
  });

  it('is put together from its pieces, also where one ends within a letter, without the mark at its beginning', async () => {
    const bytes = Buffer.from('\uFEFFGröße', 'utf8');
    const url = await serve((_request, response) => {
      const next = (at: number): void => {
        if (at === bytes.length) response.end();
        else response.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1));
      };
      next(0);
    });
    expect(await send(url)).toMatchObject({ kind: 'answer', body: 'Größe' });
  });

  it('goes where its bytes are wanted, when it is a success; what stood there before is gone', async () => {
    const url = await serve((request, response) => {
      const isWrong = request.url === '/wrong';
      response.writeHead(isWrong ? 404 : 200).end(isWrong ? '{"error":{}}' : '{"value":[{"id":"a"}]}');
    });
    const transport = createHttpTransport();
    const into = new PageBytes(['id']);
    into.add(Buffer.from('left from another answer'));
    const page = (path: string) => transport.send({ method: 'GET', url: `${url}${path}`, headers: {}, into });
    expect(await page('/wrong')).toMatchObject({ status: 404, body: '{"error":{}}' });
    expect(await page('/wrong')).not.toHaveProperty('bytes');
    const answer = await page('/right');
    await transport.close();
    expect(answer).toMatchObject({ status: 200, body: '', bytes: into });
    const value = into.read()?.value;
    expect(value instanceof ListedPage ? value.item(0) : value).toEqual({ id: 'a' });
  });

  it('without a body is an empty one', async () => {
    const url = await serve((_request, response) => void response.writeHead(204).end());
    expect(await send(url, 'DELETE')).toMatchObject({ kind: 'answer', status: 204, body: '' });
  });
});

describe('when the signal is aborted', () => {
  const message = (url: string) => ({ method: 'GET', url, headers: {} }) as const;

  it('all requests under way end, also those that wait for a connection, and none begins', async () => {
    const halt = new AbortController();
    let asked = 0;
    const url = await serve(() => {
      asked += 1;
      if (asked === 2) halt.abort(new Error('stopped by hand'));
    });
    const transport = createHttpTransport({ signal: halt.signal });
    const results = [url, url, 'http://127.0.0.1:9'].map((to) => transport.send(message(to)));
    const [first, second, third] = await Promise.all(results);
    for (const end of [first, second]) expect(end).toEqual({ kind: 'lost', reason: 'stopped by hand' });
    expect(third?.kind).not.toBe('answer');
    expect(await transport.send(message(url))).toEqual({ kind: 'lost', reason: 'stopped by hand' });
    expect(asked).toBe(2);
    await transport.close();
  });

  it('what has waited for a connection until then is not sent', async () => {
    const halt = new AbortController();
    const { privateKey, certificate } = selfSigned({ notBeforeMs: NOW_MS });
    let asked = 0;
    const service = createTlsServer({ key: privateKey, cert: certificate }, (_request, response) => {
      asked += 1;
      response.end('{}');
    });
    const port = await listen(service);
    // The handshake goes on when the signal has been aborted.
    const door = createTcpServer((socket) => {
      halt.abort(new Error('stopped by hand'));
      const behind = connect(port, '127.0.0.1');
      socket.pipe(behind).pipe(socket);
      for (const end of [socket, behind]) end.on('error', () => undefined);
    });
    const url = `https://127.0.0.1:${await listen(door)}`;
    const transport = createHttpTransport({ signal: halt.signal, ca: certificate });
    expect(await transport.send(message(url))).toEqual({ kind: 'lost', reason: 'stopped by hand' });
    await transport.close();
    expect(asked).toBe(0);
  });

  it('what was answered before stays answered, and a reason without an error is told', async () => {
    const halt = new AbortController();
    const url = await serve((_request, response) => void response.end('{}'));
    const transport = createHttpTransport({ signal: halt.signal });
    const answer = transport.send(message(url));
    expect(await answer).toMatchObject({ kind: 'answer', body: '{}' });
    halt.abort('enough');
    expect(await answer).toMatchObject({ kind: 'answer' });
    expect(await transport.send(message(url))).toEqual({ kind: 'lost', reason: 'enough' });
    await transport.close();
  });
});

describe('an answer is lost, and the request may have had its effect', () => {
  it('when the connection is reset before the answer', async () => {
    const url = await serve((request) => {
      request.on('end', () => request.socket.resetAndDestroy());
      request.resume();
    });
    expect(await send(url)).toMatchObject({ kind: 'lost' });
  });

  it('when the connection breaks within the answer', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"value":', () => response.socket?.destroy());
    });
    expect(await send(url)).toMatchObject({ kind: 'lost' });
  });

  it('when it is no HTTP', async () => {
    const port = await listen(
      createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n', () => socket.destroy())),
    );
    expect(await send(`http://127.0.0.1:${port}`)).toMatchObject({ kind: 'lost' });
  });

  it('when it does not come in time', async () => {
    const url = await serve(() => undefined);
    expect(await send(url, 'POST', { answerTimeoutMs: 20 })).toMatchObject({
      kind: 'lost',
      reason: expect.stringContaining('UND_ERR_HEADERS_TIMEOUT') as string,
    });
  });

  it('when its body is larger than any answer of Graph', async () => {
    const mebibyte = Buffer.alloc(1024 * 1024, ' ');
    let written = 0;
    const url = await serve((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && written < 64) {
          written += 1;
          if (!response.write(mebibyte)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    expect(await send(url, 'GET')).toMatchObject({
      kind: 'lost',
      reason: expect.stringContaining('UND_ERR_RES_EXCEEDED_MAX_SIZE') as string,
    });
    expect(written).toBeLessThan(64);
  });
});

describe('a request was not sent, and certainly had no effect', () => {
  it.each(['127.0.0.1', 'localhost'])('when nobody listens at %s', async (host) => {
    const server = createServer();
    const port = await listen(server);
    await cleanups.pop()?.();
    expect(await send(`http://${host}:${port}`)).toMatchObject({
      kind: 'not-sent',
      reason: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  it('when the certificate is not trusted', async () => {
    let asked = 0;
    const { privateKey, certificate } = selfSigned({ notBeforeMs: NOW_MS });
    const server = createTlsServer({ key: privateKey, cert: certificate }, (_request, response) => {
      asked += 1;
      response.end();
    });
    const port = await listen(server);
    expect(await send(`https://127.0.0.1:${port}`)).toMatchObject({
      kind: 'not-sent',
      reason: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT') as string,
    });
    expect(asked).toBe(0);
  });

  it('when the transport is closed', async () => {
    const transport = createHttpTransport();
    await transport.close();
    expect(await transport.send({ method: 'GET', url: 'http://127.0.0.1:9', headers: {} })).toMatchObject({
      kind: 'not-sent',
    });
  });
});

describe("an endpoint of one's own", () => {
  const host = 'graph.test';
  const { privateKey, certificate } = selfSigned({ hosts: [host], notBeforeMs: NOW_MS });

  async function serveTls(): Promise<number> {
    const server = createTlsServer({ key: privateKey, cert: certificate }, (request, response) => {
      response.end(`${request.headers.host} ${request.url}`);
    });
    return listen(server);
  }

  async function serveProxy(target: number, refuses = false): Promise<ConnectProxy> {
    const proxy = await startProxy(target, refuses);
    cleanups.push(() => proxy.close());
    return proxy;
  }

  it('is trusted by the CA that is named, and reached through the proxy', async () => {
    const port = await serveTls();
    const proxy = await serveProxy(port);
    const result = await send(`https://${host}:${port}/beta`, 'GET', {
      ca: certificate,
      proxy: { https: proxy.url },
    });
    expect(result).toMatchObject({ kind: 'answer', status: 200, body: `${host}:${port} /beta` });
    expect(proxy.asked).toEqual([`${host}:${port}`]);
  });

  it('is not trusted through a proxy either when nobody vouches for it', async () => {
    const port = await serveTls();
    const proxy = await serveProxy(port);
    expect(await send(`https://${host}:${port}/beta`, 'POST', { proxy: { https: proxy.url } })).toMatchObject(
      { kind: 'not-sent', reason: expect.stringContaining('CERT') as string },
    );
  });

  it('is certainly not reached when the proxy opens no tunnel', async () => {
    const port = await serveTls();
    const proxy = await serveProxy(port, true);
    expect(
      await send(`https://${host}:${port}/beta`, 'POST', { ca: certificate, proxy: { https: proxy.url } }),
    ).toMatchObject({ kind: 'not-sent', reason: expect.stringContaining('407') as string });
  });

  it.each(['127.0.0.1', 'localhost'])(
    'on this computer is never asked for through a proxy: %s',
    async (name) => {
      const local = selfSigned({ notBeforeMs: NOW_MS });
      const server = createTlsServer(
        { key: local.privateKey, cert: local.certificate },
        (_request, response) => {
          response.end('here');
        },
      );
      const port = await listen(server);
      const proxy = await serveProxy(port);
      expect(
        await send(`https://${name}:${port}/`, 'GET', { ca: local.certificate, proxy: { https: proxy.url } }),
      ).toMatchObject({ body: 'here' });
      expect(proxy.asked).toEqual([]);
    },
  );
});
