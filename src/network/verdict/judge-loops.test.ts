import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createObservationBatch, createPacketBatch, ICMP_ERROR, PACKET_BATCH_ROWS } from '../../model/batch.ts';
import { BatchMemory } from '../../model/batch-memory.ts';
import { createPaths } from '../vpc/path.ts';
import type { Decision, VpcSnapshot } from '../vpc/snapshot.ts';
import { approachLoops } from './approach-loops.ts';
import { OPENINGS } from './entry-words.ts';
import { createDecisionTable } from './decisions.ts';
import { Engine } from './engine.ts';
import { judgeLoops } from './judge-loops.ts';
import { Observer } from './observer.ts';
import { Placement } from './placement.ts';
import { RuleImage } from './rule-image.ts';
import { ruleLoops } from './rule-loops.ts';
import type { EntryWords, RuleWords } from './told-network.ts';
import { network, OPEN } from './told-network.ts';
import type { Told } from './told-packets.ts';
import { BARE_SOURCE, fill, snapshotOf } from './told-packets.ts';

const PORTS = [22, 53, 67, 443, 40_000, 40_001];
const BLOCKS = '0.0.0.0/0 0.0.0.0/0 10.0.0.0/8 10.0.1.0/24 198.51.100.0/24 198.51.100.7/32 ::/0 2001:db8::/32';
const block = fc.constantFrom(...BLOCKS.split(' '));
const port = fc.constantFrom(...PORTS);
const bounds = fc.oneof(
  fc.constant([0, 65_535] as const),
  fc.tuple(port, port).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
);
/** Lets much pass; some of it need not be tracked. */
const BASE = ['0.0.0.0/0', '::/0'].flatMap((all): readonly RuleWords[] => [
  [`sgr-out-${all}`, 'sg-a', 'out', '-1', 0, 65_535, all],
  [`sgr-in-${all}`, 'sg-a', 'in', 'tcp', 443, 443, all],
  [`sgr-dns-${all}`, 'sg-b', 'out', 'udp', 53, 53, all],
  [`sgr-b-${all}`, 'sg-b', 'in', 'tcp', 0, 65_535, all],
  [`sgr-u-${all}`, 'sg-b', 'in', 'udp', 53, 53, 'sg-a'],
]);
const rules = fc
  .array(
    fc.tuple(
      fc.constantFrom('sg-a', 'sg-b'),
      fc.constantFrom('in' as const, 'out' as const),
      fc.constantFrom('tcp', 'tcp', 'udp', '-1'),
      bounds,
      fc.oneof({ weight: 4, arbitrary: block }, fc.constantFrom('sg-a', 'sg-b')),
    ),
    { maxLength: 10 },
  )
  .map((list) => [
    ...list.map(([group, ...rest], i): RuleWords => {
      const [direction, protocol, [from, to], peer] = rest;
      return [`sgr-${i}`, group, direction, protocol, from, to, peer];
    }),
    ...BASE,
  ]);
const entries = fc
  .array(fc.tuple(fc.constantFrom('in' as const, 'out' as const), port, block), { maxLength: 2 })
  .map((list) => [
    ...list.map(([direction, port, peer], i): EntryWords => [i + 1, direction, 'deny', '6', port, port, peer]),
    ...(['in', 'out'] as const).map((direction): EntryWords => [90, direction, 'allow', '-1', -1, -1, '0.0.0.0/0']),
    ...(['in', 'out'] as const).map((direction): EntryWords => [91, direction, 'allow', '-1', -1, -1, '::/0']),
  ]);

const PAIRS = [
  ['10.0.1.5', '10.0.2.5'],
  ['10.0.1.5', '198.51.100.7'],
  ['198.51.100.7', '10.0.2.5'],
  ['203.0.113.9', '10.0.1.5'],
  ['10.0.1.6', '10.0.1.5'],
  ['10.0.2.5', '10.0.2.5'],
  ['[2001:db8:1::5]', '[2001:db8::1]'],
  ['[2001:db8::9]', '[2001:db8:1::5]'],
] as const;
const conversation = fc
  .tuple(
    fc.constantFrom(...PAIRS),
    port,
    fc.constantFrom(443, 443, 53, 53, 22),
    fc.constantFrom('', 'S', 'S', 'S', 'A'),
  )
  .map(([[from, to], a, b, opens]): Told => {
    const ends = { src: `${from}:${a}`, dst: `${to}:${b}` };
    return opens === '' ? ends : { ...ends, tcp: opens };
  });
const step = fc.record({
  of: fc.nat({ max: 59 }),
  isBack: fc.boolean(),
  tcp: fc.constantFrom('A', 'A', 'A', 'S', 'SA', 'FA', 'R'),
  seconds: fc.constantFrom(0, 0.01, 0.01, 0.01, 0.01, 1, 1, 31, 200, 700),
});

/** The packets of some conversations, which begin one after the other. */
const packets = fc
  .tuple(fc.array(conversation, { minLength: 20, maxLength: 60 }), fc.array(step, { minLength: 150, maxLength: 400 }))
  .map(([all, steps]) => {
    let at = 1000;
    const begun = new Set<Told>();
    return steps.map(({ of, isBack, tcp, seconds }): Told => {
      const told = all[of % all.length]!;
      at += seconds;
      if (!begun.has(told)) {
        begun.add(told);
        return { ...told, at };
      }
      const ends = isBack ? { src: told.dst, dst: told.src } : { src: told.src, dst: told.dst };
      return { ...ends, ...(told.tcp === undefined ? {} : { tcp }), at };
    });
  });

type Kind = 'module' | 'as written' | 'engine alone';

/** A judge by parts, whose loops are those of the module, those as they are written, or none. */
function createRig(snapshot: VpcSnapshot, kind: Kind, most: number) {
  const paths = createPaths(snapshot);
  const placement = new Placement(snapshot, paths, { named: new Map(), vlans: new Map(), live: false });
  const decisions = createDecisionTable();
  const engine = new Engine(snapshot, paths, decisions, most, new BatchMemory());
  const image = new RuleImage();
  image.show(snapshot, placement, engine.rules);
  const observer = new Observer(engine, placement, image);
  const { table, batch, group, index, six, opened, decisions: numbers, plain } = engine.keys.memories;
  const done = { rows: 0, openings: 0 };
  if (kind === 'as written') {
    Object.assign(engine.keys, {
      lookup: approachLoops(table, batch, group, index, six, plain),
      loops: judgeLoops(table, batch, group, index, six, opened, numbers),
    });
    Object.assign(observer, { rules: ruleLoops(table, batch, group, image.rules, image.summaries, image.links) });
  }
  const { loops } = engine.keys;
  Object.assign(engine.keys, {
    loops: {
      ...loops,
      judge(from: number, to: number, base: number): number {
        const before = table.i32[OPENINGS]!;
        const row = kind === 'engine alone' ? from : loops.judge(from, to, base);
        done.rows += row - from;
        done.openings += table.i32[OPENINGS]! - before;
        return row;
      },
    },
  });
  const packets = createPacketBatch(64);
  const out = createObservationBatch(64);
  placement.learn(BARE_SOURCE);
  return {
    memories: [...Object.values(engine.keys.memories), image.rules, image.summaries],
    /** What loops did. */
    done,
    evicted: () => engine.evicted,
    /** What was decided of packets, by the places of the packets. */
    judge(told: readonly Told[]): readonly (readonly [number, Decision | undefined])[] {
      fill(packets, told);
      engine.begin(packets.atMicros[0]!);
      observer.observe(packets, out);
      const rows = Array.from({ length: out.rows }, (_, i) => i);
      return rows.map((i) => [out.packet[i]!, decisions.list[out.decision[i]!]] as const);
    },
  };
}

/** Has packets judged in all three ways, which must agree; what the module did. */
function judgeInAllWays(
  snapshot: VpcSnapshot,
  told: readonly Told[],
  most: number = 1_000_000,
): { readonly rows: number; readonly openings: number; readonly evicted: number } {
  const [module, written, alone] = (['module', 'as written', 'engine alone'] as const).map((kind) =>
    createRig(snapshot, kind, most),
  );
  for (let from = 0; from < told.length; from += 50) {
    const some = told.slice(from, from + 50);
    const decided = module!.judge(some);
    assert.deepEqual(decided, alone!.judge(some));
    assert.deepEqual(written!.judge(some), decided);
    assert.equal(module!.evicted(), alone!.evicted());
    for (const [i, memory] of module!.memories.entries())
      assert.ok(Buffer.compare(memory.u8, written!.memories[i]!.u8) === 0, `memory ${i} differs`);
  }
  return { ...module!.done, evicted: module!.evicted() };
}

/** Conversations with a server that begin one after the other: replies, second packets, late ones. */
function conversationsWith(server: string): Told[] {
  let at = 1000;
  return Array.from({ length: 90 }, (_, i) => i).flatMap((i) => {
    const client = `198.51.100.${i % 9}:${30_000 + i}`;
    const [tcp, udp] = [`${server}:443`, `${server}:53`];
    const wait = [0.1, 29, 31, 179, 181, 601][i % 6]!;
    return [
      { src: client, dst: tcp, tcp: 'S', at: (at += 0.01) },
      { src: tcp, dst: client, tcp: 'SA', at: (at += 0.01) },
      { src: client, dst: tcp, tcp: 'A', at: (at += 0.01) },
      { src: client, dst: udp, at: (at += 0.01) },
      ...(i % 2 === 0 ? [{ src: udp, dst: client, at: (at += 0.01) }] : []),
      { src: udp, dst: client, at: (at += wait) },
      { src: client, dst: tcp, tcp: i % 4 === 0 ? 'R' : 'FA', at: (at += 0.01) },
      { src: tcp, dst: client, tcp: 'FA', at: (at += 0.01) },
      { src: client, dst: tcp, tcp: 'A', at: (at += i % 5 === 0 ? 11 : 0.01) },
    ];
  });
}

/** A batch of one conversation, after which loops know the tables that it asked. */
function asked(src: string, dst: string): Told[] {
  return Array.from({ length: 50 }, () => ({ src, dst, at: 900 }));
}

describe('the loops of judging', () => {
  it('decide what the engine alone decides, and do in WebAssembly what they do as they are written', () => {
    let [rows, openings, all] = [0, 0, 0];
    fc.assert(
      fc.property(rules, entries, packets, (given, acl, told) => {
        const done = judgeInAllWays(snapshotOf(network(given, acl)), told);
        all += told.length;
        rows += done.rows;
        openings += done.openings;
      }),
      { numRuns: 40 },
    );
    assert.ok(rows > all / 8, `loops judged ${rows} of ${all} packets`);
    assert.ok(openings > 50, `loops opened ${openings} connections`);
  });

  it('do so of conversations that are tracked, not tracked, admitted by rules of two groups, and over', () => {
    const open: readonly RuleWords[] = [
      ['sgr-1', 'sg-b', 'in', 'tcp', 443, 443, '0.0.0.0/0'],
      ['sgr-2', 'sg-b', 'in', 'udp', 53, 53, '0.0.0.0/0'],
      ['sgr-3', 'sg-a', 'in', 'tcp', 400, 500, '0.0.0.0/0'],
    ];
    const out = (to: string): RuleWords => ['sgr-4', 'sg-b', 'out', '-1', 0, 65_535, to];
    const both = [{ GroupId: 'sg-a' }, { GroupId: 'sg-b' }];
    const twoGroups = {
      NetworkInterfaces: [
        {
          NetworkInterfaceId: 'eni-b',
          VpcId: 'vpc-1',
          SubnetId: 'subnet-b',
          PrivateIpAddress: '10.0.2.5',
          Groups: both,
        },
      ],
    };
    const told = conversationsWith('10.0.2.5');
    for (const given of [open, [...open, out('0.0.0.0/0')], [...open, out('198.51.100.0/30')]])
      for (const more of [{}, twoGroups]) {
        const done = judgeInAllWays(snapshotOf(network(given, OPEN, more)), told);
        assert.ok(done.openings > 60, `loops opened ${done.openings} connections`);
        assert.ok(done.rows > told.length / 4, `loops judged ${done.rows} of ${told.length} packets`);
      }
  });

  it('have tables compiled that they miss, and leave no packet for that', () => {
    const many = Array.from({ length: 300 }, (_, i) => `sg-many-${i}`);
    const holder = {
      NetworkInterfaces: [
        {
          NetworkInterfaceId: 'eni-many',
          VpcId: 'vpc-1',
          SubnetId: 'subnet-b',
          PrivateIpAddress: '10.0.2.9',
          Groups: many.map((GroupId) => ({ GroupId })),
        },
      ],
    };
    const given = many.map((group, i): RuleWords => [`sgr-${i}`, group, 'in', 'tcp', i, i, '0.0.0.0/0']);
    const acl: readonly EntryWords[] = [[9, 'in', 'deny', '6', 7, 7, '198.51.100.0/24'], ...OPEN];
    // The first packet asks more tables than can be told in a round; with the second they all are there.
    const told = Array.from({ length: 50 }, (_, i): Told => {
      const dst = `10.0.2.9:${(i * 7) % 310}`;
      return { src: `198.51.100.7:${30_000 + i}`, dst, tcp: 'S', at: 1000 + i / 100 };
    });
    const { rows, openings } = judgeInAllWays(snapshotOf(network([...given, ...BASE], acl, holder)), told);
    assert.equal(rows, told.length);
    assert.ok(openings > 40, `loops opened ${openings} connections`);
  });

  it('leave what is bounded to the engine', () => {
    let [openings, evicted] = [0, 0];
    fc.assert(
      fc.property(rules, packets, fc.constantFrom(8, 20, 40), (given, told, most) => {
        const done = judgeInAllWays(snapshotOf(network(given)), told, most);
        openings += done.openings;
        evicted += done.evicted;
      }),
      { numRuns: 40 },
    );
    assert.ok(openings > 50 && evicted > 50, `loops opened ${openings} connections, ${evicted} had to leave`);
  });

  it('count connections that are opened again', () => {
    // Twenty end, one more makes room for as many, and the first come again.
    const told = [0, 31, 31.5].flatMap((wait, turn) =>
      Array.from({ length: turn === 1 ? 1 : 20 }, (_, i): Told => {
        const port = 30_000 + (turn === 1 ? 100 : i);
        return { src: `198.51.100.7:${port}`, dst: '10.0.2.5:53', at: 1000 + wait + i / 1000 };
      }),
    );
    const given: readonly RuleWords[] = [['sgr-1', 'sg-b', 'in', 'udp', 53, 53, '198.51.100.0/24']];
    const before = asked('198.51.100.7:30000', '10.0.2.5:53');
    const { rows, evicted } = judgeInAllWays(snapshotOf(network(given)), [...before, ...told], 20);
    assert.ok(rows > 20, `loops judged ${rows} packets`);
    assert.equal(evicted, 1);
  });

  it('remember what they denied, and leave what may be picked up', () => {
    const given: readonly RuleWords[] = [['sgr-1', 'sg-a', 'in', 'udp', 53, 53, '0.0.0.0/0']];
    const acl: readonly EntryWords[] = [[9, 'in', 'deny', '17', 53, 53, '198.51.100.0/24'], ...OPEN];
    const [server, denied, other] = ['10.0.1.5:53', '198.51.100.7:40000', '203.0.113.9:40000'] as const;
    const told: Told[] = [
      { src: '203.0.113.9:50000', dst: server, at: 1000 },
      { src: denied, dst: server, at: 1001 },
      { src: server, dst: denied, at: 1002 },
      { src: server, dst: other, at: 1003 },
      { src: denied, dst: server, at: 1700 },
    ];
    const snapshot = snapshotOf(network(given, acl));
    const before = [...asked('203.0.113.9:50000', server), ...asked(server, '192.0.2.1:9')];
    const { rows } = judgeInAllWays(snapshot, [...before, ...told]);
    assert.ok(rows >= 2, `loops judged ${rows} packets`);
    const rig = createRig(snapshot, 'module', 1000);
    rig.judge(before);
    assert.deepEqual(
      rig.judge(told).map(([, decision]) => [decision?.action, decision?.stage]),
      [
        ['ACCEPT', 'sg-ingress'],
        ['REJECT', 'nacl-ingress'],
        ['REJECT', 'sg-egress'],
        ['ACCEPT', 'sg-ingress'],
        ['REJECT', 'nacl-ingress'],
      ],
    );
  });

  it('judge each message of ICMP by what it is, and leave its errors', () => {
    const given: readonly RuleWords[] = [
      ['sgr-1', 'sg-b', 'in', 'icmp', 8, -1, '0.0.0.0/0'],
      ['sgr-2', 'sg-b', 'in', 'icmp', 13, 0, '198.51.100.0/24'],
      ['sgr-3', 'sg-a', 'in', 'icmp', 8, 0, '198.51.100.7/32'],
      ['sgr-4', 'sg-a', 'in', 'icmpv6', 128, -1, '::/0'],
      ['sgr-5', 'sg-a', 'in', 'icmpv6', 135, -1, '2001:db8::/32'],
      ['sgr-6', 'sg-a', 'out', 'icmp', -1, -1, '0.0.0.0/0'],
      ...BASE,
    ];
    const acl: readonly EntryWords[] = [[9, 'in', 'deny', '1', 0, -1, '198.51.100.7/32'], ...OPEN];
    const message = fc.record({
      pair: fc.constantFrom(PAIRS[1], PAIRS[1], PAIRS[1], PAIRS[2], PAIRS[6], PAIRS[7]),
      isBack: fc.boolean(),
      four: fc.constantFrom(8, 8, 8, 0, 0, 13, 14, 3, 30),
      six: fc.constantFrom(128, 128, 129, 1, 135, 143, 200),
      code: fc.constantFrom(0, 0, 0, 1),
      id: fc.nat(1),
      seconds: fc.constantFrom(0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 1, 700),
    });
    const told = fc.array(message, { minLength: 100, maxLength: 200 }).map((all) => {
      let at = 1000;
      return all.map(({ pair: [from, to], isBack, four, six, code, id, seconds }): Told => {
        const type = from.startsWith('[') ? six : four;
        const isError = type === 3 || type === 1;
        return {
          at: (at += seconds),
          src: isBack ? to : from,
          dst: isBack ? from : to,
          icmp: [type, code],
          icmpId: id,
          ...(isError
            ? {
                flags: ICMP_ERROR,
                quotes: { src: isBack ? from : to, dst: isBack ? to : from, icmp: [8, 0], icmpId: id },
              }
            : {}),
        };
      });
    });
    let [rows, all] = [0, 0];
    const snapshot = snapshotOf(network(given, acl));
    fc.assert(
      fc.property(told, (some) => {
        rows += judgeInAllWays(snapshot, some).rows;
        all += some.length;
      }),
      { numRuns: 30 },
    );
    assert.ok(rows > all / 20, `loops judged ${rows} of ${all} packets`);
  });

  it('find rules in tables whose summaries do not tell', () => {
    // So many that ports are cut into intervals.
    const hosts = Array.from({ length: 150 }, (_, i): RuleWords => {
      const peer = i % 3 === 0 ? `203.0.113.${i}/32` : `198.51.100.${i}/32`;
      return [`sgr-h${i}`, 'sg-b', 'in', 'tcp', 400 + i, 420 + i, peer];
    });
    const told = Array.from({ length: 150 }, (_, i) => i).flatMap((i) =>
      [399, 400, 410, 420, 421].map((above): Told => {
        const src = `198.51.100.${i}:${4000 + above}`;
        return { src, dst: `10.0.2.5:${above + i}`, tcp: 'S', at: 1000 + above };
      }),
    );
    const others = BASE.filter(([id]) => !id.startsWith('sgr-b'));
    const inOrder = [...told, ...told.map((one) => ({ ...one, src: one.src.replace(':4', ':5'), at: one.at! + 100 }))];
    const { rows } = judgeInAllWays(
      snapshotOf(network([...hosts, ...others])),
      inOrder.sort((a, b) => a.at! - b.at!),
    );
    assert.ok(rows > 450, `loops judged ${rows} of ${inOrder.length} packets`);
  });

  it('refuse a batch that is larger than their memory', () => {
    const batch = createPacketBatch(PACKET_BATCH_ROWS + 1);
    batch.rows = PACKET_BATCH_ROWS + 1;
    assert.throws(() => new BatchMemory().load(batch), /a batch of 4097 packets/);
  });
});
