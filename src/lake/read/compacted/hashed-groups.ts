/**
 * The same as `topCondition`, of rows that bring a hash of their group and lie by their packets.
 *
 * In:    as there; the relation has `GROUP_HASH` besides. Out: a condition; null where it would spare nothing.
 * Holds: all rows of a group have one hash, and groups may share one. Sums over some rows of as many groups as are wanted are a bound: a
 *        group among those wanted has no less, and so neither its bucket nor its hash has less in sum. Addresses are read of the
 *        first rows only, and of those that have such a hash.
 * Fails: with DuckDB's errors.
 */
import type { Duck } from '../../../storage/duck/duck.ts';
import { quoteName } from '../../../storage/duck/quote.ts';
import { GROUP_HASH } from './manifest.ts';
import { bucketsFor, listOf } from './top-groups.ts';
import type { TopAsked } from './top-groups.ts';

/** Of so many rows with the most packets the bound is made, for each group that is wanted, and at least. */
const ROWS_OF_WANTED = 40;
const LEAST_FIRST = 2000;

/** The condition. Parameters as of `topCondition`. */
export async function hashedCondition(
  duck: Pick<Duck, 'all' | 'numbers'>,
  relation: string,
  asked: TopAsked,
  rows: number,
): Promise<string | null> {
  const buckets = bucketsFor(rows, asked.most);
  if (buckets === null) return null;
  const counted = `(SELECT * FROM (${relation})${asked.where === null ? '' : ` WHERE ${asked.where}`})`;
  const least = await boundOf(duck, counted, asked);
  if (least === null) return null;
  const bucket = `${GROUP_HASH} & ${buckets - 1}`;
  const sums = new Float64Array(buckets);
  const sql = `SELECT CAST(${bucket} AS UINTEGER), CAST(packets AS DOUBLE) FROM ${counted} WHERE packets > 0`;
  for await (const { rows: count, columns } of await duck.numbers(sql)) {
    const [at, packets] = columns as [Uint32Array, Float64Array];
    for (let row = 0; row < count; row++) sums[at[row]!]! += packets[row]!;
  }
  const wanted = listOf(sums, least);
  if (wanted === null) return null;
  const hashes = await duck.all(`SELECT ${GROUP_HASH}, min(coalesce(packets, -1)) FROM ${counted}
    WHERE ${bucket} IN (${wanted.join(', ')}) GROUP BY 1 HAVING sum(packets) >= ${least}`);
  const condition = `${GROUP_HASH} IN (${hashes.map(([hash]) => String(hash)).join(', ')})`;
  const fewest = hashes.reduce((few, [, packets]) => Math.min(few, Number(packets)), Infinity);
  // Rows that lie by their packets are passed over by them; one without any would be with them.
  return fewest < 0 ? condition : `${condition} AND packets >= ${fewest}`;
}

/** What as many groups as are wanted have at least; null where there are fewer, or it says nothing. */
async function boundOf(duck: Pick<Duck, 'all'>, counted: string, { by, most }: TopAsked): Promise<number | null> {
  const first = Math.max(LEAST_FIRST, most * ROWS_OF_WANTED);
  const [[fewest = null] = []] = await duck.all(
    `SELECT min(packets) FROM (SELECT packets FROM ${counted} WHERE packets > 0 ORDER BY packets DESC LIMIT ${first})`,
  );
  if (fewest === null) return null;
  const names = by.map(quoteName).join(', ');
  const [[groups = 0, least = null] = []] = await duck.all(`SELECT count(*), min(packets) FROM (
    SELECT sum(packets) AS packets FROM (SELECT ${names}, packets FROM ${counted} WHERE packets >= ${String(fewest)}
      ORDER BY packets DESC LIMIT ${first})
    GROUP BY ${names} ORDER BY packets DESC LIMIT ${most})`);
  // Beyond it a sum in 64 bits of floating point may be less than it is.
  return Number(groups) < most || !Number.isSafeInteger(Number(least)) ? null : Number(least);
}
