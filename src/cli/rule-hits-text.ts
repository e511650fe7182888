/**
 * What rules were used for, in words.
 *
 * In:    a report. Out: text: a group or ACL, then its rules, each with its hits and what there is to say of it.
 * Holds: what is printed of names of others is shown, never obeyed; colour on a terminal only.
 */
import { styleText } from 'node:util';
import type { RuleHits, RuleHitsReport } from '../api/rule-hits.ts';
import { isoOf } from '../lake/read/time-range.ts';
import { countText } from './counts.ts';
import { sizeText } from './sizes.ts';
import { shown } from './text-width.ts';

const FEW = 3;

/** The whole answer. */
export function ruleHitsText({
  rules,
  conversations,
  firstSeconds,
  lastSeconds,
  notUnderstood,
}: RuleHitsReport): string {
  const span = firstSeconds === null ? '' : ` of ${isoOf(firstSeconds)} to ${isoOf(lastSeconds ?? firstSeconds)}`;
  const lines = [`${countText(conversations.accepted, 'accepted conversation')}${span}`];
  const aside = [
    [conversations.notAdmitted, 'admitted by no rule as of their time'],
    [conversations.interfaceUnknown, 'at interfaces that the model has not'],
    [conversations.byUnknownGroup, 'admitted by groups that are not given'],
    [conversations.byRulesThatAreGone, 'admitted by rules that are no longer there'],
  ] as const;
  for (const [number, words] of aside) if (number > 0) lines.push(`  ${number} ${words}`);
  let of = '';
  for (const rule of rules) {
    if (rule.of !== of) lines.push('', styleText('bold', shown(rule.of), { stream: process.stdout }));
    of = rule.of;
    lines.push(...ruleLines(rule));
  }
  if (rules.length === 0) lines.push('', '(no rules)');
  if (notUnderstood.length > 0) {
    lines.push('', 'Not understood of the model, and therefore left out:');
    for (const text of notUnderstood.slice(0, FEW)) lines.push(`  ${shown(text)}`);
    if (notUnderstood.length > FEW) lines.push(`  and ${notUnderstood.length - FEW} more; --json has all`);
  }
  return `${lines.join('\n')}\n`;
}

function ruleLines(rule: RuleHits): string[] {
  const own = rule.ruleId.startsWith(`${rule.of}/`) ? rule.ruleId.slice(rule.of.length + 1) : rule.ruleId;
  const lines = [`  ${shown(own)}  ${shown(rule.says)}`];
  const add = (text: string): void => void lines.push(`      ${text}`);
  if (rule.unused) add(styleText('yellow', 'unused', { stream: process.stdout }));
  else {
    const peers = rule.hasMorePeers ? `more than ${rule.peers} peers` : countText(rule.peers, 'peer');
    const span = rule.firstSeconds === null ? '' : `, ${isoOf(rule.firstSeconds)} to ${isoOf(rule.lastSeconds!)}`;
    add(`${countText(rule.conversations, 'conversation')}, ${peers}, ${sizeText(rule.bytes)}${span}`);
  }
  if (rule.shadowedBy !== null) add(`shadowed by ${fewOf(rule.shadowedBy)}: without it nothing changes`);
  if (rule.wider !== null) add(`wider than used: ${widerText(rule)}`);
  return lines;
}

function widerText({ wider, ports }: RuleHits): string {
  const { ports: used, addresses } = wider!;
  const parts = [`${addresses.used} of ${addresses.allowed} addresses, all within ${addresses.within.join(' and ')}`];
  if (used !== null && used.used < used.allowed)
    parts.unshift(`${used.used} of ${used.allowed} ports (${fewOf(ports.map(({ port }) => String(port)))})`);
  return parts.join('; ');
}

function fewOf(texts: readonly string[]): string {
  const more = texts.length > FEW ? ` and ${texts.length - FEW} more` : '';
  return shown(`${texts.slice(0, FEW).join(', ')}${more}`);
}
