/**
 * Words for what traffic costs.
 *
 * In:    charges, amounts. Out: words; amounts with as many digits as tell something.
 */
import type { ChargeKind, LogCost } from '../../../src/api/cost.ts';

export const CHARGE_WORDS: Readonly<Record<ChargeKind, string>> = {
  'nat-gateway': 'Through NAT gateways',
  internet: 'Out to the internet',
  'cross-zone': 'Into another zone',
  'inter-region': 'Into another region, peered',
  'transit-gateway': 'Into transit gateways',
  'interface-endpoint': 'Through interface endpoints',
  'gateway-endpoint': 'Through gateway endpoints',
  'aws-service': 'To services of AWS, by the internet gateway',
  'vpn-or-direct-connect': 'Through virtual private gateways',
  'local-gateway': 'Through local gateways',
  'zone-not-known': 'Inside, zone not known',
  'same-zone': 'Inside one zone',
};

export const OWNER_WORDS: Readonly<Record<string, string>> = {
  'instance-tag': 'Instance tag',
  'instance-tag-2': 'Second instance tag',
  'asg-tag': 'Tag of the scaling group',
  'instance-id': 'Instance',
  'interface-id': 'Interface',
  'subnet-id': 'Subnet',
  'vpc-id': 'VPC',
  'account-id': 'Account',
};

/** Where flow logs go, in which format. */
export const logText = ({ destination, format }: LogCost): string =>
  `${destination === 's3' ? 'S3' : 'CloudWatch Logs'}, ${format === 'text' ? 'text' : 'Parquet'}`;

const CENTS = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const SMALL = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });

/** `1,234.50`; of less than a cent what there is; `no price`. */
export function amountText(cost: number | null): string {
  if (cost === null) return 'no price';
  return cost === 0 || Math.abs(cost) >= 0.005 ? CENTS.format(cost) : SMALL.format(cost);
}
