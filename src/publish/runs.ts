/**
 * Takes printed records out of a block in runs.
 *
 * In:    a block. Out: runs of whole records, each about as long as a part of a gzip file.
 * Holds: where runs are cut depends on the text since the last full taking alone, not on when it is called.
 */
import type { TextBlock } from '../record/text-block.ts';
import type { RecordRun } from './segment.ts';
import { countRecords } from './segment.ts';
import type { SpareArrays } from './spare-arrays.ts';

/** A run whose array goes back to the spare ones when the run is kept. */
type OwnRun = RecordRun & { readonly text: Uint8Array<ArrayBuffer> };

/**
 * The runs that are ready. What a run holds is its own: the block goes on with what is left, in its own array.
 *
 * @param partBytes  the longest run of whole records up to this many bytes, at least one record
 * @param all        also the last run, which is shorter
 * @param arrays     where the runs' arrays come from
 */
export function takeRuns(
  block: TextBlock,
  stream: string,
  partBytes: number,
  all: boolean,
  arrays: SpareArrays,
): readonly OwnRun[] {
  const end = block.length;
  if (end === 0 || (end < partBytes && !all)) return [];
  const { bytes } = block;
  const runs: OwnRun[] = [];
  let from = 0;
  const enough = all ? 1 : partBytes;
  while (end - from >= enough) {
    let to = end;
    if (end - from >= partBytes) {
      to = bytes.lastIndexOf(10, from + partBytes - 1) + 1;
      if (to <= from) to = bytes.indexOf(10, from + partBytes) + 1;
    }
    const text = arrays.take(Math.max(partBytes, to - from)).subarray(0, to - from);
    text.set(bytes.subarray(from, to));
    const rest = bytes.subarray(to, end);
    const isShort = rest.length < text.length;
    const records = isShort ? block.records - countRecords(rest) : countRecords(text);
    runs.push({ stream, text, records, packets: 0, lostPackets: 0 });
    block.records -= records;
    from = to;
  }
  // Only the sums of the block are known: they go with the last run.
  const last = runs.pop()!;
  runs.push({ ...last, packets: block.packets, lostPackets: block.lostPackets });
  block.packets = 0;
  block.lostPackets = 0;
  block.length = end - from;
  bytes.copyWithin(0, from, end);
  return runs;
}
