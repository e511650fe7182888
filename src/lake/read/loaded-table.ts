/**
 * The table of a question, whose files are known: its columns, its rows, and the view over them.
 *
 * In:    files of text, Parquet and a lake, looked at. Out: `flow_logs`, defined for the columns that a question needs, then loaded.
 * Holds: each file is read by its own header or schema, by name; the columns are all that any file has, NULL where a
 *        file has none. `start_time` and `end_time` (UTC) stand besides. Of text what is asked for is put into Parquet of our
 *        own first; Parquet is read where it lies; of a lake what a question needs is brought here.
 * Fails: with DuckDB's errors; as loading does.
 */
import type { Note } from '../../api/note.ts';
import type { GroupPlaces } from '../../record/duckdb-places.ts';
import { failureFrom } from '../../model/errors.ts';
import type { Duck } from '../../storage/duck/duck.ts';
import { quoteName } from '../../storage/duck/quote.ts';
import { readPacks } from './cache/pack-file.ts';
import type { PackedText } from './cache/packed-text.ts';
import type { Needed } from './compacted/fetch-needed.ts';
import { hashedCondition } from './compacted/hashed-groups.ts';
import { isGone, retiredNotes } from './compacted/lake-files.ts';
import type { LakeFiles, LakePart } from './compacted/lake-files.ts';
import { GROUP_HASH } from './compacted/manifest.ts';
import { hasHashes, planSums, rollupFor, sumsSql, SUM_COLUMNS } from './compacted/sums.ts';
import type { SumsAsked, SumsPlan } from './compacted/sums.ts';
import { topCondition } from './compacted/top-groups.ts';
import { coverageOf } from './coverage.ts';
import type { Coverage, CoverageGroup } from './coverage.ts';
import { beginDatabase, endDatabase } from './database-file.ts';
import { loadText } from './load-text.ts';
import type { EarlyThreads, Loading } from './load-text.ts';
import { brokenParquet, mayFail, readGroup, valueOf } from './parquet-files.ts';
import type { ColumnType, ParquetGroup, UnreadPart } from './parquet-files.ts';
import type { Progress } from './progress.ts';
import { addRows } from './saved-rows.ts';
import type { TablePart, TimeRange } from './source.ts';
import type { TextColumn, TextGroup } from './text-groups.ts';
import { TIMES, times } from './time-columns.ts';
import { beganWithin, isBounded, rowsWithin } from './time-range.ts';

export type TableColumn = { readonly name: string; readonly type: ColumnType };

export type FlowTable = {
  /** Every column that a file has, small letters, in the order of the field table, unknown ones last; times are not among them. */
  readonly columns: readonly TableColumn[];
  readonly files: number;
  readonly coverage: Coverage;
  /** What coverage was counted from: files that have the same columns. */
  readonly shapes: readonly CoverageGroup[];
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
   * @param sums   relations that are asked instead of `flow_logs`
   * @param rows   of a lake elsewhere other rows than these may be left out; null for none
   */
  define(names: ReadonlySet<string> | null, sums?: readonly SumsAsked[], rows?: Needed['rows']): Promise<void>;
  /** Whether a roll-up would stand for the records of a file. */
  hasSums(asked: SumsAsked): boolean;
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
export type Extent = { readonly range: TimeRange; readonly marksOpen: boolean };

/** What the table is made of. */
export type TableParts = {
  readonly texts: readonly TextGroup[];
  readonly parquet: readonly ParquetGroup[];
  readonly lake: LakeFiles;
  readonly packed: PackedText;
};

/** Makes the table. */
export function createTable(
  duck: Duck,
  close: () => Promise<void>,
  files: number,
  notes: Note[],
  columns: readonly TableColumn[],
  { texts, parquet, lake, packed }: TableParts,
  { range, marksOpen }: Extent,
  { directory, start }: { readonly directory: string; readonly start: EarlyThreads['start'] },
): FlowTable {
  const stats = { bytesRead: 0, badLines: 0 };
  /** Columns that a range needs, whatever is asked. */
  const always = isBounded(range) ? TIMES : [];
  let wanted: readonly TableColumn[] = columns;
  let neededRows: Needed['rows'] = null;
  /** Files of the rows that were loaded. */
  const rowFiles = new Map<TextGroup, readonly string[]>();

  let sums: readonly SumsPlan[] = [];
  /** SQL of the views that there are. */
  const views = new Map<string, string>();
  /** What is here of the lake. */
  const here = new Map<string, TablePart>(
    lake.parts.flatMap((part) => (part.path === null || isGone(part) ? [] : [[part.ref.key, part]])),
  );

  async function define(...[names, asked = [], rows = null]: Parameters<FlowTable['define']>): Promise<void> {
    neededRows = rows;
    wanted = columns.filter(({ name }) => isNeeded(name, names));
    // A table has a column at least, and rows are counted by it.
    if (wanted.length === 0) wanted = columns.slice(0, 1);
    sums = asked.map((one) => planSums(one, lake.parts, range));
    notes.push(...retiredNotes(recordsNeeded()));
    if (isBounded(range)) noteNoTimes([...texts, ...parquet, ...lake.groups], notes);
    await duck.run(`CREATE MACRO began_in_range(began) AS ${beganWithin(range, 'began')}`);
    try {
      await defineViews();
    } catch (error) {
      // Of a lake no schema was looked at before.
      const broken = await findBroken();
      throw broken === null ? error : failureFrom(error, 'FG_SOURCE_UNREADABLE', broken.part.ref.key, broken.why);
    }
  }

  /** Files of the lake whose records are asked for: no roll-up stands for them. */
  function recordsNeeded(): readonly LakePart[] {
    return sums.length === 0 ? lake.parts : [...new Set(sums.flatMap(({ records }) => records))];
  }

  /** The views over what is where it is now. */
  async function defineViews(): Promise<void> {
    for (const plan of sums) {
      const isHere = plan.rollups.length === 0 || plan.records.length > 0 || texts.length + parquet.length > 0;
      await defineView(plan.asked.view, sumsSql(plan, isHere ? recordsSql(plan.records) : null, here, wanted));
    }
    if (sums.length === 0) await defineView('flow_logs', recordsSql(lake.parts));
  }

  /** DuckDB opens files for a view: where all was here before, it is what it was. */
  async function defineView(name: string, sql: string): Promise<void> {
    if (views.get(name) === sql) return;
    await duck.run(`CREATE OR REPLACE VIEW ${quoteName(name)} AS ${sql}`);
    views.set(name, sql);
  }

  /** SQL of all records, of the lake those of some files. */
  function recordsSql(of: readonly LakePart[]): string {
    const branches: string[] = [];
    for (const group of texts) {
      const value = valueIn(loaded(group, wanted, always));
      for (const place of placesOf(group)) branches.push(branch(place, value, group.open));
    }
    for (const group of [...parquet, ...lakeHere(of)])
      branches.push(branch(readGroup(group), valueInParquet(group), false));
    // Files without rows are columns still.
    if (branches.length === 0) branches.push(`SELECT * FROM (${branch('(SELECT 1)', () => null, false)}) WHERE false`);
    const [all, open] = marksOpen ? ['* EXCLUDE (x_open)', ', x_open'] : ['*', ''];
    return `SELECT ${all}${times(wanted)}${open} FROM (${branches.join(' UNION ALL ')})`;
  }

  /** Groups of those files of the lake that are here. */
  function lakeHere(of: readonly LakePart[]): ParquetGroup[] {
    const keys = new Set(of.map(({ ref }) => ref.key));
    return lake.groups.flatMap(({ columns: own, parts }) => {
      const some = parts.flatMap(({ ref }) => (keys.has(ref.key) ? (here.get(ref.key) ?? []) : []));
      return some.length === 0 ? [] : [{ columns: own, parts: some }];
    });
  }

  /** Brings here what the question needs of the lake. */
  async function bringLake(signal: AbortSignal): Promise<void> {
    const records = recordsNeeded().filter((part) => !isGone(part));
    const needed = [...records, ...sums.flatMap(({ rollups }) => rollups.map(({ part }) => part))];
    const parts = [...new Map(needed.map((part) => [part.ref.key, part])).values()];
    const hashes = sums.some(hasHashes) ? [GROUP_HASH] : [];
    const names = new Set([...wanted.map(({ name }) => name), ...always, ...SUM_COLUMNS, ...hashes]);
    for (const { part, bytes } of await lake.bring(parts, { names, rows: neededRows }, signal)) {
      here.set(part.ref.key, part);
      stats.bytesRead += bytes;
    }
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

  function findBroken(): Promise<UnreadPart | null> {
    return brokenParquet(duck, [...parquet, ...lakeHere(lake.parts)], new Set(wanted.map(({ name }) => name)));
  }

  /** Says when the newest record ended, where none lies in the range. */
  async function noteNoneInRange(): Promise<void> {
    const relations = sums.length === 0 ? ['flow_logs'] : sums.map(({ asked }) => asked.view);
    const some = relations.map((each) => `(FROM (SELECT 1 FROM ${quoteName(each)} LIMIT 1))`).join(' UNION ALL ');
    // Where rows were left out, none of the others says anything.
    if (!isBounded(range) || neededRows !== null || (await duck.all(some)).length > 0) return;
    const newest = [
      ...texts.flatMap((group) => {
        const value = valueIn(loaded(group, wanted, always));
        return placesOf(group).map((place) => newestOf(place, value));
      }),
      ...[...parquet, ...lakeHere(lake.parts)].map((group) => newestOf(readGroup(group), valueInParquet(group))),
    ].filter((sql) => sql !== null);
    if (newest.length === 0) return;
    const [[at = null] = []] = await duck.all(`SELECT max(ended) FROM (${newest.join(' UNION ALL ')})`);
    if (at !== null) notes.push({ kind: 'none-in-range', newestSeconds: Number(at) });
  }

  async function load(signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<void> {
    const loading = { notes, stats, signal, onProgress };
    await noteParquet();
    await bringLake(signal);
    await packed.fill(texts, { ...loading, others: files - countOf(texts) });
    await loadTexts(loading);
    await defineViews();
    await noteNoneInRange();
    for (const plan of sums) await narrow(plan);
  }

  /** Leaves out what cannot be in an answer of few of many groups, where roll-ups alone are read: they are soon read twice. */
  async function narrow(plan: SumsPlan): Promise<void> {
    const { asked, records, rollups } = plan;
    const relation = views.get(asked.view);
    if (asked.top === null || relation === undefined || records.length + texts.length + parquet.length > 0) return;
    const rows = rollups.reduce((sum, { rollup }) => sum + rollup.rows, 0);
    const { by, most, where } = asked.top;
    const conditions = [...(asked.rejected ? ["action = 'REJECT'"] : []), ...(where === null ? [] : [where])];
    const all = conditions.length === 0 ? null : conditions.join(' AND ');
    const find = hasHashes(plan) ? hashedCondition : topCondition;
    const condition = await find(duck, relation, { by, most, where: all }, rows);
    if (condition !== null) await defineView(asked.view, `SELECT * FROM (${relation}) WHERE ${condition}`);
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
      await bringLake(signal);
      endDatabase(database, await loadTexts({ notes, stats, signal, onProgress, database }));
      await defineViews();
    }
    if (parquet.length + lake.parts.length > 0 || texts.some((group) => placesOf(group).length > 0))
      await addRows(duck, path, wanted);
  }

  const shapes = [
    ...texts.map((group) => ({ files: group.files.length, columns: group.columns })),
    ...parquet.map((group) => ({ files: group.parts.length, columns: group.columns })),
    ...lake.coverage,
  ];
  return {
    columns,
    files,
    coverage: coverageOf(shapes),
    shapes,
    formats: formatsOf(texts),
    duck,
    notes,
    stats,
    define,
    hasSums: (asked) => lake.parts.some(({ lake: file }) => rollupFor(file, asked, range) !== null),
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
