import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Suggestion } from '../../api/suggestion.ts';
import { ConversationRules } from '../../network/verdict/conversation-rules.ts';
import type { RuleWords } from '../../network/verdict/told-network.ts';
import { network } from '../../network/verdict/told-network.ts';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import { applyChange } from '../changes/apply.ts';
import { readChange } from '../changes/read-change.ts';
import { FLAGS_KNOWN, HAS_RST, HAS_SYN, HAS_SYN_ACK } from '../conversations/batch.ts';
import type { ToldConversation } from '../conversations/told.ts';
import { toldConversations } from '../conversations/told.ts';
import { replay } from '../replay/replay.ts';
import type { SuggestOptions } from './suggest.ts';
import { suggest, wideningOf } from './suggest.ts';

const OPEN_A: readonly RuleWords[] = [
  ['sgr-in', 'sg-a', 'in', '-1', -1, -1, '0.0.0.0/0'],
  ['sgr-in6', 'sg-a', 'in', '-1', -1, -1, '::/0'],
  ['sgr-out', 'sg-a', 'out', '-1', -1, -1, '0.0.0.0/0'],
];
const SYN = FLAGS_KNOWN | HAS_SYN;
const SYN_ACK = FLAGS_KNOWN | HAS_SYN_ACK;
const REFUSED = FLAGS_KNOWN | HAS_RST;

type Suggested = { suggestion: Suggestion; replayed: Awaited<ReturnType<typeof replay>> };

async function suggested(
  told: readonly ToldConversation[],
  model: object = network(OPEN_A),
  options: Partial<SuggestOptions> = {},
): Promise<Suggested> {
  const facts = readModel([{ name: 'm', json: model }]);
  const snapshot = compileSnapshot(facts, { version: 1, atMicros: 0 });
  const rules = new ConversationRules(snapshot);
  const conversations = toldConversations(told);
  const suggestion = await suggest(conversations, facts, rules, 'sg-a', { limit: 60, widening: null, ...options });
  // As a file would come back.
  const change = readChange('suggestion.json', JSON.stringify(suggestion.change));
  const after = compileSnapshot(applyChange(facts, change).model, { version: 2, atMicros: 0, before: snapshot });
  return { suggestion, replayed: await replay(conversations, rules, after) };
}

const web = (peer: string, port = 443, more: Partial<ToldConversation> = {}): ToldConversation => ({
  at: 'eni-a',
  local: `10.0.1.5:${port}`,
  remote: `${peer}:40000`,
  in: [6, 0],
  out: [5, 0],
  inFlags: SYN,
  outFlags: SYN_ACK,
  ...more,
});
const rulesOf = ({ rules }: Suggestion): string[] =>
  rules.map(({ direction, protocol, ports, peer }) => `${direction} ${protocol} ${ports} ${peer}`);

test('a service whose rule has gone since gets its rule, and no rule for the ports of its clients', async () => {
  const ssh = web('198.51.100.7', 22, { opener: 'remote', by: 2, inFlags: 0, outFlags: 0, in: [6, 0], out: [5, 0] });
  const { suggestion } = await suggested([ssh], network([OPEN_A[2]!]));
  assert.deepEqual(rulesOf(suggestion), ['ingress tcp 22 198.51.100.7/32']);
});

test('takes groups before addresses, and only what the group itself has to admit', async () => {
  const model = network([...OPEN_A, ['sgr-b', 'sg-b', 'in', 'tcp', 1, 2, '0.0.0.0/0']]);
  const { suggestion, replayed } = await suggested(
    [
      web('10.0.2.5'),
      web('198.51.100.7'),
      {
        ...web('198.51.100.9', 50000),
        local: '10.0.1.5:50000',
        remote: '198.51.100.9:53',
        protocol: 17,
        opener: 'local',
        inFlags: 0,
        outFlags: 0,
      },
      { ...web('198.51.100.7'), protocol: 1, local: '10.0.1.5:0', remote: '198.51.100.7:0', inFlags: 0, outFlags: 0 },
      { at: 'eni-b', local: '10.0.2.5:2', remote: '198.51.100.7:40000', in: [1, 0], out: [1, 0] },
    ],
    model,
  );
  assert.deepEqual(rulesOf(suggestion), [
    'ingress icmp null 198.51.100.7/32',
    'ingress tcp 443 sg-b',
    'ingress tcp 443 198.51.100.7/32',
    'egress udp 53 198.51.100.9/32',
  ]);
  assert.deepEqual(suggestion.rules[1]?.members, { used: 1, of: 1 });
  assert.deepEqual(suggestion.superfluous.toSorted(), ['sgr-in', 'sgr-in6', 'sgr-out']);
  assert.equal(replayed.totals['newly-blocked'].conversations, 0);
  assert.deepEqual(suggestion.replay, { conversations: 4, newlyBlocked: 0, leftOut: 0, newlyAllowed: 0 });
});

test('scans, refusals and rejected probes lead to no rule', async () => {
  const probe: Partial<ToldConversation> = { in: [1, 0], out: [1, 0], outFlags: REFUSED };
  const trap: ToldConversation[] = [
    // One host tries many ports; two of them answer, and one even talks.
    ...Array.from({ length: 30 }, (_, i) => web('203.0.113.5', 1000 + i, probe)),
    web('203.0.113.5', 22, { in: [2, 0], out: [1, 0] }),
    web('203.0.113.5', 80),
    // Many hosts try one port each, once, and nobody answers; or with half a handshake.
    ...Array.from({ length: 60 }, (_, i) => web(`203.0.${i}.9`, 23, { in: [1, 0], out: [0, 0], outFlags: 0 })),
    ...Array.from({ length: 60 }, (_, i) => web(`203.1.${i}.9`, 445, { in: [2, 0], out: [1, 0] })),
    // Without TCP flags a refusal is told by its size.
    web('203.2.1.1', 3389, { in: [3, 0], out: [0, 0], inFlags: 0, outFlags: 0 }),
    // UDP that asks once, and what was rejected however often.
    web('203.2.1.2', 161, { protocol: 17, in: [1, 0], out: [0, 0], inFlags: 0, outFlags: 0 }),
    ...Array.from({ length: 90 }, (_, i) => web(`203.3.0.${i}`, 443, { in: [0, 5], out: [0, 0], outFlags: 0 })),
    // The interface itself scans.
    ...Array.from({ length: 40 }, (_, i): ToldConversation => ({
      ...web('', 0),
      local: `10.0.1.5:${50_000 + i}`,
      remote: `198.18.0.${i}:22`,
      opener: 'local',
      in: i < 5 ? [3, 0] : [0, 0],
      out: [3, 0],
      inFlags: i < 5 ? SYN_ACK : 0,
      outFlags: SYN,
    })),
  ];
  const { suggestion } = await suggested(trap);
  assert.deepEqual(rulesOf(suggestion), []);
  assert.deepEqual(
    suggestion.leftOut.scans.examples,
    ['203.0.113.5', 'eni-a'].sort((a, b) => (a === 'eni-a' ? -1 : b === 'eni-a' ? 1 : 0)),
  );
  assert.equal(suggestion.leftOut.rejected, 90);
  assert.equal(suggestion.replay.newlyBlocked, suggestion.replay.leftOut);
  // Beside the traps what is real is still there.
  const real = await suggested([...trap, web('198.51.100.7')]);
  assert.deepEqual(rulesOf(real.suggestion), ['ingress tcp 443 198.51.100.7/32']);
});

test('what another group admits is counted and leads to no rule; whose opener nobody knows counts both ways', async () => {
  const model = network([
    ['sgr-out', 'sg-a', 'out', '-1', -1, -1, '0.0.0.0/0'],
    ['sgr-web', 'sg-b', 'in', 'tcp', 443, 443, '0.0.0.0/0'],
  ]) as { NetworkInterfaces: { NetworkInterfaceId: string; Groups: object[] }[] };
  model.NetworkInterfaces[0]!.Groups.push({ GroupId: 'sg-b' });
  const unknown: ToldConversation = {
    ...web('198.51.100.8'),
    protocol: 47,
    local: '10.0.1.5:0',
    remote: '198.51.100.8:0',
    opener: 'unknown',
    inFlags: 0,
    outFlags: 0,
  };
  const { suggestion } = await suggested([web('198.51.100.7'), unknown], model);
  assert.deepEqual(rulesOf(suggestion), ['egress 47 null 198.51.100.8/32']);
  assert.equal(suggestion.leftOut.ofOthers, 1);
  const both = await suggested([unknown]);
  const ways = ['ingress 47 null 198.51.100.8/32', 'egress 47 null 198.51.100.8/32'];
  assert.deepEqual([rulesOf(both.suggestion), both.suggestion.openerUnknown], [ways, 1]);
  assert.equal(both.replayed.totals['newly-blocked'].conversations, 0);
});

test('keeps rules that are there already, and says how likely a conversation is that it does not know', async () => {
  const model = network([
    ['sgr-web', 'sg-a', 'in', 'tcp', 443, 443, '198.51.100.7/32'],
    ['sgr-old', 'sg-a', 'in', 'tcp', 80, 80, '0.0.0.0/0'],
  ]);
  const { suggestion } = await suggested(
    [web('198.51.100.7'), web('198.51.100.7'), web('198.51.100.7'), web('198.51.100.9', 80)],
    model,
  );
  assert.deepEqual(
    suggestion.rules.map(({ keeps, conversations }) => [keeps, conversations]),
    [
      [null, 1],
      ['sgr-web', 3],
    ],
  );
  assert.deepEqual([suggestion.superfluous, suggestion.unseenShare], [['sgr-old'], 0.25]);
});

test('more rules than there may be are told, with what would help, and never widened unasked', async () => {
  const told = Array.from({ length: 70 }, (_, i) => web(`198.51.100.${i * 3}`));
  const narrow = await suggested(told);
  assert.deepEqual(
    [narrow.suggestion.fits, narrow.suggestion.rules.length, narrow.suggestion.widenWith],
    [false, 70, 28],
  );
  const wide = await suggested(told, network(OPEN_A), { widening: wideningOf(28) });
  assert.deepEqual(
    [wide.suggestion.fits, wide.suggestion.isWidened, wide.suggestion.counts.ingress.four <= 60],
    [true, true, true],
  );
  assert.ok(wide.suggestion.rules.every(({ addresses }) => addresses <= 16));
  assert.equal(wide.replayed.totals['newly-blocked'].conversations, 0);
  await assert.rejects(
    suggested(told, { ...network([]), SecurityGroups: [], NetworkInterfaces: [], SecurityGroupRules: [] }),
    { code: 'FG_GROUP_UNKNOWN' },
  );
});

/** A month: clients and servers of several kinds, among them scans and rejected probes. */
const anyClient = fc.record({
  peer: fc.oneof(
    fc.tuple(fc.nat(3), fc.nat(255)).map(([a, b]) => `198.51.${a}.${b}`),
    fc.nat(40).map((b) => `10.0.9.${b}`),
    fc.constantFrom('10.0.2.5', '10.0.1.6'),
  ),
  port: fc.constantFrom(22, 80, 443, 5432, 8080, 8081, 8082, 9000),
  protocol: fc.constantFrom(6, 6, 6, 17),
  way: fc.constantFrom('remote' as const, 'remote' as const, 'local' as const),
  client: fc.integer({ min: 32_768, max: 60_999 }),
  flags: fc.boolean(),
  packets: fc.integer({ min: 3, max: 40 }),
});
const anyMonth = fc.array(anyClient, { minLength: 1, maxLength: 150 }).map((list) =>
  list.map(({ peer, port, protocol, way, client, flags, packets }): ToldConversation => {
    const isIn = way === 'remote';
    const [ask, answer] = protocol === 6 && flags ? [SYN, SYN_ACK] : [0, 0];
    return {
      at: 'eni-a',
      local: `10.0.1.5:${isIn ? port : client}`,
      remote: `${peer}:${isIn ? client : port}`,
      protocol,
      opener: way,
      by: protocol === 6 && flags ? 1 : 2,
      in: [packets, 0],
      out: [packets, 0],
      inFlags: isIn ? ask : answer,
      outFlags: isIn ? answer : ask,
    };
  }),
);

test('replaying a suggestion blocks nothing of generated months of traffic', async () => {
  let rules = 0;
  let groups = 0;
  await fc.assert(
    fc.asyncProperty(anyMonth, fc.constantFrom(null, 24, 16), async (month, bits) => {
      const noise = [web('203.0.113.1', 23, { in: [0, 3], out: [0, 0], outFlags: 0 })];
      const widening = bits === null ? null : wideningOf(bits);
      const { suggestion, replayed } = await suggested([...month, ...noise], network(OPEN_A), {
        limit: bits === null ? 1000 : 20,
        widening,
      });
      assert.equal(replayed.totals['newly-blocked'].conversations, 0);
      assert.equal(suggestion.replay.newlyBlocked, 0);
      assert.ok(suggestion.rules.every(({ peer }) => !peer.endsWith('/0')));
      if (bits === null) assert.ok(suggestion.fits && !suggestion.isWidened);
      rules += suggestion.rules.length;
      groups += suggestion.rules.filter(({ members }) => members !== null).length;
    }),
    { numRuns: 120 },
  );
  assert.ok(rules > 500 && groups > 20, `${rules} rules, ${groups} of them groups`);
});

test('with scans among it, a replay blocks these and what nobody answered, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(anyMonth, fc.integer({ min: 12, max: 60 }), async (month, tries) => {
      const scan = Array.from({ length: tries }, (_, i) =>
        web('203.0.113.77', 2000 + i, { in: [1, 0], out: [1, 0], outFlags: REFUSED }),
      );
      const { suggestion, replayed } = await suggested([...month, ...scan], network(OPEN_A), { limit: 1000 });
      assert.equal(replayed.totals['newly-blocked'].conversations, tries);
      assert.deepEqual([suggestion.replay.newlyBlocked, suggestion.replay.leftOut], [tries, tries]);
      assert.ok(suggestion.rules.every(({ peer }) => !peer.startsWith('203.')));
    }),
    { numRuns: 40 },
  );
});
