// Which Microsoft Graph a job talks to.

import { type CloudName, isCloudName } from '../clouds.js';

export type GraphTarget =
  /** A rehearsal Graph that the run starts for itself. */
  | { readonly kind: 'emulator' }
  | { readonly kind: 'cloud'; readonly cloud: CloudName }
  /** Without a slash at the end. */
  | { readonly kind: 'url'; readonly url: string };

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether the host name of a URL is this computer. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/**
 * Whether a text is a URL that tokens may be sent to: over TLS, or to this computer. Credentials, a query or a
 * fragment in it would end up in logs and reports.
 *
 * @example
 * isGraphUrl('http://127.0.0.1:8080/beta'); // true
 * isGraphUrl('http://graph.example/beta');  // false: a bearer token would travel in the clear
 */
export function isGraphUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** The target of what a job file or `--graph` says. It has been checked with the schema, or with isGraphUrl. */
export function graphTarget(written: string): GraphTarget {
  if (written === 'emulator') return { kind: 'emulator' };
  if (isCloudName(written)) return { kind: 'cloud', cloud: written };
  return { kind: 'url', url: written.replace(/\/+$/, '') };
}
