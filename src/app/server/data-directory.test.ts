import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDataDirectory } from './data-directory.ts';

function folder(t: { after(done: () => void): void }): string {
  const made = mkdtempSync(join(tmpdir(), 'flowgauge-data-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

const locked = { code: 'FG_DATA_DIRECTORY_LOCKED' };

test('takes nothing away that others put into the directory', (t) => {
  const at = folder(t);
  mkdirSync(join(at, 'run'));
  writeFileSync(join(at, 'run', 'mine'), 'kept');
  writeFileSync(join(at, 'run', 'packets.fifo'), '');
  openDataDirectory(at).release();
  assert.equal(readFileSync(join(at, 'run', 'mine'), 'utf8'), 'kept');
  assert.throws(() => statSync(join(at, 'run', 'packets.fifo')));
});

test('is for one at a time, and for the next when the first has gone without a word', (t) => {
  const at = folder(t);
  const first = openDataDirectory(at);
  assert.throws(() => openDataDirectory(at), locked);
  first.release();
  writeFileSync(join(at, 'lock'), String(process.pid));
  openDataDirectory(at).release();
});

test('gives a host id where a full disk left an empty file', (t) => {
  const at = folder(t);
  writeFileSync(join(at, 'host-id'), '');
  const directory = openDataDirectory(at);
  assert.match(directory.hostId, /^[0-9a-f]{32}$/);
  directory.release();
});

const root = process.getuid?.() === 0;
test('through sudo, gives the user what it makes and no more', { skip: root ? false : 'needs root' }, (t) => {
  const at = folder(t);
  const elsewhere = folder(t);
  symlinkSync(elsewhere, join(at, 'bucket'));
  const before = { SUDO_UID: process.env['SUDO_UID'], SUDO_GID: process.env['SUDO_GID'] };
  Object.assign(process.env, { SUDO_UID: '65534', SUDO_GID: '65534' });
  t.after(() => {
    for (const [name, value] of Object.entries(before))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  });
  const directory = openDataDirectory(join(at));
  assert.equal(statSync(directory.spool).uid, 65534);
  assert.equal(statSync(at).uid, 0);
  assert.equal(statSync(elsewhere).uid, 0);
  directory.release();
  const made = openDataDirectory(join(at, 'new', 'data'));
  assert.equal(statSync(join(at, 'new')).uid, 65534);
  assert.equal(statSync(made.bucket).uid, 65534);
  made.release();
});
