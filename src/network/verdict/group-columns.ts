/**
 * What the loops of this folder tell each other of a group of rows: places in one memory, counted in elements.
 *
 * Holds: row `i` of a group has element `i` of each column. Columns for a direction stand behind each other, ingress first.
 */
import { MOST_TOUCHED } from './entry-words.ts';

/** Rows of a group, at most. */
export const GROUP: number = MOST_TOUCHED;
const G = MOST_TOUCHED;
/** Doubles: the guarded time that finds what is remembered. */
export const NOWS = 0;
/**
 * Of IPv4 the addresses, of IPv6 the hash of both in `HIGHS`; the ports or what stands for them; the hash; the head as
 * far as it was there when the group was approached; the orientation; where the packet comes from (`ways.ts`).
 */
export const LOWS: number = G * 2;
export const HIGHS: number = G * 3;
export const KEYS: number = G * 4;
export const HASHES: number = G * 5;
export const HEADS: number = G * 6;
export const TURNS: number = G * 7;
export const ORIGINS_OF: number = G * 8;
/** By direction: the interface at which the packet is seen, 0 none; both 0: loops cannot say. */
export const PLACES: number = G * 9;
/** By direction: what the ACL says, as `AclRules` does, or that it has to be asked. */
export const ACLS: number = G * 11;
/** By direction: the rule that admits, `NONE`, or `NOT_ASKED`; 1: the connection would not be tracked. */
export const ADMITS: number = G * 13;
export const UNTRACKEDS: number = G * 15;
export const NOT_ASKED = -2;
export const ASK_ACL: number = -0x80000000;
/** How many observations there are; what reading left. */
export const MADE: number = G * 17;
export const READ: number = MADE + 1;
export const READS: number = MADE + 2;
/** Doubles: tracking's own time. */
export const CLOCKS: number = G * 10;
/** Where 1: tracking began at all interfaces when the double says. */
export const BEGAN: number = G * 11;
export const IS_BEGUN: number = G * 22 + 2;
/** How many decisions were numbered by loops, and of each key, rule and direction. */
export const MINTED: number = G * 22 + 3;
export const MINTS: number = G * 22 + 4;
export const MINT_WORDS = 3;
/**
 * How many tables are missing that rows would ask, and which: places in `made` of the groups, of ACLs the complement. What
 * goes beyond these is missing in the next round.
 */
export const MISSING: number = MINTS + 2 * G * MINT_WORDS;
export const MISSES: number = MISSING + 1;
export const MOST_MISSES: number = 4 * G;
export const COLUMNS_BYTES: number = (MISSES + MOST_MISSES + 1) * 4;
