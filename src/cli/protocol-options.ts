/**
 * Protocols and ports as options give them.
 *
 * In:    the text of an option. Out: numbers.
 * Fails: FG_DIAGNOSE_PROTOCOL, FG_DIAGNOSE_NUMBER.
 */
import { failure } from '../model/errors.ts';

const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['tcp', 6],
  ['udp', 17],
  ['icmp', 1],
  ['icmpv6', 58],
]);

/** The IANA number of a protocol that is named or numbered. */
export function protocolOf(text: string): number {
  const number = PROTOCOLS.get(text.toLowerCase()) ?? (/^\d{1,3}$/.test(text) ? Number(text) : 256);
  if (number > 255) throw failure('FG_DIAGNOSE_PROTOCOL', text);
  return number;
}

/** A port. */
export function portIn(option: string, text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 65536;
  if (number > 65535) throw failure('FG_DIAGNOSE_NUMBER', option, text);
  return number;
}
