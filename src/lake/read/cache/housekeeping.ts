/**
 * The cache as a whole: what is in it, whether it is sound, away with it.
 *
 * In:    its directory. Out: numbers.
 * Holds: nothing is made where there is no cache. What processes use meanwhile stays theirs until they end.
 * Fails: with the system's and SQLite's errors.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openCatalog } from './catalog.ts';
import type { CacheTotals, Catalog } from './catalog.ts';
import { checksumOf } from './checksum.ts';
import { layoutOf } from './object-cache.ts';
import { boundFor } from './place.ts';

export type CacheStatus = CacheTotals & {
  /** Of the catalog. */
  readonly catalogBytes: number;
  /** What the cache may have where nobody says another bound. */
  readonly boundBytes: number;
};

/** What is in it; null where there is none. */
export function cacheStatus(directory: string): Promise<CacheStatus | null> {
  return withCatalog(directory, async (catalog) => {
    const totals = catalog.totals();
    const catalogBytes = ['', '-wal'].reduce(
      (sum, end) => sum + (statSync(`${layoutOf(directory).catalog}${end}`, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
    return { ...totals, catalogBytes, boundBytes: await boundFor(directory, totals.bytes) };
  });
}

/** Looks at every checksum and removes what is damaged. */
export function verifyCache(
  directory: string,
): Promise<{ readonly packs: number; readonly bytes: number; readonly damaged: readonly string[] } | null> {
  return withCatalog(directory, async (catalog) => {
    const packs = catalog.packs();
    const damaged: string[] = [];
    let bytes = 0;
    for (const pack of packs) {
      const path = join(layoutOf(directory).packs, pack.name);
      const found = await checksumOf(path).catch(() => null);
      bytes += found?.bytes ?? 0;
      if (found?.crc === pack.crc && found.bytes === pack.bytes) continue;
      // Meanwhile another process may have removed it for room.
      if (!catalog.isKnown(pack.name)) continue;
      catalog.drop(pack.id);
      rmSync(path, { force: true });
      damaged.push(path);
    }
    return { packs: packs.length, bytes, damaged };
  });
}

/** Removes all that is kept; gives the bytes of it. */
export function clearCache(directory: string): Promise<{ readonly packs: number; readonly bytes: number } | null> {
  return withCatalog(directory, async (catalog) => {
    const { packs } = layoutOf(directory);
    catalog.clear();
    let count = 0;
    let bytes = 0;
    for (const name of readdirSync(packs)) {
      const path = join(packs, name);
      bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      rmSync(path, { force: true });
      count++;
    }
    return { packs: count, bytes };
  });
}

async function withCatalog<T>(directory: string, work: (catalog: Catalog) => Promise<T>): Promise<T | null> {
  const path = layoutOf(directory).catalog;
  if (!existsSync(path)) return null;
  const catalog = await openCatalog(path, '', '');
  try {
    return await work(catalog);
  } finally {
    catalog.close();
  }
}
