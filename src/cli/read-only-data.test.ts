import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import { openState, statePath } from '../storage/state/state-file.ts';
import { inOneProcess } from './one-process.fixture.ts';

const ROOT = join(import.meta.dirname, '../..');
const FLOWGAUGE = join(ROOT, 'bin/flowgauge');
const CASE = join(ROOT, 'docs/diagnose/group-rule-missing');
/** Somebody who owns nothing here; without root the user itself, from whom the right to write is taken. */
const READER = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
const directory = mkdtempSync(join(tmpdir(), 'flowgauge-read-only-'));
const temporary = join(directory, 'temporary');
mkdirSync(temporary);
chmodSync(directory, 0o755);
chmodSync(temporary, 0o777);
after(() => {
  mayWrite(true);
  rmSync(directory, { recursive: true });
});

const data = join(directory, 'data');
const bucket = join(data, 'bucket');

function mayWrite(yes: boolean, at: string = data): void {
  spawnSync('chmod', ['-R', yes ? 'u+w' : 'a+rX,a-w', at]);
}

function run(...words: string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync(FLOWGAUGE, words, { encoding: 'utf8', cwd: directory, env: { ...process.env, TMPDIR: temporary } });
}

/** The same as a user who may only read. */
function ask(...words: string[]): ReturnType<typeof run> {
  // What was compiled before lies with the owner.
  const compiled = { NODE_COMPILE_CACHE: join(temporary, 'compiled') };
  const env = { ...process.env, ...compiled, TMPDIR: temporary, HOME: temporary };
  return spawnSync(FLOWGAUGE, words, { encoding: 'utf8', cwd: directory, env, ...READER });
}

const imported = run('import', 'aws', join(CASE, 'model.json'), '--data', data, '--at', '2026-10-14T00:00Z');
assert.equal(imported.status, 0, imported.stderr);
const DEMO = join(ROOT, 'src/app/server/demo');
const captured = run('capture', '-r', join(DEMO, 'capture.pcap.gz'), '-w', bucket, '--vpc', join(DEMO, 'model.json'));
assert.equal(captured.status, 0, captured.stderr);
copyFileSync(join(CASE, 'records.txt'), join(data, 'records.txt'));
mayWrite(false);
/** As its owner, who shows that what is answered is the answer. */
const owned = inOneProcess(directory);

describe('a data directory that may only be read', () => {
  const logs = join(data, 'records.txt');
  const questions: readonly (readonly [exit: number, answer: RegExp, ...words: string[]])[] = [
    [3, /^BLOCKED/, 'diagnose', '--data', data, '--from', 'i-0app', '--to', 'i-0db', '--port', '5432', '--logs', logs],
    [0, /^2 rejected records/, 'diagnose', '--data', data, '--logs', logs],
    [0, /sgr-0app-out/, 'rule-hits', '--data', data, '--logs', logs],
    [0, /^sg-0db needs 0 rules/, 'suggest', 'sg-0db', '--data', data, '--logs', logs],
    [0, /10\.77\.1\.10/, 'query', '--from', data, 'top-talkers', '-o', 'json'],
    [3, /^Nothing runs with/, 'status', '--data', data],
    [0, /./, 'ledger', 'verify', '--from', data],
  ];
  for (const [exit, answer, ...words] of questions)
    test(`answers ${words.slice(0, 2).join(' ')} as it does its owner`, async () => {
      const before = readdirSync(data);
      const told = ask(...words);
      const owner = await owned(...words);
      assert.deepEqual([told.status, told.stdout, told.stderr], [owner.code, owner.out, owner.err]);
      assert.match(told.stdout + told.stderr, answer);
      assert.equal(told.status, exit, told.stderr);
      assert.deepEqual(readdirSync(data), before);
      assert.deepEqual(
        readdirSync(temporary).filter((name) => name.startsWith('flowgauge-state')),
        [],
      );
    });

  test('replays a change', () => {
    const proposal = join(temporary, 'proposal.json');
    const fix = ask('diagnose', '--data', data, '--from', 'i-0app', '--to', 'i-0db', '--port', '5432', '--json');
    const { fixes } = JSON.parse(fix.stdout) as { readonly fixes: readonly { readonly replay: object }[] };
    spawnSync('tee', [proposal], { input: JSON.stringify(fixes[0]!.replay) });
    const told = ask('replay', '--data', data, '--change', proposal, '--logs', logs, '--json');
    assert.equal(told.status, 0, told.stderr);
    const { totals } = JSON.parse(told.stdout) as {
      readonly totals: Readonly<Record<string, { readonly conversations: number }>>;
    };
    assert.equal(totals['newly-allowed']?.conversations, 2);
  });
});

describe('a state file that may only be read', () => {
  /** Imports, as a reader sees them. */
  const question = ['diagnose', '--data', data, '--from', 'i-0app', '--to', 'i-0db', '--port', '22', '--json'] as const;
  const outcome = (at: string = data): string => {
    const told = ask(...question.map((word) => (word === data ? at : word)));
    return told.stdout === '' ? told.stderr : (JSON.parse(told.stdout) as { readonly outcome: string }).outcome;
  };

  test('is read as it was before the import that another process is writing, and as it is after it', () => {
    mayWrite(true);
    const writer = openState(statePath(data));
    try {
      mayWrite(false);
      writer.database.exec('BEGIN IMMEDIATE; DELETE FROM mentions; DELETE FROM answers; DELETE FROM imports');
      assert.equal(outcome(), 'blocked');
      writer.database.exec('ROLLBACK; UPDATE facts SET held_from = held_from + 1');
      assert.equal(outcome(), 'blocked');
      // What is in the log alone is read too, from a copy that somebody made of both files.
      const copied = join(directory, 'copied');
      mkdirSync(copied);
      for (const name of ['state.sqlite', 'state.sqlite-wal']) copyFileSync(join(data, name), join(copied, name));
      writer.database.exec('DELETE FROM mentions; DELETE FROM answers; DELETE FROM facts; DELETE FROM imports');
      assert.match(outcome(), /FG_STATE_EMPTY/);
      chmodSync(copied, 0o755);
      mayWrite(false, copied);
      assert.equal(outcome(copied), 'blocked');
      assert.deepEqual(readdirSync(copied), ['state.sqlite', 'state.sqlite-wal']);
      mayWrite(true, copied);
    } finally {
      mayWrite(true);
      writer.close();
    }
  });

  test('of an older format says who can bring it forward; one that may not be read says so', () => {
    const older = join(directory, 'older');
    mkdirSync(older);
    new DatabaseSync(statePath(older)).exec('PRAGMA user_version = 0');
    mayWrite(false, older);
    assert.match(outcome(older), /has format 0, .* `cp -r` .*\(FG_STATE_OLDER\)/);
    chmodSync(statePath(older), 0o000);
    assert.match(outcome(older), /may not be read by this user.*\(FG_STATE_NOT_READABLE\)/);
    mayWrite(true, older);
  });
});
