/**
 * DHCP options, and those that an account has in a region without making any: those of AmazonProvidedDNS.
 *
 * In:    an account and region. Out: the options that a new VPC has.
 * Holds: their id follows from account and region. They are there with the first VPC.
 */
import { createHash } from 'node:crypto';
import type { WriteContext } from './action.ts';
import type { Items } from './items.ts';

export type DhcpOptions = Items['DhcpOptions'];

/** The id of the options that a new VPC has. */
export function defaultDhcpOptionsId(account: string, region: string): string {
  const hash = createHash('sha256').update(`dhcp options of ${account} in ${region}`).digest('hex');
  return `dopt-${hash.slice(0, 17)}`;
}

/** Makes the options that a new VPC has, where they are not there. */
export function addDefaultDhcpOptions({ account, region, resources }: WriteContext): string {
  const id = defaultDhcpOptionsId(account, region);
  if (resources.get('DhcpOptions', id) !== undefined) return id;
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  const options: DhcpOptions = {
    OwnerId: account,
    Tags: [],
    DhcpOptionsId: id,
    DhcpConfigurations: [
      { Key: 'domain-name', Values: [{ Value: domain }] },
      { Key: 'domain-name-servers', Values: [{ Value: 'AmazonProvidedDNS' }] },
    ],
  };
  resources.put('DhcpOptions', options);
  return id;
}
