/**
 * What judges packets: the face of this folder.
 *
 * In:    batches of packets. Out: observations, each with the number of a decision.
 * Holds: rule C: packets and observations add up; cutting the stream of packets anywhere changes no decision.
 */
import type { ObservationBatch, PacketBatch, SourceInfo } from '../../model/batch.ts';
import type { BatchMemory } from '../../model/batch-memory.ts';
import type { StageCount } from '../../model/counters.ts';
import { createStageCount } from '../../model/counters.ts';
import { createPaths } from '../vpc/path.ts';
import type { VpcSnapshot } from '../vpc/snapshot.ts';
import type { DecisionTable } from './decisions.ts';
import { Engine } from './engine.ts';
import { Observer } from './observer.ts';
import { CAUSES, Placement } from './placement.ts';
import { RuleImage } from './rule-image.ts';

/** Places packets at interfaces (rules P4, P5, P6) and judges them there (V1 to V8). */
export type Judge = {
  /** Fills `out` with the observations of a batch, in the order of its packets, egress before ingress. */
  judge(packets: PacketBatch, source: SourceInfo, out: ObservationBatch): void;
  /**
   * Rules change, connections stay. Numbers of interfaces and rules mean the same as before.
   *
   * @param named  devices by name from now on; not given: as before
   */
  update(snapshot: VpcSnapshot, named?: JudgeOptions['named']): void;
  /**
   * Interfaces that devices of the capture are tied to, ascending; a new list when it grows. Null where the capture has no
   * devices and sees the network once.
   */
  readonly tied: readonly number[] | null;
  /** In packets. */
  readonly count: StageCount;
  /** In observations; its notes are `picked-up`, `no-ports` and `tracking-evicted`. */
  readonly observations: StageCount;
  /** Entries of the table of connections: those that are tracked, and those remembered after their end. */
  readonly tracked: number;
};

/** What the capture says about where its frames were seen. */
export type JudgeOptions = {
  /** `--device NAME=eni-…`: name of a device of the capture → id of an interface of the model. */
  readonly named: ReadonlyMap<string, string>;
  /** `--vlan ID=vpc-…`: VLAN id → id of a VPC. */
  readonly vlans: ReadonlyMap<number, string>;
  /** True: devices of this host, tied by their MAC or addresses (rule P4). */
  readonly live: boolean;
  /** True: devices that are not named are tied to nothing. */
  readonly namedOnly?: boolean;
  /** Most connections that are tracked at once; 1,000,000 unless told (rule V3). */
  readonly maxConnections?: number;
  /** Where the batches lie that it is given; not given: elsewhere. */
  readonly memory?: BatchMemory;
};

/** Rule V3. */
const MAX_CONNECTIONS = 1_000_000;

/** The judge of a capture with a model. */
export function createJudge(snapshot: VpcSnapshot, decisions: DecisionTable, options: JudgeOptions): Judge {
  const count = createStageCount();
  const observations = createStageCount();
  let told = options;
  let paths = createPaths(snapshot);
  let placement = new Placement(snapshot, paths, options);
  const engine = new Engine(snapshot, paths, decisions, options.maxConnections ?? MAX_CONNECTIONS, options.memory);
  const image = new RuleImage();
  image.show(snapshot, placement, engine.rules);
  const observer = new Observer(engine, placement, image);

  const tellCounts = (): void => {
    const { lost, wrongReceivers } = observer;
    for (const [cause, name] of CAUSES.entries()) if ((lost[cause] ?? 0) > 0) count.lost[name] = lost[cause] ?? 0;
    if (wrongReceivers > 0) observations.lost['not-own-source'] = wrongReceivers;
    const { pickedUp, withoutPorts, evicted } = engine;
    if (pickedUp > 0) observations.notes['picked-up'] = pickedUp;
    if (withoutPorts > 0) observations.notes['no-ports'] = withoutPorts;
    if (evicted > 0) observations.notes['tracking-evicted'] = evicted;
  };
  return {
    count,
    observations,
    get tied() {
      return placement.tied;
    },
    get tracked() {
      return engine.table.size;
    },
    judge(packets, source, out) {
      const { rows } = packets;
      const { tied } = placement;
      placement.learn(source);
      if (placement.tied !== tied) observer.use(placement);
      if (rows > 0) engine.begin(packets.atMicros[0] as number);
      observer.observe(packets, out);
      count.in += rows;
      count.out = observer.seen;
      observations.out += out.rows;
      observations.in = observations.out + observer.wrongReceivers;
      tellCounts();
    },
    update(next, named) {
      paths = createPaths(next);
      if (named !== undefined) told = { ...told, named };
      placement = new Placement(next, paths, told);
      engine.update(next, paths);
      image.show(next, placement, engine.rules);
      observer.use(placement);
    },
  };
}
