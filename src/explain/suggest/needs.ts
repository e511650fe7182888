/**
 * What the conversations of a group's members need of its rules.
 *
 * In:    batches of conversations, the present rules. Out: points: direction, protocol, port, interface and remote address, each with how often it was
 *        used, whether somebody answered, and when.
 * Holds: a conversation is the group's where the rule that admits it is, or no rule of the model does; what another group of the
 *        interface admits is that group's. Memory grows with points, not with conversations. Rejected conversations are
 *        points without an answer: they tell scans, and never become a need.
 */
import type { ConversationRules } from '../../network/verdict/conversation-rules.ts';
import { LEG_PASSES } from '../../network/verdict/conversation-rules.ts';
import { EGRESS, INGRESS } from '../../network/verdict/group-rules.ts';
import type { ConversationBatch, Side } from '../conversations/batch.ts';
import {
  BY_FLAGS,
  FLAGS_KNOWN,
  HAS_SYN,
  HAS_SYN_ACK,
  OPENER_LOCAL,
  OPENER_UNKNOWN,
  PLACED_NOT,
} from '../conversations/batch.ts';
import { isOpenerCertain } from '../conversations/opener.ts';
import { grown, WordTable } from '../conversations/word-table.ts';

const TCP = 6;
const UDP = 17;
const ICMP = 1;
const ICMP6 = 58;
const SCTP = 132;

/** A packet of TCP that says no more than RST or ACK, bytes. */
const BARE_BYTES = 46;
/** Packets of a client that completes a handshake, and those that make one way of UDP more than a try. */
const HANDSHAKE_PACKETS = 3;
const ONE_WAY_PACKETS = 3;

/** Words of a point: direction and family and protocol, port, position of the interface, remote address. */
export const POINT_WORDS = 7;

/** Points, column by column; `table.words` has what they are. */
export class Needs {
  readonly table: WordTable = new WordTable(POINT_WORDS);
  /** Conversations that were accepted and answered. */
  answered: Float64Array<ArrayBuffer> = new Float64Array(0);
  /** Those that were rejected, refused or not answered. */
  failed: Float64Array<ArrayBuffer> = new Float64Array(0);
  /** Packets one way, accepted, of protocols that need no answer. */
  oneWay: Float64Array<ArrayBuffer> = new Float64Array(0);
  /** Answered or one way, with an opener that flags told. */
  sure: Float64Array<ArrayBuffer> = new Float64Array(0);
  /** All accepted ones. */
  accepted: Float64Array<ArrayBuffer> = new Float64Array(0);
  rejected: Float64Array<ArrayBuffer> = new Float64Array(0);
  bytes: Float64Array<ArrayBuffer> = new Float64Array(0);
  first: Float64Array<ArrayBuffer> = new Float64Array(0);
  last: Float64Array<ArrayBuffer> = new Float64Array(0);
  /** The interface of the model that holds the remote address; 0 none. */
  far: Float64Array<ArrayBuffer> = new Float64Array(0);
  /**
   * Accepted, and admitted by rules of other groups; without a known opener, which count at the points of both ways that rules
   * admit; at interfaces whose end is not known.
   */
  ofOthers = 0;
  openerUnknown = 0;
  notPlaced = 0;
  readonly #rules: ConversationRules;
  readonly #numbers: Uint32Array;
  /** By rule: the group that has it, 0 none. */
  readonly #groupOf: Uint32Array;
  readonly #group: number;

  /**
   * @param numbers  by position of an interface in the records: its number in the model, 0 where it is no member
   * @param group    number of the group
   */
  constructor(rules: ConversationRules, numbers: Uint32Array, group: number) {
    this.#rules = rules;
    this.#numbers = numbers;
    this.#group = group;
    this.#groupOf = new Uint32Array(rules.snapshot.rules.length);
    for (const one of rules.snapshot.groups)
      for (const rule of [...one.ingress, ...one.egress]) this.#groupOf[rule] = one.number;
  }

  /** Takes a batch. */
  take(batch: ConversationBatch): void {
    for (let row = 0; row < batch.rows; row++) this.#take(batch, row);
  }

  /** The point of a row whose request goes this way; -1 where it is none. */
  pointOf(batch: ConversationBatch, row: number, request: number): number {
    const { key } = this.table;
    const protocol = batch.protocol[row] as number;
    // Rules of groups tell ports of these two apart, no others.
    const hasPorts = protocol === TCP || protocol === UDP;
    const port = (request === INGRESS ? batch.localPort[row] : batch.remotePort[row]) as number;
    key[0] = request | (batch.family[row] === 6 ? 2 : 0) | (protocol << 8);
    key[1] = hasPorts ? port : 0;
    key[2] = batch.at[row] as number;
    for (let word = 0; word < 4; word++) key[3 + word] = batch.remote[row * 4 + word] as number;
    return this.table.number();
  }

  /** Which way the request of a row goes, as the rules settle it; -1 not known. Leaves what the rules say of it. */
  settle(batch: ConversationBatch, row: number): number {
    const at = this.#numbers[batch.at[row] as number] as number;
    const opener = batch.opener[row];
    const told = opener === OPENER_LOCAL ? EGRESS : INGRESS;
    this.#rules.ends.load(
      batch.family[row] as number,
      batch.protocol[row] as number,
      batch.local,
      row * 4,
      batch.localPort[row] as number,
      batch.remote,
      row * 4,
      batch.remotePort[row] as number,
    );
    this.#rules.judge(at, told);
    if (this.#rules.requestDenied === LEG_PASSES && opener !== OPENER_UNKNOWN) return told;
    if (opener !== OPENER_UNKNOWN && isOpenerCertain(batch, row)) return told;
    const passes = this.#rules.requestDenied === LEG_PASSES;
    const turned = told === INGRESS ? EGRESS : INGRESS;
    this.#rules.judge(at, turned);
    const turnedPasses = this.#rules.requestDenied === LEG_PASSES;
    // Of an opener that is not known the rules tell, where they admit one way alone.
    if (turnedPasses && !passes) return turned;
    this.#rules.judge(at, told);
    return opener === OPENER_UNKNOWN ? (passes && !turnedPasses ? told : -1) : told;
  }

  #take(batch: ConversationBatch, row: number): void {
    const { ingress, egress } = batch;
    const isAccepted = (ingress.acceptedPackets[row] as number) + (egress.acceptedPackets[row] as number) > 0;
    if (batch.placed[row] === PLACED_NOT) {
      if (isAccepted) this.notPlaced++;
      return;
    }
    const request = this.settle(batch, row);
    if (request >= 0) {
      this.#count(batch, row, request, isAccepted);
      return;
    }
    if (!isAccepted) return;
    this.openerUnknown++;
    // Either end may have begun it: a rule that is taken away may be the one that it needs.
    const at = this.#numbers[batch.at[row] as number] as number;
    for (const way of [INGRESS, EGRESS]) {
      this.#rules.judge(at, way);
      if (this.#rules.requestDenied === LEG_PASSES) this.#count(batch, row, way, isAccepted);
    }
  }

  /** Counts a row at the point of its request, about which the rules were asked last. */
  #count(batch: ConversationBatch, row: number, request: number, isAccepted: boolean): void {
    const { ingress, egress } = batch;
    const asked: Side = request === INGRESS ? ingress : egress;
    const back: Side = request === INGRESS ? egress : ingress;
    const isAsked = (asked.acceptedPackets[row] as number) > 0 || (isAccepted && asked.records[row] === 0);
    const rule = this.#rules.requestDenied === LEG_PASSES ? this.#rules.requestRule : 0;
    const owner = this.#groupOf[rule] as number;
    if (isAsked && owner !== 0 && owner !== this.#group) {
      this.ofOthers++;
      return;
    }
    const far = this.#rules.farEnd(this.#numbers[batch.at[row] as number] as number);
    const point = this.pointOf(batch, row, request);
    this.#grow();
    this.far[point] = far;
    const first = Math.min(
      ...[asked, back].map((side) => (side.records[row] === 0 ? Infinity : (side.firstSeconds[row] as number))),
    );
    const last = Math.max(asked.lastSeconds[row] as number, back.lastSeconds[row] as number);
    if (!isAsked) {
      this.failed[point]!++;
      this.rejected[point]!++;
      return;
    }
    this.accepted[point]!++;
    const isAnswered = answeredOf(batch.protocol[row] as number, asked, back, row);
    if (isAnswered) this.answered[point]!++;
    else {
      if (needsNoAnswer(batch.protocol[row] as number)) this.oneWay[point]! += asked.acceptedPackets[row] as number;
      this.failed[point]!++;
    }
    if (batch.openerBy[row] === BY_FLAGS) this.sure[point]!++;
    this.bytes[point]! += (asked.acceptedBytes[row] as number) + (back.acceptedBytes[row] as number);
    if (this.first[point] === 0 || first < (this.first[point] as number)) this.first[point] = first;
    if (last > (this.last[point] as number)) this.last[point] = last;
  }

  #grow(): void {
    const { size } = this.table;
    this.answered = grown(this.answered, size);
    this.failed = grown(this.failed, size);
    this.oneWay = grown(this.oneWay, size);
    this.sure = grown(this.sure, size);
    this.accepted = grown(this.accepted, size);
    this.rejected = grown(this.rejected, size);
    this.bytes = grown(this.bytes, size);
    this.first = grown(this.first, size);
    this.last = grown(this.last, size);
    this.far = grown(this.far, size);
  }

  /** Whether a point is more than tries: somebody answered, or it goes on one way. */
  isUsed(point: number): boolean {
    return (this.answered[point] as number) > 0 || (this.oneWay[point] as number) >= ONE_WAY_PACKETS;
  }
}

/** UDP and protocols without ports may speak one way for ever; TCP and ICMP requests do not. */
function needsNoAnswer(protocol: number): boolean {
  return protocol !== TCP && protocol !== SCTP && protocol !== ICMP && protocol !== ICMP6;
}

/** Whether somebody answered, and not with a refusal. */
function answeredOf(protocol: number, asked: Side, back: Side, row: number): boolean {
  const packets = back.acceptedPackets[row] as number;
  if (packets === 0) return false;
  if (protocol !== TCP) return (asked.acceptedPackets[row] as number) > 0;
  const flags = back.flags[row] as number;
  if (((flags | (asked.flags[row] as number)) & FLAGS_KNOWN) === 0) {
    // Without flags a refusal is told by its size: no data and no options.
    const bytes = back.acceptedBytes[row] as number;
    return bytes === 0 || bytes > BARE_BYTES * packets;
  }
  // Where the beginning was not seen, it is a connection that goes on.
  if (((asked.flags[row] as number) & HAS_SYN) === 0) return true;
  return (flags & HAS_SYN_ACK) !== 0 && (asked.acceptedPackets[row] as number) >= HANDSHAKE_PACKETS;
}
