/** Every action, one file each; a test names a file that is not here. */
import type { Action } from '../action.ts';
import { createFlowLogs } from './create-flow-logs.ts';
import { createTags } from './create-tags.ts';
import { deleteFlowLogs } from './delete-flow-logs.ts';
import { describeAvailabilityZones } from './describe-availability-zones.ts';
import { describeFlowLogs } from './describe-flow-logs.ts';
import { describeRegions } from './describe-regions.ts';
import { getCallerIdentity } from './get-caller-identity.ts';

export const ACTIONS: readonly Action[] = [
  createFlowLogs,
  createTags,
  deleteFlowLogs,
  describeAvailabilityZones,
  describeFlowLogs,
  describeRegions,
  getCallerIdentity,
];
