/** Every action, one file each; a test names a file that is not here. */
import type { Action } from '../action.ts';
import { assignIpv6Addresses } from './assign-ipv6-addresses.ts';
import { assignPrivateIpAddresses } from './assign-private-ip-addresses.ts';
import { associateSubnetCidrBlock } from './associate-subnet-cidr-block.ts';
import { associateVpcCidrBlock } from './associate-vpc-cidr-block.ts';
import { attachNetworkInterface } from './attach-network-interface.ts';
import { authorizeSecurityGroupEgress } from './authorize-security-group-egress.ts';
import { authorizeSecurityGroupIngress } from './authorize-security-group-ingress.ts';
import { createFlowLogs } from './create-flow-logs.ts';
import { createNetworkAcl } from './create-network-acl.ts';
import { createNetworkAclEntry } from './create-network-acl-entry.ts';
import { createNetworkInterface } from './create-network-interface.ts';
import { createSecurityGroup } from './create-security-group.ts';
import { createSubnet } from './create-subnet.ts';
import { createTags } from './create-tags.ts';
import { createVpc } from './create-vpc.ts';
import { deleteFlowLogs } from './delete-flow-logs.ts';
import { deleteNetworkAcl } from './delete-network-acl.ts';
import { deleteNetworkAclEntry } from './delete-network-acl-entry.ts';
import { deleteNetworkInterface } from './delete-network-interface.ts';
import { deleteSecurityGroup } from './delete-security-group.ts';
import { deleteSubnet } from './delete-subnet.ts';
import { deleteTags } from './delete-tags.ts';
import { deleteVpc } from './delete-vpc.ts';
import { describeAccountAttributes } from './describe-account-attributes.ts';
import { describeAvailabilityZones } from './describe-availability-zones.ts';
import { describeFlowLogs } from './describe-flow-logs.ts';
import { describeNetworkAcls } from './describe-network-acls.ts';
import { describeNetworkInterfaceAttribute } from './describe-network-interface-attribute.ts';
import { describeNetworkInterfaces } from './describe-network-interfaces.ts';
import { describeRegions } from './describe-regions.ts';
import { describeSecurityGroupReferences } from './describe-security-group-references.ts';
import { describeSecurityGroupRules } from './describe-security-group-rules.ts';
import { describeSecurityGroups } from './describe-security-groups.ts';
import { describeSubnets } from './describe-subnets.ts';
import { describeTags } from './describe-tags.ts';
import { describeVpcAttribute } from './describe-vpc-attribute.ts';
import { describeVpcs } from './describe-vpcs.ts';
import { detachNetworkInterface } from './detach-network-interface.ts';
import { disassociateSubnetCidrBlock } from './disassociate-subnet-cidr-block.ts';
import { disassociateVpcCidrBlock } from './disassociate-vpc-cidr-block.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { getFlowLogsIntegrationTemplate } from './get-flow-logs-integration-template.ts';
import { modifyNetworkInterfaceAttribute } from './modify-network-interface-attribute.ts';
import { modifySecurityGroupRules } from './modify-security-group-rules.ts';
import { modifySubnetAttribute } from './modify-subnet-attribute.ts';
import { modifyVpcAttribute } from './modify-vpc-attribute.ts';
import { replaceNetworkAclAssociation } from './replace-network-acl-association.ts';
import { replaceNetworkAclEntry } from './replace-network-acl-entry.ts';
import { resetNetworkInterfaceAttribute } from './reset-network-interface-attribute.ts';
import { revokeSecurityGroupEgress } from './revoke-security-group-egress.ts';
import { revokeSecurityGroupIngress } from './revoke-security-group-ingress.ts';
import { unassignIpv6Addresses } from './unassign-ipv6-addresses.ts';
import { unassignPrivateIpAddresses } from './unassign-private-ip-addresses.ts';
import { updateSecurityGroupRuleDescriptionsEgress } from './update-security-group-rule-descriptions-egress.ts';
import { updateSecurityGroupRuleDescriptionsIngress } from './update-security-group-rule-descriptions-ingress.ts';

export const ACTIONS: readonly Action[] = [
  assignIpv6Addresses,
  assignPrivateIpAddresses,
  associateSubnetCidrBlock,
  associateVpcCidrBlock,
  attachNetworkInterface,
  authorizeSecurityGroupEgress,
  authorizeSecurityGroupIngress,
  createFlowLogs,
  createNetworkAcl,
  createNetworkAclEntry,
  createNetworkInterface,
  createSecurityGroup,
  createSubnet,
  createTags,
  createVpc,
  deleteFlowLogs,
  deleteNetworkAcl,
  deleteNetworkAclEntry,
  deleteNetworkInterface,
  deleteSecurityGroup,
  deleteSubnet,
  deleteTags,
  deleteVpc,
  describeAccountAttributes,
  describeAvailabilityZones,
  describeFlowLogs,
  describeNetworkAcls,
  describeNetworkInterfaceAttribute,
  describeNetworkInterfaces,
  describeRegions,
  describeSecurityGroupReferences,
  describeSecurityGroupRules,
  describeSecurityGroups,
  describeSubnets,
  describeTags,
  describeVpcAttribute,
  describeVpcs,
  detachNetworkInterface,
  disassociateSubnetCidrBlock,
  disassociateVpcCidrBlock,
  getCallerIdentity,
  getFlowLogsIntegrationTemplate,
  modifyNetworkInterfaceAttribute,
  modifySecurityGroupRules,
  modifySubnetAttribute,
  modifyVpcAttribute,
  replaceNetworkAclAssociation,
  replaceNetworkAclEntry,
  resetNetworkInterfaceAttribute,
  revokeSecurityGroupEgress,
  revokeSecurityGroupIngress,
  unassignIpv6Addresses,
  unassignPrivateIpAddresses,
  updateSecurityGroupRuleDescriptionsEgress,
  updateSecurityGroupRuleDescriptionsIngress,
];
