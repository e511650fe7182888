/**
 * The destination of each flow log, by what its specification says.
 *
 * In:    flow logs, and how AWS is reached. Out: one destination for each place, whoever delivers to it.
 * Holds: nothing is asked yet, and no client is loaded before it is.
 * Fails: `FG_DESTINATION_ARN`, `FG_KMS_KEY`, when a destination is first asked for.
 */
import type { FlowLog } from '../../network/vpc/snapshot.ts';
import { FALLBACK_REGION } from '../../storage/object/aws-client.ts';
import { directoryStore } from '../../storage/object/stores/directory.ts';
import type { S3Access } from '../../storage/object/stores/s3-connection.ts';
import type { S3Writing } from '../../storage/object/stores/s3-put.ts';
import { s3Store } from '../../storage/object/stores/s3.ts';
import type { Destination } from '../destination.ts';
import { withLedgerOnHost } from '../enter-ledger.ts';
import { bucketDestination } from './bucket.ts';
import { logGroupDestination } from './cloudwatch-logs.ts';
import { firehoseDestination } from './firehose.ts';

/** How destinations are reached; plain data. */
export type Reach = { readonly aws: S3Access; readonly writing: S3Writing };

/** The bucket whose objects lie in a directory of this machine (rule D5). */
const LOCAL = 'local';
/** The lane to a destination tries again itself, with longer pauses. */
const ATTEMPTS = 3;

/** Whether a flow log's objects stay on this machine. */
export function isLocal({ destination }: FlowLog): boolean {
  return destination.type === 's3' && destination.bucket === LOCAL;
}

/**
 * Destinations.
 *
 * @param localDirectory  what the bucket `local` is; the ledger of what keeps no objects lies there too
 */
export function destinationsOf(localDirectory: string, { aws, writing }: Reach): (flowLog: FlowLog) => Destination {
  const known = new Map<string, Destination>();
  const access = { attempts: ATTEMPTS, ...aws };
  const make = (flowLog: FlowLog): Destination => {
    const { destination } = flowLog;
    if (isLocal(flowLog)) return bucketDestination(directoryStore(localDirectory));
    if (destination.type === 's3') return bucketDestination(s3Store(destination.bucket, access, writing));
    const onHost = directoryStore(localDirectory);
    if (destination.type === 'kinesis-data-firehose')
      return withLedgerOnHost(firehoseDestination(destination.streamArn, access), onHost);
    const region = aws.region ?? (flowLog.region === '' ? FALLBACK_REGION : flowLog.region);
    return withLedgerOnHost(logGroupDestination(destination.logGroup, { ...access, region }), onHost);
  };
  return (flowLog) => {
    const { destination } = flowLog;
    const key =
      destination.type === 's3'
        ? `s3 ${destination.bucket}`
        : destination.type === 'cloud-watch-logs'
          ? `logs ${destination.logGroup} ${flowLog.region}`
          : destination.streamArn;
    const found = known.get(key) ?? make(flowLog);
    known.set(key, found);
    return found;
  };
}
