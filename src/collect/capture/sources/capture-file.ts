/**
 * A capture that is a file, or comes through standard input or a FIFO.
 *
 * In:    a path, or `-`. Out: a `CaptureSource` over pcap or pcapng, plain or within gzip or zstd.
 * Holds: memory does not grow with the capture. The thread comes back to its event loop between two pieces. What came
 *        through a pipe is given before more is waited for: it is not lost when the wait is ended.
 * Fails: `openCaptureFile` throws FG_CAPTURE_UNREADABLE; everything about the bytes is `problem`.
 */
import { fstat, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { createPacketBatch, type PacketBatch, type SourceInfo } from '../../../model/batch.ts';
import type { BatchMemory } from '../../../model/batch-memory.ts';
import type { StageCount } from '../../../model/counters.ts';
import { failure, failureFrom, type FlowgaugeError } from '../../../model/errors.ts';
import { CaptureDecoder } from '../decode/decoder.ts';
import { LoopedFrames } from '../decode/looped-frames.ts';
import type { CaptureSource } from '../source.ts';
import { filePieces, openFifo, openFile, PIECE_BYTES, pipePieces } from './pieces.ts';
import { PackingError, packingOf, unpack } from './unpack.ts';

/**
 * Opens a capture.
 *
 * @param path   a file or FIFO; `-` is standard input
 * @param links  false: link-layer addresses are not wanted
 * @param memory whose batch will be filled, by loops where they can
 */
export async function openCaptureFile(
  path: string,
  links: boolean = true,
  memory: BatchMemory | null = null,
): Promise<CaptureSource> {
  const looped = memory === null ? null : new LoopedFrames(memory, PIECE_BYTES);
  const room = looped?.room ?? new Uint8Array(PIECE_BYTES);
  const input = path === '-' ? await standardInput(room) : await named(path, room);
  return new CaptureFile(path === '-' ? 'standard input' : path, input, links, looped);
}

type Input = { readonly pieces: AsyncIterable<Uint8Array>; readonly isPipe: boolean };

async function named(path: string, room: Uint8Array): Promise<Input> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) throw failure('FG_CAPTURE_UNREADABLE', path, 'it is a directory');
    if (stats.isFIFO()) return { pieces: pipePieces(await openFifo(path)), isPipe: true };
    return { pieces: filePieces(await openFile(path), room), isPipe: false };
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function standardInput(room: Uint8Array): Promise<Input> {
  let stats: Stats;
  try {
    stats = await promisify(fstat)(0);
  } catch (error) {
    throw unreadable('-', error);
  }
  if (stats.isCharacterDevice() && stats.rdev !== 0x0103) {
    throw failure('FG_CAPTURE_UNREADABLE', '-', 'standard input is a terminal');
  }
  if (stats.isFIFO() || stats.isSocket()) return { pieces: pipePieces(0), isPipe: true };
  return { pieces: filePieces(await openFile('/dev/stdin'), room), isPipe: false };
}

function unreadable(path: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('FG_')) return error as Error;
  const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'it may not be read' : String(error);
  return failureFrom(error, 'FG_CAPTURE_UNREADABLE', path, reason);
}

class CaptureFile implements CaptureSource {
  readonly live = false;
  readonly info: SourceInfo;
  readonly count: StageCount;
  readonly malformedAt: readonly number[];
  readonly #name: string;
  readonly #input: Input;
  readonly #decoder: CaptureDecoder;
  #packingProblem: FlowgaugeError | null = null;

  constructor(name: string, input: Input, links: boolean, looped: LoopedFrames | null) {
    this.#name = name;
    this.#input = input;
    this.#decoder = new CaptureDecoder({ name, links, ...(looped === null ? {} : { looped }) });
    this.info = this.#decoder.info;
    this.count = this.#decoder.count;
    this.malformedAt = this.#decoder.malformedAt;
  }

  get problem(): FlowgaugeError | null {
    return this.#packingProblem ?? this.#decoder.problem;
  }

  takeDrops(): number {
    return 0;
  }

  async *batches(batch: PacketBatch = createPacketBatch()): AsyncGenerator<PacketBatch, void, undefined> {
    const decoder = this.#decoder;
    try {
      for await (const piece of unpacked(this.#input.pieces)) {
        decoder.push(piece);
        while (decoder.fill(batch)) {
          yield batch;
          batch.rows = 0;
        }
        if (decoder.problem !== null) break;
        if (this.#input.isPipe && batch.rows > 0) {
          yield batch;
          batch.rows = 0;
        }
      }
      decoder.finish();
    } catch (error) {
      if (!(error instanceof PackingError)) throw unreadable(this.#name, error);
      const { unpackedBytes, message, cause } = error;
      this.#packingProblem = failureFrom(
        cause,
        'FG_CAPTURE_PACKING',
        this.#name,
        unpackedBytes,
        message,
        decoder.count.out,
      );
    }
    if (batch.rows > 0) yield batch;
  }
}

/** The capture's own bytes: what its first four bytes say is a packing is taken off. */
async function* unpacked(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = pieces[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  try {
    while (head.length < 4) {
      const next = await iterator.next();
      if (next.done === true) break;
      head = head.length === 0 ? next.value : Uint8Array.from([...head, ...next.value]);
    }
    const all = behind(head, iterator);
    const packing = packingOf(head);
    yield* packing === null ? all : unpack(packing, all);
  } finally {
    await iterator.return?.();
  }
}

async function* behind(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
