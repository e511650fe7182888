import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { contains, parseAddress } from '../../network/vpc/addresses.ts';
import type { Rule, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { EntryWords, RuleWords } from '../../network/verdict/told-network.ts';
import { network } from '../../network/verdict/told-network.ts';
import { snapshotOf } from '../records/told-records.ts';
import { shadowedRules } from './shadowed.ts';

const ADDRESSES = Array.from({ length: 17 }, (_, i) => parseAddress(`10.0.0.${i}`)!);
const PORTS = [0, 1, 2, 3, 4, 5, 6, 65535];
const PACKETS = ADDRESSES.flatMap((address) =>
  PORTS.flatMap((port) => [6, 17].map((protocol) => ({ address, port, protocol }))),
);
type Packet = (typeof PACKETS)[number];

/** The plain reading of a rule. */
function fits(rule: Rule, { address, port, protocol }: Packet): boolean {
  const { peer } = rule;
  if (peer.kind !== 'cidr' || !contains(peer.cidr, address)) return false;
  return rule.protocol < 0 || (rule.protocol === protocol && rule.fromPort <= port && port <= rule.toPort);
}

const anyBlock = fc
  .tuple(fc.integer({ min: 27, max: 32 }), fc.integer({ min: 0, max: 15 }))
  .map(([bits, host]) => `10.0.0.${host & (0xff << (32 - bits)) & 0xff}/${bits}`);
const anyPorts = fc
  .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const anyTraffic = fc.tuple(fc.constantFrom('tcp', 'tcp', 'udp', '-1'), anyPorts, anyBlock);

const rulesOf = (snapshot: VpcSnapshot, numbers: readonly number[]): Rule[] =>
  numbers.map((number) => snapshot.rules[number]!);

describe('shadowed rules', () => {
  it('of a group change nothing when they go together, and each of the others is needed', () => {
    let [shadowedCount, others] = [0, 0];
    fc.assert(
      fc.property(fc.array(anyTraffic, { minLength: 1, maxLength: 10 }), (traffic) => {
        const words = traffic.map(([protocol, [from, to], cidr], i): RuleWords => [
          `sgr-${i}`,
          'sg-a',
          'in',
          protocol,
          from,
          to,
          cidr,
        ]);
        const snapshot = snapshotOf(network(words));
        const rules = rulesOf(snapshot, snapshot.groups.find(({ id }) => id === 'sg-a')!.ingress);
        const shadowed = shadowedRules(snapshot);
        const left = rules.filter(({ number }) => !shadowed.has(number));
        const admits = (list: readonly Rule[], packet: Packet): boolean => list.some((rule) => fits(rule, packet));
        for (const packet of PACKETS) assert.equal(admits(left, packet), admits(rules, packet));
        for (const rule of left) {
          const rest = left.filter((one) => one !== rule);
          assert.equal(
            PACKETS.some((packet) => fits(rule, packet) && !admits(rest, packet)),
            true,
            rule.id,
          );
        }
        for (const [number, cover] of shadowed) {
          const rule = snapshot.rules[number]!;
          assert.equal(
            PACKETS.every((packet) => !fits(rule, packet) || admits(cover, packet)),
            true,
          );
        }
        shadowedCount += shadowed.size;
        others += left.length;
      }),
      { numRuns: 300 },
    );
    assert.equal(Math.min(shadowedCount, others) > 100, true);
  });

  it('of an ACL never decide, and each of the others does', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyTraffic, fc.boolean()), { minLength: 1, maxLength: 10 }), (list) => {
        const entries = list.map(([[protocol, [from, to], cidr], allows], i): EntryWords => {
          const number = protocol === 'tcp' ? '6' : protocol === 'udp' ? '17' : '-1';
          return [i + 1, 'in', allows ? 'allow' : 'deny', number, from, to, cidr];
        });
        const snapshot = snapshotOf(network([], entries));
        const rules = rulesOf(snapshot, snapshot.acls.find(({ id }) => id === 'acl-a')!.ingress);
        const shadowed = shadowedRules(snapshot);
        const deciding = new Set(PACKETS.map((packet) => rules.find((rule) => fits(rule, packet))?.number));
        for (const { number, order } of rules)
          if (order < 32767) assert.equal(shadowed.has(number), !deciding.has(number));
      }),
      { numRuns: 300 },
    );
  });

  it('of two rules that say the same the one with the higher id', () => {
    const snapshot = snapshotOf(
      network([
        ['sgr-1', 'sg-a', 'in', 'tcp', 22, 22, '10.0.0.0/8'],
        ['sgr-2', 'sg-a', 'in', 'tcp', 22, 22, '10.0.0.0/8'],
      ]),
    );
    const found = [...shadowedRules(snapshot)].map(([number, cover]) => [
      snapshot.rules[number]?.id,
      cover.map(({ id }) => id),
    ]);
    assert.deepEqual(found, [['sgr-2', ['sgr-1']]]);
  });

  it('with a referenced group only where all addresses are admitted anyway', () => {
    const shadowedWith = (...more: RuleWords[]): boolean => {
      const snapshot = snapshotOf(network([['sgr-1', 'sg-a', 'in', 'tcp', 22, 22, 'sg-b'], ...more]));
      return [...shadowedRules(snapshot).keys()].some((number) => snapshot.rules[number]?.id === 'sgr-1');
    };
    assert.equal(shadowedWith(['sgr-2', 'sg-a', 'in', 'tcp', 0, 100, '10.0.0.0/8']), false);
    assert.equal(shadowedWith(['sgr-2', 'sg-a', 'in', 'tcp', 0, 100, '0.0.0.0/0']), false);
    const six: RuleWords = ['sgr-3', 'sg-a', 'in', 'tcp', 0, 100, '::/0'];
    assert.equal(shadowedWith(['sgr-2', 'sg-a', 'in', 'tcp', 0, 100, '0.0.0.0/0'], six), true);
    assert.equal(shadowedWith(['sgr-2', 'sg-a', 'in', 'tcp', 20, 30, 'sg-b']), true);
  });
});
