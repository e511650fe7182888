/** Every action, one file each; a test names a file that is not here. */
import type { Action } from '../action.ts';
import { acceptVpcPeeringConnection } from './accept-vpc-peering-connection.ts';
import { createFlowLogs } from './create-flow-logs.ts';
import { createTags } from './create-tags.ts';
import { createVpcPeeringConnection } from './create-vpc-peering-connection.ts';
import { deleteFlowLogs } from './delete-flow-logs.ts';
import { deleteTags } from './delete-tags.ts';
import { deleteVpcPeeringConnection } from './delete-vpc-peering-connection.ts';
import { describeAccountAttributes } from './describe-account-attributes.ts';
import { describeAvailabilityZones } from './describe-availability-zones.ts';
import { describeFlowLogs } from './describe-flow-logs.ts';
import { describeRegions } from './describe-regions.ts';
import { describeTags } from './describe-tags.ts';
import { describeVpcPeeringConnections } from './describe-vpc-peering-connections.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { getFlowLogsIntegrationTemplate } from './get-flow-logs-integration-template.ts';
import { modifyVpcPeeringConnectionOptions } from './modify-vpc-peering-connection-options.ts';
import { rejectVpcPeeringConnection } from './reject-vpc-peering-connection.ts';

export const ACTIONS: readonly Action[] = [
  acceptVpcPeeringConnection,
  createFlowLogs,
  createTags,
  createVpcPeeringConnection,
  deleteFlowLogs,
  deleteTags,
  deleteVpcPeeringConnection,
  describeAccountAttributes,
  describeAvailabilityZones,
  describeFlowLogs,
  describeRegions,
  describeTags,
  describeVpcPeeringConnections,
  getCallerIdentity,
  getFlowLogsIntegrationTemplate,
  modifyVpcPeeringConnectionOptions,
  rejectVpcPeeringConnection,
];
