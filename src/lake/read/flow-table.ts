/**
 * Objects as one table, `flow_logs`.
 *
 * In:    the parts of a source. Out: a database with the table: columns named as AWS's Parquet, typed by the field table.
 * Holds: each file is read by its own header or schema, by name; the columns are all that any file has, NULL where a
 *        file has none; names that no version defines are kept as VARCHAR. `start_time` and `end_time` (UTC) stand
 *        besides. Text is loaded, of it only what is asked for; Parquet is read where it lies.
 * Fails: FG_SOURCE_EMPTY and FG_SOURCE_NO_RECORDS where nothing can be read; what is broken in one file of many is noted.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../../model/errors.ts';
import { FIELDS, columnName } from '../../record/fields/list.ts';
import type { Duck } from '../../storage/duck/duck.ts';
import { openDuck, quoteName } from '../../storage/duck/duck.ts';
import { createMacros } from '../../storage/duck/macros.ts';
import { memoryBudget, spillDirectory } from '../../storage/duck/memory.ts';
import type { KeptObject, ObjectCache } from './cache/object-cache.ts';
import { packedText } from './cache/packed-text.ts';
import type { PackedText } from './cache/packed-text.ts';
import type { Coverage } from './coverage.ts';
import { coverageOf } from './coverage.ts';
import { inLanes } from './lanes.ts';
import { bringHere } from './local-copy.ts';
import type { Progress } from './load-text.ts';
import { loadText } from './load-text.ts';
import type { Note } from './note.ts';
import type { ColumnType, ParquetGroup } from './parquet-files.ts';
import { mayFail, patternOf, readGroup, surveyParquet, valueOf } from './parquet-files.ts';
import type { TablePart, TableSource } from './source.ts';
import { ALL_TIME } from './source.ts';
import type { TimeRange } from './source.ts';
import type { TextFile } from './text-file.ts';
import { openTextFile } from './text-file.ts';

export type TableColumn = { readonly name: string; readonly type: ColumnType };

export type FlowTable = {
  /** Every column that a file has, small letters, in the order of the field table, unknown ones last; times are not among them. */
  readonly columns: readonly TableColumn[];
  readonly files: number;
  readonly coverage: Coverage;
  readonly duck: Duck;
  /** Grows while it is loaded; who asks may add what holds of the answer. */
  readonly notes: Note[];
  readonly stats: { bytesRead: number; badLines: number };
  /**
   * Makes the table, still without the rows of text files, so that a question can be looked at.
   *
   * @param names  columns that are needed, small letters; null for all
   */
  define(names: ReadonlySet<string> | null): Promise<void>;
  /** Loads what `define` left out. */
  load(signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<void>;
  close(): Promise<void>;
};

/** Files whose first lines are read at one time. */
const LANES = 16;

/** A column of text files; `stored` is the file's name for it, capital letters kept. */
type TextColumn = TableColumn & { readonly stored: string };
/** How it is read; what is not set is found, or left out. */
export type Reading = {
  /** Closed with the table. */
  readonly cache?: ObjectCache | null;
  /** For rows and what is made of them; more is spilled. */
  readonly memoryBytes?: number;
  /** What is known before anything is read. */
  readonly notes?: readonly Note[];
};
type TextGroup = { readonly table: string; readonly files: TextFile[]; readonly columns: readonly TextColumn[] };

/**
 * Looks at every part of a source: which format it has, and whether it can be read.
 *
 * @param writes  files that SQL of ours may write
 * @param range   parts that hold nothing of it are left out
 */
export async function openFlowTable(
  source: TableSource,
  signal: AbortSignal,
  writes: readonly string[] = [],
  range: TimeRange = ALL_TIME,
  reading: Reading = {},
): Promise<FlowTable> {
  const { cache = null } = reading;
  const scratch = join(spillDirectory(), `flowgauge-query-${process.pid}-${randomBytes(4).toString('hex')}`);
  const leave = async (): Promise<void> => {
    cache?.close();
    await rm(scratch, { recursive: true, force: true });
  };
  try {
    // Where it cannot be made, what needs it says so.
    await mkdir(scratch, { mode: 0o700 }).catch(() => {});
    return await openTable(source, signal, writes, range, reading, scratch, leave);
  } catch (error) {
    await leave();
    throw error;
  }
}

async function openTable(
  source: TableSource,
  signal: AbortSignal,
  writes: readonly string[],
  range: TimeRange,
  { cache = null, memoryBytes = memoryBudget(), notes: before = [] }: Reading,
  scratch: string,
  leave: () => Promise<void>,
): Promise<FlowTable> {
  const parts: TablePart[] = [];
  for await (const part of source.plan(range, signal)) parts.push(cache === null ? part : cache.watched(part));
  const stray = source.stray();
  if (parts.length === 0) throw failure('FG_SOURCE_EMPTY', source.name, stray.count);
  const kept = (await cache?.look(parts)) ?? new Map<TablePart, KeptObject>();
  const notes: Note[] = [...before, ...(source.notes?.() ?? []), ...(cache?.notes ?? [])];
  const packed = packedText(cache, kept, memoryBytes, scratch);
  const parquet = await bringHere(
    parts.filter((part) => part.kind === 'parquet'),
    join(scratch, 'objects'),
    notes,
    signal,
    cache,
    kept,
  );
  const files = parquet.flatMap((part) => (part.path === null ? [] : [part.path, patternOf(part.path)]));
  const duck = await openDuck({
    files: [...files, ...writes],
    directories: cache === null ? [] : [cache.directory],
    tempDirectory: join(scratch, 'spilled'),
    memoryLimitBytes: memoryBytes,
  });
  const close = async (): Promise<void> => {
    await duck.close();
    await leave();
  };
  try {
    await createMacros(duck);
    if (stray.example !== null) notes.push({ kind: 'stray', file: stray.example, files: stray.count });
    const survey = await surveyParquet(duck, parquet);
    for (const { part, why } of survey.problems) notes.push({ kind: 'unreadable', file: part.ref.key, why });
    const texts = await surveyText(
      parts.filter((part) => part.kind === 'text'),
      notes,
      signal,
      packed,
    );
    if (texts.length + survey.groups.length === 0) throw nothingRead(source, notes);
    const columns = unionOf([...texts, ...survey.groups]);
    noteUnknown(columns, texts, survey.groups, notes);
    return createTable(duck, close, parts.length, notes, columns, texts, survey.groups, packed);
  } catch (error) {
    await duck.close();
    throw error;
  }
}

function nothingRead(source: TableSource, notes: readonly Note[]): Error {
  const first = notes.find((note) => note.kind === 'unreadable');
  if (first === undefined) return failure('FG_SOURCE_NO_RECORDS', source.name, 'it is empty');
  return failure('FG_SOURCE_NO_RECORDS', first.file, first.why);
}

async function surveyText(
  parts: readonly TablePart[],
  notes: Note[],
  signal: AbortSignal,
  packed: PackedText,
): Promise<TextGroup[]> {
  const opened: TextFile[] = [];
  await inLanes(LANES, parts, async (part, at) => {
    opened[at] = packed.file(part) ?? (await openTextFile(part, signal));
  });
  await packed.keepEmpty(opened);
  const groups = new Map<string, TextGroup>();
  const headerless: TextFile[] = [];
  for (const file of opened) {
    if (file.problem !== null) notes.push({ kind: 'unreadable', file: file.part.ref.key, why: file.problem });
    if (file.headerless) headerless.push(file);
    if (file.format === null) continue;
    const { text, fields } = file.format;
    const columns = fields.map((field) => {
      const stored = columnName(field.name);
      return { name: stored.toLowerCase(), type: field.column, stored };
    });
    const group = groups.get(text) ?? { table: `text_${groups.size + 1}`, files: [], columns };
    groups.set(text, group);
    group.files.push(file);
  }
  const first = headerless[0];
  if (first !== undefined) notes.push({ kind: 'no-header', file: first.part.ref.key, files: headerless.length });
  return [...groups.values()];
}

/** Columns of seconds that a column of times is made of. */
const TIMES: readonly string[] = ['start', 'end'];
const KNOWN = new Set(FIELDS.map((field) => columnName(field.name)));

function noteUnknown(
  all: readonly TableColumn[],
  texts: readonly TextGroup[],
  parquet: readonly ParquetGroup[],
  notes: Note[],
): void {
  const seen = new Set<string>();
  const look = (file: string | undefined, own: readonly { name: string }[]): void => {
    for (const { name } of own) {
      if (KNOWN.has(name) || seen.has(name) || !all.some((column) => column.name === name)) continue;
      seen.add(name);
      notes.push({ kind: 'unknown-field', file: file ?? '', field: name });
    }
  };
  for (const { files, columns } of texts) look(files[0]?.part.ref.key, columns);
  for (const { parts, columns } of parquet) look(parts[0]?.ref.key, columns);
}

/** All columns of all files: known ones in the order of the field table, others in the order of their names. */
function unionOf(groups: readonly { readonly columns: readonly TableColumn[] }[]): readonly TableColumn[] {
  const all = new Map<string, TableColumn>();
  for (const { columns } of groups) for (const { name, type } of columns) all.set(name, { name, type });
  // An answer that was saved brings its times along; ours are made of the seconds.
  for (const name of TIMES) if (all.has(name)) all.delete(`${name}_time`);
  const known = [...KNOWN].flatMap((name) => all.get(name) ?? []);
  const unknown = [...all.values()].filter(({ name }) => !KNOWN.has(name));
  return [...known, ...unknown.sort((a, b) => (a.name < b.name ? -1 : 1))];
}

function createTable(
  duck: Duck,
  close: () => Promise<void>,
  files: number,
  notes: Note[],
  columns: readonly TableColumn[],
  texts: readonly TextGroup[],
  parquet: readonly ParquetGroup[],
  packed: PackedText,
): FlowTable {
  const stats = { bytesRead: 0, badLines: 0 };
  let wanted: readonly TableColumn[] = columns;

  async function define(names: ReadonlySet<string> | null): Promise<void> {
    wanted = columns.filter(({ name }) => isNeeded(name, names));
    // A table has a column at least, and rows are counted by it.
    if (wanted.length === 0) wanted = columns.slice(0, 1);
    for (const group of texts) {
      const own = loaded(group, wanted);
      await duck.run(
        `CREATE TABLE ${group.table} (${own.map(({ name, type }) => `${quoteName(name)} ${type}`).join(', ')})`,
      );
    }
    await defineView();
  }

  /** The view over what is where it is now. */
  async function defineView(): Promise<void> {
    const branches: string[] = [];
    for (const group of texts) {
      const own = loaded(group, wanted);
      const value = (name: string): string | null => (own.some((each) => each.name === name) ? quoteName(name) : null);
      if (group.files.some((file) => !packed.has(file))) branches.push(branch(group.table, value));
      for (const rows of packed.rows(group.files)) branches.push(branch(rows, value));
    }
    for (const group of parquet) {
      branches.push(
        branch(readGroup(group), (name) => {
          const column = group.columns.find((each) => each.name === name);
          return column === undefined ? null : valueOf(column);
        }),
      );
    }
    // Files without rows are columns still.
    if (branches.length === 0) branches.push(`${branch('(SELECT 1)', () => null)} WHERE false`);
    await duck.run(
      `CREATE OR REPLACE VIEW flow_logs AS SELECT *${times(wanted)} FROM (${branches.join(' UNION ALL ')})`,
    );
  }

  function branch(from: string, value: (name: string) => string | null): string {
    const list = wanted.map(({ name, type }) => `${value(name) ?? `CAST(NULL AS ${type})`} AS ${quoteName(name)}`);
    return `SELECT ${list.join(', ')} FROM ${from}`;
  }

  async function load(signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<void> {
    for (const group of parquet) {
      for (const { ref } of group.parts) stats.bytesRead += ref.sizeBytes;
      await noteBadValues(duck, group, wanted, notes);
    }
    const loading = { notes, stats, signal, onProgress };
    await packed.fill(texts, { ...loading, others: files - countOf(texts) });
    const groups = texts.map(({ table, files: list, columns: all }) => ({
      table,
      files: list.filter((file) => !packed.has(file)),
      columns: loaded({ columns: all }, wanted).map(({ stored }) => stored),
    }));
    await loadText(duck, groups, { ...loading, others: files - countOf(groups) });
    await defineView();
  }

  const coverage = coverageOf([
    ...texts.map((group) => ({ files: group.files.length, columns: group.columns })),
    ...parquet.map((group) => ({ files: group.parts.length, columns: group.columns })),
  ]);
  return { columns, files, coverage, duck, notes, stats, define, load, close };
}

function countOf(texts: readonly Pick<TextGroup, 'files'>[]): number {
  return texts.reduce((sum, group) => sum + group.files.length, 0);
}

/** Of a group's columns those that are wanted; one at least. */
function loaded(
  group: { readonly columns: readonly TextColumn[] },
  wanted: readonly TableColumn[],
): readonly TextColumn[] {
  const own = group.columns.filter(({ name }) => wanted.some((each) => each.name === name));
  return own.length === 0 ? group.columns.slice(0, 1) : own;
}

function isNeeded(name: string, names: ReadonlySet<string> | null): boolean {
  if (names === null || names.has(name)) return true;
  return TIMES.includes(name) && names.has(`${name}_time`);
}

/** Seconds, or milliseconds as some SKIPDATA lines have; NULL for what is neither. */
function times(columns: readonly TableColumn[]): string {
  const parts = TIMES.filter((name) => columns.some((column) => column.name === name));
  return parts
    .map(
      (name) => `, CASE WHEN "${name}" BETWEEN 0 AND 99999999999 THEN make_timestamp("${name}" * 1000000)
        WHEN "${name}" BETWEEN 100000000000 AND 99999999999999 THEN make_timestamp("${name}" * 1000) END AS ${name}_time`,
    )
    .join('');
}

async function noteBadValues(
  duck: Duck,
  group: ParquetGroup,
  wanted: readonly TableColumn[],
  notes: Note[],
): Promise<void> {
  const risky = group.columns.filter((column) => mayFail(column) && wanted.some(({ name }) => name === column.name));
  if (risky.length === 0) return;
  const counts = risky.map((column) => {
    const stored = quoteName(column.stored);
    return `count(*) FILTER (WHERE ${stored} IS NOT NULL AND CAST(${stored} AS VARCHAR) <> '-' AND ${valueOf(column)} IS NULL)`;
  });
  const rows = await duck.all(
    `SELECT filename, ${counts.join(', ')} FROM ${readGroup(group).replace(/\)$/, ', filename = true)')} GROUP BY filename ORDER BY filename`,
  );
  for (const [path, ...found] of rows) {
    const file = group.parts.find((part) => part.path === path)?.ref.key ?? String(path);
    for (const [at, count] of found.entries()) {
      if (Number(count) > 0) notes.push({ kind: 'bad-values', file, column: risky[at]!.name, count: Number(count) });
    }
  }
}
