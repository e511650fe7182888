/**
 * A gzip file whose parts are compressed side by side.
 *
 * In:    text in parts of about a mebibyte. Out: one gzip member: raw deflate of each part, primed with the 32 KiB before
 *        it and ended by a sync flush, one behind the other.
 * Holds: the bytes depend on the parts alone, not on threads or timing; time 0 and no name in the header. With
 *        `FLOWGAUGE_THREADS=1` parts are compressed one at a time in the calling thread, else in zlib's thread pool.
 * Fails: never, but for memory.
 */
import { availableParallelism } from 'node:os';
import { constants, deflateRaw, deflateRawSync, gzip, gzipSync } from 'node:zlib';
import { crcOfBoth } from './crc.ts';

/** How far back deflate can point: what a part is primed with. */
const WINDOW_BYTES = 32_768;
/**
 * Level 5, matches of five bytes and fewer left as literals, the larger hash: of 500,000 default records the size of
 * level 6 (within half a per cent) in two thirds of its time. Fields are short and follow one another in a fixed order,
 * so short matches cost more than they bring.
 */
const EFFORT = { level: 5, strategy: constants.Z_FILTERED, memLevel: 9 };

/** Magic, deflate, no flags, time 0, no extra flags, system "unknown". */
const HEAD = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
/** The last block: empty, with fixed codes. */
const END = Uint8Array.of(0x03, 0x00);

/** Bytes of a gzip file besides its compressed parts. */
export const GZIP_FRAME_BYTES = HEAD.length + END.length + 8;
/** The best size of a part: smaller ones cost size, larger ones only memory. */
export const GZIP_PART_BYTES = 1 << 20;

/** Threads that may work: `FLOWGAUGE_THREADS`, else the machine's. */
export function threadsAllowed(): number {
  const asked = Number(process.env['FLOWGAUGE_THREADS'] ?? 0);
  return Number.isInteger(asked) && asked > 0 ? asked : availableParallelism();
}

/** A copy of the end of a part: all that the next one needs of it. */
export function partTail(text: Uint8Array): Uint8Array {
  return text.slice(-WINDOW_BYTES);
}

/**
 * Compresses a part.
 *
 * @param text     not to be changed until the promise is kept
 * @param before   what stands before it in the file, or its tail; null for the first part
 * @param threads  1: done when the call returns
 */
export function deflatePart(text: Uint8Array, before: Uint8Array | null, threads: number): Promise<Uint8Array> {
  const options = {
    ...EFFORT,
    finishFlush: constants.Z_SYNC_FLUSH,
    // Room for all of it at once, for records have a fifth of their size: each further piece would be another trip to the pool.
    chunkSize: Math.max(1024, (text.length >> 2) + 64),
    ...(before === null || before.length === 0 ? {} : { dictionary: before.subarray(-WINDOW_BYTES) }),
  };
  if (threads === 1) return Promise.resolve(deflateRawSync(text, options));
  return new Promise((resolve, reject) => {
    deflateRaw(text, options, (error, bytes) => {
      if (error === null) resolve(bytes);
      else reject(error);
    });
  });
}

/**
 * Gives the memory of bytes back now that nobody reads them any more. V8 counts it as garbage otherwise, and collects
 * every few parts: 35 times for 2 million records.
 *
 * @param bytes  all that its array holds, or a slice of what Node shares between many, which is left alone
 */
export function discard({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}

/**
 * A gzip file of so few bytes that they are at hand, such as a page of Parquet.
 *
 * @param bytes    not to be changed until the promise is kept
 * @param threads  1: done when the call returns
 */
export async function gzipWhole(bytes: Uint8Array, threads: number): Promise<Uint8Array> {
  const options = { ...EFFORT, chunkSize: Math.max(1024, bytes.length + 64) };
  const whole =
    threads === 1
      ? gzipSync(bytes, options)
      : await new Promise<Uint8Array>((resolve, reject) => {
          gzip(bytes, options, (error, compressed) => {
            if (error === null) resolve(compressed);
            else reject(error);
          });
        });
  whole.set(HEAD);
  return whole;
}

/** Joins compressed parts to a gzip file. */
export interface GzipMember {
  /** The first bytes of the file. */
  readonly head: Uint8Array;
  /** Counts a part in the order of the file, by its text's checksum and length; the caller writes `compressed` itself. */
  add(textCrc: number, textBytes: number, compressed: Uint8Array): void;
  /** Size of the file if it ended here. */
  readonly sizeBytes: number;
  /** The last bytes of the file. */
  tail(): Uint8Array;
}

/** A gzip file of nothing yet. */
export function createGzipMember(): GzipMember {
  let crc = 0;
  let textBytes = 0;
  let sizeBytes = GZIP_FRAME_BYTES;
  return {
    head: HEAD,
    add(partCrc, partBytes, compressed) {
      crc = crcOfBoth(crc, partCrc, partBytes);
      textBytes += partBytes;
      sizeBytes += compressed.length;
    },
    get sizeBytes() {
      return sizeBytes;
    },
    tail() {
      const tail = new Uint8Array(END.length + 8);
      tail.set(END);
      const view = new DataView(tail.buffer, END.length);
      view.setUint32(0, crc, true);
      view.setUint32(4, textBytes % 2 ** 32, true);
      return tail;
    },
  };
}
