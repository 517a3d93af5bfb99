// Joins what the manifests say of tokens with what the assignments say of their holders. Pure. Whatever
// contradicts itself becomes an invalid row: nobody gets a token because the program chose between two lines.

import type { Rows } from '../compact/rows.js';
import { invariant } from '../errors.js';
import { userKey } from '../lookup-key.js';
import { formatAddress, formatAddresses } from './address.js';
import { isInvalidRow } from './formats/table-format.js';
import { JoinedRows } from './joined-rows.js';
import { PlainJoin } from './plain-join.js';
import type {
  AssignmentRow,
  DesiredRow,
  DesiredRows,
  Invalidity,
  InvalidRow,
  LeaverRow,
  RowAddress,
  RowWish,
  TokenRow,
  Warning,
} from './row.js';
import { SerialIndex } from './serial-index.js';
import { WarningList } from './warnings.js';

export interface Joined {
  readonly rows: DesiredRows;
  /** Assignment lines that another row represents. */
  readonly joinedAssignments: number;
  readonly warnings: readonly Warning[];
}

type Tokens = Rows<TokenRow | InvalidRow>;
type Assignments = Rows<AssignmentRow | InvalidRow>;

/**
 * The rows of the job: the manifests' rows in reading order, then the assignment rows whose serial number stands
 * in no manifest and those that were refused, in reading order, then the leavers.
 *
 * Every row that was read is one row of the answer, apart from assignment lines that were joined into one.
 *
 * @example
 * join([tokenRow], [{ address, serialNumber: '1234567', user: 'helga@contoso.com' }]).rows.at(0)?.user;
 */
export function join(
  tokens: Tokens,
  assignments: Assignments,
  leavers: readonly (LeaverRow | InvalidRow)[] = [],
): Joined {
  const tokensBySerial = new SerialIndex(tokens);
  const assignmentsBySerial = new SerialIndex(assignments);
  const warnings = new WarningList();
  const rows = new JoinedRows(tokens, assignments);
  const plainly = new PlainJoin({ tokens, tokensBySerial, assignments, assignmentsBySerial });

  for (let place = 0; place < tokens.length; place += 1) {
    const plain = plainly.partner(place);
    if (plain !== undefined) {
      rows.addPlain(plain.line);
      continue;
    }
    const token = tokens.at(place);
    if (token === undefined) continue;
    const { serialNumber } = token;
    const lines = serialNumber === undefined ? [] : assignmentsBySerial.positions(serialNumber);
    const [line] = lines;
    const same = serialNumber === undefined ? [] : tokensBySerial.positions(serialNumber);
    const claim = line === undefined ? undefined : assignments.at(line);
    if (!isInvalidRow(token) && same.length === 1 && isPlain(token, lines, claim)) rows.addPlain(line);
    else {
      const claims = claimsOn(lines, assignments);
      warnAboutClaims(claims, serialNumber, warnings);
      const others = same.filter((position) => position !== place).map((position) => tokens.at(position));
      rows.add(
        desiredFromToken(
          rows.length,
          token,
          others.flatMap((row) => row ?? []),
          claims,
        ),
      );
    }
  }

  let joinedAssignments = 0;
  for (let line = 0; line < assignments.length; line += 1) {
    if (plainly.isOfToken(line)) {
      joinedAssignments += 1;
      continue;
    }
    const assignment = assignments.at(line);
    if (assignment === undefined) continue;
    if (isInvalidRow(assignment)) {
      rows.add(desiredFromRefused(rows.length, assignment));
      continue;
    }
    if (tokensBySerial.positions(assignment.serialNumber).length > 0) {
      joinedAssignments += 1;
      continue;
    }
    const lines = assignmentsBySerial.positions(assignment.serialNumber);
    if (lines.length === 1 && assignment.wish === undefined) {
      rows.addPlain(line);
      continue;
    }
    const claims = claimsOn(lines, assignments);
    const isFirst = claims.firstGood === line;
    if (claims.users.size === 1 && !isFirst) {
      joinedAssignments += 1;
      continue;
    }
    if (isFirst) warnAboutClaims(claims, assignment.serialNumber, warnings);
    rows.add(desiredFromAssignment(rows.length, assignment, claims));
  }

  for (const leaver of leavers) {
    rows.add(
      isInvalidRow(leaver)
        ? desiredFromRefused(rows.length, leaver)
        : { n: rows.length, serialNumber: '', ...leaver, action: 'leave' },
    );
  }

  tokensBySerial.release();
  assignmentsBySerial.release();
  invariant(
    rows.length + joinedAssignments === tokens.length + assignments.length + leavers.length,
    'the join lost or doubled a row',
  );
  return { rows, joinedAssignments, warnings: warnings.list() };
}

/** Whether there is nothing to be said of a token but who gets it: no wish, no second line, no contradiction. */
function isPlain(
  token: TokenRow,
  lines: readonly number[],
  claim: AssignmentRow | InvalidRow | undefined,
): boolean {
  if (claim === undefined) return true;
  return (
    lines.length === 1 &&
    !isInvalidRow(claim) &&
    claim.wish === undefined &&
    claim.serialNumber === token.serialNumber &&
    contradiction(token, claim) === undefined
  );
}

/** What the assignments say of one serial number. */
interface Claims {
  readonly good: readonly AssignmentRow[];
  /** Where the first of the good ones stands; -1 when there is none. */
  readonly firstGood: number;
  readonly refused: readonly InvalidRow[];
  /** The users of the good ones, letter case aside. */
  readonly users: ReadonlySet<string>;
}

function claimsOn(lines: readonly number[], assignments: Assignments): Claims {
  const good: AssignmentRow[] = [];
  const refused: InvalidRow[] = [];
  let firstGood = -1;
  for (const line of lines) {
    const row = assignments.at(line);
    if (row === undefined) continue;
    if (isInvalidRow(row)) refused.push(row);
    else {
      if (firstGood < 0) firstGood = line;
      good.push(row);
    }
  }
  return { good, firstGood, refused, users: new Set(good.map((row) => userKey(row.user ?? ''))) };
}

/**
 * What the lines ask for beyond a user, each thing as the first line says it that says it at all: a list of codes may
 * repeat an assignment that has a group.
 */
function wishOf({ good }: Claims): RowWish {
  if (good.length === 1) return good[0]?.wish ?? {};
  let wish: RowWish = {};
  for (const row of good.toReversed()) wish = { ...wish, ...row.wish };
  return wish;
}

function desiredFromToken(
  n: number,
  token: TokenRow | InvalidRow,
  others: readonly (TokenRow | InvalidRow)[],
  claims: Claims,
): DesiredRow {
  const claim = claims.good.find((row) => row.serialNumber === token.serialNumber) ?? claims.good[0];
  const user = claim?.user ?? token.user;
  const invalid =
    (isInvalidRow(token) ? { reason: token.reason, detail: token.detail } : undefined) ??
    duplicateToken(token, others) ??
    unusableClaims(claims) ??
    contradiction(token, claim);
  return {
    n,
    address: token.address,
    serialNumber: token.serialNumber ?? '',
    ...(user === undefined ? {} : { user }),
    ...(claim === undefined ? {} : { userAddress: claim.address }),
    ...(invalid === undefined && !isInvalidRow(token) ? { token: token.token } : {}),
    ...wishOf(claims),
    ...(invalid === undefined ? {} : { invalid }),
  };
}

function desiredFromAssignment(n: number, assignment: AssignmentRow, claims: Claims): DesiredRow {
  const invalid = unusableClaims(claims);
  const { address, serialNumber, user } = assignment;
  return {
    ...{ n, address, serialNumber },
    ...(user === undefined ? {} : { user }),
    ...wishOf(claims),
    ...(invalid === undefined ? {} : { invalid }),
  };
}

function desiredFromRefused(n: number, row: InvalidRow): DesiredRow {
  return {
    n,
    address: row.address,
    serialNumber: row.serialNumber ?? '',
    ...(row.user === undefined ? {} : { user: row.user }),
    invalid: { reason: row.reason, detail: row.detail },
  };
}

function duplicateToken(
  token: TokenRow | InvalidRow,
  others: readonly (TokenRow | InvalidRow)[],
): Invalidity | undefined {
  if (token.serialNumber === undefined || others.length === 0) return undefined;
  const sameText = others.every((row) => row.serialNumber === token.serialNumber);
  return {
    reason: 'serial-duplicate',
    detail: `the serial number stands also at ${places(others)}${sameText ? '' : ', apart from letter case'}`,
  };
}

function unusableClaims(claims: Claims): Invalidity | undefined {
  if (claims.refused.length > 0) {
    return {
      reason: 'user-malformed',
      detail: `who shall hold the token cannot be read from its assignment at ${places(claims.refused)}`,
    };
  }
  if (claims.users.size > 1) {
    return {
      reason: 'serial-duplicate',
      detail: `the token is assigned to ${claims.users.size} different users at ${places(claims.good)}`,
    };
  }
  if (new Set(claims.good.map(({ wish }) => wish?.action ?? 'assign')).size > 1) {
    return {
      reason: 'action-contradiction',
      detail: `different actions are asked for at ${places(claims.good)}`,
    };
  }
  return undefined;
}

/** A user principal name and an object id cannot be compared without the tenant: they count as different. */
function contradiction(
  token: TokenRow | InvalidRow,
  claim: AssignmentRow | undefined,
): Invalidity | undefined {
  if (claim?.user === undefined || token.user === undefined) return undefined;
  if (userKey(token.user) === userKey(claim.user)) return undefined;
  return {
    reason: 'user-contradiction',
    detail: `${formatAddress(token.address)} names another user than ${formatAddress(claim.address)}`,
  };
}

function warnAboutClaims(claims: Claims, serialNumber: string | undefined, warnings: WarningList): void {
  const [first, ...others] = claims.good;
  if (first === undefined) return;
  if (!claims.good.some((row) => row.serialNumber === serialNumber)) {
    warnings.add('letter-case', {
      ...first.address,
      message: `serial number '${first.serialNumber}' is taken for '${serialNumber ?? ''}', which differs in letter case`,
    });
  }
  if (others.length > 0 && claims.users.size === 1) {
    warnings.add('assigned-twice', {
      ...first.address,
      message: `serial number '${first.serialNumber}' is assigned to the same user again at ${places(others)}`,
    });
  }
}

function places(rows: readonly { readonly address: RowAddress }[]): string {
  return formatAddresses(rows.map((row) => row.address));
}
