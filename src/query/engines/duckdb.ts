/**
 * DuckDB over the objects of a source.
 *
 * In:    a bound question. Out: its answer, whose rows are streamed.
 * Holds: SQL is looked at, and its columns and types are settled, before a record is read; files and settings are out of
 *        its reach. Of text only the columns that the question may need are read. One question for each table.
 * Fails: FG_QUERY_REFUSED, FG_QUERY_SQL, FG_QUERY_FIELDS; the errors of reading the source.
 */
import type { Needed } from '../../lake/read/compacted/fetch-needed.ts';
import type { SumsAsked } from '../../lake/read/compacted/sums.ts';
import { FlowgaugeError, failure, failureFrom } from '../../model/errors.ts';
import { databaseFiles } from '../../lake/read/database-file.ts';
import { openFlowTable } from '../../lake/read/flow-table.ts';
import type { FlowTable } from '../../lake/read/loaded-table.ts';
import type { Reading } from '../../lake/read/planned.ts';
import { addView } from '../../lake/read/saved-rows.ts';
import type { TableSource } from '../../lake/read/source.ts';
import { columnName, fieldNamed } from '../../record/fields/list.ts';
import type { DuckValue } from '../../storage/duck/duck.ts';
import { quoteText } from '../../storage/duck/duck.ts';
import { capabilityOf } from '../capability.ts';
import { checkKinds, checkSql } from '../check-sql.ts';
import type { CheckedSql } from '../check-sql.ts';
import { DUCKDB } from '../dialect.ts';
import type { Answer, BoundQuestion, Cell, Engine } from '../engine.ts';
import { heldFields } from '../held-fields.ts';
import { sqlProblem, unknownColumn } from '../sql-problem.ts';
import { refuseUnread } from '../strict.ts';
import { sumsDialect } from './sums-dialect.ts';

/** Which records, who looks at the plan before anything is read, and who is told how far it is. */
export type DuckEngineOptions = Reading & {
  /** An answer that lacks something is refused; every column of text is read then, so that every broken line is seen. */
  readonly strict?: boolean;
};

/** What a database file was made of. */
export type Saved = Pick<Answer, 'notes'> & { readonly records: number; readonly files: number };

/** An engine that reads `source` anew for each question. */
export function duckEngine(source: TableSource, options: DuckEngineOptions = {}): Engine {
  return {
    name: 'duckdb',
    dialect: DUCKDB,
    run: (question, signal) =>
      withTable(source, [], options, signal, async (table, close) => {
        const { settled, values } = await prepare(table, question, options, signal);
        return stream(table, settled, values, signal, close);
      }),
  };
}

/**
 * Asks, and lets DuckDB write the rows into a Parquet file.
 *
 * @param path  of a file that is not there yet
 */
export function saveAsParquet(
  source: TableSource,
  question: BoundQuestion,
  path: string,
  signal: AbortSignal,
  options: DuckEngineOptions = {},
): Promise<Pick<Answer, 'notes'>> {
  return withTable(source, [path], options, signal, async (table, close) => {
    const { settled, values } = await prepare(table, question, options, signal);
    try {
      // The text was looked at: it is one statement, and the newline ends a comment at its end.
      await table.duck.run(`CREATE TEMP TABLE answer AS FROM (${settled.sql.replace(/;\s*$/, '')}\n)`, values);
      const exact = await exactColumns(table);
      await table.duck.run(
        `COPY (${exact}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`,
      );
    } catch (error) {
      throw problemOf(await damageOf(error, table, signal), settled, table);
    }
    await close();
    return { notes: table.notes };
  });
}

/**
 * Puts all records into a database file of DuckDB, as its table `records`, with `flow_logs` over it.
 *
 * @param path  of a file that is not there yet
 */
export function saveAsDatabase(
  source: TableSource,
  path: string,
  signal: AbortSignal,
  options: DuckEngineOptions = {},
): Promise<Saved> {
  return withTable(source, databaseFiles(path), { ...options, anyOrder: true }, signal, async (table, close) => {
    await table.define(null);
    await table.save(path, signal, options.onProgress ?? (() => {})).catch(async (error: unknown) => {
      throw await damageOf(error, table, signal);
    });
    signal.throwIfAborted();
    if (options.strict === true) refuseUnread(table.notes);
    const records = await addView(table.duck, path, table.columns);
    await close();
    return { records, files: table.files, notes: table.notes };
  });
}

/** Parquet has no integers of 128 bits, which sums of integers are, and DuckDB would write them as DOUBLE. */
async function exactColumns(table: FlowTable): Promise<string> {
  const described = await table.duck.all("SELECT name, type FROM pragma_table_info('answer')");
  const columns = described.map(([name, type]) => {
    const quoted = `"${String(name).replaceAll('"', '""')}"`;
    return type === 'HUGEINT' ? `CAST(${quoted} AS DECIMAL(38, 0)) AS ${quoted}` : quoted;
  });
  return `SELECT ${columns.join(', ')} FROM answer`;
}

/** Opens the table and, if `work` fails, closes it again; else `work` sees to that. The signal ends what runs. */
async function withTable<T>(
  source: TableSource,
  writes: readonly string[],
  options: DuckEngineOptions,
  signal: AbortSignal,
  work: (table: FlowTable, close: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const table = await openFlowTable(source, signal, writes, options);
  const stop = (): void => table.duck.interrupt();
  signal.addEventListener('abort', stop);
  const close = async (): Promise<void> => {
    signal.removeEventListener('abort', stop);
    await table.close();
  };
  try {
    return await work(table, close);
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw error;
  }
}

/**
 * Looks at the question, then reads what it needs; gives the question as these files can be asked it, and the values of
 * its parameters in the order of their numbers.
 */
async function prepare(
  table: FlowTable,
  asked: BoundQuestion,
  options: DuckEngineOptions,
  signal: AbortSignal,
): Promise<{ settled: BoundQuestion; values: (string | bigint)[] }> {
  const { question, sums } = settle(table, asked);
  const checked = await checkSql(table.duck, question.sql);
  const values = valuesOf(checked, question);
  // All columns and rows are read where all of them are to be checked.
  await (options.strict === true ? table.define(null, sums) : table.define(checked.names, sums, textsOf(checked, question))); // prettier-ignore
  const kinds = await table.duck.kindOf(question.sql).catch((error: unknown) => {
    throw problemOf(error, question, table);
  });
  checkKinds(checked, kinds);
  await table.load(signal, options.onProgress ?? (() => {})).catch(async (error: unknown) => {
    throw await damageOf(error, table, signal);
  });
  signal.throwIfAborted();
  if (options.strict === true) refuseUnread(table.notes);
  return { settled: question, values };
}

async function stream(
  table: FlowTable,
  question: BoundQuestion,
  values: readonly (string | bigint)[],
  signal: AbortSignal,
  close: () => Promise<void>,
): Promise<Answer> {
  const { columns, batches } = await table.duck.rows(question.sql, values).catch(async (error: unknown) => {
    throw problemOf(await damageOf(error, table, signal), question, table);
  });
  const readers = columns.map(({ type }) => readerOf(type));
  async function* rows(): AsyncGenerator<readonly (readonly Cell[])[]> {
    try {
      for await (const batch of batches) {
        yield batch.map((row) => row.map((value, at) => readers[at]!(value)));
      }
    } catch (error) {
      signal.throwIfAborted();
      throw problemOf(await damageOf(error, table, signal), question, table);
    } finally {
      await close();
    }
  }
  return {
    columns: columns.map(({ name, type }) => ({ name, type, unit: question.saved === null ? null : unitOf(name) })),
    rows: rows(),
    notes: table.notes,
    formats: table.formats,
    stats: () => ({ objects: table.files, ...table.stats }),
    close,
  };
}

/** A saved query as the files can be asked it; what they lack is noted. Where roll-ups can stand for records, they do. */
function settle(
  table: FlowTable,
  question: BoundQuestion,
): { readonly question: BoundQuestion; readonly sums: readonly SumsAsked[] } {
  const { saved } = question;
  if (saved === null) return { question, sums: [] };
  const { coverage } = table;
  const { missing, notes } = capabilityOf(saved, coverage);
  if (missing.length > 0) throw failure('FG_QUERY_FIELDS', saved.name, missing, table.files);
  table.notes.push(...notes);
  const held = heldFields(coverage);
  if (saved.sums === true) {
    const { dialect, asked } = sumsDialect(question.parameters);
    const sql = saved.sql(held, dialect);
    if (asked.some((one) => table.hasSums(one))) return { question: { ...question, sql }, sums: asked };
  }
  return { question: { ...question, sql: saved.sql(held) }, sums: [] };
}

function valuesOf(checked: CheckedSql, question: BoundQuestion): (string | bigint)[] {
  for (const name of Object.keys(question.parameters)) {
    if (!checked.parameters.includes(name)) throw failure('FG_PARAMETER_UNKNOWN', 'the SQL', name, checked.parameters);
  }
  return checked.parameters.map((name) => {
    const value = question.parameters[name];
    if (value === undefined) throw failure('FG_PARAMETER_MISSING', 'the SQL', name, `$${name} stands in it`);
    return value;
  });
}

/** The rows that are looked at, where that is known: texts that they have, by column. */
function textsOf({ rows }: CheckedSql, { parameters }: BoundQuestion): Needed['rows'] {
  if (rows === null) return null;
  const all = rows.map(
    (row) =>
      new Map(
        [...row].flatMap(([column, wanted]) => {
          const text = 'text' in wanted ? wanted.text : parameters[wanted.parameter];
          // A number is compared by other rules than its text.
          return typeof text === 'string' ? [[column, text] as const] : [];
        }),
      ),
  );
  return all.some(({ size }) => size === 0) ? null : all;
}

/** What DuckDB says of the question, of which no file is to blame. */
const OF_THE_QUESTION = /^(?:Binder|Catalog|Conversion|INTERRUPT|Out of Memory|Out of Range|Parser)/;

/** The file that is damaged inside, where that is what an error of DuckDB comes from; else the error. */
async function damageOf(error: unknown, table: FlowTable, signal: AbortSignal): Promise<unknown> {
  if (error instanceof FlowgaugeError || !(error instanceof Error) || OF_THE_QUESTION.test(error.message)) return error;
  signal.throwIfAborted();
  const broken = await table.findBroken();
  signal.throwIfAborted();
  return broken === null ? error : failureFrom(error, 'FG_SOURCE_UNREADABLE', broken.part.ref.key, broken.why);
}

/** An error of DuckDB as one of ours; what is ours already stays. */
function problemOf(error: unknown, question: BoundQuestion, table: FlowTable): unknown {
  if (error instanceof FlowgaugeError || !(error instanceof Error)) return error;
  const column = unknownColumn(error.message);
  const field = column === null ? undefined : fieldNamed(column.replaceAll('_', '-'));
  if (field !== undefined && !table.columns.some(({ name }) => name === columnName(field.name))) {
    return failureFrom(error, 'FG_QUERY_FIELDS', question.saved?.name ?? 'the SQL', [field.name], table.files);
  }
  const names = table.columns.map(({ name }) => name);
  return failureFrom(error, 'FG_QUERY_SQL', sqlProblem(error.message, question.sql, column, names));
}

/** What a value of DuckDB becomes: times get their letter, all else is as it is. */
function readerOf(type: string): (value: DuckValue) => Cell {
  if (!type.startsWith('TIMESTAMP')) return (value) => value;
  return (value) => {
    if (typeof value !== 'string' || !/^\d{4}-/.test(value)) return value;
    return `${value.replace(' ', 'T').replace(/\+00(?::00)?$/, '')}Z`;
  };
}

function unitOf(name: string): string | null {
  return /^(bytes|packets|flows)\b/.exec(name.replaceAll('_', ' '))?.[1] ?? null;
}
