import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { columnName } from './fields/list.ts';
import { DEFAULT_FORMAT, allFields, headerLine, parseLogFormat, transitGatewayFields } from './format.ts';
import { textsOf } from './columns.ts';
import { createParser } from './parse.ts';
import { printColumns } from './print-columns.ts';
import { createTextBlock } from './text-block.ts';
import type { RecordColumns } from './columns.ts';
import type { ParserOptions, RecordParser } from './parse.ts';

const encoder = new TextEncoder();
const HEADER = headerLine(parseLogFormat(DEFAULT_FORMAT));
const RECORD = '2 123456789010 eni-1 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK';

function parserOf(options: Partial<ParserOptions> = {}): RecordParser {
  return createParser({ format: null, columns: null, origin: 'a.log', ...options });
}

/** Reads a text cut before these places. */
function read(parser: RecordParser, text: string | Uint8Array, cuts: readonly number[] = []): RecordColumns[] {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text;
  const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
  const batches = places.slice(1).flatMap((to, i) => parser.push(bytes.slice(places[i], to)));
  return [...batches, ...parser.end()];
}

/** The lines that the columns print to. */
function linesOf(batches: readonly RecordColumns[]): string[] {
  const block = createTextBlock();
  for (const batch of batches) printColumns(batch, block);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(block.bytes.subarray(0, block.length));
  return text.split('\n').slice(0, -1);
}

test('reads columns with the types of their fields', () => {
  const [batch] = read(parserOf(), `${HEADER}\n${RECORD}\n`);
  assert.deepEqual(
    batch!.columns.map(({ name, type, dictionary, valid }) => [
      name,
      type,
      dictionary === null ? null : textsOf(dictionary).join(),
      valid,
    ]),
    [
      ['version', 'i32', null, null],
      ['account_id', 'u32', '123456789010', null],
      ['interface_id', 'u32', 'eni-1', null],
      ['srcaddr', 'u32', '172.31.16.139', null],
      ['dstaddr', 'u32', '172.31.16.21', null],
      ['srcport', 'i32', null, null],
      ['dstport', 'i32', null, null],
      ['protocol', 'i32', null, null],
      ['packets', 'i64', null, null],
      ['bytes', 'i64', null, null],
      ['start', 'i64', null, null],
      ['end', 'i64', null, null],
      ['action', 'u32', 'ACCEPT', null],
      ['log_status', 'u32', 'OK', null],
    ],
  );
});

test('an absent value is a 0 bit, and only columns that have one carry bits', () => {
  const text = `start action\n${'1 ACCEPT\n'.repeat(9)}2 -\n- REJECT\n`;
  const [batch] = read(parserOf(), text);
  assert.deepEqual([...batch!.columns[0]!.valid!], [255, 251]);
  assert.deepEqual([...batch!.columns[1]!.valid!], [255, 253]);
  const [other] = read(parserOf(), 'start\n1\n');
  assert.equal(other!.columns[0]!.valid, null);
});

test('gives the wanted columns only, in the order they are wanted, by either spelling', () => {
  const parser = parserOf({ columns: ['log-status', 'bytes', 'vpc_id', 'srcaddr', 'bytes'] });
  const [batch] = read(parser, `${HEADER}\n${RECORD}\n${RECORD}\n`);
  assert.deepEqual(
    batch!.columns.map((column) => column.name),
    ['log_status', 'bytes', 'srcaddr'],
  );
  assert.deepEqual(linesOf([batch!]), ['OK 4249 172.31.16.139', 'OK 4249 172.31.16.139']);
  assert.deepEqual(parser.described, []);
});

test('counts rows where no column is wanted', () => {
  const [batch] = read(parserOf({ columns: [] }), `${HEADER}\n${RECORD}\n${RECORD} x\n${RECORD}\n`);
  assert.equal(batch!.rows, 2);
});

test('reads default records without header, and with the format of their flow log', () => {
  assert.deepEqual(linesOf(read(parserOf(), `${RECORD}\n`)), [RECORD]);
  const format = parseLogFormat('${srcaddr} ${bytes}');
  assert.deepEqual(linesOf(read(parserOf({ format }), '10.0.0.1 5\n')), ['10.0.0.1 5']);
});

test('a file’s own header goes before the format it was said to have', () => {
  const parser = parserOf({ format: parseLogFormat('${srcaddr} ${bytes}') });
  assert.deepEqual(linesOf(read(parser, '\uFEFFbytes srcaddr\n5 10.0.0.1\n')), ['5 10.0.0.1']);
  assert.equal(headerLine(parser.format!), 'bytes srcaddr');
});

test('a file that is neither is refused', () => {
  assert.throws(() => read(parserOf(), 'GET / HTTP/1.1\n'), { code: 'FG_HEADER_MISSING' });
  assert.throws(() => read(parserOf(), '1 2 3\n'), { code: 'FG_HEADER_MISSING' });
});

test('reads CRLF, empty lines, repeated headers and a last line without newline', () => {
  const parser = parserOf();
  const text = `\n${HEADER}\r\n${RECORD}\r\n\r\n\n${HEADER}\n${RECORD}`;
  assert.deepEqual(linesOf(read(parser, text)), [RECORD, RECORD]);
  assert.equal(parser.badLines, 0);
});

test('passes over repeated headers where every field of them could be read too', () => {
  const names = 'instance-id interface-id srcaddr';
  assert.deepEqual(linesOf(read(parserOf(), `${names}\ni-1 eni-1 ::1\n${names}\r\n${names}`)), ['i-1 eni-1 ::1']);
  const addresses = parserOf({ columns: ['srcaddr'] });
  assert.deepEqual(linesOf(read(addresses, `${HEADER}\n${RECORD}\n${HEADER}\n${RECORD}\n`)), [
    '172.31.16.139',
    '172.31.16.139',
  ]);
  const columns = 'instance_id srcaddr';
  assert.deepEqual(linesOf(read(parserOf(), `${columns}\ni-1 ::1\n${columns}\n`)), ['i-1 ::1']);
});

test('an empty file has no rows', () => {
  assert.deepEqual(read(parserOf(), ''), []);
  assert.deepEqual(read(parserOf(), `${HEADER}\n`), []);
});

test('counts broken lines with their cause, line and field, and reads the others', () => {
  const parser = parserOf();
  const lines = [
    HEADER,
    RECORD,
    `${RECORD} more`,
    RECORD.replace(' OK', ''),
    RECORD.replace('20641', '20641x'),
    RECORD.replace('20641', '-5'),
    RECORD.replace(' 22 ', '  '),
    RECORD.replace('4249', '9223372036854775808'),
    RECORD.replace(' 6 ', ' 2147483648 '),
    RECORD.replace('ACCEPT', 'ACC\tEPT'),
    ` ${RECORD}`,
    `${RECORD} `,
    'x'.repeat(70_000),
    RECORD.replace('4249', '9223372036854775807'),
  ];
  const text = lines.join('\n');
  const got = linesOf(read(parser, text, [5, 2000, 40_000]));
  assert.deepEqual(got, [RECORD, lines.at(-1)]);
  assert.deepEqual(
    parser.described.map(({ origin, line, cause, field }) => [origin, line, cause, field]),
    [
      ['a.log', 3, 'field-count', null],
      ['a.log', 4, 'field-count', null],
      ['a.log', 5, 'not-a-number', 'srcport'],
      ['a.log', 6, 'not-a-number', 'srcport'],
      ['a.log', 7, 'field-count', null],
      ['a.log', 8, 'too-large', 'bytes'],
      ['a.log', 9, 'too-large', 'protocol'],
      ['a.log', 10, 'field-count', null],
      ['a.log', 11, 'field-count', null],
      ['a.log', 12, 'field-count', null],
      ['a.log', 13, 'too-long', null],
    ],
  );
  assert.equal(parser.badLines, 11);
});

test('describes the first of many broken lines and counts all', () => {
  const parser = parserOf();
  read(parser, `${HEADER}\n${'x y\n'.repeat(100)}`);
  assert.equal(parser.badLines, 100);
  assert.equal(parser.described.length, 20);
});

test('what a broken line had written is not seen', () => {
  const parser = parserOf();
  const text = 'start srcaddr action\n- - x y\n1 10.0.0.1 ACCEPT\n2 ::1 - x\n3 10.0.0.2 -\n';
  assert.deepEqual(linesOf(read(parser, text)), ['1 10.0.0.1 ACCEPT', '3 10.0.0.2 -']);
  assert.equal(parser.badLines, 2);
});

test('texts of broken lines do not grow beyond their places', () => {
  const columns = Array.from({ length: 2000 }, (_, i) => `10.${i >> 8}.${i & 255}.1 eni-${i} ${i % 9 === 0 ? 1 : 'x'}`);
  const wanted = columns.filter((_, i) => i % 9 === 0);
  for (const good of [columns, columns.filter((_, i) => i % 9 !== 0).concat(wanted)]) {
    const parser = parserOf({ rowsPerBatch: 64 });
    const batches = read(parser, `srcaddr interface-id start\n${good.join('\n')}\n`);
    assert.deepEqual(linesOf(batches), wanted);
    assert.ok(batches.every(({ rows }) => rows > 0 && rows <= 64));
    assert.equal(parser.badLines, columns.length - wanted.length);
  }
});

test('keeps addresses, ids and times as they are spelt', () => {
  const lines = [
    '000000000000 eni-102010ab 010.0.0.1 1.2.3.256 1439387263000',
    '12345678910 eni-1235b8ca123456789 ::ffff:1.2.3.4 0.0.0.0 1',
    'unknown nat-1 255.255.255.255 1.2.3 9007199254740993',
    '- - 1.2.3.4.5 1..2.3 9223372036854775807',
    '007 - 2001:DB8::1 0.0.0.00 4294967296',
    'é ü fe80::1%eth0 -- 4294967295',
  ];
  const header = 'account-id interface-id srcaddr pkt-dstaddr start';
  assert.deepEqual(linesOf(read(parserOf(), `${header}\n${lines.join('\n')}\n`)), lines);
});

test('a line with bytes that are no UTF-8 is broken', () => {
  const parser = parserOf();
  const bytes = encoder.encode('srcaddr action\nXX ACCEPT\n10.0.0.1 OK\n');
  bytes.set([0xff, 0xfe], 15);
  assert.deepEqual(linesOf(read(parser, bytes)), ['10.0.0.1 OK']);
  assert.deepEqual(parser.described, [{ origin: 'a.log', line: 2, cause: 'not-text', field: 'srcaddr' }]);
});

test('gives batches as they become full, and takes their buffers back', () => {
  const parser = parserOf({ rowsPerBatch: 64 });
  const lines = Array.from({ length: 1000 }, (_, i) => `${i % 3 === 0 ? '-' : i} 10.0.${i % 7}.${i % 5} w${i % 11}`);
  const got: string[] = [];
  const buffers = new Set<ArrayBuffer>();
  const take = (batches: readonly RecordColumns[]): void => {
    got.push(...linesOf(batches));
    for (const { buffer, rows } of batches) {
      assert.ok(rows <= 64);
      buffers.add(buffer);
      parser.giveBack(buffer);
    }
  };
  take(parser.push(encoder.encode('start srcaddr action\n')));
  for (const line of lines) take(parser.push(encoder.encode(`${line}\n`)));
  take(parser.end());
  assert.deepEqual(got, lines);
  assert.ok(buffers.size <= 2);
});

test('thousands of different addresses and words come back', () => {
  const lines = Array.from(
    { length: 20_000 },
    (_, i) => `${(i * 7919) % 256}.${i % 256}.${i >> 8}.1 eni-${(i * 31) % 9973}`,
  );
  const text = `srcaddr interface-id\n${lines.join('\n')}\n`;
  assert.deepEqual(linesOf(read(parserOf({ rowsPerBatch: 4096 }), text)), lines);
});

const word = fc.stringMatching(/^[A-Za-z0-9:._/%-]{1,12}$/);
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom('10.0.0.1', '10.0.0.2', '01.2.3.4', '1.2.3', '1.2.3.4.'),
  word,
);
const number = (most: bigint): fc.Arbitrary<string> =>
  fc.oneof(
    fc.nat(70_000).map(String),
    fc.bigInt({ min: 0n, max: most }).map(String),
    fc.constantFrom('0', '9', '10', '999999999', '1000000000', String(most)),
  );

test('any records of any format, cut anywhere, come back byte for byte', () => {
  const format = fc.oneof(
    fc.shuffledSubarray([...allFields(11).fields.map((field) => field.name), 'x-rule-id', 'my-own'], {
      minLength: 1,
      maxLength: 20,
    }),
    fc.shuffledSubarray(
      transitGatewayFields().fields.map((field) => field.name),
      { minLength: 1, maxLength: 20 },
    ),
  );
  const types = new Map([...allFields(11).fields, ...transitGatewayFields().fields].map((f) => [f.name, f.column]));
  // A header of unknown names only is told by nothing from a record.
  const withHeader = format.filter((names) => names.some((name) => name !== 'my-own'));
  const file = withHeader.chain((names) => {
    const values = names.map((name) => {
      const column = types.get(name) ?? 'VARCHAR';
      const value =
        column === 'INTEGER'
          ? number(2_147_483_647n)
          : column === 'BIGINT'
            ? number(9_223_372_036_854_775_807n)
            : name.endsWith('addr')
              ? address
              : word;
      return fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: fc.constant('-') });
    });
    const line = fc.tuple(...values).map((parts) => parts.join(' '));
    return fc.tuple(fc.constant(names), fc.array(line, { maxLength: 150 }));
  });
  fc.assert(
    fc.property(file, fc.array(fc.nat(4000), { maxLength: 6 }), fc.boolean(), ([names, lines], cuts, ends) => {
      const parser = parserOf({ rowsPerBatch: 64 });
      const text = [names.join(' '), ...lines].join('\n') + (ends ? '\n' : '');
      // A record of field names alone, in a file of field names: a repeated header.
      const wanted = lines.filter((line) => line !== names.join(' '));
      assert.deepEqual(linesOf(read(parser, text, cuts)), wanted);
      assert.equal(parser.badLines, 0);
    }),
  );
});

test('a projection gives what the whole gives of these columns', () => {
  const fields = allFields(5).fields.map((field) => field.name);
  fc.assert(
    fc.property(fc.shuffledSubarray(fields), fc.nat(), (wanted, seed) => {
      const line = (n: number): string =>
        allFields(5)
          .fields.map((field, i) => ((seed + n + i) % 5 === 0 ? '-' : field.column === 'VARCHAR' ? `w${n % i}` : n + i))
          .join(' ');
      const text = `${fields.join(' ')}\n${Array.from({ length: 70 }, (_, n) => line(n)).join('\n')}\n`;
      const whole = linesOf(read(parserOf(), text)).map((one) => one.split(' '));
      const part = linesOf(read(parserOf({ columns: wanted.map(columnName) }), text));
      const expected = whole.map((parts) => wanted.map((name) => parts[fields.indexOf(name)]).join(' '));
      assert.deepEqual(part, expected);
    }),
    { numRuns: 30 },
  );
});
