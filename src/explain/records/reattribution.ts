/**
 * Records that are attributed otherwise since something was learned late.
 *
 * In:    batches of records, the model as it was known at a time, and as it is known now. Out: what the records were
 *        attributed to and what they are attributed to now, where that is not the same.
 * Holds: both read the same records in one pass. A record whose cause is the same to the letter is not listed.
 */
import type { Reattributed } from '../../api/rejects.ts';
import { Attribution } from './attribution.ts';
import type { Span } from './attribution.ts';
import type { ModelTimes } from './model-times.ts';
import type { RecordBatch } from './record-rows.ts';

/** Attributes by what was known then, beside an attribution by what is known now. */
export class Reattribution {
  readonly #then: Attribution;
  readonly #now: Attribution;
  readonly #pairs = new Map<string, { before: number; now: number; records: number }>();

  /** @param now  has taken each batch before it is given here */
  constructor(then: ModelTimes, now: Attribution, span: Span | null = null) {
    this.#then = new Attribution(then, span);
    this.#now = now;
  }

  take(batch: RecordBatch): void {
    this.#then.take(batch);
    const then = this.#then.rowCauses;
    const now = this.#now.rowCauses;
    for (let row = 0; row < batch.rows; row++) {
      if (now[row] === 0) continue;
      const key = `${then[row]} ${now[row]}`;
      const pair = this.#pairs.get(key);
      if (pair === undefined) this.#pairs.set(key, { before: then[row]!, now: now[row]!, records: 1 });
      else pair.records++;
    }
  }

  /** What changed, the most records first. */
  changes(): Reattributed[] {
    return [...this.#pairs.values()]
      .map(({ before, now, records }): Reattributed => {
        const causes = this.#now.causes;
        return {
          before: this.#then.causes.list[before]!,
          now: causes.list[now]!,
          records,
          firstSeconds: causes.firstSeconds[now]!,
          lastSeconds: causes.lastSeconds[now]!,
        };
      })
      .filter(({ before, now }) => JSON.stringify(before) !== JSON.stringify(now))
      .sort((a, b) => b.records - a.records);
  }
}
