/**
 * The rules of a snapshot as the loops of `rule-loops.ts` read them.
 *
 * In:    what places packets and what is asked about them. Out: memories.
 * Holds: it is a copy and decides nothing. Tables are compiled when a row of packets would first ask them, and copied then, or before
 *        the next batch where somebody else asked.
 */
import { LinearMemory } from '../../model/linear-memory.ts';
import type { AddressTable } from '../vpc/address-table.ts';
import type { VpcSnapshot } from '../vpc/snapshot.ts';
import type { AskedRules } from './asked-rules.ts';
import type { Memberships } from './memberships.ts';
import type { Placement } from './placement.ts';
import type { Views } from '../../model/linear-memory.ts';
import { MISSES, MISSING } from './group-columns.ts';
import type { Summaries } from './summaries.ts';
import { BASE } from './summaries.ts';
import {
  ACL_TABLES,
  BLOCKS,
  EVERYWHERE,
  FACE_ACL,
  FACE_FLAGS,
  FACE_OPEN,
  FACE_SET,
  FACE_SUBNET,
  FACE_WORDS,
  GROUP_TABLES,
  HAS_ROLES,
  HEADER_WORDS,
  HIDDEN,
  HOLDER_OF,
  HOLDERS,
  INTERFACES,
  IS_PLACING,
  LAST_ENTRIES,
  MEMBERS,
  NAMED,
  NEXT_HOLDER,
  PASSES_ALL,
  PLAIN,
  PREFIXES,
  WIDTHS,
} from './rule-loops.ts';

const START_BYTES = 1 << 20;

/** Copies for loops; one for each judge, shown the rules of one snapshot after the other. */
export class RuleImage {
  readonly rules: LinearMemory = new LinearMemory(START_BYTES);
  readonly summaries: LinearMemory = new LinearMemory(START_BYTES);
  readonly links: LinearMemory = new LinearMemory(START_BYTES);
  #placement: Placement | null = null;
  #asked: AskedRules | null = null;
  #used = 0;
  /** How much of what grows was copied. */
  #summarized = 0;
  #links = 0;

  /** Shows the rules that hold from now on. */
  show(snapshot: VpcSnapshot, placement: Placement, asked: AskedRules): void {
    this.#placement = placement;
    this.#asked = asked;
    this.#summarized = 0;
    this.#links = 0;
    this.#used = HEADER_WORDS;
    this.rules.i32.fill(0, 0, HEADER_WORDS);
    const { holders, hidden } = placement;
    this.#putTable(HOLDERS, holders.four);
    this.#putTable(HOLDERS + 2, holders.six);
    this.#put(HOLDER_OF, holders.interfaceOf);
    this.#put(NEXT_HOLDER, holders.next);
    this.#put(HIDDEN, hidden.bits);
    const { groups, acls } = asked;
    this.#put(GROUP_TABLES, groups.made);
    this.#put(GROUP_TABLES + 1, groups.protocols.classOf);
    this.#put(ACL_TABLES, acls.made);
    this.#put(ACL_TABLES + 1, acls.protocols.classOf);
    this.#put(LAST_ENTRIES, acls.last);
    this.#put(BLOCKS, acls.four.ends);
    this.#put(BLOCKS + 1, acls.four.data);
    this.#put(BLOCKS + 2, acls.six.ends);
    this.#put(BLOCKS + 3, acls.six.data);
    this.#put(EVERYWHERE, groups.everywhere);
    this.#put(
      WIDTHS,
      Int32Array.from(snapshot.rules, ({ fromPort, toPort }) => toPort - fromPort),
    );
    this.#put(INTERFACES, this.#faces(snapshot, placement, asked, this.#add(groups.sets)));
    const { i32 } = this.rules;
    i32[PREFIXES] = (holders.fourPrefixes.length > 0 ? 1 : 0) | (holders.sixPrefixes.length > 0 ? 2 : 0);
    i32[HAS_ROLES] = hidden.hasRoles ? 1 : 0;
    i32[GROUP_TABLES + 2] = groups.protocols.count;
    i32[ACL_TABLES + 2] = acls.protocols.count;
  }

  #faces({ interfaces }: VpcSnapshot, placement: Placement, asked: AskedRules, sets: number): Int32Array {
    const { groups, acls, controls } = asked;
    const words = new Int32Array(interfaces.length * FACE_WORDS);
    for (let number = 0; number < interfaces.length; number++) {
      const at = number * FACE_WORDS;
      const isPlain = groups.judges(number) && !controls.apply(number);
      words[at + FACE_FLAGS] =
        (placement.named[number] === 1 ? NAMED : 0) |
        (isPlain ? PLAIN : 0) |
        (groups.passAll[number] === 1 ? PASSES_ALL : 0);
      words[at + FACE_SET] = sets + (groups.setOf[number] as number);
      words[at + FACE_ACL] = acls.aclOf[number] as number;
      words[at + FACE_SUBNET] = acls.subnetOf[number] as number;
      for (let side = 0; side < 4; side++)
        words[at + FACE_OPEN] =
          (words[at + FACE_OPEN] as number) | ((groups.open[number * 4 + side] as number) << (side * 2));
    }
    return words;
  }

  /** To be called before a batch is judged. */
  follow(): void {
    const placement = this.#placement as Placement;
    const asked = this.#asked as AskedRules;
    this.rules.i32[IS_PLACING] = placement.isByDevices ? 0 : 1;
    const { linkCount, senders } = placement;
    if (linkCount > this.#links) {
      this.links.reserve(linkCount * 4);
      this.links.i32.set(senders.subarray(this.#links, linkCount), this.#links);
      this.#links = linkCount;
    }
    this.#followTables(asked);
  }

  /** Compiles the tables that loops have missed; false where they missed none. */
  compileMissing({ i32 }: Views): boolean {
    const count = i32[MISSING] as number;
    if (count === 0) return false;
    const asked = this.#asked as AskedRules;
    const { groups, acls } = asked;
    for (let i = 0; i < count; i++) {
      const table = i32[MISSES + i] as number;
      // It may have been compiled for a packet that the loops left.
      if (table < 0) {
        if ((acls.made[-1 - table] as number) < 0) acls.compile(-1 - table);
      } else if ((groups.made[table] as number) < 0) groups.compile(table);
    }
    this.#followTables(asked);
    return true;
  }

  #followTables({ groups, acls, summaries }: AskedRules): void {
    this.#followSummaries(summaries);
    const { i32 } = this.rules;
    for (const place of groups.compiled) i32[(i32[GROUP_TABLES] as number) + place] = groups.made[place] as number;
    for (const place of acls.compiled) i32[(i32[ACL_TABLES] as number) + place] = acls.made[place] as number;
    groups.compiled.length = 0;
    acls.compiled.length = 0;
    for (const [i, members] of groups.memberships.entries())
      if (members !== null && this.rules.i32[MEMBERS + i] === 0) this.#put(MEMBERS + i, this.#membersOf(members));
  }

  #followSummaries({ data, used, told }: Summaries): void {
    if (used === this.#summarized) return;
    this.summaries.reserve(used * 4);
    this.summaries.i32.set(data.subarray(this.#summarized, used), this.#summarized);
    this.#summarized = used;
    for (const at of told.splice(0)) this.summaries.i32[at + BASE] = data[at + BASE] as number;
  }

  #membersOf({ lengths, ends, groups, last }: Memberships): Int32Array {
    const tables = lengths.map(({ table }) => this.#add(table.slots));
    return Int32Array.from([
      lengths.length,
      this.#add(ends),
      this.#add(groups),
      this.#add(new Int32Array(last.length)),
      0,
      ...lengths.flatMap(({ masks, table }, i) => [...masks, tables[i] as number, maskOf(table)]),
    ]);
  }

  #putTable(word: number, table: AddressTable): void {
    this.#put(word, table.slots);
    this.rules.i32[word + 1] = maskOf(table);
  }

  /** Adds numbers, and says at the head where they are. */
  #put(word: number, numbers: ArrayLike<number>): void {
    const at = this.#add(numbers);
    this.rules.i32[word] = at;
  }

  #add(numbers: ArrayLike<number>): number {
    const at = this.#used;
    this.#used += numbers.length;
    this.rules.reserve(this.#used * 4);
    this.rules.i32.set(numbers, at);
    return at;
  }
}

function maskOf(table: AddressTable): number {
  return table.slots.length / (1 + table.words) - 1;
}
