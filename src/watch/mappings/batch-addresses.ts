/**
 * The addresses of a column, as numbers.
 *
 * In:    the distinct texts of a column of a batch, and which of them each row has. Out: the words of each address.
 * Holds: what an address is, `parseAddress` says. IPv4, which nearly all are, is read where it stands: a batch of five minutes has as many
 *        distinct addresses as rows, and a string of each cost more than all else of its document.
 * Fails: never; what is no address has family 0.
 */
import { parseAddress } from '../../network/vpc/addresses.ts';
import type { RecordWords } from '../../record/columns.ts';

/** Words of an address: its family, 4 or 6, 0 where it is none, and the address, IPv4 in the first of four. */
export const ADDRESS_WORDS = 5;

/** Addresses of a batch: words of the distinct ones, and for each row which; -1 none. */
export type BatchAddresses = {
  readonly count: number;
  readonly words: Uint32Array<ArrayBuffer>;
  readonly column: Int32Array;
};

const DOT = 46;
const ZERO = 48;

const decoder = new TextDecoder();

/**
 * Reads them.
 *
 * @param column  for each row which of the texts; -1 none
 */
export function batchAddresses({ starts, bytes }: RecordWords, column: Int32Array): BatchAddresses {
  const count = starts.length - 1;
  const words = new Uint32Array(count * ADDRESS_WORDS);
  for (let at = 0; at < count; at++) {
    const [from, to] = [starts[at]!, starts[at + 1]!];
    const word = ipv4In(bytes, from, to);
    if (word >= 0) {
      words[at * ADDRESS_WORDS] = 4;
      words[at * ADDRESS_WORDS + 1] = word;
      continue;
    }
    const address = parseAddress(decoder.decode(bytes.subarray(from, to)));
    if (address === null) continue;
    words[at * ADDRESS_WORDS] = address.family;
    words.set(address.words, at * ADDRESS_WORDS + 1);
  }
  return { count, words, column };
}

/** The word of an IPv4 address as programs write it; -1 for any other text. */
function ipv4In(bytes: Uint8Array, from: number, to: number): number {
  let word = 0;
  let byte = 0;
  let digits = 0;
  let dots = 0;
  for (let at = from; at < to; at++) {
    const code = bytes[at]!;
    if (code === DOT) {
      if (digits === 0) return -1;
      word = word * 256 + byte;
      byte = digits = 0;
      dots++;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || (digits > 0 && byte === 0)) return -1;
    byte = byte * 10 + digit;
    if (byte > 255) return -1;
    digits++;
  }
  return dots === 3 && digits > 0 ? word * 256 + byte : -1;
}
