/**
 * What traffic and its flow logs cost: the answer of `cost`, as JSON.
 *
 * In:    nothing; `explain/cost/` fills it. Out: plain data, the same for `-o json` and for a console.
 * Holds: amounts are in the currency of the prices, before discounts and taxes; null where there is no price.
 */
import type { Noted } from './explain-routes.ts';

/** What bytes are charged for. One byte may be charged for several times: across zones, then by a NAT gateway, then to the internet. */
export type ChargeKind =
  | 'nat-gateway'
  | 'internet'
  | 'cross-zone'
  | 'inter-region'
  | 'transit-gateway'
  | 'interface-endpoint'
  | 'gateway-endpoint'
  | 'aws-service'
  | 'vpn-or-direct-connect'
  | 'local-gateway'
  | 'zone-not-known'
  | 'same-zone';

export type Charge = {
  readonly charge: ChargeKind;
  /** Ids of zones, where the charge is between two. */
  readonly fromZone: string | null;
  readonly toZone: string | null;
  readonly bytes: number;
  readonly perGB: number | null;
  readonly cost: number | null;
  /** Inferred from addresses, for no field of the records tells it. */
  readonly estimated: boolean;
};

export type OwnerCost = {
  /** Value of the field of `ownedBy`; null: the records do not tell. */
  readonly owner: string | null;
  readonly charge: ChargeKind;
  readonly bytes: number;
  readonly cost: number | null;
};

/** What delivery of these records would cost in a month of 30 days, as often as they came in the range. */
export type LogCost = {
  readonly destination: 'cloudwatch-logs' | 's3';
  readonly format: 'text' | 'parquet';
  readonly bytesAMonth: number;
  readonly deliveryAMonth: number;
  /** Storage of one month's records for a month; null where it is not known how small they get. */
  readonly storageAMonth: number | null;
};

export type CostReport = {
  readonly prices: {
    readonly asOf: string;
    readonly region: string;
    readonly currency: string;
    readonly status: string;
  };
  /** Seconds since 1970 UTC; null: no bound was asked for. */
  readonly fromSeconds: number | null;
  readonly toSeconds: number | null;
  readonly ownedBy: string;
  readonly charges: readonly Charge[];
  readonly owners: readonly OwnerCost[];
  /** What went through NAT gateways to services that have gateway endpoints, and what these would have saved. */
  readonly endpointSavings: readonly { readonly service: string; readonly bytes: number; readonly saves: number }[];
  /** NAT gateways that were recorded, as if each stood for the whole range; null without bounds. */
  readonly natGateways: { readonly count: number; readonly hours: number; readonly cost: number } | null;
  readonly log: {
    readonly records: number;
    /** Their text without compression, header lines left out. */
    readonly textBytes: number;
    /** Some files lack fields that others have, so the text may be a little longer. */
    readonly isLeast: boolean;
    readonly objects: number;
    readonly storedBytes: number;
    readonly amounts: readonly LogCost[];
  };
  /** Of all charges that have a price, and NAT gateways' hours. */
  readonly total: number;
};

/** Answer of `GET /api/cost`. */
export type CostAnswer = Noted<CostReport>;

/** Fields that owners may be told apart by. */
export const OWNER_FIELDS = [
  'instance-tag',
  'instance-tag-2',
  'asg-tag',
  'instance-id',
  'interface-id',
  'subnet-id',
  'vpc-id',
  'account-id',
] as const;
export type OwnerField = (typeof OWNER_FIELDS)[number];
