import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { ADDRESS_WIDTH, writeAddress4, writeAddress6 } from './print-address.ts';
import { NUMBER_WIDTH, writeNumber, writeSeconds } from './print-number.ts';

function text(width: number, write: (out: Uint8Array) => number): string {
  const out = new Uint8Array(width + 8).fill(63);
  const end = write(out);
  assert.ok(end <= width);
  return new TextDecoder().decode(out.subarray(0, end));
}

test('writes any counter as String does', () => {
  const counter = fc.oneof(
    fc.nat(20_000),
    fc.maxSafeNat(),
    fc.integer({ min: 0, max: 53 }).map((bits) => 2 ** bits - 1),
    fc.integer({ min: 0, max: 15 }).map((digits) => 10 ** digits),
  );
  fc.assert(
    fc.property(counter, (n) => {
      assert.equal(
        text(NUMBER_WIDTH, (out) => writeNumber(out, 0, n)),
        String(n),
      );
      assert.equal(
        text(NUMBER_WIDTH, (out) => writeSeconds(out, 0, n)),
        String(n),
      );
    }),
    { numRuns: 2000 },
  );
});

test('writes seconds near each other and far apart', () => {
  for (const seconds of [1_700_000_000, 1_700_000_001, 1_700_009_999, 1_700_010_000, 0, 9999, 10_000, 1_700_000_000]) {
    assert.equal(
      text(NUMBER_WIDTH, (out) => writeSeconds(out, 0, seconds)),
      String(seconds),
    );
  }
});

test('writes IPv4 addresses as ipaddr.js does', () => {
  fc.assert(
    fc.property(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)), (octets) => {
      const word = octets.reduce((sum, octet) => sum * 256 + octet, 0);
      assert.equal(
        text(15, (out) => writeAddress4(out, 0, word)),
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
      const written = text(ADDRESS_WIDTH, (out) => writeAddress6(out, 0, words, 2));
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
      text(ADDRESS_WIDTH, (out) => writeAddress6(out, 0, words, 0)),
      wanted,
    );
  });
}
