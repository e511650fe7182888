/**
 * Words for what a change does to conversations, and for what decides about them.
 *
 * In:    members of `src/api/replay.ts`. Out: words for people.
 * Holds: every member has words, and a test says so. What is not explained is never said to be the same.
 */
import type { Decider, Effect, ReplayAnswer, ReplayCause } from '../../../src/api/replay.ts';
import { countText, manyText } from '../format.ts';
import { protocolText } from './rejects.ts';

export const EFFECT_WORDS: Readonly<Record<Effect, string>> = {
  same: 'Same',
  'newly-blocked': 'Newly blocked',
  'newly-allowed': 'Newly allowed',
  'accepted-unexplained': 'Recorded as accepted, denied by the present rules',
  'rejected-unexplained': 'Recorded as rejected, admitted by the present rules',
  'not-in-model': 'Not judged: the network lacks the interface',
  'not-placed': 'Not judged: which end is the interface is not known',
};

export const STAGE_WORDS: Readonly<Record<Decider['stage'], string>> = {
  'sg-egress': 'security group, outbound',
  'sg-ingress': 'security group, inbound',
  'nacl-egress': 'network ACL, outbound',
  'nacl-ingress': 'network ACL, inbound',
  route: 'route',
  'not-judged': 'no rule was asked',
};

/** What decides, as a sentence without its end. */
export function deciderText({ leg, action, stage, ruleId, rejectReason }: Decider): string {
  const of = leg === 'reply' ? 'Reply: ' : '';
  if (stage === 'route') return `${of}no route leads to the peer`;
  if (rejectReason !== null)
    return `${of}rejected by ${rejectReason === 'BPA' ? 'Block Public Access' : 'encryption controls'}`;
  const done = action === 'ACCEPT' ? 'accepted' : 'rejected';
  if (ruleId !== null) return `${of}${done} by ${ruleId} (${STAGE_WORDS[stage]})`;
  if (action === 'ACCEPT') return `${of}accepted, no rule was asked`;
  return `${of}rejected: no rule admits it (${STAGE_WORDS[stage]})`;
}

/** `tcp 443`, `icmp`. */
export const serviceOf = ({ protocol, port }: Pick<ReplayCause, 'protocol' | 'port'>): string =>
  port === 0 ? protocolText(protocol) : `${protocolText(protocol)} ${port}`;

/** What the answer rests on, and what it does not say. */
export function footTexts(answer: ReplayAnswer): readonly string[] {
  const { openers, records, unknownInterfaces, beyondCauses, beyondPeers, lateReplies, translated } = answer;
  const told = (
    [
      [openers.flags, 'TCP flags'],
      [openers.ports, 'ports'],
      [openers.time, 'times'],
      [openers.oneWay, 'only one direction recorded'],
      [openers.lowerPort, 'the lower port (a guess)'],
      [openers.notKnown, 'nothing: not known'],
    ] as const
  ).flatMap(([count, by]) => (count > 0 ? [`${by} ${countText(count)}`] : []));
  const lines: (string | null)[] = [
    told.length > 0 ? `Who opened a conversation was told by ${told.join(', ')}.` : null,
    openers.turned > 0
      ? `${manyText(openers.turned, 'conversation was', 'conversations were')} turned: only that explains the record.`
      : null,
    translated > 0
      ? `Of ${manyText(translated, 'conversation')} the packets’ addresses were judged, not those that the interface shows.`
      : null,
    records.skipdata > 0
      ? `${manyText(records.skipdata, 'record says', 'records say')} that others were skipped (SKIPDATA): more was there than is judged.`
      : null,
    records.incomplete > 0 ? `${manyText(records.incomplete, 'record')} without five-tuple or action left out.` : null,
    records.unreadable > 0
      ? `${manyText(records.unreadable, 'conversation')} with an address that is none left out.`
      : null,
    unknownInterfaces.length > 0
      ? `Not in the network: ${unknownInterfaces.slice(0, 10).join(', ')}${unknownInterfaces.length > 10 ? ` and ${countText(unknownInterfaces.length - 10)} more` : ''}.`
      : null,
    beyondCauses > 0
      ? `${manyText(beyondCauses, 'conversation is', 'conversations are')} counted and not listed: there are too many causes.`
      : null,
    beyondPeers > 0 ? 'There are more peers than are shown: too many to be kept.' : null,
    lateReplies > 0
      ? `Of ${manyText(lateReplies, 'conversation')} the reply was rejected although rules pass it: its connection was closed, or idle for too long.`
      : null,
  ];
  return lines.filter((line) => line !== null);
}
