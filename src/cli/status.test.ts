import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { KernelStatus } from '../app/collector/kernel-status.ts';
import type { PublishStatus } from '../publish/status.ts';
import { isWell, report } from './status.ts';

const NOW = Date.UTC(2026, 10, 23, 13, 0);
const lane: PublishStatus['destinations'][number] = {
  destination: 's3://logs',
  segments: 0,
  records: 0,
  oldestSlotSeconds: null,
  waitingSeconds: 0,
  failures: 0,
  deliveries: 1,
  latencyCounts: [],
  latencySeconds: 2,
  nextAttemptMillis: null,
  lastDeliveredMillis: NOW - 61_000,
  lastError: null,
};
const fine: PublishStatus = {
  status: 1,
  writtenMillis: NOW - 5000,
  pid: 7,
  hostId: 'h',
  count: { in: 10, out: 10, held: 0, lost: {}, notes: {} },
  spool: { maxBytes: 10_000_000_000, maxAgeSeconds: 1, reserveBytes: 1, bytes: 1500, full: null },
  destinations: [lane],
  problems: [],
};
const at = { directory: 'data', pid: 7 };

test('says that all goes, and how long ago that was told', () => {
  assert.equal(isWell({ ...at, publish: fine }, NOW), true);
  assert.deepEqual(report({ ...at, publish: fine }, NOW), [
    'Process 7 publishes from data.',
    'Told 5 s ago. Records: 10 in, 10 delivered, 0 waiting, none lost.',
    'Spool: 1.5 kB of 10.0 GB.',
    '',
    'DESTINATION  STATE  WAITING  OLDEST  DELIVERED  NEXT TRY',
    's3://logs    goes   -        -       61 s ago   -',
  ]);
});

test('says what is enforced, what is not, and that somebody was killed', () => {
  const kernel: KernelStatus = {
    format: 1,
    pid: 7,
    writtenMillis: NOW - 3000,
    hasEnded: false,
    openSince: 0,
    interfaces: 2,
    inForceMicros: NOW * 1000 - 9e6,
    generations: 9,
    problem: null,
    notFollowed: ['VPC Block Public Access'],
    count: { in: 12, out: 10, held: 0, lost: { 'never-logged': 2 }, notes: {} },
  };
  const said = (more: Partial<KernelStatus>, pid: number | null = 7): string[] =>
    report({ ...at, pid, publish: null, kernel: { ...kernel, ...more } }, NOW).slice(1);
  assert.deepEqual(said({}), [
    'Enforced by the kernel: 2 interfaces; 10 observations, 2 never-logged.',
    'Not enforced: VPC Block Public Access.',
  ]);
  assert.match(said({ problem: 'nft is gone' })[2]!, /^NOT ENFORCED as it should be: nft is gone$/);
  assert.equal(isWell({ ...at, publish: fine, kernel: { ...kernel, problem: 'nft is gone' } }, NOW), false);
  assert.deepEqual(said({ hasEnded: true }), []);
  assert.match(said({}, null).join(' '), /was killed 3 s ago.*doctor --clean/);
  assert.match(said({}, 8).join(' '), /was killed 3 s ago/, 'who runs now does not enforce');
  // In a lab processes have numbers of their own.
  const lab = { ...at, pid: 8, lab: 8, publish: null, kernel };
  assert.match(report(lab, NOW)[1]!, /^Enforced by the kernel: 2 interfaces;/);
});

test('says whether the last change of the network is in force, and is not well where one waits for long', () => {
  const found = (changedMillis: number, forceMillis: number) => ({
    ...at,
    publish: fine,
    inForce: { changedMicros: changedMillis * 1000, inForceMicros: forceMillis * 1000 },
  });
  const line = (changedMillis: number, forceMillis: number): string | undefined =>
    report(found(changedMillis, forceMillis), NOW).find((one) => /in force/i.test(one));
  assert.equal(
    line(NOW - 7000, NOW - 6000),
    'In force: the network as it was changed last, at 2026-11-23T12:59:53.000Z.',
  );
  assert.equal(line(0, 0), 'In force: the network.', 'where nobody knows of changes, as with an agent');
  assert.equal(
    line(NOW - 500, NOW - 6000),
    'NOT IN FORCE as yet: the change at 2026-11-23T12:59:59.500Z; those until 2026-11-23T12:59:54.000Z are.',
  );
  assert.equal(isWell(found(NOW - 500, NOW - 6000), NOW), true, 'it takes a moment');
  assert.equal(isWell(found(NOW - 30_000, NOW - 60_000), NOW), false);
  assert.equal(isWell(found(NOW - 30_000, NOW - 30_000), NOW), true);
});

test('says whether the firewall of the host is observed, of the process that runs', () => {
  const said = (why: string | null, pid = 7): string | undefined =>
    report({ ...at, publish: fine, observation: { format: 1, pid, why } }, NOW).find((line) => /bserved/.test(line));
  assert.match(said(null)!, /^Observed in the kernel: /);
  assert.equal(said('nft is missing'), 'Not observed in the kernel, packets are captured instead: nft is missing');
  assert.equal(said(null, 8), undefined, 'somebody was killed and left it');
  assert.equal(isWell({ ...at, publish: fine, observation: { format: 1, pid: 7, why: 'x' } }, NOW), true);
});

test('says what waits, for what, since when, and what was lost', () => {
  const publish: PublishStatus = {
    ...fine,
    count: { in: 100, out: 10, held: 60, lost: { 'spool-full': 30 }, notes: { 'possible-duplicates': 4 } },
    spool: { ...fine.spool, full: 'bytes' },
    destinations: [
      lane,
      {
        ...lane,
        destination: 'log group a',
        segments: 2,
        records: 60,
        oldestSlotSeconds: Date.UTC(2026, 10, 23, 12, 5) / 1000,
        failures: 3,
        nextAttemptMillis: NOW + 4000,
        lastError: { code: 'FG_AWS_EXPIRED', message: 'the credentials have expired\u001b[2J', atMillis: NOW },
      },
    ],
    problems: [{ code: 'FG_SEGMENT_DAMAGED', message: 'x is damaged' }],
  };
  assert.equal(isWell({ ...at, publish }, NOW), false);
  const lines = report({ ...at, publish }, NOW);
  assert.match(lines[1]!, /60 waiting, lost 30 spool-full; 4 possible-duplicates\.$/);
  assert.match(lines[2]!, /FULL \(its bound of bytes\): new records become SKIPDATA/);
  assert.match(lines[6]!, /^log group a {2}failed 3 times {2}60 records {2}2026-11-23T12:05Z {2}61 s ago {3}in 4 s$/);
  const words = lines.join('\n');
  assert.match(words, /log group a: the credentials have expired.*\(FG_AWS_EXPIRED\)/);
  assert.match(words, /x is damaged \(FG_SEGMENT_DAMAGED\)/);
  assert.ok(!words.includes('\u001b'), 'words of others do not reach the terminal as they are');
});

test('nothing running is not well, and said', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-status-'));
  const run = async (...args: readonly string[]) => {
    const program = join(import.meta.dirname, '../../bin/flowgauge');
    return promisify(execFile)(program, ['status', '--data', scratch, ...args]).catch(
      (error: { code: number; stdout: string }) => error,
    );
  };
  const empty = await run();
  assert.match(empty.stdout, /Nothing runs with .*, and nothing was published/);
  assert.equal('code' in empty ? empty.code : 0, 3);
  mkdirSync(join(scratch, 'spool'));
  writeFileSync(join(scratch, 'spool', 'status.json'), JSON.stringify(fine));
  const told = JSON.parse((await run('--json')).stdout) as { pid: null; well: boolean; publish: PublishStatus };
  assert.deepEqual([told.pid, told.well, told.publish], [null, false, fine]);
  const metrics = (await run('--prometheus')).stdout;
  assert.match(metrics, /^flowgauge_publish_records_total 10$/mu);
  assert.match(metrics, /^flowgauge_up 0$/mu);
  rmSync(scratch, { recursive: true });
});

test('says how agents of other hosts stand, and what is wrong with one', () => {
  const stage = { in: 5, out: 4, held: 1, lost: {}, notes: {} };
  const agent = {
    host: 'web-1',
    heardMillis: NOW - 7000,
    isCurrent: true,
    report: {
      format: 1,
      program: '0.1.0',
      assignment: 'a',
      health: { status: 'ok', reasons: [] },
      devices: [{ device: 'eth0', interfaceId: 'eni-0a', present: true }],
      drops: 0,
      stages: { publish: stage },
    },
    wrong: [],
  } as const;
  const agents = [agent, { ...agent, host: 'db-1', heardMillis: NOW - 90_000, wrong: ['silent'] }];
  assert.deepEqual(report({ ...at, publish: fine, agents }, NOW).slice(-3), [
    'AGENT OF  STATE   TOLD      WATCHES      DELIVERED  WAITING',
    'web-1     goes    7 s ago   1 interface  4 records  1 record',
    'db-1      silent  90 s ago  1 interface  4 records  1 record',
  ]);
  assert.equal(isWell({ ...at, publish: fine, agents: [agent] }, NOW), true);
  assert.equal(isWell({ ...at, publish: fine, agents }, NOW), false);
});
