/**
 * The answer of a replay for people.
 *
 * In:    the answer. Out: text that reads from top to bottom.
 * Holds: what matters first: the verdict, then what is newly blocked, newly allowed, not explained; then what it rests on. Values of
 *        records and models are shown as no terminal obeys them.
 */
import { styleText } from 'node:util';
import type { ChangeNote } from '../api/change.ts';
import type { Decider, Effect, ReplayAnswer, ReplayCause } from '../api/replay.ts';
import { countText } from './counts.ts';
import { sizeText } from './sizes.ts';
import { shown } from './text-width.ts';

export type TextOptions = { readonly colour: boolean };

/** Causes of each kind that are printed; all are in `--json`. */
const LISTED = 20;

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6', 132: 'sctp' };

const HEADS: readonly (readonly [Effect, 'red' | 'yellow' | 'cyan', string])[] = [
  ['newly-blocked', 'red', 'Newly blocked'],
  ['newly-allowed', 'yellow', 'Newly allowed'],
  ['accepted-unexplained', 'cyan', 'Not explained: recorded ACCEPT, denied by the present model'],
  ['rejected-unexplained', 'cyan', 'Not explained: recorded REJECT, admitted by the present model'],
];

/** The whole answer. */
export function replayText(answer: ReplayAnswer, { colour }: TextOptions): string {
  const paint = (style: 'red' | 'yellow' | 'cyan' | 'green' | 'bold', text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const { totals } = answer;
  const blocked = totals['newly-blocked'].conversations;
  const all = Object.values(totals).reduce((sum, one) => sum + one.conversations, 0);
  const lines: string[] = [];
  lines.push(
    blocked > 0
      ? paint('red', `The change blocks ${countText(blocked, 'conversation')} that passed.`)
      : all === 0
        ? 'No conversation was recorded: there is nothing to replay.'
        : all === totals['not-in-model'].conversations + totals['not-placed'].conversations
          ? paint('yellow', 'No conversation could be judged: is the model that of these records?')
          : paint('green', 'The change blocks no conversation that passed.'),
  );
  const missed = answer.changeNotes.filter(({ kind }) => kind === 'not-in-model').length;
  if (missed > 0)
    lines.push(paint('yellow', `Of the change ${countText(missed, 'step')} could not be made: see the end.`));
  if (all > 0) lines.push(`Replayed: ${countText(all, 'conversation')}${windowText(answer.window)}.`, '');
  for (const [effect, , head] of HEADS) lines.push(totalLine(head, totals[effect]));
  lines.push(
    totalLine('Same', totals.same) + (answer.otherRule > 0 ? `; ${answer.otherRule} of them by another rule` : ''),
  );
  if (totals['not-in-model'].conversations > 0)
    lines.push(totalLine('Not judged: the model lacks the interface', totals['not-in-model']));
  if (totals['not-placed'].conversations > 0)
    lines.push(totalLine('Not judged: which end is the interface is not known', totals['not-placed']));
  for (const [effect, style, head] of HEADS)
    lines.push(...causeLines(answer, effect, paint(style, paint('bold', head))));
  lines.push(...footLines(answer));
  return `${lines.join('\n')}\n`;
}

function totalLine(name: string, { conversations, packets, bytes }: ReplayAnswer['totals'][Effect]): string {
  const much = conversations === 0 ? '' : `  (${countText(packets, 'packet')}, ${sizeText(bytes)})`;
  return `  ${name}: ${conversations}${much}`;
}

function windowText({ firstSeconds, lastSeconds }: ReplayAnswer['window']): string {
  return firstSeconds === 0 ? '' : `, recorded from ${timeText(firstSeconds)} to ${timeText(lastSeconds)}`;
}

function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

function causeLines(answer: ReplayAnswer, effect: Effect, head: string): string[] {
  const causes = answer.causes.filter((cause) => cause.effect === effect);
  if (causes.length === 0) return [];
  const more = causes.length - LISTED;
  return [
    '',
    head,
    ...causes.slice(0, LISTED).flatMap((cause) => oneCause(cause)),
    ...(more > 0 ? [`  … and ${countText(more, 'cause')} more; --json has them all`] : []),
  ];
}

function oneCause(cause: ReplayCause): string[] {
  const protocol = PROTOCOLS[cause.protocol] ?? `protocol ${cause.protocol}`;
  const service = cause.port === 0 ? protocol : `${protocol}/${cause.port}`;
  const way = cause.direction === 'ingress' ? 'into' : 'out of';
  const where = cause.recordedAt === null ? '' : `, the far end of ${shown(cause.recordedAt)}`;
  const peers = cause.examples.map(({ address }) => address).join(', ');
  const others = cause.peers - cause.examples.length;
  const seen = cause.lastSeconds === 0 ? '' : `, last seen ${timeText(cause.lastSeconds)}`;
  return [
    `  ${service} ${way} ${shown(cause.interfaceId)}${where}`,
    `    ${countText(cause.conversations, 'conversation')}, ${countText(cause.packets, 'packet')}, ${sizeText(cause.bytes)}${seen}`,
    `    ${countText(cause.peers, 'peer')}: ${peers}${others > 0 ? `, … ${others} more` : ''}`,
    `    now:   ${deciderText(cause.before)}`,
    `    after: ${deciderText(cause.after)}`,
  ];
}

/** What decides, in words. */
export function deciderText({ leg, action, stage, ruleId, rejectReason }: Decider): string {
  const of = leg === 'reply' ? 'the reply ' : '';
  if (stage === 'route') return `${of}no route leads to the peer`;
  if (rejectReason !== null)
    return `${of}REJECT by ${rejectReason === 'BPA' ? 'Block Public Access' : 'encryption controls'}`;
  if (ruleId !== null) return `${of}${action} by ${shown(ruleId)} (${stage})`;
  if (action === 'ACCEPT') return `${of}ACCEPT, no rule was asked`;
  return `${of}REJECT: no rule admits it (${stage})`;
}

function footLines(answer: ReplayAnswer): string[] {
  const { openers, records } = answer;
  const lines: string[] = [];
  const all = openers.flags + openers.ports + openers.time + openers.oneWay + openers.lowerPort + openers.notKnown;
  if (all > 0) {
    const parts = [
      [openers.flags, 'TCP flags'],
      [openers.ports, 'ports'],
      [openers.time, 'times'],
      [openers.oneWay, 'only one direction recorded'],
      [openers.lowerPort, 'the lower port (a guess)'],
      [openers.notKnown, 'not known'],
    ] as const;
    const told = parts.filter(([count]) => count > 0).map(([count, by]) => `${by} ${count}`);
    const turned = openers.turned > 0 ? `; turned, as only that explains the record: ${openers.turned}` : '';
    lines.push('', `Who opened was told by: ${told.join(', ')}${turned}.`);
  }
  if (answer.translated > 0)
    lines.push(
      `Of ${countText(answer.translated, 'conversation')} the packets' addresses were judged, not those that the interface shows.`,
    );
  if (records.skipdata > 0)
    lines.push(
      `${countText(records.skipdata, 'record')} ${records.skipdata === 1 ? 'says' : 'say'} that others were skipped (SKIPDATA): more was there than is judged.`,
    );
  if (records.incomplete > 0)
    lines.push(`Left out: ${countText(records.incomplete, 'record')} without five-tuple or action.`);
  if (records.unreadable > 0)
    lines.push(`Left out: ${countText(records.unreadable, 'conversation')} with an address that is none.`);
  if (answer.unknownInterfaces.length > 0) lines.push(`Not in the model: ${listed(answer.unknownInterfaces)}.`);
  if (answer.beyondCauses > 0)
    lines.push(
      `Counted, but not listed by cause, for there are too many: ${countText(answer.beyondCauses, 'conversation')}.`,
    );
  if (answer.beyondPeers > 0) lines.push('There are more peers than are told: too many to be kept.');
  if (answer.lateReplies > 0)
    lines.push(
      `Of ${countText(answer.lateReplies, 'conversation')} the reply was rejected although rules pass it: its connection was closed, or idle for too long.`,
    );
  for (const note of answer.changeNotes) lines.push(changeNoteText(note));
  if (answer.notUnderstood.length > 0) lines.push(`Of the model not understood: ${listed(answer.notUnderstood)}.`);
  return lines;
}

/** Names of a list that are printed. */
const NAMED = 10;

function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).map(shown).join('; ')}${more > 0 ? `; … ${more} more` : ''}`;
}

/** What of the change was left out, in words. */
function changeNoteText(note: ChangeNote): string {
  switch (note.kind) {
    case 'not-in-model':
      return `Step ${note.step + 1} of the change: the model does not have ${shown(note.what)}.`;
    case 'resource-left-out':
      return `Of the plan left out: ${shown(note.address)} (${shown(note.type)} is no part of a replay).`;
    case 'value-unknown':
      return `Of the plan left out: ${shown(note.address)}, whose ${shown(note.attribute)} is known only after it is applied.`;
  }
}
