/**
 * What a REJECT record may have met, by the rules of one version of the model.
 *
 * In:    a packet as the record tells it, an interface, a direction, and what is known of its conversation. Out: the
 *        outcomes that explain the record, the likelier first; none where all that may be asked passes.
 * Holds: every rule is asked by `AskedRules` of the engine, which judges packets; nothing is evaluated here. A record
 *        does not tell whether its packets belonged to a tracked connection, nor an ICMP type: all that may be is asked,
 *        and what passes explains no REJECT.
 */
import type { PacketBatch } from '../../model/batch.ts';
import { createPacketBatch, NO_ICMP } from '../../model/batch.ts';
import { DENY_BPA, DENY_EC } from '../../network/verdict/decision-numbers.ts';
import { EGRESS, INGRESS } from '../../network/verdict/group-rules.ts';
import { boundsOf, NONE } from '../../network/verdict/rule-index.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { AskedVersion } from './model-times.ts';

export const TCP = 6;
export const ICMP = 1;
export const ICMP6 = 58;

/** Kinds of outcomes; an outcome is `rule * 8 + kind`. */
export const BY_ENTRY = 1;
export const BY_DEFAULT = 2;
export const BY_CLOSED = 3;
export const BY_BPA = 4;
export const BY_EC = 5;

/** What the packets of a record are to their conversation. */
export const OPENS = 0;
export const ANSWERS = 1;
/** TCP without SYN. */
export const MIDDLE = 2;
/** No TCP, or the format has no flags. */
export const MAY_BE_ANY = 3;

/** What is known of the conversation from other records. */
export const NOTHING_KNOWN = 0;
/** Packets of it were accepted a short while before, and it was not closed. */
export const TRACKED = 1;
/** They were, and it was. */
export const WAS_CLOSED = 2;

/** Asks one version at a time. */
export class RecordJudge {
  /** The packet: its first row is to be filled before it is judged. */
  readonly packet: PacketBatch = createPacketBatch(1);
  /** False: no destination port is told. */
  knowsPort = true;
  /** Of the packet judged last. */
  readonly outcomes: number[] = [];
  /** Whether something that may be asked of the packet judged last passes. */
  mayPass = false;

  /**
   * Judges.
   *
   * @param kind          what its packets are to the conversation: `OPENS` and the like
   * @param known         what other records say of it: `TRACKED` and the like
   * @param knowsReason   the record tells that no control stopped it
   */
  judge(asked: AskedVersion, at: number, direction: number, kind: number, known: number, knowsReason: boolean): void {
    this.outcomes.length = 0;
    this.mayPass = false;
    const { rules } = asked;
    const { packet } = this;
    rules.load(packet, 0);
    if (!knowsReason && rules.controls.apply(at)) {
      const stopped = rules.stopped(packet, 0, at, direction);
      if (stopped === DENY_BPA || stopped === DENY_EC) {
        this.outcomes.push(stopped === DENY_BPA ? BY_BPA : BY_EC);
        return;
      }
    }
    const protocol = packet.protocol[0] as number;
    const isIcmp = protocol === ICMP || protocol === ICMP6;
    if (!isIcmp && this.knowsPort) {
      this.#ask(asked, at, direction, kind, known, (packet.ports[0] as number) & 0xffff, NO_ICMP);
      return;
    }
    for (const start of startsOf(asked.snapshot, at, protocol))
      this.#ask(asked, at, direction, kind, known, isIcmp ? 0 : start, isIcmp ? start : NO_ICMP);
  }

  #ask(
    { rules }: AskedVersion,
    at: number,
    direction: number,
    kind: number,
    known: number,
    port: number,
    icmp: number,
  ): void {
    const { packet } = this;
    if (direction === INGRESS) {
      const entry = rules.acl(packet, 0, at, INGRESS, port, icmp);
      if (entry < 0) return this.#add(-entry * 8 + BY_ENTRY);
    }
    const isAdmitted = !rules.groups.judges(at) || rules.admit(packet, 0, at, direction, port, icmp) !== NONE;
    // Where groups admit it or it may answer a connection that they admitted, the ACL is asked.
    const mayAnswer = !isAdmitted && kind !== OPENS && rules.admitReverse(packet, 0, at, direction, icmp) !== NONE;
    if (direction === EGRESS && (isAdmitted || mayAnswer)) {
      const entry = rules.acl(packet, 0, at, EGRESS, port, icmp);
      if (entry < 0) {
        this.#add(-entry * 8 + BY_ENTRY);
        if (!isAdmitted && kind !== ANSWERS && known !== TRACKED) this.#add(BY_DEFAULT);
        return;
      }
    }
    if (isAdmitted) {
      this.mayPass = true;
      return;
    }
    const mayBeClosed = mayAnswer && packet.protocol[0] === TCP && kind !== ANSWERS;
    if (mayBeClosed && known === WAS_CLOSED) return this.#add(BY_CLOSED);
    if (mayBeClosed && kind === MIDDLE) this.#add(BY_CLOSED);
    this.#add(BY_DEFAULT);
    if (mayBeClosed && kind === MAY_BE_ANY) this.#add(BY_CLOSED);
  }

  #add(outcome: number): void {
    if (!this.outcomes.includes(outcome)) this.outcomes.push(outcome);
  }
}

/**
 * Ports, of ICMP types and codes, that rules of an interface tell apart: where each interval begins in which all decide
 * the same.
 */
function startsOf(snapshot: VpcSnapshot, at: number, protocol: number): number[] {
  const own = snapshot.interfaces[at];
  const acl = snapshot.acls[snapshot.subnets[own?.subnet ?? 0]?.acl ?? 0];
  const groups = (own?.groups ?? []).map((number) => snapshot.groups[number]);
  const starts = new Set([0]);
  for (const one of [acl, ...groups])
    for (const number of [...(one?.ingress ?? []), ...(one?.egress ?? [])]) {
      const rule = snapshot.rules[number];
      if (!rule || (rule.protocol >= 0 && rule.protocol !== protocol)) continue;
      const [low, high] = boundsOf(rule);
      starts.add(low);
      if (high < 65535) starts.add(high + 1);
    }
  return [...starts].sort((a, b) => a - b);
}
