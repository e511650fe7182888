/**
 * What Authorize and Revoke do, for ingress and egress alike.
 *
 * In:    a request, the direction. Out: the rules that were added or taken away.
 * Holds: all rules of a call are added or none, and so with taking away.
 * Fails: as `group-errors.ts` lists them.
 */
import type {
  AuthorizeSecurityGroupIngressResult,
  IpPermission,
  RevokeSecurityGroupIngressResult,
  TagSpecification,
} from '@aws-sdk/client-ec2';
import type { Resources, WriteContext } from './action.ts';
import { missingParameter } from './errors.ts';
import { groupError } from './group-errors.ts';
import { keyOf, rulesOf, ruleText } from './group-rules.ts';
import type { GroupRule, RuleContent } from './group-rules.ts';
import type { Input, Plain } from './items.ts';
import { readRules } from './read-permissions.ts';
import type { SingleRule } from './read-permissions.ts';
import { addRule, groupOf } from './security-groups.ts';
import { tagsFor } from './tags.ts';

/** The most that AWS raises its quotas to: rules of a group times groups of an interface. */
const MOST_RULES = 1000;

type Given = SingleRule & {
  readonly GroupId?: string;
  readonly GroupName?: string;
  readonly IpPermissions?: readonly Input<IpPermission>[];
  readonly SecurityGroupRuleIds?: readonly string[];
  readonly TagSpecifications?: readonly Input<TagSpecification>[];
};

/** Rules of a group may be as many; a prefix list counts with all that it may hold. */
export function checkCount(resources: Resources, rules: readonly RuleContent[]): void {
  const size = ({ PrefixListId: list }: RuleContent): number =>
    list === undefined ? 1 : (resources.get('ManagedPrefixLists', list)?.MaxEntries ?? 1);
  if (rules.reduce((sum, rule) => sum + size(rule), 0) > MOST_RULES) throw groupError('tooMany');
}

/** Adds rules. */
export function authorize(
  context: WriteContext,
  input: Given,
  isEgress: boolean,
): Plain<AuthorizeSecurityGroupIngressResult> {
  const { resources } = context;
  const group = groupOf(resources, input);
  const id = group.GroupId ?? '';
  const tags = tagsFor('security-group-rule', input.TagSpecifications);
  const wanted = readRules(context, group, input, true);
  if (wanted.length === 0) throw missingParameter('IpPermissions');
  const before = rulesOf(resources, id, isEgress);
  if (new Set(wanted.map(keyOf)).size < wanted.length) throw groupError('sameTwice');
  const there = new Set(before.map(keyOf));
  const known = wanted.find((rule) => there.has(keyOf(rule)));
  if (known !== undefined) throw groupError('ruleExists', ruleText(known));
  checkCount(resources, [...before, ...wanted]);
  return {
    Return: true,
    SecurityGroupRules: wanted.map((rule) => addRule(context, id, isEgress, rule, tags)),
  };
}

/** Takes rules away. */
export function revoke(
  context: WriteContext,
  input: Given,
  isEgress: boolean,
): Plain<RevokeSecurityGroupIngressResult> {
  const { resources } = context;
  const group = groupOf(resources, input);
  const rules = rulesOf(resources, group.GroupId ?? '', isEgress);
  const contents = readRules(context, group, input, false);
  const ids = input.SecurityGroupRuleIds ?? [];
  if (contents.length > 0 && ids.length > 0) throw groupError('bothForms');
  if (contents.length + ids.length === 0) throw missingParameter('IpPermissions');
  const byKey = new Map(rules.map((rule) => [keyOf(rule), rule]));
  const gone = [
    ...contents.map((content) => byKey.get(keyOf(content)) ?? fail(groupError('noRule'))),
    ...ids.map((id) => rules.find((rule) => rule.SecurityGroupRuleId === id) ?? fail(groupError('noRuleId', id))),
  ];
  for (const { SecurityGroupRuleId: id = '' } of gone) resources.remove('SecurityGroupRules', id);
  return { Return: true, UnknownIpPermissions: [], RevokedSecurityGroupRules: [...new Set(gone)].map(revoked) };
}

function fail(error: Error): never {
  throw error;
}

type Revoked = NonNullable<Plain<RevokeSecurityGroupIngressResult>['RevokedSecurityGroupRules']>[number];

function revoked(rule: GroupRule): Revoked {
  const { ReferencedGroupInfo: other, Tags: _, GroupOwnerId: __, SecurityGroupRuleArn: ___, ...rest } = rule;
  return { ...rest, ...(other === undefined ? {} : { ReferencedGroupId: other.GroupId }) };
}
