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
import type { Note } from '../../api/note.ts';
import { failure } from '../../model/errors.ts';
import { FIELDS, columnName } from '../../record/fields/list.ts';
import { openDuck } from '../../storage/duck/duck.ts';
import { withMacros } from '../../storage/duck/macros.ts';
import { memoryBudget } from '../../storage/duck/memory.ts';
import { packedText } from './cache/packed-text.ts';
import { lakeFiles } from './compacted/lake-files.ts';
import { startEarly } from './load-text.ts';
import type { EarlyThreads } from './load-text.ts';
import { createTable } from './loaded-table.ts';
import type { FlowTable, TableColumn } from './loaded-table.ts';
import { bringHere } from './local-copy.ts';
import type { ParquetGroup, UnreadPart } from './parquet-files.ts';
import { patternOf, surveyParquet } from './parquet-files.ts';
import { planParts } from './planned.ts';
import type { PlannedParts, Reading } from './planned.ts';
import { scratchDirectory } from './scratch.ts';
import { ALL_TIME } from './source.ts';
import type { TableSource } from './source.ts';
import { noteRecognised, surveyText } from './text-groups.ts';
import type { TextGroup } from './text-groups.ts';
import { TIMES } from './time-columns.ts';

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
  const lake = lakeFiles(parts, join(scratch, 'lake'), cache, notes);
  notes.push(...lake.notes);
  const files = parquet.flatMap((part) => (part.path === null ? [] : [...new Set([part.path, patternOf(part.path)])]));
  const opened = await openDuck({
    files: [...files, ...writes],
    directories: [
      join(scratch, 'rows'),
      join(scratch, 'lake'),
      ...lake.directories,
      ...(cache === null ? [] : [cache.directory]),
    ],
    tempDirectory: join(scratch, 'spilled'),
    memoryLimitBytes: memoryBytes,
    ...(reading.spillBytes === undefined ? {} : { spillBytes: reading.spillBytes }),
    anyOrder: reading.anyOrder === true,
    keepsFooters: true,
  });
  const duck = withMacros(opened);
  const close = async (): Promise<void> => {
    await duck.close();
    await leave();
  };
  try {
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
    const parquets = [...survey.groups, ...lake.groups];
    if (texts.length + parquets.length === 0) throw nothingRead(source, notes, stray.count);
    const columns = unionOf([...texts, ...parquets]);
    noteUnknown(columns, texts, parquets, notes);
    const extent = { range: reading.range ?? ALL_TIME, marksOpen: source.marksOpen === true };
    return createTable(
      duck,
      close,
      parts.length - others,
      notes,
      columns,
      { texts, parquet: survey.groups, lake, packed },
      extent,
      {
        directory: join(scratch, 'rows'),
        start,
      },
    );
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
