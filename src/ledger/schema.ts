// The ledger's tables. A change of shape is a new entry at the end of MIGRATIONS, never an edit of an old
// one: ledgers written by every released version must open.

/** Each entry brings the ledger from version `index` to `index + 1`. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE run (
    id          TEXT PRIMARY KEY,
    job         TEXT NOT NULL,
    kind        TEXT NOT NULL,
    job_file    TEXT NOT NULL,
    overrides   TEXT NOT NULL,
    job_sha256  TEXT NOT NULL,
    graph       TEXT NOT NULL,
    inputs      TEXT NOT NULL,
    tool        TEXT NOT NULL,
    reports_dir TEXT NOT NULL,
    started_at  TEXT NOT NULL,
    state       TEXT NOT NULL,
    ended_at    TEXT NOT NULL DEFAULT '',
    exit_code   INTEGER
  ) STRICT;

  CREATE TABLE planned_row (
    run_id        TEXT NOT NULL,
    n             INTEGER NOT NULL,
    file          TEXT NOT NULL,
    line          INTEGER NOT NULL,
    serial_number TEXT NOT NULL,
    user          TEXT NOT NULL,
    user_id       TEXT NOT NULL,
    device_id     TEXT NOT NULL,
    expect        TEXT NOT NULL,
    already       TEXT NOT NULL,
    verdict       TEXT,
    reason        TEXT,
    detail        TEXT,
    next          TEXT,
    PRIMARY KEY (run_id, n)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE action (
    run_id            TEXT NOT NULL,
    n                 INTEGER NOT NULL,
    step              INTEGER NOT NULL,
    kind              TEXT NOT NULL,
    state             TEXT NOT NULL,
    attempts          INTEGER NOT NULL,
    throttled         INTEGER NOT NULL,
    device_id         TEXT NOT NULL,
    client_request_id TEXT NOT NULL,
    request_id        TEXT NOT NULL,
    reason            TEXT NOT NULL,
    detail            TEXT NOT NULL,
    PRIMARY KEY (run_id, n, step)
  ) STRICT, WITHOUT ROWID;

  -- One line per thing that happened to a request, never changed afterwards. Each line's hash covers the
  -- hash of the line before it in the same run, so that a missing or altered line shows.
  CREATE TABLE event (
    seq               INTEGER PRIMARY KEY,
    run_id            TEXT NOT NULL,
    n                 INTEGER NOT NULL,
    step              INTEGER NOT NULL,
    event             TEXT NOT NULL,
    at                TEXT NOT NULL,
    client_request_id TEXT NOT NULL,
    request_id        TEXT NOT NULL,
    status            INTEGER NOT NULL,
    outcome           TEXT NOT NULL,
    detail            TEXT NOT NULL,
    hash              TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_of_run ON event (run_id, seq);

  CREATE TABLE job_lock (
    job     TEXT PRIMARY KEY,
    lock_id TEXT NOT NULL,
    run_id  TEXT NOT NULL,
    pid     INTEGER NOT NULL,
    host    TEXT NOT NULL,
    boot_id TEXT NOT NULL,
    since   TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- What each run came to: the report without its rows, and one verdict for each row, as JSON whose shape the
  -- report stage knows. The event "concluded" in the run's chain holds the hash of both.
  CREATE TABLE conclusion (
    run_id TEXT PRIMARY KEY,
    at     TEXT NOT NULL,
    report TEXT NOT NULL
  ) STRICT;

  CREATE TABLE verdict (
    run_id        TEXT NOT NULL,
    n             INTEGER NOT NULL,
    serial_number TEXT NOT NULL,
    verdict       TEXT NOT NULL,
    record        TEXT NOT NULL,
    PRIMARY KEY (run_id, n)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX verdict_of_serial ON verdict (serial_number, verdict);

  -- Values that are drawn once for a ledger, such as the salt under which users are written as hashes.
  CREATE TABLE drawn (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- The token and the user that an action is about, when they are not the row's own; empty otherwise.
  ALTER TABLE action ADD COLUMN target_device_id TEXT NOT NULL DEFAULT '';
  ALTER TABLE action ADD COLUMN target_user_id TEXT NOT NULL DEFAULT '';
  `,
  `
  -- The rate that a job's last run has learned on an endpoint, in writes a second: a hint for the next.
  CREATE TABLE learned_rate (
    job    TEXT NOT NULL,
    graph  TEXT NOT NULL,
    rate   REAL NOT NULL,
    run_id TEXT NOT NULL,
    PRIMARY KEY (job, graph)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The planned rows of each run, and the verdicts of its conclusion: lines of JSON, many to a block, compressed by
  -- zlib (RFC 1950). They were a row each in planned_row and verdict, which are emptied into these (sqlite-move-to-blocks.ts).
  CREATE TABLE plan_block (
    run_id TEXT NOT NULL,
    block  INTEGER NOT NULL,
    lines  BLOB NOT NULL,
    PRIMARY KEY (run_id, block)
  ) STRICT;

  CREATE TABLE verdict_block (
    run_id TEXT NOT NULL,
    block  INTEGER NOT NULL,
    lines  BLOB NOT NULL,
    PRIMARY KEY (run_id, block)
  ) STRICT;

  -- Serial numbers, packed the same way: tokens that a run has found assigned and that did not wait before, and tokens
  -- that did and that it has found otherwise.
  CREATE TABLE seen_block (
    seq         INTEGER PRIMARY KEY,
    run_id      TEXT NOT NULL,
    graph       TEXT NOT NULL,
    at          TEXT NOT NULL,
    is_assigned INTEGER NOT NULL,
    lines       BLOB NOT NULL
  ) STRICT;
  `,
  `
  -- The lines of the runs' chains, those of one transaction in one record (event-line.ts). They were a record each in
  -- event, which is emptied into this (sqlite-move-chains.ts).
  CREATE TABLE event_block (
    seq    INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL,
    lines  TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_block_of_run ON event_block (run_id, seq);

  -- The last of these blocks with which the actions are up to date.
  CREATE TABLE projection (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL
  ) STRICT;
  `,
];
