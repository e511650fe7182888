/**
 * Takes printed records out of a block in runs.
 *
 * In:    a block. Out: runs of whole records, each about as long as a part of a gzip file.
 * Holds: where runs are cut depends on the text since the last full taking alone, not on when it is called.
 */
import type { TextBlock } from '../record/text-block.ts';
import type { RecordRun } from './segment.ts';
import { countRecords } from './segment.ts';

/**
 * The runs that are ready. The block goes on with new bytes: what a run holds is its own.
 *
 * @param partBytes  the longest run of whole records up to this many bytes, at least one record
 * @param all        also the last run, which is shorter
 */
export function takeRuns(block: TextBlock, stream: string, partBytes: number, all: boolean): readonly RecordRun[] {
  const end = block.length;
  if (end === 0 || (end < partBytes && !all)) return [];
  const { bytes } = block;
  const runs: RecordRun[] = [];
  let from = 0;
  const enough = all ? 1 : partBytes;
  while (end - from >= enough) {
    let to = end;
    if (end - from >= partBytes) {
      to = bytes.lastIndexOf(10, from + partBytes - 1) + 1;
      if (to <= from) to = bytes.indexOf(10, from + partBytes) + 1;
    }
    const text = bytes.subarray(from, to);
    const records = from === 0 && to === end ? block.records : countRecords(text);
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
  block.bytes = new Uint8Array(all ? 65_536 : bytes.length);
  block.bytes.set(bytes.subarray(from, end));
  return runs;
}
