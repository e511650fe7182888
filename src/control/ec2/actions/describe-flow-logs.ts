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

const FILTERS: FilterTable<Items['FlowLogs']> = {
  'deliver-log-status': 'DeliverLogsStatus',
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
    const { items, ...next } = describeItems(context, 'FlowLogs', FILTERS, {
      ...input,
      ids: input.FlowLogIds,
      Filters: input.Filter,
    });
    return { FlowLogs: items, ...next };
  },
});
