/**
 * A question and its answer, whichever engine answers.
 *
 * In:    a bound question: SQL of the engine's dialect and its parameters. Out: an answer whose rows are pulled.
 * Holds: rows come in batches and are read once; ending the iteration early ends the query. `notes` and `stats()` are
 *        complete when the rows have ended. Sentences for people are made in `cli/`: a note is data.
 * Fails: by the iteration or by `run`, with an error of `model/errors.ts`.
 */

import type { Note } from '../api/note.ts';
import type { Dialect } from './dialect.ts';
import type { HeldFields } from './held-fields.ts';

/** One value of an answer. 64-bit and wider integers are `bigint`; times are ISO 8601 with Z; nested values are text as the engine writes it. */
export type Cell = string | number | bigint | boolean | null;

export type AnswerColumn = {
  readonly name: string;
  /** The engine's name of the type, `BIGINT`. */
  readonly type: string;
  /** `bytes`, `packets`, `flows` where the column is such a number of a saved query. */
  readonly unit: string | null;
};

/** What was read for an answer. */
export type AnswerStats = { readonly objects: number; readonly bytesRead: number; readonly badLines: number };

export type Answer = {
  readonly columns: readonly AnswerColumn[];
  /** Batches of rows, in order. */
  readonly rows: AsyncIterable<readonly (readonly Cell[])[]>;
  readonly notes: readonly Note[];
  /** Fields of each text format that was read, in its order; none where there is only Parquet. */
  readonly formats: readonly (readonly string[])[];
  stats(): AnswerStats;
  /** Lets go of everything; done by itself when the rows have ended. Twice does no harm. */
  close(): Promise<void>;
};

/** SQL with named parameters (`$name`) and their values; `units` names columns that carry a unit. */
export type BoundQuestion = {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, string | bigint>>;
  /** Set when a saved query asks. */
  readonly saved: AskedSaved | null;
};

export type AskedSaved = {
  readonly name: string;
  /** Fields without which it cannot be asked. */
  readonly needsFields: readonly string[];
  /** By field: what is done where files do not hold it. */
  readonly instead: Readonly<Record<string, string>>;
  /** The SQL for files that hold some of the fields; `BoundQuestion.sql` is for all. */
  readonly sql: (held: HeldFields, dialect?: Dialect) => string;
  /** It asks for sums only, so that roll-ups may stand for records. */
  readonly sums?: boolean;
};

export interface Engine {
  readonly name: 'duckdb' | 'athena' | 'trino';
  readonly dialect: Dialect;
  /** Asks; the signal ends a running query. */
  run(question: BoundQuestion, signal: AbortSignal): Promise<Answer>;
}
