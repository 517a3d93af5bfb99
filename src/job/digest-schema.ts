// The job file's key `digest`: where the end of a run is told. The address is a secret, because whoever has it may
// write into the channel behind it.

import { z } from 'zod';
import { isLoopback } from './graph-target.js';

/**
 * Whether a text is an address that a digest may be sent to: over TLS, or to this computer. Unlike the address of
 * Graph it may have a query: some services keep its signature there.
 *
 * @example
 * isWebhookUrl('https://chat.example/hooks/1?sig=2'); // true
 * isWebhookUrl('http://chat.example/hooks/1');        // false: the address itself would travel in the clear
 */
function isWebhookUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

export const digestSchema = z
  .strictObject({
    webhook: z
      .string()
      .refine(isWebhookUrl, 'must be an https URL (http on this computer only) without credentials')
      .describe(
        'Where the digest is posted as { "text": … }, which Teams and Slack take. A reference to an environment variable: whoever has the address may write there.',
      ),
  })
  .optional()
  .describe(
    'Tell a channel how each run ended: name of the job, run id, counts and exit code; no serial number, no user, no secret. Left out: nobody is told.',
  );
