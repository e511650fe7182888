/**
 * Judges a packet at an interface (rules V1 to V7).
 *
 * In:    a row of a batch, an interface, a direction. Out: the number of a decision, and whether the packet passed.
 * Holds: a packet of a tracked connection passes the groups and carries the rule that admitted the connection; ACLs
 *        judge each packet. What the groups and ACLs said of a connection's packets is kept with it, for each
 *        direction and end, until the rules change. Decisions depend on the packets in their order and on their own
 *        times alone, not on how they were cut into batches or on when the table was swept.
 *
 * Where the rules leave it open:
 * - That a connection was closed is asked before picking up. A SYN without ACK that is not admitted while the connection
 *   closes leaves it as it is.
 * - Picking up is counted when ACLs let the packet pass too, not before. ICMP replies ask for the request of code 0.
 * - An ICMP error that passes as related does not make its connection younger; untracked conversations have none that
 *   could be related. One that quotes nothing known goes the way of any packet: it may belong to a conversation of
 *   errors between its addresses, or open one.
 * - A packet without ports opens nothing and makes nothing younger; its ACL is asked with the ports of the connection
 *   that it is taken for. ICMP without a known type is such a packet.
 * - A group that is not known admits, where no known one does, as stage `not-judged` without rule, and tracks.
 */
import type { PacketBatch } from '../../model/batch.ts';
import { CUT_BEFORE_PORTS, NO_ICMP, PORTS_UNKNOWN } from '../../model/batch.ts';
import type { BatchMemory } from '../../model/batch-memory.ts';
import { sharedBatchMemory } from '../../model/batch-memory.ts';
import type { Paths } from '../vpc/path.ts';
import type { VpcSnapshot } from '../vpc/snapshot.ts';
import { reverseOf } from './acl-rules.ts';
import { AskedRules, icmpOf, portOf, sourcePortOf } from './asked-rules.ts';
import { Connections } from './connections.ts';
import { ADMITTED, ANSWERS, DOUBLES, FAMILY_6, FLAGS, JUDGED, LAST, CLOSES, STRIDE } from './entry-words.ts';
import {
  BY_ACL,
  BY_GROUP_IN,
  BY_GROUP_OUT,
  BY_NOTHING,
  DecisionNumbers,
  DENY_ACL,
  DENY_CLOSED,
  DENY_DEFAULT,
  PASSES,
} from './decision-numbers.ts';
import type { DecisionTable } from './decisions.ts';
import { BEGAN, IS_BEGUN } from './group-columns.ts';
import { INGRESS } from './group-rules.ts';
import { ICMP, ICMP6, Keys } from './keys.ts';
import { Newest } from './newest.ts';
import { Room } from './room.ts';
import { PickUp } from './pick-up.ts';
import { NONE, NOT_KNOWN } from './rule-index.ts';
import { ACK, CLOSING, deadline, LIVE, passed, REMEMBERED_MICROS, STATE, SYN, TCP, UDP, UNTRACKED } from './states.ts';

const SCTP = 132;

/** Judges; one for each judge, its rules are replaced when the snapshot is. */
export class Engine {
  /** Connections that were picked up, observations that were judged without ports. */
  pickedUp = 0;
  withoutPorts = 0;
  /**
   * At which time the packet at hand finds what is remembered: its own, but at least an hour before `clockMicros`, the
   * guarded time (rule W3).
   */
  nowMicros = -Infinity;
  clockMicros = -Infinity;
  /** Changes when entries were removed: their numbers may be others' now. */
  removals = 0;
  readonly table: Connections = new Connections();
  /** Looks for a row before it is observed. */
  readonly keys: Keys;
  readonly #numbers: DecisionNumbers;
  readonly #newest = new Newest(this.table);
  readonly #pickUp = new PickUp(this.table);
  readonly #room: Room;
  #rules: AskedRules;

  /** @param batch  where the packets lie that are judged */
  constructor(
    snapshot: VpcSnapshot,
    paths: Paths,
    decisions: DecisionTable,
    maxConnections: number,
    batch: BatchMemory = sharedBatchMemory(),
  ) {
    this.#room = new Room(this.table, maxConnections, (entry) => this.#pickUp.endOf(entry));
    this.#numbers = new DecisionNumbers(decisions);
    this.keys = new Keys(this.table, batch, this.#numbers.memory);
    this.#rules = new AskedRules(snapshot, paths);
    this.#pickUp.extend(snapshot.interfaces.length);
  }

  /** Connections that had to leave a full table. */
  get evicted(): number {
    return this.#room.evicted;
  }

  /** The rules that hold now. */
  get rules(): AskedRules {
    return this.#rules;
  }

  /** New rules; connections stay. */
  update(snapshot: VpcSnapshot, paths: Paths): void {
    this.#rules = new AskedRules(snapshot, paths);
    this.#pickUp.extend(snapshot.interfaces.length);
    const { words, end } = this.table;
    for (let entry = 1; entry < end; entry++) words.fill(0, entry * STRIDE + ANSWERS, entry * STRIDE + ANSWERS + 2);
  }

  /** Tracking begins, at interfaces where it has not, with the first packet after they came. */
  begin(atMicros: number): void {
    this.#pickUp.begin(atMicros);
  }

  /** What loops have to know before a batch. */
  tellLoops(): void {
    const { i32, f64 } = this.keys.columns;
    const { common } = this.#pickUp;
    i32[IS_BEGUN] = Number.isNaN(common) ? 0 : 1;
    f64[BEGAN] = common;
    this.#numbers.follow();
  }

  /** Takes the decisions that loops have numbered. */
  takeDecisions(): void {
    this.#numbers.take(this.keys.columns.i32);
  }

  /** The decision's number shifted left, with the bit `PASSES`. To be called after `keys` looked for the row. */
  observe(packets: PacketBatch, row: number, at: number, direction: number): number {
    const rules = this.#rules;
    if (rules.controls.apply(at)) {
      rules.load(packets, row);
      const denied = rules.stopped(packets, row, at, direction);
      if (denied !== 0) return this.#numbers.find(at, direction, denied, 0);
    }
    if (!rules.groups.judges(at)) return this.#byAclAlone(packets, row, at, direction);
    const protocol = packets.protocol[row] as number;
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    if (isIcmp ? packets.icmp[row] === NO_ICMP : this.#lacksPorts(packets, row, protocol))
      return this.#withoutPorts(packets, row, at, direction);
    if (isIcmp && (packets.quoted[row] as number) >= 0) {
      const related = this.#asRelated(packets, row, at, direction);
      if (related !== 0) return related;
    }
    return this.#known(this.table.entryAt(this.keys.head, at), packets, row, at, direction);
  }

  /** As `observe`, for a packet that has a way (`ways.ts`) and whose conversation has this entry at the interface. */
  again(entry: number, packets: PacketBatch, row: number, at: number, direction: number): number {
    const { controls, groups } = this.#rules;
    if (controls.apply(at) || !groups.judges(at)) return this.observe(packets, row, at, direction);
    return this.#known(entry, packets, row, at, direction);
  }

  #known(entry: number, packets: PacketBatch, row: number, at: number, direction: number): number {
    if (entry !== 0) {
      const answer = this.#asConnection(entry, packets, row, at, direction);
      if (answer !== 0) return answer;
    }
    return this.#asNew(entry, packets, row, at, direction);
  }

  #lacksPorts(packets: PacketBatch, row: number, protocol: number): boolean {
    const flags = packets.flags[row] as number;
    if ((flags & (PORTS_UNKNOWN | CUT_BEFORE_PORTS)) === 0) return false;
    return protocol === TCP || protocol === UDP || protocol === SCTP;
  }

  #byAclAlone(packets: PacketBatch, row: number, at: number, direction: number): number {
    this.#rules.load(packets, row);
    const protocol = packets.protocol[row] as number;
    const lacks = this.#lacksPorts(packets, row, protocol);
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    if (lacks || (isIcmp && packets.icmp[row] === NO_ICMP)) this.withoutPorts++;
    const entry = this.#rules.acl(
      packets,
      row,
      at,
      direction,
      lacks ? NOT_KNOWN : portOf(packets, row),
      icmpOf(packets, row),
    );
    if (entry < 0) return this.#numbers.find(at, direction, DENY_ACL, -entry);
    return this.#numbers.find(at, direction, entry === 0 ? BY_NOTHING : BY_ACL, entry);
  }

  /** Rule V3: 0 where the entry is no connection now, or where the packet must ask the rules. */
  #asConnection(entry: number, packets: PacketBatch, row: number, at: number, direction: number): number {
    const table = this.table;
    if (this.nowMicros > deadline(table, entry)) return 0;
    const now = packets.atMicros[row] as number;
    const tcpFlags = packets.tcpFlags[row] as number;
    const words = table.words;
    const base = entry * STRIDE;
    const flags = words[base + FLAGS] as number;
    if ((flags & CLOSING) !== 0 && (tcpFlags & (SYN | ACK)) === SYN) return 0;
    const kept = words[base + ANSWERS + this.keys.turned] as number;
    let answer = (kept & 1) === direction ? kept >>> 1 : 0;
    if (answer === 0) {
      answer = this.#askConnection(entry, packets, row, at, direction);
      this.#keep(entry, packets, row, at, direction, answer);
    }
    if ((answer & PASSES) !== 0) {
      if (passed(table, entry, this.keys.turned, now, tcpFlags)) this.#room.closing(entry);
    } else if (now > (table.doubles[entry * DOUBLES + JUDGED] as number)) table.doubles[entry * DOUBLES + JUDGED] = now;
    return answer;
  }

  /** The answer for ICMP is that of one type, and a connection has more; where controls apply each packet asks. */
  #keep(entry: number, packets: PacketBatch, row: number, at: number, direction: number, answer: number): void {
    const protocol = packets.protocol[row];
    if (protocol === ICMP || protocol === ICMP6 || this.#rules.controls.apply(at)) return;
    this.table.words[entry * STRIDE + ANSWERS + this.keys.turned] = answer * 2 + direction;
  }

  #askConnection(entry: number, packets: PacketBatch, row: number, at: number, direction: number): number {
    this.#rules.load(packets, row);
    const admitted = this.table.words[entry * STRIDE + ADMITTED] as number;
    const isUntracked = ((this.table.words[entry * STRIDE + FLAGS] as number) & UNTRACKED) !== 0;
    const port = portOf(packets, row);
    const icmp = icmpOf(packets, row);
    const passesGroups = !isUntracked || this.#rules.admit(packets, row, at, direction, port, icmp) !== NONE;
    if (direction !== INGRESS && !passesGroups) return this.#numbers.find(at, direction, DENY_DEFAULT, 0);
    const acl = this.#rules.acl(packets, row, at, direction, port, icmp);
    if (acl < 0) return this.#numbers.find(at, direction, DENY_ACL, -acl);
    if (!passesGroups) return this.#numbers.find(at, direction, DENY_DEFAULT, 0);
    return this.#numbers.find(at, direction, admitted & 3, admitted >>> 2);
  }

  /** Rules V1, V2, V4 and V7 for a packet that belongs to no connection. */
  #asNew(found: number, packets: PacketBatch, row: number, at: number, direction: number): number {
    this.#rules.load(packets, row);
    const port = portOf(packets, row);
    const icmp = icmpOf(packets, row);
    if (direction === INGRESS) {
      const acl = this.#rules.acl(packets, row, at, direction, port, icmp);
      if (acl < 0) return this.#denied(found, packets, row, at, direction, DENY_ACL, -acl);
    }
    const protocol = packets.protocol[row] as number;
    const tcpFlags = packets.tcpFlags[row] as number;
    const isMiddle = protocol === TCP && (tcpFlags & SYN) === 0;
    let opens = direction;
    let isOwnAdmitted = true;
    let rule = this.#rules.admit(packets, row, at, direction, port, icmp);
    let isPickedUp = false;
    if (rule !== NONE && isMiddle && port > sourcePortOf(packets, row)) {
      const back = this.#rules.admitReverse(packets, row, at, direction, icmp);
      if (back !== NONE) {
        rule = back;
        opens = reverseOf(direction);
      }
    } else if (rule === NONE) {
      if (isMiddle && this.#wasClosed(found)) return this.#denied(found, packets, row, at, direction, DENY_CLOSED, 0);
      isPickedUp = this.#pickUp.may(found, packets, row, at, direction, this.nowMicros);
      if (isPickedUp) rule = this.#rules.admitReverse(packets, row, at, direction, icmp);
      if (rule === NONE) return this.#denied(found, packets, row, at, direction, DENY_DEFAULT, 0);
      opens = reverseOf(direction);
      isOwnAdmitted = false;
    }
    if (direction !== INGRESS) {
      const acl = this.#rules.acl(packets, row, at, direction, port, icmp);
      if (acl < 0) return this.#denied(found, packets, row, at, direction, DENY_ACL, -acl);
    }
    if (isPickedUp) this.pickedUp++;
    const outcome = rule === 0 ? BY_NOTHING : opens === INGRESS ? BY_GROUP_IN : BY_GROUP_OUT;
    const answer = this.#numbers.find(at, direction, outcome, rule);
    const entry = this.#open(found, packets, row, at, opens, outcome, rule);
    // What a connection's packet would be told that goes the same way, without asking once more.
    const isUntracked = ((this.table.words[entry * STRIDE + FLAGS] as number) & UNTRACKED) !== 0;
    if (isOwnAdmitted || !isUntracked) this.#keep(entry, packets, row, at, direction, answer);
    return answer;
  }

  #wasClosed(found: number): boolean {
    if (found === 0) return false;
    const flags = this.table.words[found * STRIDE + FLAGS] as number;
    const closes = this.table.doubles[found * DOUBLES + CLOSES] as number;
    return (flags & CLOSING) !== 0 && this.nowMicros <= closes + REMEMBERED_MICROS;
  }

  /** A packet without connection that did not pass; that its conversation was judged matters to rule V7 alone. */
  #denied(
    found: number,
    packets: PacketBatch,
    row: number,
    at: number,
    direction: number,
    outcome: number,
    rule: number,
  ): number {
    if (this.#pickUp.isOpen(packets, row, at, this.clockMicros)) {
      const now = packets.atMicros[row] as number;
      const entry = found === 0 ? this.#add(packets, row, at) : found;
      const { doubles } = this.table;
      if (now > (doubles[entry * DOUBLES + JUDGED] as number)) doubles[entry * DOUBLES + JUDGED] = now;
    }
    return this.#numbers.find(at, direction, outcome, rule);
  }

  #open(
    found: number,
    packets: PacketBatch,
    row: number,
    at: number,
    opens: number,
    outcome: number,
    rule: number,
  ): number {
    const entry = found === 0 ? this.#add(packets, row, at) : found;
    const { words, doubles, serials } = this.table;
    const base = entry * STRIDE;
    const family = packets.family[row] as number;
    const isUntracked = this.#rules.groups.isUntracked(at, rule, opens, family, packets.protocol[row] as number);
    words[base + FLAGS] = ((words[base + FLAGS] as number) & ~STATE) | LIVE | (isUntracked ? UNTRACKED : 0);
    words[base + ADMITTED] = ((rule << 2) | outcome) >>> 0;
    words[base + ANSWERS] = 0;
    words[base + ANSWERS + 1] = 0;
    for (let i = LAST; i < DOUBLES; i++) doubles[entry * DOUBLES + i] = 0;
    serials[entry] = this.table.nextOpening();
    const now = packets.atMicros[row] as number;
    passed(this.table, entry, this.keys.turned, now, packets.tcpFlags[row] as number);
    this.#newest.opened(entry);
    this.#room.opened(entry, this.clockMicros, found === 0);
    return entry;
  }

  #add(packets: PacketBatch, row: number, at: number): number {
    if (this.#room.prepare(this.clockMicros)) {
      this.#newest.forget();
      this.keys.forget(packets, row);
      this.removals++;
    }
    return this.keys.add(packets, row, at);
  }

  /** Rule V5: 0 where the quoted header belongs to no tracked connection here. */
  #asRelated(packets: PacketBatch, row: number, at: number, direction: number): number {
    const { quotes } = packets;
    const quote = packets.quoted[row] as number;
    const protocol = quotes.protocol[quote] as number;
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    if ((isIcmp || protocol === TCP || protocol === UDP || protocol === SCTP) && quotes.portsKnown[quote] !== 1)
      return 0;
    const entry = this.keys.findQuoted(packets, row, at);
    if (entry === 0 || this.nowMicros > deadline(this.table, entry)) return 0;
    if (((this.table.words[entry * STRIDE + FLAGS] as number) & UNTRACKED) !== 0) return 0;
    return this.#throughAcl(entry, packets, row, at, direction, portOf(packets, row), icmpOf(packets, row));
  }

  /** A packet that passes the groups as one of a connection: the ACL decides. */
  #throughAcl(
    entry: number,
    packets: PacketBatch,
    row: number,
    at: number,
    direction: number,
    port: number,
    icmp: number,
  ): number {
    this.#rules.load(packets, row);
    const acl = this.#rules.acl(packets, row, at, direction, port, icmp);
    if (acl < 0) return this.#numbers.find(at, direction, DENY_ACL, -acl);
    const admitted = this.table.words[entry * STRIDE + ADMITTED] as number;
    return this.#numbers.find(at, direction, admitted & 3, admitted >>> 2);
  }

  /** Rule V6. */
  #withoutPorts(packets: PacketBatch, row: number, at: number, direction: number): number {
    this.withoutPorts++;
    this.#rules.load(packets, row);
    const protocol = packets.protocol[row] as number;
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    const family6 = packets.family[row] === 4 ? 0 : FAMILY_6;
    this.keys.orderWords(this.#rules.words);
    const entry = this.#newest.find(at * 256 + protocol, this.keys.pair, family6, this.nowMicros);
    if (entry !== 0) {
      const ports = this.table.words[entry * STRIDE + 3] as number;
      const port = this.keys.turned === 0 ? ports & 0xffff : ports >>> 16;
      return this.#throughAcl(entry, packets, row, at, direction, isIcmp ? 0 : port, isIcmp ? NOT_KNOWN : 0);
    }
    const port = isIcmp ? 0 : NOT_KNOWN;
    const icmp = isIcmp ? NOT_KNOWN : 0;
    const acl = this.#rules.acl(packets, row, at, direction, port, icmp);
    const deniedByAcl = acl < 0 ? this.#numbers.find(at, direction, DENY_ACL, -acl) : 0;
    if (direction === INGRESS && deniedByAcl !== 0) return deniedByAcl;
    const rule = this.#rules.admit(packets, row, at, direction, port, icmp);
    if (rule === NONE) return this.#numbers.find(at, direction, DENY_DEFAULT, 0);
    if (deniedByAcl !== 0) return deniedByAcl;
    const outcome = rule === 0 ? BY_NOTHING : direction === INGRESS ? BY_GROUP_IN : BY_GROUP_OUT;
    return this.#numbers.find(at, direction, outcome, rule);
  }
}
