// The digest at the end of a run, over real HTTP to a channel on this computer.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, expect } from 'vitest';
import { z } from 'zod';
import { it, secretOf, serialOf, tokenLines } from './command.js';

interface Channel {
  readonly url: string;
  readonly received: { readonly type: string | undefined; readonly body: string }[];
}

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A channel that answers with this status. */
async function channel(status: number): Promise<Channel> {
  const received: Channel['received'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      received.push({ type: request.headers['content-type'], body });
      response.writeHead(status).end('ok');
    });
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/hooks/canary-path?sig=canary-signature`, received };
}

const DIGEST = [`digest: { webhook: "\${CHANNEL}" }`];
const message = z.strictObject({ text: z.string() });

it('tells the channel counts, job, run and exit code, and nobody’s name, serial number or secret', async ({
  place,
}) => {
  place.job(tokenLines(3), DIGEST);
  const { url, received } = await channel(200);
  const ended = await place.run(['run', 'job.yaml', '--yes'], { CHANNEL: url });
  expect(ended.exitCode).toBe(0);
  expect(received).toHaveLength(1);
  expect(received[0]?.type).toBe('application/json');
  const { text } = message.parse(JSON.parse(received[0]?.body ?? ''));
  expect(text).toContain('job trial: All 3 rows are as they should be.');
  expect(text).toContain('3 assigned');
  expect(text).toMatch(/Run \S+ ended with exit code 0\.$/);
  for (const index of [0, 1, 2]) {
    expect(text).not.toContain(serialOf(index));
    expect(text).not.toContain(secretOf(serialOf(index)));
  }
  expect(text).not.toMatch(/user\d|contoso/i);
  // The address is a secret: it is on no screen and in no report.
  const left = [ended.stdout, ended.stderr, place.read(`${place.reports()}/summary.json`)].join('\n');
  expect(left).not.toContain('canary');
});

it('keeps the exit code of the run, and says so, when the channel refuses or is not there', async ({
  place,
}) => {
  place.job(tokenLines(1), DIGEST);
  const { url, received } = await channel(500);
  const refused = await place.run(['run', 'job.yaml', '--yes'], { CHANNEL: url });
  expect(refused.exitCode).toBe(0);
  expect(received).toHaveLength(1);
  expect(refused.stderr).toContain('The digest was not delivered: the service answered 500.');
  expect(refused.stderr).not.toContain('canary');

  for (const server of servers.splice(0)) server.close();
  const gone = await place.run(['run', 'job.yaml', '--yes'], { CHANNEL: url });
  expect(gone.exitCode).toBe(0);
  expect(gone.stderr).toContain('The digest was not delivered: the address of digest.webhook cannot');
  expect(gone.stderr).not.toContain('canary');
});

it('takes the address from the environment alone, and over https alone', async ({ place }) => {
  place.job(tokenLines(1), ['digest: { webhook: https://chat.example/hooks/canary }']);
  const literal = await place.run(['plan', 'job.yaml']);
  expect(literal.exitCode).toBe(2);
  expect(literal.stderr).toMatch(/job\.yaml:5.*digest\.webhook: must be a reference to an environment/);

  place.job(tokenLines(1), DIGEST);
  const plain = await place.run(['plan', 'job.yaml'], { CHANNEL: 'http://chat.example/hooks/canary' });
  expect(plain.exitCode).toBe(2);
  expect(plain.stderr).toContain('must be an https URL');
  expect(plain.stderr).not.toContain('canary');
});
