/**
 * AuthorizeSecurityGroupIngress: rules that let traffic in.
 *
 * In:    a group, permissions (as a list or as single members), tags. Out: the rules, with their ids.
 * Holds: all of them or none. Fails: as `group-errors.ts` lists them.
 * @see EC2 API Reference, "AuthorizeSecurityGroupIngress", August 2026
 */
import type { AuthorizeSecurityGroupIngressRequest, AuthorizeSecurityGroupIngressResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { authorize } from '../change-group-rules.ts';

export const authorizeSecurityGroupIngress = writeAction<
  AuthorizeSecurityGroupIngressRequest,
  AuthorizeSecurityGroupIngressResult
>({
  name: 'AuthorizeSecurityGroupIngress',
  run: (input, context) => authorize(context, input, false),
});
