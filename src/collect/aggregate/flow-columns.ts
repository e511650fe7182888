/**
 * Where in their memories the flow table's loops find things.
 *
 * In:    nothing. Out: places, in words unless it is said.
 * Holds: a row of IPv4 is one unit, of IPv6 two. The first units are the table's own.
 */
import { FLOW_BATCH_ROWS, PACKET_BATCH_ROWS } from '../../model/batch.ts';

/** Words of a unit. */
export const UNIT_BYTES = 32;
export const TO_WORDS = 3;
/** The first unit that is a row. */
export const FIRST_UNIT = 2;

/** Words of a row: decision, src, dst, ports, kind, the low words of packets and bytes, times; then the rest of IPv6. */
export const DECISION = 0;
export const SRC = 1;
export const DST = 2;
export const PORTS = 3;
/** Bits of it: protocol; IPv6; AWS's OR of the TCP flags; the row has others of its record; it is such another; first second; high bits of packets. */
export const KIND = 4;
export const SIX: number = 1 << 8;
export const PROTOCOL_AND_FAMILY = 511;
export const TO_FLAGS = 9;
export const LEADS = 1 << 14;
export const CHAINED = 1 << 15;
export const TO_FIRST_SECOND = 16;
export const TO_PACKETS = 26;
export const PACKETS = 5;
export const BYTES = 6;
/** Bits of it: last second, high bits of bytes. Seconds are those of the window, of which there are at most 600. */
export const TIMES = 7;
export const SECOND = 1023;
export const TO_BYTES_HIGH = 10;
/** Words 1 to 3 of the IPv6 addresses; the next row of IPv6, 0 none. */
export const SRC6 = 8;
export const DST6 = 11;
export const NEXT6 = 14;
export const WORD = 4_294_967_296;

/** Words of the table: the first unit not used, rows, slots - 1, first and last row of IPv6, noted losses. */
export const UNITS = 0;
export const ROWS = 1;
export const MASK = 2;
export const FIRST_6 = 3;
export const LAST_6 = 4;
export const LOST = 5;
/** Giving out: the next row to look at; the first of a record that did not fit, 0 none, and the one of it that was given last. */
export const GIVE_AT = 6;
export const GIVE_LEADER = 7;
export const GIVEN = 8;
/** What a search leaves: the first row of the record, 0 none; the free slot. */
export const SIBLING = 9;
export const FREE = 10;
/** Double of the table: start of the window, microseconds since 1970 UTC. */
export const START = 6;
export const LAST_SECOND_MICROS = 599_000_000;

/** The inbox: interfaces of observations that were lost; counted in words. */
const P = PACKET_BATCH_ROWS;
export const IN_LOST = 0;
/** Observations whose cache misses are taken together, their hashes and the units they lead to. */
export const GROUP = 64;
export const HASHES = P * 2;
export const FOUND = HASHES + GROUP;
/** Of flows that somebody else has counted, in doubles: packets, bytes, last packet; the first one is in `IN_AT`. */
export const IN_PACKETS: number = P + GROUP;
export const IN_OCTETS: number = P * 2 + GROUP;
export const IN_LAST: number = P * 3 + GROUP;
export const INBOX_BYTES: number = (P * 4 + GROUP) * 8;

/** Columns of a flow batch (`flowBatchOver`), counted in their elements. */
const R = FLOW_BATCH_ROWS;
export const TO_BYTES = R;
export const TO_LOST = R * 2;
export const TO_FIRST = R * 3;
export const TO_LAST = R * 4;
export const TO_SRC = R * 10;
export const TO_DST = R * 14;
export const TO_DECISION = R * 18;
export const TO_PORTS = R * 19;
export const TO_STATUS = R * 80;
export const TO_JOINS = R * 81;
export const TO_FAMILY = R * 82;
export const TO_PROTOCOL = R * 83;
export const TO_TCP = R * 84;
