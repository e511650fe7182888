import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { KernelStatus } from './kernel-status.ts';
import { keepKernelStatus, readKernelStatus, writeKernelStatus } from './kernel-status.ts';

const STATUS: KernelStatus = {
  format: 1,
  pid: 7,
  writtenMillis: 1,
  hasEnded: false,
  openSince: 60,
  interfaces: 2,
  inForceMicros: 7,
  generations: 1,
  problem: null,
  notFollowed: [],
  count: { in: 0, out: 0, held: 0, lost: {}, notes: {} },
};

test('where it cannot be written any more the one before stays, and nobody ends for it', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-kernel-status-'));
  t.after(() => rmSync(directory, { recursive: true }));
  writeKernelStatus(directory, STATUS);
  keepKernelStatus(directory, { ...STATUS, openSince: 120 });
  assert.equal(readKernelStatus(directory)?.openSince, 120);
  // As on a full disk: what is written aside cannot be.
  mkdirSync(join(directory, 'kernel-status.json.new'));
  keepKernelStatus(directory, { ...STATUS, openSince: 180 });
  assert.equal(readKernelStatus(directory)?.openSince, 120, 'which tells of a longer gap');
  assert.throws(() => writeKernelStatus(directory, STATUS), /EISDIR/);
});
