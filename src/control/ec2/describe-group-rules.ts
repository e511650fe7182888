/**
 * What UpdateSecurityGroupRuleDescriptions does, for ingress and egress alike.
 *
 * In:    a request, the direction. Out: the rules with their new descriptions.
 * Holds: all of them or none. A description that is not given is taken away.
 * Fails: as `group-errors.ts` lists them.
 */
import type { IpPermission, SecurityGroupRuleDescription } from '@aws-sdk/client-ec2';
import type { WriteContext } from './action.ts';
import { missingParameter } from './errors.ts';
import { groupError } from './group-errors.ts';
import { keyOf, rulesOf } from './group-rules.ts';
import type { GroupRule } from './group-rules.ts';
import type { Input } from './items.ts';
import { checkDescription, readRules } from './read-permissions.ts';
import { groupOf } from './security-groups.ts';

type Given = {
  readonly GroupId?: string;
  readonly GroupName?: string;
  readonly IpPermissions?: readonly Input<IpPermission>[];
  readonly SecurityGroupRuleDescriptions?: readonly Input<SecurityGroupRuleDescription>[];
};

/** Gives rules other descriptions. */
export function updateDescriptions(context: WriteContext, input: Given, isEgress: boolean): { Return: boolean } {
  const { resources } = context;
  const { IpPermissions: permissions, SecurityGroupRuleDescriptions: byId = [] } = input;
  const group = groupOf(resources, input);
  if (permissions !== undefined && byId.length > 0) throw groupError('bothForms');
  if (permissions === undefined && byId.length === 0) throw missingParameter('IpPermissions');
  const rules = rulesOf(resources, group.GroupId ?? '', isEgress);
  const give = (rule: GroupRule, text: string | undefined): void => {
    const { Description: _, ...kept } = rule;
    const isGiven = text !== undefined && text !== '';
    resources.put('SecurityGroupRules', isGiven ? { ...kept, Description: checkDescription(text) } : kept);
  };
  for (const content of readRules(
    context,
    group,
    permissions === undefined ? {} : { IpPermissions: permissions },
    false,
  )) {
    const rule = rules.find((one) => keyOf(one) === keyOf(content));
    if (rule === undefined) throw groupError('noRule');
    give(rule, content.Description);
  }
  for (const { SecurityGroupRuleId: id = '', Description: text } of byId) {
    const rule = rules.find((one) => one.SecurityGroupRuleId === id);
    if (rule === undefined) throw groupError('noRuleId', id);
    give(rule, text);
  }
  return { Return: true };
}
