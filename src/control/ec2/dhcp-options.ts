/**
 * The DHCP options that an account has in a region without making any: those of AmazonProvidedDNS.
 *
 * In:    an account and region. Out: their id.
 * Holds: the id follows from account and region, so that nothing has to be kept.
 */
import { createHash } from 'node:crypto';

/** The id of the options that a new VPC has. */
export function defaultDhcpOptionsId(account: string, region: string): string {
  const hash = createHash('sha256').update(`dhcp options of ${account} in ${region}`).digest('hex');
  return `dopt-${hash.slice(0, 17)}`;
}
