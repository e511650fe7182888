/**
 * Gathers records into segments with a `.log.parquet` beside each, made from the segment's text when it is cut.
 *
 * In:    runs of whole records. Out: sealed segments and their Parquet files.
 * Holds: a segment is cut where its text is about what the cap holds; where its object is larger after all it is split
 *        into pieces of equal record counts.
 * Fails: with errors of the disk; the segment stays open in the spool.
 */
import { parseLogFormat } from '../record/format.ts';
import { PARQUET_HEAD, writeParquet } from '../storage/object/parquet.ts';
import type { WindowAccount } from './account.ts';
import type { Gatherer, GatherOptions, Open } from './gather.ts';
import { beginSegment, createLine, sealOpen } from './gather.ts';
import { createObjectFile } from './object-file.ts';
import type { MakeObject } from './pieces.ts';
import { sealPieces } from './pieces.ts';
import type { RecordRun } from './segment.ts';
import { readSegment } from './segment.ts';

/** Bytes of text to a byte of Parquet with gzip pages: 4.5 to 6 in what we measured; lower is safe. */
const TEXT_PER_BYTE = 4;

/**
 * A gatherer for Parquet objects.
 *
 * @param threads  1: all is compressed in this thread
 */
export function createParquetGatherer(options: GatherOptions, threads: number): Gatherer {
  const { spool, capBytes, patiently } = options;
  const make = parquetMaker(options.flowLog.format, threads);
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

/** Makes the Parquet object of a segment. */
export function parquetMaker(format: string, threads: number): MakeObject {
  return async (blocks, path) => {
    const file = await createObjectFile(path, PARQUET_HEAD);
    try {
      await writeParquet(parseLogFormat(format), blocks, path, threads, (bytes) => file.write(bytes));
    } catch (error) {
      await file.abandon();
      throw error;
    }
    return file.finish();
  };
}
