// The HTTP port on real sockets, by undici: keep-alive, a time-out for each phase, bounded bodies, no
// redirects, no retries. TLS is checked as Node.js does by default; nothing here can switch that off.

import { rootCertificates } from 'node:tls';
import { Agent, EnvHttpProxyAgent } from 'undici';
import { HttpExchanges } from './http-exchange.js';
import type { HttpRequest, HttpResult, Transport } from './transport.js';

export interface HttpOptions {
  /** Until a connection stands, in milliseconds. */
  readonly connectTimeoutMs?: number;
  /** Until the answer's head has arrived, and between two pieces of its body, in milliseconds. */
  readonly answerTimeoutMs?: number;
  /** Connections to one host, and so requests in flight; what comes beyond waits for one of them. No bound if left out. */
  readonly connections?: number;
  /** Ends whatever is under way when it is aborted. */
  readonly signal?: AbortSignal;
  /** Certificates to trust beside those of Node.js, in PEM. */
  readonly ca?: string;
  /** The way out for https, by the usual variables; this computer itself is never asked for through a proxy. */
  readonly proxy?: ProxySettings;
}

/** `HTTPS_PROXY` and `NO_PROXY`, as curl and others read them. */
export interface ProxySettings {
  readonly https: string;
  /** Host names, separated by commas. */
  readonly except?: string;
}

const THIS_COMPUTER = 'localhost,127.0.0.1,::1';

const CONNECT_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 60_000;

/** A page of a list is at most some hundred kilobytes; this only bounds what a broken proxy can send. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Failures before the request was written. After any other failure it may have taken effect.
 * Names: https://undici.nodejs.org/#/docs/api/Errors and https://nodejs.org/api/errors.html
 */
const NOT_SENT_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
]);

/** A certificate that is not trusted ends the handshake, so nothing was sent. */
const TLS_CODE = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/;

/** undici's words for a proxy that opens no tunnel; the request is still here. */
const PROXY_REFUSED = /^Proxy response \(\d+\) !== 200 when HTTP Tunneling/;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function describe(error: unknown): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return code === '' || message.includes(code) ? message : `${message} (${code})`;
}

/** A transport over real sockets. Close it, or its idle connections keep the process alive. */
export function createHttpTransport(options: HttpOptions = {}): Transport {
  const answerTimeoutMs = options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS;
  const tls = {
    timeout: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    // Said, because NODE_TLS_REJECT_UNAUTHORIZED would switch the default off: https://nodejs.org/api/cli.html
    rejectUnauthorized: true,
    ...(options.ca === undefined ? {} : { ca: [...rootCertificates, options.ca] }),
  };
  const settings = {
    connect: tls,
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
    maxResponseSize: BODY_BYTES_MAX,
    keepAliveTimeout: 10_000,
    ...(options.connections === undefined ? {} : { connections: options.connections }),
  };
  const { proxy } = options;
  const agent =
    proxy === undefined
      ? new Agent(settings)
      : new EnvHttpProxyAgent({
          ...settings,
          requestTls: tls,
          proxyTls: tls,
          httpProxy: '',
          httpsProxy: proxy.https,
          noProxy: proxy.except === undefined ? THIS_COMPUTER : `${proxy.except},${THIS_COMPUTER}`,
        });
  const exchanges = new HttpExchanges(agent, options.signal);
  return {
    send: (message) => send(exchanges, message),
    close: () => agent.close(),
  };
}

async function send(exchanges: HttpExchanges, message: HttpRequest): Promise<HttpResult> {
  try {
    return await exchanges.send(message);
  } catch (error) {
    const code = codeOf(error);
    const reason = describe(error);
    const notSent = NOT_SENT_CODES.has(code) || TLS_CODE.test(code) || PROXY_REFUSED.test(reason);
    return { kind: notSent ? 'not-sent' : 'lost', reason };
  }
}
