import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { MIGRATIONS } from './migrations.ts';
import { openState, readState, statePath } from './state-file.ts';

function directory(t: { after(done: () => void): void }): string {
  const path = mkdtempSync(join(tmpdir(), 'flowgauge-state-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

const inState = (path: string): unknown => {
  const database = new DatabaseSync(path);
  try {
    return database.prepare('PRAGMA user_version').get()?.['user_version'];
  } finally {
    database.close();
  }
};

test('a new state file has the newest format, a log beside it, and is its user’s alone', (t) => {
  const path = statePath(directory(t));
  const state = openState(path);
  assert.equal(state.database.prepare('PRAGMA journal_mode').get()?.['journal_mode'], 'wal');
  state.close();
  assert.equal(inState(path), MIGRATIONS.length);
  assert.equal(statSync(path).mode & 0o077, 0);
});

test('an older file is brought forward, once', (t) => {
  const path = statePath(directory(t));
  const old = new DatabaseSync(path);
  old.exec('PRAGMA user_version = 0');
  old.close();
  for (let i = 0; i < 2; i++) readState(path).close();
  assert.equal(inState(path), MIGRATIONS.length);
});

test('a newer file is refused with both numbers and left as it is', (t) => {
  const path = statePath(directory(t));
  const newer = new DatabaseSync(path);
  newer.exec('CREATE TABLE other (a); PRAGMA user_version = 99');
  newer.close();
  const bytes = readFileSync(path);
  assert.throws(() => openState(path), {
    code: 'FG_STATE_NEWER',
    message: new RegExp(`format 99, .* up to ${MIGRATIONS.length};`),
  });
  assert.deepEqual(readFileSync(path), bytes);
});

test('what is no state file is refused, and what is not there is made only where wanted', (t) => {
  const path = statePath(directory(t));
  assert.throws(() => readState(path), { code: 'FG_STATE_MISSING' });
  assert.ok(!existsSync(path));
  writeFileSync(path, 'something else that is long enough to be looked at by a database: '.repeat(20));
  assert.throws(() => openState(path), { code: 'FG_STATE_UNREADABLE', message: /not a database/ });
});

test('a transaction that fails leaves nothing of what it did, be it long or not', async (t) => {
  const state = openState(statePath(directory(t)));
  t.after(() => state.close());
  const add = (recorded: number): void => {
    state.database.prepare("INSERT INTO imports (recorded, source) VALUES (?, 'test')").run(recorded);
  };
  const twice = (): void => {
    add(2);
    add(1);
  };
  state.transaction(() => add(1));
  assert.throws(() => state.transaction(twice), { code: 'FG_STATE_UNREADABLE', message: /UNIQUE/ });
  await assert.rejects(
    state.longTransaction(() => Promise.resolve().then(twice)),
    { code: 'FG_STATE_UNREADABLE', message: /UNIQUE/ },
  );
  assert.equal(state.database.prepare('SELECT count(*) AS n FROM imports').get()?.['n'], 1);
});

test('a database of another program is refused and left as it is', (t) => {
  const path = statePath(directory(t));
  const other = new DatabaseSync(path);
  other.exec('CREATE TABLE theirs (a)');
  other.close();
  const before = readFileSync(path);
  assert.throws(() => openState(path), { code: 'FG_STATE_UNREADABLE' });
  assert.deepEqual(readFileSync(path), before);
});

test('a write waits for that of another, hears a stop meanwhile, and says in the end who is in the way', async (t) => {
  const path = statePath(directory(t));
  const [state, other] = [openState(path), openState(path)];
  t.after(() => {
    state.close();
    other.close();
  });
  t.mock.timers.enable({ apis: ['setTimeout'] });
  /** Lets the time of the mock go on until something is told. */
  const told = async (work: Promise<unknown>): Promise<unknown> => {
    const known: { end: unknown } = { end: null };
    work.then(
      (value) => (known.end = value),
      (error: unknown) => (known.end = error),
    );
    while (known.end === null) {
      t.mock.timers.tick(50);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return known.end;
  };
  const write = (signal?: AbortSignal): Promise<string> =>
    state.longTransaction(() => Promise.resolve('written'), signal);
  other.database.exec('BEGIN IMMEDIATE');
  const busy = (await told(write())) as Error & { code: string };
  assert.deepEqual(
    [busy.code, /another process is writing to .*wait for it/.test(busy.message)],
    ['FG_STATE_BUSY', true],
  );
  const stop = new AbortController();
  const stopped = told(write(stop.signal));
  stop.abort();
  assert.equal(((await stopped) as Error).name, 'AbortError');
  const waiting = write();
  other.database.exec('ROLLBACK');
  assert.equal(await told(waiting), 'written');
});

test('a part of a transaction can fail alone', (t) => {
  const state = openState(statePath(directory(t)));
  const add = (at: number): unknown =>
    state.database.prepare('INSERT INTO imports (recorded, source) VALUES (?, ?)').run(at, 'x');
  state.transaction(() => {
    add(1);
    assert.throws(() =>
      state.transaction(() => {
        add(2);
        throw new Error('no');
      }),
    );
    state.transaction(() => add(3));
  });
  const rows = state.database.prepare('SELECT recorded FROM imports ORDER BY recorded').all();
  assert.deepEqual(
    rows.map(({ recorded }) => recorded),
    [1, 3],
  );
  state.close();
});

test('imports of format 1 are still there in the newest one', (t) => {
  const path = statePath(directory(t));
  const old = new DatabaseSync(path);
  old.exec(`${MIGRATIONS[0]}; PRAGMA user_version = 1; INSERT INTO imports (recorded, source) VALUES (7, 'before')`);
  old.close();
  const state = openState(path, false);
  assert.equal(state.database.prepare('SELECT source FROM imports').get()?.['source'], 'before');
  assert.deepEqual(state.database.prepare('SELECT * FROM keys').all(), []);
  state.close();
  assert.equal(inState(path), MIGRATIONS.length);
});

test('keys and devices of format 3 are of no host and of this one in the newest', (t) => {
  const path = statePath(directory(t));
  const old = new DatabaseSync(path);
  old.exec(`${MIGRATIONS.slice(0, 3).join('\n')}; PRAGMA user_version = 3;
    INSERT INTO keys VALUES ('AKIA1', '111122223333', 'operate', 's', NULL, 5, NULL, 6, NULL);
    INSERT INTO devices VALUES ('eth0', 'eni-0a', '111122223333', 'eu-west-1', 7)`);
  old.close();
  const state = openState(path, false);
  const { used, host, role } = state.database.prepare('SELECT * FROM keys').get() ?? {};
  assert.deepEqual([used, host, role], [6, null, 'operate']);
  const device = state.database.prepare('SELECT host, device, interface, at FROM devices').get();
  assert.deepEqual({ ...device }, { host: '', device: 'eth0', interface: 'eni-0a', at: 7 });
  state.close();
});
