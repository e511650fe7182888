/**
 * What the kernel counts, on its way into windows.
 *
 * In:    a kernel source, networks as they change. Out: the flows of one generation after the other.
 * Holds: a generation ends every so many seconds of the clock, so also with every window, and sooner while flows are many; when the
 *        network changes; and when somebody asks. What was counted under a network is given before the change from it is taken, and what comes after the
 *        change is given after that. in = out + lost, in observations; what is neither flows nor lost by name makes the windows
 *        of all interfaces of the kernel SKIPDATA.
 * Fails: never: what fails is told in `standing`, and tried again with the next end.
 */
import type { CountedFlows } from '../../collect/aggregate/add-flows.ts';
import type { Ended, KernelSource, Rejects, Ties } from '../../collect/kernel/kernel-source.ts';
import type { StageCount } from '../../model/counters.ts';
import { createStageCount } from '../../model/counters.ts';
import { FlowgaugeError } from '../../model/errors.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { GenerationLength } from './generation-length.ts';
import { unknownFlows } from './given-flows.ts';

/** A network as the kernel is told of it. */
export type KernelNetwork = {
  readonly snapshot: VpcSnapshot;
  readonly ties: Ties;
  /** When the last change was made that it has, microseconds since 1970 UTC. */
  readonly changedMicros: number;
};

/** How the kernel's part stands. */
export type KernelStanding = {
  /** Whether it judges, or counts what somebody else's rules do. */
  readonly how: 'enforce' | 'observe';
  /** Interfaces that it judges. */
  interfaces: number;
  /** The kernel has every change of the network that was made until then, microseconds since 1970 UTC. */
  inForceMicros: number;
  /** Generations that were read. */
  generations: number;
  /** When the last one ended, microseconds since 1970 UTC. */
  endedMicros: number;
  /** Packets that were rejected so far, as of then; null: they are not told. */
  rejects: Rejects | null;
  /** Why the last thing failed; null: it did not. */
  problem: { readonly code: string; readonly message: string } | null;
};

export type FeedOptions = {
  readonly how: KernelStanding['how'];
  readonly source: KernelSource;
  /** Of a generation at most; a part of 60. */
  readonly seconds: number;
  /** Packets that all devices have received; default: nobody knows, and no generation ends before its time. */
  readonly received?: () => number;
  /** Microseconds since 1970 UTC. */
  readonly now: () => number;
  /** Counting began. */
  readonly fromMicros: number;
  /** Called when the kernel has another network. */
  readonly holds?: () => void;
  /** Tells what was rejected, where the kernel does not tell it packet by packet, and says how much that was. */
  readonly tell?: (ended: Ended, network: Pick<VpcSnapshot, 'interfaces'>) => Rejects;
};

/** So long before its time a generation is ended at the latest. */
const CLEAR_MILLIS = 2000;

type Arrived = { readonly flows: CountedFlows | null; readonly isChange: boolean };

/** Follows networks and gives flows. */
export class KernelFeed {
  /** Unit: observations. */
  readonly count: StageCount = createStageCount();
  readonly standing: KernelStanding;
  /** Called when something has arrived. */
  came: () => void = () => {};
  readonly #options: FeedOptions;
  readonly #arrived: Arrived[] = [];
  #network: KernelNetwork | null = null;
  /** The kernel has the network. */
  #isLoaded = false;
  #endedMicros: number;
  #mergedMicros: number;
  readonly #length: GenerationLength;
  /** When the clock ended a generation last, in milliseconds, and what had been received when one ended. */
  #cutMillis: number;
  #received: number;
  #timer: NodeJS.Timeout | null = null;
  #last: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#endedMicros = this.#mergedMicros = options.fromMicros;
    this.#length = new GenerationLength(options.seconds);
    this.#cutMillis = options.fromMicros / 1000;
    this.#received = options.received?.() ?? 0;
    this.standing = {
      how: options.how,
      interfaces: 0,
      inForceMicros: 0,
      generations: 0,
      endedMicros: options.fromMicros,
      rejects: options.tell === undefined ? null : { seen: 0, told: 0 },
      problem: null,
    };
  }

  /** The network that it follows; null before it has begun. */
  get network(): VpcSnapshot | null {
    return this.#network?.snapshot ?? null;
  }

  /** All packets before this time were given. */
  get givenMicros(): number {
    return this.#mergedMicros;
  }

  /** Begins with a network that the source has been told. */
  begin(network: KernelNetwork): void {
    this.#network = network;
    this.#hold(network);
    this.#wait();
  }

  /** Follows a network; settles when what was counted before has arrived. */
  change(network: KernelNetwork): Promise<void> {
    return this.#next(async () => {
      this.#network = network;
      this.#isLoaded = false;
      const flows = await this.#load();
      this.#arrive({ flows, isChange: true });
    });
  }

  /** Ends the generation; settles when it has arrived. */
  ask(): Promise<void> {
    return this.#next(async () => {
      if (!this.#isLoaded) {
        const flows = await this.#load();
        if (flows !== null) this.#arrive({ flows, isChange: false });
        return;
      }
      const flows = await this.#try(() => this.#options.source.end());
      if (flows !== null) this.#arrive({ flows, isChange: false });
    });
  }

  /** Gives what has arrived, up to a change that was not taken. */
  give(to: (flows: CountedFlows) => void): void {
    while (this.#arrived[0]?.isChange === false) this.#give(this.#arrived.shift()!, to);
  }

  /** Takes the next change that has arrived, with what was counted before it. */
  takeChange(to: (flows: CountedFlows) => void): void {
    this.give(to);
    const change = this.#arrived.shift();
    if (change !== undefined) this.#give(change, to);
  }

  /** Leaves the kernel as it was; the last flows have arrived when it settles. */
  stop(): Promise<void> {
    this.#isOver = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    return this.#next(async () => {
      const flows = await this.#try(() => this.#options.source.remove());
      // What could not be read stands in the kernel for the next start; here it lacks.
      if (flows !== null) this.#arrive({ flows, isChange: false });
      else if (this.standing.problem !== null) this.#arrive({ flows: this.#gap(), isChange: false });
    });
  }

  #next(run: () => Promise<void>): Promise<void> {
    return (this.#last = this.#last.then(run));
  }

  /** Looks at each second of the clock whether a generation is to end. */
  #wait(): void {
    if (this.#isOver) return;
    const now = this.#options.now() / 1000;
    // A window's end that came while another end was made is late already. A timer may be early by a millisecond.
    const millis = this.#isCut(this.#options.seconds, now) ? 1 : 1001 - (now % 1000);
    this.#timer = setTimeout(() => void this.#look().then(() => this.#wait()), millis);
  }

  async #look(): Promise<void> {
    const now = this.#options.now() / 1000;
    if (!this.#isCut(this.#length.seconds, now) && !this.#isFull(now)) return;
    this.#cutMillis = now;
    await this.ask();
  }

  /** Whether a multiple of such seconds has come since the clock ended a generation. */
  #isCut(seconds: number, nowMillis: number): boolean {
    const of = (millis: number): number => Math.floor(millis / (seconds * 1000));
    return of(nowMillis) !== of(this.#cutMillis);
  }

  #isFull(nowMillis: number): boolean {
    const { received } = this.#options;
    const millis = this.#length.seconds * 1000;
    // One that takes long must not be in the way of a window's end.
    if (received === undefined || millis - (nowMillis % millis) < CLEAR_MILLIS) return false;
    return this.#length.isFull(received() - this.#received, nowMillis * 1000 - this.#endedMicros);
  }

  async #load(): Promise<CountedFlows | null> {
    const network = this.#network!;
    const flows = await this.#try(async () => {
      const ended = await this.#options.source.load(network.snapshot, network.ties);
      this.#hold(network);
      this.#options.holds?.();
      return ended;
    });
    return flows;
  }

  #hold({ ties, changedMicros }: KernelNetwork): void {
    this.#isLoaded = true;
    this.standing.interfaces = ties.size;
    this.standing.inForceMicros = changedMicros;
  }

  /** Runs something that may end a generation; null where it did not, or failed. */
  async #try(run: () => Promise<Ended | undefined | void>): Promise<CountedFlows | null> {
    try {
      const ended = await run();
      this.standing.problem = null;
      return ended ? this.#flowsOf(ended) : null;
    } catch (error) {
      const code = error instanceof FlowgaugeError ? error.code : '';
      this.standing.problem = { code, message: error instanceof Error ? error.message : String(error) };
      if (code !== 'FG_KERNEL_GONE' || this.#isOver) return null;
      // Whoever took it away took what it had counted too.
      this.#isLoaded = false;
      await this.#load();
      return this.#gap();
    }
  }

  /** Nothing is known of the time since the last end. */
  #gap(): CountedFlows {
    const fromMicros = this.#endedMicros;
    const toMicros = this.#options.now();
    this.#endedMicros = toMicros;
    return unknownFlows({ fromMicros, toMicros }, this.#interfaces());
  }

  #interfaces(): number[] {
    return [...(this.#network?.ties.keys() ?? [])];
  }

  #flowsOf(ended: Ended): CountedFlows {
    const { rows, lost, unread, isUnsure = false, passedOver, endMicros, untilMicros, errorMicros } = ended;
    const { tell } = this.#options;
    const rejects = tell === undefined ? ended.rejects : tell(ended, this.#network!.snapshot);
    const fromMicros = this.#endedMicros;
    this.#endedMicros = Math.max(endMicros, fromMicros);
    const received = this.#options.received?.() ?? 0;
    this.#length.take(ended, { fromMicros, toMicros: endMicros }, received - this.#received);
    this.#received = received;
    const { count, standing } = this;
    let packets = 0;
    for (let row = 0; row < rows.rows; row++) packets += rows.packets[row]!;
    const full = [...lost.values()].reduce((sum, one) => sum + one, 0);
    const lose = (cause: string, observations: number): void => {
      count.in += observations;
      if (observations > 0) count.lost[cause] = (count.lost[cause] ?? 0) + observations;
    };
    count.in += packets;
    count.out += packets;
    lose('kernel-full', full);
    lose('unread', unread);
    for (const [cause, passed] of Object.entries(passedOver)) lose(cause, passed);
    standing.generations++;
    if (rejects !== undefined) {
      const { seen, told } = standing.rejects ?? { seen: 0, told: 0 };
      standing.rejects = { seen: seen + rejects.seen, told: told + rejects.told };
    }
    standing.endedMicros = this.#endedMicros;
    const isIncomplete = unread > 0 || isUnsure || (passedOver['not-watched'] ?? 0) > 0;
    return {
      rows,
      lost,
      span: { fromMicros, toMicros: this.#endedMicros },
      untilMicros: Math.max(untilMicros, this.#endedMicros),
      errorMicros,
      incomplete: isIncomplete ? this.#interfaces() : [],
    };
  }

  #arrive(arrived: Arrived): void {
    this.#arrived.push(arrived);
    this.came();
  }

  #give({ flows }: Arrived, to: (flows: CountedFlows) => void): void {
    if (flows === null) return;
    to(flows);
    this.#mergedMicros = flows.span.toMicros;
  }
}
