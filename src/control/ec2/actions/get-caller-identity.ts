/**
 * GetCallerIdentity of STS: whose key it is.
 *
 * In:    nothing. Out: the account, and a name for the key.
 * @see STS API Reference, "GetCallerIdentity", November 2024
 */
import { readAction } from '../action.ts';

export const getCallerIdentity = readAction<object, { UserId: string; Account: string; Arn: string }>({
  name: 'GetCallerIdentity',
  service: 'sts',
  run(_input, { account, principal }) {
    return { UserId: principal, Account: account, Arn: `arn:aws:iam::${account}:user/${principal}` };
  },
});
