/**
 * UpdateSecurityGroupRuleDescriptionsEgress.
 *
 * In:    a group, permissions or ids of rules, with descriptions. Out: that it was done.
 * Holds: all of them or none. Fails: as `group-errors.ts` lists them.
 * @see EC2 API Reference, "UpdateSecurityGroupRuleDescriptionsEgress", August 2026
 */
import type {
  UpdateSecurityGroupRuleDescriptionsEgressRequest,
  UpdateSecurityGroupRuleDescriptionsEgressResult,
} from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { updateDescriptions } from '../describe-group-rules.ts';

export const updateSecurityGroupRuleDescriptionsEgress = writeAction<
  UpdateSecurityGroupRuleDescriptionsEgressRequest,
  UpdateSecurityGroupRuleDescriptionsEgressResult
>({
  name: 'UpdateSecurityGroupRuleDescriptionsEgress',
  run: (input, context) => updateDescriptions(context, input, true),
});
