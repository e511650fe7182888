import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAddress, parseCidr } from '../../network/vpc/addresses.ts';
import type { AddressRange } from './address-range.ts';
import { addressOf, cut, joined, numberOf, rangeOf, rangeText, without } from './address-range.ts';
import { overPorts, rangesWhere } from './port-ranges.ts';
import type { Rule } from '../../network/vpc/snapshot.ts';

const block = fc
  .record({ last: fc.nat(255), bits: fc.integer({ min: 22, max: 32 }) })
  .map(({ last, bits }) => parseCidr(`10.0.${last % 4}.${last}/${bits}`)!);
const sizeOf = (ranges: readonly AddressRange[]): bigint =>
  ranges.reduce((sum, { low, high }) => sum + high - low + 1n, 0n);

test('pieces of a range are all of it, and each block holds all of a piece or nothing', () => {
  fc.assert(
    fc.property(block, fc.array(block, { maxLength: 6 }), (whole, blocks) => {
      const pieces = cut(rangeOf(whole), blocks);
      assert.deepEqual(joined(pieces), [rangeOf(whole)]);
      assert.equal(sizeOf(pieces), sizeOf([rangeOf(whole)]));
      for (const { low, high } of pieces)
        for (const one of blocks.map(rangeOf)) {
          const isIn = low >= one.low && high <= one.high;
          assert.ok(isIn || high < one.low || low > one.high);
        }
    }),
  );
});

test('what is left without some blocks and what they take are all there was', () => {
  fc.assert(
    fc.property(block, fc.array(block, { maxLength: 6 }), (whole, blocks) => {
      const left = without([rangeOf(whole)], blocks.map(rangeOf));
      const taken = without([rangeOf(whole)], left);
      assert.deepEqual(joined([...left, ...taken]), [rangeOf(whole)]);
      for (const { low, high } of left)
        for (const one of blocks.map(rangeOf)) assert.ok(high < one.low || low > one.high);
    }),
  );
});

test('ranges are written as an address, a block, or from-to, in both families', () => {
  const text = (from: string, to: string): string => {
    const low = parseAddress(from)!;
    return rangeText({ family: low.family, low: numberOf(low), high: numberOf(parseAddress(to)!) });
  };
  assert.equal(text('10.0.0.4', '10.0.0.4'), '10.0.0.4');
  assert.equal(text('10.0.0.4', '10.0.0.7'), '10.0.0.4/30');
  assert.equal(text('10.0.0.3', '10.0.0.6'), '10.0.0.3-10.0.0.6');
  assert.equal(text('2001:db8::', '2001:db8::ffff:ffff:ffff:ffff'), '2001:db8::/64');
  assert.deepEqual(addressOf(6, numberOf(parseAddress('2001:db8::7')!)), parseAddress('2001:db8::7'));
});

test('ports are asked once for each piece that rules can tell apart', () => {
  const rule = (fromPort: number, toPort: number): Rule => ({ fromPort, toPort }) as Rule;
  const asked: number[] = [];
  const pieces = overPorts([1024, 65_535], [rule(0, 65_535), rule(2000, 2999), rule(50_000, 65_535)], (port) => {
    asked.push(port);
    return port >= 2000 && port < 50_000;
  });
  assert.deepEqual(asked, [1024, 2000, 3000, 50_000]);
  assert.deepEqual(
    rangesWhere(pieces, (answer) => answer),
    [[2000, 49_999]],
  );
});
