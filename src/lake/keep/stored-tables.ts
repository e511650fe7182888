/**
 * Which tables of other engines a place is: its lake, and its objects by layout and format.
 *
 * In:    a place. Out: for each its folders, its columns in the order of the files, its partitions.
 * Holds: of objects with the same layout and kind one of each flow log is opened; each set of columns is a table of its own, the
 *        one with the most objects first.
 * Fails: FG_SOURCE_EMPTY where nothing is there; as reading does.
 */
import { resolve } from 'node:path';
import { failure } from '../../model/errors.ts';
import { columnName, fieldNamed } from '../../record/fields/list.ts';
import { parseKey } from '../../storage/object/keys.ts';
import type { ObjectName } from '../../storage/object/keys.ts';
import { lakeDays } from '../read/compacted/lake-place.ts';
import type { LakePlace } from '../read/compacted/lake-place.ts';
import { LAKE_FOLDER, NUMBER_COLUMNS } from '../read/compacted/manifest.ts';
import { openFlowTable } from '../read/flow-table.ts';
import { ALL_TIME } from '../read/source.ts';
import type { TablePart } from '../read/source.ts';
import { openTextFile } from '../read/text-file.ts';
import type { CompactFrom } from './compact-places.ts';
import { sourceOf } from './write-period.ts';

export type StoredColumn = { readonly name: string; readonly type: 'VARCHAR' | 'INTEGER' | 'BIGINT' };

export type StoredTable = {
  readonly kind: 'lake' | 'parquet' | 'text';
  /** All of its files lie below; ends in a slash. */
  readonly folder: string;
  readonly columns: readonly StoredColumn[];
  /** Of objects: their layout. */
  readonly layout: { readonly hive: boolean; readonly hourly: boolean } | null;
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  /** The first day of it, `2026-11-23`. */
  readonly firstDay: string;
};

/** Finds them; the lake first. */
export async function storedTables(from: CompactFrom, lake: LakePlace, signal: AbortSignal): Promise<StoredTable[]> {
  const tables = [...(await lakeTable(lake, signal)), ...(await objectTables(from, signal))];
  if (tables.length === 0) throw failure('FG_SOURCE_EMPTY', from.source.name, from.source.stray().count);
  return tables;
}

/** Where a store's keys lie, as engines name it. */
function urlOf(name: string, key: string): string {
  return `${name.startsWith('s3://') ? name : resolve(name)}/${key}`;
}

async function lakeTable({ store, below }: LakePlace, signal: AbortSignal): Promise<StoredTable[]> {
  const days = await lakeDays({ store, below, pathOf: () => null }, () => true, signal);
  const names = new Set(
    days.flatMap(({ state }) => state.files.flatMap(({ coverage }) => coverage.flatMap(({ columns }) => columns))),
  );
  const [first] = days.map(({ state }) => state.day).sort();
  if (first === undefined || names.size === 0) return [];
  const numbers = NUMBER_COLUMNS.filter(({ name, of }) => names.has(of) && !names.has(name));
  const columns = [
    ...[...names].sort().map(columnOf),
    ...numbers.map(({ name }) => ({ name, type: 'BIGINT' as const })),
  ];
  const folder = urlOf(store.name, `${below}${LAKE_FOLDER}records/`);
  return [{ kind: 'lake', folder, columns, layout: null, accounts: [], regions: [], firstDay: first }];
}

function columnOf(name: string): StoredColumn {
  return { name, type: fieldNamed(name.replaceAll('_', '-'))?.column ?? 'VARCHAR' };
}

type Found = { readonly part: TablePart; readonly name: ObjectName };

async function objectTables({ source }: CompactFrom, signal: AbortSignal): Promise<StoredTable[]> {
  const found: Found[] = [];
  for await (const part of source.plan(ALL_TIME, signal)) {
    const name = parseKey(part.ref.key);
    if (name !== null) found.push({ part, name });
  }
  const layouts = Map.groupBy(found, ({ name: { prefix, organization, hive, hourly, fileFormat } }) =>
    [prefix, organization, hive, hourly, fileFormat].join('\0'),
  );
  const tables: { table: StoredTable; objects: number }[] = [];
  for (const own of layouts.values()) {
    const shapes = new Map<string, { columns: readonly StoredColumn[]; objects: Found[] }>();
    for (const ofLog of Map.groupBy(own, ({ name }) => name.flowLogId).values()) {
      const columns = await columnsOf(ofLog[0]!.part, signal);
      if (columns === null) continue;
      const key = columns.map(({ name }) => name).join(' ');
      const shape = shapes.get(key) ?? { columns, objects: [] };
      shapes.set(key, shape);
      shape.objects.push(...ofLog);
    }
    for (const { columns, objects } of shapes.values())
      tables.push({ table: tableOf(objects, columns), objects: objects.length });
  }
  return tables.sort((a, b) => b.objects - a.objects).map(({ table }) => table);
}

function tableOf(objects: readonly Found[], columns: readonly StoredColumn[]): StoredTable {
  const { part, name } = objects[0]!;
  const { prefix, organization, hive, hourly } = name;
  const front = `${prefix === '' ? '' : `${prefix}/`}AWSLogs/${organization === null ? '' : `${organization}/`}`;
  const slots = objects.map((each) => each.name.slotSeconds);
  return {
    kind: name.fileFormat === 'parquet' ? 'parquet' : 'text',
    folder: urlOf(part.store.name, front),
    columns,
    layout: { hive, hourly },
    accounts: [...new Set(objects.map((each) => each.name.accountId))].sort(),
    regions: [...new Set(objects.map((each) => each.name.region))].sort(),
    firstDay: new Date(slots.reduce((a, b) => Math.min(a, b)) * 1000).toISOString().slice(0, 10),
  };
}

/** Columns of an object, in its order; null for one that cannot be read. */
async function columnsOf(part: TablePart, signal: AbortSignal): Promise<readonly StoredColumn[] | null> {
  if (part.kind === 'text') {
    const { format } = await openTextFile(part, signal);
    return format === null ? null : format.fields.map(({ name, column }) => ({ name: columnName(name), type: column }));
  }
  const table = await openFlowTable(sourceOf([part]), signal);
  await table.close();
  return table.columns;
}
