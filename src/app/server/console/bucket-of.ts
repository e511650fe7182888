/**
 * Where the objects of a data directory lie: of `up` in its bucket, of a demonstration in the directory itself.
 *
 * In:    a directory. Out: a directory, as `openSource` (lake/read) takes it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The bucket. */
export function bucketOf(dataDirectory: string): string {
  const bucket = join(dataDirectory, 'bucket');
  return existsSync(bucket) ? bucket : dataDirectory;
}
