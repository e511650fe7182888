import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { contains, formatCidr, hostCidr } from '../../network/vpc/addresses.ts';
import type { Cidr } from '../../network/vpc/snapshot.ts';
import type { RuleTally } from './rule-tallies.ts';
import { RuleTallies } from './rule-tallies.ts';

const MOST = 2;

type Counted = {
  readonly rule: number;
  readonly packets: number;
  readonly first: number;
  readonly protocol: number;
  readonly port: number;
  readonly family: 4 | 6;
  readonly words: readonly number[];
};

const word = fc.constantFrom(0, 1, 2, 0x0a000001, 0x0a0000ff, 0x8000_0000, 0xffff_ffff);
const counted: fc.Arbitrary<Counted> = fc.record({
  rule: fc.nat(1),
  packets: fc.nat(9),
  first: fc.nat(5),
  protocol: fc.constantFrom(1, 6, 17, 255),
  port: fc.constantFrom(-1, 0, 22, 443, 65_535),
  family: fc.constantFrom(4 as const, 6 as const),
  words: fc.tuple(word, word, word, word),
});

/** The longest block around some addresses, found by trying. */
function aroundOf(addresses: readonly Cidr[]): Cidr | null {
  const [one] = addresses;
  if (one === undefined) return null;
  for (let { bits } = one; ; bits--) {
    const words = one.words.map((value, i) => {
      const kept = Math.min(32, Math.max(0, bits - i * 32));
      return kept === 0 ? 0 : (value & ((0xffff_ffff << (32 - kept)) >>> 0)) >>> 0;
    });
    const block = { family: one.family, bits, words };
    if (addresses.every((address) => contains(block, address))) return block;
  }
}

/** What was counted of a rule, with an object for each. */
function plainly(all: readonly Counted[]): Omit<RuleTally, 'around'> & { readonly around: readonly string[] } {
  const hosts = all.map(({ family, words }) => hostCidr({ family, words: words.slice(0, family === 4 ? 1 : 4) }));
  const peers = new Set(hosts.map(formatCidr));
  const ports = new Map<number, number>();
  for (const { port } of all) if (port >= 0) ports.set(port, (ports.get(port) ?? 0) + 1);
  return {
    conversations: all.length,
    packets: all.reduce((sum, { packets }) => sum + packets, 0),
    bytes: all.reduce((sum, { packets }) => sum + packets * 10, 0),
    firstSeconds: Math.min(...all.filter(({ first }) => first > 0).map(({ first }) => first), Infinity),
    lastSeconds: Math.max(...all.map(({ first }) => first + 1)),
    ports,
    protocols: [...new Set(all.map(({ protocol }) => protocol))].sort((a, b) => a - b),
    peers: Math.min(MOST, peers.size),
    hasMorePeers: peers.size > MOST,
    around: ([4, 6] as const).flatMap((family) => {
      const block = aroundOf(hosts.filter((host) => host.family === family));
      return block === null ? [] : [formatCidr(block)];
    }),
  };
}

test('counts of rules are those of counting one by one, however many peers are told apart', () => {
  fc.assert(
    fc.property(fc.array(counted, { maxLength: 120 }), fc.integer({ min: 1, max: 20 }), (all, gathered) => {
      const tallies = new RuleTallies(MOST, gathered);
      for (const { rule, packets, first, protocol, port, family, words } of all) {
        // Of IPv4 the other words are 0.
        const address = Uint32Array.from([7, ...(family === 4 ? [words[0]!, 0, 0, 0] : words)]);
        tallies.count(rule, packets, packets * 10, first, first + 1, protocol, port, family, address, 1);
      }
      for (const [rule, tally] of tallies.read().entries()) {
        const own = all.filter((one) => one.rule === rule);
        if (own.length === 0) assert.equal(tally.conversations, 0);
        else {
          const wanted = plainly(own);
          assert.deepEqual(
            { ...tally, around: tally.around.map(formatCidr), firstSeconds: tally.firstSeconds || Infinity },
            wanted,
          );
        }
      }
    }),
    { numRuns: 300 },
  );
});
