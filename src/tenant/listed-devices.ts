// Tokens of a page in its bytes, as almost every answer has them: id, holder and serial number go into the columns as
// they stand there. What is anything else is told by JSON.parse (graph/device.ts).

import type { Make } from '../compact/make-column.js';
import { UUID_LENGTH } from '../compact/uuid.js';
import type { ListedPage } from '../graph/listed-page.js';
import { isOwnSerialKey } from '../lookup-key.js';

const FIELDS = {
  id: 0,
  serialNumber: 1,
  manufacturer: 2,
  model: 3,
  timeIntervalInSeconds: 4,
  hashFunction: 5,
  status: 6,
  assignedTo: 7,
  'assignedTo.id': 8,
  lastUsedDateTime: 9,
  // A token within a method (graph-api.md, section 2.2) is for JSON.parse.
  device: 10,
} as const;

/** The members of a token that are wanted. */
export const DEVICE_FIELDS: readonly string[] = Object.keys(FIELDS);

/** Where there is no holder. */
export const NOBODY = -1;

/** A token in the bytes of its page. */
export interface PlainDevice {
  readonly bytes: Buffer;
  /** Of 36 bytes. */
  readonly idStart: number;
  /** Of 36 bytes; {@link NOBODY} when nobody holds it. */
  readonly holderStart: number;
  /** A serial number that is its own `serialKey`. */
  readonly serialStart: number;
  readonly serialEnd: number;
  readonly make: Make;
  readonly status: string;
  /** Empty when it is not said. */
  readonly lastUsedDateTime: string;
}

/** A token of a page; `undefined` when it is for JSON.parse. */
export function plainDevice(page: ListedPage, n: number): PlainDevice | undefined {
  const idStart = textOf(page, n, FIELDS.id, UUID_LENGTH);
  const holderStart = holderOf(page, n);
  const serialStart = page.startOf(n, FIELDS.serialNumber);
  const serialEnd = page.endOf(n, FIELDS.serialNumber);
  const lastUsedDateTime = lastUseOf(page, n);
  const isPlain =
    idStart !== NOBODY &&
    holderStart !== undefined &&
    isOwnSerialKey(page.bytes, serialStart, serialEnd) &&
    page.kind(n, FIELDS.serialNumber) === 'text' &&
    page.kind(n, FIELDS.manufacturer) === 'text' &&
    page.kind(n, FIELDS.model) === 'text' &&
    page.kind(n, FIELDS.timeIntervalInSeconds) === 'number' &&
    page.kind(n, FIELDS.hashFunction) === 'text' &&
    page.kind(n, FIELDS.status) === 'text' &&
    lastUsedDateTime !== undefined &&
    page.kind(n, FIELDS.device) === 'none';
  if (!isPlain) return undefined;
  const make = {
    timeIntervalInSeconds: Number(page.recurring(n, FIELDS.timeIntervalInSeconds)),
    hashFunction: page.recurring(n, FIELDS.hashFunction).toLowerCase(),
    manufacturer: page.recurring(n, FIELDS.manufacturer),
    model: page.recurring(n, FIELDS.model),
  };
  const status = page.recurring(n, FIELDS.status);
  return { bytes: page.bytes, idStart, holderStart, serialStart, serialEnd, make, status, lastUsedDateTime };
}

/** Where a text of so many bytes begins. */
function textOf(page: ListedPage, n: number, field: number, length: number): number {
  const start = page.startOf(n, field);
  return page.kind(n, field) === 'text' && page.endOf(n, field) === start + length ? start : NOBODY;
}

function holderOf(page: ListedPage, n: number): number | undefined {
  const kind = page.kind(n, FIELDS.assignedTo);
  if (kind === 'null') return NOBODY;
  const start = kind === 'other' ? textOf(page, n, FIELDS['assignedTo.id'], UUID_LENGTH) : NOBODY;
  return start === NOBODY ? undefined : start;
}

function lastUseOf(page: ListedPage, n: number): string | undefined {
  const kind = page.kind(n, FIELDS.lastUsedDateTime);
  if (kind === 'none' || kind === 'null') return '';
  return kind === 'text' ? page.text(n, FIELDS.lastUsedDateTime) : undefined;
}
