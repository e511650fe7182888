/**
 * Which groups that rules refer to an address is a member of, for one family.
 *
 * In:    groups by number with the blocks that their members hold; then an address. Out: whether it is a member.
 * Holds: an address that is looked up is remembered until the next; asking about a group is then one comparison.
 *        Addresses inside a delegated prefix are members of the groups of both.
 */
import { AddressTable } from '../vpc/address-table.ts';
import { maskWord } from '../vpc/addresses.ts';
import type { Cidr } from '../vpc/snapshot.ts';

type Length = { readonly bits: number; readonly masks: readonly number[]; readonly table: AddressTable };

type Entry = { readonly cidr: Cidr; readonly groups: number[] };

/** Adds a block that a member of a group holds. Not in the loop around it: V8 would compile both as one, for a single run. */
function enter(lengths: Map<number, Length>, entries: Entry[], cidr: Cidr, group: number): void {
  const { family, bits, words } = cidr;
  let length = lengths.get(bits);
  if (length === undefined) {
    length = { bits, masks: [0, 1, 2, 3].map((i) => maskWord(bits, i)), table: new AddressTable(family) };
    lengths.set(bits, length);
  }
  const { table } = length;
  const known = entries[table.find(words[0] ?? 0, words[1] ?? 0, words[2] ?? 0, words[3] ?? 0) - 1];
  if (known === undefined) table.set(words, entries.push({ cidr, groups: [group] }));
  else if (known.groups.at(-1) !== group) known.groups.push(group);
}

/** Members of groups. */
export class Memberships {
  /** Of the address that was looked up last; 0: it is in none of the groups. */
  entry = 0;
  /** By prefix length, the longest first: the hosts' own, then delegated prefixes. */
  readonly lengths: readonly Length[];
  /** By entry: where its groups begin; one more than there are entries. */
  readonly ends: Uint32Array;
  readonly groups: Uint32Array;
  /** By group: the entry that was looked up last of those that are in it. */
  readonly last: Uint32Array;

  /** @param blocks  of group 1, 2, … */
  constructor(family: 4 | 6, blocks: readonly (readonly Cidr[])[]) {
    const lengths = new Map<number, Length>();
    const entries: Entry[] = [];
    for (const [position, cidrs] of blocks.entries())
      for (const cidr of cidrs) if (cidr.family === family) enter(lengths, entries, cidr, position + 1);
    this.lengths = [...lengths.values()].sort((a, b) => b.bits - a.bits);
    this.last = new Uint32Array(blocks.length + 1);
    const all = entries.map(({ cidr: { bits, words }, groups }) => {
      if (lengths.size === 1) return groups;
      const around = this.lengths.filter((length) => length.bits < bits).map((length) => find(length, words) - 1);
      return [...new Set([...groups, ...around.flatMap((entry) => entries[entry]?.groups ?? [])])];
    });
    let end = 0;
    this.ends = Uint32Array.from([0, 0, ...all.map((groups) => (end += groups.length))]);
    this.groups = Uint32Array.from(all.flat());
  }

  /** Looks up the address that begins at `o` of some words. */
  look(words: Uint32Array, o: number): void {
    const lengths = this.lengths;
    let entry = 0;
    for (let i = 0; entry === 0 && i < lengths.length; i++) {
      const { masks, table } = lengths[i] as Length;
      const w0 = ((words[o] as number) & (masks[0] as number)) >>> 0;
      entry =
        table.words === 1
          ? table.find4(w0)
          : table.find6(
              w0,
              ((words[o + 1] as number) & (masks[1] as number)) >>> 0,
              ((words[o + 2] as number) & (masks[2] as number)) >>> 0,
              ((words[o + 3] as number) & (masks[3] as number)) >>> 0,
            );
    }
    if (entry === this.entry) return;
    this.entry = entry;
    const ends = this.ends;
    const groups = this.groups;
    const last = this.last;
    for (let i = ends[entry] as number; i < (ends[entry + 1] as number); i++) last[groups[i] as number] = entry;
  }

  /** Whether the address that was looked up last, which has an entry, is a member of a group. */
  has(group: number): boolean {
    return this.last[group] === this.entry;
  }
}

function find({ masks, table }: Length, words: readonly number[]): number {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words.map((word, i) => (word & (masks[i] ?? 0)) >>> 0);
  return table.find(w0, w1, w2, w3);
}
