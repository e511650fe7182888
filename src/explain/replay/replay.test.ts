import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Effect, ReplayAnswer } from '../../api/replay.ts';
import { plainConversation } from '../../../test/explain/plain-verdict.ts';
import { ConversationRules } from '../../network/verdict/conversation-rules.ts';
import type { EntryWords, RuleWords } from '../../network/verdict/told-network.ts';
import { network, OPEN } from '../../network/verdict/told-network.ts';
import { parseAddress } from '../../network/vpc/addresses.ts';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { ToldConversation } from '../conversations/told.ts';
import { toldConversations } from '../conversations/told.ts';
import { replay } from './replay.ts';

const WEB: RuleWords = ['sgr-web', 'sg-a', 'in', 'tcp', 443, 443, '0.0.0.0/0'];
const SSH: RuleWords = ['sgr-ssh', 'sg-a', 'in', 'tcp', 22, 22, '198.51.100.0/24'];
const TO_DB: RuleWords = ['sgr-db', 'sg-a', 'out', 'tcp', 5432, 5432, 'sg-b'];
const DB: RuleWords = ['sgr-b', 'sg-b', 'in', 'tcp', 5432, 5432, 'sg-a'];
const ALL = [WEB, SSH, TO_DB, DB];

function snapshots(before: object, after: object): readonly [VpcSnapshot, VpcSnapshot] {
  const one = compileSnapshot(readModel([{ name: 'm', json: before }]), { version: 1, atMicros: 0 });
  return [one, compileSnapshot(readModel([{ name: 'm', json: after }]), { version: 2, atMicros: 0, before: one })];
}

function replayed(told: readonly ToldConversation[], before: object, after: object): Promise<ReplayAnswer> {
  const [one, other] = snapshots(before, after);
  return replay(toldConversations(told), new ConversationRules(one), other);
}

/** How many of each effect, where any. */
function effects({ totals }: ReplayAnswer): Partial<Record<Effect, number>> {
  return Object.fromEntries(
    Object.entries(totals).flatMap(([name, { conversations }]) => (conversations > 0 ? [[name, conversations]] : [])),
  );
}

const web: ToldConversation = {
  at: 'eni-a',
  local: '10.0.1.5:443',
  remote: '198.51.100.7:40000',
  in: [3, 0],
  out: [2, 0],
};
const ssh: ToldConversation = { ...web, local: '10.0.1.5:22', last: 2000 };
const rejected: ToldConversation = { ...web, local: '10.0.1.5:8080', in: [0, 1], out: [0, 0] };
const toDb: ToldConversation = {
  at: 'eni-a',
  local: '10.0.1.5:50000',
  remote: '10.0.2.5:5432',
  opener: 'local',
  in: [4, 0],
  out: [4, 0],
};

test('a rule that goes blocks what it admitted, one that comes allows what was rejected, and both are named', async () => {
  const after = network([WEB, TO_DB, DB, ['sgr-new', 'sg-a', 'in', 'tcp', 8080, 8080, '198.51.100.7/32']]);
  const answer = await replayed([web, ssh, rejected, toDb], network(ALL), after);
  assert.deepEqual(effects(answer), { same: 2, 'newly-blocked': 1, 'newly-allowed': 1 });
  const [blocked, allowed] = answer.causes;
  assert.deepEqual(
    [
      blocked?.port,
      blocked?.before.ruleId,
      blocked?.after.ruleId,
      blocked?.after.stage,
      blocked?.lastSeconds,
      blocked?.bytes,
    ],
    [22, 'sgr-ssh', null, 'sg-ingress', 2000, 500],
  );
  assert.deepEqual(blocked?.examples, [{ address: '198.51.100.7', conversations: 1 }]);
  assert.deepEqual([allowed?.before.ruleId, allowed?.after.ruleId, allowed?.packets], [null, 'sgr-new', 1]);
});

test('an ACL that stops the return ports blocks the reply, and says which leg', async () => {
  const acl: EntryWords[] = [...OPEN, [50, 'out', 'deny', '6', 32768, 65535, '198.51.100.0/24']];
  const answer = await replayed([web, toDb], network(ALL), network(ALL, acl));
  assert.deepEqual(effects(answer), { same: 1, 'newly-blocked': 1 });
  const { after, interfaceId, direction } = answer.causes[0]!;
  assert.deepEqual(after, {
    leg: 'reply',
    action: 'REJECT',
    stage: 'nacl-egress',
    ruleId: 'acl-a/out/50',
    rejectReason: null,
  });
  assert.deepEqual([interfaceId, direction], ['eni-a', 'ingress']);
});

test('what the present model does not explain is never the same, whatever the change says of it', async () => {
  const odd: ToldConversation = { ...web, local: '10.0.1.5:25' };
  const closed: ToldConversation = { ...web, in: [0, 2], out: [0, 0] };
  for (const after of [ALL, [WEB], [...ALL, ['sgr-25', 'sg-a', 'in', 'tcp', 25, 25, '0.0.0.0/0'] as RuleWords]]) {
    const answer = await replayed([odd, closed], network(ALL), network(after));
    assert.deepEqual(effects(answer), { 'accepted-unexplained': 1, 'rejected-unexplained': 1 });
  }
});

test('accepted and rejected packets of one conversation are explained by either, and what passed still counts as blocked', async () => {
  const both: ToldConversation = { ...ssh, in: [3, 1] };
  assert.deepEqual(effects(await replayed([both], network(ALL), network(ALL))), { same: 1 });
  assert.deepEqual(effects(await replayed([both], network(ALL), network([WEB]))), { 'newly-blocked': 1 });
});

test('a reply that was rejected and that no rule admits by itself came after its connection', async () => {
  const late: ToldConversation = { ...web, out: [0, 2] };
  const answer = await replayed([late], network(ALL), network(ALL));
  assert.deepEqual([effects(answer), answer.lateReplies], [{ same: 1 }, 1]);
  const open: RuleWords = ['sgr-out', 'sg-a', 'out', '-1', -1, -1, '0.0.0.0/0'];
  assert.deepEqual(effects(await replayed([late], network([...ALL, open]), network(ALL))), {
    'rejected-unexplained': 1,
  });
  assert.deepEqual(effects(await replayed([late], network(ALL), network([TO_DB, DB]))), { 'newly-blocked': 1 });
});

test('an end without records of its own is judged too, and one with records by its own records', async () => {
  const after = network([WEB, SSH, TO_DB]);
  const alone = await replayed([toDb], network(ALL), after);
  assert.deepEqual(effects(alone), { 'newly-blocked': 1 });
  const [cause] = alone.causes;
  assert.deepEqual(
    [cause?.interfaceId, cause?.recordedAt, cause?.direction, cause?.before.ruleId],
    ['eni-b', 'eni-a', 'ingress', 'sgr-b'],
  );
  const seen: ToldConversation = {
    at: 'eni-b',
    local: '10.0.2.5:5432',
    remote: '10.0.1.5:50000',
    in: [4, 0],
    out: [4, 0],
  };
  const both = await replayed([toDb, seen], network(ALL), after);
  assert.deepEqual(effects(both), { same: 1, 'newly-blocked': 1 });
  assert.equal(both.causes[0]?.recordedAt, null);
});

test('a route that goes blocks what went there', async () => {
  const table = (routes: object[]): object => ({
    RouteTables: [{ RouteTableId: 'rtb-1', VpcId: 'vpc-1', Associations: [{ Main: true }], Routes: routes }],
  });
  const before = network(ALL, OPEN, table([{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' }]));
  const answer = await replayed([web, toDb], before, network(ALL, OPEN, table([])));
  assert.deepEqual(effects(answer), { same: 1, 'newly-blocked': 1 });
  assert.deepEqual(answer.causes[0]?.after, {
    leg: 'reply',
    action: 'REJECT',
    stage: 'route',
    ruleId: null,
    rejectReason: null,
  });
});

test('an opener that was only inferred is turned where that alone explains the record', async () => {
  const guessed: ToldConversation = { ...toDb, opener: 'remote', by: 2 };
  const answer = await replayed([guessed], network(ALL), network([WEB, SSH]));
  assert.deepEqual([effects(answer), answer.openers.turned], [{ 'newly-blocked': 1 }, 1]);
  const sure = await replayed([{ ...guessed, by: 1 }], network(ALL), network([WEB, SSH]));
  assert.deepEqual(effects(sure), { 'accepted-unexplained': 1 });
  const unknown = await replayed([{ ...toDb, opener: 'unknown' }], network(ALL), network([WEB, SSH]));
  assert.deepEqual(effects(unknown), { 'newly-blocked': 1 });
});

test('a port of a service against one of clients is not turned to fit rules that came later', async () => {
  const served: ToldConversation = { ...ssh, opener: 'remote', by: 2 };
  const out: RuleWords = ['sgr-out', 'sg-a', 'out', '-1', -1, -1, '0.0.0.0/0'];
  const answer = await replayed([served], network([WEB, out]), network([WEB]));
  assert.deepEqual([effects(answer), answer.openers.turned], [{ 'accepted-unexplained': 1 }, 0]);
  const data: ToldConversation = { ...served, local: '10.0.1.5:40001', remote: '198.51.100.7:20', opener: 'local' };
  const admits: RuleWords = ['sgr-ftp', 'sg-a', 'in', 'tcp', 40000, 41000, '0.0.0.0/0'];
  const turned = await replayed([data], network([WEB, admits]), network([WEB]));
  assert.deepEqual([effects(turned), turned.openers.turned], [{ 'newly-blocked': 1 }, 1]);
});

test('interfaces that the model does not have are named, and so is what could not be placed', async () => {
  const answer = await replayed(
    [
      { ...web, at: 'eni-x' },
      { ...web, placed: 0 },
    ],
    network(ALL),
    network(ALL),
  );
  assert.deepEqual(effects(answer), { 'not-in-model': 1, 'not-placed': 1 });
  assert.deepEqual(answer.unknownInterfaces, ['eni-x']);
});

const port = fc.integer({ min: 1, max: 5 });
const block = fc.constantFrom('0.0.0.0/0', '10.0.2.0/24', '198.51.100.0/24', '198.51.100.7/32', 'sg-b');
const way = fc.constantFrom('in' as const, 'out' as const);
const anyRules = fc
  .array(fc.tuple(way, port, port, block), { maxLength: 8 })
  .map((list) =>
    list.map(([direction, a, b, peer], at): RuleWords => [
      `sgr-${at}`,
      'sg-a',
      direction,
      'tcp',
      Math.min(a, b),
      Math.max(a, b),
      peer,
    ]),
  );
const anyAcl = fc.uniqueArray(
  fc
    .tuple(
      fc.integer({ min: 1, max: 9 }),
      way,
      fc.constantFrom('allow' as const, 'deny' as const),
      port,
      port,
      block.filter((text) => !text.startsWith('sg')),
    )
    .map(([number, direction, action, a, b, cidr]): EntryWords => [
      number,
      direction,
      action,
      '6',
      Math.min(a, b),
      Math.max(a, b),
      cidr,
    ]),
  { selector: ([number, direction]) => `${number}${direction}`, maxLength: 5 },
);
const anyTold = fc
  .record({
    own: port,
    other: port,
    remote: fc.constantFrom('198.51.100.7', '198.51.100.8', '10.0.2.5'),
    opener: fc.constantFrom('remote' as const, 'local' as const),
    asked: fc.tuple(fc.nat(1), fc.nat(1)),
    answered: fc.tuple(fc.nat(1), fc.nat(1)),
  })
  .map(({ own, other, remote, opener, asked, answered }) => ({
    own,
    other,
    asked,
    answered,
    told: {
      at: 'eni-a',
      local: `10.0.1.5:${own}`,
      remote: `${remote}:${other}`,
      opener,
      in: opener === 'remote' ? asked : answered,
      out: opener === 'remote' ? answered : asked,
    } satisfies ToldConversation,
    remote,
  }));

test('every conversation has the effect that rules asked one by one give it', async () => {
  const seen: Partial<Record<Effect, number>> = {};
  await fc.assert(
    fc.asyncProperty(anyRules, anyAcl, anyRules, anyAcl, anyTold, async (rulesA, aclA, rulesB, aclB, one) => {
      // eni-b has records of its own, so that it is not judged as a far end.
      const other: ToldConversation = { at: 'eni-b', local: '10.0.2.5:9', remote: '198.51.100.9:9' };
      const [before, after] = snapshots(network(rulesA, [...OPEN, ...aclA]), network(rulesB, [...OPEN, ...aclB]));
      const answer = await replay(toldConversations([one.told, other]), new ConversationRules(before), after);
      const own = before.interfaces.find(({ id }) => id === 'eni-a')!;
      const isIn = one.told.opener === 'remote';
      const plainly = (snapshot: VpcSnapshot): readonly [boolean, boolean] => {
        const [asked, answered] = plainConversation(
          snapshot,
          snapshot.interfaces[own.number]!,
          {
            direction: isIn ? 'ingress' : 'egress',
            protocol: 6,
            local: parseAddress('10.0.1.5')!,
            remote: parseAddress(one.remote)!,
            port: isIn ? one.own : one.other,
          },
          isIn ? one.other : one.own,
        );
        return [asked, asked && answered];
      };
      const [was, is] = [plainly(before), plainly(after)];
      // The reply as the first packet of a conversation.
      const [isReplyAdmitted] = plainConversation(
        before,
        own,
        {
          direction: isIn ? 'egress' : 'ingress',
          protocol: 6,
          local: parseAddress('10.0.1.5')!,
          remote: parseAddress(one.remote)!,
          port: isIn ? one.other : one.own,
        },
        isIn ? one.own : one.other,
      );
      const legs = [one.asked, one.answered] as const;
      const has = (accepted: boolean, pass: boolean, next: boolean): boolean =>
        legs.some((leg, at) => leg[accepted ? 0 : 1] > 0 && was[at] === pass && is[at] === next);
      const wrong = (accepted: boolean): boolean =>
        legs.some(
          (leg, at) =>
            leg[accepted ? 0 : 1] > 0 &&
            leg[accepted ? 1 : 0] === 0 &&
            was[at] !== accepted &&
            (accepted || at === 0 || isReplyAdmitted),
        );
      const expected: Effect = has(true, true, false)
        ? 'newly-blocked'
        : has(false, false, true)
          ? 'newly-allowed'
          : wrong(true)
            ? 'accepted-unexplained'
            : wrong(false)
              ? 'rejected-unexplained'
              : 'same';
      seen[expected] = (seen[expected] ?? 0) + 1;
      const found = effects(answer);
      found.same = (found.same ?? 0) - 1;
      assert.equal(found[expected], 1, JSON.stringify(found));
    }),
    { numRuns: 1500 },
  );
  for (const effect of [
    'same',
    'newly-blocked',
    'newly-allowed',
    'accepted-unexplained',
    'rejected-unexplained',
  ] as const)
    assert.ok((seen[effect] ?? 0) > 5, `${effect}: ${seen[effect]}`);
});
