/**
 * How long generations are: shorter while flows are many, so that the kernel has room for their counters.
 *
 * In:    what each generation had, and its span. Out: the length of the next, in seconds; whether one should end at once.
 * Holds: a length divides the longest one, so that generations end with windows. It is the longest in which no more counters
 *        are expected than there is room for: in a shorter time those of flows that had begun by then; in a longer one as many
 *        more as are new, for flows that go on are counted once. Where flows go on and none is new a shorter
 *        generation has no fewer, and costs more to read: then it stays long.
 * Fails: never.
 * @see docs/adr/0062-room-for-many-new-flows.md
 */
import type { RunSpan } from '../../collect/aggregate/window.ts';
import type { Ended } from '../../collect/kernel/kernel-source.ts';

/** Of one generation; four of them find room (`spare.ts`). */
const MOST_COUNTERS = 90_000;
/** What ends sooner, with a change or a question, says too little. */
const LEAST_MICROS = 500_000;
/** A packet that is forwarded may take two. */
const FULL_PACKETS = MOST_COUNTERS / 2;
/** Of packets in the same time; where there are no more than before flows have not become more either. */
const JUMP = 2;
/** A shorter length that has not so much fewer counters is not worth its reading. */
const NO_FEWER = 1.25;
/** One of so many flows is remembered. */
const SAMPLE = 64;

/** Follows generations. */
export class GenerationLength {
  /** Longest first. */
  readonly #lengths: readonly number[];
  #seconds: number;
  /** Some flows of the last generation, by a number. */
  #known = new Set<number>();
  /** Packets for each microsecond of it. */
  #rate = 0;

  /** @param mostSeconds  whole seconds, a part of 60 */
  constructor(mostSeconds: number) {
    this.#lengths = Array.from({ length: mostSeconds }, (_, n) => mostSeconds - n).filter((n) => mostSeconds % n === 0);
    this.#seconds = mostSeconds;
  }

  /** Of the next generation. */
  get seconds(): number {
    return this.#seconds;
  }

  /**
   * Whether a generation is to end before its time: so many more packets came than in the last one that it may be full of flows.
   *
   * @param received  packets of all devices since it began, so many microseconds ago
   */
  isFull(received: number, lasted: number): boolean {
    return received > Math.max(FULL_PACKETS, JUMP * this.#rate * lasted);
  }

  /**
   * Takes what a generation had that ended.
   *
   * @param received  packets of all devices in it
   */
  take(
    { rows, counters }: Pick<Ended, 'rows' | 'counters'>,
    { fromMicros, toMicros }: RunSpan,
    received: number,
  ): void {
    const lasted = toMicros - fromMicros;
    if (lasted < LEAST_MICROS) return;
    this.#rate = received / lasted;
    const [most] = this.#lengths as [number];
    if (rows.rows === 0 || counters * ((most * 1e6) / lasted) <= MOST_COUNTERS) {
      this.#known = new Set();
      this.#seconds = most;
      return;
    }
    const begun = new Float64Array(most + 1);
    const known = new Set<number>();
    let [sampled, repeated] = [0, 0];
    for (let row = 0; row < rows.rows; row++) {
      const second = Math.floor((rows.firstMicros[row]! - fromMicros) / 1e6);
      begun[Math.min(Math.max(second, 0), most)]! += 1;
      const hash = hashOf(rows, row);
      if (hash % SAMPLE !== 0) continue;
      known.add(hash);
      sampled++;
      if (this.#known.has(hash)) repeated++;
    }
    this.#known = known;
    const isNew = 1 - repeated / Math.max(1, sampled);
    const expected = this.#lengths.map((seconds) => {
      const longer = (seconds * 1e6 - lasted) / lasted;
      if (longer > 0) return counters * (1 + isNew * longer);
      return (counters * begun.subarray(0, seconds).reduce((sum, one) => sum + one, 0)) / rows.rows;
    });
    const bound = Math.max(MOST_COUNTERS, NO_FEWER * expected.at(-1)!);
    this.#seconds = this.#lengths[expected.findIndex((one) => one <= bound)]!;
  }
}

/** A number of a flow, whatever flags its packets had. */
function hashOf({ decision, ports, src, dst }: Ended['rows'], row: number): number {
  let hash = decision[row]!;
  for (const word of [ports[row]!, src[row * 4]!, src[row * 4 + 3]!, dst[row * 4]!, dst[row * 4 + 3]!])
    hash = Math.imul(hash ^ word, 0x9e3779b1) ^ (hash >>> 15);
  return (hash ^ (hash >>> 16)) >>> 0;
}
