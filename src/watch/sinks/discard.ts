/**
 * Takes documents and keeps nothing: for measuring, and for a look at what would be written.
 *
 * In:    documents. Out: all are new.
 */
import type { Sink } from './sink.ts';

/** Counts only. */
export function discardSink(): Sink {
  return { name: 'discard', write: ({ count }) => Promise.resolve({ created: count, existing: 0, refused: [] }) };
}
