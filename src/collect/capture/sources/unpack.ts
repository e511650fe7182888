/**
 * gzip and zstd around a capture.
 *
 * In:    pieces of packed bytes. Out: pieces of unpacked ones.
 * Holds: several members or frames one behind the other are one stream; memory stays the same however much comes out of a
 *        byte. What was unpacked before a fault is given first. The bytes are fed in small slices at the beginning, for what
 *        a slice gave before a fault in it is lost.
 * Fails: `PackingError` when the packing is broken or ends early.
 */
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';

const CHUNK_BYTES = 65_536;
const FIRST_SLICE_BYTES = 1024;
const SLICE_BYTES = 65_536;
const SMALL_SLICES = 256;

export type Packing = 'gzip' | 'zstd';

/** A packing that is broken or ends early; `unpackedBytes` came out of it before. */
export class PackingError extends Error {
  readonly unpackedBytes: number;
  constructor(reason: string, unpackedBytes: number, cause: unknown) {
    super(reason, { cause });
    this.unpackedBytes = unpackedBytes;
  }
}

/** What the first four bytes of a file say about its packing; null where it is not packed. */
export function packingOf(head: Uint8Array): Packing | null {
  const [b0, b1, b2, b3] = head;
  if (b0 === 0x1f && b1 === 0x8b) return 'gzip';
  if (b0 === 0x28 && b1 === 0xb5 && b2 === 0x2f && b3 === 0xfd) return 'zstd';
  // A frame that is to be skipped may come first.
  if (b0 !== undefined && b0 >>> 4 === 5 && b1 === 0x2a && b2 === 0x4d && b3 === 0x18) return 'zstd';
  return null;
}

/** Unpacks. */
export async function* unpack(
  packing: Packing,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let unpacker = new Unpacker(packing);
  let unpackedBytes = 0;
  let slices = 0;
  try {
    for await (const piece of pieces) {
      let at = 0;
      while (at < piece.length) {
        const slice = piece.subarray(at, at + (slices < SMALL_SLICES ? FIRST_SLICE_BYTES : SLICE_BYTES));
        slices += 1;
        unpacker.write(slice);
        for (let out = await unpacker.next(); out !== null; out = await unpacker.next()) {
          unpackedBytes += out.length;
          yield out;
        }
        at += unpacker.taken;
        // A frame ended inside the slice: what is behind it is the next one. Behind the last member of gzip stand zeros, as
        // a tape or a block device leaves them; another member would have been read on.
        if (unpacker.taken < slice.length) {
          if (packing === 'gzip') return;
          unpacker.close();
          unpacker = new Unpacker(packing);
        }
      }
    }
    unpacker.end();
    for (let out = await unpacker.next(); out !== null; out = await unpacker.next()) {
      unpackedBytes += out.length;
      yield out;
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !/^Z|^ERR_/.test(String(error.code))) throw error;
    throw new PackingError(error.message, unpackedBytes, error);
  } finally {
    unpacker.close();
  }
}

/** One stream of node:zlib, asked instead of listened to, so that nothing it gave is lost when it fails. */
class Unpacker {
  /** Bytes of the last slice that were used; fewer than it had when a frame ended in it. */
  taken = 0;
  readonly #stream: Gunzip | ZstdDecompress;
  #out: Uint8Array[] = [];
  #idle = true;
  #ended = false;
  #error: Error | null = null;
  #wake: (() => void) | null = null;
  #slice = 0;
  #usedBefore = 0;
  #wasFed = false;

  constructor(packing: Packing) {
    // With a mark of one byte the stream stops at each chunk until it is taken.
    const options = { chunkSize: CHUNK_BYTES, readableHighWaterMark: 1 };
    this.#stream = packing === 'gzip' ? createGunzip(options) : createZstdDecompress(options);
    this.#stream.on('data', (chunk: Uint8Array) => {
      this.#out.push(chunk);
      if (this.#out.length > 1) this.#stream.pause();
      this.#woken();
    });
    this.#stream.on('end', () => {
      this.#ended = true;
      this.#woken();
    });
    this.#stream.on('error', (error) => {
      this.#error = error;
      this.#woken();
    });
  }

  write(slice: Uint8Array): void {
    this.#idle = false;
    this.#slice = slice.length;
    this.#usedBefore = this.#stream.bytesWritten;
    this.#wasFed = true;
    this.#stream.write(slice, () => {
      this.#idle = true;
      this.#woken();
    });
  }

  end(): void {
    this.#idle = false;
    // A stream that was never fed would end without a word; so does one that begins behind the last frame.
    if (this.#wasFed) this.#stream.end();
    else this.#ended = true;
  }

  /** The next chunk; null when all that was written is used. */
  async next(): Promise<Uint8Array | null> {
    for (;;) {
      const chunk = this.#out.shift();
      if (chunk !== undefined) return chunk;
      if (this.#error !== null) throw this.#error;
      if (this.#ended || this.#idle) {
        this.taken = Math.min(this.#slice, this.#stream.bytesWritten - this.#usedBefore);
        return null;
      }
      if (this.#stream.isPaused()) this.#stream.resume();
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }

  close(): void {
    this.#stream.destroy();
  }

  #woken(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
