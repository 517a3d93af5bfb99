// Walks test/cases/contract: each file is one request with its answer, as the documents show them. It must be what
// our description of the operation says, what our client makes and understands, and what the emulator answers.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { EmulatorSettingsInput } from '../../src/emulator/settings.js';
import type { GraphAnswer } from '../../src/graph/answer.js';
import { OPERATIONS } from '../../src/graph/endpoints/all.js';
import { addressOf, type Operation } from '../../src/graph/operation.js';
import { Rehearsal, seedToken } from '../emulator/rehearsal.js';
import { inVirtualTime } from '../virtual-run.js';
import { answer, BASE, scripted } from './scripted.js';

const CASES = join(import.meta.dirname, '../cases/contract');

const seedSchema = z.strictObject({
  id: z.string(),
  serialNumber: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  assignedTo: z.string().exactOptional(),
});

const caseSchema = z.strictObject({
  promise: z.string(),
  source: z.url(),
  operation: z.string(),
  /** The open parts of the address. */
  parts: z.record(z.string(), z.string()).default({}),
  request: z.strictObject({
    method: z.enum(['GET', 'POST', 'PATCH', 'DELETE']),
    path: z.string(),
    body: z.unknown().optional(),
  }),
  answer: z.strictObject({
    status: z.int(),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.unknown().optional(),
  }),
  /** The tokens of the emulator before the request. */
  seed: z.array(seedSchema),
  settings: z.custom<EmulatorSettingsInput>().optional(),
});

type Case = z.output<typeof caseSchema>;

function operationOf({ operation }: Case): Operation {
  const found = OPERATIONS.find(({ name }) => name === operation);
  if (found === undefined) throw new Error(`there is no operation "${operation}"`);
  return found;
}

/** The form of a JSON value: names and types, and the first item of a list for all of them. */
function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [formOf(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      // Annotations of the type are the service's own affair, and what is null may be anything.
      .filter(([name, member]) => !name.startsWith('@odata') && member !== null)
      .map(([name, member]) => [name, formOf(member)]),
  );
}

const objectSchema = z.record(z.string(), z.unknown());

/** What our client makes of the request, and of the documented answer to it. */
async function through({ request, answer: documented }: Case): Promise<{
  readonly sent: { readonly method: string; readonly path: string; readonly body: unknown };
  readonly said: GraphAnswer | Error;
}> {
  return inVirtualTime(async (clock) => {
    const { client, transport } = scripted(clock, [
      answer(documented.status, documented.body, documented.headers),
    ]);
    const { method, path } = request;
    const asking =
      method === 'GET'
        ? client.read(client.url(path))
        : client.write({ method, path, body: () => request.body, beforeSending: async () => undefined });
    const said = await asking.catch((error: unknown) => (error instanceof Error ? error : new Error()));
    const [first] = transport.requests;
    return {
      sent: {
        method: first?.method ?? '',
        path: first?.url.slice(BASE.length) ?? '',
        body: first?.body === undefined ? undefined : (JSON.parse(first.body) as unknown),
      },
      said,
    };
  });
}

for (const file of readdirSync(CASES)) {
  const example = caseSchema.parse(JSON.parse(readFileSync(join(CASES, file), 'utf8')));
  const { promise, parts, request, answer: documented, seed, settings } = example;
  const isRefusal = documented.status >= 400;

  describe(`${promise} (${file})`, () => {
    const operation = operationOf(example);

    it('is described so', () => {
      expect([operation.method, addressOf(operation, parts)]).toEqual([
        request.method,
        request.path.split('?')[0],
      ]);
      if (request.body !== undefined) expect(operation.request?.parse(request.body)).toEqual(request.body);
      expect(operation.request === undefined).toBe(request.body === undefined);
      if (isRefusal) return;
      expect(operation.success).toContain(documented.status);
      expect(() => operation.response?.parse(documented.body)).not.toThrow();
      expect(operation.response === undefined).toBe(documented.body === undefined);
    });

    it('is sent and understood by the client', async () => {
      const { sent, said } = await through(example);
      expect(sent).toEqual(request);
      if (!isRefusal) {
        expect(said).toMatchObject({
          kind: 'success',
          status: documented.status,
          body: documented.body ?? null,
        });
      } else if (said instanceof Error) {
        // A read that is not allowed ends the command.
        expect(said).toMatchObject({ code: 'sign-in-failed' });
      } else {
        const { error } = z
          .object({ error: z.object({ code: z.string(), message: z.string() }) })
          .parse(documented.body);
        expect(said).toMatchObject(
          documented.status === 429
            ? { kind: 'throttled', retryAfterSeconds: Number(documented.headers['retry-after']) }
            : { kind: 'refused', status: documented.status, code: error.code, message: error.message },
        );
      }
    });

    it('is answered so by the emulator', async () => {
      const rehearsal = new Rehearsal({
        devices: seed.map(({ serialNumber, ...more }) => seedToken(serialNumber, more)),
        ...(settings === undefined ? {} : { settings }),
      });
      const told = await rehearsal.send(request.method, request.path, request.body);
      expect(told.status).toBe(documented.status);
      if (documented.body === undefined) expect(told.text).toBe('');
      else expect(formOf(told.json)).toMatchObject(objectSchema.parse(formOf(documented.body)));
      if (!isRefusal) expect(() => operation.response?.parse(told.json)).not.toThrow();
      for (const name of Object.keys(documented.headers)) expect(told.headers).toHaveProperty(name);
    });
  });
}
