/**
 * Numbers of decisions without looking them up by name.
 *
 * In:    interface, direction, outcome and rule as numbers. Out: the decision's number, shifted left, with the bit PASSES.
 * Holds: a decision is made once, the first time it is needed; then a look-up is a probe in typed arrays.
 */
import { LinearMemory } from '../../model/linear-memory.ts';
import type { Decision } from '../vpc/snapshot.ts';
import type { DecisionTable } from './decisions.ts';
import { MINT_WORDS, MINTED, MINTS } from './group-columns.ts';
import { EGRESS, INGRESS } from './group-rules.ts';

/** Bit of an answer: the packet passed. `answer >>> 1` is the decision. */
export const PASSES = 1;
/** Where slots begin in their memory; before them, how many there are - 1, the number of the next decision, slots in use. */
export const SLOTS_AT = 4;
export const NEXT_NUMBER = 1;
export const USED = 2;

/** What a packet met; with its direction it is a stage. */
export const BY_GROUP_IN = 0;
export const BY_GROUP_OUT = 1;
export const BY_NOTHING = 2;
export const BY_ACL = 3;
export const DENY_DEFAULT = 4;
export const DENY_ACL = 5;
export const DENY_CLOSED = 6;
export const DENY_BPA = 7;
export const DENY_EC = 8;

/** Slots to begin with. */
const LEAST = 1024;

/** By direction and outcome. */
const STAGES: readonly (readonly Decision['stage'][])[] = (['ingress', 'egress'] as const).map((side) => [
  'sg-ingress',
  'sg-egress',
  'not-judged',
  `nacl-${side}`,
  `sg-${side}`,
  `nacl-${side}`,
  'closed',
]);

function decisionOf(interfaceNumber: number, direction: number, outcome: number, rule: number): Decision {
  return {
    interface: interfaceNumber,
    direction: direction === EGRESS ? 'egress' : 'ingress',
    action: outcome < DENY_DEFAULT ? 'ACCEPT' : 'REJECT',
    stage: STAGES[direction]?.[outcome] ?? 'not-judged',
    rule,
    rejectReason: outcome === DENY_BPA ? 'BPA' : outcome === DENY_EC ? 'EC' : null,
    source: 'model',
  };
}

/** What a decision of a model met. */
function outcomeOf({ direction, action, stage, rejectReason }: Decision): number {
  if (rejectReason !== null) return rejectReason === 'BPA' ? DENY_BPA : DENY_EC;
  const from = action === 'ACCEPT' ? 0 : DENY_DEFAULT;
  return STAGES[direction === 'egress' ? EGRESS : INGRESS]!.indexOf(stage, from);
}

/** A cache before a decision table; loops number decisions in it (`judge-loops.ts`). */
export class DecisionNumbers {
  readonly #table: DecisionTable;
  /**
   * Slots of four, so that none lies in two cache lines: key, rule, the answers for both directions. A connection's
   * packets are asked about in one and then in the other.
   */
  readonly memory: LinearMemory = new LinearMemory((LEAST * 4 + SLOTS_AT) * 4);
  #slots: Uint32Array;
  #mask = LEAST - 1;
  /** Decisions of the table that have slots. */
  #followed = 1;

  constructor(table: DecisionTable) {
    this.#table = table;
    this.#slots = this.#all();
  }

  #all(): Uint32Array {
    this.memory.i32[0] = this.#mask;
    return new Uint32Array(this.memory.u8.buffer, SLOTS_AT * 4, (this.#mask + 1) * 4);
  }

  /** @param outcome  one of the constants above */
  find(interfaceNumber: number, direction: number, outcome: number, rule: number): number {
    const key = keyOf(interfaceNumber, outcome);
    const slots = this.#slots;
    const mask = this.#mask;
    for (let slot = slotOf(key, rule) & mask; ; slot = (slot + 1) & mask) {
      const known = slots[slot * 4] as number;
      if (known === key && slots[slot * 4 + 1] === rule)
        return (slots[slot * 4 + 2 + direction] as number) || this.#decide(interfaceNumber, direction, outcome, rule);
      if (known === 0) return this.#decide(interfaceNumber, direction, outcome, rule);
    }
  }

  #decide(interfaceNumber: number, direction: number, outcome: number, rule: number): number {
    const number = this.#table.numberOf(decisionOf(interfaceNumber, direction, outcome, rule));
    this.follow();
    return ((number << 1) | (outcome < DENY_DEFAULT ? PASSES : 0)) >>> 0;
  }

  /** To be called before loops number decisions: gives those a slot that others added to the table. */
  follow(): void {
    const { list } = this.#table;
    for (; this.#followed < list.length; this.#followed++) {
      const decision = list[this.#followed] as Decision;
      if (decision.source !== 'model') continue;
      const outcome = outcomeOf(decision);
      const place = this.#place(keyOf(decision.interface, outcome), decision.rule);
      const direction = decision.direction === 'egress' ? EGRESS : INGRESS;
      this.#slots[place + 2 + direction] = (this.#followed << 1) | (outcome < DENY_DEFAULT ? PASSES : 0);
    }
    this.memory.i32[NEXT_NUMBER] = list.length;
  }

  /** Adds the decisions to the table that loops have numbered. */
  take(columns: Int32Array): void {
    const end = MINTS + (columns[MINTED] as number) * MINT_WORDS;
    for (let at = MINTS; at < end; at += MINT_WORDS) {
      const key = (columns[at] as number) - 1;
      this.#table.numberOf(decisionOf(key >>> 4, columns[at + 2] as number, key & 15, columns[at + 1] as number));
    }
    columns[MINTED] = 0;
    this.#followed = this.#table.list.length;
  }

  /** Where the slot begins that a key and rule have, or have from now on. */
  #place(key: number, rule: number): number {
    if ((this.memory.i32[USED] as number) * 4 >= this.#mask * 3) this.#grow();
    const slots = this.#slots;
    let slot = slotOf(key, rule) & this.#mask;
    while (slots[slot * 4] !== 0 && (slots[slot * 4] !== key || slots[slot * 4 + 1] !== rule))
      slot = (slot + 1) & this.#mask;
    if (slots[slot * 4] === 0) this.memory.i32[USED] = (this.memory.i32[USED] as number) + 1;
    slots[slot * 4] = key;
    slots[slot * 4 + 1] = rule;
    return slot * 4;
  }

  #grow(): void {
    const old = this.#slots.slice();
    this.#mask = old.length / 2 - 1;
    this.memory.reserve((old.length * 2 + SLOTS_AT) * 4);
    this.#slots = this.#all();
    this.#slots.fill(0);
    this.memory.i32[USED] = 0;
    for (let at = 0; at < old.length; at += 4) {
      if (old[at] === 0) continue;
      const place = this.#place(old[at] as number, old[at + 1] as number);
      this.#slots.set(old.subarray(at + 2, at + 4), place + 2);
    }
  }
}

/** Not 0. */
function keyOf(interfaceNumber: number, outcome: number): number {
  return interfaceNumber * 16 + outcome + 1;
}

function slotOf(key: number, rule: number): number {
  return (Math.imul(key, 0x9e3779b1) ^ Math.imul(rule, 0x85ebca6b)) >>> 7;
}
