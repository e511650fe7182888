/**
 * What every capture source is.
 *
 * In:    a file, a pipe, a live capture. Out: batches of packets, pulled by their reader.
 * Holds: a batch is valid until the next one is asked for. `count` adds up whenever a batch is in the reader's hands.
 *        Ending the iteration early closes file, stream and child.
 * Fails: what can be said before the first byte is thrown when the source is opened; what the bytes are at fault for is
 *        `problem`, and the packets before it were given.
 */
import type { PacketBatch, SourceInfo } from '../../model/batch.ts';
import type { StageCount } from '../../model/counters.ts';
import type { FlowgaugeError } from '../../model/errors.ts';

export interface CaptureSource {
  /** Grows while it is read. */
  readonly info: SourceInfo;
  /**
   * A live source gives a batch at least once a second, with no rows if need be, so that time goes on.
   *
   * @param batch  is filled; not given: one of its own
   */
  batches(batch?: PacketBatch): AsyncIterable<PacketBatch>;
  /**
   * Unit frames: in = read, out = packets given; lost: `malformed`, `cut` (before the end of the addresses), `not-ip`,
   * `never-logged/arp`. Note `link-pairs-full`: packets whose pair of link-layer addresses has no number.
   */
  readonly count: StageCount;
  /** Why reading ended early; null where it did not. */
  readonly problem: FlowgaugeError | null;
  /** Byte offsets of the first malformed frames, eight at most; of the unpacked capture where it was packed. */
  readonly malformedAt: readonly number[];
  /** Packets that the capture itself lost since last asked; 0 for files. They are not part of `count`. */
  takeDrops(): number;
  readonly live: boolean;
}
