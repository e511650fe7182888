/**
 * UpdateSecurityGroupRuleDescriptionsIngress.
 *
 * In:    a group, permissions or ids of rules, with descriptions. Out: that it was done.
 * Holds: all of them or none. Fails: as `group-errors.ts` lists them.
 * @see EC2 API Reference, "UpdateSecurityGroupRuleDescriptionsIngress", August 2026
 */
import type {
  UpdateSecurityGroupRuleDescriptionsIngressRequest,
  UpdateSecurityGroupRuleDescriptionsIngressResult,
} from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { updateDescriptions } from '../describe-group-rules.ts';

export const updateSecurityGroupRuleDescriptionsIngress = writeAction<
  UpdateSecurityGroupRuleDescriptionsIngressRequest,
  UpdateSecurityGroupRuleDescriptionsIngressResult
>({
  name: 'UpdateSecurityGroupRuleDescriptionsIngress',
  run: (input, context) => updateDescriptions(context, input, false),
});
