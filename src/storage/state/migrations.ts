/**
 * The formats of the state file, each as the step that makes it of the one before.
 *
 * Holds: a step that was once released is never changed; a new format is a new step at the end.
 *
 * A fact is a rectangle of two times: from `held_from` to before `held_to` the item was so in the account, and from
 * `known_from` to before `known_to` that is what was believed. What is believed now has `known_to` for ever. Times are
 * microseconds since 1970 UTC.
 */

/** Later than every time: the end of what has not ended, 2^53 - 1. */
export const FOREVER = Number.MAX_SAFE_INTEGER;

const FACTS = `
CREATE TABLE imports (
  id INTEGER PRIMARY KEY,
  recorded INTEGER NOT NULL UNIQUE,
  source TEXT NOT NULL
) STRICT;

-- What was asked and answered: all things of a kind (whole) or some of them.
CREATE TABLE answers (
  id INTEGER PRIMARY KEY,
  import INTEGER NOT NULL REFERENCES imports (id),
  kind TEXT NOT NULL,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  at INTEGER NOT NULL,
  whole INTEGER NOT NULL,
  -- One of a later time had come before.
  late INTEGER NOT NULL
) STRICT;
CREATE INDEX answers_of ON answers (kind, account, region, at);

-- The items that answers of some things had; of whole ones the facts tell.
CREATE TABLE mentions (
  answer INTEGER NOT NULL REFERENCES answers (id),
  item TEXT NOT NULL,
  PRIMARY KEY (answer, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE contents (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  json TEXT NOT NULL,
  -- Since when the thing has been, as it says itself.
  begins INTEGER
) STRICT;

CREATE TABLE facts (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  item TEXT NOT NULL,
  content INTEGER NOT NULL REFERENCES contents (id),
  held_from INTEGER NOT NULL,
  held_to INTEGER NOT NULL,
  known_from INTEGER NOT NULL,
  known_to INTEGER NOT NULL,
  CHECK (held_from < held_to AND known_from < known_to)
) STRICT;
CREATE INDEX facts_of ON facts (kind, account, region, item, known_to, held_from);
`;

/** What the control API adds: facts of accounts that it keeps itself. */
const CONTROL = `
-- Accounts whose facts are made here and not imported: the time, and from where on nothing was before.
CREATE TABLE own_accounts (
  account TEXT PRIMARY KEY,
  created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('read', 'operate')),
  secret TEXT NOT NULL,
  -- Of temporary keys.
  token TEXT,
  created INTEGER NOT NULL,
  expires INTEGER,
  used INTEGER,
  revoked INTEGER
) STRICT, WITHOUT ROWID;

-- One row for each change that was made, in the transaction that made it.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  principal TEXT NOT NULL,
  action TEXT NOT NULL,
  request TEXT NOT NULL,
  parameters TEXT NOT NULL,
  changes TEXT NOT NULL
) STRICT;

-- What calls with a client token were answered.
CREATE TABLE client_tokens (
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  action TEXT NOT NULL,
  token TEXT NOT NULL,
  parameters BLOB NOT NULL,
  answer TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (account, region, action, token)
) STRICT, WITHOUT ROWID;

CREATE INDEX facts_now ON facts (id) WHERE known_to = ${FOREVER} AND held_to = ${FOREVER};
`;

/** What an interface is on this host: one device, and a device one interface. */
const DEVICES = `
CREATE TABLE devices (
  device TEXT PRIMARY KEY,
  interface TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** Other hosts: a device is one of some host ('' is this one), and a key of the role `agent` is of one host. */
const HOSTS = `
ALTER TABLE devices RENAME TO devices_of_this_host;
CREATE TABLE devices (
  host TEXT NOT NULL,
  device TEXT NOT NULL,
  interface TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (host, device)
) STRICT, WITHOUT ROWID;
INSERT INTO devices SELECT '', device, interface, account, region, at FROM devices_of_this_host;
DROP TABLE devices_of_this_host;

ALTER TABLE keys RENAME TO keys_without_hosts;
CREATE TABLE keys (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('read', 'operate', 'agent')),
  secret TEXT NOT NULL,
  -- Of temporary keys.
  token TEXT,
  created INTEGER NOT NULL,
  expires INTEGER,
  used INTEGER,
  revoked INTEGER,
  host TEXT,
  CHECK ((role = 'agent') = (host IS NOT NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO keys SELECT id, account, role, secret, token, created, expires, used, revoked, NULL FROM keys_without_hosts;
DROP TABLE keys_without_hosts;
`;

/** Tokens with which somebody may log in to the console, once; a hash, not the token. */
const CONSOLE_LOGINS = `
CREATE TABLE console_logins (
  hash TEXT PRIMARY KEY,
  key TEXT NOT NULL,
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** What detections found, and what of it nobody wants to be told for a while. */
const FINDINGS = `
CREATE TABLE findings (
  id TEXT PRIMARY KEY,
  -- The same for the same subject on other days.
  series TEXT NOT NULL,
  detection TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  -- When it was found first and last, and in which place.
  found INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  source TEXT NOT NULL,
  json TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX findings_by_time ON findings (last);

CREATE TABLE suppressions (
  id INTEGER PRIMARY KEY,
  series TEXT,
  detection TEXT,
  -- An address or interface that a finding names; NULL: all.
  subject TEXT,
  reason TEXT,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  CHECK ((series IS NULL) <> (detection IS NULL))
) STRICT;
`;

/** Who is told of findings, and how far that is. What was found before is no news. */
const ALERTS = `
-- When it was told last, or would have been; NULL: it has always been suppressed.
ALTER TABLE findings ADD COLUMN told INTEGER;
UPDATE findings SET told = seen;

CREATE TABLE alerts (
  id INTEGER PRIMARY KEY,
  finding TEXT NOT NULL,
  -- Which of the times that the finding was told.
  told INTEGER NOT NULL,
  receiver TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'unsure', 'given-up', 'dropped')),
  queued INTEGER NOT NULL,
  -- Before then it is not sent.
  due INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  why TEXT,
  UNIQUE (finding, told, receiver)
) STRICT;
CREATE INDEX alerts_due ON alerts (due) WHERE state = 'waiting';
`;

/** The step to format 1, to format 2, … */
export const MIGRATIONS: readonly string[] = [FACTS, CONTROL, DEVICES, HOSTS, CONSOLE_LOGINS, FINDINGS, ALERTS];
