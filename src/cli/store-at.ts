/**
 * The store of a place that holds objects, for verbs that look at more than records.
 *
 * In:    what `--from` names. Out: its store, and what all keys begin with; null for what holds no objects.
 * Holds: of the data directory of `up` its bucket is meant.
 * Fails: FG_SOURCE_MISSING, FG_S3_PLACE.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectStore } from '../storage/object/store.ts';
import type { S3Access } from '../storage/object/stores/s3-connection.ts';

/** A store and the beginning of its keys, '' or a prefix with a slash at its end. */
export type StoreAt = { readonly store: ObjectStore; readonly below: string };

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** The store. */
export async function storeAt(from: string, access: S3Access): Promise<StoreAt | null> {
  if (from.startsWith('s3://')) {
    const [{ s3Store }, { readS3Place }] = await Promise.all([
      import('../storage/object/stores/s3.ts'),
      import('../app/collector/s3-place.ts'),
    ]);
    const { bucket, below } = readS3Place(from);
    return { store: s3Store(bucket, access), below };
  }
  if (from === '-' || from.startsWith('cloudwatch://')) return null;
  if (statSync(from, { throwIfNoEntry: false }) === undefined)
    throw (await import('../model/errors.ts')).failure('FG_SOURCE_MISSING', from);
  if (!isDirectory(from)) return null;
  const { directoryStore } = await import('../storage/object/stores/directory.ts');
  const bucket = join(from, 'bucket');
  return { store: directoryStore(isDirectory(bucket) ? bucket : from), below: '' };
}
