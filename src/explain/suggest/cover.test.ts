import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatCidr, parseAddress, parseCidr } from '../../network/vpc/addresses.ts';
import type { Address, Cidr } from '../../network/vpc/snapshot.ts';
import type { PeerGroups, Point } from './cover.ts';
import { coverOf } from './cover.ts';
import type { Rect } from './rect.ts';
import { areaOf, around, covers } from './rect.ts';

const NOBODY: PeerGroups = { all: [], addressesOf: () => 1 };
const WIDE = { bits4: 0, bits6: 0 };
const ROOMY = { four: 60, six: 60 };
const at = (text: string): Address => parseAddress(text)!;
const point = (port: number, peer: Address | number): Point => ({ protocol: 6, port, peer });
const textOf = ({ from, to, peer }: Rect): string =>
  `${from}-${to} ${peer.kind === 'group' ? peer.group.id : formatCidr(peer.cidr)}`;

/** Addresses 10.0.0.0 to 10.0.0.15, ports 1 to 5, interfaces 1 to 4: a cell for each port and peer. */
const PEERS = 20;
const PORTS = 5;
const addressOf = (peer: number): Address => at(`10.0.0.${peer}`);
const GROUPS: PeerGroups = {
  all: [
    { id: 'sg-a', members: new Set([1, 2]), size: 2 },
    { id: 'sg-b', members: new Set([2, 3]), size: 2 },
    { id: 'sg-c', members: new Set([1, 2, 3, 4]), size: 4 },
  ],
  addressesOf: () => 1,
};
const bit = (peer: number, port: number): bigint => 1n << BigInt((port - 1) * PEERS + peer);

/** Cells that a rule admits. */
function cellsOf({ from, to, peer }: Rect): bigint {
  let cells = 0n;
  for (let port = from; port <= to; port++)
    for (let one = 0; one < PEERS; one++) {
      const isIn =
        peer.kind === 'group'
          ? one >= 16 && peer.group.members.has(one - 15)
          : one < 16 && covers(peer.cidr, { ...addressOf(one), bits: 32 });
      if (isIn) cells |= bit(one, port);
    }
  return cells;
}

function sizeOf(cells: bigint): number {
  return cells.toString(2).replaceAll('0', '').length;
}

/** The least that at most `limit` rules can admit: all sets of rules that could be worth it are tried. */
function bruteForce(needed: readonly (readonly [port: number, peer: number])[], limit: number): number {
  const ports = [...new Set(needed.map(([port]) => port))];
  const blocks = new Map<string, Cidr>();
  const addresses = needed.filter(([, peer]) => peer < 16).map(([, peer]): Cidr => ({ ...addressOf(peer), bits: 32 }));
  for (const a of addresses) for (const b of addresses) blocks.set(formatCidr(around(a, b)), around(a, b));
  const peers: Rect['peer'][] = [
    ...[...blocks.values()].map((cidr) => ({ kind: 'block' as const, cidr })),
    ...GROUPS.all.map((group) => ({ kind: 'group' as const, group, used: new Set<number>() })),
  ];
  const candidates: bigint[] = [];
  for (const from of ports)
    for (const to of ports)
      if (from <= to) for (const peer of peers) candidates.push(cellsOf({ protocol: 6, from, to, peer, sources: 1 }));
  let best = Infinity;
  const go = (left: number, cells: bigint): void => {
    if (sizeOf(cells) >= best) return;
    const open = needed.find(([port, peer]) => (cells & bit(peer, port)) === 0n);
    if (open === undefined) best = sizeOf(cells);
    else if (left > 0)
      for (const one of candidates) if ((one & bit(open[1], open[0])) !== 0n) go(left - 1, cells | one);
  };
  go(limit, 0n);
  return best;
}

test('admits at most 1.1 times what the smallest set does, on 50 small cases', () => {
  let widened = 0;
  let exact = 0;
  const cell = fc.tuple(fc.integer({ min: 1, max: PORTS }), fc.nat(PEERS - 1));
  fc.assert(
    fc.property(
      fc.uniqueArray(cell, { minLength: 2, maxLength: 7, selector: String }),
      fc.integer({ min: 1, max: 3 }),
      (cells, limit) => {
        const least = bruteForce(cells, limit);
        const points = cells.map(([port, peer]) => point(port, peer < 16 ? addressOf(peer) : peer - 15));
        const found = coverOf(points, GROUPS, { four: limit, six: limit }, WIDE);
        assert.equal(found.fits, least < Infinity);
        if (!found.fits) return;
        const admitted = found.rules.reduce((sum, one) => sum | cellsOf(one), 0n);
        for (const [port, peer] of cells) assert.notEqual(admitted & bit(peer, port), 0n);
        assert.ok(found.rules.length <= limit);
        assert.ok(
          sizeOf(admitted) <= least * 1.1,
          `${sizeOf(admitted)} against ${least}: ${found.rules.map(textOf).join(', ')}`,
        );
        if (found.isWidened) widened++;
        else exact++;
      },
    ),
    { numRuns: 400, seed: 4 },
  );
  assert.ok(widened >= 50 && exact >= 10, `${widened} widened, ${exact} exact`);
});

test('without widening admits exactly what is needed, with no more rules than the fewest', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(7)), {
        minLength: 1,
        maxLength: 14,
        selector: String,
      }),
      (cells) => {
        const points = cells.map(([port, peer]) => point(port, addressOf(peer)));
        const { rules } = coverOf(points, NOBODY, ROOMY, null);
        const needed = cells.reduce((sum, [port, peer]) => sum | bit(peer, port), 0n);
        assert.equal(
          rules.reduce((sum, one) => sum | cellsOf(one), 0n),
          needed,
        );
      },
    ),
    { numRuns: 300 },
  );
  const square = [1, 2].flatMap((port) => [0, 1, 2, 3].map((peer) => point(port, addressOf(peer))));
  assert.deepEqual(coverOf([...square, point(2, addressOf(8))], NOBODY, ROOMY, null).rules.map(textOf), [
    '1-2 10.0.0.0/30',
    '2-2 10.0.0.8/32',
  ]);
});

test('says that there is no room rather than widen unasked', () => {
  const points = Array.from({ length: 10 }, (_, i) => point(443, at(`198.51.100.${i * 2}`)));
  const room = { four: 5, six: 5 };
  const found = coverOf(points, NOBODY, room, null);
  assert.deepEqual([found.fits, found.isWidened, found.rules.length], [false, false, 10]);
  const wider = coverOf(points, NOBODY, room, { bits4: 24, bits6: 64 });
  assert.deepEqual([wider.fits, wider.isWidened, wider.rules.length <= 5], [true, true, true]);
  assert.ok(wider.rules.every(({ peer }) => peer.kind === 'block' && peer.cidr.bits >= 24));
});

test('never opens to all addresses for fewer than 50 sources, however wide is allowed', () => {
  const far = (count: number): Point[] =>
    Array.from({ length: count }, (_, i) => point(443, at(`${(i * 37) % 223}.${i}.7.9`)));
  const room = { four: 1, six: 1 };
  assert.equal(coverOf(far(49), NOBODY, room, WIDE).fits, false);
  const many = coverOf(far(50), NOBODY, room, WIDE);
  assert.deepEqual(many.rules.map(textOf), ['443-443 0.0.0.0/0']);
});

test('holds ten thousand sources within the limit, in blocks that are near them', () => {
  const points = Array.from({ length: 10_000 }, (_, i) =>
    point(443, at(`${20 + (i % 40)}.1.${i % 256}.${(i * 7) % 256}`)),
  );
  const found = coverOf(points, NOBODY, ROOMY, { bits4: 8, bits6: 32 });
  assert.ok(found.fits && found.rules.length <= 60);
  for (const { peer } of points)
    assert.ok(
      found.rules.some((one) => one.peer.kind === 'block' && covers(one.peer.cidr, { ...(peer as Address), bits: 32 })),
    );
  const area = found.rules.reduce((sum, one) => sum + areaOf(one), 0);
  assert.ok(area <= 40 * 65_536, `${area}`);
});

test('IPv6 and IPv4 have each their own room', () => {
  const four = [1, 2, 3].map((i) => point(443, at(`10.0.0.${i * 16}`)));
  const six = [1, 2, 3].map((i) => point(443, at(`2001:db8::${i}00`)));
  const found = coverOf([...four, ...six], NOBODY, { four: 3, six: 1 }, { bits4: 8, bits6: 64 });
  assert.ok(found.fits);
  assert.equal(found.rules.filter(({ peer }) => peer.kind === 'block' && peer.cidr.family === 4).length, 3);
  assert.deepEqual(around(parseCidr('2001:db8::100/128')!, parseCidr('2001:db8::300/128')!).bits, 118);
});
