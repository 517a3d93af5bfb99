// One entry of a JSON file → a raw token: entries as Microsoft Graph takes them, and those of Aegis
// (formats.md, sections 2 and 12).

import { z } from 'zod';
import type { RawToken } from '../raw-token.js';
import type { Invalidity } from '../row.js';

const text = z.union([z.string(), z.number()]).nullish();

const graphEntry = z.looseObject({
  serialNumber: text,
  secretKey: z.string().nullish(),
  timeIntervalInSeconds: text,
  hashFunction: z.string().nullish(),
  manufacturer: z.string().nullish(),
  model: z.string().nullish(),
  assignTo: z
    .union([z.string(), z.looseObject({ id: z.string().nullish(), userPrincipalName: z.string().nullish() })])
    .nullish(),
});

/** A number has lost its leading zeros, and a long one its last digits as well. */
const SERIAL_IS_A_NUMBER: Invalidity = {
  reason: 'serial-damaged',
  detail:
    'the serial number is a number and not a text, so that leading zeros are lost; put it in quotes as the vendor has it',
};

const NOT_AN_ENTRY: RawToken = {
  serialNumber: '',
  secretKey: '',
  trouble: {
    reason: 'entry-unreadable',
    detail: 'the entry is no token: its properties have other types than they should',
  },
};

/** An entry as Graph takes it, in a bulk request or alone. */
export function graphToken(value: unknown): RawToken {
  const parsed = graphEntry.safeParse(value);
  if (!parsed.success) return NOT_AN_ENTRY;
  const entry = parsed.data;
  const { assignTo } = entry;
  const user = typeof assignTo === 'string' ? assignTo : (assignTo?.id ?? assignTo?.userPrincipalName);
  return {
    serialNumber: textOf(entry.serialNumber),
    secretKey: entry.secretKey ?? '',
    timeInterval: textOf(entry.timeIntervalInSeconds),
    hashFunction: entry.hashFunction ?? '',
    manufacturer: entry.manufacturer ?? '',
    model: entry.model ?? '',
    user: user ?? '',
    ...(typeof entry.serialNumber === 'number' ? { trouble: SERIAL_IS_A_NUMBER } : {}),
  };
}

const aegisEntry = z.looseObject({
  type: z.string(),
  name: z.string().nullish(),
  issuer: z.string().nullish(),
  info: z.looseObject({ secret: z.string(), algo: z.string().nullish(), digits: text, period: text }),
});

/** A token whose serial number stands elsewhere, and the names under which it may stand there. */
export interface NamedToken {
  readonly raw: RawToken;
  readonly names: readonly string[];
}

export function aegisToken(value: unknown): NamedToken {
  const parsed = aegisEntry.safeParse(value);
  if (!parsed.success) return { raw: NOT_AN_ENTRY, names: [] };
  const { type, name, issuer, info } = parsed.data;
  return {
    raw: {
      serialNumber: '',
      secretKey: info.secret,
      kind: type,
      hashFunction: info.algo ?? '',
      digits: textOf(info.digits),
      timeInterval: textOf(info.period),
    },
    names: namesOf(issuer ?? '', name ?? ''),
  };
}

/** `Issuer:account`, and the account alone. */
export function namesOf(issuer: string, account: string): readonly string[] {
  return issuer === '' ? [account] : [`${issuer}:${account}`, account];
}

function textOf(value: string | number | null | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}
