/**
 * DescribeSecurityGroups.
 *
 * In:    ids or names, filters, a page. Out: groups, with their rules as permissions.
 * Holds: there is no default VPC, so a name finds the groups of all VPCs that have it.
 * Fails: `InvalidGroup.NotFound`, and those of filters and pages.
 * @see EC2 API Reference, "DescribeSecurityGroups", August 2026
 */
import type { DescribeSecurityGroupsRequest, DescribeSecurityGroupsResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import type { Resources } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { FilterTable } from '../filters.ts';
import { groupError } from '../group-errors.ts';
import { describedGroup } from '../group-rules.ts';
import type { Group } from '../group-rules.ts';

type Permission = NonNullable<Group['IpPermissions']>[number];

/** The filters of one direction. */
function permissionFilters(prefix: string, permissionsOf: (group: Group) => readonly Permission[]): FilterTable<Group> {
  const pairs = (group: Group): NonNullable<Permission['UserIdGroupPairs']>[number][] =>
    permissionsOf(group).flatMap((one) => one.UserIdGroupPairs ?? []);
  return {
    [`${prefix}.cidr`]: (group) => permissionsOf(group).flatMap((one) => one.IpRanges?.map(({ CidrIp }) => CidrIp)),
    [`${prefix}.from-port`]: (group) => permissionsOf(group).map((one) => one.FromPort),
    [`${prefix}.group-id`]: (group) => pairs(group).map(({ GroupId }) => GroupId),
    [`${prefix}.group-name`]: (group) => pairs(group).map(({ GroupName }) => GroupName),
    [`${prefix}.ipv6-cidr`]: (group) =>
      permissionsOf(group).flatMap((one) => one.Ipv6Ranges?.map(({ CidrIpv6 }) => CidrIpv6)),
    [`${prefix}.prefix-list-id`]: (group) =>
      permissionsOf(group).flatMap((one) => one.PrefixListIds?.map(({ PrefixListId }) => PrefixListId)),
    [`${prefix}.protocol`]: (group) => permissionsOf(group).map((one) => one.IpProtocol),
    [`${prefix}.to-port`]: (group) => permissionsOf(group).map((one) => one.ToPort),
    [`${prefix}.user-id`]: (group) => pairs(group).map(({ UserId }) => UserId),
  };
}

const filters = (resources: Resources): FilterTable<Group> => ({
  description: (group) => group.Description,
  ...permissionFilters('egress.ip-permission', (group) => describedGroup(resources, group).IpPermissionsEgress ?? []),
  'group-id': (group) => group.GroupId,
  'group-name': (group) => group.GroupName,
  ...permissionFilters('ip-permission', (group) => describedGroup(resources, group).IpPermissions ?? []),
  'owner-id': (group) => group.OwnerId,
  'vpc-id': (group) => group.VpcId,
});

export const describeSecurityGroups = readAction<DescribeSecurityGroupsRequest, DescribeSecurityGroupsResult>({
  name: 'DescribeSecurityGroups',
  run(input, context) {
    const { resources } = context;
    const ids = [...(input.GroupIds ?? []), ...(input.GroupNames ?? []).flatMap((name) => idsOf(resources, name))];
    const { items, ...next } = describeItems(context, 'SecurityGroups', filters(resources), { ...input, ids });
    return { SecurityGroups: items.map((group) => describedGroup(resources, group)), ...next };
  },
});

function idsOf(resources: Resources, name: string): string[] {
  const found = resources.where('SecurityGroups', 'GroupName', name).map(({ GroupId }) => GroupId ?? '');
  if (found.length === 0) throw groupError('noGroup', name);
  return found;
}
