/**
 * Flows that were accepted, and are rejected since a rule changed.
 *
 * In:    what is remembered of flows, and the model over time. Out: changes, each with the flows that it made fail.
 * Holds: a change is blamed for a flow only where the rules before it admit the flow and those after it reject it. What
 *        admitted it before, or denies it after, is what changed; where neither did, all that changed then about the
 *        interface, its groups and ACL is told as one of several.
 */
import type { ChangeCaused, TimedChange } from '../../api/rejects.ts';
import { EGRESS, INGRESS } from '../../network/verdict/group-rules.ts';
import type { Attribution } from '../records/attribution.ts';
import { metOf } from '../records/causes.ts';
import type { RememberedFlow } from '../records/flow-memory.ts';
import { ANSWERS, NOTHING_KNOWN, OPENS, RecordJudge } from '../records/judge-record.ts';
import type { AskedVersion, ModelTimes } from '../records/model-times.ts';
import { changesFrom } from './rule-changes.ts';

/** A change, and what is remembered of the flows that it made fail. */
export type CausedRejects = Omit<ChangeCaused, 'flows'> & { readonly flows: readonly RememberedFlow[] };

/** Records of one window may overlap. */
const WINDOW_SECONDS = 60;

/** Whether a flow was accepted, and then rejected. */
export function isNewlyRejected({ rejected, firstAccepted, lastAccepted, firstRejected }: RememberedFlow): boolean {
  return (
    rejected > 0 && firstAccepted > 0 && firstAccepted < firstRejected && lastAccepted <= firstRejected + WINDOW_SECONDS
  );
}

/** Changes between the versions that hold in a span of time, the version before the span included. */
export function changesWithin(times: ModelTimes, fromSeconds: number, toSeconds: number): TimedChange[] {
  const first = Math.max(1, times.at(fromSeconds) + 1);
  const found: TimedChange[] = [];
  for (let version = first; version < times.count && times.fromSeconds[version]! <= toSeconds; version++)
    found.push(...changesAt(times, version));
  return found;
}

function changesAt(times: ModelTimes, version: number): TimedChange[] {
  const atSeconds = times.fromSeconds[version]!;
  const began = times.fromSeconds[version - 1]!;
  const afterSeconds = Number.isFinite(began) ? began : null;
  const [before, after] = [times.asked(version - 1).snapshot, times.asked(version).snapshot];
  return changesFrom(before, after).map((change) => ({ ...change, atSeconds, afterSeconds }));
}

/** Joins changes to the flows that they made fail, those with the most records first. */
export function causedRejects({ flows, names }: Attribution, times: ModelTimes): CausedRejects[] {
  const changed = new Map<number, TimedChange[]>();
  const found = new Map<string, { changes: readonly TimedChange[]; flows: RememberedFlow[] }>();
  for (const flow of flows.flows()) {
    if (!isNewlyRejected(flow)) continue;
    // A version that began after the first reject may have held before: it is only known since an import.
    const last = Math.min(times.count - 1, times.at(flow.firstRejected) + 1);
    for (let version = last; version > Math.max(0, times.at(flow.firstAccepted)); version--) {
      const flip = flipAt(flow, names[flow.interface] ?? '', times, version);
      if (flip === null) continue;
      if (!changed.has(version)) changed.set(version, changesAt(times, version));
      const changes = blamed(changed.get(version)!, flip);
      if (changes.length === 0) continue;
      const key = JSON.stringify([version, changes.map(({ of, id }) => [of, id])]);
      const entry = found.get(key) ?? { changes, flows: [] };
      entry.flows.push(flow);
      found.set(key, entry);
      break;
    }
  }
  return [...found.values()]
    .map(({ changes, flows: own }): CausedRejects => ({
      changes,
      certainty: changes.length === 1 ? 'certain' : 'one-of-several',
      flows: own.toSorted((a, b) => b.rejected - a.rejected),
      records: own.reduce((sum, { rejected }) => sum + rejected, 0),
      firstRejectedSeconds: own.reduce((least, { firstRejected }) => Math.min(least, firstRejected), Infinity),
      lastRejectedSeconds: own.reduce((most, { lastRejected }) => Math.max(most, lastRejected), 0),
    }))
    .sort((a, b) => b.records - a.records || a.firstRejectedSeconds - b.firstRejectedSeconds);
}

/** What admitted a flow before, and what rejects it now. */
type Flip = {
  readonly admittedBy: string | null;
  readonly deniedBy: string | null;
  /** Ids of what its verdict hangs on: the interface, its subnet, groups and ACL, before and after. */
  readonly ids: ReadonlySet<string>;
  /** Ids of the groups and lists that rules of its groups name. */
  readonly named: ReadonlySet<string>;
};

function flipAt(flow: RememberedFlow, interfaceId: string, times: ModelTimes, version: number): Flip | null {
  const before = judged(flow, interfaceId, times.asked(version - 1));
  const after = judged(flow, interfaceId, times.asked(version));
  if (before === null || after === null || !before.passes || after.passes) return null;
  return {
    admittedBy: before.ruleId,
    deniedBy: after.ruleId,
    ids: new Set([...before.ids, ...after.ids]),
    named: new Set([...before.named, ...after.named]),
  };
}

function judged(
  flow: RememberedFlow,
  interfaceId: string,
  asked: AskedVersion,
): (Pick<Flip, 'ids' | 'named'> & { readonly passes: boolean; readonly ruleId: string | null }) | null {
  const { snapshot, rules } = asked;
  const at = asked.interfaces.get(interfaceId) ?? 0;
  const own = snapshot.interfaces[at];
  if (at === 0 || !own) return null;
  const judge = new RecordJudge();
  const { packet } = judge;
  const isEgress = (flow.ends & 1) !== 0;
  const isOpener = isEgress === ((flow.ends & 2) !== 0);
  const address = own.addresses.find(({ family }) => family === flow.family)?.words ?? [0, 0, 0, 0];
  const [src, dst] = isEgress ? [address, flow.remote] : [flow.remote, address];
  packet.family[0] = flow.family;
  packet.protocol[0] = flow.protocol;
  const [srcport, dstport] = isOpener ? [flow.otherPort, flow.port] : [flow.port, flow.otherPort];
  packet.ports[0] = ((srcport << 16) | dstport) >>> 0;
  if (flow.family === 4) {
    packet.src4[0] = src[0] ?? 0;
    packet.dst4[0] = dst[0] ?? 0;
  } else {
    packet.src6.set(src);
    packet.dst6.set(dst);
  }
  const direction = isEgress ? EGRESS : INGRESS;
  judge.judge(asked, at, direction, isOpener ? OPENS : ANSWERS, NOTHING_KNOWN, false);
  const passes = judge.outcomes.length === 0;
  const admitted = passes && rules.groups.judges(at) ? rules.admit(packet, 0, at, direction, dstport, 0) : 0;
  const groups = own.groups.map((number) => snapshot.groups[number]!);
  const acl = snapshot.acls[snapshot.subnets[own.subnet]?.acl ?? 0];
  const named = groups
    .flatMap((group) => [...group.ingress, ...group.egress])
    .flatMap((number) => {
      const peer = snapshot.rules[number]?.peer;
      return peer === undefined || peer.kind === 'cidr' ? [] : [peer.id];
    });
  return {
    passes,
    ruleId: passes
      ? (snapshot.rules[Math.max(0, admitted)]?.id ?? null)
      : metOf(snapshot, at, direction, judge.outcomes[0]!).ruleId,
    ids: new Set([own.id, own.subnetId ?? '', acl?.id ?? '', ...groups.map(({ id }) => id)]),
    named: new Set(named),
  };
}

/** Of what changed then what the flow's verdict hangs on: the one that decides where there is one. */
function blamed(changes: readonly TimedChange[], { admittedBy, deniedBy, ids, named }: Flip): readonly TimedChange[] {
  const own = changes.filter(({ of, id }) => ids.has(of ?? id) || named.has(id));
  const gone = own.filter(({ kind, id }) => id === admittedBy && (kind === 'rule-removed' || kind === 'rule-changed'));
  const came = own.filter(({ kind, id }) => id === deniedBy && (kind === 'rule-added' || kind === 'rule-changed'));
  if (gone.length + came.length > 0) return [...gone, ...came];
  const members = changes.filter(({ kind, before, after }) =>
    kind === 'interface-groups'
      ? [...(before ?? '').split(' '), ...(after ?? '').split(' ')].some((id) => named.has(id))
      : false,
  );
  return [...new Set([...own, ...members])];
}
