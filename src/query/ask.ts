/**
 * One question to the flow logs in one place.
 *
 * In:    where they lie, a saved query's name or SQL, and its parameters. Out: the answer.
 * Holds: a word that is no SQL is a name. Values for SQL that look like whole numbers are numbers, all others text.
 * Fails: FG_QUERY_UNKNOWN and the errors of binding, of the source and of the engine.
 */
import type { Coverage } from '../lake/read/coverage.ts';
import { openFlowTable } from '../lake/read/flow-table.ts';
import { openSource } from '../lake/read/open-source.ts';
import type { SourceOptions } from '../lake/read/open-source.ts';
import { DUCKDB } from './dialect.ts';
import type { Answer, BoundQuestion } from './engine.ts';
import { duckEngine, saveAsParquet } from './engines/duckdb.ts';
import type { DuckEngineOptions } from './engines/duckdb.ts';
import { findSaved, isName } from './find.ts';
import { bind } from './saved-query.ts';

export type AskOptions = DuckEngineOptions & {
  readonly signal?: AbortSignal;
  /** How a place that is not on this machine is reached. */
  readonly source?: SourceOptions;
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
  const bound = boundQuestion(question, parameters);
  const engine = duckEngine(await openSource(from, options.source), options);
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
  const source = await openSource(from, options.source);
  const signal = options.signal ?? new AbortController().signal;
  return saveAsParquet(source, bound, path, signal, options);
}

/**
 * Which fields the files at a place hold, to say what can be asked there. Of text only the first lines are read, of
 * Parquet only the schemas.
 */
export async function coverageAt(from: string, signal: AbortSignal, source?: SourceOptions): Promise<Coverage> {
  const table = await openFlowTable(await openSource(from, source), signal);
  await table.close();
  return table.coverage;
}

/** A saved query by its name, or SQL, with its values. */
export function boundQuestion(question: string, parameters: Readonly<Record<string, string>>): BoundQuestion {
  if (isName(question)) return bind(findSaved(question), DUCKDB, parameters);
  const values = Object.entries(parameters).map(
    ([name, text]) => [name, /^-?\d{1,18}$/.test(text) ? BigInt(text) : text] as const,
  );
  return { sql: question, parameters: Object.fromEntries(values), saved: null };
}
