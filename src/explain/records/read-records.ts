/**
 * Records from wherever they lie, as batches of columns.
 *
 * In:    a place as `--from` of `query` names it, or a question whose rows are records. Out: batches, one after the other, and notes.
 * Holds: text on this machine goes from the parser to whoever takes it: neither a table nor a file is made, and memory
 *        does not grow. Parquet, and what a cache holds, comes out of DuckDB, which streams.
 * Fails: FG_QUERY_FIELDS where no file has the fields of a record, FG_RECORDS_COLUMNS where rows of a question are none; as reading the source and asking do.
 */
import type { Filter } from '../../api/filter.ts';
import { packedText } from '../../lake/read/cache/packed-text.ts';
import { scanText } from '../../lake/read/load-text.ts';
import type { Note } from '../../api/note.ts';
import { openSource } from '../../lake/read/open-source.ts';
import type { UnreadPart } from '../../lake/read/parquet-files.ts';
import { planParts } from '../../lake/read/planned.ts';
import type { Reading } from '../../lake/read/planned.ts';
import type { TablePart, TableSource } from '../../lake/read/source.ts';
import { noteRecognised, surveyText } from '../../lake/read/text-groups.ts';
import { failure } from '../../model/errors.ts';
import { askBound, boundQuestion } from '../../query/ask.ts';
import type { AskOptions } from '../../query/ask.ts';
import { DUCKDB } from '../../query/dialect.ts';
import type { Answer } from '../../query/engine.ts';
import { takenFor } from '../../query/explore/columns.ts';
import { conditionsSql, fieldsOf, valuesOf } from '../../query/explore/where.ts';
import { ALL_FIELDS } from '../../query/held-fields.ts';
import type { HeldFields } from '../../query/held-fields.ts';
import { columnName } from '../../record/fields/list.ts';
import { quoteName } from '../../storage/duck/quote.ts';
import { batchOfRows } from './example-batch.ts';
import type { ReadColumn, RecordBatch } from './record-rows.ts';
import { READ_COLUMNS } from './record-rows.ts';

/** Takes a batch; nothing of it is kept. */
export type TakeBatch = (batch: RecordBatch) => void;

/** What there is to say of what was read. */
export type ReadRecordsResult = { readonly notes: readonly Note[]; readonly badLines: number };

/** Fields without which a record is no five-tuple. */
const NEEDED: readonly ReadColumn[] = ['srcaddr', 'dstaddr', 'protocol'];
/** Fields that files must have, where nobody asked for rejected records only. */
const REQUIRED: readonly ReadColumn[] = [...NEEDED, 'action'];

/** Reads all records of a place. */
export async function readRecords(from: string, options: AskOptions, take: TakeBatch): Promise<ReadRecordsResult> {
  const { signal = new AbortController().signal } = options;
  if (options.cache === undefined && !/^[a-z0-9]+:\/\//.test(from)) {
    const source = await openSource(from, options.source);
    const { parts } = await planParts(source, readingOf(options), signal);
    const isText = parts.every(({ kind }) => kind === 'text');
    // What comes once cannot be planned again.
    if (isText || parts.some(({ once }) => once === true)) return readText(source, parts, options, signal, take);
  }
  const partly: string[] = [];
  const answer = await askBound(from, recordsQuestion(partly), options);
  return takeAnswer(answer, (batch) => take({ ...batch, partly }));
}

/** Reads the rows of a question: a saved query's name or SQL over `flow_logs`. */
export async function readQuestion(
  from: string,
  question: string,
  parameters: Readonly<Record<string, string>>,
  options: AskOptions,
  take: TakeBatch,
): Promise<ReadRecordsResult> {
  return takeAnswer(await askBound(from, boundQuestion(question, parameters), options), take);
}

/**
 * Reads the records of a place that fit a filter.
 *
 * Those that were accepted come too, unless the filter leaves them out: they tell what is newly rejected.
 */
export async function readFiltered(
  from: string,
  filter: Filter,
  options: AskOptions,
  take: TakeBatch,
): Promise<ReadRecordsResult> {
  if (filter.length === 0) return readRecords(from, options, take);
  const partly: string[] = [];
  const answer = await askBound(from, recordsQuestion(partly, filter), options);
  return takeAnswer(answer, (batch) => take({ ...batch, partly }));
}

function readingOf({ range, onPlanned, onProgress }: AskOptions): Reading {
  return {
    ...(range === undefined ? {} : { range }),
    ...(onPlanned === undefined ? {} : { onPlanned }),
    ...(onProgress === undefined ? {} : { onProgress }),
  };
}

async function readText(
  source: TableSource,
  parts: readonly TablePart[],
  { onProgress = () => {} }: AskOptions,
  signal: AbortSignal,
  take: TakeBatch,
): Promise<ReadRecordsResult> {
  const notes: Note[] = [...(source.notes?.() ?? [])];
  const unread: UnreadPart[] = [];
  const groups = await surveyText(parts, unread, signal, packedText(null, new Map(), 0, ''));
  const damaged = unread.filter(({ part, isOther }) => !(part.byBytes === true && isOther));
  for (const { part, why } of damaged) notes.push({ kind: 'unreadable', file: part.ref.key, why });
  const [first] = damaged;
  if (groups.length === 0 && first === undefined && unread.length > 0)
    throw failure('FG_SOURCE_EMPTY', source.name, source.stray().count + unread.length);
  if (groups.length === 0)
    throw failure('FG_SOURCE_NO_RECORDS', first?.part.ref.key ?? source.name, first?.why ?? 'it is empty');
  const missing = REQUIRED.filter((name) => !groups.some(({ columns }) => columns.some((one) => one.name === name)));
  if (missing.length > 0)
    throw failure(
      'FG_QUERY_FIELDS',
      'diagnose',
      missing.map((name) => name.replaceAll('_', '-')),
      groups.reduce((count, { files }) => count + files.length, 0),
    );
  noteRecognised(groups, notes);
  const stats = { bytesRead: 0, badLines: 0 };
  const wanted = groups.map(({ files, columns }) => ({ files, columns: columns.filter(({ name }) => isRead(name)) }));
  await scanText(wanted, take, { notes, stats, signal, onProgress, others: 0 });
  return { notes, badLines: stats.badLines };
}

function isRead(name: string): name is ReadColumn {
  return (READ_COLUMNS as readonly string[]).includes(name);
}

/**
 * All records with an action that fit a filter, in the columns that the files hold.
 *
 * @param partly  gets those that only some of them hold
 */
function recordsQuestion(partly: string[], filter: Filter = []): ReturnType<typeof boundQuestion> {
  const fields = READ_COLUMNS.map((name) => name.replaceAll('_', '-'));
  const taken = fieldsOf(filter).map(takenFor);
  const sql = (names: readonly string[], held: HeldFields): string =>
    `SELECT ${names.map((name) => quoteName(columnName(name))).join(', ')} FROM flow_logs WHERE ${["action IN ('ACCEPT', 'REJECT')", ...conditionsSql(filter, DUCKDB, held)].join(' AND ')}`;
  return {
    sql: sql(fields, ALL_FIELDS),
    parameters: valuesOf(filter),
    saved: {
      name: 'diagnose',
      needsFields: [
        ...new Set([...REQUIRED.map((name) => name.replaceAll('_', '-')), ...taken.flatMap(({ needs }) => needs)]),
      ],
      instead: Object.fromEntries(taken.flatMap(({ instead }) => Object.entries(instead))),
      sql: (held) => {
        const own = fields.filter((field) => held.column(field) === columnName(field));
        partly.push(...own.filter((field) => !held.byAll(field)).map(columnName));
        return sql(own, held);
      },
    },
  };
}

async function takeAnswer(answer: Answer, take: TakeBatch): Promise<ReadRecordsResult> {
  try {
    const places = answer.columns.flatMap(({ name }, at) => (isRead(name) ? [{ name, at }] : []));
    const names = places.map(({ name }) => name);
    const missing = NEEDED.filter((name) => !names.includes(name));
    if (missing.length > 0)
      throw failure('FG_RECORDS_COLUMNS', missing, answer.columns.map(({ name }) => name).join(', '));
    // A question about rejected traffic need not say so in each row.
    const all: ReadColumn[] = names.includes('action') ? names : [...names, 'action'];
    for await (const batch of answer.rows)
      take(
        batchOfRows(
          all,
          batch.map((row) => [...places.map(({ at }) => row[at] ?? null), ...(all === names ? [] : ['REJECT'])]),
        ),
      );
    return { notes: answer.notes, badLines: answer.stats().badLines };
  } finally {
    await answer.close();
  }
}
