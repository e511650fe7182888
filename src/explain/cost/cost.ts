/**
 * What traffic costs, what gateway endpoints would have saved, and what the flow logs themselves cost.
 *
 * In:    a place with flow logs, prices, and by which field costs are told apart. Out: the report; the notes of reading.
 * Holds: sums are exact; a price stands beside each. What is estimated says so, what has no price has no cost. Rates of the
 *        internet's price tiers and free amounts are left out: the first tier's price is taken for all.
 * Fails: as asking does.
 */
import type { Charge, ChargeKind, CostReport, LogCost, OwnerCost, OwnerField } from '../../api/cost.ts';
import type { Note } from '../../api/note.ts';
import { GB, tieredCost } from '../../lake/keep/prices.ts';
import type { PriceTier, Prices } from '../../lake/keep/prices.ts';
import { LOG_GROUP } from '../../lake/read/log-group.ts';
import type { Planned } from '../../lake/read/planned.ts';
import type { TimeRange } from '../../lake/read/source.ts';
import { askBound } from '../../query/ask.ts';
import type { AskOptions } from '../../query/ask.ts';
import type { HeldFields } from '../../query/held-fields.ts';
import { INSTEAD, NEEDED, chargesSql, isUniform } from './charges-sql.ts';
import type { ChargeRow } from './charges-sql.ts';

/** What the records lay in. */
type Stored = { readonly objects: number; readonly textBytes: number; readonly parquetBytes: number };

const MONTH_SECONDS = 30 * 86_400;

/** Price of a gigabyte by charge; null where the list has none, or it depends on what records do not tell. */
function priceOf(charge: ChargeKind, { network }: Prices): number | null {
  switch (charge) {
    case 'nat-gateway':
      return network.natGatewayPerGB;
    case 'internet':
      return network.internetOutPerGB;
    case 'cross-zone':
      // Out of the one zone, and into the other.
      return 2 * network.crossZonePerGBEachWay;
    case 'inter-region':
      return network.interRegionPerGB;
    case 'transit-gateway':
      return network.transitGatewayPerGB;
    case 'interface-endpoint':
      return network.interfaceEndpointPerGB;
    case 'gateway-endpoint':
      return network.gatewayEndpointPerGB;
    case 'same-zone':
      return 0;
    case 'aws-service':
    case 'vpn-or-direct-connect':
    case 'local-gateway':
    case 'zone-not-known':
      return null;
  }
}

/** Reads the records, and reckons. */
export async function costAt(
  from: string,
  prices: Prices,
  ownedBy: OwnerField,
  options: AskOptions,
): Promise<{ readonly report: CostReport; readonly notes: readonly Note[] }> {
  let isLeast = false;
  const sql = (held: HeldFields): string => {
    isLeast = !isUniform(held);
    return chargesSql(held, ownedBy);
  };
  const instead = { ...INSTEAD, [ownedBy]: INSTEAD[ownedBy] ?? 'nothing is known of owners' };
  const saved = { name: 'cost', needsFields: NEEDED, instead, sql };
  const stored = { objects: 0, textBytes: 0, parquetBytes: 0 };
  const onPlanned = async (planned: Planned): Promise<void> => {
    for (const { kind, bytes } of planned.groups) stored[kind === 'text' ? 'textBytes' : 'parquetBytes'] += bytes;
    stored.objects = planned.objects;
    await options.onPlanned?.(planned);
  };
  const answer = await askBound(from, { sql: '', parameters: {}, saved }, { ...options, onPlanned });
  const rows: ChargeRow[] = [];
  for await (const batch of answer.rows) rows.push(...(batch as unknown as readonly ChargeRow[]));
  // Messages of a log group lie there as text without compression.
  if (from.startsWith(LOG_GROUP)) stored.textBytes = 0;
  const report = reckon(rows, prices, ownedBy, options.range ?? null, { ...stored, isLeast });
  return { report, notes: answer.notes };
}

/**
 * Reckons.
 *
 * @param read  what the records lay in
 */
export function reckon(
  rows: readonly ChargeRow[],
  prices: Prices,
  ownedBy: string,
  range: TimeRange | null,
  read: Stored & { readonly isLeast: boolean },
): CostReport {
  const charged = rows.filter(([kind]) => kind !== 'log' && kind !== 'nat-hours');
  const charges = chargesOf(charged, prices);
  const seconds = range === null ? Number.NaN : range.endSeconds - range.startSeconds;
  const count = rows.find(([kind]) => kind === 'nat-hours')?.[6] ?? 0;
  const hours = seconds / 3600;
  const natGateways = Number.isFinite(hours)
    ? { count, hours, cost: count * hours * prices.network.natGatewayPerHour }
    : null;
  const [, , , , , , records = 0, textBytes = 0] = rows.find(([kind]) => kind === 'log') ?? [];
  const { asOf, region, currency, status = 'as given' } = prices;
  const finite = (value: number | undefined): number | null => (Number.isFinite(value) ? value! : null);
  return {
    prices: { asOf, region, currency, status },
    fromSeconds: finite(range?.startSeconds),
    toSeconds: finite(range?.endSeconds),
    ownedBy,
    charges,
    owners: ownersOf(charged, prices),
    endpointSavings: savingsOf(charged, prices),
    natGateways,
    log: {
      records,
      textBytes,
      isLeast: read.isLeast,
      objects: read.objects,
      storedBytes: read.textBytes + read.parquetBytes,
      amounts: Number.isFinite(seconds) && seconds > 0 ? logCosts(textBytes, read, seconds, prices) : [],
    },
    total: charges.reduce((sum, { cost }) => sum + (cost ?? 0), natGateways?.cost ?? 0),
  };
}

function chargesOf(rows: readonly ChargeRow[], prices: Prices): Charge[] {
  const sums = new Map<string, Charge>();
  for (const [kind, fromZone, toZone, , , estimated, , bytes] of rows) {
    const charge = kind as ChargeKind;
    const key = JSON.stringify([charge, fromZone, toZone, estimated]);
    const all = (sums.get(key)?.bytes ?? 0) + bytes;
    const perGB = priceOf(charge, prices);
    sums.set(key, { charge, fromZone, toZone, bytes: all, perGB, cost: costOf(all, perGB), estimated });
  }
  return [...sums.values()].sort(dearest(({ charge, fromZone, toZone }) => `${charge} ${fromZone} ${toZone}`));
}

function ownersOf(rows: readonly ChargeRow[], prices: Prices): OwnerCost[] {
  const sums = new Map<string, OwnerCost>();
  for (const [kind, , , , owner, , , bytes] of rows) {
    const charge = kind as ChargeKind;
    const key = JSON.stringify([owner, charge]);
    const all = (sums.get(key)?.bytes ?? 0) + bytes;
    sums.set(key, { owner, charge, bytes: all, cost: costOf(all, priceOf(charge, prices)) });
  }
  return [...sums.values()].sort(dearest(({ owner, charge }) => `${owner} ${charge}`));
}

/** A gateway endpoint would have taken the bytes past the NAT gateway. */
function savingsOf(rows: readonly ChargeRow[], { network }: Prices): CostReport['endpointSavings'] {
  const sums = new Map<string, number>();
  for (const [kind, , , service, , , , bytes] of rows)
    if (kind === 'nat-gateway' && service !== null) sums.set(service, (sums.get(service) ?? 0) + bytes);
  return [...sums]
    .map(([service, bytes]) => ({
      service,
      bytes,
      saves: (bytes / GB) * (network.natGatewayPerGB - network.gatewayEndpointPerGB),
    }))
    .sort((a, b) => b.bytes - a.bytes || (a.service < b.service ? -1 : 1));
}

/** By destination and format. How small text gets in S3 only objects of that format tell. */
function logCosts(textBytes: number, stored: Stored, seconds: number, prices: Prices): LogCost[] {
  const bytesAMonth = (textBytes / seconds) * MONTH_SECONDS;
  const inS3 = (bytes: number, others: number): number | null =>
    bytes === 0 || others > 0
      ? null
      : ((bytes / seconds) * MONTH_SECONDS * (prices.s3.storagePerGBMonth['STANDARD'] ?? 0)) / GB;
  const { cloudwatch, s3 } = prices.vendedLogs;
  const { textBytes: text, parquetBytes: parquet } = stored;
  const atCloudwatch = (bytesAMonth / GB) * prices.cloudwatchStoragePerGBMonth;
  const row = (
    destination: LogCost['destination'],
    format: LogCost['format'],
    tiers: readonly PriceTier[],
    storageAMonth: number | null,
  ): LogCost => ({ destination, format, bytesAMonth, deliveryAMonth: tieredCost(bytesAMonth, tiers), storageAMonth });
  return [
    row('cloudwatch-logs', 'text', cloudwatch, atCloudwatch),
    row('s3', 'text', s3, inS3(text, parquet)),
    row('s3', 'parquet', s3, inS3(parquet, text)),
  ];
}

function costOf(bytes: number, perGB: number | null): number | null {
  return perGB === null ? null : (bytes / GB) * perGB;
}

/** Most money first, then most bytes, then by name. */
function dearest<T extends { readonly cost: number | null; readonly bytes: number }>(name: (each: T) => string) {
  return (a: T, b: T): number => (b.cost ?? 0) - (a.cost ?? 0) || b.bytes - a.bytes || (name(a) < name(b) ? -1 : 1);
}
