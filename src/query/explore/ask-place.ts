/**
 * Questions of a console to one place, of which many come and few run.
 *
 * In:    a bound question, the range that must be read for it. Out: all rows of its answer, with what there is to know.
 * Holds: what was read is kept in a bounded cache, by object, so that the next question reads no object again; nothing else
 *        outlives a question, and so each sees what lies there now, open windows too. At most `most` run at one time, with
 *        their own memory; one that was given up while it waited never runs. What was not read yet one question reads at a
 *        time: two that would put the same objects into the cache take twice the time of one.
 * Fails: as asking does; with the signal's reason.
 */
import type { ReadFor } from '../../api/explore.ts';
import type { Note } from '../../api/note.ts';
import type { CacheOptions } from '../../lake/read/cache/place.ts';
import type { TimeRange } from '../../lake/read/source.ts';
import type { SourceOptions } from '../../lake/read/open-source.ts';
import { openPlace } from '../ask.ts';
import type { BoundQuestion, Cell } from '../engine.ts';
import { duckEngine } from '../engines/duckdb.ts';
import type { HeldFields } from '../held-fields.ts';
import { literalSql } from './literal.ts';

export type PlaceOptions = {
  /** As `--from` of `query`. */
  readonly from: string;
  readonly source?: SourceOptions;
  /** Null: nothing is kept. */
  readonly cache: CacheOptions | null;
  /** For one question. */
  readonly memoryBytes: number;
  readonly most?: number;
};

/** Every row of an answer. */
export type PlaceAnswer = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly formats: readonly (readonly string[])[];
  /** What was asked, with its values written out. */
  readonly sql: string;
  readonly notes: readonly Note[];
  readonly read: ReadFor;
};

export type Place = {
  /**
   * Asks.
   *
   * @param make  makes the question, when it is known whether records of open windows are marked (`x_open`)
   */
  ask(make: (marksOpen: boolean) => BoundQuestion, range: TimeRange, signal: AbortSignal): Promise<PlaceAnswer>;
  /** Runs work that reads the place, when it is its turn. */
  inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  readonly options: PlaceOptions;
};

const MOST = 2;
/** Objects that came since are few. */
const NEW_SECONDS = 900;

/** The place. */
export function placeOf(options: PlaceOptions): Place {
  const { from, source = {}, cache, memoryBytes, most = MOST } = options;
  const waiting: (() => void)[] = [];
  let running = 0;
  /** What was read into the cache, as one range; null: nothing. */
  let known: TimeRange | null = null;
  let reading: Promise<unknown> = Promise.resolve();
  const isKnown = ({ startSeconds, endSeconds }: TimeRange): boolean =>
    known !== null && startSeconds >= known.startSeconds && endSeconds <= known.endSeconds + NEW_SECONDS;

  /** Asks; where objects are to be read first, alone. */
  async function askAlone(
    make: (marksOpen: boolean) => BoundQuestion,
    range: TimeRange,
    signal: AbortSignal,
  ): Promise<PlaceAnswer> {
    if (cache === null || isKnown(range)) return inTurn(signal, () => ask(make, range, signal));
    const before = reading;
    const { promise, resolve } = Promise.withResolvers<void>();
    reading = promise;
    try {
      await before;
      const answer = await inTurn(signal, () => ask(make, range, signal));
      known =
        known === null || range.startSeconds > known.endSeconds || range.endSeconds < known.startSeconds
          ? range
          : {
              startSeconds: Math.min(known.startSeconds, range.startSeconds),
              endSeconds: Math.max(known.endSeconds, range.endSeconds),
            };
      return answer;
    } finally {
      resolve();
    }
  }

  async function inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    if (running >= most) await turn(signal);
    else running++;
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  }

  /** Settles when one that ran hands on its turn. */
  function turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        const at = waiting.indexOf(begin);
        if (at < 0) return;
        waiting.splice(at, 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave);
      waiting.push(begin);
    });
  }

  async function ask(
    make: (marksOpen: boolean) => BoundQuestion,
    range: TimeRange,
    signal: AbortSignal,
  ): Promise<PlaceAnswer> {
    const began = performance.now();
    const opened = await openPlace(from, { source, range, memoryBytes, ...(cache === null ? {} : { cache }) });
    const question = make(opened.source.marksOpen === true);
    const { saved } = question;
    let { sql } = question;
    // Which of its forms is asked shows when the files are known.
    const followed = saved === null ? null : { ...saved, sql: (held: HeldFields) => (sql = saved.sql(held)) };
    const answer = await duckEngine(opened.source, opened.reading).run({ ...question, saved: followed }, signal);
    const rows: (readonly Cell[])[] = [];
    for await (const batch of answer.rows) for (const row of batch) rows.push(row);
    const { objects, bytesRead } = answer.stats();
    return {
      columns: answer.columns.map(({ name }) => name),
      rows,
      formats: answer.formats,
      sql: literalSql({ ...question, sql }),
      notes: answer.notes,
      read: { objects, bytes: bytesRead, millis: Math.round(performance.now() - began) },
    };
  }

  return { options, inTurn, ask: askAlone };
}
