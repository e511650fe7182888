/**
 * What each rule of security groups and network ACLs was used for.
 *
 * In:    conversations, the model over time. Out: for each rule of the newest version what it decided, whether it is unused,
 *        shadowed, or wider than what it was used for.
 * Holds: accepted conversations are given to the rule that admitted the packet that opened them, as of their first
 *        accepted second (rule V2); an ACL's entries are given each direction that has records, accepted or rejected.
 *        Rules of two versions are the same by group or ACL and id. What no rule admits as of then is counted apart,
 *        never given to a rule.
 */
import type { RuleHits, RuleHitsReport } from '../../api/rule-hits.ts';
import { createPacketBatch, NO_ICMP } from '../../model/batch.ts';
import { EGRESS, INGRESS } from '../../network/verdict/group-rules.ts';
import { NONE, NOT_KNOWN } from '../../network/verdict/rule-index.ts';
import { formatCidr } from '../../network/vpc/addresses.ts';
import type { Rule, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { ConversationBatch, Side } from '../conversations/batch.ts';
import { OPENER_LOCAL, OPENER_UNKNOWN } from '../conversations/batch.ts';
import type { AskedVersion, ModelTimes } from '../records/model-times.ts';
import { ICMP, ICMP6 } from '../records/judge-record.ts';
import { ruleText } from '../rule-changes/rule-changes.ts';
import { RuleTally } from './rule-tally.ts';
import { shadowedRules } from './shadowed.ts';
import { widerThanUsed } from './wider.ts';

const PORTS_TOLD = 10;

/** Counts conversations by rule. */
export class RuleHitsTally {
  readonly #times: ModelTimes;
  readonly #tallies = new Map<string, RuleTally>();
  /** By version: the owners of its rules, by number. */
  readonly #owners = new WeakMap<VpcSnapshot, readonly string[]>();
  /** By version: tallies by number of its rules, as far as they were met. */
  readonly #met = new WeakMap<VpcSnapshot, (RuleTally | undefined)[]>();
  readonly #packet = createPacketBatch(1);
  #accepted = 0;
  #attributed = 0;
  #notAdmitted = 0;
  #interfaceUnknown = 0;
  #byUnknownGroup = 0;
  #first = 0;
  #last = 0;

  constructor(times: ModelTimes) {
    this.#times = times;
  }

  /** @param interfaces  ids by position, as the batch names them */
  take(batch: ConversationBatch, interfaces: readonly (string | null)[]): void {
    for (let row = 0; row < batch.rows; row++) this.#takeRow(batch, row, interfaces);
  }

  #takeRow(batch: ConversationBatch, row: number, interfaces: readonly (string | null)[]): void {
    const { ingress, egress } = batch;
    const accepted = (ingress.acceptedPackets[row] as number) + (egress.acceptedPackets[row] as number);
    const first = batch.firstAcceptedSeconds[row] as number;
    const isAccepted = accepted > 0 || first > 0;
    const seen = first || (batch.firstRejectedSeconds[row] as number);
    if (isAccepted) this.#accepted++;
    if (seen > 0 && (this.#first === 0 || seen < this.#first)) this.#first = seen;
    this.#last = Math.max(
      this.#last,
      batch.lastAcceptedSeconds[row] as number,
      batch.lastRejectedSeconds[row] as number,
    );
    const version = seen === 0 ? this.#times.count - 1 : Math.max(0, this.#times.at(seen));
    const asked = this.#times.asked(version);
    const at = asked.interfaces.get(interfaces[batch.at[row] as number] ?? '') ?? 0;
    if (at === 0) {
      if (isAccepted) this.#interfaceUnknown++;
      return;
    }
    if (isAccepted) this.#giveToGroups(asked, at, batch, row);
    for (const [direction, side] of [[INGRESS, ingress] as const, [EGRESS, egress] as const])
      if ((side.records[row] as number) > 0) this.#giveToAcl(asked, at, batch, row, direction, side);
  }

  #giveToGroups(asked: AskedVersion, at: number, batch: ConversationBatch, row: number): void {
    const { rules } = asked;
    const opener = batch.opener[row] as number;
    const likely = opener === OPENER_LOCAL ? EGRESS : INGRESS;
    if (!rules.groups.judges(at)) {
      this.#attributed++;
      return;
    }
    let direction = likely;
    let rule = this.#admit(asked, at, batch, row, likely);
    // Ports may have told the wrong end: the other one counts where its packet alone is admitted.
    if (rule === NONE && (opener === OPENER_UNKNOWN || batch.openerBy[row] !== 1)) {
      direction = likely === INGRESS ? EGRESS : INGRESS;
      rule = this.#admit(asked, at, batch, row, direction);
    }
    if (rule === NONE) this.#notAdmitted++;
    else if (rule === 0) this.#byUnknownGroup++;
    else {
      this.#attributed++;
      const { ingress, egress } = batch;
      const port = direction === INGRESS ? batch.localPort[row] : batch.remotePort[row];
      this.#count(
        asked.snapshot,
        rule,
        batch,
        row,
        (ingress.acceptedPackets[row] as number) + (egress.acceptedPackets[row] as number),
        (ingress.acceptedBytes[row] as number) + (egress.acceptedBytes[row] as number),
        batch.firstAcceptedSeconds[row] as number,
        batch.lastAcceptedSeconds[row] as number,
        port as number,
      );
    }
  }

  #giveToAcl(
    asked: AskedVersion,
    at: number,
    batch: ConversationBatch,
    row: number,
    direction: number,
    side: Side,
  ): void {
    const port = this.#load(asked, batch, row, direction);
    const entry = asked.rules.acl(this.#packet, 0, at, direction, port, NOT_KNOWN);
    if (entry === 0) return;
    const isDenied = entry < 0;
    const packets = (isDenied ? side.rejectedPackets : side.acceptedPackets)[row] as number;
    // What an entry that allows did not let through was rejected by groups, and the other way.
    if (packets === 0) return;
    const bytes = (isDenied ? side.rejectedBytes : side.acceptedBytes)[row] as number;
    const [first, last] = [side.firstSeconds[row] as number, side.lastSeconds[row] as number];
    this.#count(asked.snapshot, Math.abs(entry), batch, row, packets, bytes, first, last, port);
  }

  #admit(asked: AskedVersion, at: number, batch: ConversationBatch, row: number, direction: number): number {
    const port = this.#load(asked, batch, row, direction);
    return asked.rules.admit(this.#packet, 0, at, direction, port, NOT_KNOWN);
  }

  /** Fills the packet of a direction; its destination port. */
  #load({ rules }: AskedVersion, batch: ConversationBatch, row: number, direction: number): number {
    const packet = this.#packet;
    const isIngress = direction === INGRESS;
    const [src, dst] = isIngress ? [batch.remote, batch.local] : [batch.local, batch.remote];
    const [srcport, dstport] = isIngress
      ? [batch.remotePort[row] as number, batch.localPort[row] as number]
      : [batch.localPort[row] as number, batch.remotePort[row] as number];
    packet.family[0] = batch.family[row] as number;
    packet.protocol[0] = batch.protocol[row] as number;
    packet.ports[0] = ((srcport << 16) | dstport) >>> 0;
    packet.icmp[0] = NO_ICMP;
    packet.src4[0] = src[row * 4] as number;
    packet.dst4[0] = dst[row * 4] as number;
    packet.src6.set(src.subarray(row * 4, row * 4 + 4));
    packet.dst6.set(dst.subarray(row * 4, row * 4 + 4));
    rules.load(packet, 0);
    return dstport;
  }

  #count(
    snapshot: VpcSnapshot,
    rule: number,
    batch: ConversationBatch,
    row: number,
    packets: number,
    bytes: number,
    first: number,
    last: number,
    port: number,
  ): void {
    let met = this.#met.get(snapshot);
    if (met === undefined) this.#met.set(snapshot, (met = []));
    const tally = (met[rule] ??= this.#tallyOf(`${this.#ownersOf(snapshot)[rule]} ${snapshot.rules[rule]?.id}`));
    const protocol = batch.protocol[row] as number;
    const hasPort = protocol !== ICMP && protocol !== ICMP6;
    const family = batch.family[row] as number;
    tally.count(packets, bytes, first, last, protocol, hasPort ? port : -1, family, batch.remote, row * 4);
  }

  /** @param key  group or ACL, and the rule's id */
  #tallyOf(key: string): RuleTally {
    let tally = this.#tallies.get(key);
    if (tally === undefined) this.#tallies.set(key, (tally = new RuleTally()));
    return tally;
  }

  #ownersOf(snapshot: VpcSnapshot): readonly string[] {
    let owners = this.#owners.get(snapshot);
    if (owners === undefined) this.#owners.set(snapshot, (owners = ownersOf(snapshot)));
    return owners;
  }

  /**
   * The report about rules of the newest version.
   *
   * @param wanted  ids of groups and ACLs; all without it
   */
  report(wanted: ReadonlySet<string> | null = null): RuleHitsReport {
    const { snapshot } = this.#times.asked(this.#times.count - 1);
    const owners = this.#ownersOf(snapshot);
    const shadowed = shadowedRules(snapshot);
    const listed = new Set<string>();
    const rules: RuleHits[] = [];
    for (const rule of snapshot.rules) {
      const of = owners[rule.number];
      if (!of) continue;
      const key = `${of} ${rule.id}`;
      listed.add(key);
      if (wanted !== null && !wanted.has(of)) continue;
      rules.push(hitsOf(rule, of, this.#tallies.get(key) ?? new RuleTally(), shadowed.get(rule.number) ?? null));
    }
    const gone = [...this.#tallies].filter(([key]) => !listed.has(key));
    return {
      rules: rules.sort(inOrder),
      conversations: {
        accepted: this.#accepted,
        attributed: this.#attributed,
        notAdmitted: this.#notAdmitted,
        interfaceUnknown: this.#interfaceUnknown,
        byUnknownGroup: this.#byUnknownGroup,
        byRulesThatAreGone: gone.reduce((sum, [, { conversations }]) => sum + conversations, 0),
      },
      firstSeconds: this.#first || null,
      lastSeconds: this.#last || null,
      notUnderstood: snapshot.notUnderstood,
    };
  }
}

/** By number of a rule the id of the group or ACL that has it; '' none. */
function ownersOf({ rules, groups, acls }: VpcSnapshot): string[] {
  const owners = rules.map(() => '');
  for (const { id, ingress, egress } of [...groups, ...acls])
    for (const number of [...ingress, ...egress]) owners[number] = id;
  return owners;
}

/** Groups before ACLs, by id; what comes in first; then as the rules are asked. */
function inOrder(a: RuleHits, b: RuleHits): number {
  const isAcl = (of: string): number => (of.startsWith('acl-') ? 1 : 0);
  return (
    isAcl(a.of) - isAcl(b.of) ||
    (a.of < b.of ? -1 : a.of > b.of ? 1 : 0) ||
    (a.direction === b.direction ? 0 : a.direction === 'ingress' ? -1 : 1) ||
    (isAcl(a.of) === 1 ? 0 : b.conversations - a.conversations || (a.ruleId < b.ruleId ? -1 : 1))
  );
}

function hitsOf(rule: Rule, of: string, tally: RuleTally, shadowedBy: readonly Rule[] | null): RuleHits {
  const ports = [...tally.ports].map(([port, conversations]) => ({ port, conversations }));
  const isUnused = tally.conversations === 0;
  return {
    ruleId: rule.id,
    of,
    direction: rule.direction,
    says: ruleText(rule),
    conversations: tally.conversations,
    packets: tally.packets,
    bytes: tally.bytes,
    firstSeconds: tally.firstSeconds || null,
    lastSeconds: tally.lastSeconds || null,
    peers: tally.peers,
    hasMorePeers: tally.hasMorePeers,
    peersWithin: tally.around.map(formatCidr),
    ports: ports.sort((a, b) => b.conversations - a.conversations || a.port - b.port).slice(0, PORTS_TOLD),
    unused: isUnused,
    shadowedBy: shadowedBy === null ? null : shadowedBy.map(({ id }) => id),
    // An entry of an ACL is meant to be wide.
    wider: isUnused || rule.order > 0 ? null : widerThanUsed(rule, tally),
  };
}
