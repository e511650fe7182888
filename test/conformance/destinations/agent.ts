/**
 * A process that publishes records of one slot, to be killed by a test.
 *
 * In:    its plan as JSON in the first argument. Out: `sealed` when the records are in the spool, then what was counted.
 * Holds: prints records only where the plan has some; a process without any delivers what the one before it left.
 */
import { bucketDestination } from '../../../src/publish/destinations/bucket.ts';
import { isLocal } from '../../../src/publish/destinations/list.ts';
import { logGroupDestination } from '../../../src/publish/destinations/cloudwatch-logs.ts';
import { firehoseDestination } from '../../../src/publish/destinations/firehose.ts';
import type { Destination } from '../../../src/publish/destination.ts';
import type { FlowLog } from '../../../src/network/vpc/snapshot.ts';
import { openPublisher } from '../../../src/publish/publisher.ts';
import { directoryStore } from '../../../src/storage/object/stores/directory.ts';
import { s3Store } from '../../../src/storage/object/stores/s3.ts';
import { printRecords } from './segments.ts';

export type Plan = {
  readonly flowLog: FlowLog;
  readonly spool: string;
  /** A directory, or the URL of a server. */
  readonly place: string;
  readonly slotSeconds: number;
  readonly from: number;
  readonly records: number;
};

function destinationOf({ flowLog: { destination }, place }: Plan): Destination {
  const access = { endpoint: place, region: 'us-east-1', attempts: 1, idleMillis: 60_000 };
  if (destination.type === 'cloud-watch-logs') return logGroupDestination(destination.logGroup, access);
  if (destination.type === 'kinesis-data-firehose') return firehoseDestination(destination.streamArn, access);
  return bucketDestination(
    destination.bucket === 'local' ? directoryStore(place) : s3Store(destination.bucket, access),
  );
}

const plan = JSON.parse(process.argv[2] ?? '{}') as Plan;
const destination = destinationOf(plan);
const publisher = await openPublisher({
  flowLogs: [plan.flowLog],
  hostId: 'host-to-kill',
  spoolDir: plan.spool,
  threads: 1,
  isLocal,
  destinationOf: () => destination,
});
printRecords(publisher, plan.flowLog, plan.slotSeconds, plan.from, plan.from + plan.records);
await publisher.slotsClosedBefore(plan.slotSeconds + 300);
console.log('sealed');
// Its parent lets it end by closing its standard input.
for await (const _ of process.stdin);
const { count } = await publisher.close();
console.log(JSON.stringify(count));
