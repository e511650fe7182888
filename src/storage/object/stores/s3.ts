/**
 * A bucket of S3, or of any server that speaks as S3 does, as a store.
 *
 * In:    keys and bytes. Out: objects.
 * Holds: what may pass is tried again; a body that breaks off is asked for from there on, of the same object. `put` is
 *        s3-put.ts.
 * Fails: FG_KMS_KEY when it is made; FG_S3_… and FG_AWS_…, which name bucket, key and the way out; the reason of the signal.
 */
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { failure, failureFrom } from '../../../model/errors.ts';
import { isOnTheWay, problemOf } from '../aws-errors.ts';
import type { FolderStore, ObjectRef } from '../store.ts';
import { s3Connection } from './s3-connection.ts';
import type { S3Access, S3Requests } from './s3-connection.ts';
import { plainTag, told } from './s3-place.ts';
import type { Place } from './s3-place.ts';
import { checkWriting, putObject, tryPut } from './s3-put.ts';
import type { S3Writing } from './s3-put.ts';

/** Every option of S3 that a user may set, by the names of the AWS command line. */
export const S3_SETTINGS = [
  { name: 'profile', flag: '--profile <name>', meaning: 'profile of ~/.aws/config' },
  { name: 'region', flag: '--region <name>', meaning: "region, where S3 does not tell the bucket's" },
  { name: 'endpoint', flag: '--endpoint-url <url>', meaning: "server that speaks S3 and is not AWS's" },
  { name: 'pathStyle', flag: '--path-style', meaning: 'put the bucket into the path of the URL' },
  { name: 'requestPayer', flag: '--request-payer', meaning: 'pay for requests to a bucket of somebody else' },
] as const satisfies readonly { name: keyof S3Access; flag: string; meaning: string }[];

export interface S3Store extends FolderStore {
  /** Attempts by kind and bytes that came, so far. */
  readonly requests: S3Requests;
  /** The region that was asked and the one that the bucket is in, where they differ. */
  redirect(): { readonly from: string; readonly to: string } | null;
  /** Whether an object is there, and what a listing would show. */
  find(key: string, signal: AbortSignal): Promise<ObjectRef | null>;
}

/** How often a body that breaks off is asked for again without a byte more. */
const RESUMES = 5;
const FIRST_PAUSE_MILLIS = 100;
/** Keys that one request removes. */
const REMOVE_AT_ONCE = 1000;

/** A store over a bucket; nothing is asked yet. */
export function s3Store(bucket: string, access: S3Access = {}, writing: S3Writing = {}): S3Store {
  checkWriting(writing);
  const connection = s3Connection(access);
  const payer = access.requestPayer === true ? { RequestPayer: 'requester' as const } : {};
  const place: Place = { bucket, connection, payer };
  const looks = {
    find: (key: string, signal: AbortSignal) => find(place, key, signal),
    read: (ref: ObjectRef, signal: AbortSignal) => read(place, ref, null, signal),
    list: (prefix: string, signal: AbortSignal) => list(place, prefix, null, signal),
  };
  return {
    name: `s3://${bucket}`,
    requests: connection.requests,
    redirect() {
      const from = connection.redirectedFrom();
      return from === null ? null : { from, to: connection.region() };
    },
    list: (prefix, after, signal) => list(place, prefix, after, signal),
    listFolder: (prefix, signal) => pages(place, prefix, null, '/', signal),
    find: looks.find,
    read: (ref, range, signal) => read(place, ref, range, signal),
    tryPut: (key, signal) => tryPut(place, writing, key, signal),
    put: (key, body, sizeBytes, signal) => putObject(place, writing, looks, key, body, sizeBytes, signal),
    remove: (keys, signal) => remove(place, keys, signal),
  };
}

type Page = { readonly objects: readonly ObjectRef[]; readonly folders: readonly string[] };

async function* list(place: Place, prefix: string, after: string | null, signal: AbortSignal) {
  for await (const page of pages(place, prefix, after, undefined, signal)) yield* page.objects;
}

async function* pages(
  place: Place,
  prefix: string,
  after: string | null,
  delimiter: '/' | undefined,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  let token: string | undefined;
  do {
    signal.throwIfAborted();
    const answer = await place.connection
      .send((client, { ListObjectsV2Command }) =>
        client.send(
          new ListObjectsV2Command({
            Bucket: place.bucket,
            Prefix: prefix,
            EncodingType: 'url',
            OptionalObjectAttributes: ['RestoreStatus'],
            ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
            ...(after === null ? {} : { StartAfter: after }),
            ...(token === undefined ? {} : { ContinuationToken: token }),
            ...place.payer,
          }),
          { abortSignal: signal },
        ),
      )
      .catch((error: unknown) => {
        throw told(error, place, 'list', prefix, signal);
      });
    const decode = answer.EncodingType === 'url' ? decodeKey : (key: string) => key;
    yield {
      objects: (answer.Contents ?? []).map((each) => ({
        key: decode(each.Key ?? ''),
        sizeBytes: each.Size ?? 0,
        etag: plainTag(each.ETag),
        ...(each.LastModified === undefined ? {} : { lastModifiedMillis: each.LastModified.getTime() }),
        ...(each.StorageClass === undefined ? {} : { storageClass: each.StorageClass }),
        ...(isArchived(each.StorageClass, each.RestoreStatus?.RestoreExpiryDate) ? { archived: true } : {}),
      })),
      folders: (answer.CommonPrefixes ?? []).map((each) => decode(each.Prefix ?? '')),
    };
    token = answer.IsTruncated === true ? answer.NextContinuationToken : undefined;
  } while (token !== undefined);
}

/** Keys may hold characters that XML cannot, so they come as in a URL. */
function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}

/** A copy that was restored can be read until it expires. Glacier Instant Retrieval is no archive in this sense. */
function isArchived(storageClass: string | undefined, restoredUntil: Date | undefined): boolean {
  return (storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE') && restoredUntil === undefined;
}

async function find(place: Place, key: string, signal: AbortSignal): Promise<ObjectRef | null> {
  try {
    const head = await place.connection.send((client, { HeadObjectCommand }) =>
      client.send(new HeadObjectCommand({ Bucket: place.bucket, Key: key, ...place.payer }), { abortSignal: signal }),
    );
    const archived = isArchived(head.StorageClass, /expiry-date/u.test(head.Restore ?? '') ? new Date() : undefined);
    return {
      key,
      sizeBytes: head.ContentLength ?? 0,
      etag: plainTag(head.ETag),
      ...(head.StorageClass === undefined ? {} : { storageClass: head.StorageClass }),
      ...(archived ? { archived } : {}),
    };
  } catch (error) {
    if (!signal.aborted && problemOf(error).status === 404) return null;
    throw told(error, place, 'read', key, signal);
  }
}

async function* read(
  place: Place,
  ref: ObjectRef,
  range: { readonly start: number; readonly end: number } | null,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let at = range?.start ?? 0;
  const end = range?.end ?? Number.POSITIVE_INFINITY;
  let etag: string | undefined;
  for (let broken = 0; at < end;) {
    signal.throwIfAborted();
    let body: Readable | null = null;
    try {
      const span = at === 0 && range === null ? {} : { Range: `bytes=${at}-${range === null ? '' : range.end - 1}` };
      const answer = await place.connection.send((client, { GetObjectCommand }) =>
        client.send(
          new GetObjectCommand({
            Bucket: place.bucket,
            Key: ref.key,
            ...span,
            ...(etag === undefined ? {} : { IfMatch: etag }),
            ...place.payer,
          }),
          { abortSignal: signal },
        ),
      );
      etag ??= answer.ETag;
      if (!(answer.Body instanceof Readable)) return;
      body = answer.Body;
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        signal.throwIfAborted();
        at += chunk.length;
        place.connection.requests.bytes += chunk.length;
        broken = 0;
        yield chunk;
      }
      return;
    } catch (error) {
      // Nothing lies behind the end: an empty object, or a body that broke off at its end.
      if (problemOf(error).status === 416) return;
      if (signal.aborted || body === null || !isOnTheWay(error) || ++broken > RESUMES)
        throw told(error, place, 'read', ref.key, signal);
      await pause(FIRST_PAUSE_MILLIS * 2 ** broken * Math.random(), undefined, { signal });
    } finally {
      body?.destroy();
    }
  }
}

async function remove(place: Place, keys: readonly string[], signal: AbortSignal): Promise<void> {
  for (let from = 0; from < keys.length; from += REMOVE_AT_ONCE) {
    const some = keys.slice(from, from + REMOVE_AT_ONCE);
    const answer = await place.connection
      .send((client, { DeleteObjectsCommand }) =>
        client.send(
          new DeleteObjectsCommand({
            Bucket: place.bucket,
            Delete: { Objects: some.map((Key) => ({ Key })), Quiet: true },
            ...place.payer,
          }),
          { abortSignal: signal },
        ),
      )
      .catch((error: unknown) => {
        throw told(error, place, 'remove', some[0] ?? '', signal);
      });
    const bad = answer.Errors?.find(({ Code }) => Code !== 'NoSuchKey');
    if (bad === undefined) continue;
    const where = `s3://${place.bucket}/${bad.Key}`;
    const why = `${bad.Code} ${bad.Message ?? ''}`.trim();
    throw bad.Code === 'AccessDenied'
      ? failure('FG_S3_DENIED', 'remove', where, why, place.payer.RequestPayer !== undefined)
      : failureFrom(bad, 'FG_S3_FAILED', 'remove', where, why, 200);
  }
}
