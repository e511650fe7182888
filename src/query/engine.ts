/**
 * A question and its answer, whichever engine answers.
 *
 * In:    a bound question: SQL of the engine's dialect and its parameters. Out: an answer whose rows are pulled.
 * Holds: rows come in batches and are read once; ending the iteration early ends the query. `notes` and `stats()` are
 *        complete when the rows have ended. Sentences for people are made in `cli/`: a note is data.
 * Fails: by the iteration or by `run`, with an error of `model/errors.ts`.
 */

import type { Dialect } from './dialect.ts';

/** One value of an answer. 64-bit and wider integers are `bigint`; times are ISO 8601 with Z; nested values are JSON text. */
export type Cell = string | number | bigint | boolean | null;

export type AnswerColumn = {
  readonly name: string;
  /** The engine's name of the type, `BIGINT`. */
  readonly type: string;
  /** `bytes`, `packets`, `flows` where the column is such a number of a saved query. */
  readonly unit: string | null;
};

/** What the reader of an answer has to know besides: what was left out, taken for something, or found broken. */
export type Note =
  | {
      readonly kind: 'bad-lines';
      readonly file: string;
      readonly count: number;
      readonly firstLine: number;
      readonly why: string;
    }
  | { readonly kind: 'bad-values'; readonly file: string; readonly column: string; readonly count: number }
  | { readonly kind: 'no-header'; readonly file: string; readonly files: number }
  | { readonly kind: 'unreadable'; readonly file: string; readonly why: string }
  | { readonly kind: 'stray'; readonly count: number; readonly example: string }
  | { readonly kind: 'unknown-field'; readonly field: string; readonly files: number };

/** What was read for an answer. */
export type AnswerStats = { readonly objects: number; readonly bytesRead: number; readonly badLines: number };

export type Answer = {
  readonly columns: readonly AnswerColumn[];
  /** Batches of rows, in order. */
  readonly rows: AsyncIterable<readonly (readonly Cell[])[]>;
  readonly notes: readonly Note[];
  stats(): AnswerStats;
};

/** SQL with named parameters (`$name`) and their values; `units` names columns that carry a unit. */
export type BoundQuestion = {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, string | bigint>>;
  /** Set when a saved query asks: its name, and columns without which it cannot be asked. */
  readonly saved: { readonly name: string; readonly needsFields: readonly string[] } | null;
};

export interface Engine {
  readonly name: 'duckdb' | 'athena' | 'trino';
  readonly dialect: Dialect;
  /** Asks; the signal ends a running query. */
  run(question: BoundQuestion, signal: AbortSignal): Promise<Answer>;
}
