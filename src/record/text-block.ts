/**
 * Bytes of printed records, with their counts: what the printer writes and the publisher cuts into segments.
 *
 * In:    room asked for in bytes. Out: a block that has it.
 * Holds: `bytes[0, length)` is whole records, each with its newline, whenever the printer is not inside a record.
 *        `bytes` may be replaced by a longer array in `reserve`, so nobody keeps it across that call.
 * Fails: never, but for memory.
 */

/** Printed records. `packets` and `lostPackets` are sums over the records; a SKIPDATA record has only the latter. */
export type TextBlock = {
  bytes: Uint8Array<ArrayBuffer>;
  length: number;
  records: number;
  packets: number;
  lostPackets: number;
};

/** An empty block, of so many bytes or in an array that nobody else has. */
export function createTextBlock(room: number | Uint8Array<ArrayBuffer> = 65_536): TextBlock {
  const bytes = typeof room === 'number' ? new Uint8Array(room) : room;
  return { bytes, length: 0, records: 0, packets: 0, lostPackets: 0 };
}

/** Makes room for `more` bytes behind `length`; what is in the block stays. Returns the array to write into. */
export function reserve(block: TextBlock, more: number): Uint8Array<ArrayBuffer> {
  const needed = block.length + more;
  if (needed <= block.bytes.length) return block.bytes;
  const grown = new Uint8Array(Math.max(needed, block.bytes.length * 2));
  grown.set(block.bytes.subarray(0, block.length));
  block.bytes = grown;
  return grown;
}
