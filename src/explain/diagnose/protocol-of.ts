/**
 * Protocols as people name them.
 *
 * In:    tcp, udp, icmp, icmpv6 or a number. Out: the IANA number.
 * Fails: FG_DIAGNOSE_PROTOCOL.
 */
import { failure } from '../../model/errors.ts';

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
