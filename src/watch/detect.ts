/**
 * All detections over the flow logs in one place, in one pass.
 *
 * In:    where the records lie, which detections, the network and a data directory where there are. Out: findings, and what was not asked.
 * Holds: the records are read once, whatever is asked (but see `rule-questions.ts`). With a data directory what is known of the past goes
 *        on there; without one it is what the records at hand tell.
 * Fails: FG_DETECTION_UNKNOWN, FG_PARAMETER_*; as reading the source and asking do.
 */
import type { DetectReport } from '../api/findings.ts';
import { openFlowTable } from '../lake/read/flow-table.ts';
import type { Note } from '../api/note.ts';
import type { AskOptions } from '../query/ask.ts';
import { openPlace } from '../query/ask.ts';
import { refuseUnread } from '../query/strict.ts';
import { columnName } from '../record/fields/list.ts';
import type { ModelHistory } from '../storage/state/open-model.ts';
import { askTable } from './ask-table.ts';
import { baselineFile } from './baseline-file.ts';
import { chosen, valuesOf } from './choose.ts';
import { LEARN_SECONDS } from './known.ts';

export type DetectOptions = AskOptions & {
  /** Names; all without it. */
  readonly only?: readonly string[];
  /** Texts of parameters by detection and name. */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** A data directory in which what is known of the past goes on. */
  readonly data?: string;
  /** The network over time; without it detections that need the rules are not asked. */
  readonly network?: ModelHistory;
};

/** Fields that detections read. */
const FIELDS = [
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'log-status',
  'tcp-flags',
  'flow-direction',
];

/** Asks detections. */
export async function detect(
  from: string,
  options: DetectOptions,
): Promise<{ readonly report: DetectReport; readonly notes: readonly Note[] }> {
  const { network = null, data, only, parameters = {}, strict, onProgress = () => {} } = options;
  // Of detections that are not asked too.
  for (const one of chosen(Object.keys(parameters))) valuesOf(one, parameters[one.name] ?? {});
  const wanted = new Map(chosen(only).map((one) => [one, valuesOf(one, parameters[one.name] ?? {})]));
  const signal = options.signal ?? new AbortController().signal;
  const baseline = data === undefined ? null : baselineFile(data);
  const { source, reading } = await openPlace(from, options);
  const table = await openFlowTable(source, signal, baseline?.paths ?? [], { ...reading, anyOrder: true });
  const stop = (): void => table.duck.interrupt();
  signal.addEventListener('abort', stop);
  try {
    await table.define(new Set(FIELDS.map(columnName)));
    await table.load(signal, onProgress);
    signal.throwIfAborted();
    if (strict === true) refuseUnread(table.notes);
    const stored = baseline?.stored ?? null;
    const question = { wanted, from, options, network, stored, also: ['fg_known'], signal };
    const { findings, notAsked } = await askTable(table, question);
    const [[since = null] = []] = await table.duck.all('SELECT min(first_seconds) FROM fg_known');
    if (baseline !== null) await baseline.write(table.duck);
    const report: DetectReport = {
      findings,
      asked: wanted.size - notAsked.length,
      notAsked,
      baseline: {
        sinceSeconds: since === null ? null : Number(since),
        learnSeconds: LEARN_SECONDS,
        kept: baseline !== null,
      },
    };
    return { report, notes: table.notes };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await table.close();
  }
}
