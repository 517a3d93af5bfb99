// What the answer to a chunk says of single tokens that failed, matched to their rows. Pure. How it does that is
// documented for no operation on tokens: this reads OData's annotation, which other Graph APIs use, and the forms
// near it (graph-api.md, section 3.1.3). It is a hint and no proof: the list decides what is there.

import { z } from 'zod';
import { serialKey } from '../lookup-key.js';
import { contentId } from './chunk.js';

const info = z.looseObject({ code: z.string().nullish(), message: z.string().nullish() });

const itemSchema = z.looseObject({
  '@contentId': z.union([z.string(), z.number()]).transform(String).nullish(),
  serialNumber: z.string().nullish(),
  '@Core.DataModificationException': z
    .looseObject({ responseCode: z.number().nullish(), info: info.nullish() })
    .nullish(),
  error: info.nullish(),
});

const answerSchema = z.looseObject({ value: z.array(z.unknown()) });

/**
 * The rows that an answer names as failed, by their position in the chunk, with what it says of each.
 *
 * An item is matched by its `@contentId`, by its serial number, or by its place, when there are as many items as rows.
 *
 * @param body - the body of a success; anything that is not of a known form names nobody.
 * @example
 * failuresIn({ value: [{ '@contentId': '1', '@Core.DataModificationException': { responseCode: 409 } }] }, ['S1']);
 * // Map { 0 => 'HTTP 409' }
 */
export function failuresIn(body: unknown, serialNumbers: readonly string[]): ReadonlyMap<number, string> {
  const answer = answerSchema.safeParse(body);
  const items = answer.success ? answer.data.value : [];
  const byId = new Map(serialNumbers.map((_, index) => [contentId(index), index]));
  const bySerial = new Map(serialNumbers.map((serialNumber, index) => [serialKey(serialNumber), index]));
  const hasPlaces = items.length === serialNumbers.length;
  const failures = new Map<number, string>();
  for (const [place, raw] of items.entries()) {
    const item = itemSchema.safeParse(raw);
    if (!item.success) continue;
    const said = saidOf(item.data);
    if (said === undefined) continue;
    const { '@contentId': id, serialNumber } = item.data;
    const index =
      byId.get(id ?? '') ??
      (serialNumber === null || serialNumber === undefined
        ? undefined
        : bySerial.get(serialKey(serialNumber))) ??
      (hasPlaces ? place : undefined);
    if (index !== undefined) failures.set(index, said);
  }
  return failures;
}

/** What an item says of its failure, as `HTTP 409 conflict: …`; `undefined` when it speaks of none. */
function saidOf(item: z.infer<typeof itemSchema>): string | undefined {
  const exception = item['@Core.DataModificationException'];
  const error = exception?.info ?? item.error;
  if (exception === null || exception === undefined) {
    if (error === null || error === undefined) return undefined;
  }
  const status = exception?.responseCode ?? undefined;
  const head = ['failed in a chunk:', status === undefined ? '' : `HTTP ${status}`, error?.code ?? '']
    .filter((part) => part !== '')
    .join(' ');
  const message = error?.message ?? '';
  return message === '' ? head : `${head}: ${message}`;
}
