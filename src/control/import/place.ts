/**
 * Of which account and region answers are.
 *
 * In:    the name of a file with its folders; what answers describe. Out: account and region.
 * Holds: names go before contents. What nothing tells is the account 000000000000 and the region us-east-1.
 */
import { ofArn, regionOfZone } from '../../network/vpc/networks.ts';

export type Place = { readonly account: string; readonly region: string };

const ACCOUNT = /(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])/;
const REGION = /(?<![0-9A-Za-z])(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-[a-z]+)+-\d(?![0-9A-Za-z])/;

/** AWS describes nothing that is nested deeper. */
export const DEEPEST = 64;

/** Account and region in a path; what it does not name is not there. */
export function placeIn(path: string): Partial<Place> {
  const account = ACCOUNT.exec(path)?.[0];
  const region = REGION.exec(path)?.[0];
  return { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
}

/** Account and region of most of what is described. */
export function placeOf(contents: readonly unknown[], named: Partial<Place>): Place {
  const accounts = new Map<string, number>();
  const regions = new Map<string, number>();
  const vote = (votes: Map<string, number>, value: string | null): void => {
    if (value !== null) votes.set(value, (votes.get(value) ?? 0) + 1);
  };
  const walk = (value: unknown, key: string, depth: number): void => {
    if (typeof value === 'object' && value !== null) {
      if (depth > DEEPEST) return;
      if (Array.isArray(value)) for (const item of value) walk(item, key, depth + 1);
      else for (const [name, member] of Object.entries(value)) walk(member, name, depth + 1);
    } else if (typeof value === 'string') {
      if (/^(?:OwnerId|AwsAccountId)$/.test(key) && /^\d{12}$/.test(value)) vote(accounts, value);
      else if (key === 'AvailabilityZone') vote(regions, regionOfZone(value));
      else if (key === 'AwsRegion') vote(regions, value);
      else if (value.startsWith('arn:')) {
        vote(regions, ofArn(value).region);
        const { accountId } = ofArn(value);
        vote(accounts, accountId !== null && /^\d{12}$/.test(accountId) ? accountId : null);
      }
    }
  };
  walk(contents, '', 0);
  const most = (votes: Map<string, number>): string | undefined => [...votes].sort((a, b) => b[1] - a[1])[0]?.[0];
  return {
    account: named.account ?? most(accounts) ?? '000000000000',
    region: named.region ?? most(regions) ?? 'us-east-1',
  };
}
