/**
 * DescribeFlowLogs.
 *
 * In:    ids, filters, a page. Out: flow logs as they were created, and how delivery goes.
 * Fails: `InvalidFlowLogId.NotFound`, and those of filters and pages.
 * @see EC2 API Reference, "DescribeFlowLogs", August 2026
 */
import type { DescribeFlowLogsRequest, DescribeFlowLogsResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { FilterTable } from '../filters.ts';
import type { Items } from '../items.ts';

type FlowLog = Items['FlowLogs'];

const FILTERS: FilterTable<FlowLog> = {
  'flow-log-id': 'FlowLogId',
  'log-destination-type': 'LogDestinationType',
  'log-group-name': 'LogGroupName',
  'resource-id': 'ResourceId',
  'traffic-type': 'TrafficType',
};

export const describeFlowLogs = readAction<DescribeFlowLogsRequest, DescribeFlowLogsResult>({
  name: 'DescribeFlowLogs',
  run(input, context) {
    // The parameter is `Filter`, where other calls have `Filters`.
    const asked = { ...input, ids: input.FlowLogIds, Filters: input.Filter };
    const { deliveryError } = context.surroundings;
    const now = (log: FlowLog): FlowLog => {
      const error = deliveryError(log.FlowLogId ?? '');
      return error === null ? log : { ...log, DeliverLogsStatus: 'FAILED', DeliverLogsErrorMessage: error };
    };
    const filters: FilterTable<FlowLog> = { ...FILTERS, 'deliver-log-status': (log) => now(log).DeliverLogsStatus };
    const { items, ...next } = describeItems(context, 'FlowLogs', filters, asked);
    return { FlowLogs: items.map(now), ...next };
  },
});
