/**
 * The name of the object that is made from a segment.
 *
 * In:    host, flow log, slot and segment number. Out: the object's key.
 * Holds: the same four give the same name anywhere; a number is never used twice, so neither is a name.
 */
import { createHash } from 'node:crypto';
import { failure } from '../model/errors.ts';
import type { FlowLog } from '../network/vpc/snapshot.ts';
import { objectKey } from '../storage/object/keys.ts';

/** The host id of records that were made from a capture file. */
export const FILE_HOST = 'file';

/** What names a segment, as one text. */
export function segmentId(hostId: string, flowLogId: string, slotSeconds: number, number: number): string {
  return `${hostId}/${flowLogId}/${slotSeconds}/${number}`;
}

/** The key of a segment's object (rule D3); the flow log's destination must be a bucket. */
export function keyOfSegment(segment: {
  readonly id: string;
  readonly flowLog: FlowLog;
  readonly slotSeconds: number;
}): string {
  const { flowLog, slotSeconds } = segment;
  const { destination } = flowLog;
  if (destination.type !== 's3') throw failure('FG_NOT_A_BUCKET', flowLog.id, destination.type);
  return objectKey({
    prefix: destination.prefix,
    organization: null,
    accountId: flowLog.accountId,
    region: flowLog.region,
    flowLogId: flowLog.id,
    slotSeconds,
    hash: createHash('sha256').update(segment.id).digest('hex').slice(0, 8),
    fileFormat: destination.fileFormat,
    hive: destination.hive,
    hourly: destination.hourly,
  });
}
