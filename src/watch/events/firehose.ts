/**
 * What Firehose hands to a function that transforms records, and what it wants back.
 *
 * In:    the event: records in base64. Out: the bytes of each; and an answer of results.
 * Holds: every record has its result, in order; one that could not be read goes to the stream's bucket of errors as it came.
 * Fails: FG_WATCH_FIREHOSE_SIZE where the answer would be larger than Firehose takes.
 * @see   Firehose Developer Guide, "Transform source data"
 */
import { failure } from '../../model/errors.ts';

export type FirehoseRecord = { readonly recordId: string; readonly data: string };

export type FirehoseResult = {
  readonly recordId: string;
  readonly result: 'Ok' | 'Dropped' | 'ProcessingFailed';
  readonly data: string;
};

/** Of an answer; a function may answer 6 MB. */
const MOST_BYTES = 5_900_000;
/** Of JSON around a record. */
const AROUND = 100;

/** The records of an event; null where it is none of Firehose. */
export function firehoseRecords(event: unknown): readonly FirehoseRecord[] | null {
  const { deliveryStreamArn, records } = (event ?? {}) as { deliveryStreamArn?: unknown; records?: unknown };
  if (typeof deliveryStreamArn !== 'string' || !Array.isArray(records)) return null;
  const each = records as readonly Partial<FirehoseRecord>[];
  return each.every((one) => typeof one?.recordId === 'string' && typeof one.data === 'string')
    ? (each as readonly FirehoseRecord[])
    : null;
}

/** The answer: documents of each record, one to a line; none where it holds no record of a flow log; null where it could not be read. */
export function firehoseAnswer(
  records: readonly FirehoseRecord[],
  documents: readonly (readonly string[] | null)[],
): { readonly records: readonly FirehoseResult[] } {
  const results = records.map(({ recordId, data }, at): FirehoseResult => {
    const own = documents[at];
    if (own === null || own === undefined) return { recordId, result: 'ProcessingFailed', data };
    if (own.length === 0) return { recordId, result: 'Dropped', data };
    return { recordId, result: 'Ok', data: Buffer.from(own.map((line) => `${line}\n`).join('')).toString('base64') };
  });
  const bytes = results.reduce((sum, { recordId, data }) => sum + recordId.length + data.length + AROUND, 0);
  if (bytes > MOST_BYTES) throw failure('FG_WATCH_FIREHOSE_SIZE', Math.round(bytes / 1e5) / 10);
  return { records: results };
}
