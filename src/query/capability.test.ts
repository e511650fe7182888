import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { buildBucket } from '../lake/read/build-bucket.ts';
import { coverageOf } from '../lake/read/coverage.ts';
import { ask, coverageAt } from './ask.ts';
import { capabilityOf } from './capability.ts';
import { findSaved } from './find.ts';
import { bind } from './saved-query.ts';
import { DUCKDB } from './dialect.ts';

const query = { needsFields: ['srcaddr', 'pkt-srcaddr'], instead: { 'tcp-flags': 'ports decide' } };
const group = (files: number, ...names: string[]) => ({ files, columns: names.map((name) => ({ name })) });

test('says yes where every file has every field', () => {
  const coverage = coverageOf([
    group(2, 'srcaddr', 'pkt_srcaddr', 'tcp_flags'),
    group(1, 'tcp_flags', 'pkt_srcaddr', 'srcaddr'),
  ]);
  assert.deepEqual(capabilityOf(query, coverage), { can: 'yes', missing: [], notes: [] });
});

test('says no, and what is missing, where no file has a field that is needed', () => {
  const coverage = coverageOf([group(2, 'srcaddr')]);
  assert.deepEqual(capabilityOf(query, coverage), { can: 'no', missing: ['pkt-srcaddr'], notes: [] });
});

test('says what is inferred, and how many files lack what', () => {
  const note = { kind: 'field-missing', of: 5 };
  const partly = coverageOf([group(2, 'srcaddr', 'tcp_flags'), group(3, 'srcaddr', 'pkt_srcaddr', 'tcp_flags')]);
  assert.deepEqual(capabilityOf(query, partly), {
    can: 'partly',
    missing: [],
    notes: [{ ...note, field: 'pkt-srcaddr', files: 2, instead: null }],
  });
  const inferred = coverageOf([group(2, 'srcaddr'), group(3, 'srcaddr', 'pkt_srcaddr')]);
  assert.deepEqual(capabilityOf(query, inferred), {
    can: 'inferred',
    missing: [],
    notes: [
      { ...note, field: 'pkt-srcaddr', files: 2, instead: null },
      { ...note, field: 'tcp-flags', files: 5, instead: 'ports decide' },
    ],
  });
});

const bucket = buildBucket();
after(() => bucket.remove());

test('looks at first lines and schemas only, and at files without records too', async () => {
  bucket.text(['srcaddr tcp-flags', 'this is no record of two fields']);
  bucket.text(['srcaddr']);
  await bucket.parquet("SELECT '10.0.0.1' AS srcaddr, 443::INTEGER AS dstport");
  const coverage = await coverageAt(bucket.directory);
  assert.equal(coverage.files, 3);
  assert.deepEqual(
    ['srcaddr', 'tcp_flags', 'dstport', 'bytes'].map((name) => coverage.holding(name)),
    [3, 1, 1, 0],
  );
});

test('an answer that infers says so, and one that does not need the field is silent', async () => {
  const lines = ['10.0.0.1 10.0.0.2 40000 443 6 3 100 0 9 ACCEPT OK eni-0a'];
  const from = bucket.file(
    'plain.log',
    [
      'srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status interface-id',
      ...lines,
      '',
    ].join('\n'),
  );
  const unanswered = await ask(from, 'unanswered');
  assert.deepEqual(
    unanswered.notes.map((note) => note.kind === 'field-missing' && [note.field, note.files, note.of]),
    [['tcp-flags', 1, 1]],
  );
  await unanswered.close();
  const talkers = await ask(from, 'top-talkers');
  assert.deepEqual(talkers.notes, []);
  await talkers.close();
});

test('the SQL that is shown is that for files with every field', () => {
  const { sql, saved } = bind(findSaved('cross-zone-bytes'), DUCKDB, {});
  assert.doesNotMatch(sql, /JOIN/);
  assert.match(
    saved!.sql({ column: (field) => `NULL /* ${field} */`, byAny: () => false, byAll: () => false }),
    /JOIN/,
  );
});
