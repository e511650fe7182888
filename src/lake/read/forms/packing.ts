/**
 * What a file is packed with, by its first bytes.
 *
 * In:    stored bytes in pieces. Out: plain bytes in pieces.
 * Holds: several gzip members or zstd frames one behind the other are one text. What is packed twice, as Firehose leaves what
 *        CloudWatch Logs sends it, is unpacked twice. Memory stays the same however much comes out of a byte.
 * Fails: with the packing's error, behind all that could be unpacked: `whyUnread` has words for it. A frame that ends
 *        early is an error, and so is what stands behind the last gzip member and is not all zeros.
 */
import { Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { PackingError, packingOf, unpack } from '../../../collect/capture/sources/unpack.ts';

const CHUNK_BYTES = 1 << 20;
/** Bytes that tell the packing. */
const HEAD_BYTES = 4;
/** How often a file may be packed; what comes out of more is no text. */
const LAYERS = 2;

/** Unpacks. Ending early ends `stored`. */
export async function* unpacked(stored: AsyncIterable<Uint8Array>, layers = LAYERS): AsyncGenerator<Uint8Array> {
  const pieces = stored[Symbol.asyncIterator]();
  try {
    // The bytes that tell it may come one by one.
    let head: Uint8Array = new Uint8Array();
    while (head.length < HEAD_BYTES) {
      const next = await pieces.next();
      if (next.done === true) break;
      head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    }
    if (head.length === 0) return;
    const all = join(head, pieces);
    const packing = layers === 0 ? null : packingOf(head);
    if (packing === null) yield* all;
    else yield* unpacked(packing === 'gzip' ? gunzipped(all) : unpack('zstd', all), layers - 1);
  } finally {
    await pieces.return?.(undefined);
  }
}

/** As much as the begin of a file gives of its plain bytes; null where that cannot be told. */
export function unpackedBegin(begin: Uint8Array): Uint8Array | null {
  let plain = begin;
  try {
    for (let layer = 0; layer < LAYERS; layer++) {
      const packing = packingOf(plain);
      if (packing === null) break;
      // A block of zstd is up to 128 KiB: the begin of a file may hold none.
      if (packing === 'zstd') return null;
      // Of a few kilobytes: to hand them to another thread takes longer.
      plain = gunzipSync(plain, { finishFlush: constants.Z_SYNC_FLUSH });
    }
    return plain;
  } catch {
    return null;
  }
}

/** `held`, then the rest of the pieces. */
export async function* join(held: Uint8Array, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield held;
  for (;;) {
    const next = await pieces.next();
    if (next.done === true) return;
    yield next.value;
  }
}

/** An error of our own about a packing, in the words that readers get. */
class UnpackError extends Error {}

async function* gunzipped(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  /** Behind the last byte that is not zero. */
  let filled = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of stored) {
      let end = piece.length;
      while (end > 0 && piece[end - 1] === 0) end--;
      if (end > 0) filled = bytes + end;
      bytes += piece.length;
      yield piece;
    }
  }
  const packed = Readable.from(counted(), { objectMode: false, highWaterMark: CHUNK_BYTES });
  const plain = createGunzip({ chunkSize: CHUNK_BYTES });
  packed.on('error', (error) => plain.destroy(error));
  try {
    for await (const chunk of packed.pipe(plain)) yield chunk as Uint8Array;
    // Zeros, as tapes and crashed disks leave them, end gzip; node:zlib does not look at what comes behind them.
    if (filled > plain.bytesWritten) throw new UnpackError(`behind byte ${plain.bytesWritten} it is no gzip data`);
  } finally {
    packed.destroy();
    plain.destroy();
  }
}

/** Words for an error that reading a file met. */
export function whyUnread(error: unknown): string {
  const told = error instanceof PackingError ? error.cause : error;
  const code = told instanceof Error && 'code' in told ? String(told.code) : '';
  const packing = error instanceof PackingError ? 'zstd' : 'gzip';
  if (code === 'Z_BUF_ERROR') return `its ${packing} data ends too early`;
  if (code === 'Z_DATA_ERROR' || code.startsWith('ZSTD_'))
    return `its ${packing} data is damaged, and what was read of it may be wrong`;
  if (error instanceof Error && isGone(error)) return 'it was there when it was listed, and was gone when it was read';
  return error instanceof Error ? error.message : String(error);
}

function isGone(error: Error): boolean {
  const { cause } = error;
  // Of a thread only the words come back.
  return (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') || /\(ENOENT\b/u.test(error.message);
}
