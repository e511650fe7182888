/**
 * What a message of a queue tells of new objects.
 *
 * In:    the body of an SQS message: an S3 notification, directly, in an envelope of SNS, or an event of EventBridge. Out: the objects that were
 *        put somewhere, and how many events were of another kind: tests, removals.
 * Holds: keys of S3's own notifications are decoded; EventBridge writes them as they are, and both forms are given where they differ. Nothing of
 *        a body is trusted: bounded in depth and in number.
 * Fails: FG_WATCH_EVENT for a body that is nothing of this kind.
 */
import { failure } from '../../model/errors.ts';

/** A new object. */
export type ObjectPlace = {
  readonly bucket: string;
  readonly key: string;
  /** The key read the other way, where there is one: whoever sent the event may have encoded it. */
  readonly otherKey: string | null;
  /** When it was put there, seconds since 1970 UTC; null where the event does not say. */
  readonly seconds: number | null;
};

export type ToldObjects = { readonly objects: readonly ObjectPlace[]; readonly ignored: number };

type Json = Readonly<Record<string, unknown>>;

/** An S3 notification in SNS in SNS is one too many. */
const DEEPEST = 3;
/** SQS takes messages of 1 MiB; S3 writes one record to a message. */
const MOST_RECORDS = 5000;
/** Of a key of S3. */
const MOST_KEY_BYTES = 1024;
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/u;

/** Reads a body. */
export function objectsIn(body: string): ToldObjects {
  return read(body, 0);
}

function read(body: string, depth: number): ToldObjects {
  if (depth === DEEPEST) throw failure('FG_WATCH_EVENT', 'it is an envelope in an envelope in an envelope');
  const json = parsed(body);
  if (json === null) throw failure('FG_WATCH_EVENT', 'it is no JSON object');
  if (json['Event'] === 's3:TestEvent') return { objects: [], ignored: 1 };
  if (Array.isArray(json['Records'])) return ofRecords(json['Records'] as readonly unknown[], depth);
  if (typeof json['Message'] === 'string') return read(json['Message'], depth + 1);
  if (json['source'] === 'aws.s3') return ofEventBridge(json);
  throw failure(
    'FG_WATCH_EVENT',
    `it has ${Object.keys(json).slice(0, 5).join(', ').slice(0, 200) || 'nothing'}, which no notification of S3 has alone`,
  );
}

function parsed(text: string): Json | null {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return null;
  }
}

function objectOf(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

function ofRecords(records: readonly unknown[], depth: number): ToldObjects {
  if (records.length > MOST_RECORDS) throw failure('FG_WATCH_EVENT', `it has ${records.length} records`);
  const objects: ObjectPlace[] = [];
  let ignored = 0;
  for (const [at, each] of records.entries()) {
    const record = objectOf(each);
    // A function that is subscribed to a topic gets envelopes so.
    const envelope = objectOf(record?.['Sns']);
    if (typeof envelope?.['Message'] === 'string') {
      const inside = read(envelope['Message'], depth + 1);
      objects.push(...inside.objects);
      ignored += inside.ignored;
      continue;
    }
    const s3 = objectOf(record?.['s3']);
    if (record === null || s3 === null) throw failure('FG_WATCH_EVENT', `its record ${at} is none of S3`);
    const name = record['eventName'];
    if (typeof name !== 'string') throw failure('FG_WATCH_EVENT', `its record ${at} does not say what happened`);
    if (!/^(?:s3:)?ObjectCreated:/u.test(name)) {
      ignored++;
      continue;
    }
    const key = decoded(textOf(s3, 'object', 'key', at), at);
    objects.push(placeOf(textOf(s3, 'bucket', 'name', at), key, null, record['eventTime']));
  }
  return { objects, ignored };
}

function ofEventBridge(event: Json): ToldObjects {
  if (event['detail-type'] !== 'Object Created') return { objects: [], ignored: 1 };
  const detail = objectOf(event['detail']);
  if (detail === null) throw failure('FG_WATCH_EVENT', 'its detail is missing');
  const key = textOf(detail, 'object', 'key', 0);
  const other = tryDecode(key);
  return {
    objects: [placeOf(textOf(detail, 'bucket', 'name', 0), key, other === key ? null : other, event['time'])],
    ignored: 0,
  };
}

function textOf(json: Json, part: string, name: string, at: number): string {
  const text = objectOf(json[part])?.[name];
  if (typeof text !== 'string' || text === '')
    throw failure('FG_WATCH_EVENT', `its record ${at} has no ${part}.${name}`);
  return text;
}

function placeOf(bucket: string, key: string, otherKey: string | null, time: unknown): ObjectPlace {
  if (!BUCKET.test(bucket)) throw failure('FG_WATCH_EVENT', `"${bucket.slice(0, 80)}" is no name of a bucket`);
  if (Buffer.byteLength(key) > MOST_KEY_BYTES)
    throw failure('FG_WATCH_EVENT', `a key has more than ${MOST_KEY_BYTES} bytes`);
  const millis = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return { bucket, key, otherKey, seconds: Number.isNaN(millis) ? null : Math.floor(millis / 1000) };
}

function decoded(key: string, at: number): string {
  const text = tryDecode(key);
  if (text === null) throw failure('FG_WATCH_EVENT', `the key of its record ${at} is not encoded as in a URL`);
  return text;
}

/** `a+b%3D` is `a b=`; null for what is not encoded so. */
function tryDecode(key: string): string | null {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
