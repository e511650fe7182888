/**
 * What the readers of pcap and pcapng have in common: where they are, what they counted, why they stopped.
 *
 * In:    bytes in which whole records stand. Out: rows of a batch, and the position of the first byte not used.
 * Holds: a reader uses whole records only, so it does not matter where the bytes were cut before they came. `needs` is
 *        how many bytes from that position on it must see to go on.
 * Fails: never; `stop` says what is wrong with the bytes, and nothing is read after it.
 */
import type { PacketBatch, SourceDevice } from '../../../model/batch.ts';
import type { StageCount } from '../../../model/counters.ts';
import type { FrameDecoder } from './frames.ts';
import type { LoopedFrames } from './looped-frames.ts';
import { GIVEN, LOST_NAMES, MALFORMED, type Outcome } from './outcome.ts';

/** Longest frame that is taken for one, unless the file's snap length is longer (tcpdump's own limit). */
export const FRAME_LIMIT = 262_144;
/** Longest block or record that is held in memory. */
export const RECORD_LIMIT = 16_777_216;
/** How many places of malformed frames are kept. */
const PLACES = 8;

/** Why a container cannot be read further; `corrupt` has the sentence that says what the bytes claim. */
export type Stop =
  | { readonly kind: 'corrupt'; readonly at: number; readonly what: string }
  | { readonly kind: 'link-type'; readonly at: number; readonly linkType: number };

/** What readers tell about the capture. */
export type Reading = {
  readonly frames: FrameDecoder;
  readonly count: StageCount;
  /** Byte offsets of the first malformed frames. */
  readonly malformedAt: number[];
  /** The capturing device of a container that names none; null for files. */
  readonly device: SourceDevice | null;
  /** Null: there are no loops for what is read. */
  readonly looped: LoopedFrames | null;
  snapLength: number;
};

export abstract class ContainerReader {
  /** Offset in the capture of the first byte of what `take` is given. */
  base = 0;
  needs = 1;
  stop: Stop | null = null;
  readonly reading: Reading;

  constructor(reading: Reading) {
    this.reading = reading;
  }

  /**
   * Reads whole records from `bytes[start, end)` into `batch` from its `rows` on, until it is full or no whole record is left.
   *
   * @returns the position of the first byte not used
   */
  abstract take(bytes: Uint8Array, start: number, end: number, batch: PacketBatch): number;

  /** Whether the capture must not end where the bytes were used up: a header is missing, or a block is being passed over. */
  abstract readonly isInside: boolean;

  /** What the reader was in the middle of, for a capture that ends there. */
  abstract readonly within: string;

  /** Counts frames that were read, `given` of them as rows. */
  protected countFrames(frames: number, given: number): void {
    this.reading.count.in += frames;
    this.reading.count.out += given;
  }

  /** Counts what became of a frame that is no row. */
  protected lose(outcome: Outcome, at: number): void {
    if (outcome === GIVEN) return;
    const name = LOST_NAMES[outcome]!;
    const lost = this.reading.count.lost;
    lost[name] = (lost[name] ?? 0) + 1;
    if (outcome === MALFORMED && this.reading.malformedAt.length < PLACES) this.reading.malformedAt.push(at);
  }

  protected corrupt(at: number, what: string): void {
    this.stop = { kind: 'corrupt', at, what };
  }
}
