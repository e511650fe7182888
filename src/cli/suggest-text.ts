/**
 * A suggestion for people.
 *
 * In:    the suggestion. Out: text that reads from top to bottom; warnings alone, for where the rules are printed to be run.
 * Holds: the rules first, each with what it rests on; then what goes, what was left out and why, and how far it can be trusted.
 */
import { styleText } from 'node:util';
import type { LeftOut, SuggestedRule, Suggestion } from '../api/suggestion.ts';
import { countText } from './counts.ts';
import { shown } from './text-width.ts';

/** Names of a list that are printed. */
const NAMED = 10;

/** The whole answer. */
export function suggestionText(suggestion: Suggestion, { colour }: { readonly colour: boolean }): string {
  const bold = (text: string): string => (colour ? styleText('bold', text, { validateStream: false }) : text);
  const red = (text: string): string => (colour ? styleText('red', text, { validateStream: false }) : text);
  const { rules, superfluous, conversations, window } = suggestion;
  const lines = [
    bold(`${shown(suggestion.group)} needs ${countText(rules.length, 'rule')} for what was recorded.`),
    window.firstSeconds === 0
      ? 'Nothing was recorded.'
      : `From ${timeText(window.firstSeconds)} to ${timeText(window.lastSeconds)} (${daysText(window.lastSeconds - window.firstSeconds)}): ${countText(conversations, 'accepted conversation')} that ${conversations === 1 ? 'is' : 'are'} needed, at ${countText(suggestion.members, 'member')}.`,
  ];
  for (const direction of ['ingress', 'egress'] as const) {
    const own = rules.filter((rule) => rule.direction === direction);
    const { four, six } = suggestion.counts[direction];
    lines.push(
      '',
      bold(
        `${direction === 'ingress' ? 'In' : 'Out'}: ${countText(own.length, 'rule')} (IPv4 ${four}, IPv6 ${six} of ${suggestion.limit})`,
      ),
    );
    if (own.length === 0) lines.push('  none');
    lines.push(...table(own));
  }
  if (superfluous.length > 0) lines.push('', `Not needed, and left out: ${listed(superfluous)}`);
  lines.push('', ...leftOutLines(suggestion));
  for (const line of suggestionWarnings(suggestion)) lines.push(red(line));
  if (suggestion.unseenShare !== null)
    lines.push(
      `Of conversations to come about ${percent(suggestion.unseenShare)} would need a rule that is not here, if they go on like these.`,
    );
  if (suggestion.notUnderstood.length > 0)
    lines.push(`Of the model not understood: ${listed(suggestion.notUnderstood)}.`);
  return `${lines.join('\n')}\n`;
}

/** What somebody has to know who takes the rules as they are. */
export function suggestionWarnings(suggestion: Suggestion): readonly string[] {
  const { fits, limit, widenWith, isWidened, replay, membersWithoutRecords } = suggestion;
  const lines: string[] = [];
  if (!fits)
    lines.push(
      `These are more than ${limit} rules a direction, the limit. Nothing was widened further; ${widenWith === null ? 'no prefix length that was tried helps: raise --limit with AWS' : `with --widen ${widenWith} they fit`}.`,
    );
  if (isWidened) lines.push('Some rules admit more than was seen, as --widen allows.');
  const unmeant = replay.newlyBlocked - replay.leftOut;
  if (unmeant > 0)
    lines.push(
      `Replayed, these rules block ${countText(unmeant, 'conversation')} that they were made for; \`flowgauge replay\` lists them.`,
    );
  else if (replay.leftOut > 0)
    lines.push(
      `Replayed, these rules block ${countText(replay.leftOut, 'conversation')} that passed, all of them left out on purpose.`,
    );
  if (membersWithoutRecords.length > 0)
    lines.push(`No record is of ${listed(membersWithoutRecords)}: what these need is not known.`);
  return lines;
}

function table(rules: readonly SuggestedRule[]): string[] {
  const rows = rules.map((rule) => [
    rule.ports === null ? rule.protocol : `${rule.protocol}/${rule.ports}`,
    shown(rule.peer),
    countText(rule.conversations, 'conversation'),
    rule.members === null
      ? countText(rule.sources, 'peer')
      : `${rule.members.used} of ${countText(rule.members.of, 'member')}`,
    rule.lastSeconds === 0 ? '' : `last ${timeText(rule.lastSeconds)}`,
    rule.keeps === null ? 'new' : `is ${shown(rule.keeps)}`,
  ]);
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(0, ...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, at) => (at < 5 ? cell.padEnd(widths[at] ?? 0) : cell)).join('  ')}`.trimEnd(),
  );
}

function leftOutLines({ leftOut, openerUnknown, replay }: Suggestion): string[] {
  const lines: string[] = [];
  const add = (one: LeftOut, what: string): void => {
    if (one.conversations === 0) return;
    const more = one.sources - one.examples.length;
    lines.push(
      `Left out: ${countText(one.conversations, 'conversation')} ${what}, of ${one.examples.map(shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
    );
  };
  add(leftOut.scans, 'of scans');
  add(leftOut.unanswered, 'that nobody answered');
  if (leftOut.rejected > 0)
    lines.push(
      `Left out: ${countText(leftOut.rejected, 'conversation')} that ${leftOut.rejected === 1 ? 'was' : 'were'} rejected.`,
    );
  if (openerUnknown > 0)
    lines.push(
      `Of ${countText(openerUnknown, 'conversation')} nobody knows who began, as with ICMP: they count both ways, as far as rules admit them now.`,
    );
  if (leftOut.notPlaced > 0)
    lines.push(
      `Left out: ${countText(leftOut.notPlaced, 'conversation')} of which it is not known which end is the interface.`,
    );
  if (leftOut.ofOthers > 0)
    lines.push(
      `${countText(leftOut.ofOthers, 'conversation')} ${leftOut.ofOthers === 1 ? 'passes' : 'pass'} by rules of other groups of the same interfaces.`,
    );
  if (replay.newlyBlocked === 0)
    lines.push(`Replayed: of ${countText(replay.conversations, 'conversation')} these rules block none that passed.`);
  return lines;
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).map(shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 2 : 0)} %`;
}

function daysText(seconds: number): string {
  if (seconds < 7200) return countText(Math.round(seconds / 60), 'minute');
  return seconds < 172_800 ? `${(seconds / 3600).toFixed(1)} hours` : `${(seconds / 86_400).toFixed(1)} days`;
}

function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
