/**
 * Writes objects of a bucket, whole or not at all.
 *
 * In:    a key and its bytes. Out: the object, with the bucket owner's rights and the encryption that were asked for.
 * Holds: overwrites nothing where the server knows `If-None-Match`; elsewhere it looks before it writes. Large objects go
 *        in parts; what an attempt that failed or died left of its parts is removed before the next one.
 * Fails: `FG_OBJECT_DIFFERS` where the key has other bytes; FG_S3_… and FG_AWS_…; the reason of the signal.
 */
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { failure } from '../../../model/errors.ts';
import { problemOf } from '../aws-errors.ts';
import type { ObjectRef } from '../store.ts';
import { plainTag, told } from './s3-place.ts';
import type { Place } from './s3-place.ts';

/** How objects are written; what is not set is left to the bucket. */
export type S3Writing = {
  /** Gives the bucket's owner full control, as AWS's delivery does; not set: for servers that are AWS's. */
  readonly ownerControl?: boolean;
  /** `s3`: S3's own keys; else the ARN of a KMS key. */
  readonly encryption?: string;
};

/** What lies there, asked of the same bucket. */
export type Looks = {
  find(key: string, signal: AbortSignal): Promise<ObjectRef | null>;
  read(ref: ObjectRef, signal: AbortSignal): AsyncIterable<Uint8Array>;
  list(prefix: string, signal: AbortSignal): AsyncIterable<ObjectRef>;
};

/** From this size an object goes in parts. */
const PARTS_FROM_BYTES = 16 << 20;
const PART_BYTES = 8 << 20;
const PARTS_AT_ONCE = 4;
const ABORT_MILLIS = 20_000;
const KMS_KEY = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-zA-Z-]+$/u;

type Headers = Pick<PutObjectCommandInput, 'ACL' | 'ServerSideEncryption' | 'SSEKMSKeyId' | 'RequestPayer'>;

/** Refuses settings that no server could keep: `FG_KMS_KEY`. */
export function checkWriting({ encryption }: S3Writing): void {
  if (encryption !== undefined && encryption !== 's3' && !KMS_KEY.test(encryption))
    throw failure('FG_KMS_KEY', encryption);
}

/** Stores an object; one with these bytes already there is success. */
export async function putObject(
  place: Place,
  writing: S3Writing,
  looks: Looks,
  key: string,
  body: AsyncIterable<Uint8Array>,
  sizeBytes: number,
  signal: AbortSignal,
): Promise<ObjectRef> {
  const bytes = await gather(body, sizeBytes);
  try {
    await place.connection.ready();
    // A server that is not AWS's may take the condition and not heed it.
    if (!place.connection.isAws() && (await isThere(looks, key, signal)))
      return await sameOrFail(place, looks, key, bytes, signal);
    const put = bytes.length < PARTS_FROM_BYTES ? putOnce : putInParts;
    const etag = await put(place, headersOf(place, writing), key, bytes, signal);
    return { key, sizeBytes, etag: plainTag(etag) };
  } catch (error) {
    const { code, status } = problemOf(error);
    if (signal.aborted) throw signal.reason;
    // An attempt whose answer never came may be the one that made the object.
    const isTaken = status === 412 || code === 'ConditionalRequestConflict' || code === 'NoSuchUpload';
    if (isTaken && (await looks.find(key, signal)) !== null) return sameOrFail(place, looks, key, bytes, signal);
    throw told(error, place, 'write', key, signal);
  }
}

/**
 * Fails as storing an object would, and leaves nothing: an upload in parts is begun and ended without one.
 *
 * A server that knows no parts is taken at its word.
 */
export async function tryPut(place: Place, writing: S3Writing, key: string, signal: AbortSignal): Promise<void> {
  try {
    await place.connection.ready();
    const upload = await beginUpload(place, headersOf(place, writing), key, signal);
    if (upload?.UploadId !== undefined) await abort(place, key, upload.UploadId, signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw told(error, place, 'write', key, signal);
  }
}

/** Whether the key is taken. What is refused without words, as answers to HEAD are, is asked in a way that has some. */
async function isThere(looks: Looks, key: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await looks.find(key, signal)) !== null;
  } catch (error) {
    const { status } = problemOf((error as Error).cause);
    if (status !== 400 && status !== 403) throw error;
    for await (const ref of looks.list(key, signal)) if (ref.key === key) return true;
    return false;
  }
}

function headersOf({ connection, payer }: Place, { ownerControl, encryption }: S3Writing): Headers {
  return {
    ...payer,
    ...((ownerControl ?? connection.isAws()) ? { ACL: 'bucket-owner-full-control' } : {}),
    ...(encryption === undefined ? {} : { ServerSideEncryption: encryption === 's3' ? 'AES256' : 'aws:kms' }),
    ...(encryption === undefined || encryption === 's3' ? {} : { SSEKMSKeyId: encryption }),
  };
}

/** Asks with a condition; without it where the server says that it does not know it. */
async function conditionally<T>(
  { connection }: Place,
  ask: (condition: { IfNoneMatch?: string }) => Promise<T>,
): Promise<T> {
  const { careful } = connection;
  try {
    return await ask(careful ? { IfNoneMatch: '*' } : {});
  } catch (error) {
    if (!careful || problemOf(error).status !== 501) throw error;
    connection.careful = false;
    return ask({});
  }
}

function putOnce(place: Place, headers: Headers, key: string, bytes: Uint8Array, signal: AbortSignal) {
  const what = { Bucket: place.bucket, Key: key, Body: bytes, ContentLength: bytes.length, ...headers };
  return conditionally(place, (condition) =>
    place.connection.send(async (client, { PutObjectCommand }) => {
      const answer = await client.send(new PutObjectCommand({ ...what, ...condition }), { abortSignal: signal });
      return answer.ETag;
    }),
  );
}

async function putInParts(place: Place, headers: Headers, key: string, bytes: Uint8Array, signal: AbortSignal) {
  const { connection, payer } = place;
  const where = { Bucket: place.bucket, Key: key, ...payer };
  await removeLeft(place, key, signal);
  const begun = await beginUpload(place, headers, key, signal);
  if (begun === null) return putOnce(place, headers, key, bytes, signal);
  const upload = { ...where, UploadId: begun.UploadId ?? '' };
  try {
    const Parts = await sendParts(place, upload, bytes, signal);
    return await conditionally(place, (condition) =>
      connection.send(async (client, { CompleteMultipartUploadCommand }) => {
        const whole = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...condition });
        return (await client.send(whole, { abortSignal: signal })).ETag;
      }),
    );
  } catch (error) {
    await abort(place, key, upload.UploadId, AbortSignal.timeout(ABORT_MILLIS)).catch(() => {});
    throw error;
  }
}

/** Null: the server does not know parts. */
async function beginUpload({ bucket, connection, payer }: Place, headers: Headers, key: string, signal: AbortSignal) {
  const what = { Bucket: bucket, Key: key, ...payer, ...headers };
  try {
    return await connection.send((client, { CreateMultipartUploadCommand }) =>
      client.send(new CreateMultipartUploadCommand(what), { abortSignal: signal }),
    );
  } catch (error) {
    if (problemOf(error).status !== 501) throw error;
    return null;
  }
}

async function sendParts(
  { connection }: Place,
  upload: { Bucket: string; Key: string; UploadId: string },
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<{ PartNumber: number; ETag: string }[]> {
  const parts: { PartNumber: number; ETag: string }[] = [];
  const count = Math.ceil(bytes.length / PART_BYTES);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const at = next++;
      const Body = bytes.subarray(at * PART_BYTES, (at + 1) * PART_BYTES);
      const part = { ...upload, PartNumber: at + 1, Body, ContentLength: Body.length };
      const answer = await connection.send((client, { UploadPartCommand }) =>
        client.send(new UploadPartCommand(part), { abortSignal: signal }),
      );
      parts[at] = { PartNumber: at + 1, ETag: answer.ETag ?? '' };
    }
  };
  // All end before the first failure is told: the upload is aborted behind them.
  const ended = await Promise.allSettled(Array.from({ length: PARTS_AT_ONCE }, lane));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return parts;
}

/** Removes the parts that earlier attempts at a key left: its name is ours alone, and one attempt runs at a time. */
async function removeLeft(place: Place, key: string, signal: AbortSignal): Promise<void> {
  try {
    const found = await place.connection.send((client, { ListMultipartUploadsCommand }) =>
      client.send(new ListMultipartUploadsCommand({ Bucket: place.bucket, Prefix: key, ...place.payer }), {
        abortSignal: signal,
      }),
    );
    for (const each of found.Uploads ?? []) {
      if (each.Key === key && each.UploadId !== undefined) await abort(place, key, each.UploadId, signal);
    }
  } catch (error) {
    // Who may write need not be allowed to list: then a lifecycle rule of the bucket removes them.
    const { status } = problemOf(error);
    if (status !== 403 && status !== 404 && status !== 501) throw error;
  }
}

async function abort({ bucket, connection, payer }: Place, key: string, id: string, signal: AbortSignal) {
  await connection.send((client, { AbortMultipartUploadCommand }) =>
    client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: id, ...payer }), {
      abortSignal: signal,
    }),
  );
}

/** In memory, so that it can be sent again; what is published has 75 MB at most. */
async function gather(body: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for await (const chunk of body) {
    if (at + chunk.length <= sizeBytes) bytes.set(chunk, at);
    at += chunk.length;
  }
  if (at !== sizeBytes) throw new Error(`object has ${at} bytes where ${sizeBytes} were announced`);
  return bytes;
}

async function sameOrFail(
  place: Place,
  looks: Looks,
  key: string,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<ObjectRef> {
  const there = await looks.find(key, signal);
  let at = 0;
  if (there?.sizeBytes === bytes.length) {
    for await (const chunk of looks.read(there, signal)) {
      if (Buffer.compare(chunk, bytes.subarray(at, at + chunk.length)) !== 0) break;
      at += chunk.length;
    }
    if (at === bytes.length) return there;
  }
  throw failure('FG_OBJECT_DIFFERS', key, `s3://${place.bucket}`);
}
