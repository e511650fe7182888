/**
 * Judges a packet at an interface (rules V1 to V7).
 *
 * In:    a row of a batch, an interface, a direction. Out: the number of a decision, and whether the packet passed.
 * Holds: a packet of a tracked connection passes the groups and carries the rule that admitted the connection; ACLs
 *        judge each packet. What the groups and ACLs said of a connection's packets is kept with it, for each
 *        direction and end, until the rules change. Decisions depend on the packets in their order and on their own
 *        times alone, not on how they were cut into batches.
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
import type { Paths } from '../vpc/path.ts';
import type { VpcSnapshot } from '../vpc/snapshot.ts';
import { AclRules, reverseOf } from './acl-rules.ts';
import {
  ADMITTED,
  ANSWERS,
  Connections,
  DOUBLES,
  FAMILY_6,
  FLAGS,
  JUDGED,
  LAST,
  CLOSES,
  STRIDE,
} from './connections.ts';
import { Controls } from './controls.ts';
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
import { GroupRules, INGRESS } from './group-rules.ts';
import { ICMP, ICMP6, Keys } from './keys.ts';
import { Newest } from './newest.ts';
import { Room } from './room.ts';
import { PickUp, requestOf } from './pick-up.ts';
import { NONE, NOT_KNOWN } from './rule-index.ts';
import {
  ACK,
  CLOSING,
  COUNTED,
  deadline,
  LIVE,
  passed,
  REMEMBERED_MICROS,
  SYN,
  TCP,
  UDP,
  UNTRACKED,
} from './states.ts';

const SCTP = 132;

/** Entries from which on the table does not fit into the cache. */
const WARM_FROM = 8192;

/** Judges; one for each judge, its rules are replaced when the snapshot is. */
export class Engine {
  /** Connections that were picked up, observations that were judged without ports. */
  pickedUp = 0;
  withoutPorts = 0;
  readonly #numbers: DecisionNumbers;
  readonly #table = new Connections();
  readonly #keys = new Keys(this.#table);
  readonly #newest = new Newest(this.#table);
  readonly #room: Room;
  #groups: GroupRules;
  #acls: AclRules;
  #controls: Controls;
  readonly #pickUp = new PickUp(this.#table);
  #serial = 0;
  // Of the packet at hand. `#words` has the source, then the destination.
  readonly #words = new Uint32Array(8);

  constructor(snapshot: VpcSnapshot, paths: Paths, decisions: DecisionTable, maxConnections: number) {
    this.#room = new Room(this.#table, maxConnections, (entry) => this.#pickUp.endOf(entry));
    this.#numbers = new DecisionNumbers(decisions);
    this.#groups = new GroupRules(snapshot);
    this.#acls = new AclRules(snapshot);
    this.#controls = new Controls(snapshot, paths);
    this.#pickUp.extend(snapshot.interfaces.length);
  }

  /** Connections that had to leave a full table. */
  get evicted(): number {
    return this.#room.evicted;
  }

  /** New rules; connections stay. */
  update(snapshot: VpcSnapshot, paths: Paths): void {
    this.#groups = new GroupRules(snapshot);
    this.#acls = new AclRules(snapshot);
    this.#controls = new Controls(snapshot, paths);
    this.#pickUp.extend(snapshot.interfaces.length);
    const { words, end } = this.#table;
    for (let entry = 1; entry < end; entry++) words.fill(0, entry * STRIDE + ANSWERS, entry * STRIDE + ANSWERS + 4);
  }

  /** Tracking begins, at interfaces where it has not, with the first packet after they came. */
  begin(atMicros: number): void {
    this.#pickUp.begin(atMicros);
  }

  /** To be called before rows of a batch are observed: only makes it faster. */
  warm(packets: PacketBatch, from: number, to: number): void {
    if (this.#table.size > WARM_FROM) this.#table.warm(packets, from, to);
  }

  /** The decision's number shifted left, with the bit `PASSES`. */
  observe(packets: PacketBatch, row: number, at: number, direction: number): number {
    if (this.#controls.apply(at)) {
      const denied = this.#stopped(packets, row, at, direction);
      if (denied !== 0) return this.#numbers.find(at, direction, denied, 0);
    }
    if (!this.#groups.judges(at)) return this.#byAclAlone(packets, row, at, direction);
    const protocol = packets.protocol[row] as number;
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    if (isIcmp ? packets.icmp[row] === NO_ICMP : this.#lacksPorts(packets, row, protocol))
      return this.#withoutPorts(packets, row, at, direction);
    if (isIcmp && (packets.quoted[row] as number) >= 0) {
      const related = this.#asRelated(packets, row, at, direction);
      if (related !== 0) return related;
    }
    const entry = this.#keys.find(packets, row, at);
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

  #load(packets: PacketBatch, row: number): void {
    const words = this.#words;
    words.fill(0);
    if (packets.family[row] === 4) {
      words[0] = packets.src4[row] as number;
      words[4] = packets.dst4[row] as number;
      return;
    }
    for (let i = 0; i < 4; i++) {
      words[i] = packets.src6[row * 4 + i] as number;
      words[4 + i] = packets.dst6[row * 4 + i] as number;
    }
  }

  /** What the groups say of a packet whose words are loaded, or of its reverse. */
  #admit(
    packets: PacketBatch,
    row: number,
    at: number,
    direction: number,
    port: number,
    icmp: number,
    back: boolean,
  ): number {
    const words = this.#words;
    // The remote end: of an ingress packet its source, of the reverse of one its destination's destination: the same.
    const o = (direction === INGRESS) !== back ? 0 : 4;
    return this.#groups.admit(
      at,
      direction,
      packets.family[row] as number,
      words[o] as number,
      words[o + 1] as number,
      words[o + 2] as number,
      words[o + 3] as number,
      packets.protocol[row] as number,
      port,
      icmp,
    );
  }

  /** What the ACL says of a packet whose words are loaded. */
  #acl(packets: PacketBatch, row: number, at: number, direction: number, port: number, icmp: number): number {
    const w = this.#words;
    return this.#acls.judge(
      at,
      direction,
      packets.family[row] as number,
      w[0] as number,
      w[1] as number,
      w[2] as number,
      w[3] as number,
      w[4] as number,
      w[5] as number,
      w[6] as number,
      w[7] as number,
      packets.protocol[row] as number,
      port,
      icmp,
    );
  }

  #stopped(packets: PacketBatch, row: number, at: number, direction: number): number {
    this.#load(packets, row);
    const w = this.#words;
    const o = direction === INGRESS ? 0 : 4;
    const family = packets.family[row] as number;
    return this.#controls.stop(at, family, w[o] as number, w[o + 1] as number, w[o + 2] as number, w[o + 3] as number);
  }

  #byAclAlone(packets: PacketBatch, row: number, at: number, direction: number): number {
    this.#load(packets, row);
    const protocol = packets.protocol[row] as number;
    const lacks = this.#lacksPorts(packets, row, protocol);
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    if (lacks || (isIcmp && packets.icmp[row] === NO_ICMP)) this.withoutPorts++;
    const entry = this.#acl(
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
    const table = this.#table;
    const now = packets.atMicros[row] as number;
    if (now > deadline(table, entry)) return 0;
    const tcpFlags = packets.tcpFlags[row] as number;
    const words = table.words;
    const base = entry * STRIDE;
    const flags = words[base + FLAGS] as number;
    if ((flags & CLOSING) !== 0 && (tcpFlags & (SYN | ACK)) === SYN) return 0;
    const slot = base + ANSWERS + direction * 2 + this.#keys.turned;
    let answer = words[slot] as number;
    if (answer === 0) {
      answer = this.#askConnection(entry, packets, row, at, direction);
      // The answer for ICMP is that of one type; a connection has two of them and more.
      const protocol = packets.protocol[row];
      if (protocol !== ICMP && protocol !== ICMP6) words[slot] = answer;
    }
    if ((answer & PASSES) !== 0) {
      if (passed(table, entry, this.#keys.turned, now, tcpFlags)) this.#room.closing(entry);
    } else if (now > (table.doubles[entry * DOUBLES + JUDGED] as number)) table.doubles[entry * DOUBLES + JUDGED] = now;
    return answer;
  }

  #askConnection(entry: number, packets: PacketBatch, row: number, at: number, direction: number): number {
    this.#load(packets, row);
    const admitted = this.#table.words[entry * STRIDE + ADMITTED] as number;
    const isUntracked = ((this.#table.words[entry * STRIDE + FLAGS] as number) & UNTRACKED) !== 0;
    const port = portOf(packets, row);
    const icmp = icmpOf(packets, row);
    const passesGroups = !isUntracked || this.#admit(packets, row, at, direction, port, icmp, false) !== NONE;
    if (direction !== INGRESS && !passesGroups) return this.#numbers.find(at, direction, DENY_DEFAULT, 0);
    const acl = this.#acl(packets, row, at, direction, port, icmp);
    if (acl < 0) return this.#numbers.find(at, direction, DENY_ACL, -acl);
    if (!passesGroups) return this.#numbers.find(at, direction, DENY_DEFAULT, 0);
    return this.#numbers.find(at, direction, admitted & 3, admitted >>> 2);
  }

  /** Rules V1, V2, V4 and V7 for a packet that belongs to no connection. */
  #asNew(found: number, packets: PacketBatch, row: number, at: number, direction: number): number {
    this.#load(packets, row);
    const port = portOf(packets, row);
    const icmp = icmpOf(packets, row);
    if (direction === INGRESS) {
      const acl = this.#acl(packets, row, at, direction, port, icmp);
      if (acl < 0) return this.#denied(found, packets, row, at, direction, DENY_ACL, -acl);
    }
    const protocol = packets.protocol[row] as number;
    const tcpFlags = packets.tcpFlags[row] as number;
    const isMiddle = protocol === TCP && (tcpFlags & SYN) === 0;
    let opens = direction;
    let rule = this.#admit(packets, row, at, direction, port, icmp, false);
    let isPickedUp = false;
    if (rule !== NONE && isMiddle && port > sourcePortOf(packets, row)) {
      const back = this.#admitReverse(packets, row, at, direction, icmp);
      if (back !== NONE) {
        rule = back;
        opens = reverseOf(direction);
      }
    } else if (rule === NONE) {
      const now = packets.atMicros[row] as number;
      if (isMiddle && this.#wasClosed(found, now))
        return this.#denied(found, packets, row, at, direction, DENY_CLOSED, 0);
      isPickedUp = this.#pickUp.may(found, packets, row, at, direction);
      if (isPickedUp) rule = this.#admitReverse(packets, row, at, direction, icmp);
      if (rule === NONE) return this.#denied(found, packets, row, at, direction, DENY_DEFAULT, 0);
      opens = reverseOf(direction);
    }
    if (direction !== INGRESS) {
      const acl = this.#acl(packets, row, at, direction, port, icmp);
      if (acl < 0) return this.#denied(found, packets, row, at, direction, DENY_ACL, -acl);
    }
    if (isPickedUp) this.pickedUp++;
    const outcome = rule === 0 ? BY_NOTHING : opens === INGRESS ? BY_GROUP_IN : BY_GROUP_OUT;
    this.#open(found, packets, row, at, opens, outcome, rule);
    return this.#numbers.find(at, direction, outcome, rule);
  }

  #admitReverse(packets: PacketBatch, row: number, at: number, direction: number, icmp: number): number {
    const protocol = packets.protocol[row] as number;
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    const request = isIcmp ? requestOf(protocol, icmp >> 8) << 8 : icmp;
    return this.#admit(packets, row, at, reverseOf(direction), isIcmp ? 0 : sourcePortOf(packets, row), request, true);
  }

  #wasClosed(found: number, now: number): boolean {
    if (found === 0) return false;
    const flags = this.#table.words[found * STRIDE + FLAGS] as number;
    const closes = this.#table.doubles[found * DOUBLES + CLOSES] as number;
    return (flags & CLOSING) !== 0 && now <= closes + REMEMBERED_MICROS;
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
    if (this.#pickUp.isOpen(packets, row, at)) {
      const now = packets.atMicros[row] as number;
      const entry = found === 0 ? this.#add(packets, row, at) : found;
      const { doubles } = this.#table;
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
  ): void {
    const entry = found === 0 ? this.#add(packets, row, at) : found;
    const { words, doubles, serials } = this.#table;
    const base = entry * STRIDE;
    const family = packets.family[row] as number;
    const isUntracked = this.#groups.isUntracked(at, rule, opens, family, packets.protocol[row] as number);
    const kept = (words[base + FLAGS] as number) & (FAMILY_6 | COUNTED);
    words[base + FLAGS] = kept | LIVE | (isUntracked ? UNTRACKED : 0);
    words[base + ADMITTED] = ((rule << 2) | outcome) >>> 0;
    words.fill(0, base + ANSWERS, base + ANSWERS + 4);
    doubles.fill(0, entry * DOUBLES + LAST, entry * DOUBLES + DOUBLES);
    serials[entry] = ++this.#serial;
    const now = packets.atMicros[row] as number;
    passed(this.#table, entry, this.#keys.turned, now, packets.tcpFlags[row] as number);
    this.#newest.opened(entry);
    this.#room.opened(entry, now);
  }

  #add(packets: PacketBatch, row: number, at: number): number {
    if (this.#room.prepare(packets.atMicros[row] as number)) this.#newest.forget();
    return this.#keys.add(packets, row, at);
  }

  /** Rule V5: 0 where the quoted header belongs to no tracked connection here. */
  #asRelated(packets: PacketBatch, row: number, at: number, direction: number): number {
    const { quotes } = packets;
    const quote = packets.quoted[row] as number;
    const protocol = quotes.protocol[quote] as number;
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    if ((isIcmp || protocol === TCP || protocol === UDP || protocol === SCTP) && quotes.portsKnown[quote] !== 1)
      return 0;
    const entry = this.#keys.findQuoted(packets, row, at);
    if (entry === 0 || (packets.atMicros[row] as number) > deadline(this.#table, entry)) return 0;
    if (((this.#table.words[entry * STRIDE + FLAGS] as number) & UNTRACKED) !== 0) return 0;
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
    this.#load(packets, row);
    const acl = this.#acl(packets, row, at, direction, port, icmp);
    if (acl < 0) return this.#numbers.find(at, direction, DENY_ACL, -acl);
    const admitted = this.#table.words[entry * STRIDE + ADMITTED] as number;
    return this.#numbers.find(at, direction, admitted & 3, admitted >>> 2);
  }

  /** Rule V6. */
  #withoutPorts(packets: PacketBatch, row: number, at: number, direction: number): number {
    this.withoutPorts++;
    this.#load(packets, row);
    const protocol = packets.protocol[row] as number;
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    const family6 = packets.family[row] === 4 ? 0 : FAMILY_6;
    this.#keys.order(this.#words, this.#words.subarray(4), 0, false);
    const now = packets.atMicros[row] as number;
    const entry = this.#newest.find(at * 256 + protocol, this.#keys.pair, family6, now);
    if (entry !== 0) {
      const ports = this.#table.words[entry * STRIDE + 3] as number;
      const port = this.#keys.turned === 0 ? ports & 0xffff : ports >>> 16;
      return this.#throughAcl(entry, packets, row, at, direction, isIcmp ? 0 : port, isIcmp ? NOT_KNOWN : 0);
    }
    const port = isIcmp ? 0 : NOT_KNOWN;
    const icmp = isIcmp ? NOT_KNOWN : 0;
    const acl = this.#acl(packets, row, at, direction, port, icmp);
    const deniedByAcl = acl < 0 ? this.#numbers.find(at, direction, DENY_ACL, -acl) : 0;
    if (direction === INGRESS && deniedByAcl !== 0) return deniedByAcl;
    const rule = this.#admit(packets, row, at, direction, port, icmp, false);
    if (rule === NONE) return this.#numbers.find(at, direction, DENY_DEFAULT, 0);
    if (deniedByAcl !== 0) return deniedByAcl;
    const outcome = rule === 0 ? BY_NOTHING : direction === INGRESS ? BY_GROUP_IN : BY_GROUP_OUT;
    return this.#numbers.find(at, direction, outcome, rule);
  }
}

function portOf(packets: PacketBatch, row: number): number {
  return (packets.ports[row] as number) & 0xffff;
}

function sourcePortOf(packets: PacketBatch, row: number): number {
  return (packets.ports[row] as number) >>> 16;
}

function icmpOf(packets: PacketBatch, row: number): number {
  const icmp = packets.icmp[row] as number;
  return icmp === NO_ICMP ? NOT_KNOWN : icmp;
}
