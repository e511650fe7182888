import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAddress } from '../vpc/addresses.ts';
import { ConversationRules, legOf } from './conversation-rules.ts';
import { EGRESS, INGRESS } from './group-rules.ts';
import type { EntryWords, RuleWords } from './told-network.ts';
import { network, OPEN } from './told-network.ts';
import type { Told } from './told-packets.ts';
import { createScene, snapshotOf } from './told-packets.ts';

const port = fc.integer({ min: 1, max: 6 });
const block = fc.constantFrom('0.0.0.0/0', '10.0.2.0/24', '198.51.100.0/24', '198.51.100.7/32', '198.51.100.8/31');
const direction = fc.constantFrom('in' as const, 'out' as const);
const rules = fc
  .array(
    fc.tuple(direction, fc.constantFrom('tcp', 'tcp', '-1', 'udp'), port, port, fc.oneof(block, fc.constant('sg-b'))),
    {
      maxLength: 8,
    },
  )
  .map((list) =>
    list.map(([way, protocol, a, b, peer], at): RuleWords => [
      `sgr-${at}`,
      'sg-a',
      way,
      protocol,
      Math.min(a, b),
      Math.max(a, b),
      peer,
    ]),
  );
const entries = fc.uniqueArray(
  fc
    .tuple(
      fc.integer({ min: 1, max: 20 }),
      direction,
      fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const),
      fc.constantFrom('6', '-1'),
      port,
      port,
      block,
    )
    .map(([number, way, action, protocol, a, b, cidr]): EntryWords => [
      number,
      way,
      action,
      protocol,
      Math.min(a, b),
      Math.max(a, b),
      cidr,
    ]),
  { selector: ([number, way]) => `${number}${way}`, maxLength: 8 },
);
/** Half of them let through what no entry of theirs is about. */
const acls = fc.tuple(entries, fc.boolean()).map(([own, isOpen]) => (isOpen ? [...own, ...OPEN] : own));
const remote = fc.constantFrom('198.51.100.7', '198.51.100.8', '10.0.2.5', '10.0.9.9');

/** What eni-b sends and is sent passes there. */
const OPEN_B: readonly RuleWords[] = [
  ['sgr-b1', 'sg-b', 'in', '-1', -1, -1, '0.0.0.0/0'],
  ['sgr-b2', 'sg-b', 'out', '-1', -1, -1, '0.0.0.0/0'],
];

const words = (text: string): Uint32Array => Uint32Array.from([...(parseAddress(text)?.words ?? []), 0, 0, 0]);

test('says of request and reply what the engine says of their packets', () => {
  let passed = 0;
  fc.assert(
    fc.property(rules, acls, remote, port, port, fc.boolean(), (sg, acl, peer, own, other, isIngress) => {
      const model = network([...sg, ...OPEN_B], acl);
      const snapshot = snapshotOf(model);
      const judged = new ConversationRules(snapshot);
      const at = snapshot.interfaces.find(({ id }) => id === 'eni-a')!.number;
      judged.ends.load(4, 6, words('10.0.1.5'), 0, own, words(peer), 0, other);
      const request = isIngress ? INGRESS : EGRESS;
      judged.judge(at, request);
      const lineOf = (denied: number, rule: number, way: number): string => {
        const leg = legOf(denied, rule, way);
        return `eni-a ${way === INGRESS ? 'ingress' : 'egress'} ${leg.action} ${leg.stage} ${rule === 0 ? '-' : snapshot.rules[rule]?.id}`;
      };
      const [near, far] = [`10.0.1.5:${own}`, `${peer}:${other}`];
      const syn: Told = { at: 5000, src: isIngress ? far : near, dst: isIngress ? near : far, tcp: 'S' };
      const ack: Told = { at: 5001, src: syn.dst, dst: syn.src, tcp: 'SA' };
      const scene = createScene(model);
      const mine = (told: Told): string => scene.see(told).find((line) => line.startsWith('eni-a ')) ?? 'nothing';
      assert.equal(lineOf(judged.requestDenied, judged.requestRule, request), mine(syn));
      if (judged.requestDenied !== 0) return;
      const back = isIngress ? EGRESS : INGRESS;
      const answered = mine(ack);
      // The reply of a connection carries the rule of its request.
      if (judged.replyDenied === 0) assert.match(answered, / ACCEPT /);
      else assert.equal(lineOf(judged.replyDenied, judged.replyRule, back), answered);
      if (judged.replyDenied === 0) passed++;
    }),
    { numRuns: 600 },
  );
  assert.ok(passed > 10);
});

test('asked with what an ACL said already, says the same as asked anew', () => {
  const fields = (one: ConversationRules): number[] => [
    one.requestDenied,
    one.requestRule,
    one.replyDenied,
    one.replyRule,
  ];
  fc.assert(
    fc.property(rules, rules, acls, remote, port, port, fc.boolean(), (sg, other, acl, peer, own, far, isIngress) => {
      const before = snapshotOf(network(sg, acl));
      const one = new ConversationRules(before);
      const after = new ConversationRules(snapshotOf(network(other, acl), { before }), one.ends);
      const at = before.interfaces.find(({ id }) => id === 'eni-a')!.number;
      const request = isIngress ? INGRESS : EGRESS;
      one.ends.load(4, 6, words('10.0.1.5'), 0, own, words(peer), 0, far);
      one.judge(at, request);
      const quick = after.judgeGroups(at, request, one);
      const said = fields(after);
      assert.equal(after.judge(at, request), quick);
      assert.deepEqual(fields(after), said);
    }),
    { numRuns: 300 },
  );
});

test('a control stops both legs, and ICMP without type passes where a rule fits but for it', () => {
  const model = network([['sgr-1', 'sg-a', 'in', 'icmp', 8, -1, '198.51.100.7/32']]);
  const snapshot = snapshotOf(model);
  const judged = new ConversationRules(snapshot);
  const at = snapshot.interfaces.find(({ id }) => id === 'eni-a')!.number;
  judged.ends.load(4, 1, words('10.0.1.5'), 0, 0, words('198.51.100.7'), 0, 0);
  assert.equal(judged.judge(at, INGRESS), true);
  assert.equal(judged.judge(at, EGRESS), false);
  const blocked = snapshotOf({
    ...model,
    VpcBlockPublicAccessOptions: { InternetGatewayBlockMode: 'block-bidirectional', State: 'update-complete' },
    RouteTables: [
      {
        RouteTableId: 'rtb-1',
        VpcId: 'vpc-1',
        Associations: [{ Main: true }],
        Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' }],
      },
    ],
  });
  const stopped = new ConversationRules(blocked);
  stopped.ends.load(4, 1, words('10.0.1.5'), 0, 0, words('198.51.100.7'), 0, 0);
  assert.equal(stopped.judge(at, INGRESS), false);
  assert.equal(legOf(stopped.requestDenied, 0, INGRESS).rejectReason, 'BPA');
});
