// The emulator on a loopback port, over real HTTP. Two addresses stand outside the rehearsed Graph, for tests
// and operators: the ground truth, and a change of settings. No other interface than loopback.

import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { assertNever, invariant } from '../errors.js';
import type { SelfSigned } from './certificate.js';
import type { Emulator } from './emulator.js';
import type { EmulatorReply } from './reply.js';
import { withChanges } from './settings.js';

export interface ServeOptions {
  readonly host?: '127.0.0.1';
  /** A free port when left out. */
  readonly port?: number;
  /** Over TLS, as `localhost`: credential libraries sign in over nothing else. In PEM. */
  readonly tls?: SelfSigned;
}

export interface ServedEmulator {
  /** `http://127.0.0.1:PORT/beta`, or `https://localhost:PORT/beta` */
  readonly url: string;
  /** Breaks what is still open, and resolves when the port is free. */
  close(): Promise<void>;
}

/** Microsoft Graph takes at most 4 MB: https://learn.microsoft.com/graph/errors, status 413. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;

/** What is Graph's; the rest of the addresses is the sign-in service's, when there is one. */
const GRAPH_PATH = /^\/(?:beta|v1\.0)(?:[/?]|$)/i;

/** Serves an emulator until it is closed. */
export async function serveEmulator(emulator: Emulator, options: ServeOptions = {}): Promise<ServedEmulator> {
  const host = options.host ?? '127.0.0.1';
  const { tls } = options;
  const listener: RequestListener = (request, response) => {
    serve(emulator, request, response).catch((error: unknown) => {
      // A bug of the emulator: the client is told no more than that, and the process hears of it.
      response.destroy();
      server.emit('error', error);
    });
  };
  const server: Server =
    tls === undefined
      ? createServer(listener)
      : createTlsServer({ key: tls.privateKey, cert: tls.certificate }, listener);
  // Longer than clients keep a connection, so that none is closed under a request that is on its way.
  server.keepAliveTimeout = 65_000;
  await listen(server, host, options.port ?? 0);
  const address = server.address();
  invariant(address !== null && typeof address === 'object', 'a server that listens has an address');
  const origin = tls === undefined ? `http://${host}` : 'https://localhost';
  return { url: `${origin}:${address.port}/beta`, close: () => close(server) };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

/** The whole body, or `undefined` when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    invariant(Buffer.isBuffer(chunk), 'a body without an encoding comes in buffers');
    length += chunk.length;
    if (length <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  return length > BODY_BYTES_MAX ? undefined : Buffer.concat(chunks).toString('utf8');
}

function headersOf(request: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

async function serve(emulator: Emulator, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  // A client that breaks off is no error here.
  request.on('error', () => gone.abort());
  const body = await readBody(request).catch(() => undefined);
  if (gone.signal.aborted) return;
  const path = request.url ?? '/';
  if (body === undefined) {
    sendJson(response, 413, {
      error: { code: 'requestEntityTooLarge', message: 'The request is too large.' },
    });
  } else if (path.startsWith('/emulator/')) {
    control(emulator, request, body, response);
  } else {
    const method = request.method ?? 'GET';
    const scheme = 'encrypted' in request.socket ? 'https' : 'http';
    const headers = { 'x-forwarded-proto': scheme, ...headersOf(request) };
    const arrived = { method, path, headers, body };
    const signedIn = GRAPH_PATH.test(path)
      ? undefined
      : emulator.signIn(arrived, `${scheme}://${request.headers.host ?? 'localhost'}`);
    send(response, signedIn ?? (await emulator.handle(arrived, gone.signal)));
  }
}

function send(response: ServerResponse, reply: EmulatorReply): void {
  switch (reply.kind) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'answer':
      response.writeHead(reply.status, reply.headers).end(reply.body);
      return;
    default:
      assertNever(reply);
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** `GET /emulator/truth` and `POST /emulator/settings`. The pipeline never calls them. */
function control(emulator: Emulator, request: IncomingMessage, body: string, response: ServerResponse): void {
  const what = `${request.method} ${request.url}`;
  if (what === 'GET /emulator/truth') {
    sendJson(response, 200, emulator.truth());
    return;
  }
  // Only JSON: a page in a browser cannot send that to another origin without being asked first.
  const isJson = request.headers['content-type']?.startsWith('application/json') === true;
  if (what !== 'POST /emulator/settings' || !isJson) {
    sendJson(response, 404, {
      error: 'There are GET /emulator/truth and POST /emulator/settings (as JSON).',
    });
    return;
  }
  const changed = withChanges(emulator.settings, parseJson(body));
  if ('problem' in changed) {
    sendJson(response, 400, { error: changed.problem });
    return;
  }
  emulator.change(changed.settings);
  sendJson(response, 200, {});
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Settings cannot be `undefined`, so the caller refuses it.
    return undefined;
  }
}
