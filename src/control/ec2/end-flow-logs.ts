/**
 * What becomes of the flow logs of a VPC, subnet or interface that is deleted: they end with it.
 *
 * In:    the id of what is deleted. Out: nothing; its flow logs are gone.
 * Holds: that AWS deletes them too is unverified. What they published stays; the records that wait in a spool are delivered.
 */
import type { WriteContext } from './action.ts';

/** Ends the flow logs of a resource. */
export function endFlowLogs({ resources }: WriteContext, resourceId: string): void {
  for (const { FlowLogId: id = '' } of resources.where('FlowLogs', 'ResourceId', resourceId))
    resources.remove('FlowLogs', id);
}
