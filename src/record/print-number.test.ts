import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { GROUP_LINES, Lines } from './lines.ts';
import { ADDRESS_WIDTH, writeAddress4, writeAddress6, writeAddresses } from './print-address.ts';
import { NUMBER_WIDTH, writeCounters, writeNumber, writeSeconds, writeSmallNumbers } from './print-number.ts';
import { createTextBlock } from './text-block.ts';

function text(width: number, write: (out: Uint8Array) => number): string {
  // Addresses are written by whole words.
  const out = new Uint8Array(width + 8).fill(63);
  const end = write(out);
  assert.ok(end <= width);
  return new TextDecoder().decode(out.subarray(0, end));
}

/** What lines of this one column are, without their newlines. */
function column(width: number, values: readonly number[], write: (lines: Lines) => void): string[] {
  const lines = new Lines();
  const block = createTextBlock(1);
  // What a wider group left is in the way.
  lines.begin(GROUP_LINES, width + 1);
  lines.bytes.fill(63);
  lines.begin(values.length, width + 1);
  write(lines);
  lines.give(0, values.length, block);
  return new TextDecoder().decode(block.bytes.subarray(0, block.length)).split('\n').slice(0, -1);
}

const counter = fc.oneof(
  fc.nat(20_000),
  fc.maxSafeNat(),
  fc.integer({ min: 0, max: 53 }).map((bits) => 2 ** bits - 1),
  fc.integer({ min: 0, max: 15 }).map((digits) => 10 ** digits),
);

test('writes any counter as String does', () => {
  fc.assert(
    fc.property(counter, (n) => {
      assert.equal(
        text(NUMBER_WIDTH, (out) => writeNumber(out, 0, n)),
        String(n),
      );
    }),
    { numRuns: 2000 },
  );
});

test('writes columns of counters and seconds as String does, and `-` for a counter that is not known', () => {
  const near = fc.tuple(fc.nat(2_000_000_000), fc.array(fc.nat(20_000))).map(([n, steps]) => steps.map((k) => n + k));
  const values = fc.oneof(fc.array(counter), near).filter((one) => one.length <= GROUP_LINES);
  fc.assert(
    fc.property(values, (numbers) => {
      const wanted = numbers.map(String);
      const given = Float64Array.from(numbers);
      assert.deepEqual(
        column(NUMBER_WIDTH, numbers, (lines) => writeCounters(lines, given)),
        wanted,
      );
      assert.deepEqual(
        column(NUMBER_WIDTH, numbers, (lines) => writeSeconds(lines, given)),
        wanted,
      );
    }),
    { numRuns: 1000 },
  );
  assert.deepEqual(
    column(NUMBER_WIDTH, [7, -1], (lines) => writeCounters(lines, Float64Array.of(7, -1))),
    ['7', '-'],
  );
});

test('writes every port as String does', () => {
  for (let from = 0; from < 65_536; from += GROUP_LINES) {
    const ports = Array.from({ length: GROUP_LINES }, (_, i) => from + i);
    assert.deepEqual(
      column(5, ports, (lines) => writeSmallNumbers(lines, Uint16Array.from(ports))),
      ports.map(String),
    );
  }
});

test('writes seconds near each other and far apart', () => {
  const times = [
    1_700_000_000,
    1_700_000_001,
    1_700_009_999,
    1_700_010_000,
    0,
    9999,
    10_000,
    1_700_000_000,
    1e12,
    1e12 - 1,
  ];
  assert.deepEqual(
    column(NUMBER_WIDTH, times, (lines) => writeSeconds(lines, Float64Array.from(times))),
    times.map(String),
  );
});

test('writes a column of addresses of both families', () => {
  const words6 = Uint32Array.of(9, 9, 9, 9, 0x2001_0db8, 0, 0, 1);
  assert.deepEqual(
    column(ADDRESS_WIDTH, [0, 1], (lines) =>
      writeAddresses(lines, Uint8Array.of(4, 6), Uint32Array.of(0x0a00_00ff, 0), words6, Int32Array.of(0, 4)),
    ),
    ['10.0.0.255', '2001:db8::1'],
  );
});

test('writes IPv4 addresses as ipaddr.js does', () => {
  fc.assert(
    fc.property(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)), (octets) => {
      const word = octets.reduce((sum, octet) => sum * 256 + octet, 0);
      assert.equal(
        text(15, (out) => writeAddress4(new DataView(out.buffer), 0, word)),
        octets.join('.'),
      );
    }),
  );
});

test('writes IPv6 addresses by RFC 5952, as ipaddr.js does', () => {
  const group = fc.oneof(fc.constant(0), fc.nat(0xffff), fc.nat(0xf));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const words = new Uint32Array(8);
      for (let i = 0; i < 4; i++) words[i + 2] = groups[i * 2]! * 65_536 + groups[i * 2 + 1]!;
      const written = text(ADDRESS_WIDTH, (out) => writeAddress6(new DataView(out.buffer), 0, words, 2));
      if (!written.includes('.')) assert.equal(written, new ipaddr.IPv6(groups).toRFC5952String());
      else assert.match(written, /^::ffff:/);
    }),
    { numRuns: 3000 },
  );
});

for (const [groups, wanted] of [
  [[0, 0, 0, 0, 0, 0, 0, 0], '::'],
  [[0, 0, 0, 0, 0, 0, 0, 1], '::1'],
  [[1, 0, 0, 0, 0, 0, 0, 0], '1::'],
  [[0x2001, 0xdb8, 0, 1, 1, 1, 1, 1], '2001:db8:0:1:1:1:1:1'],
  [[0x2001, 0, 0, 1, 0, 0, 0, 1], '2001:0:0:1::1'],
  [[0x2001, 0xdb8, 0, 0, 1, 0, 0, 1], '2001:db8::1:0:0:1'],
  [[0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201], '::ffff:192.0.2.1'],
] as const) {
  test(`writes ${wanted}`, () => {
    const words = Uint32Array.from([0, 1, 2, 3], (i) => groups[i * 2]! * 65_536 + groups[i * 2 + 1]!);
    assert.equal(
      text(ADDRESS_WIDTH, (out) => writeAddress6(new DataView(out.buffer), 0, words, 0)),
      wanted,
    );
  });
}
