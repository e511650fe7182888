/**
 * Whether a flow log that is about to be made could be delivered.
 *
 * In:    the destination of each flow log (`publish/destinations/list.ts`), a flow log as DescribeFlowLogs shows it. Out:
 *        what its destination says; null is well.
 * Holds: one that does not answer in time may answer later: that is no reason to refuse a flow log.
 */
import { FlowgaugeError } from '../../model/errors.ts';
import { described } from '../../network/vpc/described.ts';
import { readFlowLog } from '../../network/vpc/flow-logs.ts';
import type { FlowLog } from '../../network/vpc/snapshot.ts';
import { problemFrom } from '../../publish/destination.ts';
import type { Destination } from '../../publish/destination.ts';
import type { Surroundings } from './action.ts';

/** Asks the destinations that flow logs are delivered to. */
export function destinationCheck(destinationOf: (flowLog: FlowLog) => Destination): Surroundings['checkDestination'] {
  return async (item, region, signal) => {
    const fact = readFlowLog(described('the request', item));
    const flowLog: FlowLog = { ...fact, accountId: '', region, interfaces: [] };
    try {
      return await destinationOf(flowLog).check(signal);
    } catch (error) {
      if (error instanceof FlowgaugeError) return problemFrom(error);
      if (signal.aborted) return { code: 'FG_DESTINATION_SILENT', message: 'no answer in time', again: true };
      throw error;
    }
  };
}
