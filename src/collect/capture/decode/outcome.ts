/**
 * What became of a frame.
 *
 * In:    nothing. Out: the codes that the decoders of frames and headers give.
 * Holds: GIVEN is 0, so a test for it is cheap. Everything else is counted by name.
 *
 * Cut or malformed? A frame is *cut* when fewer bytes were kept than its original length says. What a cut took away is
 * missing without fault: a packet cut after its addresses is given (its ports not known), one cut before the end of its
 * addresses is counted `cut`. *Malformed* is what the bytes that are there cannot mean: an IP version that is not the
 * one announced, a header length below the least, a total length below the header length, an extension header that runs
 * past the packet, a header that a frame which nobody cut does not hold, a record inside a block that is longer than the
 * block, a time beyond 2^53 microseconds. A total length above the frame is no fault of the header and is taken as it
 * is; a whole packet too short for its ports is given, its ports not known.
 */

export const GIVEN = 0;
export const MALFORMED = 1;
export const CUT = 2;
export const NOT_IP = 3;
export const ARP = 4;

/** One of the codes above. */
export type Outcome = 0 | 1 | 2 | 3 | 4;

/** What each outcome but GIVEN is called in `StageCount.lost`. */
export const LOST_NAMES: readonly string[] = ['', 'malformed', 'cut', 'not-ip', 'never-logged/arp'];
