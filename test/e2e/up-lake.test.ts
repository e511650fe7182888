/**
 * `up` that compacts and keeps to retention beside real traffic: every question before, meanwhile and after has the same answer.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Health } from '../../src/api/health.ts';
import { CONFIG_FILE } from '../../src/app/config.ts';
import { CREDENTIALS_FILE } from '../../src/app/server/control.ts';
import { readExposition } from '../../src/publish/exposition.fixture.ts';
import { ask } from '../../src/query/ask.ts';
import { objectKey } from '../../src/storage/object/keys.ts';
import type { Network } from './namespaces.ts';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

process.env['FLOWGAUGE_OBSERVE'] = 'no';

const skip = namespacesMissing(['tcpdump', 'ping', 'setpriv', 'curl']) ?? false;
const ROOT = join(import.meta.dirname, '..', '..');
const TIMEOUT_MILLIS = 400_000;
const DAY = 86_400;
/** Before the hours that `up` itself writes records of. */
const YESTERDAY = Math.floor(Date.now() / 1000 / DAY) * DAY - DAY;
const RANGE = { startSeconds: YESTERDAY - 3 * DAY, endSeconds: YESTERDAY + DAY };
const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

let network: Network;
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-up-lake-'));
before(() => {
  if (skip === false) network = buildNetwork();
});
after(async () => {
  if (skip === false) await network.remove();
  rmSync(scratch, { recursive: true, force: true });
});

/** An object of 20 records; or of a scan of 120. */
function write(data: string, slotSeconds: number, number: number, isScan = false): void {
  const lines = Array.from({ length: isScan ? 120 : 20 }, (_, at) =>
    isScan
      ? `2 000000000000 eni-0a1b2c3d4e5f60011 198.51.100.7 10.0.0.5 40000 ${1000 + at} 6 1 60 ${slotSeconds + at} ${slotSeconds + at + 20} REJECT OK`
      : `2 000000000000 eni-0a1b2c3d4e5f60011 10.0.${number % 7}.${at} 203.0.113.${number % 250} ${40_000 + at} 443 6 ${at + 1} ${at * 60} ${slotSeconds + at} ${slotSeconds + at + 20} ACCEPT OK`,
  );
  const key = objectKey({ prefix: '', organization: null, accountId: '000000000000', region: 'us-east-1', flowLogId: 'fl-0123456789abcdef0', slotSeconds, hash: number.toString(16).padStart(8, '0'), fileFormat: 'plain-text', hive: false, hourly: false }); // prettier-ignore
  const path = join(data, 'bucket', key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, gzipSync(`${[HEADER, ...lines].join('\n')}\n`));
}

const QUESTIONS = [
  'SELECT count(*), sum(bytes), count(DISTINCT (srcaddr, dstaddr, start)) FROM flow_logs',
  'top-talkers',
];

async function answers(data: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const question of QUESTIONS) {
    const { rows, notes } = await ask(data, question, {}, { range: RANGE });
    for await (const batch of rows) all.push(...batch);
    assert.deepEqual(notes, []);
  }
  return all;
}

/** What the console's SQL answers, signed as a script does it; null: the server does not answer yet. */
function consoleAnswer(data: string): unknown {
  const keys = readFileSync(join(data, CREDENTIALS_FILE), 'utf8');
  const [id, secret] = ['aws_access_key_id', 'aws_secret_access_key'].map(
    (name) => new RegExp(`${name} = (\\S+)`).exec(keys)![1]!,
  );
  const signed = ['--aws-sigv4', 'aws:amz:us-east-1:flowgauge-console', '--user', `${id}:${secret}`];
  const body = ['-H', 'content-type: application/json', '-d', JSON.stringify({ sql: QUESTIONS[0], saved: null, parameters: {} })]; // prettier-ignore
  const url = `http://127.0.0.1:8350/api/sql?from=${RANGE.startSeconds}&to=${RANGE.endSeconds}`;
  const lines = network
    .run('a', ['curl', '-s', ...signed, ...body, url])
    .trim()
    .split('\n');
  const told = lines.map((line) => JSON.parse(line) as { kind: string; rows?: unknown; notes?: unknown });
  assert.deepEqual(told.at(-1)?.notes, [], lines.at(-1));
  return told.find(({ kind }) => kind === 'rows')?.rows;
}

/** What the detections find in the range. */
function findings(data: string): readonly { readonly detection: string }[] {
  const words = ['detect', '--logs', data, '--from-time', String(RANGE.startSeconds), '--to-time', String(RANGE.endSeconds), '--json']; // prettier-ignore
  const { stdout, stderr } = spawnSync(join(ROOT, 'bin/flowgauge'), words, { encoding: 'utf8' });
  assert.ok(stdout.startsWith('{'), stderr);
  return (JSON.parse(stdout) as { findings: { detection: string }[] }).findings;
}

const namesIn = (data: string, pattern: RegExp): number =>
  readdirSync(join(data, 'bucket'), { recursive: true, encoding: 'utf8' }).filter((name) => pattern.test(name)).length;

function page(path: string): string {
  const asked = `fetch('http://127.0.0.1:8350${path}').then((answer) => answer.text()).then((text) => process.stdout.write(text))`;
  return network.run('a', [join(ROOT, 'bin/node'), '-e', asked], true);
}

/** What is told of the lake, when it fits. */
async function lake(fits: (lake: NonNullable<Health['lake']>) => boolean): Promise<Health> {
  for (;;) {
    const text = page('/health');
    const health = text.startsWith('{') ? (JSON.parse(text) as Health) : null;
    if (health?.lake !== undefined && fits(health.lake)) return health;
    await pause(100);
  }
}

/** Processes that keep a lake. */
function keepers(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/u.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('server/keeping/process.');
    } catch {
      return false;
    }
  });
}

test(
  'objects are compacted, compared and removed while it captures, Ctrl-C ends a run, and retention leaves the sums',
  { skip, timeout: TIMEOUT_MILLIS },
  async () => {
    const data = join(scratch, 'data');
    for (let at = 0; at < 60; at++) write(data, YESTERDAY + Math.floor(at / 10) * 3600 + (at % 10) * 300, at);
    const compact = { enabled: true, by: 'hour', settleSeconds: 0, everySeconds: 1, expireSeconds: 0 };
    writeFileSync(join(data, CONFIG_FILE), JSON.stringify({ compact }));
    write(data, YESTERDAY, 60, true);
    const wanted = await answers(data);
    const found = findings(data);
    assert.deepEqual(found.map(({ detection }) => detection), ['port-scan']); // prettier-ignore
    const before = keepers();
    network.start('a', ['ping', '-i', '1', network.b.address4]);
    const up = network.start('a', [join(ROOT, 'bin/flowgauge'), 'up', '--data', data]);
    const told: Health[] = [];
    const done = lake(({ last }) => last !== null && last.objects > 0).then((health) => told.push(health));
    while (told.length === 0) {
      assert.deepEqual(await answers(data), wanted);
      await pause(1000);
    }
    await done;
    const [health] = told;
    assert.equal(health!.notes, undefined, JSON.stringify(health));
    const { last } = health!.lake!;
    assert.deepEqual([last!.objects, last!.records, last!.expired], [61, 1320, 61]);
    assert.deepEqual(consoleAnswer(data), [(wanted[0] as unknown[]).map(Number)]);
    assert.deepEqual(findings(data), found);
    assert.deepEqual([namesIn(data, /fl-0123456789abcdef0.*\.log\.gz$/u), namesIn(data, /lake\/records\//u)], [0, 7]);
    assert.deepEqual(await answers(data), wanted);
    const { samples } = readExposition(page('/metrics'));
    assert.equal(samples.get('flowgauge_lake_compacted_records_total'), 1320);
    assert.equal(samples.get('flowgauge_lake_removed_objects_total'), 61);

    // More than a run takes in a second: it is ended in its middle.
    for (let at = 0; at < 300; at++)
      write(data, YESTERDAY - DAY + Math.floor(at / 60) * 3600 + (at % 12) * 300, 1000 + at);
    const more = await answers(data);
    await lake(({ progress }) => progress !== null && progress.files > 0);
    up.kill('SIGINT');
    const [code] = (await once(up, 'exit')) as [number | null];
    assert.equal(code, 0);
    assert.deepEqual(keepers().filter((pid) => !before.includes(pid)), []); // prettier-ignore
    assert.deepEqual(await answers(data), more);

    // The second start keeps to retention: all of these days are too old.
    const retention = { days: 1 };
    writeFileSync(join(data, CONFIG_FILE), JSON.stringify({ compact: { ...compact, everySeconds: 5 }, retention }));
    const again = network.start('a', [join(ROOT, 'bin/flowgauge'), 'up', '--data', data]);
    const { lake: kept } = await lake(({ last: run }) => run !== null && run.retiredRecords > 0);
    assert.ok(kept!.last!.retiredRecords > 0);
    again.kill('SIGINT');
    await once(again, 'exit');
    const sums = await ask(data, 'top-talkers', {}, { range: RANGE });
    const summed: unknown[] = [];
    for await (const batch of sums.rows) summed.push(...batch);
    assert.deepEqual([sums.notes, summed], [[], more.slice(1)]);
    const verified = spawnSync(join(ROOT, 'bin/flowgauge'), ['ledger', 'verify', '--from', data], { encoding: 'utf8' });
    assert.equal(verified.status, 0, verified.stdout);
  },
);
