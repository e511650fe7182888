/**
 * RevokeSecurityGroupIngress: takes away rules that let traffic in.
 *
 * In:    a group, permissions (as a list or as single members), or ids of rules. Out: what the rules were.
 * Holds: all of them or none. Fails: as `group-errors.ts` lists them.
 * @see EC2 API Reference, "RevokeSecurityGroupIngress", August 2026
 */
import type { RevokeSecurityGroupIngressRequest, RevokeSecurityGroupIngressResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { revoke } from '../change-group-rules.ts';

export const revokeSecurityGroupIngress = writeAction<
  RevokeSecurityGroupIngressRequest,
  RevokeSecurityGroupIngressResult
>({
  name: 'RevokeSecurityGroupIngress',
  run: (input, context) => revoke(context, input, false),
});
