/**
 * Many small packs into one.
 *
 * In:    objects of one format that lie in packs. Out: where they lie then.
 * Holds: packs become small where somebody asks often for what has just come. Only the objects that are still known are
 *        taken over; the catalog turns from the old packs to the new one in one transaction, or not at all.
 * Fails: never; what cannot be merged stays as it was.
 */
import { join } from 'node:path';
import { openDuck } from '../../../storage/duck/duck.ts';
import type { TablePart } from '../source.ts';
import type { TextFile } from '../text-file.ts';
import type { FillGroup } from './fill.ts';
import type { HeldPack, KeptObject, ObjectCache } from './object-cache.ts';
import { isOneOf, readPacks, writePack } from './pack-file.ts';

/** So many packs of one format are opened without a thought. */
const MANY = 16;
const SMALL_BYTES = 2 << 20;

/** Merges what is small and much of it; changes `kept` where it did. */
export async function mergePacks(
  cache: ObjectCache,
  files: readonly TextFile[],
  columns: FillGroup['columns'],
  kept: Map<TablePart, KeptObject>,
  memoryBytes: number,
): Promise<void> {
  const small = new Map<number, HeldPack>();
  for (const { part } of files) {
    const pack = kept.get(part)?.pack ?? null;
    if (pack !== null && pack.id !== null && pack.bytes < SMALL_BYTES) small.set(pack.id, pack);
  }
  if (small.size < MANY) return;
  const merged = await merge(
    cache,
    [...small.values()],
    columns.map(({ name }) => name),
    memoryBytes,
  ).catch(() => null);
  if (merged === null) return;
  for (const { part } of files) {
    const object = kept.get(part);
    if (object !== undefined && small.has(object.pack?.id ?? -1)) kept.set(part, { ...object, pack: merged });
  }
}

async function merge(
  cache: ObjectCache,
  packs: readonly HeldPack[],
  columns: readonly string[],
  memoryBytes: number,
): Promise<HeldPack | null> {
  const ids = packs.flatMap(({ id }) => id ?? []);
  const objects = cache.objectsOf(ids);
  const path = join(cache.directory, `new-${cache.reserve(1)}.parquet`);
  const duck = await openDuck({ directories: [cache.directory], memoryLimitBytes: memoryBytes });
  try {
    const all = readPacks(packs.map((pack) => pack.path));
    await writePack(duck, `(FROM ${all} WHERE ${isOneOf(objects)})`, columns, path);
    const [[rows] = []] = await duck.all(`SELECT count(*) FROM ${readPacks([path])}`);
    return await cache.replace(ids, path, Number(rows));
  } finally {
    await duck.close();
  }
}
