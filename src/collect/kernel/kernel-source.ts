/**
 * What counts flows in the kernel, whoever judges there.
 *
 * In:    networks, and when a generation is to end. Out: the flows of each generation under numbers of decisions, and what of
 *        it was lost.
 * Holds: calls run one after the other, in their order. A packet is in exactly one generation.
 * Fails: where the kernel cannot be told or read; what it counts goes on, and comes with the next end.
 */
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { FlowRows } from '../../model/batch.ts';

/** Device by number of an interface. */
export type Ties = ReadonlyMap<number, string>;

/** In packets. */
export type Rejects = { readonly seen: number; readonly told: number };

/** What a generation had. */
export type Ended = {
  readonly rows: FlowRows;
  /** Counters that the kernel had for it: at each point that counts, one for each key. */
  readonly counters: number;
  /** Packets that found no room, by decision. */
  readonly lost: ReadonlyMap<number, number>;
  /** Packets that counters have and neither rows nor `lost`: at which interface is not known. */
  readonly unread: number;
  /** What counters said was lost: the rows are all that was found, and nobody knows whether it is all. Not there where nothing was. */
  readonly isUnsure?: boolean;
  /** Packets that were no observation, by cause, since the last generation. */
  readonly passedOver: Readonly<Record<string, number>>;
  /** Packets that were rejected since the last generation, and those of them that were told one by one; not there where none are. */
  readonly rejects?: Rejects;
  /** Elements that could not be read, and the first of them. */
  readonly odd: number;
  readonly firstOdd: string | null;
  /** All packets before this time are in this generation or one before it. */
  readonly endMicros: number;
  /** None of its packets came after this time; later than `endMicros` by as long as the end took. */
  readonly untilMicros: number;
  /** First and last packets of rows may have come so much earlier or later. */
  readonly errorMicros: number;
};

/**
 * Times are exact to this, in microseconds, where the kernel is told things in no time: its clock has steps of 4 ms (250 Hz) or 10 ms, and to
 * walk through a set takes some.
 */
export const LEAST_ERROR_MICROS = 20_000;

export interface KernelSource {
  /** Follows a network from now on. What was counted under the one before, where that ends with it. */
  load(snapshot: VpcSnapshot, ties: Ties): Promise<Ended | undefined | void>;
  /** Ends the generation. */
  end(): Promise<Ended>;
  /** Leaves the kernel as it was; what was counted until then. */
  remove(): Promise<Ended | undefined | void>;
}
