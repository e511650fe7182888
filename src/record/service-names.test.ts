import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { parseAddress } from '../network/vpc/addresses.ts';
import { builtInRows } from '../../test/record/aws-rows.ts';
import { isPreferred } from './aws-ranges.ts';
import { builtInRanges, compileRanges, readAwsRanges } from './service-names.ts';
import type { RangeRow } from './aws-ranges.ts';
import type { AwsRanges } from './service-names.ts';

/** Whether a block holds an address, bit by bit. */
function holds(row: RangeRow, words: readonly number[]): boolean {
  for (let bit = 0; bit < row.bits; bit += 32) {
    const shift = Math.max(0, 32 - (row.bits - bit));
    if (row.words[bit / 32]! >>> shift !== words[bit / 32]! >>> shift) return false;
  }
  return true;
}

/** The rule, said plainly. */
function plainly(rows: readonly RangeRow[], family: number, words: readonly number[]): string {
  let best: RangeRow | null = null;
  for (const row of rows) {
    if (row.family !== family || !holds(row, words)) continue;
    const isBetter =
      best === null || row.bits > best.bits || (row.bits === best.bits && isPreferred(row.service, best.service));
    if (isBetter) best = row;
  }
  return best?.service ?? '';
}

function ask(ranges: AwsRanges, family: number, words: readonly number[]): string {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words;
  return ranges.names[ranges.lookup(family, w0, w1, w2, w3)]!;
}

/** Words a step before, at and behind a block's ends. */
function edges(row: RangeRow): number[][] {
  const last = [...row.words];
  for (let bit = row.bits; bit < row.words.length * 32; bit++) {
    last[bit >> 5] = (last[bit >> 5]! | (1 << (31 - (bit & 31)))) >>> 0;
  }
  const step = (words: readonly number[], by: 1 | -1): number[] => {
    const moved = [...words];
    for (let i = moved.length - 1; i >= 0; i--) {
      moved[i] = (moved[i]! + by) >>> 0;
      if (moved[i] !== (by === 1 ? 0 : 0xffff_ffff)) break;
    }
    return moved;
  };
  return [[...row.words], last, step(row.words, -1), step(last, 1)];
}

test('the built-in list is compact, quickly there, and says when AWS made it', () => {
  const source = new URL('aws-ranges.generated.ts', import.meta.url);
  assert.ok(readFileSync(source).length < 400_000);
  assert.match(builtInRanges().createDate, /^\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d$/);
  assert.ok(builtInRanges().names.includes('S3'));
  assert.equal(builtInRanges().names[0], '');
});

test('answers as a plain scan over the rows does, at the ends of blocks and anywhere', () => {
  const rows = builtInRows();
  const ranges = builtInRanges();
  for (let n = 0; n < rows.length; n += 40) {
    const row = rows[n]!;
    for (const words of edges(row)) assert.equal(ask(ranges, row.family, words), plainly(rows, row.family, words));
  }
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), (word) => ask(ranges, 4, [word]) === plainly(rows, 4, [word])),
    { numRuns: 200 },
  );
});

test('the built-in intervals answer at the ends of every block as those that its rows are cut into', () => {
  const cut = compileRanges('x', builtInRows());
  assert.deepEqual(builtInRanges().names, cut.names);
  for (const row of builtInRows()) {
    for (const words of edges(row)) assert.equal(ask(builtInRanges(), row.family, words), ask(cut, row.family, words));
  }
});

test('any nest of blocks answers as a plain scan does', () => {
  const service = fc.constantFrom('AMAZON', 'EC2', 'S3', 'EBS');
  const block = (family: 4 | 6): fc.Arbitrary<RangeRow> =>
    fc.tuple(fc.nat(7), fc.nat(family === 4 ? 32 : 128), fc.boolean(), service).map(([seed, bits, high, name]) => {
      const words = Array.from({ length: family === 4 ? 1 : 4 }, () => (high ? 0xffff_ffff : seed * 0x2492_4924) >>> 0);
      const cut = words.map((word, i) => {
        const kept = Math.max(0, Math.min(32, bits - i * 32));
        return kept === 0 ? 0 : (word >>> (32 - kept)) * 2 ** (32 - kept);
      });
      return { family, words: cut, bits, service: name };
    });
  fc.assert(
    fc.property(fc.array(fc.oneof(block(4), block(6)), { maxLength: 12 }), (rows) => {
      const ranges = compileRanges('x', rows);
      for (const row of rows) {
        for (const words of edges(row)) {
          assert.equal(ask(ranges, row.family, words), plainly(rows, row.family, words));
          // Asked again: the answer that was kept.
          assert.equal(ask(ranges, row.family, words), plainly(rows, row.family, words));
        }
      }
    }),
  );
});

const prefix = (ip_prefix: string, service: string): object => ({ ip_prefix, service });
const list = (prefixes: unknown, ipv6_prefixes: unknown = []): object => ({ createDate: 'd', prefixes, ipv6_prefixes });

test('reads a newer list: longest prefix, then a name other than AMAZON and EC2, then EC2, ties by name', () => {
  const ranges = readAwsRanges(
    list(
      [
        prefix('10.0.0.0/8', 'AMAZON'),
        prefix('10.1.0.0/16', 'AMAZON'),
        prefix('10.1.0.0/16', 'EC2'),
        prefix('10.2.0.0/16', 'EC2'),
        prefix('10.2.0.0/16', 'S3'),
        prefix('10.2.0.0/16', 'EBS'),
        prefix('10.2.3.0/24', 'AMAZON'),
      ],
      [{ ipv6_prefix: '2001:db8::/32', service: 'S3' }],
    ),
  );
  const of = (text: string): string => {
    const { family, words } = parseAddress(text)!;
    return ask(ranges, family, words);
  };
  assert.equal(of('10.0.0.1'), 'AMAZON');
  assert.equal(of('10.1.0.1'), 'EC2');
  assert.equal(of('10.2.0.1'), 'EBS');
  assert.equal(of('10.2.3.4'), 'AMAZON');
  assert.equal(of('11.0.0.0'), '');
  assert.equal(of('2001:db8::1'), 'S3');
  assert.equal(of('2001:db9::1'), '');
});

for (const [why, json] of [
  ['no object', null],
  ['text', 'prefixes'],
  ['no date', { prefixes: [], ipv6_prefixes: [] }],
  ['no prefixes', { createDate: 'd', ipv6_prefixes: [] }],
  ['an entry that is null', list([null])],
  ['an entry without service', list([{ ip_prefix: '10.0.0.0/8' }])],
  ['an address that is none', list([prefix('10.0.0/8', 'S3')])],
  ['too many bits', list([prefix('10.0.0.0/33', 'S3')])],
  ['host bits', list([prefix('10.0.0.1/8', 'S3')])],
  ['IPv6 among IPv4', list([prefix('2001:db8::/32', 'S3')])],
  ['a name with a space', list([prefix('10.0.0.0/8', 'S 3')])],
  ['no block at all', list([])],
] as const) {
  test(`a list with ${why} is refused`, () => {
    assert.throws(() => readAwsRanges(json, 'mine.json'), { code: 'FG_RANGES_UNREADABLE' });
  });
}

const published = fileURLToPath(new URL('../../../shared/data/ip-ranges.json', import.meta.url));
// AWS's list is beside some clones only; the built-in one was made of it.
if (existsSync(published))
  test('the built-in list answers as the published one', () => {
    const json = JSON.parse(readFileSync(published, 'utf8')) as Parameters<typeof readAwsRanges>[0];
    const ranges = readAwsRanges(json);
    if (ranges.createDate !== builtInRanges().createDate) return;
    for (const row of builtInRows()) {
      for (const words of edges(row)) {
        assert.equal(ask(builtInRanges(), row.family, words), ask(ranges, row.family, words));
      }
    }
  });
