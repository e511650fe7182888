/**
 * Words for why there is no record.
 *
 * In:    reasons of `src/api/no-record.ts`. Out: a sentence each.
 * Holds: every reason has words, and a test says so. How sure it is stands beside it, and is not in the sentence.
 */
import type { NoRecord, NoRecordReason, NoRecordReasonName } from '../../../src/api/no-record.ts';
import { durationText, manyText, timeText, timeTextUtc } from '../format.ts';
import { CAUSE_WORDS } from './explanation.ts';

const time = (seconds: number | null): string => (seconds === null ? 'an unknown time' : timeTextUtc(seconds));
const span = ({ startSeconds, endSeconds }: NoRecordReason): string =>
  `${startSeconds === null ? 'an unknown time' : timeText(startSeconds)} to ${time(endSeconds)}`;
const many = (count: number | null, one: string, several?: string): string => manyText(count ?? 0, one, several);

const LOSSES: Readonly<Record<string, string>> = {
  'spool-full': 'the spool was full',
  'table-full': 'the flow table was full',
  capture: 'the capture dropped packets',
};

const kindText = (about: string | null): string =>
  Object.hasOwn(CAUSE_WORDS, about ?? '') ? CAUSE_WORDS[about as keyof typeof CAUSE_WORDS] : (about ?? 'it');

export const NO_RECORD_WORDS: Readonly<Record<NoRecordReasonName, (told: NoRecordReason) => string>> = {
  'records-exist': ({ records }) => `There ${records === 1 ? 'is' : 'are'} ${many(records, 'record')} after all.`,
  'in-future': ({ startSeconds }) => `The time that is asked about, ${time(startSeconds)}, has not come yet.`,
  'no-such-interface': ({ interfaceId, startSeconds, endSeconds, about }) => {
    if (startSeconds === null)
      return about === null
        ? `The network has no ${interfaceId ?? 'such interface'}.`
        : `No interface of the network has ${about}.`;
    return `${interfaceId ?? 'The interface'} was there from ${time(startSeconds)}${endSeconds === null ? ' on' : ` to ${time(endSeconds)}`}, and not at this time.`;
  },
  'other-account': ({ about }) =>
    `It is at an interface of account ${about ?? 'somebody else'}: its records are that account’s.`,
  outside: ({ about }) => `${about ?? 'It'} is beyond the network: records are written at interfaces that it talks to.`,
  'not-covered': ({ startSeconds, flowLogIds, certainty }) => {
    if (startSeconds !== null) return `Its flow log ${flowLogIds.join(', ')} was made later, at ${time(startSeconds)}.`;
    return certainty === 'certain' ? 'No flow log covers it.' : 'The network names no flow log at all.';
  },
  'never-logged': ({ about, certainty }) =>
    certainty === 'possible'
      ? `If it is traffic with ${kindText(about)}: AWS never logs that.`
      : `AWS never logs traffic with ${kindText(about)}.`,
  filtered: ({ about, packets, source }) =>
    source === 'ledger'
      ? `The flow log’s traffic type left out ${many(packets, 'packet')} of the interface.`
      : `The flow log writes ${about ?? 'one action'} only.`,
  'window-open': (told) => `The capture window ${span(told)} is open: its records come when it has closed.`,
  'in-spool': ({ records, ageSeconds, failures, about }) =>
    `${many(records, 'record waits', 'records wait')} on the host${ageSeconds === null || ageSeconds === 0 ? '' : `, for ${durationText(ageSeconds)}`}${failures === null || failures === 0 ? '' : `: the destination has failed ${many(failures, 'time')} in a row${about === null ? '' : ` (${about})`}`}.`,
  'not-running': (told) =>
    told.about === 'killed'
      ? `The process was killed in the window ${span(told)}: what it had counted is not known.`
      : `Nothing captured there from ${span(told)}.`,
  'skip-data': ({ packets, records, about }) => {
    const why = (about ?? '')
      .split(', ')
      .filter(Boolean)
      .map((cause) => LOSSES[cause] ?? cause);
    const because = why.length === 0 ? '' : `: ${why.join(', ')}`;
    if (packets !== null) return `SKIPDATA: ${many(packets, 'packet was', 'packets were')} lost${because}.`;
    return why.length === 0 ? `SKIPDATA, ${many(records, 'line')} of it: records were skipped.` : `SKIPDATA${because}.`;
  },
  'no-data': (told) =>
    told.startSeconds === null
      ? `NODATA: no packet came or went (${many(told.records, 'line')}).`
      : `NODATA: no packet came or went from ${span(told)}.`,
  'no-packets': ({ packets }) =>
    `All ${many(packets, 'packet')} that the source counted are accounted for, and none is of this kind.`,
  'not-delivered-yet': ({ endSeconds }) =>
    `AWS delivers about ten minutes after the window: look again at ${time(endSeconds)}.`,
  'older-than-kept': ({ startSeconds }) =>
    `Everything that is kept here is newer: the oldest object is of ${time(startSeconds)}.`,
  unexplained: ({ records }) =>
    (records ?? 0) > 0
      ? `Nothing here explains it; the interface has ${many(records, 'other record')}, so most likely no such packet came.`
      : 'Nothing here explains it, and nothing excludes that no packet came.',
};

export const SOURCE_WORDS: Readonly<Record<NoRecordReason['source'], string>> = {
  facts: 'the network as it was described',
  ledger: 'the host’s ledger',
  spool: 'the host’s spool',
  records: 'records',
  objects: 'names of objects',
  clock: 'the clock',
  aws: 'the VPC User Guide',
};

export const NOT_KNOWN_WORDS: Readonly<Record<NoRecord['notKnown'][number], string>> = {
  network: 'The network is not known: which flow log covers what cannot be told.',
  ledger: 'There is no ledger here: that nothing captured, or what was lost, cannot be told.',
  spool: 'There is no spool here: whether records wait on their host is not known.',
  objects: 'How far back records go is not known.',
};
