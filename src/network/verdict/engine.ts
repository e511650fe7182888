/**
 * Judges a packet at an interface (rules V1 to V7).
 *
 * In:    a row of a batch, an interface, a direction. Out: the number of a decision, and whether the packet passed.
 * Holds: a packet of a tracked connection passes the groups and carries the rule that admitted the connection; ACLs
 *        judge each packet. What the groups and ACLs said of a connection's packets is kept with it, for each
 *        direction and end, until the rules change. Decisions depend on the packets in their order and on their own
 *        times alone, not on how they were cut into batches.
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
import { Newest } from './newest.ts';
import { Room } from './room.ts';
import { NONE, NOT_KNOWN } from './rule-index.ts';
import { ACK, CLOSING, deadline, LIVE, passed, REMEMBERED_MICROS, RST, SYN, TCP, UDP, UNTRACKED } from './states.ts';

const ICMP = 1;
const ICMP6 = 58;
const SCTP = 132;

/** Rule V7: how long after tracking began conversations are picked up. */
const PICK_UP_TCP_MICROS = 3600e6;
const PICK_UP_OTHERS_MICROS = 180e6;

const OTHER_TYPE = 0x10000;
const ERRORS = 0x20000;

/** ICMP replies and the requests that they answer (rule V7). */
function requestOf(protocol: number, type: number): number {
  if (protocol === ICMP6) return type === 129 ? 128 : NONE;
  return type === 0 ? 8 : type === 14 ? 13 : type === 16 ? 15 : NONE;
}

/** What stands for ports in the key of an ICMP message: its identifier, its type, or that it is an error. */
function icmpKey(protocol: number, icmp: number, id: number): number {
  const type = icmp >> 8;
  if (protocol === ICMP6) return type === 128 || type === 129 ? id : type < 128 ? ERRORS : OTHER_TYPE + type;
  if (type === 0 || type === 8 || (type >= 13 && type <= 16)) return id;
  return (type >= 3 && type <= 5) || type === 11 || type === 12 ? ERRORS : OTHER_TYPE + type;
}

/** Judges; one for each judge, its rules are replaced when the snapshot is. */
export class Engine {
  /** Connections that were picked up, observations that were judged without ports. */
  pickedUp = 0;
  withoutPorts = 0;
  readonly #numbers: DecisionNumbers;
  readonly #table = new Connections();
  readonly #newest = new Newest(this.#table);
  readonly #room: Room;
  #groups: GroupRules;
  #acls: AclRules;
  #controls: Controls;
  /** When tracking began at an interface; NaN before its first packet could come. */
  #began = new Float64Array(0);
  #serial = 0;
  // Of the packet at hand. `#words` has the source, then the destination.
  readonly #words = new Uint32Array(8);
  readonly #pair = new Uint32Array(8);
  #turned = 0;

  constructor(snapshot: VpcSnapshot, paths: Paths, decisions: DecisionTable, maxConnections: number) {
    this.#room = new Room(this.#table, maxConnections, (entry) => this.#pickUpEnd(entry));
    this.#numbers = new DecisionNumbers(decisions);
    this.#groups = new GroupRules(snapshot);
    this.#acls = new AclRules(snapshot);
    this.#controls = new Controls(snapshot, paths);
    this.#began = new Float64Array(snapshot.interfaces.length).fill(Number.NaN);
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
    const began = new Float64Array(snapshot.interfaces.length).fill(Number.NaN);
    began.set(this.#began);
    this.#began = began;
    const { words, end } = this.#table;
    for (let entry = 1; entry < end; entry++) words.fill(0, entry * STRIDE + ANSWERS, entry * STRIDE + ANSWERS + 4);
  }

  /** Tracking begins, at interfaces where it has not, with the first packet after they came. */
  begin(atMicros: number): void {
    const began = this.#began;
    for (let i = began.length - 1; i >= 0 && Number.isNaN(began[i]); i--) began[i] = atMicros;
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
    const k3 = isIcmp
      ? icmpKey(protocol, packets.icmp[row] as number, packets.icmpId[row] as number)
      : (packets.ports[row] as number);
    const entry = this.#find(packets, row, at, k3);
    if (entry !== 0) {
      const answer = this.#asConnection(entry, packets, row, at, direction);
      if (answer !== 0) return answer;
    }
    return this.#asNew(entry, packets, row, at, direction, k3);
  }

  #lacksPorts(packets: PacketBatch, row: number, protocol: number): boolean {
    const flags = packets.flags[row] as number;
    if ((flags & (PORTS_UNKNOWN | CUT_BEFORE_PORTS)) === 0) return false;
    return protocol === TCP || protocol === UDP || protocol === SCTP;
  }

  /** Sets `#turned`; after it `#add` may be called. */
  #find(packets: PacketBatch, row: number, at: number, k3: number): number {
    const protocol = packets.protocol[row] as number;
    const k0 = at * 256 + protocol;
    if (packets.family[row] === 4) return this.#find4(k0, packets.src4[row] as number, packets.dst4[row] as number, k3);
    return this.#find6(k0, packets.src6, packets.dst6, row * 4, k3);
  }

  #find4(k0: number, src: number, dst: number, k3: number): number {
    const isIcmp = (k0 & 255) === ICMP || (k0 & 255) === ICMP6;
    if (src < dst || (src === dst && (isIcmp || k3 >>> 16 <= (k3 & 0xffff)))) {
      this.#turned = 0;
      return this.#table.find4(k0, src, dst, k3);
    }
    this.#turned = 1;
    return this.#table.find4(k0, dst, src, isIcmp ? k3 : ((k3 << 16) | (k3 >>> 16)) >>> 0);
  }

  #find6(k0: number, src: Uint32Array, dst: Uint32Array, at: number, k3: number): number {
    const isIcmp = (k0 & 255) === ICMP || (k0 & 255) === ICMP6;
    this.#orderPair(src, dst, at, !isIcmp && k3 >>> 16 > (k3 & 0xffff));
    const key = isIcmp || this.#turned === 0 ? k3 : ((k3 << 16) | (k3 >>> 16)) >>> 0;
    return this.#table.find6(k0, this.#pair, key);
  }

  /** Fills `#pair`, lower end first, and sets `#turned`. */
  #orderPair(src: Uint32Array, dst: Uint32Array, at: number, turnedIfEqual: boolean): void {
    const pair = this.#pair;
    let order = 0;
    for (let i = 0; i < 4 && order === 0; i++) order = (src[at + i] as number) - (dst[at + i] as number);
    const turned = order > 0 || (order === 0 && turnedIfEqual);
    this.#turned = turned ? 1 : 0;
    for (let i = 0; i < 4; i++) {
      pair[i] = (turned ? dst : src)[at + i] as number;
      pair[4 + i] = (turned ? src : dst)[at + i] as number;
    }
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
    const slot = base + ANSWERS + direction * 2 + this.#turned;
    let answer = words[slot] as number;
    if (answer === 0) {
      answer = this.#askConnection(entry, packets, row, at, direction);
      // The answer for ICMP is that of one type; a connection has two of them and more.
      const protocol = packets.protocol[row];
      if (protocol !== ICMP && protocol !== ICMP6) words[slot] = answer;
    }
    if ((answer & PASSES) !== 0) {
      if (passed(table, entry, this.#turned, now, tcpFlags)) this.#room.closing(entry);
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
  #asNew(found: number, packets: PacketBatch, row: number, at: number, direction: number, k3: number): number {
    this.#load(packets, row);
    const port = portOf(packets, row);
    const icmp = icmpOf(packets, row);
    if (direction === INGRESS) {
      const acl = this.#acl(packets, row, at, direction, port, icmp);
      if (acl < 0) return this.#denied(found, packets, row, at, direction, k3, DENY_ACL, -acl);
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
        return this.#denied(found, packets, row, at, direction, k3, DENY_CLOSED, 0);
      isPickedUp = this.#mayPickUp(found, packets, row, at, direction);
      if (isPickedUp) rule = this.#admitReverse(packets, row, at, direction, icmp);
      if (rule === NONE) return this.#denied(found, packets, row, at, direction, k3, DENY_DEFAULT, 0);
      opens = reverseOf(direction);
    }
    if (direction !== INGRESS) {
      const acl = this.#acl(packets, row, at, direction, port, icmp);
      if (acl < 0) return this.#denied(found, packets, row, at, direction, k3, DENY_ACL, -acl);
    }
    if (isPickedUp) this.pickedUp++;
    const outcome = rule === 0 ? BY_NOTHING : opens === INGRESS ? BY_GROUP_IN : BY_GROUP_OUT;
    this.#open(found, packets, row, at, opens, k3, outcome, rule);
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

  /** Rule V7 but for what the reverse needs. */
  #mayPickUp(found: number, packets: PacketBatch, row: number, at: number, direction: number): boolean {
    const now = packets.atMicros[row] as number;
    const protocol = packets.protocol[row] as number;
    const since = now - (this.#began[at] as number);
    if (since >= (protocol === TCP ? PICK_UP_TCP_MICROS : PICK_UP_OTHERS_MICROS)) return false;
    if (found !== 0) {
      const times = found * DOUBLES;
      const { doubles } = this.#table;
      const judged = Math.max(doubles[times + LAST] as number, doubles[times + JUDGED] as number);
      if (now - judged <= REMEMBERED_MICROS) return false;
    }
    const source = sourcePortOf(packets, row);
    const destination = portOf(packets, row);
    if (protocol === TCP) {
      if (((packets.tcpFlags[row] as number) & (SYN | RST | ACK)) !== ACK) return false;
      return direction === INGRESS ? destination > source : source > destination;
    }
    if (protocol === UDP) return source <= destination;
    if (protocol !== ICMP && protocol !== ICMP6) return false;
    return requestOf(protocol, (packets.icmp[row] as number) >> 8) !== NONE;
  }

  /** A packet without connection that did not pass; that its conversation was judged matters to rule V7 alone. */
  #denied(
    found: number,
    packets: PacketBatch,
    row: number,
    at: number,
    direction: number,
    k3: number,
    outcome: number,
    rule: number,
  ): number {
    const now = packets.atMicros[row] as number;
    const protocol = packets.protocol[row] as number;
    const since = now - (this.#began[at] as number);
    const window = protocol === TCP ? PICK_UP_TCP_MICROS : PICK_UP_OTHERS_MICROS;
    const isPort = protocol === TCP || protocol === UDP || protocol === ICMP || protocol === ICMP6;
    if (isPort && since < window) {
      const entry = found === 0 ? this.#add(packets, row, at, k3) : found;
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
    k3: number,
    outcome: number,
    rule: number,
  ): void {
    const entry = found === 0 ? this.#add(packets, row, at, k3) : found;
    const { words, doubles, serials } = this.#table;
    const base = entry * STRIDE;
    const family = packets.family[row] as number;
    const isUntracked = this.#groups.isUntracked(at, rule, opens, family, packets.protocol[row] as number);
    words[base + FLAGS] = (family === 6 ? FAMILY_6 : 0) | LIVE | (isUntracked ? UNTRACKED : 0);
    words[base + ADMITTED] = ((rule << 2) | outcome) >>> 0;
    words.fill(0, base + ANSWERS, base + ANSWERS + 4);
    doubles.fill(0, entry * DOUBLES + LAST, entry * DOUBLES + DOUBLES);
    serials[entry] = ++this.#serial;
    const now = packets.atMicros[row] as number;
    passed(this.#table, entry, this.#turned, now, packets.tcpFlags[row] as number);
    this.#newest.opened(entry);
    this.#room.opened(entry, now);
  }

  /** Until when rule V7 may ask whether the conversation of an entry was judged. */
  #pickUpEnd(entry: number): number {
    const k0 = this.#table.words[entry * STRIDE] as number;
    const window = (k0 & 255) === TCP ? PICK_UP_TCP_MICROS : PICK_UP_OTHERS_MICROS;
    return (this.#began[k0 >>> 8] as number) + window;
  }

  #add(packets: PacketBatch, row: number, at: number, k3: number): number {
    if (this.#room.prepare(packets.atMicros[row] as number)) this.#newest.forget();
    const protocol = packets.protocol[row] as number;
    const k0 = at * 256 + protocol;
    const isTurned = this.#turned === 1 && protocol !== ICMP && protocol !== ICMP6;
    const key = isTurned ? ((k3 << 16) | (k3 >>> 16)) >>> 0 : k3;
    if (packets.family[row] !== 4) return this.#table.add6(k0, this.#pair, key);
    const src = packets.src4[row] as number;
    const dst = packets.dst4[row] as number;
    return this.#turned === 1 ? this.#table.add4(k0, dst, src, key) : this.#table.add4(k0, src, dst, key);
  }

  /** Rule V5: 0 where the quoted header belongs to no tracked connection here. */
  #asRelated(packets: PacketBatch, row: number, at: number, direction: number): number {
    const { quotes } = packets;
    const quote = packets.quoted[row] as number;
    const protocol = quotes.protocol[quote] as number;
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    if ((isIcmp || protocol === TCP || protocol === UDP || protocol === SCTP) && quotes.portsKnown[quote] !== 1)
      return 0;
    const k0 = at * 256 + protocol;
    const k3 = isIcmp
      ? icmpKey(protocol, quotes.icmp[quote] as number, quotes.icmpId[quote] as number)
      : (quotes.ports[quote] as number);
    const entry =
      quotes.family[quote] === 4
        ? this.#find4(k0, quotes.src[quote * 4] as number, quotes.dst[quote * 4] as number, k3)
        : this.#find6(k0, quotes.src, quotes.dst, quote * 4, k3);
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
    this.#orderPair(this.#words, this.#words.subarray(4), 0, false);
    const now = packets.atMicros[row] as number;
    const entry = this.#newest.find(at * 256 + protocol, this.#pair, family6, now);
    if (entry !== 0) {
      const ports = this.#table.words[entry * STRIDE + 3] as number;
      const port = this.#turned === 0 ? ports & 0xffff : ports >>> 16;
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
