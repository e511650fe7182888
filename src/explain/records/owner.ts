/**
 * At which interface, and in which direction, a record was seen.
 *
 * In:    what the record says of it, and a version of the model. Out: the pairs of interface and direction that it may
 *        be; none where the model knows none.
 * Holds: the record's interface id decides, else who holds its own address at that time; its direction decides, else
 *        which of its addresses the interface holds. Two pairs are two possibilities, never a guess.
 */
import { EGRESS, INGRESS } from '../../network/verdict/group-rules.ts';
import type { AskedVersion } from './model-times.ts';

/** What a record says of where it was seen. */
export type Seen = {
  /** Number of the interface that it names; 0 it names none, -1 one that the version has not. */
  at: number;
  /** `INGRESS`, `EGRESS`, or -1. */
  direction: number;
  /** Id of the VPC that it names. */
  vpcId: string | null;
  /** Addresses as the record shows them and as the packets had them, four words each: src, dst, packet's src, dst. */
  readonly words: Uint32Array;
  family: number;
  packetFamily: number;
};

/** Pairs that a record may belong to. */
export class Owners {
  readonly at: number[] = [];
  readonly directions: number[] = [];

  /** Sets them for a record. */
  find(asked: AskedVersion, seen: Seen): void {
    this.at.length = 0;
    this.directions.length = 0;
    if (seen.at < 0) return;
    if (seen.at > 0) this.#byId(asked, seen);
    else {
      if (seen.direction !== EGRESS) this.#byAddress(asked, seen, INGRESS);
      if (seen.direction !== INGRESS) this.#byAddress(asked, seen, EGRESS);
    }
  }

  #byId(asked: AskedVersion, seen: Seen): void {
    if (seen.direction >= 0) return this.#add(seen.at, seen.direction);
    const ends = [INGRESS, EGRESS].filter((direction) => this.#holds(asked, seen, direction));
    // A gateway's interface holds neither end: it may be both.
    for (const direction of ends.length === 1 ? ends : [INGRESS, EGRESS]) this.#add(seen.at, direction);
  }

  #holds({ paths }: AskedVersion, { at, words: w, family, packetFamily }: Seen, direction: number): boolean {
    const o = direction === INGRESS ? 4 : 0;
    const { holders } = paths;
    return (
      holders.holds(at, family, w[o]!, w[o + 1]!, w[o + 2]!, w[o + 3]!) ||
      holders.holds(at, packetFamily, w[o + 8]!, w[o + 9]!, w[o + 10]!, w[o + 11]!)
    );
  }

  #byAddress({ paths, snapshot }: AskedVersion, { words: w, family, vpcId }: Seen, direction: number): void {
    const { holders } = paths;
    const o = direction === INGRESS ? 4 : 0;
    let link = holders.find(family, w[o]!, w[o + 1]!, w[o + 2]!, w[o + 3]!);
    for (; link !== 0; link = holders.next[link]!) {
      const at = holders.interfaceOf[link]!;
      if (vpcId === null || snapshot.interfaces[at]?.vpcId === vpcId) this.#add(at, direction);
    }
  }

  #add(at: number, direction: number): void {
    this.at.push(at);
    this.directions.push(direction);
  }
}
