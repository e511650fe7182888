/**
 * The end of a Parquet file, with some of its row groups only.
 *
 * In:    the bytes of a footer, which row groups stay and how many rows they have. Out: the bytes of another.
 * Holds: what stays is byte for byte what it was: a reader finds the pages of those row groups where they lay, and knows of no others.
 * Fails: RangeError, where the bytes end too soon or are no such structure.
 * @see   Apache Thrift, "Thrift compact protocol"; Apache Parquet format 2.10: FileMetaData
 */
import { putVarint } from '../../../record/thrift.ts';

/** Numbers of fields of FileMetaData. */
const NUM_ROWS = 3;
const ROW_GROUPS = 4;
/** Numbers of types. */
const [STOP, TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, SET, MAP, STRUCT] = [0, 1, 2, 3, 7, 8, 9, 10, 11, 12] as const;

type Span = { readonly from: number; readonly to: number };

/** The footer, without its length and mark, of those row groups that stay. */
export function withGroups(footer: Uint8Array, stays: readonly boolean[], rows: number): Uint8Array {
  const { count, groups, list } = placesOf(footer);
  if (groups.length !== stays.length) throw new RangeError('it lists other row groups');
  const kept = groups.filter((_, at) => stays[at]);
  const number: number[] = [];
  putVarint(number, rows * 2);
  const head: number[] = [];
  if (kept.length < 15) head.push((kept.length << 4) | STRUCT);
  else {
    head.push(0xf0 | STRUCT);
    putVarint(head, kept.length);
  }
  return Buffer.concat([
    footer.subarray(0, count.from),
    Uint8Array.from(number),
    footer.subarray(count.to, list.from),
    Uint8Array.from(head),
    ...kept.map(({ from, to }) => footer.subarray(from, to)),
    footer.subarray(list.to),
  ]);
}

/** Where the number of rows stands, the list of row groups, and each of them. */
function placesOf(footer: Uint8Array): { readonly count: Span; readonly list: Span; readonly groups: readonly Span[] } {
  let count: Span | null = null;
  let list: Span | null = null;
  const groups: Span[] = [];
  eachField(footer, 0, (field, type, from) => {
    const to = skip(footer, from, type);
    if (field === NUM_ROWS) count = { from, to };
    if (field === ROW_GROUPS && type === LIST) {
      list = { from, to };
      let { at, size, of } = listHead(footer, from);
      for (; size > 0; size--) groups.push({ from: at, to: (at = skip(footer, at, of)) });
    }
    return to;
  });
  if (count === null || list === null) throw new RangeError('it has no row groups');
  return { count, list, groups };
}

/** Goes through the fields of a structure; `take` gives where the field's value ends. Gives where the structure does. */
function eachField(
  bytes: Uint8Array,
  from: number,
  take: (field: number, type: number, from: number) => number,
): number {
  let at = from;
  for (let field = 0; ;) {
    const head = byteAt(bytes, at++);
    const type = head & 15;
    if (type === STOP) return at;
    if (head >> 4 > 0) field += head >> 4;
    else {
      const number = readVarint(bytes, at);
      field = (number.value >> 1) ^ -(number.value & 1);
      at = number.at;
    }
    at = take(field, type, at);
  }
}

/** Where a value ends. */
function skip(bytes: Uint8Array, from: number, type: number): number {
  switch (type) {
    // In a structure the type is the value.
    case TRUE:
    case FALSE:
      return from;
    case BYTE:
      return from + 1;
    case DOUBLE:
      return from + 8;
    case BINARY: {
      const { value, at } = readVarint(bytes, from);
      return at + value;
    }
    case LIST:
    case SET: {
      let { at, size, of } = listHead(bytes, from);
      for (; size > 0; size--) at = of === TRUE || of === FALSE ? at + 1 : skip(bytes, at, of);
      return at;
    }
    case STRUCT:
      return eachField(bytes, from, (_, inner, at) => skip(bytes, at, inner));
    case MAP:
      throw new RangeError('it has a map, which a footer has not');
    default:
      return readVarint(bytes, from).at;
  }
}

function listHead(bytes: Uint8Array, from: number): { at: number; size: number; of: number } {
  const head = byteAt(bytes, from);
  if (head >> 4 < 15) return { at: from + 1, size: head >> 4, of: head & 15 };
  const { value, at } = readVarint(bytes, from + 1);
  return { at, size: value, of: head & 15 };
}

/** Its value is exact below 2^53. */
function readVarint(bytes: Uint8Array, from: number): { readonly value: number; readonly at: number } {
  let value = 0;
  for (let at = from, scale = 1; ; at++, scale *= 128) {
    const byte = byteAt(bytes, at);
    value += (byte & 127) * scale;
    if (byte < 128) return { value, at: at + 1 };
  }
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new RangeError('it ends too soon');
  return byte;
}
