/**
 * Objects that were read once, kept on this machine.
 *
 * In:    parts of a source; files that were made of them. Out: where their rows lie here, if they do.
 * Holds: an object is known by server, bucket, key, ETag and size: another ETag is another object. A file is complete and
 *        on disk before the catalog names it, and its checksum is looked at before it is used. It is never removed while
 *        a process uses it; of the others, those longest not used go when the bound is reached.
 *        Only the user may look into the directory.
 * Fails: opening says what failed by a note, and there is no cache; later errors come out of the calls.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { FlowgaugeError } from '../../../model/errors.ts';
import { codeOf } from '../../../storage/object/file-errors.ts';
import type { FolderStore, ObjectStore } from '../../../storage/object/store.ts';
import type { Span } from '../../../storage/object/folders.ts';
import { inLanes } from '../lanes.ts';
import type { Note } from '../../../api/note.ts';
import type { TablePart } from '../source.ts';
import { whyUnread } from '../forms/packing.ts';
import { openCatalog } from './catalog.ts';
import type { CacheTotals, Catalog, ObjectRow, PackRow } from './catalog.ts';
import { checksumOf } from './checksum.ts';
import { openHolding } from './holding.ts';
import type { Holding } from './holding.ts';
import { rememberedFolders } from './listings.ts';
import { boundFor, cacheDirectory } from './place.ts';
import type { CacheOptions } from './place.ts';

/** A file of the cache, held by us. */
export type HeldPack = {
  /** Null: made by us just now. */
  readonly id: number | null;
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
};

/** An object whose rows lie here. */
export type KeptObject = {
  /** In the column of its pack that tells objects apart. */
  readonly id: number;
  readonly rows: number;
  /** Null: it has no rows. */
  readonly pack: HeldPack | null;
  /** Header line of its format; null for Parquet, and for an object without a line. */
  readonly header: string | null;
  readonly headerless: boolean;
  readonly notes: readonly Note[];
};

/** An object to be kept. */
export type NewObject = Omit<KeptObject, 'pack'> & { readonly part: TablePart };

export interface ObjectCache {
  /** For people. */
  readonly root: string;
  /** For new files. All files that `look` and `keep` give lie in it. */
  readonly directory: string;
  /** What was found damaged. */
  readonly notes: readonly Note[];
  /** Which of the parts are here, with their files looked at and held. */
  look(parts: readonly TablePart[]): Promise<ReadonlyMap<TablePart, KeptObject>>;
  /** The first of so many numbers for objects. */
  reserve(count: number): number;
  /**
   * Keeps a file of `directory` for later questions, where the bound has room for it; it is held in either case.
   *
   * @param path     null: the objects have no rows
   */
  keep(path: string | null, rows: number, objects: readonly NewObject[]): Promise<void>;
  /** Numbers of the objects that packs have. */
  objectsOf(packs: readonly number[]): number[];
  /**
   * Puts a file of `directory` with the same objects in the place of packs; they are gone then.
   *
   * @param rows  of the file
   * @return      null where they have changed meanwhile: they stay
   */
  replace(packs: readonly number[], path: string, rows: number): Promise<HeldPack | null>;
  /** The store, whose folders are not listed again where nothing can have changed in them. */
  listings(store: FolderStore, wanted: Span): FolderStore;
  /** The part; where its object is not what was listed, that listing is forgotten. */
  watched(part: TablePart): TablePart;
  totals(): CacheTotals;
  /** Twice does no harm. */
  close(): void;
}

/** Raised whenever the same bytes would give other rows than before. */
const READING = 1;
const VERSION = (
  JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/** A checksum that was found right so long ago is not looked at again while the file looks the same. */
const TRUSTED_MILLIS = 3_600_000;
/** Files whose checksums are looked at side by side. */
const LANES = 4;

/** The directories of a cache. */
export type CacheLayout = {
  readonly root: string;
  readonly packs: string;
  readonly use: string;
  readonly catalog: string;
};

/** Where things lie below a cache's directory. */
export function layoutOf(directory: string): CacheLayout {
  return {
    root: directory,
    packs: join(directory, 'packs'),
    use: join(directory, 'use'),
    catalog: join(directory, 'catalog.sqlite'),
  };
}

/**
 * Opens the cache for one source.
 *
 * @param place   the server and bucket, or the directory
 * @param format  log format that text without header is taken for
 * @param notes   gets a note where there can be no cache
 */
export async function openCache(
  options: CacheOptions,
  place: string,
  format: string | undefined,
  notes: Note[],
): Promise<ObjectCache | null> {
  const layout = layoutOf(options.directory ?? cacheDirectory());
  let holding: Holding | null = null;
  try {
    for (const each of [layout.root, layout.packs, layout.use]) {
      mkdirSync(each, { recursive: true, mode: 0o700 });
      checkOwner(each);
    }
    holding = openHolding(layout.use);
    const catalog = await openCatalog(layout.catalog, place, `${READING} ${VERSION} ${format ?? ''}`);
    const bound = options.sizeBytes ?? (await boundFor(layout.root, catalog.totals().bytes));
    return cacheOf(layout, holding, catalog, bound, options.refresh ?? false);
  } catch (error) {
    holding?.close();
    notes.push({ kind: 'cache-off', file: layout.root, why: whyUnread(error) });
    return null;
  }
}

/** Whoever else may write there could give us other rows. */
function checkOwner(directory: string): void {
  const { uid, mode } = statSync(directory);
  const own = process.getuid?.() ?? uid;
  if (uid !== own || (mode & 0o022) !== 0) throw new Error(`others may write into ${directory}; name one of your own`);
}

function cacheOf(
  layout: CacheLayout,
  holding: Holding,
  catalog: Catalog,
  bound: number,
  refresh: boolean,
): ObjectCache {
  const notes: Note[] = [];
  let swept = false;
  let closed = false;

  async function look(parts: readonly TablePart[]): Promise<ReadonlyMap<TablePart, KeptObject>> {
    const found = new Map<TablePart, KeptObject>();
    const packs = new Map<number, { pack: PackRow; members: { part: TablePart; object: ObjectRow }[] }>();
    for (const part of parts) {
      const { key, etag, sizeBytes } = part.ref;
      const row = etag === '' || part.once === true ? null : catalog.find(key, etag, sizeBytes, part.kind);
      if (row === null) continue;
      if (row.pack === null) found.set(part, keptOf(row.object, null));
      else {
        const group = packs.get(row.pack.id) ?? { pack: row.pack, members: [] };
        packs.set(row.pack.id, group);
        group.members.push({ part, object: row.object });
      }
    }
    await inLanes(LANES, [...packs.values()], async ({ pack, members }) => {
      const held = await heldPack(pack);
      if (held !== null) for (const { part, object } of members) found.set(part, keptOf(object, held));
    });
    return found;
  }

  /** Holds a pack and looks whether it is as it was written; null where it is not. */
  async function heldPack(pack: PackRow): Promise<HeldPack | null> {
    const path = holding.hold(join(layout.packs, pack.name), pack.name);
    if (path === null) {
      // Gone from the catalog too: another process needed the room.
      if (catalog.isKnown(pack.name)) damaged(pack, 'it is not there');
      return null;
    }
    const { ino, size, mtimeMs } = statSync(path);
    const looks = `${ino}-${size}-${mtimeMs}`;
    if (looks === pack.verified && Math.abs(Date.now() - pack.verifiedMillis) < TRUSTED_MILLIS) touch(pack, null);
    else {
      const { bytes, crc } = await checksumOf(path);
      if (bytes !== pack.bytes || crc !== pack.crc) {
        damaged(pack, bytes === pack.bytes ? 'its checksum is another' : `it has ${bytes} bytes, not ${pack.bytes}`);
        return null;
      }
      touch(pack, looks);
    }
    return { id: pack.id, path, rows: pack.rows, bytes: pack.bytes };
  }

  /** On a full disk nobody learns when it was used; the question is answered. */
  function touch({ id }: PackRow, verified: string | null): void {
    try {
      catalog.used(id, verified);
    } catch (error) {
      if (!notes.some(({ kind }) => kind === 'cache-off'))
        notes.push({ kind: 'cache-off', file: layout.root, why: whyUnread(error) });
    }
  }

  function damaged(pack: PackRow, why: string): void {
    notes.push({ kind: 'cache-damaged', file: join(layout.packs, pack.name), why });
    remove(pack);
  }

  function remove(pack: PackRow): void {
    catalog.drop(pack.id);
    rmSync(join(layout.packs, pack.name), { force: true });
  }

  async function keep(path: string | null, rows: number, objects: readonly NewObject[]): Promise<void> {
    const list = objects.map(rowOf);
    if (path === null) {
      catalog.add(null, list);
      return;
    }
    await enter(path, rows, (pack) => catalog.add(pack, list) > 0);
  }

  /** Puts a file among the packs; false where there is no room, or `write` did not write it down. */
  async function enter(
    path: string,
    rows: number,
    write: (pack: { name: string; bytes: number; crc: number; rows: number }) => boolean,
  ): Promise<boolean> {
    chmodSync(path, 0o600);
    await flush(path);
    const { bytes, crc } = await checksumOf(path);
    if (!swept) sweep();
    swept = true;
    if (!makeRoom(bytes)) return false;
    const name = `${randomBytes(12).toString('hex')}.parquet`;
    const kept = join(layout.packs, name);
    linkSync(path, kept);
    await flush(layout.packs);
    if (!write({ name, bytes, crc, rows })) {
      rmSync(kept, { force: true });
      return false;
    }
    // Another process may have added one at the same time.
    makeRoom(0);
    return true;
  }

  async function replace(packs: readonly number[], path: string, rows: number): Promise<HeldPack | null> {
    let old: readonly string[] = [];
    const done = await enter(path, rows, (pack) => {
      old = catalog.replace(packs, pack);
      return old.length > 0;
    });
    for (const name of old) rmSync(join(layout.packs, name), { force: true });
    return done ? { id: null, path, rows, bytes: statSync(path).size } : null;
  }

  /** Removes what was longest not used until there is room for so many bytes; false where that cannot be. */
  function makeRoom(bytes: number): boolean {
    let over = catalog.totals().bytes + bytes - bound;
    if (over <= 0) return true;
    if (bytes > bound) return false;
    for (const pack of catalog.packs()) {
      if (links(pack.name) > 1) continue;
      remove(pack);
      over -= pack.bytes;
      if (over <= 0) return true;
    }
    return false;
  }

  /** Names of a file: more than one while a process uses it, none where it is not there. */
  function links(name: string): number {
    return statSync(join(layout.packs, name), { throwIfNoEntry: false })?.nlink ?? 0;
  }

  /** Removes packs without objects, and files that a process left which died before it wrote them down. */
  function sweep(): void {
    for (const pack of catalog.dead()) if (links(pack.name) <= 1) remove(pack);
    for (const name of readdirSync(layout.packs)) {
      // In this order: a file is held by whoever made it until the catalog has it.
      if (links(name) === 1 && !catalog.isKnown(name)) rmSync(join(layout.packs, name), { force: true });
    }
  }

  async function* watch(store: ObjectStore, ...asked: Parameters<ObjectStore['read']>): AsyncGenerator<Uint8Array> {
    try {
      yield* store.read(...asked);
    } catch (error) {
      const code = error instanceof FlowgaugeError ? error.code : '';
      if (code === 'FG_S3_GONE' || code === 'FG_S3_CHANGED') catalog.forgetListings(asked[0].key);
      throw error;
    }
  }

  return {
    root: layout.root,
    directory: holding.directory,
    notes,
    look,
    reserve: (count) => catalog.reserve(count),
    keep,
    objectsOf: (packs) => catalog.objectsOf(packs),
    replace,
    listings: (store, wanted) => rememberedFolders(store, catalog, wanted, refresh),
    watched: (part) => ({ ...part, store: { ...part.store, read: (...asked) => watch(part.store, ...asked) } }),
    totals: () => catalog.totals(),
    close() {
      if (closed) return;
      closed = true;
      holding.close();
      catalog.close();
    },
  };
}

function keptOf({ id, rows, header, headerless, notes }: ObjectRow, pack: HeldPack | null): KeptObject {
  return { id, rows, pack, header, headerless, notes: JSON.parse(notes) as Note[] };
}

function rowOf({ part, id, rows, header, headerless, notes }: NewObject): ObjectRow {
  const { key, etag, sizeBytes } = part.ref;
  return { id, key, etag, sizeBytes, kind: part.kind, rows, header, headerless, notes: JSON.stringify(notes) };
}

/** Onto the disk. Some systems do not let a directory be flushed. */
async function flush(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } catch (error) {
    if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'EPERM') throw error;
  } finally {
    await file.close();
  }
}
