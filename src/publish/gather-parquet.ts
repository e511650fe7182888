/**
 * Gathers records into segments with a `.log.parquet` beside each, made from the segment's text when it is cut.
 *
 * In:    runs of whole records. Out: sealed segments and their Parquet files.
 * Holds: a segment is cut where its text is about what the cap holds; where its object is larger after all it is split
 *        into pieces of equal record counts.
 * Fails: with errors of the disk or of DuckDB; the segment stays open in the spool.
 */
import { parseLogFormat } from '../record/format.ts';
import { writeParquet } from '../storage/duck/parquet.ts';
import type { WindowAccount } from './account.ts';
import type { Gatherer, GatherOptions, Open } from './gather.ts';
import { beginSegment, createLine, sealOpen } from './gather.ts';
import { hashFile } from './hash-file.ts';
import type { MakeObject } from './pieces.ts';
import { sealPieces } from './pieces.ts';
import type { RecordRun } from './segment.ts';
import { readSegment } from './segment.ts';
import { spillDirectory } from './spool.ts';

/** Bytes of text to a byte of Parquet with gzip pages: 4.5 to 6 in what we measured; lower is safe. */
const TEXT_PER_BYTE = 4;

/** A gatherer for Parquet objects. */
export function createParquetGatherer(options: GatherOptions): Gatherer {
  const { spool, capBytes, patiently } = options;
  const make = parquetMaker(options.flowLog.format, spool.path);
  const textLimit = capBytes * TEXT_PER_BYTE;
  const line = createLine();
  let open: Open | null = null;

  async function take(run: RecordRun): Promise<void> {
    if (open !== null && open.writer.textBytes + run.text.length > textLimit) await seal();
    const { writer } = (open ??= await beginSegment(options));
    await patiently(() => writer.append(run));
  }

  async function seal(): Promise<void> {
    if (open === null) return;
    const { name, writer } = open;
    if (writer.sums.records === 0) {
      await sealOpen(options, open, null);
      open = null;
      return;
    }
    const facts = await patiently(() => make(readSegment(spool.file(name, 'open'), false), spool.file(name, 'object')));
    if (facts.sizeBytes > capBytes && writer.sums.records > 1) {
      open = null;
      await writer.abandon();
      await spool.drop(name, 'object');
      await patiently(() => sealPieces(options, name, make, false));
      return;
    }
    await sealOpen(options, open, facts);
    open = null;
  }

  async function account(accounts: readonly WindowAccount[]): Promise<void> {
    const { writer } = (open ??= await beginSegment(options));
    await patiently(() => writer.account(accounts));
  }

  return {
    add: (run) => line(() => take(run)),
    account: (accounts) => line(() => account(accounts)),
    cut: () => line(seal),
    abandon: async () => open?.writer.abandon(),
  };
}

/**
 * Makes the Parquet object of a segment.
 *
 * @param spoolDir  DuckDB may spill in it
 */
export function parquetMaker(format: string, spoolDir: string): MakeObject {
  return async (blocks, path) => {
    await writeParquet(parseLogFormat(format), blocks, path, spillDirectory(spoolDir));
    return hashFile(path);
  };
}
