/**
 * Where objects are compacted from, and where to.
 *
 * In:    paths as people give them. Out: the objects of the one, and the place of a lake at the other.
 * Holds: of the data directory of `up` its bucket is meant. A directory for a lake is made where there is none.
 * Fails: FG_LAKE_PLACE, FG_SOURCE_MISSING, FG_S3_PLACE.
 */
import { mkdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { failure } from '../../model/errors.ts';
import { directoryStore } from '../../storage/object/stores/directory.ts';
import { s3Store } from '../../storage/object/stores/s3.ts';
import type { S3Access } from '../../storage/object/stores/s3-connection.ts';
import { bucketSource } from '../read/bucket.ts';
import type { LakePlace } from '../read/compacted/lake-place.ts';
import type { PlaceReach, PlaceWord } from '../read/compacted/manifest.ts';
import { s3Folder, s3Source } from '../read/s3-bucket.ts';
import type { TableSource } from '../read/source.ts';

/** Objects that a lake is made of. */
export type CompactFrom = {
  /** Without what a lake at the same place has. */
  readonly source: TableSource;
  /** What the lake calls it; null: the place of the lake. */
  readonly place: string | null;
  /** What the keys of its objects begin with. */
  readonly below: string;
  /** The same as a place that may have a lake of its own. */
  readonly home: LakePlace;
  /** What says there which lake has its records. */
  readonly word: PlaceWord | null;
};

/**
 * Opens both.
 *
 * @param to  the same where it is not given
 */
export function compactPlaces(
  from: string,
  to: string = from,
  access: S3Access = {},
): { readonly from: CompactFrom; readonly lake: LakePlace } {
  if (from.startsWith('s3://')) {
    const lake = lakeAt(to, access, true);
    const source = s3Source(from, access);
    const below = s3Folder(from);
    const place = `${source.store.name}/${below}`;
    return { from: { source, below, home: lakeAt(from, access, false), ...wordOf(place, lake, access) }, lake };
  }
  if (statSync(from, { throwIfNoEntry: false }) === undefined) throw failure('FG_SOURCE_MISSING', from);
  const directory = bucketOf(from);
  if (directory === null) throw failure('FG_LAKE_PLACE', from);
  const lake = lakeAt(to, access, true);
  const place = realpathSync(directory);
  const source = bucketSource(from, directoryStore(directory), directory);
  return { from: { source, below: '', home: lakeAt(from, access, false), ...wordOf(place, lake, access) }, lake };
}

/** What a place of objects and a lake call each other; nothing where they are the same. */
function wordOf(
  from: string,
  { store, below, pathOf }: LakePlace,
  access: S3Access,
): Pick<CompactFrom, 'place' | 'word'> {
  const own = pathOf('');
  const place = own === null ? `${store.name}/${below}` : realpathSync(own);
  if (place === from) return { place: null, word: null };
  const { profile, region, endpoint, pathStyle, requestPayer } = own === null ? access : {};
  const all = { profile, region, endpoint, pathStyle, requestPayer };
  const reach = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as PlaceReach;
  return { place: from, word: { kind: 'lake', place, as: from, reach } };
}

/** The place of a lake. */
export function lakeAt(place: string, access: S3Access, make: boolean): LakePlace {
  if (place.startsWith('s3://')) {
    const { store } = s3Source(place, access);
    return { store: s3Store(store.name.slice('s3://'.length), access), below: s3Folder(place), pathOf: () => null };
  }
  if (place === '-' || /^[a-z0-9]+:\/\//u.test(place)) throw failure('FG_LAKE_PLACE', place);
  if (make) mkdirSync(place, { recursive: true });
  const directory = bucketOf(place);
  if (directory === null) throw failure('FG_LAKE_PLACE', place);
  return { store: directoryStore(directory), below: '', pathOf: (key) => join(directory, key) };
}

/** The directory that objects lie in; null for what is none. */
function bucketOf(path: string): string | null {
  const isDirectory = (each: string): boolean => statSync(each, { throwIfNoEntry: false })?.isDirectory() === true;
  const bucket = join(path, 'bucket');
  return isDirectory(bucket) ? bucket : isDirectory(path) ? path : null;
}
