/**
 * How entries of the table of connections lie in their memory, for TypeScript and for loops.
 *
 * Holds: an entry is 16 words, or 8 doubles; row 0 is the table's own.
 */

/** Words of an entry: interface * 256 + protocol; the lower address, the higher; ports; then these. */
export const STRIDE = 16;
export const FLAGS = 4;
export const ADMITTED = 5;
/** By orientation, what was said of such a packet: the answer * 2 + its direction; 0 not asked yet. */
export const ANSWERS = 6;
/** The next entry of the conversation, 0 none. Where `STUB` is set: an interface that has no entry. */
export const NEXT = 8;
/** For `ways.ts`; 0 in a new entry and when the chain changed. */
export const ORIGINS = 9;
/** Doubles of an entry, counted from `entry * 8`: last passed packet, end of closing, last judged packet. */
export const DOUBLES = 8;
export const LAST = 5;
export const CLOSES = 6;
export const JUDGED = 7;

/** Flag set by `connections.ts`: IPv6 key, the lower address is a number here and the higher the hash of both. */
export const FAMILY_6 = 1;
/** Flag set by `connections.ts`: the first of its chain. */
export const FIRST = 1024;
/** Flag: `NEXT` of this head, which is alone in its chain, is an interface. */
export const STUB = 512;

/**
 * Words of row 0 that are read of no entry: entries in use; those from here on were never used; the first of those that
 * were used and left, each of which has the next in its second word; conversations; slots of the index - 1; bits of a
 * slot that are the entry; the number given to the last opening; below how many entries loops may open one; how many
 * entries loops made connections again.
 */
export const SIZE = 1;
export const FRESH = 2;
export const FREE = 3;
export const CHAINS = 5;
export const MASK = 12;
export const ENTRY_BITS = 13;
export const OPENINGS = 14;
export const BOUND = 15;
export const REOPENED = 10;
/** Words of the first addresses of IPv6, which are none: the first of those that were used and left, each of which has the next in its first word; those from here on were never used; how many there is room for. */
export const SIX_FREE = 0;
export const SIX_FRESH = 1;
export const SIX_ROOM = 2;

/** Rows that are touched at once, at most. */
export const MOST_TOUCHED = 64;
