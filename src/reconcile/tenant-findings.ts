// Findings that need more than a row and its token: what no row asks for, how many tokens a user holds, and how
// long a token has waited. Holders are holder-findings.ts's. Pure.

import { serialKey } from '../lookup-key.js';
import type { Device } from '../tenant/observed.js';
import { at, type FindingInput, type Placed, placed } from './finding-input.js';
import { holderFindings } from './holder-findings.js';
import type { Finding } from './verdict.js';

/** A user may hold five OATH tokens: https://learn.microsoft.com/entra/identity/authentication/concept-authentication-oath-tokens */
export const TOKENS_PER_USER_MAX = 5;

/** All of them, kind by kind. */
export function tenantFindings(input: FindingInput): readonly Finding[] {
  const rows = placed(input);
  return [
    ...rows.flatMap((one) => legacyDuplicate(one, input)),
    ...rows.flatMap(heldThoughInStock),
    ...(input.unlisted ? unlisted(input) : []),
    ...holderFindings(rows, input),
    ...tooManyTokens(rows, input),
    ...rows.flatMap((one) => notActivated(one, input)),
  ];
}

/** A token of the older CSV upload stands among a user's methods and not in the inventory (graph-api.md, section 10.4). */
function legacyDuplicate({ row, userId }: Placed, { methods, devices }: FindingInput): readonly Finding[] {
  const key = serialKey(row.serialNumber);
  const inventory = new Set((devices.get(key) ?? []).map(({ id }) => id));
  return (methods.get(userId) ?? [])
    .filter(
      ({ deviceId, device }) => serialKey(device?.serialNumber ?? '') === key && !inventory.has(deviceId),
    )
    .map(({ deviceId }) => ({
      kind: 'legacy-duplicate' as const,
      serialNumber: row.serialNumber,
      deviceId,
      userId,
      file: row.address.file,
      line: row.address.line,
      detail:
        'The user has a second registration of this token, from an older upload; the inventory does not show it.',
      next: "Delete that registration from the user's methods by its id; the other one stays.",
    }));
}

/** What an expected list that is meant to be complete does not name, or gives to nobody. */
export function unlistedFindings(
  input: Pick<FindingInput, 'rows' | 'devices' | 'users'>,
): readonly Finding[] {
  return [...placed(input).flatMap(heldThoughInStock), ...unlisted(input)];
}

function heldThoughInStock({ row, device }: Placed): readonly Finding[] {
  if (row.user !== undefined || device?.assignedToId === undefined) return [];
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

function unlisted({ rows, devices }: Pick<FindingInput, 'rows' | 'devices'>): readonly Finding[] {
  const listed = new Set(rows.map((row) => serialKey(row.serialNumber)));
  return [...devices].flatMap(([key, found]) =>
    listed.has(key)
      ? []
      : found.map((device): Finding => {
          const { id: deviceId, serialNumber, assignedToId } = device;
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
        }),
  );
}

/** Holders that the rows name; with a complete list, all holders. */
function tooManyTokens(rows: readonly Placed[], input: FindingInput): readonly Finding[] {
  const named = new Set(rows.map(({ userId }) => userId));
  const held = new Map<string, Device[]>();
  for (const device of [...input.devices.values()].flat()) {
    const { assignedToId } = device;
    if (assignedToId === undefined || !(input.unlisted || named.has(assignedToId))) continue;
    held.set(assignedToId, [...(held.get(assignedToId) ?? []), device]);
  }
  return [...held].flatMap(([userId, devices]): readonly Finding[] =>
    devices.length <= TOKENS_PER_USER_MAX
      ? []
      : [
          {
            kind: 'too-many-tokens',
            serialNumber: devices.map(({ serialNumber }) => serialNumber).join(' '),
            deviceId: devices.map(({ id }) => id).join(' '),
            userId,
            detail: `One user (${userId}) holds ${devices.length} hardware tokens; ${TOKENS_PER_USER_MAX} is the most that Entra allows.`,
            next: 'Take back those that the person no longer has.',
          },
        ],
  );
}

function notActivated({ row, userId, device }: Placed, { waiting }: FindingInput): readonly Finding[] {
  if (waiting === undefined || device === undefined || userId === '') return [];
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
