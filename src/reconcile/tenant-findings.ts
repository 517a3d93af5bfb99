// Findings that need more than a row and its token: what no row asks for, how many tokens a user holds, and how
// long a token has waited. Holders are holder-findings.ts's. Pure.

import { NamedTokens } from '../compact/named-tokens.js';
import { legacyIds } from '../legacy-ids.js';
import type { Device } from '../tenant/observed.js';
import { at, type FindingInput, type Placed, placed } from './finding-input.js';
import { rowFindings } from './findings.js';
import { heldCounts } from './held-counts.js';
import { namedHolder, otherHolders } from './holder-findings.js';
import type { Finding } from './verdict.js';

/** A user may hold five OATH tokens: https://learn.microsoft.com/entra/identity/authentication/concept-authentication-oath-tokens */
export const TOKENS_PER_USER_MAX = 5;

const found = (): Finding[] => [];

const NONE: readonly Finding[] = [];

/** All of them, kind by kind. */
export function tenantFindings(input: FindingInput): readonly Finding[] {
  return gathered(input, false);
}

/** The findings about the rows, and behind them all of these, from one pass through the rows. */
export function allFindings(input: FindingInput): readonly Finding[] {
  return gathered(input, true);
}

function gathered(input: FindingInput, withRows: boolean): readonly Finding[] {
  const ofRows = { own: found(), older: found(), inStock: found(), holders: found(), waiting: found() };
  for (const one of placed(input, nothingToFind(input))) {
    if (withRows) ofRows.own.push(...rowFindings(one.row, one.found));
    ofRows.older.push(...legacyDuplicate(one, input));
    ofRows.inStock.push(...heldThoughInStock(one));
    ofRows.holders.push(...namedHolder(one));
    ofRows.waiting.push(...notActivated(one, input));
  }
  return [
    ...ofRows.own,
    ...ofRows.older,
    ...ofRows.inStock,
    ...(input.unlisted ? unlisted(new NamedTokens(input.rows, input.devices)) : []),
    ...ofRows.holders,
    ...otherHolders(input),
    ...tooManyTokens(input),
    ...ofRows.waiting,
  ];
}

/** Tells the rows that none of these findings is about. */
function nothingToFind({ ordinary, methods, waiting }: FindingInput): (n: number) => boolean {
  // A user's own list may show an older registration of a token.
  if (ordinary === undefined || methods.size > 0) return () => false;
  return (n) => {
    const row = ordinary.at(n);
    return row !== undefined && (waiting === undefined || row.verdict === 'activated');
  };
}

/** A token of the older CSV upload stands among a user's methods and not in the inventory (graph-api.md, section 10.4). */
function legacyDuplicate(
  { row, userId, found: inventory }: Placed,
  { methods }: FindingInput,
): readonly Finding[] {
  const own = methods.get(userId);
  if (own === undefined) return NONE;
  return legacyIds(row.serialNumber, own, inventory).map((deviceId) => ({
    kind: 'legacy-duplicate' as const,
    serialNumber: row.serialNumber,
    deviceId,
    userId,
    file: row.address.file,
    line: row.address.line,
    detail:
      'The user has a second registration of this token, from an older upload; the inventory does not show it.',
    next: "Delete that registration from the user's methods by its id, or let a migration do it (waves.legacy: remove).",
  }));
}

/**
 * What an expected list that is meant to be complete does not name, or gives to nobody.
 *
 * @param passedOver - rows that are as they should be.
 */
export function unlistedFindings(
  input: Pick<FindingInput, 'rows' | 'devices' | 'users'>,
  named: NamedTokens<Device>,
  passedOver?: (n: number) => boolean,
): readonly Finding[] {
  const findings = found();
  for (const one of placed(input, passedOver)) findings.push(...heldThoughInStock(one));
  return [...findings, ...unlisted(named)];
}

function heldThoughInStock({ row, device }: Placed): readonly Finding[] {
  if (row.user !== undefined || device?.assignedToId === undefined) return NONE;
  return [
    {
      ...at(row, device),
      kind: 'unlisted-assignment',
      userId: device.assignedToId,
      detail: `The files give this token to nobody, and a user holds it (${device.assignedToId}).`,
      next: 'Add the holder to the assignments, or take the token back from that user.',
    },
  ];
}

function unlisted(named: NamedTokens<Device>): readonly Finding[] {
  return Array.from(named.others(), unlistedToken);
}

function unlistedToken({ id: deviceId, serialNumber, assignedToId }: Device): Finding {
  if (assignedToId === undefined) {
    return {
      kind: 'unlisted-token',
      serialNumber,
      deviceId,
      detail: 'The tenant holds this token, and no file names it.',
      next: 'Add it to a manifest, or delete it from the inventory if it is not yours.',
    };
  }
  return {
    kind: 'unlisted-assignment',
    serialNumber,
    deviceId,
    userId: assignedToId,
    detail: `A user holds this token (${assignedToId}), and no file names it.`,
    next: 'Add it to the assignments, or take it back from that user.',
  };
}

/** Holders that the rows name; with a complete list, all holders. */
function tooManyTokens(input: FindingInput): readonly Finding[] {
  const crowded = new Set(heldCounts(input.devices).over(TOKENS_PER_USER_MAX));
  if (crowded.size === 0) return [];
  const named = new Set<string>();
  if (!input.unlisted) for (const { userId } of placed(input)) if (crowded.has(userId)) named.add(userId);
  const meant = input.unlisted ? crowded : named;
  // Only of those who hold too many are the tokens gathered.
  const held = new Map<string, Device[]>();
  for (const device of tokensIn(input)) {
    const { assignedToId } = device;
    if (assignedToId === undefined || !meant.has(assignedToId)) continue;
    const known = held.get(assignedToId);
    if (known === undefined) held.set(assignedToId, [device]);
    else known.push(device);
  }
  return [...held].map(
    ([userId, devices]): Finding => ({
      kind: 'too-many-tokens',
      serialNumber: devices.map(({ serialNumber }) => serialNumber).join(' '),
      deviceId: devices.map(({ id }) => id).join(' '),
      userId,
      detail: `One user (${userId}) holds ${devices.length} hardware tokens; ${TOKENS_PER_USER_MAX} is the most that Entra allows.`,
      next: 'Take back those that the person no longer has.',
    }),
  );
}

function* tokensIn({ devices }: Pick<FindingInput, 'devices'>): Generator<Device, void> {
  for (const tokens of devices.values()) yield* tokens;
}

function notActivated({ row, userId, device }: Placed, { waiting }: FindingInput): readonly Finding[] {
  if (waiting === undefined || device === undefined || userId === '') return NONE;
  if (device.assignedToId !== userId || device.status === 'activated') return [];
  const since = waiting.since.get(row.serialNumber);
  if (since === undefined || since > waiting.tooLongAgo) return [];
  return [
    {
      ...at(row, device),
      kind: 'not-activated',
      userId,
      detail: `The token has been assigned since ${since.slice(0, 10)}, and its holder has not activated it.`,
      next: 'Remind the holder (https://aka.ms/mysecurityinfo), or take the token back.',
    },
  ];
}
