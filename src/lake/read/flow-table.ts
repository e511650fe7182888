/**
 * Objects as one table, `flow_logs`.
 *
 * In:    the parts of a source. Out: a database with the table: columns named as AWS's Parquet, typed by the field table.
 * Holds: each file is read by its own header or schema, by name; the columns are all that any file has, NULL where a
 *        file has none; names that no version defines are kept as VARCHAR. `start_time` and `end_time` (UTC) stand
 *        besides. Of text what is asked for is put into Parquet of our own first; Parquet is read where it lies.
 * Fails: FG_SOURCE_EMPTY and FG_SOURCE_NO_RECORDS where nothing can be read; what is broken in one file of many is noted.
 */
import { join } from 'node:path';
import { failure } from '../../model/errors.ts';
import type { GroupPlaces } from '../../record/duckdb-places.ts';
import { FIELDS, columnName } from '../../record/fields/list.ts';
import type { Duck } from '../../storage/duck/duck.ts';
import { openDuck, quoteName } from '../../storage/duck/duck.ts';
import { createMacros } from '../../storage/duck/macros.ts';
import { memoryBudget } from '../../storage/duck/memory.ts';
import { readPacks } from './cache/pack-file.ts';
import { packedText } from './cache/packed-text.ts';
import type { PackedText } from './cache/packed-text.ts';
import type { Coverage } from './coverage.ts';
import { beginDatabase, endDatabase } from './database-file.ts';
import { coverageOf } from './coverage.ts';
import { bringHere } from './local-copy.ts';
import { loadText, startEarly } from './load-text.ts';
import type { EarlyThreads, Loading } from './load-text.ts';
import type { Note } from '../../api/note.ts';
import type { ColumnType, ParquetGroup, UnreadPart } from './parquet-files.ts';
import { brokenParquet, mayFail, patternOf, readGroup, surveyParquet, valueOf } from './parquet-files.ts';
import { planParts } from './planned.ts';
import type { PlannedParts, Reading } from './planned.ts';
import type { Progress } from './progress.ts';
import { addRows } from './saved-rows.ts';
import { scratchDirectory } from './scratch.ts';
import { ALL_TIME } from './source.ts';
import type { TableSource, TimeRange } from './source.ts';
import { noteRecognised, surveyText } from './text-groups.ts';
import type { TextColumn, TextGroup } from './text-groups.ts';
import { TIMES, times } from './time-columns.ts';
import { beganWithin, isBounded, rowsWithin } from './time-range.ts';

export type TableColumn = { readonly name: string; readonly type: ColumnType };

export type FlowTable = {
  /** Every column that a file has, small letters, in the order of the field table, unknown ones last; times are not among them. */
  readonly columns: readonly TableColumn[];
  readonly files: number;
  readonly coverage: Coverage;
  /** Names of the fields of each text format, in its order. */
  readonly formats: readonly (readonly string[])[];
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
  /**
   * Puts the rows into a new database file instead, as its table `records` of the columns that were defined.
   *
   * @param path  of a file that is not there yet, which SQL of ours may write
   */
  save(path: string, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<void>;
  /** The first Parquet file that is damaged where its schema does not show it; null: none. Reads them all. */
  findBroken(): Promise<UnreadPart | null>;
  close(): Promise<void>;
};

/** Which records there are, and whether those of open windows are marked. */
type Extent = { readonly range: TimeRange; readonly marksOpen: boolean };

/**
 * Looks at every part of a source: which format it has, and whether it can be read.
 *
 * @param writes   files that SQL of ours may write
 * @param reading  parts that hold nothing of its range are left out, and so are other records
 */
export async function openFlowTable(
  source: TableSource,
  signal: AbortSignal,
  writes: readonly string[] = [],
  reading: Reading = {},
): Promise<FlowTable> {
  const { cache = null } = reading;
  const scratch = scratchDirectory();
  let early: EarlyThreads | null = null;
  const leave = async (): Promise<void> => {
    await early?.close();
    cache?.close();
    await scratch.remove();
  };
  try {
    const planned = await planParts(source, reading, signal);
    early = startEarly(cache === null ? planned.parts.filter(({ kind }) => kind === 'text') : []);
    return await openTable(source, signal, writes, reading, planned, scratch.path, leave, early.start);
  } catch (error) {
    await leave();
    throw error;
  }
}

async function openTable(
  source: TableSource,
  signal: AbortSignal,
  writes: readonly string[],
  reading: Reading,
  { parts, kept }: PlannedParts,
  scratch: string,
  leave: () => Promise<void>,
  start: EarlyThreads['start'],
): Promise<FlowTable> {
  const { cache = null, memoryBytes = memoryBudget(), notes: before = [] } = reading;
  const stray = { ...source.stray() };
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
    directories: [join(scratch, 'rows'), ...(cache === null ? [] : [cache.directory])],
    tempDirectory: join(scratch, 'spilled'),
    memoryLimitBytes: memoryBytes,
    ...(reading.spillBytes === undefined ? {} : { spillBytes: reading.spillBytes }),
    anyOrder: reading.anyOrder === true,
  });
  const close = async (): Promise<void> => {
    await duck.close();
    await leave();
  };
  try {
    await createMacros(duck);
    const unread: UnreadPart[] = [];
    const survey = await surveyParquet(duck, parquet);
    const texts = await surveyText(
      parts.filter((part) => part.kind === 'text'),
      unread,
      signal,
      packed,
    );
    const others = countStrays([...survey.problems, ...unread], stray, notes);
    noteRecognised(texts, notes);
    if (texts.length + survey.groups.length === 0) throw nothingRead(source, notes, stray.count);
    const columns = unionOf([...texts, ...survey.groups]);
    noteUnknown(columns, texts, survey.groups, notes);
    const extent = { range: reading.range ?? ALL_TIME, marksOpen: source.marksOpen === true };
    return createTable(duck, close, parts.length - others, notes, columns, texts, survey.groups, extent, packed, {
      directory: join(scratch, 'rows'),
      start,
    });
  } catch (error) {
    await duck.close();
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
  { range, marksOpen }: Extent,
  packed: PackedText,
  { directory, start }: { readonly directory: string; readonly start: EarlyThreads['start'] },
): FlowTable {
  const stats = { bytesRead: 0, badLines: 0 };
  /** Columns that a range needs, whatever is asked. */
  const always = isBounded(range) ? TIMES : [];
  let wanted: readonly TableColumn[] = columns;
  /** Files of the rows that were loaded. */
  const rowFiles = new Map<TextGroup, readonly string[]>();

  async function define(names: ReadonlySet<string> | null): Promise<void> {
    wanted = columns.filter(({ name }) => isNeeded(name, names));
    // A table has a column at least, and rows are counted by it.
    if (wanted.length === 0) wanted = columns.slice(0, 1);
    if (isBounded(range)) noteNoTimes([...texts, ...parquet], notes);
    await duck.run(`CREATE MACRO began_in_range(began) AS ${beganWithin(range, 'began')}`);
    await defineView();
  }

  /** The view over what is where it is now. */
  async function defineView(): Promise<void> {
    const branches: string[] = [];
    for (const group of texts) {
      const value = valueIn(loaded(group, wanted, always));
      for (const place of placesOf(group)) branches.push(branch(place, value, group.open));
    }
    for (const group of parquet) branches.push(branch(readGroup(group), valueInParquet(group), false));
    // Files without rows are columns still.
    if (branches.length === 0) branches.push(`SELECT * FROM (${branch('(SELECT 1)', () => null, false)}) WHERE false`);
    const [all, open] = marksOpen ? ['* EXCLUDE (x_open)', ', x_open'] : ['*', ''];
    await duck.run(
      `CREATE OR REPLACE VIEW flow_logs AS SELECT ${all}${times(wanted)}${open} FROM (${branches.join(' UNION ALL ')})`,
    );
  }

  /** Where the rows of a group lie: files of this question, packs, or both. */
  function placesOf(group: TextGroup): string[] {
    const own = rowFiles.get(group) ?? [];
    return [...(own.length > 0 ? [readPacks(own)] : []), ...packed.rows(group.files)];
  }

  function branch(from: string, value: (name: string) => string | null, open: boolean): string {
    const list = wanted.map(({ name, type }) => `${value(name) ?? `CAST(NULL AS ${type})`} AS ${quoteName(name)}`);
    if (marksOpen) list.push(`${open} AS x_open`);
    const within = rowsWithin(range, value('start'), value('end'));
    return `SELECT ${list.join(', ')} FROM ${from}${within === null ? '' : ` WHERE ${within}`}`;
  }

  /** Says when the newest record ended, where none lies in the range. */
  async function noteNoneInRange(): Promise<void> {
    if (!isBounded(range) || (await duck.all('SELECT 1 FROM flow_logs LIMIT 1')).length > 0) return;
    const newest = [
      ...texts.flatMap((group) => {
        const value = valueIn(loaded(group, wanted, always));
        return placesOf(group).map((place) => newestOf(place, value));
      }),
      ...parquet.map((group) => newestOf(readGroup(group), valueInParquet(group))),
    ].filter((sql) => sql !== null);
    if (newest.length === 0) return;
    const [[at = null] = []] = await duck.all(`SELECT max(ended) FROM (${newest.join(' UNION ALL ')})`);
    if (at !== null) notes.push({ kind: 'none-in-range', newestSeconds: Number(at) });
  }

  async function load(signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<void> {
    const loading = { notes, stats, signal, onProgress };
    await noteParquet();
    await packed.fill(texts, { ...loading, others: files - countOf(texts) });
    await loadTexts(loading);
    await defineView();
    await noteNoneInRange();
  }

  async function noteParquet(): Promise<void> {
    for (const group of parquet) {
      for (const { ref } of group.parts) stats.bytesRead += ref.sizeBytes;
      await noteBadValues(duck, group, wanted, notes);
    }
  }

  /** Loads text that no pack has. */
  async function loadTexts(loading: Omit<Loading, 'others' | 'start'>): Promise<readonly GroupPlaces[]> {
    const groups = texts.map(({ table, files: list, columns: all }) => ({
      table,
      files: list.filter((file) => !packed.has(file)),
      columns: loaded({ columns: all }, wanted, always),
    }));
    const done = await loadText(directory, groups, { ...loading, start, others: files - countOf(groups) });
    for (const [at, { paths }] of done.groups.entries()) rowFiles.set(texts[at]!, paths);
    return done.places;
  }

  async function save(path: string, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<void> {
    const database = beginDatabase(path, wanted);
    if (isBounded(range)) {
      // Which rows are of the range only SQL says.
      await load(signal, onProgress);
      endDatabase(database, []);
    } else {
      await noteParquet();
      endDatabase(database, await loadTexts({ notes, stats, signal, onProgress, database }));
      await defineView();
    }
    if (parquet.length > 0 || texts.some((group) => placesOf(group).length > 0)) await addRows(duck, path, wanted);
  }

  const coverage = coverageOf([
    ...texts.map((group) => ({ files: group.files.length, columns: group.columns })),
    ...parquet.map((group) => ({ files: group.parts.length, columns: group.columns })),
  ]);
  const findBroken = (): Promise<UnreadPart | null> =>
    brokenParquet(duck, parquet, new Set(wanted.map(({ name }) => name)));
  return {
    columns,
    files,
    coverage,
    formats: formatsOf(texts),
    duck,
    notes,
    stats,
    define,
    load,
    save,
    findBroken,
    close,
  };
}

/** The formats of text, each once: those of open windows are apart from the rest. */
function formatsOf(texts: readonly TextGroup[]): readonly (readonly string[])[] {
  const all = new Map<string, readonly string[]>();
  for (const { files } of texts) {
    const format = files[0]?.format ?? null;
    if (format !== null)
      all.set(
        format.text,
        format.fields.map(({ name }) => name),
      );
  }
  return [...all.values()];
}

function countOf(texts: readonly Pick<TextGroup, 'files'>[]): number {
  return texts.reduce((sum, group) => sum + group.files.length, 0);
}

/** SQL of a column's value in a table that has some columns; null where it has not this one. */
function valueIn(own: readonly TableColumn[]): (name: string) => string | null {
  return (name) => (own.some((each) => each.name === name) ? quoteName(name) : null);
}

function valueInParquet({ columns }: ParquetGroup): (name: string) => string | null {
  return (name) => {
    const column = columns.find((each) => each.name === name);
    return column === undefined ? null : valueOf(column);
  };
}

/** SQL of the second in which the newest record ended; null where there are no times. */
function newestOf(from: string, value: (name: string) => string | null): string | null {
  const time = value('end') ?? value('start');
  if (time === null) return null;
  return `SELECT max(CASE WHEN ${time} > 99999999999 THEN ${time} // 1000 ELSE ${time} END) AS ended FROM ${from}`;
}

function noteNoTimes(groups: readonly (TextGroup | ParquetGroup)[], notes: Note[]): void {
  const keys = groups
    .filter(({ columns }) => !columns.some(({ name }) => TIMES.includes(name)))
    .flatMap((group) => ('parts' in group ? group.parts : group.files.map(({ part }) => part)))
    .map(({ ref }) => ref.key);
  if (keys[0] !== undefined) notes.push({ kind: 'no-times', file: keys[0], files: keys.length });
}

/** Of a group's columns those that are wanted, and those that always are; one at least. */
function loaded(
  group: { readonly columns: readonly TextColumn[] },
  wanted: readonly TableColumn[],
  always: readonly string[],
): readonly TextColumn[] {
  const own = group.columns.filter(({ name }) => always.includes(name) || wanted.some((each) => each.name === name));
  return own.length === 0 ? group.columns.slice(0, 1) : own;
}

function isNeeded(name: string, names: ReadonlySet<string> | null): boolean {
  if (names === null || names.has(name)) return true;
  return TIMES.includes(name) && names.has(`${name}_time`);
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
