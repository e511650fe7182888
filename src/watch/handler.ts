/**
 * One new object to documents in a sink.
 *
 * In:    an object and where it lies; what is known of the network; a sink. Out: what became of it; counters.
 * Holds: the id of a document is that of the object and the record's place in it, whoever told of the object and however often: handled twice is
 *        handled once. Memory is that of a few requests, whatever the object's size: reading waits for the sink. An object that is gone, and one that is
 *        no flow log, are done. What was readable of a broken one is written before it fails.
 * Fails: FG_WATCH_UNREADABLE, FG_WATCH_REFUSED where trying again will not help by itself; the errors of store and sink where it may.
 */
import { createHash } from 'node:crypto';
import { FlowgaugeError, failure } from '../model/errors.ts';
import type { RecordColumns } from '../record/columns.ts';
import type { LogFormat } from '../record/format.ts';
import { parseKey } from '../storage/object/keys.ts';
import type { ObjectStore } from '../storage/object/store.ts';
import type { WatchCounters } from './counters.ts';
import type { DocumentCounts } from './mappings/document-columns.ts';
import { documentsOf } from './mappings/documents.ts';
import type { DocumentBatch, DocumentOrigin, Enrich } from './mappings/documents.ts';
import { giveRoomBack, takeRoom } from './mappings/document-room.ts';
import { createObjectEnd, recordsOf } from './read-object.ts';
import type { ObjectEnd } from './read-object.ts';
import type { Sink } from './sinks/sink.ts';

export type WatchedObject = {
  readonly bucket: string;
  readonly key: string;
  readonly store: ObjectStore;
  /** When it was put there, seconds since 1970 UTC; null not known. */
  readonly seconds: number | null;
};

export type WatchContext = {
  /** `enrichWith` of the network, or of none. */
  readonly enrich: Enrich;
  readonly sink: Sink;
  readonly signal: AbortSignal;
  readonly counters: WatchCounters;
  /** Format of text without header; null: told by its lines. */
  readonly format: LogFormat | null;
};

export type Handled = {
  readonly outcome: 'read' | 'gone' | 'other';
  readonly records: number;
  readonly created: number;
  readonly existing: number;
};

/** Requests of one object that are under way at a time. */
const UNDER_WAY = 2;

/** Handles it. */
export async function handleObject(object: WatchedObject, context: WatchContext): Promise<Handled> {
  const { counters, format, signal } = context;
  const end = createObjectEnd();
  const place = `s3://${object.bucket}/${object.key}`;
  try {
    const answer = await writeRecords(recordsOf(object, format, end, signal), originOf(object), context);
    countEnd(end, counters);
    // What is called as AWS calls flow logs should be one.
    if (end.isOther && parseKey(object.key) === null) {
      counters.objects.other++;
      return { outcome: 'other', records: 0, created: 0, existing: 0 };
    }
    if (end.problem !== null || answer.refused > 0) counters.objects.partly++;
    if (end.problem !== null) throw failure('FG_WATCH_UNREADABLE', place, end.problem, end.rows);
    if (answer.refused > 0)
      throw failure('FG_WATCH_REFUSED', place, answer.refused, end.rows, context.sink.name, answer.reason);
    counters.objects.read++;
    return { outcome: 'read', records: end.rows, created: answer.created, existing: answer.existing };
  } catch (error) {
    if (!isGone(error)) throw error;
    counters.objects.gone++;
    return { outcome: 'gone', records: 0, created: 0, existing: 0 };
  }
}

/** Counts what reading found. */
export function countEnd(end: ObjectEnd, { records }: WatchCounters): void {
  records.read += end.rows;
  records.badLines += end.badLines;
}

/** It was removed before it was read: a lifecycle rule, or somebody's hand. */
export function isGone(error: unknown): boolean {
  if (!(error instanceof FlowgaugeError)) return false;
  const { cause } = error;
  const isFile =
    error.code === 'FG_FILE_FAILED' && cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  return error.code === 'FG_S3_GONE' || isFile;
}

/** What records of an object are told with. AWS names an object once and never writes it anew, so its name is its identity. */
function originOf({ bucket, key, seconds }: WatchedObject): DocumentOrigin {
  const name = parseKey(key);
  const about = `"s3":{"bucket":{"name":${JSON.stringify(bucket)}},"object":{"key":${JSON.stringify(key)}}}`;
  return {
    idPrefix: idPrefix(bucket, key),
    about,
    accountId: name?.accountId ?? null,
    region: name?.region ?? null,
    seconds: name?.slotSeconds ?? seconds ?? 0,
    sinceSeconds: seconds,
  };
}

/** 120 bits of a hash over texts, in 20 letters. */
export function idPrefix(...texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest().subarray(0, 15).toString('base64url');
}

export type Written = { created: number; existing: number; refused: number; reason: string };

/** Writes records; all of them are with the sink when it comes back. */
export async function writeRecords(
  batches: AsyncIterable<RecordColumns>,
  origin: DocumentOrigin,
  { enrich, sink, signal, counters }: WatchContext,
): Promise<Written> {
  const written: Written = { created: 0, existing: 0, refused: 0, reason: '' };
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const underWay = new Set<Promise<void>>();
  const counts: DocumentCounts = { documents: 0, noData: 0, skipData: 0, fieldsLeftOut: 0 };
  let failed: { readonly error: unknown } | null = null;
  const room = takeRoom();

  async function write(batch: DocumentBatch): Promise<void> {
    try {
      const { created, existing, refused } = await sink.write(batch, either);
      written.created += created;
      written.existing += existing;
      written.refused += refused.length;
      if (written.reason === '') written.reason = refused[0]?.reason ?? '';
      counters.documents.created += created;
      counters.documents.existing += existing;
      counters.documents.refused += refused.length;
      room.giveBack(batch.lines);
    } catch (error) {
      // The others have nobody who waits for them.
      failed ??= { error };
      stop.abort(error);
    }
  }

  try {
    let row = 0;
    for await (const batch of batches) {
      for (const documents of documentsOf(batch, row, origin, enrich, room, counts)) {
        const own = write(documents).finally(() => underWay.delete(own));
        underWay.add(own);
        if (underWay.size >= UNDER_WAY) await Promise.race(underWay);
        if (failed !== null) throw (failed as { error: unknown }).error;
      }
      row += batch.rows;
    }
  } catch (error) {
    stop.abort(error);
    throw error;
  } finally {
    await Promise.all(underWay);
    giveRoomBack(room);
    counters.records.noData += counts.noData;
    counters.records.skipData += counts.skipData;
    counters.records.fieldsLeftOut += counts.fieldsLeftOut;
  }
  signal.throwIfAborted();
  if (failed !== null) throw (failed as { error: unknown }).error;
  return written;
}
