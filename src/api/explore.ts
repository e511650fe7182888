/**
 * What *Explore* asks and is answered: how much, of whom, over time; which records; what there is to ask for.
 *
 * In:    nothing; `query/explore/` fills it. Out: plain data, the same for scripts and for the console.
 * Holds: times are seconds since 1970 UTC, ranges do not hold their end. Sums are exact to 2^53. The parts of an answer add
 *        up to its totals, "other" counted. A value of null is a field that is absent.
 */
import type { Note } from './note.ts';

/** What is summed. A flow is a record of traffic; `records` also counts NODATA and SKIPDATA. */
export const MEASURES = ['bytes', 'packets', 'flows', 'records'] as const;
export type Measure = (typeof MEASURES)[number];
export type Amounts = Readonly<Record<Measure, number>>;

export type SecondsRange = { readonly fromSeconds: number; readonly toSeconds: number };

/** A value of a field. */
export type FieldValue = string | number | boolean | null;

/** What the reader has to know besides; its kinds are those of `lake/read/note.ts`. */

/** What was read for an answer, and how long that took. */
export type ReadFor = { readonly objects: number; readonly bytes: number; readonly millis: number };

export type ExploredGroup = {
  /** A value for each dimension, in their order. */
  readonly values: readonly FieldValue[];
  readonly amounts: Amounts;
  /** In the period before; null where none was asked for. */
  readonly before: Amounts | null;
  /** By span, the measure alone. */
  readonly series: readonly number[];
};

/** `GET /api/explore`. */
export type Explored = {
  readonly range: SecondsRange;
  /** As long, and just before it; null where none was asked for. */
  readonly before: SecondsRange | null;
  readonly dimensions: readonly string[];
  readonly measure: Measure;
  /** Length of the spans of `times`. */
  readonly stepSeconds: number;
  /** Where spans begin; the first and last may be cut by the range. A record counts where it begins. */
  readonly times: readonly number[];
  /** The most first. */
  readonly groups: readonly ExploredGroup[];
  /** All groups beyond them; null where there are none. */
  readonly other: (Omit<ExploredGroup, 'values'> & { readonly groups: number }) | null;
  readonly total: Amounts;
  readonly totalBefore: Amounts | null;
  /** The measure by span, a period earlier; null where it was not asked for. */
  readonly seriesBefore: readonly number[] | null;
  /** The one statement that was asked, with its values written out. */
  readonly sql: string;
  readonly notes: readonly Note[];
  readonly read: ReadFor;
};

/** `GET /api/records`: a page, the newest first. */
export type RecordsPage = {
  readonly range: SecondsRange;
  /** Names with hyphens; `x-open` says whether the record's window is still open. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly FieldValue[])[];
  /** For the next page; null: this is the last one. */
  readonly next: string | null;
  /** Fields of each text format that was read, in its order: what a line is written by. */
  readonly formats: readonly (readonly string[])[];
  readonly sql: string;
  readonly notes: readonly Note[];
  readonly read: ReadFor;
};

/** `GET /api/held-fields`: what can be asked of the objects of a range. */
export type HeldFieldsAnswer = {
  /** Objects that could be read. */
  readonly files: number;
  readonly fields: readonly FieldHeld[];
};

export type FieldHeld = {
  readonly name: string;
  /** How many of the objects hold it; all for what is worked out of others. */
  readonly files: number;
  /** What its numbers stand for; empty where they are numbers. */
  readonly names: Readonly<Record<string, string>>;
};

/** `GET /api/values`: values of a field, the most frequent first. */
export type ValuesAnswer = {
  readonly field: string;
  readonly values: readonly { readonly value: FieldValue; readonly records: number }[];
  /** There are more than these. */
  readonly more: boolean;
};
