/** Every action, one file each; a test names a file that is not here. */
import type { Action } from '../action.ts';
import { createFlowLogs } from './create-flow-logs.ts';
import { createTags } from './create-tags.ts';
import { deleteFlowLogs } from './delete-flow-logs.ts';
import { deleteTags } from './delete-tags.ts';
import { describeAccountAttributes } from './describe-account-attributes.ts';
import { describeAvailabilityZones } from './describe-availability-zones.ts';
import { describeFlowLogs } from './describe-flow-logs.ts';
import { describeRegions } from './describe-regions.ts';
import { describeTags } from './describe-tags.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { getFlowLogsIntegrationTemplate } from './get-flow-logs-integration-template.ts';

export const ACTIONS: readonly Action[] = [
  createFlowLogs,
  createTags,
  deleteFlowLogs,
  deleteTags,
  describeAccountAttributes,
  describeAvailabilityZones,
  describeFlowLogs,
  describeRegions,
  describeTags,
  getCallerIdentity,
  getFlowLogsIntegrationTemplate,
];
