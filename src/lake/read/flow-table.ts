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
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure } from '../../model/errors.ts';
import { FIELDS, columnName } from '../../record/fields/list.ts';
import type { Duck } from '../../storage/duck/duck.ts';
import { openDuck, quoteName } from '../../storage/duck/duck.ts';
import { createMacros } from '../../storage/duck/macros.ts';
import type { Coverage } from './coverage.ts';
import { coverageOf } from './coverage.ts';
import { inLanes } from './lanes.ts';
import { bringHere } from './local-copy.ts';
import type { Progress } from './load-text.ts';
import { loadText } from './load-text.ts';
import type { Note } from './note.ts';
import type { ColumnType, ParquetGroup, UnreadPart } from './parquet-files.ts';
import { brokenParquet, mayFail, patternOf, readGroup, surveyParquet, valueOf } from './parquet-files.ts';
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
  /** The first Parquet file that is damaged where its schema does not show it; null: none. Reads them all. */
  findBroken(): Promise<UnreadPart | null>;
  close(): Promise<void>;
};

/** Files whose first lines are read at one time. */
const LANES = 16;

/** A column of text files; `stored` is the file's name for it, capital letters kept. */
type TextColumn = TableColumn & { readonly stored: string };
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
): Promise<FlowTable> {
  const parts: TablePart[] = [];
  for await (const part of source.plan(range, signal)) parts.push(part);
  const stray = { ...source.stray() };
  if (parts.length === 0) throw failure('FG_SOURCE_EMPTY', source.name, stray.count);
  const notes: Note[] = [...(source.notes?.() ?? [])];
  const scratch = join(tmpdir(), `flowgauge-query-${process.pid}-${randomBytes(4).toString('hex')}`);
  const parquet = await bringHere(
    parts.filter((part) => part.kind === 'parquet'),
    join(scratch, 'objects'),
    notes,
    signal,
  ).catch(async (error: unknown) => {
    await rm(scratch, { recursive: true, force: true });
    throw error;
  });
  const files = parquet.flatMap((part) => (part.path === null ? [] : [part.path, patternOf(part.path)]));
  const duck = await openDuck({ files: [...files, ...writes], tempDirectory: scratch });
  const close = async (): Promise<void> => {
    await duck.close();
    await rm(scratch, { recursive: true, force: true });
  };
  try {
    await createMacros(duck);
    const unread: UnreadPart[] = [];
    const survey = await surveyParquet(duck, parquet);
    const texts = await surveyText(
      parts.filter((part) => part.kind === 'text'),
      unread,
      signal,
    );
    const others = countStrays([...survey.problems, ...unread], stray, notes);
    noteRecognised(texts, notes);
    if (texts.length + survey.groups.length === 0) throw nothingRead(source, notes, stray.count);
    const columns = unionOf([...texts, ...survey.groups]);
    noteUnknown(columns, texts, survey.groups, notes);
    return createTable(duck, close, parts.length - others, notes, columns, texts, survey.groups);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Notes parts that cannot be read; those that only their bytes could have made flow logs are strays, which are counted. */
function countStrays(
  unread: readonly UnreadPart[],
  stray: { count: number; example: string | null },
  notes: Note[],
): number {
  const isStray = ({ part, isOther }: UnreadPart): boolean => part.byBytes === true && isOther;
  const others = unread.filter(isStray);
  stray.count += others.length;
  stray.example ??= others[0]?.part.ref.key ?? null;
  if (stray.example !== null) notes.push({ kind: 'stray', file: stray.example, files: stray.count });
  for (const each of unread) {
    if (!isStray(each)) notes.push({ kind: 'unreadable', file: each.part.ref.key, why: each.why });
  }
  return others.length;
}

function nothingRead(source: TableSource, notes: readonly Note[], strays: number): Error {
  const first = notes.find((note) => note.kind === 'unreadable');
  if (first === undefined && strays > 0) return failure('FG_SOURCE_EMPTY', source.name, strays);
  if (first === undefined) return failure('FG_SOURCE_NO_RECORDS', source.name, 'it is empty');
  return failure('FG_SOURCE_NO_RECORDS', first.file, first.why);
}

async function surveyText(
  parts: readonly TablePart[],
  unread: UnreadPart[],
  signal: AbortSignal,
): Promise<TextGroup[]> {
  const opened: TextFile[] = [];
  await inLanes(LANES, parts, async (part, at) => {
    opened[at] = await openTextFile(part, signal);
  });
  const groups = new Map<string, TextGroup>();
  for (const file of opened) {
    const { part, problem, isOther } = file;
    if (problem !== null) unread.push({ part, why: problem, isOther });
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
  return [...groups.values()];
}

/** Notes which formats were recognised. */
function noteRecognised(groups: readonly TextGroup[], notes: Note[]): void {
  for (const { files } of groups) {
    const [first, ...more] = files.filter(({ headerless }) => headerless);
    if (first === undefined || first.format === null) continue;
    notes.push({ kind: 'no-header', file: first.part.ref.key, files: 1 + more.length, format: first.format.text });
  }
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
): FlowTable {
  const stats = { bytesRead: 0, badLines: 0 };
  let wanted: readonly TableColumn[] = columns;

  async function define(names: ReadonlySet<string> | null): Promise<void> {
    wanted = columns.filter(({ name }) => isNeeded(name, names));
    // A table has a column at least, and rows are counted by it.
    if (wanted.length === 0) wanted = columns.slice(0, 1);
    const branches: string[] = [];
    for (const group of texts) {
      const own = loaded(group, wanted);
      await duck.run(
        `CREATE TABLE ${group.table} (${own.map(({ name, type }) => `${quoteName(name)} ${type}`).join(', ')})`,
      );
      branches.push(branch(group.table, (name) => (own.some((each) => each.name === name) ? quoteName(name) : null)));
    }
    for (const group of parquet) {
      branches.push(
        branch(readGroup(group), (name) => {
          const column = group.columns.find((each) => each.name === name);
          return column === undefined ? null : valueOf(column);
        }),
      );
    }
    await duck.run(`CREATE VIEW flow_logs AS SELECT *${times(wanted)} FROM (${branches.join(' UNION ALL ')})`);
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
    const groups = texts.map(({ table, files: list, columns: all }) => ({
      table,
      files: list,
      columns: loaded({ columns: all }, wanted).map(({ stored }) => stored),
    }));
    await loadText(duck, groups, { notes, stats, signal, onProgress, others: files - countOf(texts) });
  }

  const coverage = coverageOf([
    ...texts.map((group) => ({ files: group.files.length, columns: group.columns })),
    ...parquet.map((group) => ({ files: group.parts.length, columns: group.columns })),
  ]);
  const findBroken = (): Promise<UnreadPart | null> =>
    brokenParquet(duck, parquet, new Set(wanted.map(({ name }) => name)));
  return { columns, files, coverage, duck, notes, stats, define, load, findBroken, close };
}

function countOf(texts: readonly TextGroup[]): number {
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
