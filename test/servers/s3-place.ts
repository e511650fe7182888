/**
 * A bucket on a server, filled with what lies in a directory.
 *
 * In:    a server, a directory. Out: the bucket's name, and a store.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { s3Store } from '../../src/storage/object/stores/s3.ts';
import type { S3Store } from '../../src/storage/object/stores/s3.ts';
import type { S3Server } from './server.ts';

/** Credentials for this process, taken as a user's are. */
export function useCredentials({ accessKeyId, secretAccessKey }: S3Server): void {
  process.env['AWS_ACCESS_KEY_ID'] = accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = secretAccessKey;
  for (const name of ['AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION']) delete process.env[name];
  process.env['AWS_CONFIG_FILE'] = '/dev/null';
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/dev/null';
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
}

/** Makes a bucket. */
export async function makeBucket(server: S3Server, bucket: string): Promise<S3Store> {
  const { CreateBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ region: 'us-east-1', endpoint: server.endpoint, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
  return s3Store(bucket, { endpoint: server.endpoint });
}

/** Puts every file below a directory into a bucket; gives the keys. */
export async function upload(
  store: S3Store,
  directory: string,
  keyOf = (path: string): string => path,
): Promise<string[]> {
  const keys: string[] = [];
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const key = keyOf(path.slice(directory.length + 1));
    await putBytes(store, key, readFileSync(path));
    keys.push(key);
  }
  return keys;
}

/** Puts one object. */
export async function putBytes(store: S3Store, key: string, bytes: Uint8Array): Promise<void> {
  await store.put(key, Readable.from([bytes]), bytes.length, new AbortController().signal);
}
