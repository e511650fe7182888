/**
 * Gathers decided packets into the flows of capture windows of one length (rules W1 to W6).
 *
 * In:    packet batches with their observations, in the order of reading. Out: `FlowBatch`es of closed windows.
 * Holds: a window closes when time has passed its end by `lagMicros`; what comes later is gathered apart and given out
 *        when the next window closes, as further rows of its own window. Every observation of a wanted interface ends in
 *        exactly one row, or is counted lost at its interface, which becomes a SKIPDATA row.
 * Fails: never. Time is passed in.
 */
import type { FlowBatch, ObservationBatch, PacketBatch } from '../../model/batch.ts';
import { flowBatchOver } from '../../model/batch.ts';
import { sharedBatchMemory, type BatchMemory } from '../../model/batch-memory.ts';
import { createStageCount } from '../../model/counters.ts';
import type { StageCount } from '../../model/counters.ts';
import { LinearMemory } from '../../model/linear-memory.ts';
import { PacketClock } from '../../model/packet-clock.ts';
import type { DecisionTable } from '../../network/verdict/decisions.ts';
import type { CountedFlows } from './add-flows.ts';
import { addFlows } from './add-flows.ts';
import { Drain, notJudged } from './drain.ts';
import type { PartialWindow, Window } from './gathering.ts';
import { sum, wantedSpan, widened, WindowPool } from './gathering.ts';
import { createMergeClasses } from './merge-classes.ts';
import { LateWindows } from './late-windows.ts';
import type { RunSpan } from './window.ts';
import { timesOf, windowStart } from './window.ts';

export type AggregatorOptions = {
  readonly intervalSeconds: number;
  /** Interface numbers whose flows are wanted here, ascending; each gets NODATA where nothing was seen. */
  readonly interfaces: readonly number[];
  readonly decisions: DecisionTable;
  /** Files: one interval of packet time. Live: 2 s of the clock. */
  readonly live: boolean;
  /** Rows at most, over all windows held. */
  readonly maxFlows: number;
  /** Live: when the source began. */
  readonly startedMicros?: number;
  /** It gathers this part of one window and no more. */
  readonly partial?: PartialWindow;
  /** Where the batches lie that it is given; not given: elsewhere. */
  readonly memory?: BatchMemory;
};

export const LIVE_LAG_MICROS = 2_000_000;
const HOUR_MICROS = 3_600_000_000;
/** Of a decision in `#facts`. */
const FACT_BYTES = 8;

export class Aggregator {
  /** Unit: observations of the wanted interfaces. */
  readonly count: StageCount = createStageCount();
  readonly options: AggregatorOptions;
  readonly #classes = createMergeClasses();
  readonly #clock = new PacketClock();
  readonly #lagMicros: number;
  readonly #lengthMicros: number;
  /** Windows that gather, by start; at most a few. */
  #open: Window[] = [];
  readonly #late = new LateWindows({
    fresh: (start) => this.#pool.fresh(start, true, this.#isWanted.length),
    interfacesOf: (window) => this.#interfacesOf(window),
    close: (window) => this.#close(window),
  });
  readonly #closed: Window[] = [];
  /** By decision number, for the flow tables. */
  readonly #facts = new LinearMemory(FACT_BYTES * 1024);
  readonly #memory: BatchMemory;
  readonly #wanted: RunSpan;
  readonly #pool: WindowPool;
  #isWanted = new Uint8Array(0);
  #interfaces: readonly number[] = [];
  /** By interface number: when it came under watch; 0 from the beginning. */
  readonly #sinceMicros = new Map<number, number>();
  /** Start of the first window that has not closed, in seconds. */
  #nextStart = Number.NaN;
  #firstMicros = Infinity;
  /** Time up to which a live source has run, or a file has been read. */
  #nowMicros = -Infinity;
  #drain: Drain | null = null;
  /** The time of the next row to add is known: it has closed windows. */
  #isTimed = false;
  readonly #notJudged = new Map<number, number>();
  /** Flow rows held in closed windows. */
  #heldRows = 0;

  constructor(options: AggregatorOptions) {
    this.options = options;
    this.#wanted = wantedSpan(options.partial);
    this.#memory = options.memory ?? sharedBatchMemory();
    this.#pool = new WindowPool(this.#memory.memory, this.#facts);
    this.#lengthMicros = options.intervalSeconds * 1e6;
    this.#lagMicros = options.live ? LIVE_LAG_MICROS : this.#lengthMicros;
    this.#want(options.interfaces);
    if (options.live && options.startedMicros !== undefined) this.#begin(options.startedMicros);
  }

  /** Windows that gather, late ones too; rows of flows, those of closed windows too. */
  get held(): { readonly windows: number; readonly rows: number } {
    const all = [...this.#open, ...this.#late.all()];
    return { windows: all.length, rows: all.reduce((sum, { flows }) => sum + flows.rows, this.#heldRows) };
  }

  /**
   * Counts the packets of a batch from one row to before another; windows that their times pass wait for `take`.
   *
   * @returns the row from which on it is to be called again, once they were taken: their tables hold what comes then. It is
   *          `toRow` where nothing closed
   */
  add(packets: PacketBatch, observations: ObservationBatch, fromRow: number = 0, toRow: number = packets.rows): number {
    if (fromRow >= toRow) return toRow;
    this.#follow();
    this.#memory.load(packets);
    this.#memory.loadObservations(observations);
    if (fromRow > 0 || toRow < packets.rows || this.options.partial !== undefined) {
      return this.#addSplit(packets, observations, fromRow, toRow);
    }
    const { low, high } = timesOf(packets);
    const newest = this.#open.at(-1);
    if (
      newest !== undefined &&
      low >= newest.startSeconds * 1e6 &&
      high < newest.startSeconds * 1e6 + this.#lengthMicros
    ) {
      // All in the newest window: time moves within it, and nothing can be late or close.
      this.#clock.leaps(high);
      if (!this.options.live) {
        this.#firstMicros = Math.min(this.#firstMicros, low);
        this.#nowMicros = Math.max(this.#nowMicros, high);
      }
      this.#count(newest, 0, observations.rows);
      return toRow;
    }
    return this.#addSplit(packets, observations, 0, packets.rows);
  }

  /** Packet by packet, where a batch touches more than the newest window. */
  #addSplit(packets: PacketBatch, observations: ObservationBatch, fromRow: number, toRow: number): number {
    let from = 0;
    while (from < observations.rows && observations.packet[from]! < fromRow) from++;
    for (let p = fromRow; p < toRow; p++) {
      let to = from;
      while (to < observations.rows && observations.packet[to] === p) to++;
      const at = packets.atMicros[p]!;
      if (!this.#isWithin(at)) {
        from = to;
        continue;
      }
      const leapt = !this.#isTimed && this.#clock.leaps(at);
      if (!this.options.live && !this.#isTimed) {
        if (at < this.#firstMicros) this.#firstMicros = at;
        if (Number.isNaN(this.#nextStart)) this.#begin(at);
        const before = this.#closed.length;
        if (!leapt) this.#advance(this.#clock.nowMicros);
        this.#isTimed = this.#closed.length > before;
        if (this.#isTimed) return p;
      }
      this.#isTimed = false;
      const start = windowStart(at, this.options.intervalSeconds);
      this.#count(leapt ? this.#late.window(start, this.#nextStart) : this.#windowAt(start), from, to);
      from = to;
    }
    return toRow;
  }

  /** Counts flows that somebody else has counted, those of one span of time after those of another. */
  addFlows(flows: CountedFlows): void {
    this.#follow();
    addFlows(flows, {
      memory: this.#memory,
      intervalSeconds: this.options.intervalSeconds,
      count: this.count,
      interfaceOf: this.#classes.interfaceOf,
      isWanted: this.#isWanted,
      wanted: this.#wanted,
      windowAt: (start) => this.#windowAt(start),
      room: (window) => this.#roomBeside(window),
    });
  }

  #roomBeside(window: Window): number {
    const elsewhere = this.#open.reduce((rows, open) => rows + (open === window ? 0 : open.flows.rows), this.#heldRows);
    return this.options.maxFlows - elsewhere;
  }

  #isWithin(atMicros: number): boolean {
    return atMicros >= this.#wanted.fromMicros && atMicros < this.#wanted.toMicros;
  }

  /** Start of the first window that has not closed, in seconds. */
  get openSince(): number {
    return this.#nextStart;
  }

  /** All that a partial window gathers was given out. */
  get isOver(): boolean {
    const { partial } = this.options;
    return partial !== undefined && this.#nextStart >= partial.untilSeconds && !this.waiting;
  }

  /** Live: the clock's time. Windows whose end it has passed by 2 s close. */
  tick(nowMicros: number): void {
    // A machine that slept did not run: windows in between have nothing to say.
    if (nowMicros - this.#nowMicros > HOUR_MICROS && this.#nowMicros > 0) {
      this.#closeUpTo(this.#nowMicros);
      this.#begin(nowMicros);
    }
    this.#advance(nowMicros);
  }

  /**
   * Other interfaces from now on: those that are new, which are given back, have their first window from `atMicros`, those that
   * are gone get no NODATA any more.
   */
  watch(interfaces: readonly number[], atMicros: number): readonly number[] {
    const added = interfaces.filter((number) => this.#isWanted[number] !== 1);
    for (const number of added) this.#sinceMicros.set(number, atMicros);
    this.#want(interfaces);
    return added;
  }

  #want(interfaces: readonly number[]): void {
    this.#interfaces = interfaces;
    this.#isWanted = new Uint8Array((interfaces.at(-1) ?? 0) + 1);
    for (const number of interfaces) this.#isWanted[number] = 1;
    this.#tellFacts(0);
    for (const window of [...this.#open, ...this.#late.all()])
      if (window.lost.length < this.#isWanted.length) window.lost = widened(window.lost, this.#isWanted.length);
  }

  /** The source lost packets; nobody knows at which interface. */
  lose(atMicros: number): void {
    if (!this.#isWithin(atMicros)) return;
    this.#windowAt(windowStart(atMicros, this.options.intervalSeconds)).lossy = true;
  }

  /** The source has ended: every window closes. Live: `atMicros` is when. */
  end(atMicros: number = this.#nowMicros): void {
    if (!Number.isNaN(this.#nextStart)) this.#closeUpTo(atMicros);
    this.#late.release(this.#nextStart);
  }

  /** True while closed windows wait to be taken. */
  get waiting(): boolean {
    return this.#closed.length > 0;
  }

  /**
   * Fills a batch from the closed windows, one window to a batch; null when none is left.
   *
   * @param buffer  `flowBatchBytes()` bytes; the batch's from then on
   */
  take(buffer: ArrayBuffer, snapshotVersion: number): FlowBatch | null {
    const window = this.#closed[0];
    if (window === undefined) return null;
    this.#follow();
    this.#drain ??= new Drain(window, {
      intervalSeconds: this.options.intervalSeconds,
      interfaces: this.#interfaces,
      sinceMicros: this.#sinceMicros,
      interfaceOf: this.#classes.interfaceOf,
      notJudged: (number) => this.#notJudgedOf(number),
    });
    const before = this.#drain.packets;
    const batch = flowBatchOver(buffer, {
      snapshotVersion,
      windowStartSeconds: window.startSeconds,
      intervalSeconds: this.options.intervalSeconds,
      open: false,
      partial: this.options.partial?.number ?? 0,
    });
    const done = this.#drain.fill(batch);
    const given = this.#drain.packets - before;
    this.count.out += given;
    this.count.held -= given;
    if (done) {
      this.#drain = null;
      this.#closed.shift();
      this.#heldRows -= window.flows.rows;
      this.#pool.recycle(window);
    }
    return batch;
  }

  /**
   * What gathers now, as rows of open windows; nothing is given out by it. To be asked when nothing waits to be taken.
   *
   * @param fresh     gives buffers of `flowBatchBytes()`
   * @param toMicros  only of the window in which that lies, with NODATA and SKIPDATA up to then; not given: of all, and
   *                  without, for that is known when a window closes
   */
  look(fresh: () => ArrayBuffer, snapshotVersion: number, toMicros?: number): FlowBatch[] {
    this.#follow();
    const { intervalSeconds, partial } = this.options;
    const batches: FlowBatch[] = [];
    for (const window of toMicros === undefined ? [...this.#open, ...this.#late.all()] : this.#upTo(toMicros)) {
      const drain = new Drain(window, {
        intervalSeconds,
        interfaces: toMicros === undefined ? [] : this.#interfaces,
        sinceMicros: this.#sinceMicros,
        interfaceOf: this.#classes.interfaceOf,
        notJudged: (number) => this.#notJudgedOf(number),
      });
      for (let done = toMicros === undefined && window.flows.rows === 0; !done;) {
        const batch = flowBatchOver(fresh(), {
          snapshotVersion,
          windowStartSeconds: window.startSeconds,
          intervalSeconds,
          open: true,
          partial: partial?.number ?? 0,
        });
        done = drain.fill(batch);
        batches.push(batch);
      }
    }
    return batches;
  }

  /** The window in which a time lies, as it would be if the source ended there; none where that is its first moment. */
  #upTo(toMicros: number): Window[] {
    const start = windowStart(toMicros, this.options.intervalSeconds);
    if (start * 1e6 === toMicros || start < this.#nextStart || !this.#isToClose(start)) return [];
    const window = this.#open.find((one) => one.startSeconds === start) ?? this.#pool.silent(start);
    return [{ ...window, run: { fromMicros: this.#firstMicros, toMicros }, early: this.#late.earlyOf(start) }];
  }

  #isToClose(startSeconds: number): boolean {
    return startSeconds * 1e6 < this.#wanted.toMicros;
  }

  #notJudgedOf(number: number): number {
    let decision = this.#notJudged.get(number);
    if (decision === undefined) {
      decision = notJudged(this.options.decisions, number);
      this.#notJudged.set(number, decision);
    }
    return decision;
  }

  #follow(): void {
    const known = this.#classes.known;
    this.#classes.follow(this.options.decisions.list);
    if (this.#classes.known === known) return;
    this.#facts.reserve(this.#classes.known * FACT_BYTES);
    this.#tellFacts(known);
  }

  /** Tells the flow tables of decisions: merge class, interface, whether it is wanted. */
  #tellFacts(from: number): void {
    const { known, classOf, interfaceOf } = this.#classes;
    const { i32 } = this.#facts;
    for (let number = from; number < known; number++) {
      i32[number * 2] = classOf[number]!;
      i32[number * 2 + 1] = interfaceOf[number]! * 2 + (this.#isWanted[interfaceOf[number]!] ?? 0);
    }
  }

  #count(window: Window, from: number, to: number): void {
    const room = this.#roomBeside(window);
    const lostBefore = window.late || room < window.flows.rows + (to - from) ? sum(window.lost) : -1;
    const counted = window.flows.add(from, to, room, window.lost);
    const lost = lostBefore < 0 ? 0 : sum(window.lost) - lostBefore;
    this.count.in += counted + lost;
    this.count.held += counted;
    if (lost > 0) this.count.lost['table-full'] = (this.count.lost['table-full'] ?? 0) + lost;
    if (window.late && counted + lost > 0) this.count.notes['late'] = (this.count.notes['late'] ?? 0) + counted + lost;
  }

  #begin(atMicros: number): void {
    // Windows before the first packet's are open as long as their lag lasts: what comes out of order is not late.
    this.#nextStart = windowStart(atMicros - this.#lagMicros, this.options.intervalSeconds);
    this.#firstMicros = atMicros;
    this.#nowMicros = atMicros;
  }

  /** Moves now on and closes the windows behind it. */
  #advance(nowMicros: number): void {
    if (nowMicros <= this.#nowMicros) return;
    const before = this.#nowMicros;
    this.#nowMicros = nowMicros;
    let closedAny = false;
    const { intervalSeconds } = this.options;
    while (
      nowMicros >= (this.#nextStart + intervalSeconds) * 1e6 + this.#lagMicros &&
      this.#isToClose(this.#nextStart)
    ) {
      if (!this.options.live && this.#open.length === 0) {
        // Nothing gathers: windows more than an hour from a packet on either side say nothing.
        const silentFrom =
          windowStart(before + HOUR_MICROS, this.options.intervalSeconds) + this.options.intervalSeconds;
        const silentTo = windowStart(
          Math.min(nowMicros, this.#clock.agreedFromMicros) - HOUR_MICROS,
          this.options.intervalSeconds,
        );
        if (this.#nextStart >= silentFrom && this.#nextStart < silentTo) {
          this.#nextStart = silentTo;
          continue;
        }
      }
      this.#closeNext({ fromMicros: this.#firstMicros, toMicros: Infinity });
      closedAny = true;
    }
    if (closedAny) this.#late.release(this.#nextStart);
  }

  /** Closes all that has begun by a time at which the source stopped. */
  #closeUpTo(atMicros: number): void {
    const last = windowStart(atMicros, this.options.intervalSeconds);
    while ((this.#nextStart <= last && this.#isToClose(this.#nextStart)) || this.#open.length > 0)
      this.#closeNext({ fromMicros: this.#firstMicros, toMicros: atMicros });
  }

  #closeNext(run: RunSpan): void {
    const start = this.#nextStart;
    const index = this.#open.findIndex((window) => window.startSeconds === start);
    const window = index >= 0 ? this.#open.splice(index, 1)[0]! : this.#pool.silent(start);
    window.run = run;
    window.early = this.#late.earlyOf(start);
    this.#late.forget(start);
    this.#close(window);
    this.#nextStart = start + this.options.intervalSeconds;
  }

  #close(window: Window): void {
    this.#heldRows += window.flows.rows;
    this.#closed.push(window);
  }

  #windowAt(start: number): Window {
    return start < this.#nextStart ? this.#late.window(start, this.#nextStart) : this.#openWindow(start);
  }

  *#interfacesOf(window: Window): Generator<number, void, undefined> {
    this.#follow();
    for (const decision of window.flows.decisions()) yield this.#classes.interfaceOf[decision]!;
  }

  #openWindow(start: number): Window {
    const known = this.#open.find((window) => window.startSeconds === start);
    if (known !== undefined) return known;
    const window = this.#pool.fresh(start, false, this.#isWanted.length);
    this.#open.push(window);
    this.#open.sort((a, b) => a.startSeconds - b.startSeconds);
    return window;
  }
}
