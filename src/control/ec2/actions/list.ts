/** Every action, one file each; a test names a file that is not here. */
import type { Action } from '../action.ts';
import { acceptVpcPeeringConnection } from './accept-vpc-peering-connection.ts';
import { allocateAddress } from './allocate-address.ts';
import { assignIpv6Addresses } from './assign-ipv6-addresses.ts';
import { assignPrivateIpAddresses } from './assign-private-ip-addresses.ts';
import { associateAddress } from './associate-address.ts';
import { associateDhcpOptions } from './associate-dhcp-options.ts';
import { associateRouteTable } from './associate-route-table.ts';
import { associateSubnetCidrBlock } from './associate-subnet-cidr-block.ts';
import { associateVpcCidrBlock } from './associate-vpc-cidr-block.ts';
import { attachInternetGateway } from './attach-internet-gateway.ts';
import { attachNetworkInterface } from './attach-network-interface.ts';
import { authorizeSecurityGroupEgress } from './authorize-security-group-egress.ts';
import { authorizeSecurityGroupIngress } from './authorize-security-group-ingress.ts';
import { createDhcpOptions } from './create-dhcp-options.ts';
import { createEgressOnlyInternetGateway } from './create-egress-only-internet-gateway.ts';
import { createFlowLogs } from './create-flow-logs.ts';
import { createInternetGateway } from './create-internet-gateway.ts';
import { createManagedPrefixList } from './create-managed-prefix-list.ts';
import { createNatGateway } from './create-nat-gateway.ts';
import { createNetworkAcl } from './create-network-acl.ts';
import { createNetworkAclEntry } from './create-network-acl-entry.ts';
import { createNetworkInterface } from './create-network-interface.ts';
import { createRoute } from './create-route.ts';
import { createRouteTable } from './create-route-table.ts';
import { createSecurityGroup } from './create-security-group.ts';
import { createSubnet } from './create-subnet.ts';
import { createTags } from './create-tags.ts';
import { createVpc } from './create-vpc.ts';
import { createVpcEndpoint } from './create-vpc-endpoint.ts';
import { createVpcPeeringConnection } from './create-vpc-peering-connection.ts';
import { deleteDhcpOptions } from './delete-dhcp-options.ts';
import { deleteEgressOnlyInternetGateway } from './delete-egress-only-internet-gateway.ts';
import { deleteFlowLogs } from './delete-flow-logs.ts';
import { deleteInternetGateway } from './delete-internet-gateway.ts';
import { deleteManagedPrefixList } from './delete-managed-prefix-list.ts';
import { deleteNatGateway } from './delete-nat-gateway.ts';
import { deleteNetworkAcl } from './delete-network-acl.ts';
import { deleteNetworkAclEntry } from './delete-network-acl-entry.ts';
import { deleteNetworkInterface } from './delete-network-interface.ts';
import { deleteRoute } from './delete-route.ts';
import { deleteRouteTable } from './delete-route-table.ts';
import { deleteSecurityGroup } from './delete-security-group.ts';
import { deleteSubnet } from './delete-subnet.ts';
import { deleteTags } from './delete-tags.ts';
import { deleteVpc } from './delete-vpc.ts';
import { deleteVpcEndpoints } from './delete-vpc-endpoints.ts';
import { deleteVpcPeeringConnection } from './delete-vpc-peering-connection.ts';
import { describeAccountAttributes } from './describe-account-attributes.ts';
import { describeAddresses } from './describe-addresses.ts';
import { describeAddressesAttribute } from './describe-addresses-attribute.ts';
import { describeAvailabilityZones } from './describe-availability-zones.ts';
import { describeDhcpOptions } from './describe-dhcp-options.ts';
import { describeEgressOnlyInternetGateways } from './describe-egress-only-internet-gateways.ts';
import { describeFlowLogs } from './describe-flow-logs.ts';
import { describeInstanceAttribute } from './describe-instance-attribute.ts';
import { describeInstanceTypes } from './describe-instance-types.ts';
import { describeInstances } from './describe-instances.ts';
import { describeInternetGateways } from './describe-internet-gateways.ts';
import { describeManagedPrefixLists } from './describe-managed-prefix-lists.ts';
import { describeNatGateways } from './describe-nat-gateways.ts';
import { describeNetworkAcls } from './describe-network-acls.ts';
import { describeNetworkInterfaceAttribute } from './describe-network-interface-attribute.ts';
import { describeNetworkInterfaces } from './describe-network-interfaces.ts';
import { describePrefixLists } from './describe-prefix-lists.ts';
import { describeRegions } from './describe-regions.ts';
import { describeRouteTables } from './describe-route-tables.ts';
import { describeSecurityGroupReferences } from './describe-security-group-references.ts';
import { describeSecurityGroupRules } from './describe-security-group-rules.ts';
import { describeSecurityGroups } from './describe-security-groups.ts';
import { describeSubnets } from './describe-subnets.ts';
import { describeTags } from './describe-tags.ts';
import { describeVpcAttribute } from './describe-vpc-attribute.ts';
import { describeVpcEndpointServices } from './describe-vpc-endpoint-services.ts';
import { describeVpcEndpoints } from './describe-vpc-endpoints.ts';
import { describeVpcPeeringConnections } from './describe-vpc-peering-connections.ts';
import { describeVpcs } from './describe-vpcs.ts';
import { detachInternetGateway } from './detach-internet-gateway.ts';
import { detachNetworkInterface } from './detach-network-interface.ts';
import { disassociateAddress } from './disassociate-address.ts';
import { disassociateRouteTable } from './disassociate-route-table.ts';
import { disassociateSubnetCidrBlock } from './disassociate-subnet-cidr-block.ts';
import { disassociateVpcCidrBlock } from './disassociate-vpc-cidr-block.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { getFlowLogsIntegrationTemplate } from './get-flow-logs-integration-template.ts';
import { getManagedPrefixListEntries } from './get-managed-prefix-list-entries.ts';
import { modifyManagedPrefixList } from './modify-managed-prefix-list.ts';
import { modifyNetworkInterfaceAttribute } from './modify-network-interface-attribute.ts';
import { modifySecurityGroupRules } from './modify-security-group-rules.ts';
import { modifySubnetAttribute } from './modify-subnet-attribute.ts';
import { modifyVpcAttribute } from './modify-vpc-attribute.ts';
import { modifyVpcEndpoint } from './modify-vpc-endpoint.ts';
import { modifyVpcPeeringConnectionOptions } from './modify-vpc-peering-connection-options.ts';
import { rejectVpcPeeringConnection } from './reject-vpc-peering-connection.ts';
import { releaseAddress } from './release-address.ts';
import { replaceNetworkAclAssociation } from './replace-network-acl-association.ts';
import { replaceNetworkAclEntry } from './replace-network-acl-entry.ts';
import { replaceRoute } from './replace-route.ts';
import { replaceRouteTableAssociation } from './replace-route-table-association.ts';
import { resetNetworkInterfaceAttribute } from './reset-network-interface-attribute.ts';
import { revokeSecurityGroupEgress } from './revoke-security-group-egress.ts';
import { revokeSecurityGroupIngress } from './revoke-security-group-ingress.ts';
import { runInstances } from './run-instances.ts';
import { terminateInstances } from './terminate-instances.ts';
import { unassignIpv6Addresses } from './unassign-ipv6-addresses.ts';
import { unassignPrivateIpAddresses } from './unassign-private-ip-addresses.ts';
import { updateSecurityGroupRuleDescriptionsEgress } from './update-security-group-rule-descriptions-egress.ts';
import { updateSecurityGroupRuleDescriptionsIngress } from './update-security-group-rule-descriptions-ingress.ts';

export const ACTIONS: readonly Action[] = [
  acceptVpcPeeringConnection,
  allocateAddress,
  assignIpv6Addresses,
  assignPrivateIpAddresses,
  associateAddress,
  associateDhcpOptions,
  associateRouteTable,
  associateSubnetCidrBlock,
  associateVpcCidrBlock,
  attachInternetGateway,
  attachNetworkInterface,
  authorizeSecurityGroupEgress,
  authorizeSecurityGroupIngress,
  createDhcpOptions,
  createEgressOnlyInternetGateway,
  createFlowLogs,
  createInternetGateway,
  createManagedPrefixList,
  createNatGateway,
  createNetworkAcl,
  createNetworkAclEntry,
  createNetworkInterface,
  createRoute,
  createRouteTable,
  createSecurityGroup,
  createSubnet,
  createTags,
  createVpc,
  createVpcEndpoint,
  createVpcPeeringConnection,
  deleteDhcpOptions,
  deleteEgressOnlyInternetGateway,
  deleteFlowLogs,
  deleteInternetGateway,
  deleteManagedPrefixList,
  deleteNatGateway,
  deleteNetworkAcl,
  deleteNetworkAclEntry,
  deleteNetworkInterface,
  deleteRoute,
  deleteRouteTable,
  deleteSecurityGroup,
  deleteSubnet,
  deleteTags,
  deleteVpc,
  deleteVpcEndpoints,
  deleteVpcPeeringConnection,
  describeAccountAttributes,
  describeAddresses,
  describeAddressesAttribute,
  describeAvailabilityZones,
  describeDhcpOptions,
  describeEgressOnlyInternetGateways,
  describeFlowLogs,
  describeInstanceAttribute,
  describeInstanceTypes,
  describeInstances,
  describeInternetGateways,
  describeManagedPrefixLists,
  describeNatGateways,
  describeNetworkAcls,
  describeNetworkInterfaceAttribute,
  describeNetworkInterfaces,
  describePrefixLists,
  describeRegions,
  describeRouteTables,
  describeSecurityGroupReferences,
  describeSecurityGroupRules,
  describeSecurityGroups,
  describeSubnets,
  describeTags,
  describeVpcAttribute,
  describeVpcEndpointServices,
  describeVpcEndpoints,
  describeVpcPeeringConnections,
  describeVpcs,
  detachInternetGateway,
  detachNetworkInterface,
  disassociateAddress,
  disassociateRouteTable,
  disassociateSubnetCidrBlock,
  disassociateVpcCidrBlock,
  getCallerIdentity,
  getFlowLogsIntegrationTemplate,
  getManagedPrefixListEntries,
  modifyManagedPrefixList,
  modifyNetworkInterfaceAttribute,
  modifySecurityGroupRules,
  modifySubnetAttribute,
  modifyVpcAttribute,
  modifyVpcEndpoint,
  modifyVpcPeeringConnectionOptions,
  rejectVpcPeeringConnection,
  releaseAddress,
  replaceNetworkAclAssociation,
  replaceNetworkAclEntry,
  replaceRoute,
  replaceRouteTableAssociation,
  resetNetworkInterfaceAttribute,
  revokeSecurityGroupEgress,
  revokeSecurityGroupIngress,
  runInstances,
  terminateInstances,
  unassignIpv6Addresses,
  unassignPrivateIpAddresses,
  updateSecurityGroupRuleDescriptionsEgress,
  updateSecurityGroupRuleDescriptionsIngress,
];
