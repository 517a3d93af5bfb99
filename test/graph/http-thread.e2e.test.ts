// Requests in a thread of their own, over real sockets: each with its own answer, no more at once than may be, and
// nobody left waiting when the thread fails. It runs what is built.

import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { selfSigned } from '../../src/emulator/certificate.js';
import { HttpThread, type ThreadOptions } from '../../src/graph/http-thread.js';
import type { HttpRequest } from '../../src/graph/transport.js';
import { listening } from '../listening.js';

const PROGRAM = new URL('../../dist/graph/http-thread-main.js', import.meta.url);

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

const serve = async (listener: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(createServer(listener))}`;

function thread(options: ThreadOptions = {}, program = PROGRAM): HttpThread {
  const transport = new HttpThread(options, program);
  cleanups.push(() => transport.close());
  return transport;
}

const post = (url: string, body = '{}'): HttpRequest => ({
  method: 'POST',
  url,
  headers: { 'x-test': '1' },
  body,
});

/** A program for a thread, in place of the real one. */
const program = (text: string): URL => new URL(`data:text/javascript,${encodeURIComponent(text)}`);

describe('requests in a thread of their own', () => {
  it('have each their own answer, in whatever order they are answered', async () => {
    const late: (() => void)[] = [];
    const url = await serve((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => {
        body += piece.toString();
      });
      request.on('end', () => {
        const answer = (): void => {
          const { method, url: path, headers } = request;
          response.writeHead(201, { 'x-answer': 'yes' });
          response.end(JSON.stringify({ method, path, test: headers['x-test'], body }));
        };
        // The first comes last.
        late.push(answer);
        if (late.length === 5) for (const each of late.toReversed()) each();
      });
    });
    const transport = thread();
    const asked = Array.from({ length: 5 }, (_, n) => transport.send(post(`${url}/${n}`, `{"ä":${n}}`)));
    const results = await Promise.all(asked);
    for (const [n, result] of results.entries()) {
      expect(result).toMatchObject({ kind: 'answer', status: 201, headers: { 'x-answer': 'yes' } });
      const said: unknown = result.kind === 'answer' ? JSON.parse(result.body) : undefined;
      expect(said).toEqual({ method: 'POST', path: `/${n}`, test: '1', body: `{"ä":${n}}` });
    }
  });

  it('are no more at once than it is told, and all of them leave', async () => {
    const held: (() => void)[] = [];
    let [most, answered] = [0, 0];
    const url = await serve((request, response) => {
      request.resume().on('end', () => {
        held.push(() => {
          answered += 1;
          response.end('{}');
        });
        most = Math.max(most, held.length);
        // A fourth would come before the three are answered.
        if (held.length < 3) return;
        setImmediate(() => {
          for (const answer of held.splice(0)) answer();
        });
      });
    });
    const transport = thread({ connections: 3 });
    const results = await Promise.all(Array.from({ length: 60 }, () => transport.send(post(url))));
    expect(results.every(({ kind }) => kind === 'answer')).toBe(true);
    expect([answered, most]).toEqual([60, 3]);
  });

  it('trust the certificates that they are told to trust, and no others', async () => {
    const { privateKey, certificate } = selfSigned({ notBeforeMs: NOW_MS });
    const service = createTlsServer({ key: privateKey, cert: certificate }, (_request, response) => {
      response.end('{}');
    });
    const url = `https://127.0.0.1:${await listen(service)}`;
    expect(await thread({ ca: certificate }).send(post(url))).toMatchObject({ kind: 'answer' });
    expect(await thread().send(post(url))).toMatchObject({ kind: 'not-sent' });
  });

  it('tell what had no effect from what may have had one', async () => {
    const url = await serve((request) => request.socket.resetAndDestroy());
    const transport = thread();
    expect(await transport.send(post(url))).toMatchObject({ kind: 'lost' });
    const refused = await transport.send(post('http://127.0.0.1:9'));
    expect(refused.kind === 'not-sent' ? refused.reason : refused.kind).toContain('ECONNREFUSED');
  });

  it('are answered before the thread is closed, and start another one afterwards', async () => {
    const url = await serve((request, response) => request.resume().on('end', () => response.end('{}')));
    const transport = thread();
    const ends: string[] = [];
    const ask = async (): Promise<number> => ends.push((await transport.send(post(url))).kind);
    const asked = Array.from({ length: 8 }, ask);
    const closed = transport.close();
    const afterwards = ask();
    await closed;
    expect(ends.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => 'answer'));
    await Promise.all([...asked, afterwards]);
    expect(ends).toHaveLength(9);
    expect(ends[8]).toBe('answer');
    await transport.close();
    await transport.close();
  });
});

describe('when the thread fails', () => {
  it('what was in it is told as lost, because it may have left, and the next request finds another one', async () => {
    const transport = thread({}, program('process.exit(0)'));
    const failed = { kind: 'lost', reason: 'the thread of the requests has failed: it has ended' };
    const asked = [transport.send(post('http://127.0.0.1:9')), transport.send(post('http://127.0.0.1:9'))];
    expect(await Promise.all(asked)).toEqual([failed, failed]);
    expect(await transport.send(post('http://127.0.0.1:9'))).toEqual(failed);
  });

  it('its error is told', async () => {
    const transport = thread({}, program('throw new Error("out of order")'));
    expect(await transport.send(post('http://127.0.0.1:9'))).toEqual({
      kind: 'lost',
      reason: 'the thread of the requests has failed: out of order',
    });
  });
});
