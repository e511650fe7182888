/**
 * What somebody else's firewall does to the packets of this host, read from a table of ours that only counts.
 *
 * In:    which device is which interface, and when a generation is to end. Out: flows that passed and flows that were dropped.
 * Holds: calls run one after the other. Ends as `KernelTables` does: all before `endMicros` is told, with the decision
 *        `host-firewall`. Where something seems dropped a short second generation follows, in which packets that were on their
 *        way come out; it is told with the next end. Chains of somebody else are looked for at each end, and pairs
 *        added where they are; none is taken away. Where our table was taken away or cannot be read it is made anew, and
 *        what each device received and sent since is lost.
 * Fails: FG_NFT_FAILED where it cannot be made anew.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { ListSets } from '../../privileged/list-sets.ts';
import { listByNft } from '../../privileged/list-sets.ts';
import type { Nft } from '../../privileged/run-nft.ts';
import { CHAINS, changesPackets } from '../../privileged/nft-script.ts';
import { REMOVAL } from '../../privileged/serve-nft.ts';
import { failure, FlowgaugeError } from '../../../model/errors.ts';
import type { DecisionTable } from '../../../network/verdict/decisions.ts';
import type { VpcSnapshot } from '../../../network/vpc/snapshot.ts';
import type { FlowRows } from '../../../model/batch.ts';
import { appendFlow, createFlowRows } from '../flow-rows.ts';
import type { Generation } from '../flow-sets.ts';
import { emptyScript, GENERATIONS, markElement, overScript, SIZE } from '../flow-sets.ts';
import type { Ended, KernelSource, Ties } from '../kernel-source.ts';
import { LEAST_ERROR_MICROS } from '../kernel-source.ts';
import { REST_MILLIS } from '../kernel-tables.ts';
import type { FlowElements } from '../flow-elements.ts';
import type { GenerationRead } from '../read-generation.ts';
import { capacityAfter, Counters, readGenerations, setNames } from '../read-generation.ts';
import type { Ruleset } from '../ruleset.ts';
import { scriptOf } from '../ruleset.ts';
import { SpareRoom } from '../spare.ts';
import { Carry, timedBy } from './carry.ts';
import type { SetSizes } from './compile-observation.ts';
import { compileObservation, DEVICE_WORD, deviceKey, NEVER_LOGGED, setsOf } from './compile-observation.ts';
import { foreignChains } from './foreign-chains.ts';
import type { Link } from './links.ts';
import { grownSince, LinkTable } from './links.ts';
import type { Needs, Point, Stage } from './stages.ts';
import { pointsOf, stagesOf } from './stages.ts';

/** What an end of observation has besides. */
export type Observed = Ended & {
  /** The table had been taken away, or could not be read, and was made anew: `lost` has what that cost. */
  readonly rebuilt: boolean;
};

export type ObservationOptions = {
  readonly nft: Nft;
  /** Reads sets; default: through `nft`. */
  readonly list?: ListSets;
  readonly links: () => readonly Link[];
  readonly decisions: DecisionTable;
  readonly shards: number;
  /** Elements that a set takes; default 65,536. */
  readonly size?: number;
  /** Counters for which room is made at most, when flows are many; default none beside the kernel's. */
  readonly spare?: number;
  /** Microseconds since 1970 UTC. */
  readonly now: () => number;
};

/** What the kernel has. */
type Standing = {
  readonly needs: Needs;
  readonly stages: readonly Stage[];
  readonly rules: Ruleset;
  readonly active: Generation;
};

/** So long a packet is between two points at most; those that wait for a program (NFQUEUE) may be longer. */
const UNDERWAY_MICROS = 100_000;
/** An element of a known time lives for an hour. */
const MARK_MICROS = 1_800_000_000;

/** The table of one network namespace. */
export class ObservedTables implements KernelSource {
  readonly #options: ObservationOptions;
  readonly #sizes: SetSizes;
  readonly #links = new LinkTable();
  readonly #counters = new Counters();
  readonly #carries = new Map<string, Carry>();
  /** Room for counters of new flows. */
  readonly room: SpareRoom;
  /** Rows of each point and generation, by the set of what found no room. */
  readonly #capacities = new Map<string, number>();
  #standing: Standing | null = null;
  /** When sets that keep times got their element of a known time. */
  readonly #marks = new Map<string, { readonly micros: number; readonly errorMicros: number }>();
  /** Sets of rules that were made, and the last script that led to each. */
  readonly #compiled = new Map<string, Ruleset>();
  readonly #scripts = new Map<Ruleset, { readonly from: Ruleset; readonly script: string }>();
  /** Devices when the last generation ended that was read. */
  #read: readonly Link[] = [];
  /** What was read and is told with the next end. */
  #held = new Gathered();
  /** Interfaces and flow logs of the network that is followed. */
  #followed = '';
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ObservationOptions) {
    this.#options = options;
    this.#sizes = { shards: options.shards, size: options.size ?? SIZE };
    this.room = new SpareRoom(
      options.spare ?? 0,
      (script) => this.#run(script),
      (turn) => this.#next(turn),
    );
  }

  /**
   * Begins to count, or takes other interfaces from now on.
   *
   * @returns what was counted before, which ends with it; nothing where the network has the same interfaces and flow logs, for
   *          nothing else of it makes a difference here
   */
  load({ flowLogs }: VpcSnapshot, ties: Ties): Promise<Observed | undefined> {
    return this.#next(async () => {
      const next = JSON.stringify([[...ties], flowLogs.map(({ id, interfaces }) => [id, interfaces])]);
      const ended = this.#standing === null || next === this.#followed ? undefined : await this.#end(false);
      this.#followed = next;
      this.#links.tie(ties);
      if (this.#standing === null) await this.#make();
      return ended;
    });
  }

  /** Ends the generation and gives what it had. */
  end(): Promise<Observed> {
    return this.#next(() => this.#end(false));
  }

  /** Takes the table away; what it had counted until then. */
  remove(): Promise<Observed | undefined> {
    return this.#next(async () => {
      const ended = this.#standing === null ? undefined : await this.#end(true);
      await this.#run(REMOVAL);
      this.#standing = null;
      return ended;
    });
  }

  #next<T>(run: () => Promise<T>): Promise<T> {
    const done = this.#last.then(run);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Runs a script that is sure to leave packets alone. */
  #run(script: string, hear?: (text: string) => void): Promise<void> {
    const line = changesPackets(script);
    if (line !== null) return Promise.reject(failure('FG_NFT_REFUSED', line));
    return this.#options.nft(script, hear);
  }

  async #look(): Promise<{ readonly needs: Needs; readonly stands: boolean }> {
    let text = '';
    await this.#options.nft(CHAINS, (piece) => (text += piece));
    const { needs, own } = foreignChains(text);
    const had = this.#standing;
    if (had === null) return { needs, stands: false };
    const bases = [...had.rules.chains].filter(([, { base }]) => base !== null);
    return {
      needs: { pairs: new Set([...had.needs.pairs, ...needs.pairs]), nat: needs.nat },
      stands: bases.every(([name]) => own.has(name)),
    };
  }

  /** Makes the table, whatever of it is there. */
  async #make(): Promise<void> {
    this.#standing = null;
    const { needs } = await this.#look();
    const stages = stagesOf(needs);
    const rules = this.#rulesOf(needs, 'a');
    await this.#run(`${REMOVAL}${scriptOf(rules, null)}`);
    this.#counters.forget();
    this.room.forget();
    this.#marks.clear();
    this.#read = this.#options.links();
    this.#links.turn(this.#read);
    await this.#empty([], stages, this.#read);
    this.#standing = { needs, stages, rules, active: 'a' };
  }

  /** @param isLast  nothing is told with a next end */
  async #end(isLast: boolean): Promise<Observed> {
    const told = this.#held;
    this.#held = isLast ? told : new Gathered();
    let endMicros = this.#options.now();
    let rebuilt = false;
    try {
      const { needs, stands } = await this.#look();
      if (stands) {
        await this.#turn(needs, told, told);
        const waits = [...this.#carries.values()].some((carry) => carry.waits);
        if (isLast) endMicros = this.#options.now();
        if (waits) await this.#turn(needs, told, this.#held);
      } else rebuilt = true;
    } catch (error) {
      // Taken away while it was read; what else it may be is seen when it is made anew.
      if (!(error instanceof FlowgaugeError) || error.code !== 'FG_NFT_FAILED') throw error;
      rebuilt = true;
    }
    if (rebuilt) {
      await this.#rebuild(told);
      told.untilMicros = this.#options.now();
    }
    this.#links.forgetGone();
    return { ...told.ended(), rebuilt, endMicros };
  }

  /** What was counted is lost: as many packets as each device received and sent. */
  async #rebuild(told: Gathered): Promise<void> {
    const links = this.#options.links();
    const names = new Map(links.map(({ index, name }) => [index, name]));
    const none = { early: createFlowRows(1), late: createFlowRows(1), quietBefore: 0 };
    for (const stage of this.#standing?.stages ?? []) {
      const rows = this.#carries.get(stage.late.name)?.settle(none).rows;
      if (rows !== undefined) this.#add(stage, rows, 'REJECT', (index) => names.get(index) ?? null, told);
    }
    for (const { name, received, sent } of grownSince(this.#read, links)) {
      const at = this.#links.interfaceOf(name);
      told.lose(this.#decision(at, 'ingress', 'ACCEPT'), received);
      told.lose(this.#decision(at, 'egress', 'ACCEPT'), sent);
    }
    await this.#make();
  }

  /**
   * Ends a generation.
   *
   * @param drops  where to put what was dropped in the generation before
   * @param passes where to put what passed in this one
   */
  async #turn(needs: Needs, drops: Gathered, passes: Gathered): Promise<void> {
    const { stages: had, rules, active } = this.#standing!;
    const next = active === 'a' ? 'b' : 'a';
    const stages = stagesOf(needs);
    const nextRules = this.#rulesOf(needs, next);
    const script = this.#scriptTo(nextRules, rules);
    const swapMicros = this.#options.now();
    await this.#run(script);
    drops.untilMicros = passes.untilMicros = this.#options.now();
    this.#standing = { needs, stages, rules: nextRules, active: next };
    const links = this.#options.links();
    const { nameOf } = this.#links.turn(links);
    await wait(REST_MILLIS);
    await this.#counters.read(this.#options.nft);
    const points = pointsOf(had);
    const all = points.map((point) => setsOf(point, active, this.#sizes));
    const read = await readGenerations(all, {
      list: this.#options.list ?? listByNft(this.#options.nft),
      counters: this.#counters,
      endMicros: swapMicros,
      words: DEVICE_WORD,
      capacity: ({ over }) => this.#capacities.get(over) ?? capacityAfter(0),
      beganMicros: (set) => this.#marks.get(set)?.micros ?? null,
    });
    const readAt: ReadPoint = ({ name }) => read[points.findIndex((point) => point.name === name)]!;
    const error = Math.max(0, ...[...this.#marks.values()].map(({ errorMicros }) => errorMicros));
    const quietBefore = swapMicros - error - UNDERWAY_MICROS;
    for (const to of [drops, passes]) to.errorMicros = Math.max(to.errorMicros, error + LEAST_ERROR_MICROS);
    for (const stage of had) this.#stage(stage, readAt, quietBefore, nameOf, drops, passes);
    const filled = all.flatMap(({ kinds, over }) => {
      const grown = kinds.filter(({ counter }) => this.#counters.grown(counter) > 0);
      return grown.length === 0 ? [] : setNames({ kinds: grown, over });
    });
    const aged = swapMicros - MARK_MICROS;
    const old = all.flatMap(setNames).filter((set) => (this.#marks.get(set)?.micros ?? Infinity) < aged);
    await this.#empty([...new Set([...filled, ...old])], stages, links);
    passes.pass('never-logged', this.#counters.grown(NEVER_LOGGED));
    this.#counters.settle([NEVER_LOGGED, ...all.flatMap(({ kinds }) => kinds.map(({ counter }) => counter))]);
    this.#read = links;
    for (const [at, { over }] of all.entries()) this.#capacities.set(over, capacityAfter(read[at]!.elements.rows.rows));
    this.room.follow(read.reduce((sum, { elements }) => sum + elements.rows.rows, 0));
  }

  /** The rules of these needs; the same object each time. */
  #rulesOf(needs: Needs, active: Generation): Ruleset {
    const key = `${[...needs.pairs].toSorted().join(' ')} ${needs.nat} ${active}`;
    const rules = this.#compiled.get(key) ?? compileObservation(stagesOf(needs), needs.nat, active, this.#sizes);
    this.#compiled.set(key, rules);
    return rules;
  }

  /** Most ends turn back to what the one before them left. */
  #scriptTo(rules: Ruleset, from: Ruleset): string {
    const known = this.#scripts.get(rules);
    if (known?.from === from) return known.script;
    const script = scriptOf(rules, from);
    this.#scripts.set(rules, { from, script });
    return script;
  }

  /**
   * Empties sets, and puts an element of a known time into each that keeps times and has none: when it is empty there is
   * room. Sets of what found no room get an element for each device.
   */
  async #empty(names: readonly string[], stages: readonly Stage[], links: readonly Link[]): Promise<void> {
    for (const name of names) this.#marks.delete(name);
    const timed = pointsOf(stages).filter(({ times }) => times);
    const kinds = timed.flatMap((point) => GENERATIONS.flatMap((one) => setsOf(point, one, this.#sizes).kinds));
    const unmarked = kinds.flatMap(({ kind, sets }) =>
      sets
        .flatMap(({ name, last }) => [[name, kind] as const, [last!, null] as const])
        .filter(([name]) => !this.#marks.has(name))
        .map(([name, of]) => [name, markElement(name, of)] as const),
    );
    const words = links.map(({ index }) => deviceKey(index));
    const over = pointsOf(stages)
      .flatMap((point) => GENERATIONS.map((one) => setsOf(point, one, this.#sizes).over))
      .filter((name) => !this.#marks.has(name));
    const ready = over.map((name) => overScript(name, words)).join('');
    const script = emptyScript(names) + unmarked.map(([, line]) => `${line}\n`).join('') + ready;
    if (script === '') return;
    const from = this.#options.now();
    await this.#run(script);
    const to = this.#options.now();
    for (const name of [...unmarked.map(([one]) => one), ...over])
      this.#marks.set(name, { micros: (from + to) / 2, errorMicros: (to - from) / 2 });
  }

  #stage(
    stage: Stage,
    readAt: ReadPoint,
    quietBefore: number,
    nameOf: NameOf,
    drops: Gathered,
    passes: Gathered,
  ): void {
    const late = readAt(stage.late);
    passes.note(late);
    const early = stage.early === null ? null : readAt(stage.early);
    if (early === null) {
      for (const [index, packets] of late.elements.lost)
        passes.lose(this.#decision(this.#links.interfaceOf(nameOf(index)), stage.direction, 'ACCEPT'), packets);
    } else {
      passes.note(early);
      this.#pair(stage, early.elements, late.elements, quietBefore, nameOf, drops, passes);
    }
    if (!stage.accepts) return;
    if (early !== null) timedBy(early.elements.rows, late.elements.rows);
    this.#add(stage, late.elements.rows, 'ACCEPT', nameOf, passes);
  }

  #pair(
    stage: Stage,
    early: FlowElements,
    late: FlowElements,
    quietBefore: number,
    nameOf: NameOf,
    drops: Gathered,
    passes: Gathered,
  ): void {
    const carry = this.#carries.get(stage.late.name) ?? new Carry(!stage.reroutes);
    this.#carries.set(stage.late.name, carry);
    const { rows, lateOnly } = carry.settle({ early: early.rows, late: late.rows, quietBefore });
    this.#add(stage, rows, 'REJECT', nameOf, drops);
    for (const index of new Set([...early.lost.keys(), ...late.lost.keys()])) {
      const at = this.#links.interfaceOf(nameOf(index));
      const [wentIn, cameOut] = [early.lost.get(index) ?? 0, late.lost.get(index) ?? 0];
      if (stage.accepts) passes.lose(this.#decision(at, stage.direction, 'ACCEPT'), cameOut);
      // With all that is named, dropped or passed, this makes what went in.
      const dropped = wentIn - cameOut - (lateOnly.get(index) ?? 0);
      passes.lose(this.#decision(at, stage.direction, 'REJECT'), dropped);
    }
  }

  #add(stage: Stage, rows: FlowRows, action: 'ACCEPT' | 'REJECT', nameOf: NameOf, to: Gathered): void {
    for (let row = 0; row < rows.rows; row++) {
      const at = this.#links.interfaceOf(nameOf(rows.decision[row]!));
      if (at === 0) to.pass('foreign', rows.packets[row]!);
      else to.rows.decision[appendFlow(to.rows, rows, row)] = this.#decision(at, stage.direction, action);
    }
  }

  #decision(at: number, direction: 'ingress' | 'egress', action: 'ACCEPT' | 'REJECT'): number {
    if (at === 0) return 0;
    return this.#options.decisions.numberOf({
      interface: at,
      direction,
      action,
      stage: 'host-firewall',
      rule: 0,
      rejectReason: null,
      source: 'kernel',
    });
  }
}

type NameOf = (index: number) => string | null;
type ReadPoint = (point: Point) => GenerationRead;

/** What one end tells, under construction. */
class Gathered {
  readonly rows = createFlowRows(1024);
  /** As `Ended` has them. */
  untilMicros = 0;
  errorMicros = LEAST_ERROR_MICROS;
  readonly #lost = new Map<number, number>();
  readonly #passedOver: Record<string, number> = {};
  #counters = 0;
  #unread = 0;
  #odd = 0;
  #firstOdd: string | null = null;

  /** Packets without a record, by decision; of no interface with 0. */
  lose(decision: number, packets: number): void {
    if (packets <= 0) return;
    if (decision === 0) this.pass('foreign', packets);
    else this.#lost.set(decision, (this.#lost.get(decision) ?? 0) + packets);
  }

  pass(cause: string, packets: number): void {
    this.#passedOver[cause] = (this.#passedOver[cause] ?? 0) + packets;
  }

  note({ elements, unread }: GenerationRead): void {
    this.#counters += elements.rows.rows;
    this.#unread += unread;
    this.#odd += elements.odd;
    this.#firstOdd ??= elements.firstOdd;
  }

  ended(): Omit<Ended, 'endMicros'> {
    const { rows, untilMicros, errorMicros } = this;
    return {
      rows,
      untilMicros,
      errorMicros,
      counters: this.#counters,
      lost: this.#lost,
      passedOver: this.#passedOver,
      unread: this.#unread,
      odd: this.#odd,
      firstOdd: this.#firstOdd,
    };
  }
}
