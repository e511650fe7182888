/**
 * RevokeSecurityGroupEgress: takes away rules that let traffic out.
 *
 * In:    a group, permissions (as a list or as single members), or ids of rules. Out: what the rules were.
 * Holds: all of them or none. Fails: as `group-errors.ts` lists them.
 * @see EC2 API Reference, "RevokeSecurityGroupEgress", August 2026
 */
import type { RevokeSecurityGroupEgressRequest, RevokeSecurityGroupEgressResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { revoke } from '../change-group-rules.ts';

export const revokeSecurityGroupEgress = writeAction<RevokeSecurityGroupEgressRequest, RevokeSecurityGroupEgressResult>(
  {
    name: 'RevokeSecurityGroupEgress',
    run: (input, context) => revoke(context, input, true),
  },
);
