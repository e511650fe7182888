/**
 * The cache for what `--from` names.
 *
 * In:    the place, how it is reached. Out: the cache opened for it, or null where nothing of it can be kept.
 * Holds: two servers are two places, whatever their buckets are called. Standard input, pipes and log groups have no
 *        objects that could be known again.
 * Fails: never; where there can be no cache a note says why.
 */
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { endpointOf } from '../../../storage/object/aws-client.ts';
import { LOG_GROUP } from '../log-group.ts';
import type { Note } from '../../../api/note.ts';
import type { SourceOptions } from '../open-source.ts';
import { openCache } from './object-cache.ts';
import type { ObjectCache } from './object-cache.ts';
import type { CacheOptions } from './place.ts';

/** Bucket, or access point, of a place in S3. */
const BUCKET = /^s3:\/\/(arn:aws[\w-]*:s3:[^/]*:accesspoint[/:][^/]+|[^/]+)/u;

/** Opens it. */
export async function cacheOfPlace(
  from: string,
  options: CacheOptions,
  { access = {}, format }: SourceOptions,
  notes: Note[],
): Promise<ObjectCache | null> {
  const place = await placeOf(from, access).catch(() => null);
  return place === null ? null : openCache(options, place, format, notes);
}

async function placeOf(from: string, access: NonNullable<SourceOptions['access']>): Promise<string | null> {
  const bucket = BUCKET.exec(from)?.[1];
  if (bucket !== undefined) return `${(await endpointOf(access, 's3')) ?? 'aws'} ${bucket}`;
  if (from === '-' || from.startsWith(LOG_GROUP)) return null;
  const path = await realpath(from);
  const found = await stat(path);
  if (found.isDirectory()) return `directory ${path}`;
  return found.isFile() ? `directory ${dirname(path)}` : null;
}
