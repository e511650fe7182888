/**
 * Which interfaces hold an address.
 *
 * In:    a snapshot. Out: the interfaces whose private address or delegated prefix an address is.
 * Holds: several VPCs may hold the same address: the answers are a chain, in order of interface numbers. An address
 *        that no interface lists has no holder, also inside a VPC's blocks.
 */
import { AddressTable } from './address-table.ts';
import { maskWord } from './addresses.ts';
import type { Address, VpcSnapshot } from './snapshot.ts';

type PrefixTable = { readonly bits: number; readonly masks: readonly number[]; readonly table: AddressTable };

/** Chains of holders; `interfaceOf[link]` is a holder, `next[link]` the link of the next, 0 the end. */
export class Holders {
  readonly interfaceOf: Uint32Array;
  readonly next: Uint32Array;
  readonly #vpcOf: Uint32Array;
  readonly four = new AddressTable(4);
  readonly six = new AddressTable(6);
  readonly fourPrefixes: PrefixTable[] = [];
  readonly sixPrefixes: PrefixTable[] = [];

  constructor(snapshot: VpcSnapshot) {
    const { interfaces } = snapshot;
    const total = interfaces.reduce((sum, one) => sum + one.addresses.length + one.prefixes.length, 1);
    this.interfaceOf = new Uint32Array(total);
    this.next = new Uint32Array(total);
    this.#vpcOf = Uint32Array.from(interfaces, (one) => one.vpc);
    let link = 0;
    const add = (table: AddressTable, address: Address, holder: number): void => {
      const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = address.words;
      link++;
      this.interfaceOf[link] = holder;
      this.next[link] = table.find(w0, w1, w2, w3);
      table.set(address.words, link);
    };
    // Backwards, so that a chain begins with the lowest number.
    for (const one of interfaces.toReversed()) {
      for (const address of one.addresses) add(address.family === 4 ? this.four : this.six, address, one.number);
      for (const prefix of one.prefixes) add(this.#prefixTable(prefix.family, prefix.bits), prefix, one.number);
    }
    for (const list of [this.fourPrefixes, this.sixPrefixes]) list.sort((a, b) => b.bits - a.bits);
  }

  #prefixTable(family: 4 | 6, bits: number): AddressTable {
    const list = family === 4 ? this.fourPrefixes : this.sixPrefixes;
    const known = list.find((one) => one.bits === bits);
    if (known) return known.table;
    const made = { bits, masks: [0, 1, 2, 3].map((i) => maskWord(bits, i)), table: new AddressTable(family) };
    list.push(made);
    return made.table;
  }

  /** First link of the holders of an IPv4 address; 0 none. */
  find4(w0: number): number {
    const link = this.four.find4(w0);
    if (link !== 0) return link;
    const prefixes = this.fourPrefixes;
    for (let i = 0; i < prefixes.length; i++) {
      const { masks, table } = prefixes[i] as PrefixTable;
      const held = table.find4((w0 & (masks[0] as number)) >>> 0);
      if (held !== 0) return held;
    }
    return 0;
  }

  /** First link of the holders of an IPv6 address; 0 none. */
  find6(w0: number, w1: number, w2: number, w3: number): number {
    const link = this.six.find6(w0, w1, w2, w3);
    if (link !== 0) return link;
    const prefixes = this.sixPrefixes;
    for (let i = 0; i < prefixes.length; i++) {
      const { masks, table } = prefixes[i] as PrefixTable;
      const held = table.find6(
        (w0 & (masks[0] as number)) >>> 0,
        (w1 & (masks[1] as number)) >>> 0,
        (w2 & (masks[2] as number)) >>> 0,
        (w3 & (masks[3] as number)) >>> 0,
      );
      if (held !== 0) return held;
    }
    return 0;
  }

  /** First link of the holders of an address. */
  find(family: number, w0: number, w1: number, w2: number, w3: number): number {
    return family === 4 ? this.find4(w0) : this.find6(w0, w1, w2, w3);
  }

  /** The interface of a VPC that holds an address; 0 none. */
  inVpc(vpc: number, family: number, w0: number, w1: number, w2: number, w3: number): number {
    let link = this.find(family, w0, w1, w2, w3);
    while (link !== 0 && this.#vpcOf[this.interfaceOf[link] as number] !== vpc) link = this.next[link] as number;
    return this.interfaceOf[link] as number;
  }

  /** Whether an interface holds an address. */
  holds(holder: number, family: number, w0: number, w1: number, w2: number, w3: number): boolean {
    let link = this.find(family, w0, w1, w2, w3);
    while (link !== 0 && this.interfaceOf[link] !== holder) link = this.next[link] as number;
    return link !== 0;
  }
}
