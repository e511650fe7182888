/**
 * What a change would have done to the conversations that were recorded.
 *
 * In:    conversations, the network before and after. Out: the answer, as people and scripts are told it.
 * Holds: every conversation is in exactly one total. What is newly blocked or allowed, and what the present model does not explain, is
 *        listed by cause with the rule that decides before and after.
 */
import type { ChangeNote } from '../../api/change.ts';
import type { Decider, Effect, ReplayAnswer, ReplayCause, ReplayTotal } from '../../api/replay.ts';
import { formatAddress } from '../../network/vpc/addresses.ts';
import { ConversationRules, legOf } from '../../network/verdict/conversation-rules.ts';
import { EGRESS, INGRESS } from '../../network/verdict/group-rules.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { Conversations, OwnAddresses } from '../conversations/conversations.ts';
import { NO_ROUTE, OF_REPLY, Replay } from './judged.ts';
import type { Cause } from './tally.ts';
import { Tally } from './tally.ts';

const EFFECT_WORDS: readonly Effect[] = [
  'same',
  'newly-blocked',
  'newly-allowed',
  'accepted-unexplained',
  'rejected-unexplained',
  'not-in-model',
  'not-placed',
];

/** How the interfaces of a model are found by records. */
export function ownAddressesOf(rules: ConversationRules): OwnAddresses {
  const numbers = new Map(rules.snapshot.interfaces.map((one) => [one.id, one.number]));
  return { holders: rules.paths.holders, numberOf: (id) => numbers.get(id) ?? 0 };
}

/** The number in a model of each interface with records. */
export function numbersOf({ interfaces }: Conversations, own: OwnAddresses): Uint32Array {
  return Uint32Array.from(interfaces, ({ id }) => (id === null ? 0 : own.numberOf(id)));
}

/**
 * Replays.
 *
 * @param after  compiled after `before`, so that what is in both has the same numbers
 * @param only   positions of the interfaces whose conversations are replayed; all without it
 */
export async function replay(
  conversations: Conversations,
  before: ConversationRules,
  after: VpcSnapshot,
  changeNotes: readonly ChangeNote[] = [],
  only?: readonly number[],
): Promise<ReplayAnswer> {
  const rulesAfter = new ConversationRules(after, before.ends);
  const numbers = numbersOf(conversations, ownAddressesOf(before));
  const judging = new Replay(before, rulesAfter, numbers);
  const tally = new Tally();
  let unreadable = 0;
  for await (const batch of conversations.batches(only)) {
    unreadable += batch.unreadable;
    judging.take(batch, (row) => tally.add(batch, row, judging.judged));
  }
  const { interfaces } = conversations;
  const total = (effect: number): ReplayTotal => ({
    conversations: tally.conversations[effect] ?? 0,
    packets: tally.packets[effect] ?? 0,
    bytes: tally.bytes[effect] ?? 0,
  });
  const sum = (of: (one: Conversations['interfaces'][number]) => number): number =>
    interfaces.reduce((all, one) => all + of(one), 0);
  const [notKnown = 0, flags = 0, ports = 0, time = 0, oneWay = 0, lowerPort = 0] = tally.openers;
  return {
    window: windowOf(conversations),
    totals: Object.fromEntries(EFFECT_WORDS.map((word, effect) => [word, total(effect)])) as ReplayAnswer['totals'],
    otherRule: tally.otherRule,
    lateReplies: tally.late,
    causes: tally.causes().map((cause) => describe(cause, conversations, after)),
    openers: { flags, ports, time, oneWay, lowerPort, notKnown, turned: tally.turned },
    translated: tally.translated,
    records: {
      nodata: sum((one) => one.nodata),
      skipdata: sum((one) => one.skipdata),
      incomplete: sum((one) => one.incomplete),
      unreadable,
    },
    unknownInterfaces: interfaces.flatMap(({ id, records }, at) =>
      id !== null && records > 0 && numbers[at] === 0 ? [id] : [],
    ),
    beyondCauses: tally.beyondCauses,
    beyondPeers: tally.beyondPeers,
    changeNotes,
    notUnderstood: [...new Set([...before.snapshot.notUnderstood, ...after.notUnderstood])],
  };
}

/** From the first record to the last; 0 where there are none. */
export function windowOf({ interfaces }: Conversations): ReplayAnswer['window'] {
  const firsts = interfaces.map((one) => one.firstSeconds).filter((seconds) => seconds > 0);
  return {
    firstSeconds: firsts.length === 0 ? 0 : Math.min(...firsts),
    lastSeconds: Math.max(0, ...interfaces.map((one) => one.lastSeconds)),
  };
}

function describe(cause: Cause, { interfaces }: Conversations, { interfaces: all, rules }: VpcSnapshot): ReplayCause {
  const decider = (verdict: number, rule: number): Decider => {
    const leg = (verdict & OF_REPLY) === 0 ? 'request' : 'reply';
    const denied = verdict & ~OF_REPLY;
    const ruleId = rule === 0 ? null : (rules[rule]?.id ?? null);
    if (denied === NO_ROUTE) return { leg, action: 'REJECT', stage: 'route', ruleId, rejectReason: null };
    const direction = leg === 'request' ? cause.request : cause.request === INGRESS ? EGRESS : INGRESS;
    const { action, stage, rejectReason } = legOf(denied, rule, direction);
    return { leg, action, stage: stage as Decider['stage'], ruleId, rejectReason };
  };
  return {
    effect: EFFECT_WORDS[cause.effect] ?? 'same',
    interfaceId: all[cause.at]?.id ?? '',
    recordedAt: cause.isFarEnd ? (interfaces[cause.recordedAt]?.id ?? null) : null,
    direction: cause.request === INGRESS ? 'ingress' : 'egress',
    protocol: cause.protocol,
    port: cause.port,
    before: decider(cause.before, cause.beforeRule),
    after: decider(cause.after, cause.afterRule),
    conversations: cause.conversations,
    packets: cause.packets,
    bytes: cause.bytes,
    lastSeconds: cause.lastSeconds,
    peers: cause.peers,
    examples: cause.examples.map(({ words, family, conversations }) => ({
      address: formatAddress({ family, words }),
      conversations,
    })),
  };
}
