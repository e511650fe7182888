/**
 * Words for how the lake is kept.
 *
 * In:    what the server tells. Out: sentences.
 */
import type { KeepingPlan, KeepingRun, KeepingState } from '../../../src/api/storage.ts';
import { bytesText, durationText, manyText } from '../format.ts';

export const KEEPING_WORDS: Readonly<
  Record<
    KeepingState,
    { readonly type: 'stopped' | 'pending' | 'in-progress' | 'success' | 'error'; readonly text: string }
  >
> = {
  off: { type: 'stopped', text: 'Compaction is off' },
  waiting: { type: 'pending', text: 'Compaction waits for its first run' },
  working: { type: 'in-progress', text: 'Compacting' },
  worked: { type: 'success', text: 'Compacted' },
  failing: { type: 'error', text: 'The last run failed' },
};

const PERIODS: Readonly<Record<KeepingPlan['by'], string>> = {
  size: 'a file for each day, of a large one for each hour',
  day: 'a file for each day',
  hour: 'a file for each hour',
};

/** What is done, as the settings say. */
export function planText({ by, settleSeconds, everySeconds, expireSeconds, dest }: KeepingPlan): string {
  const where = dest === null ? '' : `, at ${dest}`;
  const goes =
    expireSeconds === null
      ? 'Objects stay beside it.'
      : `Objects go ${expireSeconds === 0 ? 'at once' : `after ${durationText(expireSeconds)} in the lake`}.`;
  return `Every ${durationText(everySeconds)}: ${PERIODS[by]}${where}, ${settleSeconds === 0 ? 'as soon as it has' : `${durationText(settleSeconds)} after it has`} ended. ${goes}`;
}

/** How long what is kept. */
export function retentionText(retention: KeepingPlan['retention']): string {
  if (retention === null) return 'Nothing goes for its age';
  const { recordsSeconds, rollupsSeconds } = retention;
  const sums = rollupsSeconds === null ? 'sums stay' : `sums after ${durationText(rollupsSeconds)}`;
  return `Records go after ${durationText(recordsSeconds)}, ${sums}`;
}

/** What a run did. */
export function runText(run: KeepingRun): string {
  const { objects, records, files, fileBytes, expired, expiredBytes, retiredRecords, tookSeconds } = run;
  const parts = [
    ...(objects > 0
      ? [
          `${manyText(objects, 'object')} became ${manyText(files, 'file')} of ${bytesText(fileBytes)} (${manyText(records, 'record')})`,
        ]
      : []),
    ...(expired > 0 ? [`${manyText(expired, 'object')} of ${bytesText(expiredBytes)} went, once compared`] : []),
    ...(retiredRecords > 0 ? [`${manyText(retiredRecords, 'record')} went for their age`] : []),
  ];
  return `${parts.length === 0 ? 'Nothing was to be done' : parts.join(', ')}; it took ${durationText(tookSeconds)}.`;
}
