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
import { EGRESS, INGRESS } from '../../network/verdict/group-rules.ts';
import { NONE, NOT_KNOWN } from '../../network/verdict/rule-index.ts';
import { formatCidr } from '../../network/vpc/addresses.ts';
import type { Rule, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { ConversationBatch, Side } from '../conversations/batch.ts';
import { BY_FLAGS, OPENER_LOCAL, OPENER_UNKNOWN } from '../conversations/batch.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { AskedVersion, ModelTimes } from '../records/model-times.ts';
import { ICMP, ICMP6 } from '../records/judge-record.ts';
import { ruleText } from '../rule-changes/rule-changes.ts';
import type { RuleTally } from './rule-tallies.ts';
import { NO_TALLY, RuleTallies } from './rule-tallies.ts';
import { shadowedRules } from './shadowed.ts';
import { widerThanUsed } from './wider.ts';

const PORTS_TOLD = 10;

/** What a version of the model is asked with. */
type Version = AskedVersion & {
  readonly owners: readonly string[];
  /** By position of an interface in the records: its number, 0 none. */
  readonly at: Uint32Array;
  /** By number of a rule: the number of its tally plus one, 0 where it was not met yet. */
  readonly tallyOf: Uint32Array;
};

/** Counts conversations by rule. */
export class RuleHitsTally {
  readonly #times: ModelTimes;
  readonly #interfaces: readonly (string | null)[];
  readonly #tallies = new RuleTallies();
  /** By owner and id of a rule, whatever the version: the number of its tally. */
  readonly #numbers = new Map<string, number>();
  readonly #versions = new WeakMap<AskedVersion, Version>();
  #asked: AskedVersion | null = null;
  #version: Version | null = null;
  /** Of the row: the remote address, then the local one, then the remote one; four words each. */
  readonly #words = new Uint32Array(12);
  /** As the packets that the interface sends have them: source, then destination. Those that it receives have `#words`. */
  readonly #sent = this.#words.subarray(4);
  #accepted = 0;
  #attributed = 0;
  #notAdmitted = 0;
  #interfaceUnknown = 0;
  #byUnknownGroup = 0;
  #first = 0;
  #last = 0;

  /** @param interfaces  ids by position, as batches name them */
  constructor(times: ModelTimes, interfaces: readonly (string | null)[]) {
    this.#times = times;
    this.#interfaces = interfaces;
  }

  take(batch: ConversationBatch): void {
    for (let row = 0; row < batch.rows; row++) this.#takeRow(batch, row);
  }

  #takeRow(batch: ConversationBatch, row: number): void {
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
    const version = this.#versionOf(seen === 0 ? this.#times.count - 1 : Math.max(0, this.#times.at(seen)));
    const at = version.at[batch.at[row] as number] as number;
    if (at === 0) {
      if (isAccepted) this.#interfaceUnknown++;
      return;
    }
    this.#load(batch, row);
    if (isAccepted) this.#giveToGroups(version, at, batch, row);
    if ((ingress.records[row] as number) > 0) this.#giveToAcl(version, at, batch, row, INGRESS, ingress);
    if ((egress.records[row] as number) > 0) this.#giveToAcl(version, at, batch, row, EGRESS, egress);
  }

  #giveToGroups(version: Version, at: number, batch: ConversationBatch, row: number): void {
    const { groups } = version.rules;
    const opener = batch.opener[row] as number;
    const likely = opener === OPENER_LOCAL ? EGRESS : INGRESS;
    if (!groups.judges(at)) {
      this.#attributed++;
      return;
    }
    let direction = likely;
    let rule = this.#admit(version, at, batch, row, likely);
    // Ports may have told the wrong end: the other one counts where its packet alone is admitted.
    if (rule === NONE && (opener === OPENER_UNKNOWN || batch.openerBy[row] !== BY_FLAGS)) {
      direction = likely === INGRESS ? EGRESS : INGRESS;
      rule = this.#admit(version, at, batch, row, direction);
    }
    if (rule === NONE) this.#notAdmitted++;
    else if (rule === 0) this.#byUnknownGroup++;
    else {
      this.#attributed++;
      const { ingress, egress } = batch;
      this.#count(
        version,
        rule,
        batch,
        row,
        (ingress.acceptedPackets[row] as number) + (egress.acceptedPackets[row] as number),
        (ingress.acceptedBytes[row] as number) + (egress.acceptedBytes[row] as number),
        batch.firstAcceptedSeconds[row] as number,
        batch.lastAcceptedSeconds[row] as number,
        destinationPort(batch, row, direction),
      );
    }
  }

  #giveToAcl(version: Version, at: number, batch: ConversationBatch, row: number, direction: number, side: Side): void {
    const port = destinationPort(batch, row, direction);
    const words = direction === INGRESS ? this.#words : this.#sent;
    const family = batch.family[row] as number;
    const protocol = batch.protocol[row] as number;
    const entry = version.rules.acls.judge(at, direction, family, words, protocol, port, NOT_KNOWN);
    if (entry === 0) return;
    const isDenied = entry < 0;
    const packets = (isDenied ? side.rejectedPackets : side.acceptedPackets)[row] as number;
    // What an entry that allows did not let through was rejected by groups, and the other way.
    if (packets === 0) return;
    const bytes = (isDenied ? side.rejectedBytes : side.acceptedBytes)[row] as number;
    const [first, last] = [side.firstSeconds[row] as number, side.lastSeconds[row] as number];
    this.#count(version, Math.abs(entry), batch, row, packets, bytes, first, last, port);
  }

  #admit({ rules }: Version, at: number, batch: ConversationBatch, row: number, direction: number): number {
    const family = batch.family[row] as number;
    const protocol = batch.protocol[row] as number;
    const port = destinationPort(batch, row, direction);
    return rules.groups.admit(at, direction, family, this.#words, 0, protocol, port, NOT_KNOWN);
  }

  /** Lays out the addresses of a row as rules are asked about them. */
  #load({ local, remote }: ConversationBatch, row: number): void {
    const words = this.#words;
    for (let word = 0; word < 4; word++) {
      words[word] = remote[row * 4 + word] as number;
      words[4 + word] = local[row * 4 + word] as number;
      words[8 + word] = remote[row * 4 + word] as number;
    }
  }

  #count(
    version: Version,
    rule: number,
    batch: ConversationBatch,
    row: number,
    packets: number,
    bytes: number,
    first: number,
    last: number,
    port: number,
  ): void {
    const tally = (version.tallyOf[rule] as number) - 1;
    const protocol = batch.protocol[row] as number;
    const hasPort = protocol !== ICMP && protocol !== ICMP6;
    this.#tallies.count(
      tally >= 0 ? tally : this.#meet(version, rule),
      packets,
      bytes,
      first,
      last,
      protocol,
      hasPort ? port : -1,
      batch.family[row] as number,
      this.#words,
      0,
    );
  }

  /** The number of a rule's tally, which a version has not met yet. */
  #meet({ owners, snapshot, tallyOf }: Version, rule: number): number {
    const key = keyOf(owners[rule], snapshot.rules[rule]?.id);
    const number = this.#numbers.get(key) ?? this.#numbers.size;
    this.#numbers.set(key, number);
    tallyOf[rule] = number + 1;
    return number;
  }

  #versionOf(number: number): Version {
    const asked = this.#times.asked(number);
    if (asked === this.#asked && this.#version !== null) return this.#version;
    const known = this.#versions.get(asked);
    const version = known ?? {
      ...asked,
      owners: ownersOf(asked.snapshot),
      at: Uint32Array.from(this.#interfaces, (id) => asked.interfaces.get(id ?? '') ?? 0),
      tallyOf: new Uint32Array(asked.snapshot.rules.length),
    };
    this.#versions.set(asked, version);
    this.#asked = asked;
    this.#version = version;
    return version;
  }

  /**
   * The report about rules of the newest version.
   *
   * @param wanted  ids of groups and ACLs; all without it
   */
  report(wanted: ReadonlySet<string> | null = null): RuleHitsReport {
    const { snapshot, owners } = this.#versionOf(this.#times.count - 1);
    const tallies = this.#tallies.read();
    const shadowed = shadowedRules(snapshot);
    const listed = new Set<string>();
    const rules: RuleHits[] = [];
    for (const rule of snapshot.rules) {
      const of = owners[rule.number];
      if (!of) continue;
      const key = keyOf(of, rule.id);
      listed.add(key);
      if (wanted !== null && !wanted.has(of)) continue;
      rules.push(
        hitsOf(rule, of, tallies[this.#numbers.get(key) ?? -1] ?? NO_TALLY, shadowed.get(rule.number) ?? null),
      );
    }
    const gone = [...this.#numbers].filter(([key]) => !listed.has(key));
    return {
      rules: rules.sort(inOrder),
      conversations: {
        accepted: this.#accepted,
        attributed: this.#attributed,
        notAdmitted: this.#notAdmitted,
        interfaceUnknown: this.#interfaceUnknown,
        byUnknownGroup: this.#byUnknownGroup,
        byRulesThatAreGone: gone.reduce((sum, [, number]) => sum + (tallies[number]?.conversations ?? 0), 0),
      },
      firstSeconds: this.#first || null,
      lastSeconds: this.#last || null,
      notUnderstood: snapshot.notUnderstood,
    };
  }
}

/**
 * Counts all conversations.
 *
 * @param wanted  as `RuleHitsTally.report` has it
 */
export async function ruleHits(
  conversations: Conversations,
  times: ModelTimes,
  wanted: ReadonlySet<string> | null,
): Promise<RuleHitsReport> {
  const counted = new RuleHitsTally(
    times,
    conversations.interfaces.map(({ id }) => id),
  );
  for await (const batch of conversations.batches()) counted.take(batch);
  return counted.report(wanted);
}

/** Of the packets of a direction. */
function destinationPort({ localPort, remotePort }: ConversationBatch, row: number, direction: number): number {
  return (direction === INGRESS ? localPort : remotePort)[row] as number;
}

/** Rules of two versions are the same by group or ACL and id. */
function keyOf(owner: string | undefined, id: string | undefined): string {
  return `${owner} ${id}`;
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
