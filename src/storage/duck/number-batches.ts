/**
 * Rows of an answer as columns of numbers.
 *
 * In:    the stream of a statement whose columns are all unsigned integers of at most 32 bits or DOUBLE, none NULL.
 * Out:   batches of typed arrays; no object, string or BigInt is made for a row.
 * Holds: a batch is its receiver's: nothing is written into it again.
 * Fails: with a plain error where a column is of another type: the statement is ours.
 */
import type * as Api from '@duckdb/node-api';

/** A column of a batch. */
export type NumberColumn = Uint8Array | Uint16Array | Uint32Array | Float64Array;
/** Rows, column by column in the order of the SELECT. */
export type NumberBatch = { readonly rows: number; readonly columns: readonly NumberColumn[] };

/**
 * Streams a result.
 *
 * @param fetch  waits for the next chunk in the caller's way
 */
export async function* numberBatches(
  result: Api.DuckDBResult,
  fetch: <T>(work: Promise<T>) => Promise<T>,
): AsyncGenerator<NumberBatch> {
  for (;;) {
    const chunk = await fetch(result.fetchChunk());
    if (chunk === null || chunk.rowCount === 0) return;
    const { rowCount: rows } = chunk;
    yield { rows, columns: Array.from({ length: chunk.columnCount }, (_, at) => numbersOf(chunk, at)) };
  }
}

function numbersOf(chunk: Api.DuckDBDataChunk, at: number): NumberColumn {
  const vector = chunk.getColumnVector(at);
  const items = 'items' in vector ? vector.items : null;
  if (
    items instanceof Float64Array ||
    items instanceof Uint32Array ||
    items instanceof Uint16Array ||
    items instanceof Uint8Array
  )
    return items;
  throw new Error(`column ${at} of a statement of ours is ${vector.type.toString()}, which is no plain number`);
}
