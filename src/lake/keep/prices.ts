/**
 * Prices: what a file of them holds, and how bytes become money.
 *
 * In:    `--prices FILE`, or nothing. Out: prices; an amount for bytes.
 * Holds: a gigabyte of a bill is 2^30 bytes here, a terabyte 1024 of them, as AWS's consoles count; nobody has checked each
 *        price page for it, and 10^9 would make all amounts 7 % more. A file has every price: nothing is filled in silently.
 * Fails: FG_PRICES_FILE.
 */
import { readFileSync } from 'node:fs';
import {
  array,
  minLength,
  minValue,
  nullable,
  number,
  object,
  optional,
  pipe,
  record,
  safeParse,
  string,
} from 'valibot';
import type { InferOutput } from 'valibot';
import { failure, failureFrom } from '../../model/errors.ts';
import { LIST_PRICES } from './list-prices.ts';

const price = pipe(number(), minValue(0));
const tiers = pipe(array(object({ upToTB: nullable(price), perGB: price })), minLength(1));

const PRICES = object({
  /** Month or day that the prices are of. */
  asOf: string(),
  region: string(),
  currency: string(),
  status: optional(string()),
  /** Delivery of flow logs by where they go; tiers are of a month. */
  vendedLogs: object({ cloudwatch: tiers, s3: tiers }),
  cloudwatchStoragePerGBMonth: price,
  athenaPerTBScanned: price,
  athenaMinimumMB: price,
  s3: object({
    /** By storage class, as the three below. */
    storagePerGBMonth: record(string(), price),
    minimumDays: record(string(), price),
    minimumBilledKB: record(string(), price),
    perObjectOverheadKB: record(string(), price),
    putPer1000: price,
    getPer1000: price,
    transitionPer1000: record(string(), price),
  }),
  network: object({
    natGatewayPerHour: price,
    natGatewayPerGB: price,
    crossZonePerGBEachWay: price,
    interRegionPerGB: price,
    internetOutPerGB: price,
    transitGatewayPerGB: price,
    interfaceEndpointPerGB: price,
    gatewayEndpointPerGB: price,
  }),
});

export type Prices = InferOutput<typeof PRICES>;
export type PriceTier = Prices['vendedLogs']['s3'][number];

/** Bytes of a gigabyte and a terabyte of a bill. */
export const GB = 2 ** 30;
export const TB = 2 ** 40;
const MB = 2 ** 20;

/**
 * The prices of a file; the built-in ones without it.
 *
 * @param file  JSON of the form of `list-prices.ts`
 */
export function pricesOf(file: string | null): Prices {
  if (file === null) return LIST_PRICES;
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw failureFrom(error, 'FG_PRICES_FILE', file, (error as Error).message);
  }
  const read = safeParse(PRICES, given);
  if (read.success) return read.output;
  const [issue] = read.issues;
  const path = issue.path?.map(({ key }) => String(key)).join('.') ?? 'the file';
  throw failure('FG_PRICES_FILE', file, `${path}: ${issue.message}`);
}

/** What a query of Athena costs, by the bytes that it scanned. */
export function athenaCost(bytesScanned: number, prices: Prices): number {
  return (Math.max(bytesScanned, prices.athenaMinimumMB * MB) / TB) * prices.athenaPerTBScanned;
}

/** What bytes of one month cost, tier by tier. */
export function tieredCost(bytes: number, tiersOf: readonly PriceTier[]): number {
  let cost = 0;
  let below = 0;
  for (const { upToTB, perGB } of tiersOf) {
    const end = upToTB === null ? Number.POSITIVE_INFINITY : upToTB * TB;
    cost += (Math.max(0, Math.min(bytes, end) - below) / GB) * perGB;
    below = Math.min(bytes, end);
  }
  return cost;
}
