/**
 * The access keys of the control API.
 *
 * In:    a state file. Out: keys, found by id; new ones; revoked ones.
 * Holds: a signature can only be verified with the secret itself, so it is kept, in a file that is its user's alone. A key is
 *        of one account; the first that may operate makes the account one whose facts are made here. What is revoked
 *        stays, so that its id is never given again and the audit log can be read.
 * Fails: FG_ACCOUNT_IMPORTED; FG_STATE_*.
 */
import { failure } from '../../model/errors.ts';
import type { StateFile } from './state-file.ts';

/** `agent`: the collector of one other host, which may ask for its assignment and report, and nothing else. */
export type Role = 'read' | 'operate' | 'agent';

/** A key. Times are microseconds since 1970 UTC; null never. */
export type AccessKey = {
  readonly id: string;
  readonly account: string;
  readonly role: Role;
  /** Of the role `agent`: the name of its host; null for the others. */
  readonly host: string | null;
  readonly secret: string;
  /** Of a temporary key; null where it is none. */
  readonly token: string | null;
  readonly createdMicros: number;
  readonly expiresMicros: number | null;
  readonly usedMicros: number | null;
  readonly revokedMicros: number | null;
};

export type Keys = {
  /**
   * The key with an id; null where there is none.
   *
   * @param seen  the state of other processes' changes that the caller knows (`CurrentFacts.seen`): a key that was found in
   *              it is not asked for again; not given: it is
   */
  find(id: string, seen?: number): AccessKey | null;
  list(): readonly AccessKey[];
  add(key: AccessKey): void;
  /** False where there is none that is not revoked. */
  revoke(id: string, atMicros: number): boolean;
  used(id: string, atMicros: number): void;
};

const micros = (value: unknown): number | null => (value === null ? null : Number(value));

function keyOf(row: Readonly<Record<string, unknown>>): AccessKey {
  return {
    id: String(row['id']),
    account: String(row['account']),
    role: row['role'] === 'operate' || row['role'] === 'agent' ? row['role'] : 'read',
    host: typeof row['host'] === 'string' ? row['host'] : null,
    secret: String(row['secret']),
    token: typeof row['token'] === 'string' ? row['token'] : null,
    createdMicros: Number(row['created']),
    expiresMicros: micros(row['expires']),
    usedMicros: micros(row['used']),
    revokedMicros: micros(row['revoked']),
  };
}

/** Keys that were found, by id, and in which state of other processes' changes. */
type Kept = { seen: number; readonly keys: Map<string, AccessKey> };

/** Of each open state file: whoever of this process changes keys makes all that is kept of it void. */
const kept = new WeakMap<StateFile, Kept>();

function keptOf(state: StateFile, seen: number): Kept {
  let own = kept.get(state);
  if (own === undefined) kept.set(state, (own = { seen, keys: new Map() }));
  if (own.seen !== seen) own.keys.clear();
  own.seen = seen;
  return own;
}

/** The keys of a state file. */
export function openKeys(state: StateFile): Keys {
  const { database } = state;
  const changing = <T>(work: () => T): T => {
    try {
      return state.transaction(work);
    } finally {
      kept.delete(state);
    }
  };
  const find = database.prepare('SELECT * FROM keys WHERE id = ?');
  const used = database.prepare('UPDATE keys SET used = ? WHERE id = ?');
  return {
    find: (id, seen) => {
      const own = seen === undefined ? null : keptOf(state, seen);
      const found = own?.keys.get(id);
      if (found !== undefined) return found;
      const row = state.reading(() => find.get(id));
      if (row === undefined) return null;
      const key = keyOf(row);
      // What a transaction has changed may be taken back.
      if (!database.isTransaction) own?.keys.set(id, key);
      return key;
    },
    list: () => state.reading(() => database.prepare('SELECT * FROM keys ORDER BY created, id').all().map(keyOf)),
    add: (key) =>
      changing(() => {
        if (key.role === 'operate') makeOwn(state, key.account, key.createdMicros);
        database
          .prepare(
            'INSERT INTO keys (id, account, role, secret, token, created, expires, host) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          )
          .run(key.id, key.account, key.role, key.secret, key.token, key.createdMicros, key.expiresMicros, key.host);
      }),
    revoke: (id, atMicros) =>
      changing(
        () =>
          database.prepare('UPDATE keys SET revoked = ? WHERE id = ? AND revoked IS NULL').run(atMicros, id).changes ===
          1,
      ),
    used: (id, atMicros) => changing(() => void used.run(atMicros, id)),
  };
}

/** Whether an account's facts are made by the control API. */
export function isOwnAccount({ database }: StateFile, account: string): boolean {
  return database.prepare('SELECT 1 FROM own_accounts WHERE account = ?').get(account) !== undefined;
}

function makeOwn(state: StateFile, account: string, atMicros: number): void {
  if (isOwnAccount(state, account)) return;
  if (state.database.prepare('SELECT 1 FROM answers WHERE account = ? LIMIT 1').get(account) !== undefined)
    throw failure('FG_ACCOUNT_IMPORTED', account);
  state.database.prepare('INSERT INTO own_accounts (account, created) VALUES (?, ?)').run(account, atMicros);
}
