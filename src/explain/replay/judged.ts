/**
 * Conversations under the present rules and under the proposed ones.
 *
 * In:    batches of conversations, rules before and after. Out: of each conversation what the change does to it, told to a listener.
 * Holds: the one engine of network/verdict judges both. A leg (request, reply) counts as the record says, where the present model
 *        says the same; where it says otherwise the conversation is not explained, whatever the proposed rules say. An opener
 *        that neither flags nor a service's port tell is turned where only that explains the record. An end that the model knows and
 *        that has no records of its own is judged too. Nothing is made for a conversation.
 */
import type { ConversationRules, Ends } from '../../network/verdict/conversation-rules.ts';
import { LEG_PASSES } from '../../network/verdict/conversation-rules.ts';
import { EGRESS, INGRESS } from '../../network/verdict/group-rules.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { ConversationBatch, Side } from '../conversations/batch.ts';
import { OPENER_LOCAL, OPENER_UNKNOWN, PLACED_NOT } from '../conversations/batch.ts';
import { isOpenerCertain } from '../conversations/opener.ts';

/** What a change does to a conversation. */
export const SAME = 0;
export const NEWLY_BLOCKED = 1;
export const NEWLY_ALLOWED = 2;
/** The record says ACCEPT and the present model denies. */
export const ACCEPTED_UNEXPLAINED = 3;
/** The record says REJECT and the present model admits. */
export const REJECTED_UNEXPLAINED = 4;
/** Its interface is not in the model; its own end is not known. */
export const NOT_IN_MODEL = 5;
export const NOT_PLACED = 6;
export const EFFECTS = 7;

/** In place of what denies: the route is gone. */
export const NO_ROUTE = 15;
/** Of a verdict: the reply is what is denied. */
export const OF_REPLY = 16;

/** What is judged, and of whom; the fields are valid while the listener is called. */
export class Judged {
  effect = SAME;
  /** Interface that decides, as a number of the model: the conversation's own, or the far end's. */
  at = 0;
  isFarEnd = false;
  /** `INGRESS` or `EGRESS`, as the deciding interface sees the request. */
  request: number = INGRESS;
  /** What denies, with `OF_REPLY`; `LEG_PASSES`. */
  before = LEG_PASSES;
  beforeRule = 0;
  after = LEG_PASSES;
  afterRule = 0;
  /** 1: the opener was turned. */
  turned = 0;
  /** 1: its reply was rejected although the rules pass it, for it came after its connection was tracked. */
  late = 0;
}

/** What changes at an interface: the rules of its groups alone, or more. */
const GROUPS = 1;
const MORE = 2;

/** Severity by effect: of two readings of a conversation the graver counts. */
const GRAVITY = [1, 5, 4, 3, 3, 0, 0];

/** Judges batches. */
export class Replay {
  readonly judged: Judged = new Judged();
  readonly #before: ConversationRules;
  readonly #after: ConversationRules;
  readonly #ends: Ends;
  readonly #numbers: Uint32Array;
  /** By interface of the model: it has records of its own. */
  readonly #recorded: Uint8Array;
  /** By interface of the model: its groups, its ACL or what they refer to change. */
  readonly #changes: Uint8Array;
  readonly #isAnyUnrecorded: boolean;
  /** By interface of the model: its routes change. */
  readonly #routesChange: Uint8Array;

  /**
   * @param after    compiled after `before`, over the same ends
   * @param numbers  by position of an interface in the records: its number in the model, 0 none
   */
  constructor(before: ConversationRules, after: ConversationRules, numbers: Uint32Array) {
    this.#before = before;
    this.#after = after;
    this.#ends = before.ends;
    this.#changes = interfacesThatChange(before.snapshot, after.snapshot);
    this.#numbers = numbers;
    this.#recorded = new Uint8Array(after.snapshot.interfaces.length);
    for (const number of numbers) this.#recorded[number] = 1;
    this.#recorded[0] = 1;
    this.#isAnyUnrecorded = this.#recorded.includes(0);
    this.#routesChange = routesChange(before.snapshot, after.snapshot);
  }

  /** Judges a batch; `tell` is called for each row, in which `judged` says what became of it. */
  take(batch: ConversationBatch, tell: (row: number) => void): void {
    const { rows, at, opener, placed } = batch;
    const { judged } = this;
    for (let row = 0; row < rows; row++) {
      const number = this.#numbers[at[row] as number] as number;
      judged.turned = 0;
      judged.late = 0;
      if (number === 0 || placed[row] === PLACED_NOT) {
        judged.effect = number === 0 ? NOT_IN_MODEL : NOT_PLACED;
      } else {
        this.#load(batch, row);
        if (opener[row] === OPENER_UNKNOWN) this.#graver(batch, row, number);
        else this.#likelier(batch, row, number, opener[row] === OPENER_LOCAL ? EGRESS : INGRESS);
      }
      tell(row);
    }
  }

  #load(batch: ConversationBatch, row: number): void {
    this.#ends.load(
      batch.family[row] as number,
      batch.protocol[row] as number,
      batch.local,
      row * 4,
      batch.localPort[row] as number,
      batch.remote,
      row * 4,
      batch.remotePort[row] as number,
    );
  }

  /** Of an opener that is told: turned where it is no more than inferred and only that explains the record. */
  #likelier(batch: ConversationBatch, row: number, at: number, request: number): void {
    this.#judge(batch, row, at, request);
    const { judged } = this;
    if (judged.effect < ACCEPTED_UNEXPLAINED || isOpenerCertain(batch, row)) return;
    this.#judge(batch, row, at, request === INGRESS ? EGRESS : INGRESS);
    if (judged.effect < ACCEPTED_UNEXPLAINED) judged.turned = 1;
    else this.#judge(batch, row, at, request);
  }

  /** Of an opener that is not known: what explains the record, and of two that do the graver. */
  #graver(batch: ConversationBatch, row: number, at: number): void {
    const { judged } = this;
    this.#judge(batch, row, at, EGRESS);
    const outward = judged.effect;
    this.#judge(batch, row, at, INGRESS);
    const isOutward =
      outward >= ACCEPTED_UNEXPLAINED || judged.effect >= ACCEPTED_UNEXPLAINED
        ? outward < judged.effect
        : (GRAVITY[outward] as number) > (GRAVITY[judged.effect] as number);
    if (isOutward) this.#judge(batch, row, at, EGRESS);
  }

  #judge(batch: ConversationBatch, row: number, at: number, request: number): void {
    const { judged } = this;
    const before = this.#before;
    const asked: Side = request === INGRESS ? batch.ingress : batch.egress;
    const answered: Side = request === INGRESS ? batch.egress : batch.ingress;
    const askedOk = (asked.acceptedPackets[row] as number) > 0;
    const askedNo = (asked.rejectedPackets[row] as number) > 0;
    const answeredOk = (answered.acceptedPackets[row] as number) > 0;
    const answeredNo = (answered.rejectedPackets[row] as number) > 0;
    const passed = before.judge(at, request);
    // What does not change is not asked twice.
    const changes = this.#changes[at] as number;
    const after = changes === 0 ? before : this.#after;
    const passes =
      changes === 0 ? passed : changes === GROUPS ? after.judgeGroups(at, request, before) : after.judge(at, request);
    const wasAsked = before.requestDenied === LEG_PASSES;
    const isAsked = after.requestDenied === LEG_PASSES;
    judged.at = at;
    judged.isFarEnd = false;
    judged.request = request;
    judged.late = 0;
    this.#name(after);
    if ((askedOk && wasAsked && !isAsked) || (answeredOk && passed && !passes)) {
      judged.effect = NEWLY_BLOCKED;
      return;
    }
    if ((askedOk || answeredOk) && passed && this.#isLostElsewhere(at, request)) {
      judged.effect = NEWLY_BLOCKED;
      return;
    }
    if ((askedNo && !wasAsked && isAsked) || (answeredNo && !passed && passes)) {
      judged.effect = this.#isHeldUp(at, request) ? SAME : NEWLY_ALLOWED;
      return;
    }
    if ((askedOk && !askedNo && !wasAsked) || (answeredOk && !answeredNo && !passed))
      judged.effect = ACCEPTED_UNEXPLAINED;
    else if (askedNo && !askedOk && wasAsked) judged.effect = REJECTED_UNEXPLAINED;
    else if (answeredNo && !answeredOk && passed) {
      // A reply that no rule admits by itself is rejected when its connection is tracked no longer.
      judged.late = before.judge(at, request === INGRESS ? EGRESS : INGRESS) ? 0 : 1;
      judged.effect = judged.late === 1 ? SAME : REJECTED_UNEXPLAINED;
    } else judged.effect = SAME;
  }

  /** Takes what both said into `judged`. */
  #name(after: ConversationRules): void {
    const { judged } = this;
    const before = this.#before;
    const ofRequest = before.requestDenied !== LEG_PASSES || before.replyDenied === LEG_PASSES;
    judged.before = ofRequest ? before.requestDenied : before.replyDenied | OF_REPLY;
    judged.beforeRule = ofRequest ? before.requestRule : before.replyRule;
    const isRequest = after.requestDenied !== LEG_PASSES || after.replyDenied === LEG_PASSES;
    judged.after = isRequest ? after.requestDenied : after.replyDenied | OF_REPLY;
    judged.afterRule = isRequest ? after.requestRule : after.replyRule;
  }

  /** Whether what passes at the own interface is blocked by its route, or at a far end without records, and was not before. */
  #isLostElsewhere(at: number, request: number): boolean {
    const { judged } = this;
    if (this.#routesChange[at] === 1 && this.#before.hasRoute(at) && !this.#after.hasRoute(at)) {
      judged.after = request === EGRESS ? NO_ROUTE : NO_ROUTE | OF_REPLY;
      judged.afterRule = 0;
      return true;
    }
    if (!this.#isAnyUnrecorded) return false;
    const far = this.#before.farEnd(at);
    if (this.#recorded[far] === 1 || this.#changes[far] === 0) return false;
    const turned = request === INGRESS ? EGRESS : INGRESS;
    this.#ends.turn();
    const isLost = this.#before.judge(far, turned) && !this.#after.judge(far, turned);
    this.#ends.turn();
    if (!isLost) return false;
    judged.at = far;
    judged.isFarEnd = true;
    judged.request = turned;
    this.#name(this.#after);
    return true;
  }

  /** Whether a request that passes here from now on is denied at a far end without records. */
  #isHeldUp(at: number, request: number): boolean {
    if (request === INGRESS || !this.#isAnyUnrecorded) return false;
    const far = this.#after.farEnd(at);
    if (this.#recorded[far] === 1) return false;
    this.#ends.turn();
    const passes = this.#after.judge(far, INGRESS);
    this.#ends.turn();
    return !passes;
  }
}

/** By interface: whether something that decides about its traffic is another afterwards, and whether that is the groups alone. */
function interfacesThatChange(before: VpcSnapshot, after: VpcSnapshot): Uint8Array {
  const controlsOf = ({ blockPublicAccess, vpcs, routeTables }: VpcSnapshot): string =>
    JSON.stringify([blockPublicAccess, vpcs, blockPublicAccess.length > 0 ? routeTables : []]);
  if (controlsOf(before) !== controlsOf(after)) return new Uint8Array(after.interfaces.length).fill(MORE);
  const rules = Uint8Array.from(after.rules, (rule, number) =>
    JSON.stringify(before.rules[number]) === JSON.stringify(rule) ? 0 : 1,
  );
  const differs = (was: readonly number[], is: readonly number[]): boolean =>
    was.length !== is.length || is.some((number, i) => number !== was[i] || rules[number] === 1);
  const holderDiffers = (
    was: { known: boolean; ingress: readonly number[]; egress: readonly number[] } | undefined,
    is: { known: boolean; ingress: readonly number[]; egress: readonly number[] },
  ): number =>
    was === undefined || was.known !== is.known || differs(was.ingress, is.ingress) || differs(was.egress, is.egress)
      ? 1
      : 0;
  const groups = Uint8Array.from(after.groups, (group, number) => holderDiffers(before.groups[number], group));
  const acls = Uint8Array.from(after.acls, (acl, number) => holderDiffers(before.acls[number], acl));
  const subnets = Uint8Array.from(after.subnets, (subnet, number) => {
    const was = before.subnets[number];
    const isSame = was?.acl === subnet.acl && JSON.stringify(was.cidrs) === JSON.stringify(subnet.cidrs);
    return isSame ? (acls[subnet.acl] as number) : 1;
  });
  return Uint8Array.from(after.interfaces, (one, number) => {
    const was = before.interfaces[number];
    const isSame = was?.subnet === one.subnet && was.vpc === one.vpc && was.nitro === one.nitro;
    if (!isSame || subnets[one.subnet] === 1) return MORE;
    const isOther = was.groups.join(' ') !== one.groups.join(' ');
    return isOther || one.groups.some((group) => groups[group] === 1) ? GROUPS : 0;
  });
}

/** By interface, 1: the routes of its subnet are others afterwards. */
function routesChange(before: VpcSnapshot, after: VpcSnapshot): Uint8Array {
  const textOf = ({ routeTables }: VpcSnapshot, table: number): string =>
    JSON.stringify(routeTables[table]?.routes ?? []);
  const changed = new Map<string, number>();
  return Uint8Array.from(after.interfaces, (one, at) => {
    const was = before.subnets[before.interfaces[at]?.subnet ?? 0]?.routeTable ?? 0;
    const is = after.subnets[one.subnet]?.routeTable ?? 0;
    const key = `${was} ${is}`;
    const known = changed.get(key) ?? (textOf(before, was) === textOf(after, is) ? 0 : 1);
    changed.set(key, known);
    return known;
  });
}
