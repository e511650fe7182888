import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { communityId, plainDocument } from '../../../test/watch/plain-documents.ts';
import type { PlainOrigin } from '../../../test/watch/plain-documents.ts';
import { FIELDS } from '../../record/fields/list.ts';
import { allFields, headerLine, transitGatewayFields } from '../../record/format.ts';
import { createParser } from '../../record/parse.ts';
import { documentsOf } from './documents.ts';
import type { DocumentCounts } from './document-columns.ts';
import type { DocumentOrigin, Enrich } from './documents.ts';
import { DocumentRoom, giveRoomBack, takeRoom } from './document-room.ts';
import { FLOW_FIELDS } from './ecs-fields.ts';

const PLAIN: PlainOrigin = {
  bucket: 'logs',
  key: 'a/"b".gz',
  accountId: '210987654321',
  region: 'eu-west-1',
  seconds: 86_400,
};
const ORIGIN: DocumentOrigin = {
  idPrefix: 'AAAAAAAAAAAAAAAA',
  about: '"s3":{"bucket":{"name":"logs"},"object":{"key":"a/\\"b\\".gz"}}',
  accountId: PLAIN.accountId,
  region: PLAIN.region,
  seconds: PLAIN.seconds,
  sinceSeconds: null,
};
const nothing: Enrich = () => ({ source: null, destination: null, directions: null });

type Made = { readonly id: string; readonly document: Record<string, unknown> };

/** The documents of a text, its first line the header. */
function make(
  lines: readonly string[],
  enrich = nothing,
  rowsPerBatch = 64,
  room = takeRoom(),
): { made: Made[]; counts: DocumentCounts } {
  const counts = { documents: 0, noData: 0, skipData: 0, fieldsLeftOut: 0 };
  const parser = createParser({ format: null, columns: null, origin: 'test', rowsPerBatch });
  const batches = [...parser.push(Buffer.from(lines.map((line) => `${line}\n`).join(''))), ...parser.end()];
  assert.equal(parser.badLines, 0);
  const made: Made[] = [];
  let place = 0;
  for (const batch of batches) {
    for (const { count, lines: bytes, starts } of documentsOf(batch, place, ORIGIN, enrich, room, counts)) {
      assert.equal(starts.length, count);
      for (let at = 0; at < count; at++) {
        const text = Buffer.from(bytes.subarray(starts[at], starts[at + 1] ?? bytes.length)).toString('utf8');
        const [action = '', document = '', rest] = text.split('\n');
        assert.equal(rest, '');
        const { create } = JSON.parse(action) as { create: { _id: string } };
        made.push({ id: create._id, document: JSON.parse(document) as Record<string, unknown> });
      }
    }
    place += batch.rows;
  }
  giveRoomBack(room);
  assert.equal(counts.documents, made.length);
  return { made, counts };
}

/** As JSON would have it. */
const clean = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

/** Our documents are the plain ones. */
function check(header: string, lines: readonly string[]): DocumentCounts {
  const { made, counts } = make([header, ...lines]);
  assert.equal(made.length, lines.length);
  const names = header.split(' ');
  for (const [at, line] of lines.entries()) {
    assert.deepEqual(made[at]!.document, clean(plainDocument(line, names, PLAIN)), line);
    assert.equal(made[at]!.id, `AAAAAAAAAAAAAAAA-${at}`);
  }
  return counts;
}

/** A value that a field may have, or none. */
function valueOf(name: string, column: string): fc.Arbitrary<string> {
  const word = fc.string({
    unit: fc.constantFrom('a', 'Z', '0', '-', '"', '\\', '/', '\u007f', 'é', '\u{1f600}'),
    minLength: 1,
    maxLength: 12,
  });
  const whole = (most: number): fc.Arbitrary<string> => fc.nat(most).map(String);
  const some = (values: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc.oneof({ weight: 6, arbitrary: values }, fc.constant('-'));
  const address = fc.oneof(fc.ipV4(), fc.constantFrom('2001:db8::1', '::', 'fe80::a:b', '2600:1f18:0:1:2:3:4:5'));
  if (name.endsWith('port')) return some(whole(65_535));
  if (name === 'protocol') return some(fc.oneof(fc.constantFrom('6', '17', '1', '58', '132', '47'), whole(255)));
  if (name === 'start' || name === 'end')
    return some(fc.integer({ min: 1_700_000_000, max: 1_700_000_600 }).map(String));
  if (name === 'action') return some(fc.constantFrom('ACCEPT', 'REJECT', 'ODD'));
  if (name === 'log-status') return fc.constantFrom('OK', 'OK', 'OK', 'NODATA', 'SKIPDATA', '-');
  if (name.endsWith('addr')) return some(address);
  if (column === 'BIGINT') return some(fc.bigInt(0n, 2n ** 53n - 1n).map(String));
  if (column === 'INTEGER') return some(whole(2 ** 31 - 1));
  return some(word.filter((text) => text !== '-'));
}

for (const [name, format] of [
  ['the default format', allFields(2)],
  ['all fields', allFields(11)],
  ['transit gateways', transitGatewayFields()],
] as const)
  test(`documents are those that are made the plain way: ${name}`, () => {
    const record = fc
      .tuple(...format.fields.map((field) => valueOf(field.name, field.column)))
      // One family to a record, as it is in records.
      .filter((values) => {
        const own = format.fields.flatMap((field, at) => (/^(?:src|dst)addr$/.test(field.name) ? [values[at]!] : []));
        return own.includes('-') || own[0]!.includes(':') === own[1]!.includes(':');
      })
      .filter((values) => {
        const of = (field: string): string => values[format.fields.findIndex((one) => one.name === field)] ?? '-';
        return !['6', '17', '132'].includes(of('protocol')) || (of('srcport') !== '-' && of('dstport') !== '-');
      })
      .map((values) => values.join(' '));
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 150 }), (lines) => void check(headerLine(format), lines)),
      { numRuns: 25 },
    );
  });

test('fields that nobody knows are kept under their name, as texts', () => {
  const counts = check('srcaddr future-field x.y.z constructor', ['10.0.0.1 12 a b', '- - "q" c']);
  assert.equal(counts.fieldsLeftOut, 0);
});

test('of very many unknown fields, and of two that would be one, some are left out and counted', () => {
  const names = ['srcaddr', ...Array.from({ length: 60 }, (_, n) => `new${n}`)];
  const { made, counts } = make([names.join(' '), names.map(() => '10.0.0.1').join(' ')]);
  assert.equal(counts.fieldsLeftOut, 10);
  const { vpcflow } = made[0]!.document['aws'] as { vpcflow: object };
  assert.equal(Object.keys(vpcflow).length, 50);
  assert.equal(make(['srcaddr a.b a:b action.x', '10.0.0.1 1 2 3']).counts.fieldsLeftOut, 0);
  assert.equal(make(['srcaddr log.status a.b a_b', '10.0.0.1 1 2 3']).counts.fieldsLeftOut, 2);
});

test('windows without traffic and lost ones are documents, and counted', () => {
  const header = headerLine(allFields(2));
  const counts = check(header, [
    '2 123456789010 eni-1 - - - - - - - 1431280876 1431280934 - NODATA',
    '2 123456789010 eni-1 - - - - - - - 1431280876 1431280934 - SKIPDATA',
    '2 123456789010 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 1431280876 1431280934 ACCEPT OK',
  ]);
  assert.deepEqual([counts.noData, counts.skipData, counts.documents], [1, 1, 3]);
});

test('numbers beyond 2^53 are exact, and impossible times no times', () => {
  const { made } = make(['bytes start end', '9223372036854775807 9223372036854775807 253402300800']);
  const { document } = made[0]!;
  assert.equal(document['@timestamp'], '1970-01-02T00:00:00.000Z');
  assert.deepEqual(document['event'], {
    kind: 'event',
    category: ['network'],
    module: 'flowgauge',
    dataset: 'flowgauge.flows',
    type: ['connection'],
  });
  const parser = createParser({ format: null, columns: null, origin: 'x' });
  const [batch] = [
    ...parser.push(Buffer.from('bytes start\n9223372036854775807 1\n9007199254740993 2\n- 3\n')),
    ...parser.end(),
  ];
  const room = takeRoom();
  const [first] = [
    ...documentsOf(batch!, 0, ORIGIN, nothing, room, { documents: 0, noData: 0, skipData: 0, fieldsLeftOut: 0 }),
  ];
  const text = Buffer.from(first!.lines).toString();
  assert.match(text, /"network":\{"bytes":9223372036854775807\}/);
  assert.match(text, /"network":\{"bytes":9007199254740993\}/);
  assert.doesNotMatch(text.split('\n')[5]!, /"network":/);
});

test('Community IDs are those of its specification', () => {
  const records: readonly (readonly [string, string])[] = [
    ['128.232.110.120 66.35.250.204 34855 80 6', '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
    ['66.35.250.204 128.232.110.120 80 34855 6', '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
    ['192.168.1.52 8.8.8.8 54585 53 17', '1:d/FP5EW3wiY1vCndhwleRRKHowQ='],
    ['2001:470:e5bf:dead:4957:2174:e82c:4887 2607:f8b0:400c:c03::1a 63943 25 6', '1:/qFaeAR+gFe1KYjMzVDsMv+wgU4='],
  ];
  const { made } = make(['srcaddr dstaddr srcport dstport protocol', ...records.map(([line]) => line)]);
  for (const [at, [line, id]] of records.entries()) {
    const [src = '', dst = '', sport, dport, protocol] = line.split(' ');
    assert.equal(communityId(src, dst, Number(protocol), Number(sport), Number(dport)), id);
    assert.equal((made[at]!.document['network'] as Record<string, unknown>)['community_id'], id);
  }
});

test('what is known of the ends is in the document', () => {
  const enrich: Enrich = (_, source) => ({
    source: { texts: ['{"name":"web"}', ''], column: Int32Array.from(source!.column) },
    destination: { texts: ['{"name":"db"}'], column: Int32Array.of(-1, 0) },
    directions: Int32Array.of(1, -1),
  });
  const { made } = make(['srcaddr dstaddr', '10.0.0.1 10.0.0.2', '10.0.0.2 10.0.0.1'], enrich);
  assert.deepEqual(
    made.map(({ document }) => document['flowgauge']),
    [{ source: { name: 'web' } }, { destination: { name: 'db' } }],
  );
  assert.deepEqual(
    made.map(({ document }) => (document['network'] as Record<string, unknown>)['direction']),
    ['egress', undefined],
  );
});

test('large batches come in several requests, which together are all of it', () => {
  const lines = Array.from({ length: 20_000 }, (_, n) => `10.0.${n >> 8}.${n & 255} 10.0.0.1 ${n} 443 6`);
  const { made } = make(['srcaddr dstaddr srcport dstport protocol', ...lines], nothing, 32_768);
  assert.deepEqual(
    made.map(({ id }) => id),
    lines.map((_, n) => `AAAAAAAAAAAAAAAA-${n}`),
  );
  assert.equal((made[19_999]!.document['source'] as Record<string, unknown>)['port'], 19_999);
});

test('a document has no field that the index does not know', () => {
  const format = allFields(11);
  const line = format.fields.map(({ name, column }) =>
    name.endsWith('addr') ? '10.0.0.1' : name === 'protocol' ? '6' : column === 'VARCHAR' ? 'x' : '7',
  );
  const gateway = transitGatewayFields();
  const other = gateway.fields.map(({ name, column }) =>
    name.endsWith('addr') ? '10.0.0.1' : column === 'VARCHAR' ? 'x' : '7',
  );
  const known = new Set(FLOW_FIELDS.map(({ name }) => name));
  assert.equal(known.size, FLOW_FIELDS.length);
  for (const lines of [
    [headerLine(format), line.join(' ')],
    [headerLine(gateway), other.join(' ')],
  ])
    for (const { document } of make(lines).made)
      for (const name of leaves(document, '')) assert.ok(known.has(name), name);
  for (const { name } of FIELDS)
    assert.ok(known.has(`aws.vpcflow.${name.replaceAll('-', '_')}`) || !name.startsWith('x-'), name);
});

test('the loops as they are written make the same as in WebAssembly', () => {
  const lines = [
    'srcaddr dstaddr srcport dstport protocol bytes start end action new',
    '10.0.0.9 10.0.0.1 1 2 6 9007199254740991 1764504000 1764504060 ACCEPT a"b\\\u007f',
    '2001:db8::2 2001:db8::1 40000 53 17 0 - - - é',
    '10.0.0.1 10.0.0.1 2 1 47 1000000000 1 2 REJECT -',
    '- - - - - - - - - -',
  ];
  assert.deepEqual(make(lines, nothing, 64, new DocumentRoom(true)).made, make(lines).made);
});

function leaves(value: unknown, name: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [name];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, name === '' ? key : `${name}.${key}`));
}
