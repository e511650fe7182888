/**
 * Rejected records by cause, in words.
 *
 * In:    a report. Out: text, read from top to bottom; colour on a terminal only.
 * Holds: what is printed of names and values of others is shown, never obeyed. A cause says how sure it is, and what to
 *        ask next.
 */
import { styleText } from 'node:util';
import type {
  Cause,
  ChangeCaused,
  Met,
  NextQuestion,
  ReattributionReport,
  RejectCause,
  RejectReport,
  TimedChange,
} from '../api/rejects.ts';
import { isoOf } from '../lake/read/time-range.ts';
import { countText } from './counts.ts';
import { sizeText } from './sizes.ts';
import { shown } from './text-width.ts';

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };
/** Changes and flows that are named. */
const FEW = 5;

export type TextOptions = {
  /** Causes that are printed. */
  readonly limit: number;
  /** Options of a command that name the network, with a blank before them. */
  readonly network: string;
};

/** The whole answer. */
export function rejectText(report: RejectReport, { limit, network }: TextOptions): string {
  const { records, causes, firstSeconds, lastSeconds, changeCaused, changes, reattributed } = report;
  const span = firstSeconds === null ? '' : ` of ${isoOf(firstSeconds)} to ${isoOf(lastSeconds ?? firstSeconds)}`;
  const lines = [
    `${countText(records.rejected, 'rejected record')}${span}, ${countText(causes.length, 'cause')}; ${countText(records.accepted, 'accepted record')}`,
  ];
  if (records.others > 0)
    lines.push(
      `${countText(records.others, 'record')} beside them: NODATA, SKIPDATA, or without what makes a five-tuple`,
    );
  for (const cause of causes.slice(0, limit)) lines.push('', ...causeLines(cause, network));
  if (causes.length > limit)
    lines.push('', `and ${causes.length - limit} causes more; --limit ${causes.length} prints all`);
  if (changeCaused.length > 0) {
    lines.push('', bold('Rejected since a change'));
    for (const one of changeCaused.slice(0, limit)) lines.push(...changeLines(one));
  } else if (changes.length > 0)
    lines.push(
      '',
      `${countText(changes.length, 'change')} of the network in that time, none of which made a flow fail that was accepted before`,
    );
  if (reattributed !== null) lines.push('', ...learnedLines(reattributed));
  if (report.notRemembered > 0)
    lines.push(
      '',
      `${countText(report.notRemembered, 'record')} of more flows than are remembered: peers, ports and newly rejected flows are at least what is told`,
    );
  if (report.notUnderstood.length > 0) {
    lines.push('', 'Not understood of the model, and therefore left out:');
    for (const text of report.notUnderstood.slice(0, FEW)) lines.push(`  ${shown(text)}`);
    const more = report.notUnderstood.length - FEW;
    if (more > 0) lines.push(`  and ${more} more; --json has all`);
  }
  return `${lines.join('\n')}\n`;
}

function causeLines(cause: RejectCause, network: string): string[] {
  const { newly, met, nearMisses, example } = cause;
  const own = cause.interfaces > 1 ? countText(cause.interfaces, 'interface') : cause.interfaceId;
  const where = [own ?? 'an interface that is not known', cause.direction].filter(Boolean).join(' ');
  const name = cause.interfaces > 1 ? (met[0]?.interfaceId ?? null) : cause.interfaceId;
  const word =
    newly === null ? '' : `${colour('yellow', newly.why === 'accepted-before' ? 'NEWLY REJECTED' : 'NEW')}  `;
  const lines = [`${word}${bold(shown(where))}: ${bold(headOf(cause, name, cause.groups))}`];
  const add = (label: string, text: string): void => void lines.push(`  ${label.padEnd(9)}${text}`);
  const times = cause.firstSeconds === null ? '' : `; ${isoOf(cause.firstSeconds)} to ${isoOf(cause.lastSeconds!)}`;
  add(
    'count',
    `${countText(cause.records, 'record')}, ${countText(cause.packets, 'packet')}, ${sizeText(cause.bytes)}${times}`,
  );
  for (const other of met.slice(1)) add('or', shown(metText(other, name, cause.groups)));
  if (cause.modelSays !== null)
    add(
      'but',
      `the rules of the model say ${cause.modelSays.length === 0 ? 'that it passes' : cause.modelSays.map((one) => shown(metText(one, name, cause.groups))).join(', or ')}`,
    );
  if (cause.beforeModel) add('but', 'the records are older than the first import');
  if (newly?.why === 'accepted-before')
    add(
      'new',
      `${countText(newly.flows, 'flow')} accepted until ${isoOf(newly.acceptedUntilSeconds!)}, rejected since ${isoOf(newly.sinceSeconds)}`,
    );
  else if (newly !== null) add('new', `not seen before ${isoOf(newly.sinceSeconds)}`);
  if (cause.interfaces > 1) add('at', shown(countedText(cause.topInterfaces, cause.interfaces)));
  if (cause.topPorts.length > 0)
    add(
      'ports',
      countedText(
        cause.topPorts.map(({ value, records }) => ({ value: portText(value), records })),
        cause.ports,
      ),
    );
  if (cause.topPeers.length > 0) add('peers', countedText(cause.topPeers, cause.peers));
  add('example', shown(exampleText(example)));
  if (nearMisses.length > 0) add('nearest', nearMisses.map(missText).join('; '));
  if (cause.now === 'admits') add('now', 'the newest version of the model admits it');
  if (cause.next !== null) add('ask', shown(commandOf(cause.next, network)));
  return lines;
}

/** How sure a cause is, where that is not said otherwise. */
function sureText({ certainty, met, beforeModel, why }: Cause): string {
  if (certainty === 'kernel') return ' (the kernel dropped it)';
  if (certainty !== 'one-of-several' || why === 'next-version') return '';
  if (met.length > 1) return ' (one of several)';
  return beforeModel ? ' (if the rules were then as at the first import)' : ' (or at another interface)';
}

function headOf(cause: Cause, name: string | null, groups: readonly string[] | null): string {
  const [first] = cause.met;
  const sure = sureText(cause);
  if (cause.why === 'interface-not-in-model' && first === undefined)
    return 'not explained: the model has no such interface at that time';
  if (cause.why === 'address-owner-unknown' && first === undefined)
    return 'not explained: no interface of the model holds its address at that time';
  if (first === undefined) return 'not explained by policy: the rules as of that time admit it';
  const by =
    cause.why === 'record'
      ? ', as the record says'
      : cause.why === 'next-version'
        ? ', by rules that were first seen later'
        : '';
  return `${shown(metText(first, name, groups))}${by}${sure}`;
}

function metText(
  { interfaceId, direction, stage, ruleId, rejectReason }: Met,
  own: string | null,
  groups: readonly string[] | null,
): string {
  const at = interfaceId === own || interfaceId === null ? '' : ` at ${interfaceId} ${direction}`;
  if (rejectReason === 'BPA') return `VPC Block Public Access${at}`;
  if (rejectReason === 'EC') return `encryption controls${at}`;
  if (stage === 'closed') return `a packet of a connection that was closed${at}`;
  if (ruleId === 'default-deny') {
    const names = groups === null || groups.length === 0 ? 'its groups' : fewOf(groups);
    return `no rule of ${names} admits it, default deny (${stage})${at}`;
  }
  return `${ruleId ?? 'a rule that it does not name'} denies it${stage === null ? '' : ` (${stage})`}${at}`;
}

/** A rule that nearly lets it pass. */
function missText({ ruleId, differsIn }: RejectCause['nearMisses'][number]): string {
  const aspects = differsIn.filter((aspect) => aspect !== 'order').map((aspect) => `the ${aspect}`);
  const but = aspects.length === 0 ? '' : ` but for ${aspects.join(' and ')}`;
  return `${shown(ruleId)} fits${but}${differsIn.includes('order') ? ', and comes too late' : ''}`;
}

/** Names in a row, not too many. */
function fewOf(names: readonly string[]): string {
  return `${names.slice(0, FEW).join(', ')}${names.length > FEW ? ` and ${names.length - FEW} more` : ''}`;
}

function portText(value: string): string {
  const [port, protocol] = value.split('/').map(Number);
  const word = PROTOCOLS[protocol!] ?? `protocol ${protocol}`;
  return protocol === 6 || protocol === 17 ? `${port}/${word}` : word;
}

function countedText(top: readonly { value: string; records: number }[], all: number): string {
  const more = all > top.length ? `, and ${all - top.length} more` : '';
  return `${top.map(({ value, records }) => `${value} (${records})`).join(', ')}${more}`;
}

function exampleText(example: RejectCause['example']): string {
  const { protocol, tcpFlags, startSeconds, srcport, dstport } = example;
  const end = (address: string, port: number | null): string => {
    if (port === null || (protocol !== 6 && protocol !== 17)) return address;
    return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  };
  const word = protocol === null ? '' : ` ${PROTOCOLS[protocol] ?? `protocol ${protocol}`}`;
  const flags = protocol === 6 && tcpFlags !== null ? ` ${flagText(tcpFlags)}` : '';
  const time = startSeconds === null ? '' : `, ${isoOf(startSeconds)}`;
  return `${end(example.pktSrcaddr ?? example.srcaddr, srcport)} to ${end(example.pktDstaddr ?? example.dstaddr, dstport)}${word}${flags}${time}`;
}

function flagText(flags: number): string {
  const names = [
    [1, 'FIN'],
    [2, 'SYN'],
    [4, 'RST'],
    [16, 'ACK'],
  ] as const;
  return names.flatMap(([bit, name]) => ((flags & bit) === 0 ? [] : [name])).join('|') || 'no SYN';
}

/** The command that goes on. */
function commandOf({ from, to, protocol, port, atSeconds }: NextQuestion, network: string): string {
  const at = atSeconds === null ? '' : ` --at ${isoOf(atSeconds)}`;
  return `flowgauge diagnose${network} --from ${from} --to ${to}${port === null ? '' : ` --port ${port}`} --protocol ${PROTOCOLS[protocol] ?? protocol}${at}`;
}

function changeLines({ changes, certainty, flows, records, firstRejectedSeconds }: ChangeCaused): string[] {
  const [first] = changes;
  const when =
    first === undefined
      ? ''
      : ` between ${first.afterSeconds === null ? 'the first import' : isoOf(first.afterSeconds)} and ${isoOf(first.atSeconds)}`;
  const head = certainty === 'certain' ? 'changed' : 'one of these changed';
  return [
    `  ${head}${when}: ${countText(flows.length, 'flow')}, ${countText(records, 'record')}, rejected since ${isoOf(firstRejectedSeconds)}`,
    ...changes.slice(0, FEW).map((change) => `    ${shown(changeText(change))}`),
    ...(changes.length > FEW ? [`    and ${changes.length - FEW} more`] : []),
  ];
}

/** A change as a line. */
function changeText({ kind, id, of, before, after }: TimedChange): string {
  const name = of === null ? id : `${id} of ${of}`;
  const verb = kind.replaceAll('-', ' ');
  return `${verb} ${name}${before === null ? '' : `; was: ${before || 'nothing'}`}${after === null ? '' : `; is: ${after || 'nothing'}`}`;
}

function learnedLines({ knownAtSeconds, changes, learned }: ReattributionReport): string[] {
  if (changes.length === 0)
    return [`Nothing is attributed otherwise than by what was known at ${isoOf(knownAtSeconds)}`];
  const text = (cause: Cause): string =>
    shown(
      `${cause.interfaceId ?? 'not known'}${cause.direction === null ? '' : ` ${cause.direction}`}: ${headOf(cause, cause.interfaceId, null)}`,
    );
  return [
    bold(`Attributed otherwise than by what was known at ${isoOf(knownAtSeconds)}`),
    ...changes.map(
      ({ before, now, records }) => `  ${countText(records, 'record')}: was ${text(before)}; is ${text(now)}`,
    ),
    ...learned
      .slice(0, FEW)
      .map(
        ({ item, kind, recordedAtMicros }) =>
          `  learned ${isoOf(Math.round(recordedAtMicros / 1e6))}: ${shown(item)} (${kind})`,
      ),
  ];
}

function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout });
}

function colour(name: 'yellow', text: string): string {
  return styleText(name, text, { stream: process.stdout });
}
