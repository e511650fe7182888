/**
 * Why there is no record, for people.
 *
 * In:    the answer. Out: a line for each reason: how sure, what says so, what it means; then what was not known.
 */
import type { NoRecord, NoRecordReason } from '../api/no-record.ts';
import { shellWord } from '../model/shell-word.ts';
import { countText } from './counts.ts';
import { shown } from './text-width.ts';

const timeText = (seconds: number | null): string =>
  seconds === null ? '?' : new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

const KINDS: Readonly<Record<string, string>> = {
  dhcp: 'DHCP',
  nd: 'IPv6 neighbour discovery',
  mld: 'IPv6 multicast listener discovery',
  dns: "DNS to Amazon's server",
  metadata: 'instance metadata',
  time: "Amazon's time server",
  licence: 'Windows licence activation',
  router: 'the reserved address of the subnet’s router',
  'endpoint-nlb': 'traffic between an endpoint and a Network Load Balancer',
  mirrored: 'mirrored traffic',
};

const LOSSES: Readonly<Record<string, string>> = {
  'spool-full': 'the spool was full',
  'table-full': 'the flow table was full',
  capture: 'the capture dropped packets, at which interface and how many is not known',
};

const ageText = (seconds: number | null): string => {
  if (seconds === null) return '';
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
};

const spanText = ({ startSeconds, endSeconds }: NoRecordReason): string =>
  `${timeText(startSeconds)} to ${timeText(endSeconds)}`;

const WORDS: { readonly [reason in NoRecordReason['reason']]: (told: NoRecordReason) => string } = {
  'records-exist': ({ records }) => `there ${records === 1 ? 'is' : 'are'} ${countText(records ?? 0, 'record')}`,
  'in-future': ({ startSeconds }) => `${timeText(startSeconds)} has not come yet`,
  'no-such-interface': existenceText,
  'other-account': ({ about }) =>
    `it is at an interface of account ${about}, behind a peering connection: its records are that account's; interfaces here that talk to it have their own`,
  outside: ({ about }) =>
    `${about} is beyond the network: records are written at interfaces, so name one it talks to with --peer`,
  'not-covered': ({ startSeconds, flowLogIds, certainty }) => {
    if (startSeconds !== null)
      return `its flow log ${flowLogIds.join(', ')} was made later, at ${timeText(startSeconds)}`;
    return certainty === 'certain' ? 'no flow log covers it' : 'the network names no flow log at all';
  },
  'never-logged': ({ about, certainty }) => {
    const kind = KINDS[about ?? ''] ?? about;
    return certainty === 'possible' ? `if it is ${kind}: AWS never logs that` : `AWS never logs ${kind}`;
  },
  filtered: filteredText,
  'window-open': ({ startSeconds, endSeconds }) =>
    `the window ${timeText(startSeconds)} to ${timeText(endSeconds)} is open: its records come when it has closed`,
  'in-spool': ({ records, ageSeconds, failures, about }) => {
    const waits = `${countText(records ?? 0, 'record')} wait on the host${ageSeconds === 0 ? '' : `, for ${ageText(ageSeconds)}`}`;
    return failures === 0
      ? waits
      : `${waits}: the destination has failed ${countText(failures ?? 0, 'time')} in a row${about === null ? '' : ` (${about})`}; see \`flowgauge status\``;
  },
  'not-running': (told) =>
    told.about === 'killed'
      ? `the process was killed in the window ${spanText(told)}: what it had counted is not known`
      : `nothing captured there from ${spanText(told)}: the ledger has no window`,
  'skip-data': ({ packets, records, about }) => {
    const causes = (about ?? '').split(', ').map((cause) => LOSSES[cause] ?? cause);
    if (packets !== null) return `SKIPDATA: ${countText(packets, 'packet')} of it were lost: ${causes.join(', ')}`;
    if (about !== null) return `SKIPDATA: ${causes.join(', ')}`;
    return `SKIPDATA, ${countText(records ?? 0, 'line')} of it: records were skipped, how many is not said`;
  },
  'no-data': (told) => {
    if (told.startSeconds !== null) return `NODATA: no packet came or went from ${spanText(told)}`;
    return `NODATA: no packet came or went (${countText(told.records ?? 0, 'line')})`;
  },
  'no-packets': ({ packets }) =>
    `all ${countText(packets ?? 0, 'packet')} that the source counted are accounted for, and none is of this kind: it did not get to the interface`,
  'not-delivered-yet': ({ endSeconds }) =>
    `AWS delivers about ten minutes after the window: look again at ${timeText(endSeconds)}`,
  'older-than-kept': ({ startSeconds }) =>
    `everything that is kept here is newer: the oldest object is of ${timeText(startSeconds)}; older ones may have been deleted, or never been`,
  unexplained: ({ records }) =>
    (records ?? 0) > 0
      ? `nothing here explains it; the interface has ${countText(records ?? 0, 'other record')}, so most likely no such packet came`
      : 'nothing here explains it, and nothing excludes that no packet came',
};

function existenceText({ interfaceId, startSeconds, endSeconds, learnedSeconds, about }: NoRecordReason): string {
  if (startSeconds === null)
    return about === null ? `the network has no ${interfaceId}` : `no interface of the network has ${about}`;
  const learned = learnedSeconds === null ? '' : `, as was learned at ${timeText(learnedSeconds)}`;
  return `${interfaceId} was not there: it was from ${timeText(startSeconds)}${endSeconds === null ? ' on' : ` to ${timeText(endSeconds)}`}${learned}`;
}

function filteredText({ packets, about, certainty, source }: NoRecordReason): string {
  if (source === 'ledger') {
    const some = certainty === 'possible' ? ', which may be among them' : '';
    return `the flow log's traffic type left out ${countText(packets ?? 0, 'packet')} of the interface${some}`;
  }
  const only = `the flow log writes ${about} only`;
  return certainty === 'certain'
    ? `${only}, and the rules ${about === 'REJECT' ? 'let this pass' : 'reject this'}`
    : only;
}

const SOURCES: Readonly<Record<NoRecordReason['source'], string>> = {
  facts: 'the network as it was',
  ledger: 'ledger',
  spool: 'spool',
  records: 'flow logs',
  objects: 'names of objects',
  clock: 'clock',
  aws: 'VPC User Guide',
};

const NOT_KNOWN: Readonly<Record<NoRecord['notKnown'][number], string>> = {
  network:
    'The network is not known: which flow log covers what cannot be told. Give --vpc MODEL, or run `flowgauge import aws`.',
  ledger:
    'There is no ledger here, as in buckets that AWS writes: that nothing captured, or what was lost, cannot be told.',
  spool: 'There is no spool here: whether records wait on their host is not known.',
  objects: 'Only records can be read here: how far back they go is not known.',
};

/** The text, with a newline at its end. */
export function noRecordText(answer: NoRecord, from: string): string {
  const { question, interfaceIds, reasons, sql, notKnown, notUnderstood } = answer;
  const { of, peer, startSeconds, endSeconds } = question;
  const who = interfaceIds.length === 0 || interfaceIds.includes(of) ? of : `${of} (${interfaceIds.join(', ')})`;
  const when =
    endSeconds - startSeconds === 1
      ? `at ${timeText(startSeconds)}`
      : `from ${timeText(startSeconds)} to ${timeText(endSeconds)}`;
  const lines = [`${who}${peer === null ? '' : ` with ${peer}`} ${when}`, ''];
  for (const told of reasons) {
    const whose = interfaceIds.length > 1 && told.interfaceId !== null ? `${told.interfaceId}: ` : '';
    lines.push(`  ${told.certainty.padEnd(8)}  ${whose}${WORDS[told.reason](told)} [${SOURCES[told.source]}]`);
    if (told.reason === 'records-exist' && sql !== null)
      lines.push(`            flowgauge query --from ${shellWord(from)} ${shellWord(sql.replaceAll(/\s+/gu, ' '))}`);
  }
  if (answer.interfacesFrom === 'records')
    lines.push('', `That ${of} is at ${interfaceIds.join(', ')} is what flow logs of the hour before and after show.`);
  if (notKnown.length > 0) lines.push('', ...notKnown.map((what) => NOT_KNOWN[what]));
  if (notUnderstood.length > 0) lines.push('', ...notUnderstood.map((one) => `Not certain: ${one}`));
  return `${lines.map(shown).join('\n')}\n`;
}
