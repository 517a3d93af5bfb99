// The vocabulary of the manifest stage: what a row of a vendor's file says, once it has been checked.

import type { Make } from '../compact/make-column.js';
import type { PlainLines } from '../compact/plain-lines.js';
import type { Rows } from '../compact/rows.js';
import type { TextIndex } from '../compact/text-index.js';
import type { Secret } from '../secret.js';

/** Where a row stands: the file as the operator named it, and the line on which the record starts (1-based). */
export interface RowAddress {
  readonly file: string;
  readonly line: number;
}

/** The hash functions that Microsoft Graph takes (graph-api.md, section 2.1). */
export type HashFunction = 'hmacsha1' | 'hmacsha256';

/** The time steps that Microsoft Graph takes, in seconds (graph-api.md, section 2.1). */
export type TimeInterval = 30 | 60;

/**
 * Who activates a token: its holder (`user`), or this program, with a code that it computes from the secret
 * (`computed`) or that the holder has read out (`codes`).
 */
export type Activation = 'user' | 'computed' | 'codes';

/** What is needed to create a token in the tenant. */
export interface TokenDetails {
  readonly secretKey: Secret;
  readonly timeIntervalInSeconds: TimeInterval;
  readonly hashFunction: HashFunction;
  readonly manufacturer: string;
  readonly model: string;
}

/** Why a row was refused before anything was sent. */
export type InvalidReason =
  | 'serial-missing'
  | 'serial-damaged'
  | 'serial-duplicate'
  | 'secret-missing'
  | 'secret-not-base32'
  | 'secret-malformed'
  | 'secret-length'
  | 'interval-missing'
  | 'interval-unsupported'
  | 'hash-missing'
  | 'hash-unsupported'
  | 'digits-unsupported'
  | 'not-time-based'
  | 'job-contradiction'
  | 'manufacturer-missing'
  | 'model-missing'
  | 'user-missing'
  | 'user-malformed'
  | 'user-contradiction'
  | 'cell-count'
  | 'entry-unreadable'
  | 'stock-empty'
  | 'secret-locked'
  | 'action-unknown'
  | 'action-contradiction'
  | 'replaced-missing'
  | 'activation-unknown'
  | 'code-malformed';

/** A reason with the sentence that explains it. The sentence never holds a secret. */
export interface Invalidity {
  readonly reason: InvalidReason;
  readonly detail: string;
}

/** A row of a manifest: a token, and perhaps its holder. */
export interface TokenRow {
  readonly address: RowAddress;
  readonly serialNumber: string;
  /** User principal name or object id, as it stands in the file. */
  readonly user?: string;
  readonly token: TokenDetails;
}

/** A row of a list of users who shall get a token, whichever it is. */
export interface RequestRow {
  readonly address: RowAddress;
  /** User principal name or object id, as it stands in the file. */
  readonly user: string;
  /** The model that it shall be; any when left out. */
  readonly model?: string;
}

/** A row of an assignments list: a serial number and who shall hold it. */
export interface AssignmentRow {
  readonly address: RowAddress;
  readonly serialNumber: string;
  /** User principal name or object id, as it stands in the file; absent where the row needs none. */
  readonly user?: string;
  readonly wish?: RowWish;
}

/**
 * What a row asks for when it is not to bring a token to its holder.
 *
 * - `unassign`: the token is taken back and stays in the inventory.
 * - `replace`: the user gets this token in place of another one.
 * - `delete`: the token leaves the inventory.
 * - `recreate`: the token is deleted and created again, because its secret was wrong.
 * - `leave`: a user leaves, and all of that user's tokens are taken back.
 */
export type RowAction = 'unassign' | 'replace' | 'delete' | 'recreate' | 'leave';

/** What a line asks for beside a token and its holder. */
export interface RowWish {
  readonly action?: RowAction;
  /** The serial number of the token in whose place this one comes. */
  readonly replaces?: string;
  /** In place of what the job says. */
  readonly activation?: Activation;
  /** The code that the holder read out: secret while it is valid. */
  readonly code?: Secret;
  /** The part of a migration that the row belongs to. */
  readonly group?: string;
}

/** A row of a list of leavers. */
export interface LeaverRow {
  readonly address: RowAddress;
  /** User principal name or object id, as it stands in the file. */
  readonly user: string;
}

/** A row that was refused. Whatever could be read of it is kept, so that a person can find it. */
export interface InvalidRow extends Invalidity {
  readonly address: RowAddress;
  readonly serialNumber?: string;
  readonly user?: string;
}

/**
 * One row of the job: a manifest row joined with its assignment, or an assignment whose serial number
 * stands in no manifest, or a row that was refused. Every line that was read is one of these, once.
 */
export interface DesiredRow {
  /** Position in the order of reading, from 0. */
  readonly n: number;
  readonly address: RowAddress;
  /** Empty when the row was refused for the want of it. */
  readonly serialNumber: string;
  /** User principal name or object id of the holder to be; absent when the token goes to stock. */
  readonly user?: string;
  /** Where the holder comes from, when that is another file. */
  readonly userAddress?: RowAddress;
  readonly token?: TokenDetails;
  /** Absent: the token is to be in the inventory, and with its user when there is one. */
  readonly action?: RowAction;
  /** The serial number of the token in whose place this one comes. */
  readonly replaces?: string;
  /** In place of what the job says. */
  readonly activation?: Activation;
  /** The code that the holder read out: secret while it is valid. */
  readonly code?: Secret;
  /** The part of a migration that the row belongs to. */
  readonly group?: string;
  readonly invalid?: Invalidity;
}

/** Rows of a job, of which parts may be had without making the rows. */
export type DesiredRows = Rows<DesiredRow> & { readonly parts?: RowParts };

/** Parts of rows by their positions. */
export interface RowParts {
  /** Whether nothing is to be said of a row but its token and its holder. */
  isPlain(n: number): boolean;
  /** Where a row stands, and what it names. */
  placeAt(n: number): RowPlace | undefined;
  /** The serial number of a row, where it can be had. */
  serialNumberAt(n: number): string | undefined;
  /** Where the key of a plain row's user stands in this index; −1 where it does not. */
  nameIn(names: TextIndex, n: number): number;
  /** The make and the key of a row's token, where they can be had; `none` for a row that cannot have a token. */
  makeAt(n: number): Make | 'none' | undefined;
  secretAt(n: number): Secret | 'none' | undefined;
  /** Where a plain row stands, when it can be written. */
  addressAt(n: number): RowAddress | undefined;
  /** Adds a part of such a row to a line. */
  write(part: RowPart, n: number, to: PlainLines): void;
}

export type RowPart = 'serialNumber' | 'user';

export type RowPlace = Pick<DesiredRow, 'address' | 'serialNumber' | 'user'>;

/** An input file as it was read, for the plan, the ledger and the evidence. */
export interface InputFile {
  /** A known manifest was processed before: it only says what the tokens are that assignments name now. */
  readonly role: 'manifest' | 'known-manifest' | 'assignments' | 'leavers';
  readonly path: string;
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly sha256: string;
  /** Records below the heading; of a known manifest, those that were needed. */
  readonly rows: number;
}

/** Something worth a look that does not stop a row. */
export interface Warning {
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

/** Everything that the job's files ask for. */
export interface Desired {
  readonly rows: DesiredRows;
  readonly inputs: readonly InputFile[];
  /**
   * Assignment lines that have no row of their own, because the row of their token represents them. The
   * inputs' rows are as many as `rows` and these together.
   */
  readonly joinedAssignments: number;
  readonly warnings: readonly Warning[];
  /** The keys of the users that the files name, and perhaps of others. */
  readonly names: TextIndex;
  /** Overwrites the secret keys of the rows, once none of them is sent any more. */
  readonly forgetSecrets: () => void;
}
