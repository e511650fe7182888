/**
 * Causes of several interfaces that are one to people.
 *
 * In:    an attribution that took all records, the model over time. Out: groups of causes with their sums, peers, ports
 *        and interfaces.
 * Holds: an entry of an ACL is one cause wherever it denies; the default deny of the same set of groups is one, and so is
 *        what is not explained for the same reason. Each record is in one group.
 */
import type { Cause, ExampleRecord } from '../../api/rejects.ts';
import { formatAddress } from '../../network/vpc/addresses.ts';
import { isNewlyRejected } from '../rule-changes/caused-rejects.ts';
import type { Attribution } from './attribution.ts';
import type { RememberedFlow } from './flow-memory.ts';
import type { ModelTimes } from './model-times.ts';

/** What was counted of a group of causes. */
export type CauseGroup = {
  /** That with the most records. */
  cause: Cause;
  example: ExampleRecord;
  /** Ids of the security groups that have no rule for it; null where that is not it. */
  readonly groups: readonly string[] | null;
  records: number;
  packets: number;
  bytes: number;
  firstSeconds: number;
  lastSeconds: number;
  /** Records by interface, remote address, port and protocol. */
  readonly interfaces: Map<string, number>;
  readonly peers: Map<string, number>;
  readonly ports: Map<string, number>;
  /** Flows that were accepted before, since when they are rejected, and until when one of them was accepted. */
  newFlows: number;
  newSince: number;
  acceptedUntil: number;
};

/** All groups. */
export function causeGroups(attribution: Attribution, times: ModelTimes): CauseGroup[] {
  const { causes } = attribution;
  const found = new Map<string, CauseGroup>();
  const most = new Map<CauseGroup, number>();
  const byCause: (CauseGroup | undefined)[] = [];
  for (const [number, cause] of causes.list.entries()) {
    const example = causes.examples[number];
    if (!example) continue;
    const groups = groupsOf(cause, example, times);
    const key = keyOf(cause, groups);
    const group = found.get(key) ?? emptyGroup(cause, example, groups);
    found.set(key, group);
    byCause[number] = group;
    const records = causes.records[number]!;
    const first = causes.firstSeconds[number]!;
    group.records += records;
    group.packets += causes.packets[number]!;
    group.bytes += causes.bytes[number]!;
    if (first > 0 && (group.firstSeconds === 0 || first < group.firstSeconds)) group.firstSeconds = first;
    group.lastSeconds = Math.max(group.lastSeconds, causes.lastSeconds[number]!);
    if (cause.interfaceId !== null) add(group.interfaces, cause.interfaceId, records);
    if (records <= (most.get(group) ?? 0)) continue;
    most.set(group, records);
    group.cause = cause;
    group.example = example;
  }
  for (const flow of attribution.flows.flows()) {
    const group = byCause[flow.cause];
    if (flow.rejected > 0 && group !== undefined) addFlow(group, flow);
  }
  return [...found.values()];
}

function emptyGroup(cause: Cause, example: ExampleRecord, groups: readonly string[] | null): CauseGroup {
  return {
    cause,
    example,
    groups,
    records: 0,
    packets: 0,
    bytes: 0,
    firstSeconds: 0,
    lastSeconds: 0,
    interfaces: new Map(),
    peers: new Map(),
    ports: new Map(),
    newFlows: 0,
    newSince: Infinity,
    acceptedUntil: 0,
  };
}

function addFlow(group: CauseGroup, flow: RememberedFlow): void {
  add(group.peers, remoteText(flow), flow.rejected);
  add(group.ports, `${flow.port}/${flow.protocol}`, flow.rejected);
  // That a connection is over is no news.
  if (group.cause.met[0]?.stage === 'closed' || !isNewlyRejected(flow)) return;
  group.newFlows++;
  group.newSince = Math.min(group.newSince, flow.firstRejected);
  group.acceptedUntil = Math.max(group.acceptedUntil, flow.lastAccepted);
}

/** The groups whose rules were asked and did not admit it, by the example's time. */
function groupsOf(cause: Cause, example: ExampleRecord, times: ModelTimes): string[] | null {
  const denied = cause.met.find(({ stage }) => stage === 'sg-ingress' || stage === 'sg-egress');
  if (denied === undefined) return null;
  const { snapshot, interfaces } = times.asked(versionOf(example, times));
  const own = snapshot.interfaces[interfaces.get(denied.interfaceId ?? '') ?? 0];
  return (own?.groups ?? []).map((number) => snapshot.groups[number]?.id ?? '').sort();
}

/** The version that holds at a record's time; the newest where it has none. */
export function versionOf({ startSeconds }: ExampleRecord, times: ModelTimes): number {
  return startSeconds === null ? times.count - 1 : Math.max(0, times.at(startSeconds));
}

/** All that makes causes different to people: not which interface it is, unless several may be it. */
function keyOf(cause: Cause, groups: readonly string[] | null): string {
  const interfaces = new Set(cause.met.map(({ interfaceId }) => interfaceId));
  if (interfaces.size > 1) return JSON.stringify(cause);
  const met = cause.met.map((one) => ({ ...one, interfaceId: null }));
  const modelSays = cause.modelSays?.map((one) => ({ ...one, interfaceId: null }));
  return JSON.stringify([{ ...cause, interfaceId: null, met, modelSays }, groups]);
}

/** The remote address of a flow. */
export function remoteText({ family, remote }: RememberedFlow): string {
  return formatAddress(family === 6 ? { family: 6, words: remote } : { family: 4, words: remote.slice(0, 1) });
}

function add(counts: Map<string, number>, value: string, records: number): void {
  counts.set(value, (counts.get(value) ?? 0) + records);
}
