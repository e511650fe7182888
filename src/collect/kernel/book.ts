/**
 * The numbers by which the kernel names what was decided: decisions in packet marks, slots in connection marks.
 *
 * In:    decisions, and the rules that admit at an interface. Out: marks and slots.
 * Holds: numbers are only ever added, so tables and connections that the kernel kept can be read after a restart of ours. A
 *        packet's mark is the decision shifted left by 6, beside 6 bits of TCP flags. A slot is an interface's own number of a
 *        rule that admitted a connection there; its bit 15 says that the connection is not tracked (rule V4). On disk decisions
 *        stand by ids, for numbers of interfaces and rules are those of one process.
 * Fails: FG_KERNEL_NUMBERS where a number does not fit any more; FG_KERNEL_BOOK where a book on disk cannot be read.
 */
import { failure } from '../../model/errors.ts';
import type { DecisionTable } from '../../network/verdict/decisions.ts';
import type { Decision, VpcSnapshot } from '../../network/vpc/snapshot.ts';

/** Bits of a mark that are TCP flags: FIN, SYN, RST, SYN with ACK. */
export const MARK_FLAGS = 6;
export const MARK_FIN = 1;
export const MARK_SYN = 2;
export const MARK_RST = 4;
export const MARK_SYN_ACK = 8;

/** Bit of a slot: what it admitted is judged packet by packet (rule V4). */
export const UNTRACKED_SLOT = 0x8000;

const MOST_DECISIONS = 2 ** (32 - MARK_FLAGS);

/** What admitted a connection at an interface. `rule` 0: a group that is not known. */
export type Slot = {
  readonly rule: number;
  readonly direction: 'ingress' | 'egress';
  readonly untracked: boolean;
  /** The id of a rule that the snapshot does not have any more; `rule` is then -1. */
  readonly gone?: string;
};

/** A decision or a slot by ids, as it is kept on disk. */
type KeptDecision = Omit<Decision, 'interface' | 'rule'> & { readonly interface: string; readonly rule: string };
type KeptSlot = Pick<Slot, 'direction' | 'untracked'> & { readonly rule: string };
export type KeptBook = {
  readonly format: 1;
  /** Of numbers 1, 2, …. */
  readonly decisions: readonly KeptDecision[];
  /** By interface id, of slots 1, 2, …. */
  readonly slots: Readonly<Record<string, readonly KeptSlot[]>>;
};

/** Decisions and slots of one host. */
export class DecisionBook {
  readonly table: DecisionTable;
  /** By interface number. */
  readonly #slots = new Map<number, Slot[]>();
  /** Slots of interfaces that the snapshot does not have. */
  readonly #strangers = new Map<string, readonly KeptSlot[]>();
  /** Grows with whatever is added: what was kept is out of date when it differs. */
  revision = 0;

  constructor(table: DecisionTable) {
    this.table = table;
  }

  /** The mark of a decision, without flags. */
  mark(decision: Decision): number {
    const known = this.table.list.length;
    const number = this.table.numberOf(decision);
    if (number >= MOST_DECISIONS) throw failure('FG_KERNEL_NUMBERS', 'decisions', MOST_DECISIONS);
    if (number >= known) this.revision++;
    return number * 2 ** MARK_FLAGS;
  }

  /** The slot of what admits at an interface, from 1. */
  slot(interfaceNumber: number, wanted: Slot): number {
    const slots = this.#slots.get(interfaceNumber) ?? [];
    this.#slots.set(interfaceNumber, slots);
    let at = slots.findIndex(
      ({ rule, direction, untracked }) =>
        rule === wanted.rule && direction === wanted.direction && untracked === wanted.untracked,
    );
    if (at < 0) {
      at = slots.push(wanted) - 1;
      this.revision++;
    }
    if (at + 1 >= UNTRACKED_SLOT) throw failure('FG_KERNEL_NUMBERS', 'slots of an interface', UNTRACKED_SLOT);
    return numberOf(at, wanted);
  }

  /** All slots of an interface with their numbers. */
  slotsOf(interfaceNumber: number): readonly (readonly [number, Slot])[] {
    return (this.#slots.get(interfaceNumber) ?? []).map((slot, at) => [numberOf(at, slot), slot]);
  }

  /** What to keep on disk. */
  keep({ interfaces, rules }: VpcSnapshot): KeptBook {
    const slots: Record<string, readonly KeptSlot[]> = Object.fromEntries(this.#strangers);
    for (const [number, list] of this.#slots)
      slots[interfaces[number]!.id] = list.map(({ rule, direction, untracked, gone }) => ({
        direction,
        untracked,
        rule: gone ?? (rule === 0 ? '' : rules[rule]!.id),
      }));
    const decisions = this.table.list.slice(1).map((one) => ({
      ...one,
      interface: one.interface === 0 ? '' : interfaces[one.interface]!.id,
      rule: one.rule === 0 ? '' : rules[one.rule]!.id,
    }));
    return { format: 1, decisions, slots };
  }

  /**
   * Takes up what another process kept. To be called before anything is numbered.
   *
   * Rules that are gone have no name any more: their decisions are the same without it.
   */
  takeUp(kept: unknown, { interfaces, rules }: VpcSnapshot): void {
    if (!isKept(kept)) throw failure('FG_KERNEL_BOOK');
    const interfaceOf = new Map(interfaces.map(({ id, number }) => [id, number]));
    const ruleOf = new Map(rules.map(({ id, number }) => [id, number]));
    this.table.receive(
      1,
      kept.decisions.map((one) => ({
        ...one,
        interface: interfaceOf.get(one.interface) ?? 0,
        rule: ruleOf.get(one.rule) ?? 0,
      })),
    );
    for (const [id, slots] of Object.entries(kept.slots)) {
      const number = interfaceOf.get(id);
      if (number === undefined) this.#strangers.set(id, slots);
      // A rule that is gone may not be taken for rule 0, which admits: its slot is nobody's.
      else
        this.#slots.set(
          number,
          slots.map((slot) => slotOf(slot, ruleOf)),
        );
    }
  }
}

function slotOf({ rule, direction, untracked }: KeptSlot, ruleOf: ReadonlyMap<string, number>): Slot {
  if (rule === '') return { rule: 0, direction, untracked };
  const number = ruleOf.get(rule);
  return number === undefined ? { rule: -1, direction, untracked, gone: rule } : { rule: number, direction, untracked };
}

function numberOf(at: number, { untracked }: Slot): number {
  return (at + 1) | (untracked ? UNTRACKED_SLOT : 0);
}

function isKept(kept: unknown): kept is KeptBook {
  if (typeof kept !== 'object' || kept === null || !('format' in kept) || kept.format !== 1) return false;
  return 'decisions' in kept && Array.isArray(kept.decisions) && 'slots' in kept && typeof kept.slots === 'object';
}
