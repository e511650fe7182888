/**
 * Records of a pcap file, read by loops (`frame-loops.ts`).
 *
 * In:    pieces that lie in `room`, a batch that lies where loops write. Out: rows, up to a record that loops leave.
 * Holds: a module and a memory for pairs are made when the first large piece comes; small captures need neither.
 * Fails: never.
 */
import type { PacketBatch } from '../../../model/batch.ts';
import type { BatchMemory } from '../../../model/batch-memory.ts';
import { LinearMemory, loopsOver } from '../../../model/linear-memory.ts';
import { FRAME_LOOPS_CODE } from './frame-loops.generated.ts';
import type { FrameLoops } from './frame-loops.ts';
import { LONGEST, NANOS, PIECE_AT, STOPPED, WANTED } from './frame-loops.ts';
import type { LinkPairs } from './link-pairs.ts';

/** Smaller pieces are read as others are. */
const LEAST_BYTES = 16_384;

/** How the records of a file are read. */
type Records = {
  readonly isNanos: boolean;
  /** The longest frame. */
  readonly limit: number;
  readonly links: LinkPairs;
};

/** What loops work on, by the names that they have for it. */
export type FrameMemories = Readonly<Record<'piece' | 'batch' | 'links', LinearMemory>>;

/** Reads the pieces of one capture. */
export class LoopedFrames {
  /** Where pieces are to be put. */
  readonly room: Uint8Array;
  readonly #piece: LinearMemory;
  readonly #batch: BatchMemory;
  readonly #make: (memories: FrameMemories) => FrameLoops;
  #loops: FrameLoops | null = null;

  /**
   * @param batch  where the packets lie that are read
   * @param bytes  of the longest piece
   * @param make   gives the loops over memories; not given: in WebAssembly
   */
  constructor(batch: BatchMemory, bytes: number, make?: (memories: FrameMemories) => FrameLoops) {
    this.#batch = batch;
    this.#make = make ?? ((memories) => loopsOver(FRAME_LOOPS_CODE, memories) as FrameLoops);
    this.#piece = new LinearMemory(PIECE_AT + bytes);
    this.room = this.#piece.u8.subarray(PIECE_AT, PIECE_AT + bytes);
  }

  /** Whether bytes and batch are where loops can read and write them. */
  canRead(bytes: Uint8Array, batch: PacketBatch): boolean {
    if (bytes.buffer !== this.room.buffer || batch.atMicros.buffer !== this.#batch.memory.u8.buffer) return false;
    return this.#loops !== null || bytes.length >= LEAST_BYTES;
  }

  /** Reads `bytes[at, end)` behind the batch's rows; the position of the first record that was not read. */
  read(bytes: Uint8Array, at: number, end: number, batch: PacketBatch, records: Records): number {
    this.#loops ??= this.#begin(records);
    const { byteOffset } = bytes;
    batch.rows = this.#loops.read(byteOffset + at, byteOffset + end, batch.rows, batch.capacity);
    return this.#piece.i32[STOPPED]! - byteOffset;
  }

  #begin({ isNanos, limit, links }: Records): FrameLoops {
    const { i32 } = this.#piece;
    i32[NANOS] = isNanos ? 1 : 0;
    i32[LONGEST] = limit;
    i32[WANTED] = links.isWanted ? 1 : 0;
    return this.#make({ piece: this.#piece, batch: this.#batch.memory, links: links.forLoops() });
  }
}
