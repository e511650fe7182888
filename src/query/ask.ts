/**
 * One question to the flow logs in one place.
 *
 * In:    where they lie, a saved query's name or SQL, and its parameters. Out: the answer.
 * Holds: a word that is no SQL is a name. Values for SQL that look like whole numbers are numbers, all others text.
 * Fails: FG_QUERY_UNKNOWN and the errors of binding, of the source and of the engine.
 */
import { rm } from 'node:fs/promises';
import { cacheOfPlace } from '../lake/read/cache/cache-of-place.ts';
import type { CacheOptions } from '../lake/read/cache/place.ts';
import type { Coverage } from '../lake/read/coverage.ts';
import { databaseFiles } from '../lake/read/database-file.ts';
import { openFlowTable } from '../lake/read/flow-table.ts';
import type { Note } from '../api/note.ts';
import { openSource } from '../lake/read/open-source.ts';
import type { SourceOptions } from '../lake/read/open-source.ts';
import { planParts, plannedOf } from '../lake/read/planned.ts';
import type { Planned } from '../lake/read/planned.ts';
import type { TableSource } from '../lake/read/source.ts';
import { FlowgaugeError } from '../model/errors.ts';
import { DUCKDB } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import type { Answer, BoundQuestion } from './engine.ts';
import { duckEngine, saveAsDatabase, saveAsParquet } from './engines/duckdb.ts';
import type { DuckEngineOptions, Saved } from './engines/duckdb.ts';
import { findSaved, isName } from './find.ts';
import { bind } from './saved-query.ts';

export type AskOptions = Omit<DuckEngineOptions, 'cache' | 'notes'> & {
  readonly signal?: AbortSignal;
  /** How a place that is not on this machine is reached. */
  readonly source?: SourceOptions;
  /** What is read is kept on this machine, and not read again; without it nothing is kept. */
  readonly cache?: CacheOptions;
};

/**
 * Asks.
 *
 * @param from        a data directory of `up`, a bucket on disk or `s3://…`, a file, or `-` for standard input
 * @param question    `top-talkers`, `VpcFlowLogsTopTalkers` or `SELECT …`
 * @param parameters  texts by name
 */
export async function ask(
  from: string,
  question: string,
  parameters: Readonly<Record<string, string>> = {},
  options: AskOptions = {},
): Promise<Answer> {
  return askBound(from, boundQuestion(question, parameters), options);
}

/** Asks a question that has its values. */
export async function askBound(from: string, bound: BoundQuestion, options: AskOptions = {}): Promise<Answer> {
  const { source, reading } = await openPlace(from, options);
  const engine = duckEngine(source, reading);
  return engine.run(bound, options.signal ?? new AbortController().signal);
}

/**
 * Asks, and leaves the rows in a Parquet file that DuckDB writes.
 *
 * @param path  of the new file
 */
export async function askIntoParquet(
  from: string,
  question: string,
  parameters: Readonly<Record<string, string>>,
  path: string,
  options: AskOptions = {},
): Promise<Pick<Answer, 'notes'>> {
  const bound = boundQuestion(question, parameters);
  const { source, reading } = await openPlace(from, options);
  const signal = options.signal ?? new AbortController().signal;
  return saveAsParquet(source, bound, path, signal, reading);
}

/**
 * Puts all records of a place into a database file of DuckDB, those of open windows excepted.
 *
 * @param path  of the new file
 */
export async function loadIntoDatabase(from: string, path: string, options: AskOptions = {}): Promise<Saved> {
  const { source, reading } = await openPlace(from, { ...options, source: { ...options.source, open: false } });
  try {
    return await saveAsDatabase(source, path, options.signal ?? new AbortController().signal, reading);
  } finally {
    await Promise.all(
      databaseFiles(path)
        .slice(1)
        .map((beside) => rm(beside, { force: true })),
    );
  }
}

/** The source, and how it is to be read; whoever reads closes the cache. */
export async function openPlace(
  from: string,
  options: AskOptions,
): Promise<{ source: TableSource; reading: DuckEngineOptions }> {
  const { cache: wanted, source: how = {}, ...reading } = options;
  const notes: Note[] = [];
  const cache = wanted === undefined ? null : await cacheOfPlace(from, wanted, how, notes);
  try {
    const source = await openSource(
      from,
      cache === null ? how : { ...how, listings: (store, stamps) => cache.listings(store, stamps) },
    );
    return { source, reading: { ...reading, cache, notes } };
  } catch (error) {
    cache?.close();
    throw error;
  }
}

/**
 * What a question would read, by the listing alone.
 *
 * @returns the plan, empty where all lies in an archive or may not be listed, which notes say
 */
export async function planAt(
  from: string,
  options: AskOptions = {},
): Promise<{ readonly planned: Planned; readonly notes: readonly Note[] }> {
  const { source, reading } = await openPlace(from, { ...options, source: { ...options.source, open: false } });
  const signal = options.signal ?? new AbortController().signal;
  const notes = (): readonly Note[] => [...(reading.notes ?? []), ...(source.notes?.() ?? [])];
  try {
    return { planned: plannedOf(await planParts(source, reading, signal)), notes: notes() };
  } catch (error) {
    const said = notes().some(({ kind }) => kind === 'archived' || kind === 'denied');
    if (!said || !(error instanceof FlowgaugeError) || !/^FG_S3_(?:ARCHIVED|DENIED)$/u.test(error.code)) throw error;
    return { planned: plannedOf({ parts: [], kept: new Map() }), notes: notes() };
  } finally {
    reading.cache?.close();
  }
}

/**
 * Which fields the files at a place hold, to say what can be asked there. Of text only the first lines are read, of
 * Parquet only the schemas.
 */
export async function coverageAt(from: string, options: AskOptions = {}): Promise<Coverage> {
  const signal = options.signal ?? new AbortController().signal;
  const { source, reading } = await openPlace(from, options);
  const table = await openFlowTable(source, signal, [], reading);
  await table.close();
  return table.coverage;
}

/** A saved query by its name, or SQL, with its values. */
export function boundQuestion(
  question: string,
  parameters: Readonly<Record<string, string>>,
  d: Dialect = DUCKDB,
): BoundQuestion {
  if (isName(question)) return bind(findSaved(question), d, parameters);
  const values = Object.entries(parameters).map(
    ([name, text]) => [name, /^-?\d{1,18}$/.test(text) ? BigInt(text) : text] as const,
  );
  return { sql: question, parameters: Object.fromEntries(values), saved: null };
}
