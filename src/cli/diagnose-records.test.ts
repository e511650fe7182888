import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { RejectReport } from '../api/rejects.ts';
import { network, OPEN } from '../network/verdict/told-network.ts';
import type { RuleWords } from '../network/verdict/told-network.ts';
import { inOneProcess, start } from './one-process.fixture.ts';
import type { Ended } from './one-process.fixture.ts';

const FLOWGAUGE = join(import.meta.dirname, '../../bin/flowgauge');
const directory = mkdtempSync(join(tmpdir(), 'flowgauge-records-'));
after(() => rmSync(directory, { recursive: true }));

const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags flow-direction';
const T = 1_795_435_500;
const line = (src: string, port: number, action: string, at: number): string =>
  `2 123456789012 eni-a ${src} 10.0.1.5 40000 ${port} 6 2 120 ${T + at} ${T + at + 20} ${action} OK 2 ingress`;
const LINES = [
  line('198.51.100.7', 443, 'ACCEPT', 0),
  line('198.51.100.9', 23, 'REJECT', 10),
  line('198.51.100.8', 23, 'REJECT', 700),
  line('198.51.100.7', 443, 'REJECT', 900),
  `2 123456789012 eni-a - - - - - - - ${T} ${T + 59} - NODATA - -`,
];
const WEB: RuleWords = ['sgr-1', 'sg-a', 'in', 'tcp', 443, 443, '203.0.113.0/24'];
const logs = join(directory, 'records.log');
const model = join(directory, 'model.json');
writeFileSync(logs, [HEADER, ...LINES, ''].join('\n'));
writeFileSync(model, JSON.stringify(network([WEB], [[90, 'in', 'deny', '6', 23, 23, '0.0.0.0/0'], ...OPEN])));

const flowgauge = inOneProcess();
const diagnose = (words: readonly string[]): Promise<Ended> => flowgauge('diagnose', '--vpc', model, ...words);

describe('diagnose of records', () => {
  test('tells causes, those of flows that were accepted before first, plain in a pipe', async () => {
    const { code, out, err } = await start('.', 'diagnose', '--vpc', model, '--logs', logs);
    assert.deepEqual([code, err], [0, '']);
    assert.match(
      out,
      /^3 rejected records of 2026-11-23T12:05:00Z to 2026-11-23T12:20:20Z, 2 causes; 1 accepted record\n/,
    );
    const heads = out.split('\n').filter((text) => / eni-a |^eni-a /.test(text) && text.includes(': '));
    assert.deepEqual(heads, [
      'NEWLY REJECTED  eni-a ingress: no rule of sg-a admits it, default deny (sg-ingress)',
      'eni-a ingress: acl-a/in/90 denies it (nacl-ingress)',
    ]);
    assert.match(out, /\n {2}new {6}1 flow accepted until 2026-11-23T12:05:20Z, rejected since 2026-11-23T12:20:00Z\n/);
    assert.match(out, /\n {2}nearest {2}sgr-1 fits but for the source\n/);
    assert.match(
      out,
      /\n {2}ask {6}flowgauge diagnose --vpc \S+ --from 198\.51\.100\.7 --to 10\.0\.1\.5 --port 443 --protocol tcp --at 2026-11-23T12:20:00Z\n/,
    );
    // oxlint-disable-next-line no-control-regex -- colour is what must not be there
    assert.doesNotMatch(out, /\u001b/);
  });

  test('gives the same from a file, from standard input, from SQL and from words, and as JSON', async () => {
    const counts = (ended: string): unknown => {
      const { records, causes } = JSON.parse(ended) as RejectReport;
      return [
        records.rejected,
        causes
          .map(({ met, records: own, peers, certainty }) => [met[0]?.ruleId, own, peers, certainty])
          .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
      ];
    };
    const wanted = [
      3,
      [
        ['acl-a/in/90', 2, 2, 'certain'],
        ['default-deny', 1, 1, 'certain'],
      ],
    ];
    const words = ['diagnose', '--vpc', model, '--json', '-'];
    const piped = spawnSync(FLOWGAUGE, words, { encoding: 'utf8', input: [HEADER, ...LINES, ''].join('\n') });
    assert.deepEqual(counts((await diagnose(['--logs', logs, '--json'])).out), wanted);
    assert.deepEqual(counts(piped.stdout), wanted);
    assert.deepEqual(counts((await diagnose(['--json', HEADER, ...LINES])).out), wanted);
    const sql = "SELECT * FROM flow_logs WHERE action = 'REJECT'";
    assert.deepEqual(counts((await diagnose(['--json', '--logs', logs, '--query', sql])).out), wanted);
    assert.deepEqual(counts((await diagnose(['--json', '--logs', logs, '--query', 'rejected-traffic'])).out), [
      3,
      [
        ['acl-a/in/90', 2, 2, 'certain'],
        ['default-deny', 1, 1, 'certain'],
      ],
    ]);
  });

  test('takes a record whose fields nobody quoted, and the records of a range of time', async () => {
    const words = '2 123456789012 eni-a 198.51.100.9 10.0.1.5 40000 23 6 2 120 1795435500 1795435510 REJECT OK'.split(
      ' ',
    );
    assert.match((await diagnose(words)).out, /^1 rejected record .*\n\neni-a ingress: acl-a\/in\/90 denies it/);
    const range = ['--from-time', String(T + 600), '--to-time', String(T + 800)];
    assert.match(
      (await diagnose(['--logs', logs, ...range])).out,
      /^1 rejected record .*, 1 cause; 0 accepted records\n/,
    );
  });

  test('says what is wrong: no record, rows that are none, neither ends nor records', async () => {
    const no = await diagnose(['this is no record']);
    assert.equal(no.code, 2);
    assert.match(no.err, /"this is no record" is no record of 14 fields; .*\(FG_RECORD_UNREADABLE\)/);
    const rows = await diagnose(['--logs', logs, '--query', 'SELECT srcaddr, bytes FROM flow_logs']);
    assert.equal(rows.code, 2);
    assert.match(rows.err, /have no dstaddr, protocol .*\(FG_RECORDS_COLUMNS\)/);
    const nothing = await diagnose([]);
    assert.equal(nothing.code, 2);
    assert.match(nothing.err, /give --from and --to, or without them records/);
  });
});
