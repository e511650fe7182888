/**
 * Which object a flow log's segments become.
 *
 * In:    a flow log. Out: its gatherer, and the way to make an object again.
 * Holds: both ways give the same bytes.
 */
import type { FlowLog } from '../network/vpc/snapshot.ts';
import { codeOf } from '../storage/object/file-errors.ts';
import type { SealedSegment } from './destination.ts';
import type { Gatherer, GatherOptions } from './gather.ts';
import { createPlainGatherer } from './gather.ts';
import { createParquetGatherer, parquetMaker } from './gather-parquet.ts';
import { createTextGatherer, textMaker } from './gather-text.ts';
import { hashFile } from './hash-file.ts';
import type { MakeObject } from './pieces.ts';

/** The gatherer of a flow log. */
export function createGatherer(options: GatherOptions, threads: number): Gatherer {
  const { destination } = options.flowLog;
  if (destination.type !== 's3') return createPlainGatherer(options);
  return destination.fileFormat === 'parquet'
    ? createParquetGatherer(options, threads)
    : createTextGatherer(options, threads);
}

/** What makes a flow log's objects from blocks; null for destinations that take records. */
export function objectMaker(flowLog: FlowLog, threads: number): MakeObject | null {
  const { destination, format } = flowLog;
  if (destination.type !== 's3') return null;
  return destination.fileFormat === 'parquet' ? parquetMaker(format, threads) : textMaker(format, threads);
}

/** The segment with its object on disk: made again where it is missing or not what was sealed. */
export async function remakeObject(segment: SealedSegment, threads: number): Promise<SealedSegment> {
  const { object } = segment;
  if (object === null || (await sha256Of(object.path)) === object.sha256) return segment;
  const make = objectMaker(segment.flowLog, threads)!;
  // Another version of zlib may make other bytes: the object is then what it makes now.
  return { ...segment, object: { path: object.path, ...(await make(segment.read(), object.path)) } };
}

/** Null where there is no such file. */
async function sha256Of(path: string): Promise<string | null> {
  try {
    return (await hashFile(path)).sha256;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
