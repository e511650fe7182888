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
  'deliver-log-status': (log) => log.DeliverLogsStatus,
  'flow-log-id': (log) => log.FlowLogId,
  'log-destination-type': (log) => log.LogDestinationType,
  'log-group-name': (log) => log.LogGroupName,
  'resource-id': (log) => log.ResourceId,
  'traffic-type': (log) => log.TrafficType,
};

export const describeFlowLogs = readAction<DescribeFlowLogsRequest, DescribeFlowLogsResult>({
  name: 'DescribeFlowLogs',
  run(input, context) {
    // The parameter is `Filter`, where other calls have `Filters`.
    const asked = { ...input, ids: input.FlowLogIds, Filters: input.Filter };
    const { items, ...next } = describeItems(context, 'FlowLogs', FILTERS, asked, (log) => {
      const error = context.surroundings.deliveryError?.(log, context.region) ?? null;
      return error === null ? log : { ...log, DeliverLogsStatus: 'FAILED', DeliverLogsErrorMessage: error };
    });
    return { FlowLogs: items, ...next };
  },
});
