/**
 * Addresses and networks as people type them.
 *
 * In:    a text. Out: the same in the spelling of records, which is the short one; null where it is none.
 * Holds: no leading zeros in IPv4, no zone in IPv6. A network keeps the bits behind its length.
 */

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`, 'u');

/** An IPv4 or IPv6 address. */
export function addressText(text: string): string | null {
  if (IPV4.test(text)) return text;
  if (!/^[\da-f:]*:[\da-f:]*(?:\d+(?:\.\d+){3})?$/iu.test(text)) return null;
  try {
    const short = new URL(`http://[${text}]/`).hostname.slice(1, -1);
    return text.includes('.') ? text.toLowerCase() : short;
  } catch {
    return null;
  }
}

/** An address with the length of a network's prefix. */
export function networkText(text: string): string | null {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/u.exec(text) ?? [];
  const found = addressText(address);
  if (found === null || Number(bits) > (found.includes(':') ? 128 : 32)) return null;
  return `${found}/${Number(bits)}`;
}
