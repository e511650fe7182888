/**
 * DescribeSecurityGroupRules.
 *
 * In:    ids, filters, a page. Out: rules, each with one peer.
 * Fails: `InvalidSecurityGroupRuleId.NotFound`, and those of filters and pages.
 * @see EC2 API Reference, "DescribeSecurityGroupRules", August 2026
 */
import type { DescribeSecurityGroupRulesRequest, DescribeSecurityGroupRulesResult } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { describeItems } from '../describe.ts';
import type { FilterTable } from '../filters.ts';
import type { GroupRule } from '../group-rules.ts';

const FILTERS: FilterTable<GroupRule> = {
  'group-id': (rule) => rule.GroupId,
  'security-group-rule-id': (rule) => rule.SecurityGroupRuleId,
};

export const describeSecurityGroupRules = readAction<
  DescribeSecurityGroupRulesRequest,
  DescribeSecurityGroupRulesResult
>({
  name: 'DescribeSecurityGroupRules',
  run(input, context) {
    const asked = { ...input, ids: input.SecurityGroupRuleIds };
    const { items, ...next } = describeItems(context, 'SecurityGroupRules', FILTERS, asked);
    return { SecurityGroupRules: items, ...next };
  },
});
