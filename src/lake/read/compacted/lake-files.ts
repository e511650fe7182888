/**
 * Files of a lake as groups of a table, and their roll-ups.
 *
 * In:    parts of a lake. Out: groups of files with the same columns; each on this machine when it is wanted.
 * Holds: which columns a file has stands in its manifest: nothing is opened or fetched before a question needs it. Columns that
 *        the lake adds are none of the table's.
 * Fails: as fetching does; a file that cannot be fetched is noted and left out.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Note } from '../../../api/note.ts';
import { FIELDS, columnName } from '../../../record/fields/list.ts';
import type { ObjectCache } from '../cache/object-cache.ts';
import { bringHere } from '../local-copy.ts';
import { patternOf } from '../parquet-files.ts';
import type { ParquetColumn } from '../parquet-files.ts';
import type { TablePart } from '../source.ts';
import { fetchNeeded } from './fetch-needed.ts';
import type { Needed } from './fetch-needed.ts';
import { LAKE_FOLDER } from './manifest.ts';
import type { LakeFile, LakeRollup } from './manifest.ts';

/** A file of records of a lake. */
export type LakePart = TablePart & { readonly lake: LakeFile };

export type LakeFiles = {
  /** Of some of them retention took the records away: only their roll-ups can be read. */
  readonly parts: readonly LakePart[];
  readonly groups: readonly { readonly parts: readonly LakePart[]; readonly columns: readonly ParquetColumn[] }[];
  /** By file: how many objects had which columns. */
  readonly coverage: readonly { readonly files: number; readonly columns: readonly { readonly name: string }[] }[];
  /** Directories that a database must be allowed to read: a month has thousands of files, and a name for each takes its time. */
  readonly directories: readonly string[];
  /** What there was to say of the objects, and of files that are not where they should be. */
  readonly notes: readonly Note[];
  /**
   * Brings parts of the lake here; gives those that are here, with their paths. Of what lies elsewhere, and no cache keeps, a path
   * may be that of a file with nothing but what is needed.
   */
  bring(
    wanted: readonly TablePart[],
    needed: Needed,
    signal: AbortSignal,
  ): Promise<readonly { readonly part: TablePart; readonly bytes: number }[]>;
};

const TYPES = new Map(FIELDS.map((field) => [columnName(field.name), field.column]));

/**
 * Groups the parts of a lake.
 *
 * @param directory  for copies of what lies elsewhere
 */
export function lakeFiles(
  all: readonly TablePart[],
  directory: string,
  cache: ObjectCache | null,
  notes: Note[],
): LakeFiles {
  const said: Note[] = [];
  const parts = all.filter(isLakePart).filter(({ path, ref, lake }) => {
    if (path === null || lake.gone !== undefined || existsSync(path)) return true;
    said.push({ kind: 'unreadable', file: ref.key, why: 'the file that the manifest names is not there' });
    return false;
  });
  const groups = new Map<string, { parts: LakePart[]; columns: ParquetColumn[] }>();
  for (const part of parts) {
    const names = columnsOf(part.lake);
    const key = names.join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { parts: [part], columns: names.map(column) });
    else group.parts.push(part);
    said.push(...part.lake.notes);
  }

  async function bring(...[wanted, needed, signal]: Parameters<LakeFiles['bring']>): ReturnType<LakeFiles['bring']> {
    const kept = (await cache?.look(wanted)) ?? new Map();
    const some = cache === null ? wanted.filter((part) => part.path === null && !isAll(part, needed)) : [];
    const fetched = await fetchNeeded(some, needed, join(directory, 'needed'), signal);
    const whole = wanted.filter((part) => !fetched.has(part));
    const brought = await bringHere(whole, join(directory, 'whole'), notes, signal, cache, kept);
    return [
      ...[...fetched].map(([part, { path, bytes }]) => ({ part: { ...part, path }, bytes })),
      ...brought.map((part) => ({ part, bytes: part.ref.sizeBytes })),
    ];
  }

  const local = parts.flatMap(({ path, lake }) => (path === null ? [] : [rootOf(path, lake)]));
  return {
    parts,
    groups: [...groups.values()],
    coverage: parts.flatMap(({ lake }) =>
      lake.coverage.map(({ objects, columns }) => ({ files: objects, columns: columns.map((name) => ({ name })) })),
    ),
    directories: [...new Set(local.flatMap((root) => [root, patternOf(root)]))].map((root) => join(root, LAKE_FOLDER)),
    notes: said,
    bring,
  };
}

/** What there is to say of files that a question needs the records of, and that have none: one note, or none. */
export function retiredNotes(needed: readonly LakePart[]): Note[] {
  const gone = needed.filter(isGone);
  const [first] = gone;
  if (first === undefined) return [];
  const records = gone.reduce((sum, { lake }) => sum + lake.records, 0);
  const firstSeconds = gone.reduce(
    (least, { lake }) => Math.min(least, lake.firstStart ?? lake.startSeconds),
    Infinity,
  );
  const lastSeconds = gone.reduce((most, { lake }) => Math.max(most, lake.lastEnd ?? lake.endSeconds), 0);
  return [{ kind: 'retired', file: first.ref.key, files: gone.length, records, firstSeconds, lastSeconds }];
}

/** Whether retention took the records of a file away. */
export function isGone({ lake }: LakePart): boolean {
  return lake.gone !== undefined;
}

function isLakePart(part: TablePart): part is LakePart {
  return part.lake !== undefined;
}

/** Whether all of a file is needed; columns that the lake adds are small. */
function isAll({ lake }: TablePart, { names, rows }: Needed): boolean {
  return rows === null && lake !== undefined && columnsOf(lake).every((name) => names.has(name));
}

/** Columns of a file's objects, in a fixed order. */
function columnsOf({ coverage }: LakeFile): string[] {
  return [...new Set(coverage.flatMap(({ columns }) => columns))].sort();
}

function column(name: string): ParquetColumn {
  const known = TYPES.get(name);
  const type = known ?? 'VARCHAR';
  return { name, stored: name, storedType: type, type, known: known !== undefined, plain: true };
}

/** A roll-up lies beside its file, under a key of its own. */
export function rollupPart({ ref, store, path, lake }: LakePart, { key, sizeBytes, sha256 }: LakeRollup): TablePart {
  const below = ref.key.slice(0, ref.key.length - lake.key.length);
  const root = path === null ? null : rootOf(path, lake);
  return {
    ref: { key: `${below}${key}`, sizeBytes, etag: sha256 },
    store,
    kind: 'rollup',
    format: null,
    path: root === null ? null : `${root}${key}`,
  };
}

/** The directory that a lake lies in, by where one of its files does. */
function rootOf(path: string, { key }: LakeFile): string {
  return path.slice(0, path.length - key.length);
}
