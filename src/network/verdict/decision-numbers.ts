/**
 * Numbers of decisions without looking them up by name.
 *
 * In:    interface, direction, outcome and rule as numbers. Out: the decision's number, shifted left, with the bit PASSES.
 * Holds: a decision is made once, the first time it is needed; then a look-up is a probe in typed arrays.
 */
import type { Decision } from '../vpc/snapshot.ts';
import type { DecisionTable } from './decisions.ts';
import { EGRESS } from './group-rules.ts';

/** Bit of an answer: the packet passed. `answer >>> 1` is the decision. */
export const PASSES = 1;

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

function decisionOf(interfaceNumber: number, direction: number, outcome: number, rule: number): Decision {
  const side = direction === EGRESS ? 'egress' : 'ingress';
  const stages = [
    'sg-ingress',
    'sg-egress',
    'not-judged',
    `nacl-${side}`,
    `sg-${side}`,
    `nacl-${side}`,
    'closed',
  ] as const;
  return {
    interface: interfaceNumber,
    direction: side,
    action: outcome < DENY_DEFAULT ? 'ACCEPT' : 'REJECT',
    stage: stages[outcome] ?? 'not-judged',
    rule,
    rejectReason: outcome === DENY_BPA ? 'BPA' : outcome === DENY_EC ? 'EC' : null,
    source: 'model',
  };
}

/** A cache before a decision table. */
export class DecisionNumbers {
  readonly #table: DecisionTable;
  #keys = new Uint32Array(2048);
  #rules = new Uint32Array(2048);
  #answers = new Uint32Array(2048);
  #size = 0;

  constructor(table: DecisionTable) {
    this.#table = table;
  }

  /** @param outcome  one of the constants above */
  find(interfaceNumber: number, direction: number, outcome: number, rule: number): number {
    const key = interfaceNumber * 32 + outcome * 2 + direction;
    const mask = this.#keys.length - 1;
    let slot = (Math.imul(key, 0x9e3779b1) ^ Math.imul(rule, 0x85ebca6b)) >>> 7;
    for (slot &= mask; ; slot = (slot + 1) & mask) {
      const answer = this.#answers[slot] as number;
      if (answer === 0) break;
      if (this.#keys[slot] === key && this.#rules[slot] === rule) return answer;
    }
    const number = this.#table.numberOf(decisionOf(interfaceNumber, direction, outcome, rule));
    const answer = ((number << 1) | (outcome < DENY_DEFAULT ? PASSES : 0)) >>> 0;
    if (this.#size * 2 >= mask) this.#grow();
    this.#insert(key, rule, answer);
    return answer;
  }

  #insert(key: number, rule: number, answer: number): void {
    const mask = this.#keys.length - 1;
    let slot = ((Math.imul(key, 0x9e3779b1) ^ Math.imul(rule, 0x85ebca6b)) >>> 7) & mask;
    while (this.#answers[slot] !== 0) slot = (slot + 1) & mask;
    this.#keys[slot] = key;
    this.#rules[slot] = rule;
    this.#answers[slot] = answer;
    this.#size++;
  }

  #grow(): void {
    const [keys, rules, answers] = [this.#keys, this.#rules, this.#answers];
    const slots = keys.length * 2;
    [this.#keys, this.#rules, this.#answers] = [new Uint32Array(slots), new Uint32Array(slots), new Uint32Array(slots)];
    this.#size = 0;
    for (const [slot, answer] of answers.entries())
      if (answer !== 0) this.#insert(keys[slot] as number, rules[slot] as number, answer);
  }
}
