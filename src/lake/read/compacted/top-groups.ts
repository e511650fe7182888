/**
 * Of a relation those rows whose groups may be the ones with the most packets, found without making the groups.
 *
 * In:    SQL of rows, what groups are told apart by, how many are wanted. Out: a condition; null where it would spare nothing.
 * Holds: every row of a group that is among those wanted fulfils it, groups that tie with the last of them too. Groups share buckets by their
 *        hash: what a bucket has in sum no group of it exceeds, and as many buckets as are wanted have a row of so many packets that
 *        a bucket with less has none of them. So the condition is exact whatever the hash does.
 * Fails: with DuckDB's errors.
 */
import type { Duck } from '../../../storage/duck/duck.ts';
import { quoteName } from '../../../storage/duck/quote.ts';

/** Groups that are wanted: those with the most packets. */
export type TopAsked = {
  /** Columns that groups are told apart by. */
  readonly by: readonly string[];
  readonly most: number;
  /** SQL of a condition that all rows fulfil that count; null: all count. */
  readonly where: string | null;
};

/** Below it making the groups takes no longer. */
export const LEAST_ROWS = 50_000;
/** Two numbers of eight bytes for each: a few that stay in the processor's cache take less time than many, and tell as much. */
const ROWS_OF_BUCKET = 4;
const MOST_BUCKETS = 1 << 22;
/** More groups are not sought; nor are rows left out where this share of the buckets, or a longer list of them, stays. */
const MOST_GROUPS = 10_000;
const MOST_SHARE = 0.25;
const LISTED = 20_000;

/**
 * The condition.
 *
 * @param relation  SQL with the columns of the groups, and `packets`
 * @param rows      about how many it has
 */
export async function topCondition(
  duck: Pick<Duck, 'numbers'>,
  relation: string,
  { by, most, where }: TopAsked,
  rows: number,
): Promise<string | null> {
  const buckets = bucketsFor(rows, most);
  if (buckets === null) return null;
  const bucket = `CAST(hash(${by.map(quoteName).join(', ')}) & ${buckets - 1} AS UINTEGER)`;
  const sums = new Float64Array(buckets);
  const largest = new Float64Array(buckets).fill(-1);
  const only = where === null ? '' : ` WHERE ${where}`;
  // Rows without packets add nothing, and a group of them alone comes behind all others.
  const sql = `SELECT ${bucket}, CAST(coalesce(packets, -1) AS DOUBLE) FROM (${relation})${only}`;
  for await (const { rows: count, columns } of await duck.numbers(sql)) {
    const [at, packets] = columns as [Uint32Array, Float64Array];
    for (let row = 0; row < count; row++) {
      const [place, value] = [at[row]!, packets[row]!];
      if (value > 0) sums[place]! += value;
      if (value > largest[place]!) largest[place] = value;
    }
  }
  const least = nthOf(largest, most);
  if (least === null) return null;
  for (let place = 0; place < buckets; place++) if (largest[place]! < 0) sums[place] = -1;
  const wanted = listOf(sums, least);
  return wanted === null ? null : `${bucket} IN (${wanted.join(', ')})`;
}

/** How many buckets groups share; null where they are not worth it. */
export function bucketsFor(rows: number, most: number): number | null {
  if (rows < LEAST_ROWS || rows > MOST_BUCKETS * ROWS_OF_BUCKET || most < 1 || most > MOST_GROUPS) return null;
  return 2 ** Math.ceil(Math.log2(rows / ROWS_OF_BUCKET));
}

/** Buckets that have so much in sum; null where they are too many. */
export function listOf(sums: Float64Array, least: number): number[] | null {
  const wanted: number[] = [];
  for (let place = 0; place < sums.length; place++) {
    if (sums[place]! < least) continue;
    if (wanted.length >= LISTED || wanted.length >= sums.length * MOST_SHARE) return null;
    wanted.push(place);
  }
  return wanted;
}

/** The nth largest of what is not negative; null where there are fewer. */
function nthOf(values: Float64Array, nth: number): number | null {
  let found: number[] = [];
  let floor = 0;
  const shorten = (): void => {
    found.sort((a, b) => b - a);
    found = found.slice(0, nth);
    if (found.length === nth) floor = found[nth - 1]!;
  };
  // An iterator takes several times as long.
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value < floor) continue;
    found.push(value);
    if (found.length >= nth * 2 + 1000) shorten();
  }
  shorten();
  return found.length < nth ? null : floor;
}
