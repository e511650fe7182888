/**
 * ModifySecurityGroupRules: other content for rules, which keep their ids, directions and tags.
 *
 * In:    a group, ids of its rules with what each is to be. Out: that it was done.
 * Holds: all of them or none. Fails: as `group-errors.ts` lists them.
 * @see EC2 API Reference, "ModifySecurityGroupRules", August 2026
 */
import type {
  ModifySecurityGroupRulesRequest,
  ModifySecurityGroupRulesResult,
  SecurityGroupRuleRequest,
} from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import type { Context } from '../action.ts';
import { checkCount } from '../change-group-rules.ts';
import { missingParameter } from '../errors.ts';
import { isIdOf, itemWithId, malformed } from '../find-items.ts';
import { groupError } from '../group-errors.ts';
import { keyOf, rulesOf, ruleText } from '../group-rules.ts';
import type { Group, RuleContent } from '../group-rules.ts';
import type { Input } from '../items.ts';
import { checkDescription, readReference, readRuleBlock, readTraffic } from '../read-permissions.ts';

export const modifySecurityGroupRules = writeAction<ModifySecurityGroupRulesRequest, ModifySecurityGroupRulesResult>({
  name: 'ModifySecurityGroupRules',
  run({ GroupId: groupId, SecurityGroupRules: updates }, context) {
    const { resources } = context;
    const group = itemWithId(resources, 'SecurityGroups', groupId);
    for (const { SecurityGroupRuleId: id, SecurityGroupRule: wanted } of updates) {
      if (!isIdOf('SecurityGroupRules', id)) throw malformed('SecurityGroupRules', id);
      const before = resources.get('SecurityGroupRules', id);
      if (before?.GroupId !== groupId) throw groupError('noRuleId', id);
      if (wanted === undefined) throw missingParameter('SecurityGroupRule.SecurityGroupRule');
      const { SecurityGroupRuleId, GroupId, GroupOwnerId, IsEgress, Tags, SecurityGroupRuleArn } = before;
      const kept = { SecurityGroupRuleId, GroupId, GroupOwnerId, IsEgress };
      const content = contentOf(context, group, wanted);
      resources.put('SecurityGroupRules', { ...kept, ...content, Tags, SecurityGroupRuleArn });
    }
    // Rules may take each other's place within a call: what counts is how they are after it.
    for (const isEgress of [false, true]) {
      const rules = rulesOf(resources, groupId, isEgress);
      const keys = new Set<string>();
      for (const rule of rules) {
        if (keys.has(keyOf(rule))) throw groupError('ruleExists', ruleText(rule));
        keys.add(keyOf(rule));
      }
      checkCount(resources, rules);
    }
    return { Return: true };
  },
});

function contentOf(context: Context, group: Group, wanted: Input<SecurityGroupRuleRequest>): RuleContent {
  const { CidrIpv4: four, CidrIpv6: six, PrefixListId: list, ReferencedGroupId: other, Description: text } = wanted;
  if ([four, six, list, other].filter((one) => one !== undefined).length !== 1) throw groupError('onePeer');
  if (list !== undefined) itemWithId(context.resources, 'ManagedPrefixLists', list);
  return {
    ...readTraffic(wanted),
    ...(four === undefined ? {} : { CidrIpv4: readRuleBlock(four, 4) }),
    ...(six === undefined ? {} : { CidrIpv6: readRuleBlock(six, 6) }),
    ...(list === undefined ? {} : { PrefixListId: list }),
    ...(other === undefined ? {} : { ReferencedGroupInfo: readReference(context, group, { GroupId: other }, true) }),
    ...(text === undefined ? {} : { Description: checkDescription(text) }),
  };
}
