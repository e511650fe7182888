/**
 * Tag values as version 11 prints them, and back.
 *
 * In:    a tag value. Out: its UTF-8 with everything but ASCII letters and digits as `%XX`.
 * Holds: the hyphen is encoded too (`my-app` is `my%2Dapp`), so an encoded value is never the `-` of an absent field;
 *        an empty value has no text and is printed `-`, because two spaces in a row would break the record.
 * Fails: decoding never throws; what is no encoding stays as it is.
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Percent-encodes a tag value. Lone surrogates become U+FFFD, as in any UTF-8. */
export function encodeTag(value: string): string {
  let text = '';
  for (const byte of encoder.encode(value)) {
    const isPlain = (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
    text += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

/** The tag value of a printed field; a text that is no encoding of UTF-8 is given back unchanged. */
export function decodeTag(text: string): string {
  if (!text.includes('%')) return text;
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const hex = text.slice(i + 1, i + 3);
    if (text[i] === '%' && /^[0-9A-Fa-f]{2}$/.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else {
      const point = text.codePointAt(i)!;
      bytes.push(...encoder.encode(String.fromCodePoint(point)));
      if (point > 0xffff) i++;
    }
  }
  try {
    return decoder.decode(Uint8Array.from(bytes));
  } catch {
    return text;
  }
}
