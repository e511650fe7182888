/**
 * Causes of rejected records, numbered, with what was counted of each.
 *
 * In:    where a record was seen, what it may have met, how sure that is. Out: the number of its cause; counts by number.
 * Holds: number 0 is none. The same interface, direction, outcomes and certainty are one cause, whatever version of the
 *        model judged: ids tell them apart, not numbers of a snapshot.
 */
import type { Cause, ExampleRecord, Met } from '../../api/rejects.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { EGRESS } from '../../network/verdict/group-rules.ts';
import { BY_BPA, BY_CLOSED, BY_DEFAULT, BY_EC, BY_ENTRY } from './judge-record.ts';

/** What an outcome of `judge-record.ts` is, at an interface. */
export function metOf(snapshot: VpcSnapshot, at: number, directionNumber: number, outcome: number): Met {
  const direction = directionNumber === EGRESS ? 'egress' : 'ingress';
  const kind = outcome & 7;
  const interfaceId = snapshot.interfaces[at]?.id ?? null;
  const met = { interfaceId, direction, rejectReason: null } as const;
  if (kind === BY_ENTRY)
    return { ...met, stage: `nacl-${direction}`, ruleId: snapshot.rules[outcome >>> 3]?.id ?? null };
  if (kind === BY_DEFAULT) return { ...met, stage: `sg-${direction}`, ruleId: 'default-deny' };
  if (kind === BY_CLOSED) return { ...met, stage: 'closed', ruleId: 'default-deny' };
  const rejectReason = kind === BY_BPA ? 'BPA' : kind === BY_EC ? 'EC' : null;
  return { ...met, stage: null, ruleId: null, rejectReason };
}

/** All causes that were met. */
export class Causes {
  readonly list: Cause[] = [];
  readonly examples: (ExampleRecord | null)[] = [];
  /** By number. */
  records = new Float64Array(64);
  packets = new Float64Array(64);
  bytes = new Float64Array(64);
  firstSeconds = new Float64Array(64);
  lastSeconds = new Float64Array(64);
  readonly #numbers = new Map<string, number>();

  constructor() {
    this.list.push({
      interfaceId: null,
      direction: null,
      met: [],
      certainty: 'not-explained',
      why: 'address-owner-unknown',
      modelSays: null,
      beforeModel: false,
    });
    this.examples.push(null);
  }

  /** The number of a cause. Not for hot loops: callers keep the number. */
  numberOf(cause: Cause): number {
    const key = JSON.stringify(cause);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.list.push(cause) - 1;
    this.examples.push(null);
    this.#numbers.set(key, number);
    if (number === this.records.length) this.#grow();
    return number;
  }

  /** Counts a record. Times are -1 where it has none. */
  count(cause: number, packets: number, bytes: number, start: number, end: number): void {
    this.records[cause] = (this.records[cause] as number) + 1;
    if (packets > 0) this.packets[cause] = (this.packets[cause] as number) + packets;
    if (bytes > 0) this.bytes[cause] = (this.bytes[cause] as number) + bytes;
    if (start < 0) return;
    const first = this.firstSeconds[cause] as number;
    if (first === 0 || start < first) this.firstSeconds[cause] = start;
    if (end > (this.lastSeconds[cause] as number)) this.lastSeconds[cause] = end;
  }

  #grow(): void {
    const larger = (old: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
      const made = new Float64Array(old.length * 2);
      made.set(old);
      return made;
    };
    this.records = larger(this.records);
    this.packets = larger(this.packets);
    this.bytes = larger(this.bytes);
    this.firstSeconds = larger(this.firstSeconds);
    this.lastSeconds = larger(this.lastSeconds);
  }
}
