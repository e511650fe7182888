/**
 * AuthorizeSecurityGroupEgress: rules that let traffic out.
 *
 * In:    a group, permissions (as a list or as single members), tags. Out: the rules, with their ids.
 * Holds: all of them or none. Fails: as `group-errors.ts` lists them.
 * @see EC2 API Reference, "AuthorizeSecurityGroupEgress", August 2026
 */
import type { AuthorizeSecurityGroupEgressRequest, AuthorizeSecurityGroupEgressResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { authorize } from '../change-group-rules.ts';

export const authorizeSecurityGroupEgress = writeAction<
  AuthorizeSecurityGroupEgressRequest,
  AuthorizeSecurityGroupEgressResult
>({
  name: 'AuthorizeSecurityGroupEgress',
  run: (input, context) => authorize(context, input, true),
});
