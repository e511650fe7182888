/**
 * Security groups: what a new one holds, and which one a request means.
 *
 * In:    VPCs, names and ids. Out: groups as they are kept (see `group-rules.ts`).
 * Holds: names are unique within a VPC. A new group lets all out; the default one lets its members in too.
 * Fails: as `group-errors.ts` lists them, `….NotFound`, `….Malformed`.
 */
import type { Resources, WriteContext } from './action.ts';
import { missingParameter } from './errors.ts';
import { itemWithId } from './find-items.ts';
import { groupError } from './group-errors.ts';
import { rulesOf } from './group-rules.ts';
import type { Group, GroupRule, RuleContent } from './group-rules.ts';
import type { Items } from './items.ts';
import type { Tag } from './tags.ts';
import { hasIpv6 } from './vpc-blocks.ts';

export const DEFAULT_GROUP = 'default';
const ALL_TRAFFIC = { IpProtocol: '-1', FromPort: -1, ToPort: -1 };

/** Adds a rule to a group. */
export function addRule(
  { account, newId, region, resources }: WriteContext,
  groupId: string,
  isEgress: boolean,
  content: RuleContent,
  tags: readonly Tag[],
): GroupRule {
  const id = newId('sgr-');
  const rule: GroupRule = {
    SecurityGroupRuleId: id,
    GroupId: groupId,
    GroupOwnerId: account,
    IsEgress: isEgress,
    ...content,
    Tags: tags,
    SecurityGroupRuleArn: `arn:aws:ec2:${region}:${account}:security-group-rule/${id}`,
  };
  resources.put('SecurityGroupRules', rule);
  return rule;
}

/** Makes a group of a VPC. */
export function addGroup(
  context: WriteContext,
  vpc: Items['Vpcs'],
  name: string,
  description: string,
  tags: readonly Tag[],
): Group {
  const { account, newId, region, resources } = context;
  const id = newId('sg-');
  const group: Group = {
    GroupId: id,
    Tags: tags,
    VpcId: vpc.VpcId,
    SecurityGroupArn: `arn:aws:ec2:${region}:${account}:security-group/${id}`,
    OwnerId: account,
    GroupName: name,
    Description: description,
  };
  resources.put('SecurityGroups', group);
  if (name === DEFAULT_GROUP)
    addRule(context, id, false, { ...ALL_TRAFFIC, ReferencedGroupInfo: { GroupId: id, UserId: account } }, []);
  addRule(context, id, true, { ...ALL_TRAFFIC, CidrIpv4: '0.0.0.0/0' }, []);
  if (hasIpv6(vpc)) addRule(context, id, true, { ...ALL_TRAFFIC, CidrIpv6: '::/0' }, []);
  return group;
}

/**
 * What the first IPv6 block of a VPC brings its groups: those that let all IPv4 out and have no other rule for what goes
 * out, let all IPv6 out too. VPC User Guide, "Default security groups", August 2026.
 */
export function addIpv6Rules(context: WriteContext, vpcId: string): void {
  for (const { GroupId: id = '' } of context.resources.where('SecurityGroups', 'VpcId', vpcId)) {
    const [first, ...others] = rulesOf(context.resources, id, true);
    if (first?.IpProtocol === '-1' && first.CidrIpv4 === '0.0.0.0/0' && others.length === 0)
      addRule(context, id, true, { ...ALL_TRAFFIC, CidrIpv6: '::/0' }, []);
  }
}

/** Takes a group and its rules away. */
export function removeGroup({ resources }: WriteContext, groupId: string): void {
  for (const { SecurityGroupRuleId: id = '' } of resources.where('SecurityGroupRules', 'GroupId', groupId))
    resources.remove('SecurityGroupRules', id);
  resources.remove('SecurityGroups', groupId);
}

/** The default group of a VPC. */
export function defaultGroupOf(resources: Resources, vpcId: string): Group {
  const group = groupNamed(resources, vpcId, DEFAULT_GROUP);
  // A VPC that no call made, such as the host's own, may have none.
  if (group === undefined) throw groupError('noGroup', DEFAULT_GROUP);
  return group;
}

/** The group of that name in a VPC. */
export function groupNamed(resources: Resources, vpcId: string, name: string): Group | undefined {
  return resources.where('SecurityGroups', 'VpcId', vpcId).find(({ GroupName }) => GroupName === name);
}

/** The group that a request names. A name alone finds one where it is that of one group only: there is no default VPC. */
export function groupOf(
  resources: Resources,
  { GroupId: id, GroupName: name }: { readonly GroupId?: string; readonly GroupName?: string },
): Group {
  if (id !== undefined) {
    const group = itemWithId(resources, 'SecurityGroups', id);
    if (name !== undefined && name !== group.GroupName) throw groupError('namesOfGroup');
    return group;
  }
  if (name === undefined) throw missingParameter('GroupId');
  const [first, second] = resources.where('SecurityGroups', 'GroupName', name);
  if (first === undefined || second !== undefined) throw groupError('noGroup', name);
  return first;
}
