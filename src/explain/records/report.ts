/**
 * What attribution found, in the order in which people ask.
 *
 * In:    an attribution that took all records, and the model over time. Out: causes with counts, peers, ports, an
 *        example, near misses, and what to ask next; changes and the flows that they made fail.
 * Holds: plain data, no sentence. Newly rejected causes come first: those with flows that were accepted before, then
 *        those that were first met late in the range, then the others; within each by records. The report asks the
 *        model about examples alone, so it costs as much for ten records as for ten million.
 */
import type { NearMiss } from '../../api/explanation.ts';
import type {
  Cause,
  ChangeCaused,
  Counted,
  ExampleRecord,
  FailedFlow,
  NextQuestion,
  ReattributionReport,
  RejectCause,
  RejectReport,
} from '../../api/rejects.ts';
import { parseAddress } from '../../network/vpc/addresses.ts';
import { causedRejects, changesWithin } from '../rule-changes/caused-rejects.ts';
import { Attribution } from './attribution.ts';
import { causeExplainer } from './cause-explanation.ts';
import type { Unexplained } from './cause-explanation.ts';
import { causeGroups, remoteText, versionOf } from './cause-groups.ts';
import type { CauseGroup } from './cause-groups.ts';
import type { RememberedFlow } from './flow-memory.ts';
import type { AskedVersion, ModelTimes } from './model-times.ts';
import { conversationOf } from './example-conversation.ts';
import { nearMisses } from '../../network/verdict/near-misses.ts';
import { batchOfExample } from './example-batch.ts';

export type ReportOptions = {
  /** A cause that was first met then or later is new; not given: in the later half of what the records span. */
  readonly newSinceSeconds?: number | undefined;
  /** So many causes, the first, are explained step by step; not given: none. */
  readonly explained?: number;
  readonly reattributed?: ReattributionReport | null;
};

/** Near misses that are told. */
const MISSES = 3;
/** Peers and ports that are named. */
const TOP = 5;

/** The report. */
export function reportOf(attribution: Attribution, times: ModelTimes, options: ReportOptions = {}): RejectReport {
  const explain = causeExplainer(times);
  const { accepted, rejected, others, firstSeconds, lastSeconds, flows } = attribution;
  const since = options.newSinceSeconds ?? firstSeconds + (lastSeconds - firstSeconds) / 2;
  const found = causeGroups(attribution, times).map((group): Unexplained => {
    const { cause, example, groups, records, packets, bytes, interfaces, peers, ports } = group;
    return {
      ...cause,
      interfaceId: interfaces.size > 1 ? null : cause.interfaceId,
      interfaces: interfaces.size,
      topInterfaces: top(interfaces),
      groups,
      records,
      packets,
      bytes,
      firstSeconds: group.firstSeconds || null,
      lastSeconds: group.lastSeconds || null,
      peers: peers.size,
      topPeers: top(peers),
      ports: ports.size,
      topPorts: top(ports),
      newly: newlyOf(group, since, firstSeconds),
      example,
      ...atItsTime(cause, example, times),
      next: nextOf(cause, example),
    };
  });
  const rank = ({ newly }: Unexplained): number => (newly === null ? 2 : newly.why === 'accepted-before' ? 0 : 1);
  return {
    records: { rejected, accepted, others },
    firstSeconds: firstSeconds || null,
    lastSeconds: lastSeconds || null,
    causes: found
      .sort((a, b) => rank(a) - rank(b) || b.records - a.records)
      .map((cause, i) => ({ ...cause, explanation: i < (options.explained ?? 0) ? explain(cause) : null })),
    changes: firstSeconds === 0 ? [] : changesWithin(times, firstSeconds, lastSeconds),
    changeCaused: causedRejects(attribution, times).map((one): ChangeCaused => ({
      ...one,
      flows: one.flows.map((flow) => failedFlow(attribution, flow)),
    })),
    reattributed: options.reattributed ?? null,
    notRemembered: flows.rejectedWithoutRoom + flows.acceptedWithoutRoom,
    notUnderstood: times.asked(times.count - 1).snapshot.notUnderstood,
  };
}

function top(counts: ReadonlyMap<string, number>): Counted[] {
  return [...counts]
    .map(([value, records]) => ({ value, records }))
    .sort((a, b) => b.records - a.records || (a.value < b.value ? -1 : 1))
    .slice(0, TOP);
}

function newlyOf(
  { newFlows, newSince, acceptedUntil, firstSeconds }: CauseGroup,
  since: number,
  begin: number,
): RejectCause['newly'] {
  if (newFlows > 0)
    return { why: 'accepted-before', flows: newFlows, sinceSeconds: newSince, acceptedUntilSeconds: acceptedUntil };
  // What records of one moment tell is not new among them.
  return firstSeconds > begin && firstSeconds >= since
    ? { why: 'first-seen', flows: 0, sinceSeconds: firstSeconds, acceptedUntilSeconds: null }
    : null;
}

/** Rules that come near to letting the example pass, and what the newest version says of it. */
function atItsTime(cause: Cause, example: ExampleRecord, times: ModelTimes): Pick<RejectCause, 'nearMisses' | 'now'> {
  const version = versionOf(example, times);
  const newest = times.count - 1;
  return {
    nearMisses: missesOf(cause, example, times.asked(version)),
    now: version === newest ? null : nowOf(example, times, newest),
  };
}

/** Of what rejected it first: rules of its groups, or entries of its ACL. */
function missesOf({ met: [met] }: Cause, example: ExampleRecord, { snapshot, interfaces }: AskedVersion): NearMiss[] {
  const own = snapshot.interfaces[interfaces.get(met?.interfaceId ?? '') ?? 0];
  const direction = met?.direction;
  const remote = parseAddress(remoteOf(example, direction ?? null));
  if (!met || !own || !direction || remote === null || met.rejectReason !== null || met.stage === 'closed') return [];
  const acl = snapshot.acls[snapshot.subnets[own.subnet]?.acl ?? 0];
  const isAcl = met.stage === 'nacl-ingress' || met.stage === 'nacl-egress';
  const lists = isAcl ? [acl?.[direction]] : own.groups.map((number) => snapshot.groups[number]?.[direction]);
  const rules = [...new Set(lists.flatMap((list) => list ?? []))].map((number) => snapshot.rules[number]!);
  const denied = isAcl ? (rules.find(({ id }) => id === met.ruleId)?.order ?? null) : null;
  const { protocol, dstport } = example;
  const hasPorts = (protocol === 6 || protocol === 17) && dstport !== null;
  const packet = {
    protocol: protocol ?? 0,
    remote,
    ports: hasPorts ? ([dstport, dstport] as const) : null,
    icmp: null,
  };
  return nearMisses(rules, packet, direction, denied, MISSES).map(({ rule, differsIn }) => ({
    ruleId: rule.id,
    differsIn,
  }));
}

function nowOf(example: ExampleRecord, times: ModelTimes, newest: number): RejectCause['now'] {
  const again = new Attribution(times.alone(newest));
  again.take(batchOfExample(example));
  const [, cause] = again.causes.list;
  if (cause === undefined || (cause.why !== 'rules' && cause.why !== 'admitted')) return null;
  return cause.why === 'admitted' ? 'admits' : 'rejects';
}

function remoteOf(example: ExampleRecord, direction: 'ingress' | 'egress' | null): string {
  return direction === 'egress' ? (example.pktDstaddr ?? example.dstaddr) : (example.pktSrcaddr ?? example.srcaddr);
}

/** The question goes from the end that opened the conversation. A closed one is no question of rules. */
function nextOf({ met }: Cause, example: ExampleRecord): NextQuestion | null {
  const conversation = conversationOf(example);
  if (conversation === null || met.some(({ stage }) => stage === 'closed')) return null;
  const { from, to, protocol, port } = conversation;
  return { from, to, protocol, port, atSeconds: example.startSeconds };
}

function failedFlow({ names }: Attribution, flow: RememberedFlow): FailedFlow {
  return {
    interfaceId: names[flow.interface] || null,
    direction: (flow.ends & 1) === 0 ? 'ingress' : 'egress',
    openedBy: (flow.ends & 2) === 0 ? 'peer' : 'interface',
    peer: remoteText(flow),
    protocol: flow.protocol,
    port: flow.port,
    rejectedRecords: flow.rejected,
    firstRejectedSeconds: flow.firstRejected,
    lastRejectedSeconds: flow.lastRejected,
    lastAcceptedSeconds: flow.lastAccepted,
  };
}
