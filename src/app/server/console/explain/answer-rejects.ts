/**
 * Rejected records by cause, as of their times.
 *
 * In:    a range, a filter. Out: the report of `flowgauge diagnose`. Fails: as reading flow logs and the network do.
 */
import type { RejectsAnswer } from '../../../../api/explain-routes.ts';
import { Attribution } from '../../../../explain/records/attribution.ts';
import { timesOf } from '../../../../explain/records/model-times.ts';
import { readFiltered } from '../../../../explain/records/read-records.ts';
import { reportOf } from '../../../../explain/records/report.ts';
import { filterFrom } from '../../../../query/explore/where.ts';
import { openModelHistory } from '../../../../storage/state/open-model.ts';
import type { Working } from './working.ts';
import { readingOf } from './working.ts';
import type { ExplainQuestion } from './question.ts';

/** Causes that have an explanation, unless told. */
const EXPLAINED = 20;

/** The answer. */
export async function answerRejects(
  { range, request }: Extract<ExplainQuestion, { kind: 'rejects' }>,
  working: Working,
): Promise<RejectsAnswer> {
  const network = await openModelHistory({ data: working.data });
  try {
    const times = timesOf(network);
    const attribution = new Attribution(times, { startSeconds: range.from, endSeconds: range.to });
    const reading = readingOf(range, working);
    const filter = filterFrom(request.filter ?? '');
    const { notes } = await readFiltered(working.data, filter, reading, (batch) => attribution.take(batch));
    const answer = reportOf(attribution, times, {
      newSinceSeconds: request.newSince,
      explained: request.limit ?? EXPLAINED,
    });
    return { answer, range, notes };
  } finally {
    network.close();
  }
}
