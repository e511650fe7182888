/**
 * How the delivery of each flow log goes, as DescribeFlowLogs tells it, and whether a new one's could go.
 *
 * In:    flow logs as they are described; what the collector tells of its destinations. Out: AWS's words; a problem.
 * Holds: it is as it goes now, and no fact: it is kept nowhere. A delivery that fails and will be tried again is failed until
 *        it goes.
 * Fails: never; a destination that cannot be made is a problem.
 */
import type { Surroundings } from '../../control/ec2/action.ts';
import type { Items } from '../../control/ec2/items.ts';
import { FlowgaugeError } from '../../model/errors.ts';
import { described } from '../../network/vpc/described.ts';
import { readFlowLog } from '../../network/vpc/flow-logs.ts';
import type { FlowLog } from '../../network/vpc/snapshot.ts';
import type { Destination } from '../../publish/destination.ts';
import type { Reach } from '../../publish/destinations/list.ts';
import { destinationsOf } from '../../publish/destinations/list.ts';
import type { LaneStatus } from '../../publish/lane.ts';
import type { PublishStatus } from '../../publish/status.ts';
import type { ObjectStore } from '../../storage/object/store.ts';
import { s3Store } from '../../storage/object/stores/s3.ts';

/** What is refused for want of a right or of the place. */
const ACCESS = new Set([
  'FG_AWS_CREDENTIALS',
  'FG_AWS_CREDENTIALS_REFUSED',
  'FG_AWS_EXPIRED',
  'FG_AWS_PROFILE',
  'FG_NOT_WRITABLE',
  'FG_LOG_GROUP_WRITE',
  'FG_S3_DENIED',
  'FG_S3_NO_BUCKET',
  'FG_S3_WRITE_DENIED',
  'FG_STREAM_MISSING',
  'FG_STREAM_WRITE',
]);

/** What the API asks about destinations. */
export type DeliveryView = Pick<Surroundings, 'checkDestination'> & {
  /** Why a flow log's records are not delivered now; null where they are. */
  readonly errorOf: (flowLog: Items['FlowLogs'], region: string) => ReturnType<Surroundings['deliveryError']>;
  /** What was told last of its destination; null where nothing was. */
  readonly laneOf: (flowLog: Items['FlowLogs'], region: string) => LaneStatus | null;
  /** Where its ledger lies; null: in the directory of the bucket `local`. */
  readonly ledgerStore: (flowLog: Items['FlowLogs']) => ObjectStore | null;
};

/**
 * Looks at deliveries.
 *
 * @param bucket  where the bucket `local` is
 * @param status  what was told last; null where nothing was
 */
export function viewDeliveries(bucket: string, reach: Reach, status: () => PublishStatus | null): DeliveryView {
  const destinationOf = destinationsOf(bucket, reach);
  const laneOf: DeliveryView['laneOf'] = (item, region) => {
    const lanes = status()?.destinations ?? [];
    if (lanes.length === 0) return null;
    const { name } = destinationFor(destinationOf, item, region);
    return lanes.find(({ destination }) => destination === name) ?? null;
  };
  return {
    async checkDestination(item, region, signal) {
      try {
        return await destinationFor(destinationOf, item, region).check(signal);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const code = error instanceof FlowgaugeError ? error.code : '';
        return { code, message, again: !(error instanceof FlowgaugeError) || error.owner === 'surroundings' };
      }
    },
    errorOf(item, region) {
      // Where all goes none need be found.
      if ((status()?.destinations ?? []).every(({ failures }) => failures === 0)) return null;
      const lane = laneOf(item, region);
      if (lane === null || lane.failures === 0) return null;
      const code = lane.lastError?.code ?? '';
      if (code === 'FG_AWS_THROTTLED') return 'Rate limited';
      return ACCESS.has(code) ? 'Access error' : 'Unknown error';
    },
    laneOf,
    ledgerStore(item) {
      const { destination } = readFlowLog(described(item.FlowLogId ?? 'the flow log', item));
      if (destination.type !== 's3' || destination.bucket === 'local') return null;
      return s3Store(destination.bucket, reach.aws, reach.writing);
    },
  };
}

function destinationFor(
  destinationOf: (flowLog: FlowLog) => Destination,
  item: Items['FlowLogs'],
  region: string,
): Destination {
  const { resource: _, ...fact } = readFlowLog(described(item.FlowLogId ?? 'the flow log', item));
  return destinationOf({ ...fact, accountId: '', region, interfaces: [] });
}
