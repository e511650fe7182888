/** Every action, one file each; a test names a file that is not here. */
import type { Action } from '../action.ts';
import { acceptVpcPeeringConnection } from './accept-vpc-peering-connection.ts';
import { allocateAddress } from './allocate-address.ts';
import { associateAddress } from './associate-address.ts';
import { associateRouteTable } from './associate-route-table.ts';
import { attachInternetGateway } from './attach-internet-gateway.ts';
import { createEgressOnlyInternetGateway } from './create-egress-only-internet-gateway.ts';
import { createFlowLogs } from './create-flow-logs.ts';
import { createInternetGateway } from './create-internet-gateway.ts';
import { createNatGateway } from './create-nat-gateway.ts';
import { createRoute } from './create-route.ts';
import { createRouteTable } from './create-route-table.ts';
import { createTags } from './create-tags.ts';
import { createVpcPeeringConnection } from './create-vpc-peering-connection.ts';
import { deleteEgressOnlyInternetGateway } from './delete-egress-only-internet-gateway.ts';
import { deleteFlowLogs } from './delete-flow-logs.ts';
import { deleteInternetGateway } from './delete-internet-gateway.ts';
import { deleteNatGateway } from './delete-nat-gateway.ts';
import { deleteRoute } from './delete-route.ts';
import { deleteRouteTable } from './delete-route-table.ts';
import { deleteTags } from './delete-tags.ts';
import { deleteVpcPeeringConnection } from './delete-vpc-peering-connection.ts';
import { describeAccountAttributes } from './describe-account-attributes.ts';
import { describeAddresses } from './describe-addresses.ts';
import { describeAddressesAttribute } from './describe-addresses-attribute.ts';
import { describeAvailabilityZones } from './describe-availability-zones.ts';
import { describeEgressOnlyInternetGateways } from './describe-egress-only-internet-gateways.ts';
import { describeFlowLogs } from './describe-flow-logs.ts';
import { describeInstanceAttribute } from './describe-instance-attribute.ts';
import { describeInstances } from './describe-instances.ts';
import { describeInternetGateways } from './describe-internet-gateways.ts';
import { describeNatGateways } from './describe-nat-gateways.ts';
import { describeRegions } from './describe-regions.ts';
import { describeRouteTables } from './describe-route-tables.ts';
import { describeTags } from './describe-tags.ts';
import { describeVpcPeeringConnections } from './describe-vpc-peering-connections.ts';
import { detachInternetGateway } from './detach-internet-gateway.ts';
import { disassociateAddress } from './disassociate-address.ts';
import { disassociateRouteTable } from './disassociate-route-table.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { getFlowLogsIntegrationTemplate } from './get-flow-logs-integration-template.ts';
import { modifyVpcPeeringConnectionOptions } from './modify-vpc-peering-connection-options.ts';
import { rejectVpcPeeringConnection } from './reject-vpc-peering-connection.ts';
import { releaseAddress } from './release-address.ts';
import { replaceRoute } from './replace-route.ts';
import { replaceRouteTableAssociation } from './replace-route-table-association.ts';
import { runInstances } from './run-instances.ts';
import { terminateInstances } from './terminate-instances.ts';

export const ACTIONS: readonly Action[] = [
  acceptVpcPeeringConnection,
  allocateAddress,
  associateAddress,
  associateRouteTable,
  attachInternetGateway,
  createEgressOnlyInternetGateway,
  createFlowLogs,
  createInternetGateway,
  createNatGateway,
  createRoute,
  createRouteTable,
  createTags,
  createVpcPeeringConnection,
  deleteEgressOnlyInternetGateway,
  deleteFlowLogs,
  deleteInternetGateway,
  deleteNatGateway,
  deleteRoute,
  deleteRouteTable,
  deleteTags,
  deleteVpcPeeringConnection,
  describeAccountAttributes,
  describeAddresses,
  describeAddressesAttribute,
  describeAvailabilityZones,
  describeEgressOnlyInternetGateways,
  describeFlowLogs,
  describeInstanceAttribute,
  describeInstances,
  describeInternetGateways,
  describeNatGateways,
  describeRegions,
  describeRouteTables,
  describeTags,
  describeVpcPeeringConnections,
  detachInternetGateway,
  disassociateAddress,
  disassociateRouteTable,
  getCallerIdentity,
  getFlowLogsIntegrationTemplate,
  modifyVpcPeeringConnectionOptions,
  rejectVpcPeeringConnection,
  releaseAddress,
  replaceRoute,
  replaceRouteTableAssociation,
  runInstances,
  terminateInstances,
];
