/**
 * What a capture came to, in one line for people.
 *
 * In:    the counts at its end, and what was published. Out: the line, or null where there is nothing to say.
 * Holds: every frame that was read is told: in flows, or lost by a cause. The causes are the words of `--counts`.
 */
import type { CollectCounts } from '../app/collector/collect.ts';
import type { Published } from '../app/collector/sinks.ts';
import type { StageCount } from '../model/counters.ts';

/** `1 object`, `2 objects`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** The whole line: `60 frames read, 46 packets in flows; left out: 12 never-logged/router, 2 never-logged/arp`. */
export function summary(counts: CollectCounts, published: Published | null): string {
  const { capture, verdict } = counts;
  const parts = [`${counted(capture.in, 'frame')} read, ${counted(verdict.out, 'packet')} in flows`];
  const lost = lostOf([capture, verdict]);
  if (lost !== '') parts.push(`left out: ${lost}`);
  const full = Object.values(counts.aggregate).reduce((sum, one) => sum + sumOf(one.lost), 0);
  if (full > 0) parts.push(`${full} found no room in the flow table`);
  if (published !== null)
    parts.push(`${counted(published.records, 'record')} in ${counted(published.objects, 'object')}`);
  return parts.join('; ');
}

/** Said everywhere, not only on a terminal: packets came and none is in a flow, so the records would look like a quiet network. */
export function nothingKept({ capture, verdict }: CollectCounts): string | null {
  if (capture.in === 0 || verdict.out > 0) return null;
  return `none of ${counted(capture.in, 'frame')} is in a record: ${lostOf([capture, verdict])}`;
}

function lostOf(stages: readonly StageCount[]): string {
  return stages
    .flatMap(({ lost }) => Object.entries(lost))
    .filter(([, packets]) => packets > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([cause, packets]) => `${packets} ${cause}`)
    .join(', ');
}

function sumOf(lost: StageCount['lost']): number {
  return Object.values(lost).reduce((sum, one) => sum + one, 0);
}
