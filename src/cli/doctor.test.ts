import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Need } from '../model/needs.ts';
import { lookAtAll, report } from './doctor.ts';
import { needs, whereIs } from './machine-needs.ts';

const need = (name: string, look: Need['look']): Need => ({ name, gives: 'a thing', neededFor: ['up'], look });

test('prints what is there, then what is missing with the command that gets it', async () => {
  const looked = await lookAtAll([
    need('tcpdump', async () => ({ met: false, found: 'not in PATH', get: 'sudo apt-get install tcpdump' })),
    need('Node', async () => ({ met: true, found: 'Node 24', get: null })),
  ]);
  assert.deepEqual(report(looked), [
    'ok       Node     Node 24',
    'missing  tcpdump  not in PATH',
    '                  gives: a thing (for `flowgauge up`)',
    '                  get it: sudo apt-get install tcpdump',
    '',
    'What is missing stops only what it is named for.',
  ]);
});

test('a look that throws is something missing, and the others are still looked at', async () => {
  const looked = await lookAtAll([
    need('a', () => Promise.reject(new Error('no'))),
    need('b', async () => ({ met: true, found: 'here', get: null })),
  ]);
  assert.deepEqual(
    looked.map(({ name, met, found }) => [name, met, found]),
    [
      ['a', false, 'could not look: Error: no'],
      ['b', true, 'here'],
    ],
  );
});

test('finds a program in PATH only where it may be run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flowgauge-path-'));
  try {
    writeFileSync(join(folder, 'flowgauge-probe'), '#!/bin/sh\n');
    chmodSync(join(folder, 'flowgauge-probe'), 0o644);
    assert.equal(await whereIs('flowgauge-probe', folder), null);
    chmodSync(join(folder, 'flowgauge-probe'), 0o755);
    assert.equal(await whereIs('flowgauge-probe', folder), join(folder, 'flowgauge-probe'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('judges a data directory that does not exist yet by the folder above it', async () => {
  const look = needs(join(tmpdir(), 'flowgauge-not-there', 'data')).find(({ name }) => name === 'data directory')!.look;
  assert.match((await look()).found, new RegExp(`in ${tmpdir()}$`));
});
