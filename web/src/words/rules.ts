/**
 * Words for what rules were used for.
 *
 * In:    rules with their hits, a suggestion. Out: words for people.
 * Holds: what is said is about the records of the time range, and says so: a rule for the end of the year is unused in November.
 */
import type { RuleHits, RuleHitsReport } from '../../../src/api/rule-hits.ts';
import type { LeftOut, Suggestion } from '../../../src/api/suggestion.ts';
import { countText, manyText, shareText, timeText } from '../format.ts';
import { fewOf } from './rejects.ts';

export const MARKS = ['unused', 'shadowed', 'wider'] as const;
export type Mark = (typeof MARKS)[number];

export const MARK_WORDS: Readonly<Record<Mark, string>> = {
  unused: 'Unused',
  shadowed: 'Shadowed',
  wider: 'Wider than used',
};

/** The marks of a rule. */
export function marksOf({ unused, shadowedBy, wider }: RuleHits): readonly Mark[] {
  return [
    ...(unused ? (['unused'] as const) : []),
    ...(shadowedBy !== null ? (['shadowed'] as const) : []),
    ...(wider !== null ? (['wider'] as const) : []),
  ];
}

/** How it is wider than it was used. */
export function widerText({ wider, ports }: RuleHits): string {
  if (wider === null) return '';
  const { addresses, ports: used, protocols } = wider;
  const parts = [
    `${countText(addresses.used)} of ${addresses.allowed} addresses used, all within ${fewOf(addresses.within)}`,
  ];
  if (used !== null && used.used < used.allowed)
    parts.unshift(
      `${countText(used.used)} of ${manyText(used.allowed, 'port')} used (${fewOf(ports.map(({ port }) => String(port)))})`,
    );
  if (protocols !== null) parts.push(`protocols used: ${protocols.join(', ')}`);
  return `${parts.join('; ')}.`;
}

/** What of the conversations no rule was given. */
export function asideTexts({ conversations }: RuleHitsReport): readonly string[] {
  const lines = [
    [conversations.notAdmitted, 'admitted by no rule as of their time'],
    [conversations.interfaceUnknown, 'at interfaces that the network does not have'],
    [conversations.byUnknownGroup, 'admitted by groups that are not described'],
    [conversations.byRulesThatAreGone, 'admitted by rules that are no longer there'],
  ] as const;
  return lines.flatMap(([count, words]) =>
    count > 0 ? [`${manyText(count, 'accepted conversation is', 'accepted conversations are')} ${words}.`] : [],
  );
}

/** How far a suggestion can be trusted, and what it left out; the most important first. */
export function cautionTexts(suggestion: Suggestion): readonly string[] {
  const { replay, leftOut, membersWithoutRecords, openerUnknown, unseenShare, isWidened } = suggestion;
  const of = ({ conversations, sources, examples }: LeftOut, what: string): string | null => {
    if (conversations === 0) return null;
    const more = sources - examples.length;
    return `Left out: ${manyText(conversations, 'conversation')} ${what}, of ${examples.join(', ')}${more > 0 ? ` and ${countText(more)} more` : ''}.`;
  };
  const lines: (string | null)[] = [
    membersWithoutRecords.length > 0
      ? `No record is of ${fewOf(membersWithoutRecords)}: what these members need is not known.`
      : null,
    unseenShare === null
      ? null
      : `Of conversations to come about ${shareText(unseenShare)} would need a rule that is not here, if they go on like these.`,
    isWidened ? 'Some rules admit more than was seen, as you allowed.' : null,
    replay.leftOut > 0
      ? `Replayed, these rules block ${manyText(replay.leftOut, 'conversation')} that passed and were left out on purpose.`
      : null,
    of(leftOut.scans, 'of scans'),
    of(leftOut.unanswered, 'that nobody answered'),
    leftOut.rejected > 0 ? `Left out: ${manyText(leftOut.rejected, 'conversation')} that were rejected.` : null,
    openerUnknown > 0
      ? `Of ${manyText(openerUnknown, 'conversation')} nobody knows who began, as with ICMP: they count both ways, as far as rules admit them now.`
      : null,
    leftOut.notPlaced > 0
      ? `Left out: ${manyText(leftOut.notPlaced, 'conversation')} of which it is not known which end is the interface.`
      : null,
    leftOut.ofOthers > 0
      ? `${manyText(leftOut.ofOthers, 'conversation passes', 'conversations pass')} by rules of other groups of the same interfaces.`
      : null,
  ];
  return lines.filter((line) => line !== null);
}

/** `2026-11-23 12:05:00 to 2026-11-30 12:05:00, 7.0 days` */
export function windowText({ firstSeconds, lastSeconds }: Suggestion['window']): string {
  if (firstSeconds === 0) return 'nothing was recorded';
  const seconds = lastSeconds - firstSeconds;
  const length =
    seconds < 7200
      ? manyText(Math.max(1, Math.round(seconds / 60)), 'minute')
      : seconds < 172_800
        ? `${(seconds / 3600).toFixed(1)} hours`
        : `${(seconds / 86_400).toFixed(1)} days`;
  return `${timeText(firstSeconds)} to ${timeText(lastSeconds)} UTC, ${length}`;
}
