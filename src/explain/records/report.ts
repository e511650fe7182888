/**
 * What attribution found, in the order in which people ask.
 *
 * In:    an attribution that took all records, and the model over time. Out: causes with counts, peers, ports, an
 *        example, near misses, and what to ask next; changes and the flows that they made fail.
 * Holds: plain data, no sentence. Newly rejected causes come first: those with flows that were accepted before, then
 *        those that were first met late in the range, then the others; within each by records. The report asks the
 *        model about examples alone, so it costs as much for ten records as for ten million.
 */
import { parseAddress } from '../../network/vpc/addresses.ts';
import { causedRejects, changesWithin } from '../rule-changes/caused-rejects.ts';
import type { CausedRejects, TimedChange } from '../rule-changes/caused-rejects.ts';
import { Attribution } from './attribution.ts';
import { causeGroups, versionOf } from './cause-groups.ts';
import type { CauseGroup } from './cause-groups.ts';
import type { Cause, ExampleRecord } from './causes.ts';
import type { AskedVersion, ModelTimes } from './model-times.ts';
import { isByOpener, kindOf } from './read-columns.ts';
import { ABSENT } from './record-rows.ts';
import type { NearMiss } from '../../api/explanation.ts';
import { nearMisses } from '../../network/verdict/near-misses.ts';
import { batchOfExample } from './example-batch.ts';

/** An interface, a peer or a port with how many rejected records it has. */
export type Counted = { readonly value: string; readonly records: number };

/** What `flowgauge diagnose` is to be asked about a cause's example. */
export type NextQuestion = {
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
  readonly port: number | null;
  readonly atSeconds: number | null;
};

/** `interfaceId` is null where it is that of several interfaces; `met` is that of the one with the most records. */
export type RejectCause = Cause & {
  readonly interfaces: number;
  readonly topInterfaces: readonly Counted[];
  /** Ids of the security groups that have no rule for it; null where groups did not reject it. */
  readonly groups: readonly string[] | null;
  readonly records: number;
  readonly packets: number;
  readonly bytes: number;
  /** Null where no record has a time. */
  readonly firstSeconds: number | null;
  readonly lastSeconds: number | null;
  /** Distinct remote addresses and ports of services; at least so many where not all flows could be remembered. */
  readonly peers: number;
  readonly topPeers: readonly Counted[];
  readonly ports: number;
  /** `443/6`: port and protocol. */
  readonly topPorts: readonly Counted[];
  readonly newly: {
    readonly why: 'accepted-before' | 'first-seen';
    readonly flows: number;
    readonly sinceSeconds: number;
    /** When one of these flows was accepted last. */
    readonly acceptedUntilSeconds: number | null;
  } | null;
  readonly example: ExampleRecord;
  readonly nearMisses: readonly NearMiss[];
  /** What the newest version of the model says of the example; null where it holds at the example's time too. */
  readonly now: 'admits' | 'rejects' | null;
  readonly next: NextQuestion | null;
};

export type RejectReport = {
  readonly records: { readonly rejected: number; readonly accepted: number; readonly others: number };
  readonly firstSeconds: number | null;
  readonly lastSeconds: number | null;
  readonly causes: readonly RejectCause[];
  readonly changes: readonly TimedChange[];
  readonly changeCaused: readonly CausedRejects[];
  /** Records whose flow found no room: peers, ports and newly rejected flows are at least what is told. */
  readonly notRemembered: number;
  readonly notUnderstood: readonly string[];
};

export type ReportOptions = {
  /** A cause that was first met then or later is new; not given: in the later half of what the records span. */
  readonly newSinceSeconds?: number | undefined;
};

/** Near misses that are told. */
const MISSES = 3;
/** Peers and ports that are named. */
const TOP = 5;

/** The report. */
export function reportOf(attribution: Attribution, times: ModelTimes, options: ReportOptions = {}): RejectReport {
  const { accepted, rejected, others, firstSeconds, lastSeconds, flows } = attribution;
  const since = options.newSinceSeconds ?? firstSeconds + (lastSeconds - firstSeconds) / 2;
  const found = causeGroups(attribution, times).map((group): RejectCause => {
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
  const rank = ({ newly }: RejectCause): number => (newly === null ? 2 : newly.why === 'accepted-before' ? 0 : 1);
  return {
    records: { rejected, accepted, others },
    firstSeconds: firstSeconds || null,
    lastSeconds: lastSeconds || null,
    causes: found.sort((a, b) => rank(a) - rank(b) || b.records - a.records),
    changes: firstSeconds === 0 ? [] : changesWithin(times, firstSeconds, lastSeconds),
    changeCaused: causedRejects(attribution, times),
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

/** The question goes from the end that opened the conversation. */
function nextOf({ met }: Cause, example: ExampleRecord): NextQuestion | null {
  const { srcport, dstport, protocol, tcpFlags, startSeconds } = example;
  if (protocol === null || met.some(({ stage }) => stage === 'closed')) return null;
  const src = example.pktSrcaddr ?? example.srcaddr;
  const dst = example.pktDstaddr ?? example.dstaddr;
  const kind = kindOf(protocol, tcpFlags ?? ABSENT, srcport ?? ABSENT, dstport ?? ABSENT);
  const isBack = !isByOpener(kind, srcport ?? 0, dstport ?? 0);
  const hasPort = protocol === 6 || protocol === 17;
  const port = isBack ? srcport : dstport;
  return {
    from: isBack ? dst : src,
    to: isBack ? src : dst,
    protocol,
    port: hasPort ? port : null,
    atSeconds: startSeconds,
  };
}
