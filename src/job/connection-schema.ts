// The job file's key `connection`: what an endpoint of one's own, or a network that opens TLS, needs. There is no
// key that switches checks off.

import { z } from 'zod';

export const connectionSchema = z
  .strictObject({
    ca: z
      .string()
      .min(1)
      .optional()
      .describe(
        'A PEM file with certificates to trust beside those of Node.js, relative to the job file. Left out: none.',
      ),
    authority: z
      .string()
      .regex(/^https:\/\/[^/?#@]+\/?$/, 'must be the https address of a sign-in service, without a path')
      .optional()
      .describe('The sign-in service, for a graph that is a URL. Left out: that of the global cloud.'),
    scope: z
      .string()
      .min(1)
      .optional()
      .describe(
        'What a token is asked for, for a graph that is a URL. Left out: the origin of the URL, followed by /.default.',
      ),
  })
  .describe('The way to an endpoint of your own, and certificates of your network.');
