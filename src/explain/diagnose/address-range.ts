/**
 * Ranges of addresses as numbers, for sets that are asked about at once.
 *
 * In:    blocks. Out: ranges that can be cut, counted and written as blocks again.
 */
import { formatAddress } from '../../network/vpc/addresses.ts';
import type { Address, Cidr } from '../../network/vpc/snapshot.ts';

/** Both ends included. */
export type AddressRange = { readonly family: 4 | 6; readonly low: bigint; readonly high: bigint };

const WORD = 32n;

/** An address as a number. */
export function numberOf({ words }: Address): bigint {
  return words.reduce((sum, word) => (sum << WORD) | BigInt(word), 0n);
}

/** The address of a number. */
export function addressOf(family: 4 | 6, number: bigint): Address {
  const words: number[] = [];
  for (let i = family === 4 ? 0n : 3n; i >= 0n; i--) words.push(Number((number >> (i * WORD)) & 0xffffffffn));
  return { family, words };
}

/** The addresses of a block. */
export function rangeOf(cidr: Cidr): AddressRange {
  const low = numberOf(cidr);
  const free = BigInt((cidr.family === 4 ? 32 : 128) - cidr.bits);
  return { family: cidr.family, low, high: low + (1n << free) - 1n };
}

/** What is left of ranges without some others. */
export function without(ranges: readonly AddressRange[], others: readonly AddressRange[]): AddressRange[] {
  let left = [...ranges];
  for (const { family, low, high } of others)
    left = left.flatMap((range) => {
      if (range.family !== family || high < range.low || low > range.high) return [range];
      return [
        { family, low: range.low, high: low - 1n },
        { family, low: high + 1n, high: range.high },
      ].filter((one) => one.low <= one.high);
    });
  return left;
}

/** Cuts a range so that each block of a list holds all of a piece or nothing. */
export function cut({ family, low, high }: AddressRange, blocks: readonly Cidr[]): AddressRange[] {
  const starts = new Set([low]);
  for (const block of blocks) {
    if (block.family !== family) continue;
    const one = rangeOf(block);
    if (one.low > low && one.low <= high) starts.add(one.low);
    if (one.high >= low && one.high < high) starts.add(one.high + 1n);
  }
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
  return sorted.map((start, i) => ({ family, low: start, high: (sorted[i + 1] ?? high + 1n) - 1n }));
}

/** Joins ranges that touch. */
export function joined(ranges: readonly AddressRange[]): AddressRange[] {
  const sorted = ranges.toSorted((a, b) => a.family - b.family || (a.low < b.low ? -1 : 1));
  const all: { family: 4 | 6; low: bigint; high: bigint }[] = [];
  for (const range of sorted) {
    const last = all.at(-1);
    if (last && last.family === range.family && range.low <= last.high + 1n) {
      if (range.high > last.high) last.high = range.high;
    } else all.push({ ...range });
  }
  return all;
}

/** `10.0.0.0/24`, `10.0.0.7`, or `10.0.0.3-10.0.0.9` for what is no block. */
export function rangeText({ family, low, high }: AddressRange): string {
  const text = formatAddress(addressOf(family, low));
  if (low === high) return text;
  const size = high - low + 1n;
  const free = size.toString(2).length - 1;
  const isBlock = size === 1n << BigInt(free) && low % size === 0n;
  return isBlock ? `${text}/${(family === 4 ? 32 : 128) - free}` : `${text}-${formatAddress(addressOf(family, high))}`;
}
