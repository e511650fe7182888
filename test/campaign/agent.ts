/**
 * An agent of the campaign: publishes windows of flows that nobody has twice, until it is through or killed.
 *
 * In:    its plan as JSON in the first argument. Out: a JSON line for each window that has closed, then what was counted.
 * Holds: flow `n` of window `w` of agent `a` is the record whose source address is made of the three. Time is a clock of
 *        its own, which may jump; pauses are a twentieth of what they would be.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { createPrintSide } from '../../src/app/collector/print-side.ts';
import { openSnapshot } from '../../src/app/collector/open-snapshot.ts';
import { optionFlowLog } from '../../src/app/collector/option-flow-log.ts';
import { publisherSink } from '../../src/app/collector/sinks.ts';
import { FlowgaugeError } from '../../src/model/errors.ts';
import { flowBatchBytes, flowBatchOver } from '../../src/model/batch.ts';
import type { FlowBatch } from '../../src/model/batch.ts';
import type { Decision, VpcSnapshot } from '../../src/network/vpc/snapshot.ts';
import { destinationsOf, isLocal } from '../../src/publish/destinations/list.ts';
import type { Pace } from '../../src/publish/pace.ts';
import { openPublisher } from '../../src/publish/publisher.ts';
import type { SpoolLimits } from '../../src/publish/room.ts';

export type Plan = {
  readonly agent: number;
  readonly spool: string;
  /** `local`: the directory `place`; else a bucket of the server `place`. */
  readonly bucket: string;
  readonly place: string;
  readonly limits: Partial<SpoolLimits>;
  readonly firstSeconds: number;
  readonly firstWindow: number;
  readonly windows: number;
  readonly flows: number;
  /** Milliseconds by which the clock jumps before a window, by its number. */
  readonly jumps: Readonly<Record<number, number>>;
};

/** A line of the agent. */
export type Told =
  | { readonly window: number }
  | {
      readonly ended: true;
      readonly left: number;
      readonly lost: Readonly<Record<string, number>>;
      readonly lostPackets: number;
    };

export const FORMAT = '${interface-id} ${srcaddr} ${packets} ${start} ${end} ${log-status}';
/** Interfaces 1 and 2 take turns. */
export const INTERFACES = ['', 'eni-00000000000000001', 'eni-00000000000000002'];

/** Flows of each window that its flow log leaves out: rejected ones. */
export const FILTERED = 10;

/** Packets of a flow: no number that tells anything else. */
export function packetsOf(n: number): number {
  return 1 + (n % 97);
}

const RANGES = { createDate: '', names: [''], lookup: () => 0 };
const judged = (at: number, action: Decision['action']): Decision => ({
  interface: at,
  direction: 'ingress',
  action,
  stage: 'not-judged',
  rule: 0,
  rejectReason: null,
  source: 'none',
});
const JUDGED = (['ACCEPT', 'REJECT'] as const).flatMap((action) => [1, 2].map((at) => judged(at, action)));

function snapshotOf(plan: Plan): VpcSnapshot {
  const open = openSnapshot();
  const [none, one] = open.interfaces;
  const interfaces = [none!, ...[1, 2].map((number) => ({ ...one!, number, id: INTERFACES[number]! }))];
  const layout = { fileFormat: 'plain-text', hive: false, hourly: false } as const;
  const snapshot = { ...open, interfaces };
  const flowLog = optionFlowLog({ format: FORMAT, intervalSeconds: 60, traffic: 'ACCEPT', ...layout }, snapshot);
  const destination = { type: 's3', bucket: plan.bucket, prefix: '', ...layout } as const;
  return { ...snapshot, flowLogs: [{ ...flowLog, destination }] };
}

function batchOf({ agent, firstSeconds, flows }: Plan, window: number): FlowBatch {
  const capacity = Math.ceil((flows + FILTERED) / 8) * 8;
  const windowStartSeconds = firstSeconds + window * 60;
  const head = { snapshotVersion: 1, windowStartSeconds, intervalSeconds: 60, open: false };
  const batch = flowBatchOver(new ArrayBuffer(flowBatchBytes(capacity)), head, 0, capacity);
  for (let n = 0; n < flows + FILTERED; n++) {
    const row = batch.rows++;
    batch.decision[row] = 1 + (n % 2) + (n < flows ? 0 : 2);
    batch.family[row] = 4;
    // 10.agent.…: four bits of agent, eight of window, twelve of flow.
    batch.src[row * 4] = ((10 << 24) | (agent << 20) | (window << 12) | n) >>> 0;
    batch.packets[row] = packetsOf(n);
    batch.firstMicros[row] = windowStartSeconds * 1e6;
    batch.lastMicros[row] = (windowStartSeconds + 59) * 1e6;
  }
  return batch;
}

const tell = (told: Told): void => console.log(JSON.stringify(told));

async function run(plan: Plan): Promise<void> {
  let ahead = 0;
  const pace: Pace = {
    now: () => Date.now() + ahead,
    elapsed: () => performance.now(),
    random: Math.random,
    wait: (millis, signal, holds = false) => wait(millis / 20, undefined, { signal, ref: holds }).catch(() => {}),
  };
  const snapshot = snapshotOf(plan);
  let lostPackets = 0;
  const publisher = await openPublisher({
    flowLogs: snapshot.flowLogs,
    hostId: `campaign-${plan.agent}`,
    spoolDir: plan.spool,
    threads: 1,
    isLocal,
    pace,
    limits: plan.limits,
    destinationOf: destinationsOf(plan.place, {
      aws: { endpoint: plan.place, region: 'us-east-1', attempts: 1, idleMillis: 2000 },
      writing: {},
    }),
    delivered: (object) => (lostPackets += object.lostPackets),
  });
  const sink = publisherSink(publisher, snapshot.flowLogs, () => {});
  const parts = [{ flowLog: 0, seconds: 60, interfaces: [1, 2] }] as const;
  const side = createPrintSide(snapshot, parts, RANGES, sink);
  for (let window = plan.firstWindow; window < plan.windows; window++) {
    ahead += plan.jumps[window] ?? 0;
    await side.flows(batchOf(plan, window), 1, window === plan.firstWindow ? JUDGED : []);
    await side.closed();
    tell({ window });
    // Deliveries and their troubles have a moment each.
    await wait(8);
  }
  let left = 0;
  await publisher.close().catch((error: unknown) => {
    if (!(error instanceof FlowgaugeError) || error.code !== 'FG_NOT_DELIVERED') throw error;
    left = publisher.count.held;
  });
  tell({ ended: true, left, lost: publisher.count.lost, lostPackets });
}

/** A spool that has no room for a beginning: whoever started it may try again, as a service manager does. */
export const NO_ROOM = 75;

if (import.meta.main)
  await run(JSON.parse(process.argv[2] ?? '{}') as Plan).catch((error: unknown) => {
    if (!(error instanceof FlowgaugeError) || error.code !== 'FG_DISK_FULL') throw error;
    process.exit(NO_ROOM);
  });
