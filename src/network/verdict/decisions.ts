/**
 * The numbers by which flows name what was decided about them.
 *
 * In:    a decision. Out: its number.
 * Holds: numbers are only ever added, so flows of two snapshots merge. Number 0 is none. What was added since a number
 *        can be taken and sent to the thread that prints.
 */
import type { Decision } from '../vpc/snapshot.ts';

const NONE: Decision = {
  interface: 0,
  direction: null,
  action: null,
  stage: 'not-judged',
  rule: 0,
  rejectReason: null,
  source: 'none',
};

/** A growing table of decisions; `list[n]` is the decision with the number n. */
export type DecisionTable = {
  readonly list: readonly Decision[];
  /** The number of a decision; the same decision has the same number for ever. Not for hot loops: callers keep the number. */
  numberOf(decision: Decision): number;
  /** Adds decisions that another thread numbered, in its order; `from` is the number of the first. */
  receive(from: number, decisions: readonly Decision[]): void;
};

const DIRECTIONS = [null, 'ingress', 'egress'] as const;
const ACTIONS = [null, 'ACCEPT', 'REJECT'] as const;
const STAGES = [
  'not-judged',
  'sg-egress',
  'nacl-egress',
  'nacl-ingress',
  'sg-ingress',
  'host-firewall',
  'closed',
] as const;
const REASONS = [null, 'BPA', 'EC'] as const;
const SOURCES = ['none', 'kernel', 'model'] as const;

/** All of a decision but interface and rule, as one number below 567. */
function wordsOf(d: Decision): number {
  const action = DIRECTIONS.indexOf(d.direction) * 3 + ACTIONS.indexOf(d.action);
  const stage = action * STAGES.length + STAGES.indexOf(d.stage);
  return (stage * 3 + REASONS.indexOf(d.rejectReason)) * 3 + SOURCES.indexOf(d.source);
}

/** An empty table (number 0 only). */
export function createDecisionTable(): DecisionTable {
  const list: Decision[] = [NONE];
  // Slots of interface, rule, the rest and the number, at most half of them used; 0 is no number that is looked for.
  let slots = new Uint32Array(256 * 4);
  /** The slot of a decision, or the free one where it belongs. */
  const slotOf = (interfaceNumber: number, rule: number, words: number): number => {
    const mask = slots.length / 4 - 1;
    let slot = Math.imul(Math.imul(interfaceNumber, 0x9e3779b1) ^ rule, 0x85ebca6b) ^ Math.imul(words, 0xc2b2ae35);
    for (slot = (slot ^ (slot >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 4;
      if (slots[at + 3] === 0) return at;
      if (slots[at] === interfaceNumber && slots[at + 1] === rule && slots[at + 2] === words) return at;
    }
  };
  const put = (interfaceNumber: number, rule: number, words: number, number: number): void => {
    const at = slotOf(interfaceNumber, rule, words);
    slots[at] = interfaceNumber;
    slots[at + 1] = rule;
    slots[at + 2] = words;
    slots[at + 3] = number;
  };
  const add = (decision: Decision, words: number): number => {
    const number = list.push(decision) - 1;
    if (number * 8 > slots.length) {
      const old = slots;
      slots = new Uint32Array(old.length * 2);
      for (let at = 0; at < old.length; at += 4)
        if (old[at + 3] !== 0)
          put(old[at] as number, old[at + 1] as number, old[at + 2] as number, old[at + 3] as number);
    }
    put(decision.interface, decision.rule, words, number);
    return number;
  };
  return {
    list,
    numberOf(decision) {
      const words = wordsOf(decision);
      const known = slots[slotOf(decision.interface, decision.rule, words) + 3] as number;
      return known === 0 ? add(decision, words) : known;
    },
    receive(from, decisions) {
      for (const [offset, decision] of decisions.entries())
        if (from + offset >= list.length) add(decision, wordsOf(decision));
    },
  };
}
