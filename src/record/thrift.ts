/**
 * Structs in Thrift's compact protocol, as Parquet's headers and footers are.
 *
 * In:    fields by their numbers. Out: bytes.
 * Holds: no number of ours is negative.
 * Fails: never.
 *
 * @see Apache Thrift, "Thrift compact protocol encoding"
 */

/** A field of a struct: its number, and what it is. Fields stand in the order of their numbers. */
export type ThriftField = readonly [id: number, value: ThriftValue];
export type ThriftValue =
  | number
  | { readonly long: number }
  | string
  | Uint8Array
  | { readonly struct: readonly ThriftField[] }
  | { readonly list: readonly ThriftValue[] };

/** Kinds of values. */
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

const encoder = new TextEncoder();

/** Puts a number in groups of seven bits, lowest first. */
export function putVarint(out: number[], value: number): void {
  let rest = value;
  while (rest > 127) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
}

function kindOf(value: ThriftValue): number {
  if (typeof value === 'number') return I32;
  if (typeof value === 'string' || value instanceof Uint8Array) return BINARY;
  if ('long' in value) return I64;
  return 'list' in value ? LIST : STRUCT;
}

/** Puts a value. */
export function putValue(out: number[], value: ThriftValue): void {
  // Zigzag doubles what is not negative.
  if (typeof value === 'number') putVarint(out, value * 2);
  else if (typeof value === 'string') putValue(out, encoder.encode(value));
  else if (value instanceof Uint8Array) {
    putVarint(out, value.length);
    for (const byte of value) out.push(byte);
  } else if ('long' in value) putVarint(out, value.long * 2);
  else if ('list' in value) {
    const { list } = value;
    const kind = kindOf(list[0] ?? 0);
    if (list.length < 15) out.push((list.length << 4) | kind);
    else {
      out.push(0xf0 | kind);
      putVarint(out, list.length);
    }
    for (const each of list) putValue(out, each);
  } else {
    let before = 0;
    for (const [id, field] of value.struct) {
      out.push(((id - before) << 4) | kindOf(field));
      putValue(out, field);
      before = id;
    }
    out.push(0);
  }
}
