/**
 * What many saved queries ask of a record, in SQL that every engine reads.
 *
 * In:    a dialect, and which fields there are. Out: pieces of a SELECT.
 * Holds: absent bytes, as records of Block Public Access have them, count as 0.
 * Fails: never.
 */

import type { Dialect } from './dialect.ts';
import type { HeldFields } from './held-fields.ts';

/** How much: `bytes`, `packets`, `flows`. A flow is one record. */
export function volume(d: Dialect): string {
  return `coalesce(sum(bytes), 0) AS bytes, sum(packets) AS packets, ${d.flows()} AS flows`;
}

export function rejected(d: Dialect): string {
  return `${d.flows("action = 'REJECT'")} AS flows_rejected`;
}

export function accepted(d: Dialect): string {
  return `${d.flows("action = 'ACCEPT'")} AS flows_accepted`;
}

/** Neither NODATA nor SKIPDATA. */
export const IS_TRAFFIC = 'packets IS NOT NULL';

/** When: `first_seen`, `last_seen`. */
export function seen(d: Dialect): string {
  return `min(${d.time('start')}) AS first_seen, max(${d.time('end')}) AS last_seen`;
}

/** Values of single TCP flags. */
const FLAGS = { SYN: 2, ACK: 16 } as const;

/** Whether flags hold one: engines differ in how they write a bitwise and. */
export function hasFlag(flags: string, flag: keyof typeof FLAGS): string {
  return `mod(${flags}, ${FLAGS[flag] * 2}) >= ${FLAGS[flag]}`;
}

/**
 * Whether a record is of the side that opened: for TCP the one with a SYN that is no SYN-ACK; where flags are not known,
 * and for UDP, the side with the higher port.
 */
export function isOpener(held: HeldFields): string {
  const flags = held.column('tcp-flags');
  return `(CASE WHEN protocol = 6 AND ${flags} IS NOT NULL THEN ${hasFlag(flags, 'SYN')} AND NOT ${hasFlag(flags, 'ACK')}
      WHEN protocol IN (6, 17) THEN srcport > dstport ELSE false END)`;
}

/** For `instead`, where `isOpener` is used. */
export const OPENER_INSTEAD = 'the side with the higher port is taken for the one that opened';

/**
 * Whether a record came from a public address to one of ours; where the direction is not known, to a private address, or
 * IPv6, where all addresses are public.
 */
export function isFromOutside(d: Dialect, held: HeldFields): string {
  const direction = held.column('flow-direction');
  return `${d.isPublic('srcaddr')} AND (CASE WHEN ${direction} IS NOT NULL THEN ${direction} = 'ingress'
      ELSE ${d.isPrivate('dstaddr')} OR dstaddr LIKE '%:%' END)`;
}

/** For `instead`, where `isFromOutside` is used. */
export const OUTSIDE_INSTEAD =
  'what a public address sent to a private one is taken for ingress, and IPv6 whichever way it went';
