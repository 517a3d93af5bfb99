// A proxy on this computer, as networks of companies have them: it opens tunnels (RFC 9110, section 9.3.6), and knows
// better than this computer where a name is.

import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ConnectProxy {
  /** As `HTTPS_PROXY` takes it. */
  readonly url: string;
  /** What tunnels were asked for, as `host:port`, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts a proxy on a loopback port.
 *
 * @param target - the port on this computer that every name stands for.
 * @param refuses - whether it opens no tunnel at all.
 */
export async function startProxy(target: number, refuses = false): Promise<ConnectProxy> {
  const asked: string[] = [];
  const tunnels = new Set<Socket | Duplex>();
  const proxy = createServer();
  proxy.on('connect', (request, socket: Duplex) => {
    asked.push(request.url ?? '');
    tunnels.add(socket);
    if (refuses) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const upstream = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    tunnels.add(upstream);
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  const address = proxy.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        for (const tunnel of tunnels) tunnel.destroy();
        proxy.close(() => resolve());
        proxy.closeAllConnections();
      }),
  };
}
