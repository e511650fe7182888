/**
 * The records of one object, whatever its form, as columns.
 *
 * In:    an object's key and store, and the format of lines without header. Out: batches of columns in the order of its records; at the
 *        end how it ended.
 * Holds: reads a record by no code but `record/` and `lake/read`'s forms, and reaches no native module. Its first bytes say what it is. Memory
 *        is that of a few batches, however large the object. What was readable of an object that breaks off is given first.
 * Fails: FG_S3_GONE and the like where its bytes cannot be had: nothing is known of it then, and it may be read again.
 */
import type { BadLine } from '../api/note.ts';
import { FlowgaugeError } from '../model/errors.ts';
import type { RecordColumns } from '../record/columns.ts';
import type { LogFormat } from '../record/format.ts';
import { createParser } from '../record/parse.ts';
import { join, whyUnread } from '../lake/read/forms/packing.ts';
import { openTextFile } from '../lake/read/text-file.ts';
import type { ObjectRef, ObjectStore } from '../storage/object/store.ts';
import { ParquetProblem, parquetColumns } from './parquet-columns.ts';
import type { FileBytes } from './parquet-columns.ts';

/** How an object ended. */
export type ObjectEnd = {
  rows: number;
  badLines: number;
  /** The first of them. */
  firstBad: BadLine | null;
  /** Why it was not read, or not to its end. */
  problem: string | null;
  /** It is something else than a flow log. */
  isOther: boolean;
};

export type ObjectToRead = { readonly key: string; readonly store: ObjectStore };

/** Of Parquet: what is read in one go rather than a column at a time, each of which is a request. */
const WHOLE_BYTES = 32 << 20;
/** Behind a line that was cut: no field is empty, so with this it is no record, however many fields it had. */
const BREAK = Buffer.from('  \n');
const NEWLINE = 10;

/** An end of nothing yet. */
export function createObjectEnd(): ObjectEnd {
  return { rows: 0, badLines: 0, firstBad: null, problem: null, isOther: false };
}

/**
 * Reads it. A batch is valid until the next one is asked for.
 *
 * @param end  filled when all has been given
 */
export async function* recordsOf(
  { key, store }: ObjectToRead,
  format: LogFormat | null,
  end: ObjectEnd,
  signal: AbortSignal,
): AsyncGenerator<RecordColumns> {
  const ref: ObjectRef = { key, sizeBytes: 0, etag: '' };
  const pieces = store.read(ref, null, signal)[Symbol.asyncIterator]();
  try {
    const { head, isAll } = await headOf(pieces);
    if (Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1')
      yield* parquetRecords({ key, store }, head, pieces, isAll, end, signal);
    else yield* textRecords(key, join(head, pieces), format, end, signal);
  } finally {
    await pieces.return?.(undefined);
  }
}

/** The records of a text that is read once. */
export async function* textRecords(
  origin: string,
  bytes: AsyncIterable<Uint8Array>,
  format: LogFormat | null,
  end: ObjectEnd,
  signal: AbortSignal,
): AsyncGenerator<RecordColumns> {
  let failed: FlowgaugeError | null = null;
  // Looking at the begin would take it for what is wrong with the text.
  async function* noted(): AsyncGenerator<Uint8Array> {
    try {
      yield* bytes;
    } catch (error) {
      if (error instanceof FlowgaugeError) failed = error;
      throw error;
    }
  }
  const store: ObjectStore = { ...NO_STORE, read: noted };
  const ref = { key: origin, sizeBytes: 0, etag: '' };
  const text = await openTextFile({ ref, store, kind: 'text', format, path: null, once: true }, signal);
  if (failed !== null) throw failed as FlowgaugeError;
  if (text.format === null) {
    end.problem = text.problem;
    end.isOther = text.isOther;
    return;
  }
  const parser = createParser({ format: text.format, columns: null, origin });
  const chunks = text.bytes(signal)[Symbol.asyncIterator]();
  let last = NEWLINE;
  function* given(batches: readonly RecordColumns[]): Generator<RecordColumns> {
    for (const batch of batches) {
      end.rows += batch.rows;
      yield batch;
      parser.giveBack(batch.buffer);
    }
  }
  try {
    for (;;) {
      let next;
      try {
        next = await chunks.next();
      } catch (error) {
        signal.throwIfAborted();
        // What S3 or the way to it says passes; what the packing says does not.
        if (error instanceof FlowgaugeError) throw error;
        end.problem = whyUnread(error);
        if (last !== NEWLINE) yield* given(parser.push(BREAK));
        break;
      }
      if (next.done === true) break;
      signal.throwIfAborted();
      if (next.value.length === 0) continue;
      last = next.value.at(-1)!;
      yield* given(parser.push(next.value));
    }
    yield* given(parser.end());
  } finally {
    await chunks.return?.(undefined);
  }
  end.badLines = parser.badLines;
  end.firstBad = parser.described[0] ?? null;
}

const NO_STORE: ObjectStore = {
  name: '',
  list: async function* () {},
  read: async function* () {},
  put: () => Promise.reject(new Error('nothing is put here')),
  remove: () => Promise.resolve(),
};

/** The first bytes, four at least where there are as many. */
async function headOf(pieces: AsyncIterator<Uint8Array>): Promise<{ head: Uint8Array; isAll: boolean }> {
  let head: Uint8Array = new Uint8Array();
  while (head.length < 4) {
    const next = await pieces.next();
    if (next.done === true) return { head, isAll: true };
    head = head.length === 0 ? next.value.slice() : Buffer.concat([head, next.value]);
  }
  return { head, isAll: false };
}

/** Small files are kept whole; of large ones what is asked for is read by range. */
async function* parquetRecords(
  object: ObjectToRead,
  head: Uint8Array,
  pieces: AsyncIterator<Uint8Array>,
  isAll: boolean,
  end: ObjectEnd,
  signal: AbortSignal,
): AsyncGenerator<RecordColumns> {
  try {
    const whole = isAll ? head : await upTo(WHOLE_BYTES, head, pieces);
    await pieces.return?.(undefined);
    const file = whole === null ? await byRange(object, signal) : inMemory(whole);
    for await (const batch of parquetColumns(file, object.key)) {
      signal.throwIfAborted();
      end.rows += batch.rows;
      yield batch;
    }
  } catch (error) {
    if (!(error instanceof ParquetProblem)) throw error;
    end.problem = error.message;
    end.isOther = error.isOther;
  }
}

/** All bytes; null where there are more. */
async function upTo(most: number, head: Uint8Array, pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array | null> {
  const parts = [head];
  let bytes = head.length;
  for (;;) {
    const next = await pieces.next();
    if (next.done === true) return Buffer.concat(parts);
    bytes += next.value.length;
    if (bytes > most) return null;
    parts.push(next.value.slice());
  }
}

function inMemory(bytes: Uint8Array): FileBytes {
  return {
    byteLength: bytes.length,
    slice: (start, end = bytes.length) => Promise.resolve(new Uint8Array(bytes.subarray(start, end)).buffer),
  };
}

async function byRange({ key, store }: ObjectToRead, signal: AbortSignal): Promise<FileBytes> {
  const ref = await refOf(key, store, signal);
  const read = async (start: number, end: number): Promise<ArrayBuffer> => {
    const bytes = new Uint8Array(end - start);
    let at = 0;
    for await (const piece of store.read(ref, { start, end }, signal)) {
      bytes.set(piece.subarray(0, bytes.length - at), at);
      at += piece.length;
    }
    if (at < bytes.length) throw new ParquetProblem('it ends too early');
    return bytes.buffer;
  };
  return { byteLength: ref.sizeBytes, slice: (start, end = ref.sizeBytes) => read(start, end) };
}

/** Its size, as a listing shows it. */
async function refOf(key: string, store: ObjectStore, signal: AbortSignal): Promise<ObjectRef> {
  if ('find' in store) {
    const found = await (
      store as ObjectStore & { find(key: string, signal: AbortSignal): Promise<ObjectRef | null> }
    ).find(key, signal);
    if (found !== null) return found;
  } else for await (const ref of store.list(key, null, signal)) if (ref.key === key) return ref;
  throw new ParquetProblem('it was there when it was begun, and was gone when it was read on');
}
