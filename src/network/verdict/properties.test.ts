import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createObservationBatch, createPacketBatch } from '../../model/batch.ts';
import { contains, parseAddress } from '../vpc/addresses.ts';
import type { Address, Peer, Rule, VpcSnapshot } from '../vpc/snapshot.ts';
import { AclRules } from './acl-rules.ts';
import { createDecisionTable } from './decisions.ts';
import { EGRESS, GroupRules, INGRESS } from './group-rules.ts';
import { Heap } from './heap.ts';
import { createJudge } from './judge.ts';
import { NONE, NOT_KNOWN } from './rule-index.ts';
import type { EntryWords, RuleWords } from './told-network.ts';
import { network } from './told-network.ts';
import type { Told } from './told-packets.ts';
import { BARE_SOURCE, fill, snapshotOf } from './told-packets.ts';

const BLOCKS =
  '0.0.0.0/0 10.0.0.0/8 10.0.1.0/24 10.0.1.4/30 10.0.2.5/32 198.51.100.0/24 198.51.100.7/32 0.0.0.0/1 ::/0 2001:db8::/32 2001:db8:1::5/128';
const cidr = fc.constantFrom(...BLOCKS.split(' '));
const peer = fc.oneof({ weight: 6, arbitrary: cidr }, fc.constantFrom('sg-a', 'sg-b', 'pl-1'));
const port = fc.integer({ min: 0, max: 6 });
const protocol = fc.constantFrom('tcp', 'tcp', 'udp', 'icmp', 'icmpv6', '-1', '47');
const ruleWords = (id: number): fc.Arbitrary<RuleWords> =>
  fc
    .tuple(fc.constantFrom('sg-a', 'sg-b'), fc.constantFrom('in' as const, 'out' as const), protocol, port, port, peer)
    .map(([group, direction, word, a, b, to]) => [
      `sgr-${(id * 37) % 101}`,
      group,
      direction,
      word,
      word.startsWith('icmp') ? a : Math.min(a, b),
      word.startsWith('icmp') ? b - 1 : Math.max(a, b),
      to,
    ]);
const rules = fc
  .array(fc.integer({ min: 0, max: 100 }), { maxLength: 40 })
  .chain((ids) => fc.tuple(...[...new Set(ids)].map(ruleWords)));
const entries = fc.uniqueArray(
  fc
    .tuple(
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom('in' as const, 'out' as const),
      fc.constantFrom('allow' as const, 'deny' as const),
      fc.constantFrom('6', '17', '1', '-1'),
      port,
      port,
      cidr,
    )
    .map(([number, direction, action, word, a, b, block]): EntryWords => [
      number,
      direction,
      action,
      word,
      word === '1' ? a : Math.min(a, b),
      word === '1' ? b - 1 : Math.max(a, b),
      block,
    ]),
  { selector: ([number, direction]) => `${number}${direction}`, maxLength: 12 },
);
const LISTS = {
  ManagedPrefixLists: [
    { PrefixListId: 'pl-1', Entries: [{ Cidr: '10.0.0.0/16' }, { Cidr: '10.0.2.0/23' }, { Cidr: '2001:db8:1::/48' }] },
  ],
};
const address = fc.constantFrom(
  '10.0.1.5',
  '10.0.1.6',
  '10.0.2.5',
  '10.0.3.9',
  '198.51.100.7',
  '198.51.100.8',
  '200.1.1.1',
  '2001:db8:1::5',
  '2001:db9::1',
);
const question = fc.record({
  remote: address,
  number: fc.constantFrom(6, 6, 17, 1, 58, 47),
  port: fc.oneof({ weight: 5, arbitrary: port }, fc.constant(NOT_KNOWN)),
  icmp: fc.oneof(
    { weight: 5, arbitrary: fc.tuple(port, port).map(([type, code]) => (type << 8) | code) },
    fc.constant(NOT_KNOWN),
  ),
});

function addressOf(text: string): Address {
  const found = parseAddress(text);
  assert.ok(found);
  return found;
}

/** Addresses as rules are asked for them: four words each. */
function words(...addresses: readonly Address[]): Uint32Array {
  return Uint32Array.from(addresses.flatMap((one) => [0, 1, 2, 3].map((i) => one.words[i] ?? 0)));
}

function fitsTraffic(rule: Rule, number: number, toPort: number, icmp: number): boolean {
  if (rule.protocol === -1) return true;
  if (rule.protocol !== number) return false;
  if (number === 1 || number === 58)
    return (
      rule.icmpType < 0 ||
      icmp === NOT_KNOWN ||
      (rule.icmpType === icmp >> 8 && (rule.icmpCode < 0 || rule.icmpCode === (icmp & 255)))
    );
  return toPort === NOT_KNOWN || (rule.fromPort <= toPort && toPort <= rule.toPort);
}

/** Bits of the most specific part of a peer that holds an address; -1 none does. */
function bitsOf(to: Peer, remote: Address): number {
  const host = remote.family === 4 ? 32 : 128;
  if (to.kind === 'group') {
    const isMember = to.members.some((member) => contains({ ...member, bits: member.family === 4 ? 32 : 128 }, remote));
    return isMember || to.prefixes.some((prefix) => contains(prefix, remote)) ? host : -1;
  }
  const blocks = to.kind === 'cidr' ? [to.cidr] : to.entries;
  return Math.max(-1, ...blocks.filter((block) => contains(block, remote)).map((block) => block.bits));
}

function decideByScan(
  snapshot: VpcSnapshot,
  direction: 'ingress' | 'egress',
  remote: Address,
  number: number,
  toPort: number,
  icmp: number,
): string {
  const own = snapshot.interfaces[1]?.groups.flatMap((group) => snapshot.groups[group]?.[direction] ?? []) ?? [];
  const fitting = own
    .map((ruleNumber) => snapshot.rules[ruleNumber] as Rule)
    .filter((rule) => bitsOf(rule.peer, remote) >= 0 && fitsTraffic(rule, number, toPort, icmp))
    .sort(
      (a, b) =>
        bitsOf(b.peer, remote) - bitsOf(a.peer, remote) ||
        a.toPort - a.fromPort - (b.toPort - b.fromPort) ||
        (a.id < b.id ? -1 : 1),
    );
  return fitting[0]?.id ?? 'none';
}

const inBothGroups = (json: object): object => ({
  ...json,
  ...LISTS,
  NetworkInterfaces: [
    {
      NetworkInterfaceId: 'eni-a',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-a',
      PrivateIpAddress: '10.0.1.5',
      Ipv6Addresses: [{ Ipv6Address: '2001:db8:1::5' }],
      Groups: [{ GroupId: 'sg-a' }, { GroupId: 'sg-b' }],
    },
    {
      NetworkInterfaceId: 'eni-b',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-b',
      PrivateIpAddress: '10.0.2.5',
      Groups: [{ GroupId: 'sg-b' }],
    },
  ],
});

describe('compiled rules', () => {
  it('decide as a scan over all rules by prefix, ports and id does', () => {
    fc.assert(
      fc.property(rules, fc.array(question, { minLength: 20, maxLength: 20 }), (given, questions) => {
        const snapshot = snapshotOf(inBothGroups(network(given)));
        const groups = new GroupRules(snapshot);
        for (const { remote, number, port: toPort, icmp } of questions)
          for (const [name, direction] of [
            ['ingress', INGRESS],
            ['egress', EGRESS],
          ] as const) {
            const at = addressOf(remote);
            const found = groups.admit(1, direction, at.family, words(at), 0, number, toPort, icmp);
            const wanted = decideByScan(snapshot, name, at, number, toPort, icmp);
            assert.equal(found === NONE ? 'none' : snapshot.rules[found]?.id, wanted);
          }
      }),
      { numRuns: 150 },
    );
  });

  it('decide alike where many rules have one peer', () => {
    const many = Array.from({ length: 60 }, (_, i): RuleWords => [
      `sgr-${i}`,
      'sg-a',
      'in',
      i % 3 === 0 ? 'udp' : 'tcp',
      (i * 7) % 50,
      ((i * 7) % 50) + (i % 5),
      '0.0.0.0/0',
    ]);
    const snapshot = snapshotOf(inBothGroups(network(many)));
    const groups = new GroupRules(snapshot);
    const remote = addressOf('198.51.100.7');
    for (const number of [6, 17])
      for (let toPort = NOT_KNOWN; toPort < 60; toPort++) {
        const found = groups.admit(1, INGRESS, 4, words(remote), 0, number, toPort, 0);
        assert.equal(
          found === NONE ? 'none' : snapshot.rules[found]?.id,
          decideByScan(snapshot, 'ingress', remote, number, toPort, 0),
        );
      }
  });

  it('let the first entry of an ACL that matches decide', () => {
    fc.assert(
      fc.property(
        entries,
        fc.array(fc.tuple(question, address), { minLength: 20, maxLength: 20 }),
        (given, questions) => {
          const snapshot = snapshotOf(network([], given));
          const acls = new AclRules(snapshot);
          const own = addressOf('10.0.1.5');
          for (const [{ remote, number, port: toPort, icmp }] of questions) {
            const from = addressOf(remote);
            if (from.family !== 4 || toPort === NOT_KNOWN || icmp === NOT_KNOWN) continue;
            const list = snapshot.acls[1]?.ingress.map((position) => snapshot.rules[position] as Rule) ?? [];
            const isInside = remote.startsWith('10.0.1.');
            const first = list.find(
              (rule, i) =>
                i === list.length - 1 || (bitsOf(rule.peer, from) >= 0 && fitsTraffic(rule, number, toPort, icmp)),
            );
            const wanted = isInside ? 0 : first?.allow ? first.number : -(first?.number ?? 0);
            assert.equal(acls.judge(1, INGRESS, 4, words(from, own), number, toPort, icmp), wanted);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

const endpoint = fc
  .tuple(fc.constantFrom('10.0.1.5', '10.0.1.6', '10.0.2.5', '198.51.100.7'), port)
  .map(([host, number]) => `${host}:${number}`);
const packet: fc.Arbitrary<Told> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ src: endpoint, dst: endpoint, tcp: fc.constantFrom('S', 'SA', 'A', 'A', 'FA', 'R', '') }),
  },
  { weight: 2, arbitrary: fc.record({ src: endpoint, dst: endpoint }) },
  { weight: 1, arbitrary: fc.record({ src: endpoint, dst: endpoint, flags: fc.constant(1) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      src: endpoint,
      dst: endpoint,
      icmp: fc.constantFrom([8, 0] as const, [0, 0] as const, [3, 1] as const),
      icmpId: port,
    }),
  },
);
const packets = fc
  .array(fc.tuple(packet, fc.constantFrom(0, 0.01, 1, 9, 31, 200)), { minLength: 30, maxLength: 120 })
  .map((list) => {
    let at = 1000;
    return list.map(([told, step]) => ({ ...told, at: (at += step) }));
  });

describe('a judge', () => {
  it('decides the same wherever the packets are cut into batches, and counts add up', () => {
    fc.assert(
      fc.property(rules, entries, packets, fc.array(fc.integer({ min: 0, max: 120 })), (given, acl, told, cuts) => {
        const snapshot = snapshotOf({ ...network(given, acl), ...LISTS });
        const run = (positions: readonly number[]): number[] => {
          const judge = createJudge(snapshot, createDecisionTable(), {
            named: new Map(),
            vlans: new Map(),
            live: false,
          });
          const batch = createPacketBatch(128);
          const out = createObservationBatch(128);
          const seen: number[] = [];
          for (const [i, start] of positions.entries()) {
            fill(batch, told.slice(start, positions[i + 1]));
            judge.judge(batch, BARE_SOURCE, out);
            seen.push(...out.decision.subarray(0, out.rows));
          }
          for (const count of [judge.count, judge.observations]) {
            const lost = Object.values(count.lost).reduce((sum, one) => sum + one, 0);
            assert.equal(count.in, count.out + count.held + lost);
          }
          assert.equal(judge.count.in, told.length);
          assert.equal(judge.observations.out, seen.length);
          return seen;
        };
        const ends = [...new Set([0, ...cuts.filter((cut) => cut < told.length)])].sort((a, b) => a - b);
        assert.deepEqual(run(ends), run([0]));
      }),
      { numRuns: 120 },
    );
  });

  it('evicts exactly the connection that is idle longest, in tables of any size', () => {
    const flow = fc.record({ client: fc.integer({ min: 1, max: 12 }), step: fc.integer({ min: 1, max: 3 }) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(flow, { minLength: 60, maxLength: 160 }), (most, flows) => {
        const snapshot = snapshotOf(network([['sgr-1', 'sg-a', 'in', 'udp', 53, 53, '198.51.100.0/24']]));
        const decisions = createDecisionTable();
        const judge = createJudge(snapshot, decisions, {
          named: new Map(),
          vlans: new Map(),
          live: false,
          maxConnections: most,
        });
        const batch = createPacketBatch(8);
        const out = createObservationBatch(8);
        const last = new Map<number, number>();
        let [at, evicted] = [1000, 0];
        for (const { client, step } of flows) {
          at += step;
          for (const [one, time] of last) if (at - time > 30) last.delete(one);
          if (!last.has(client) && last.size >= most) {
            const [oldest = 0] = [...last].sort((a, b) => a[1] - b[1])[0] ?? [];
            last.delete(oldest);
            evicted++;
          }
          last.set(client, at);
          fill(batch, [{ at, src: `198.51.100.7:${client}`, dst: '10.0.1.5:53' }]);
          judge.judge(batch, BARE_SOURCE, out);
          assert.equal(judge.observations.notes['tracking-evicted'] ?? 0, evicted);
        }
        for (let client = 1; client <= 12; client++) {
          fill(batch, [{ at, src: '10.0.1.5:53', dst: `198.51.100.7:${client}` }]);
          judge.judge(batch, BARE_SOURCE, out);
          assert.equal(decisions.list[out.decision[0] ?? 0]?.action, last.has(client) ? 'ACCEPT' : 'REJECT');
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a heap', () => {
  it('gives the lowest key first, whatever was pushed, changed and removed', () => {
    const step = fc.tuple(fc.constantFrom('push', 'push', 'push', 'rekey', 'shift'), fc.integer({ min: 0, max: 99 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const heap = new Heap();
        const keys = new Map<number, number>();
        for (const [serial, [what, key]] of steps.entries()) {
          if (what === 'push') {
            heap.push(0xfff80000, serial, key);
            keys.set(serial, key);
          } else if (heap.size > 0 && what === 'rekey') {
            keys.set(heap.firstSerial, key);
            heap.rekey(key);
          } else if (heap.size > 0) {
            keys.delete(heap.firstSerial);
            heap.shift();
          }
          assert.equal(heap.size, keys.size);
          if (heap.size === 0) continue;
          assert.equal(heap.firstKey, Math.min(...keys.values()));
          assert.equal(keys.get(heap.firstSerial), heap.firstKey);
          assert.equal(heap.firstEntry, 0xfff80000);
        }
      }),
    );
  });
});
