/**
 * Lifecycle rules for the flow logs of a bucket, and what they would save.
 *
 * In:    the objects of a bucket, which classes they shall get and when they shall go. Out: rules; the cost a month before and
 *        after.
 * Holds: a rule has a prefix that ends in a folder of flow logs, `…/vpcflowlogs/`: what else lies under AWSLogs/ is left alone.
 *        S3 knows no wildcards. Objects of 128 KiB and less stay where they are until they go: as others they cost as much as
 *        if they were larger. What S3 does not take is refused here, and so is what would pay for days nobody uses.
 * Fails: FG_LIFECYCLE_WISH.
 * @see S3 User Guide, "Lifecycle configuration elements", "Transitioning objects"
 */
import { createHash } from 'node:crypto';
import { failure } from '../../model/errors.ts';
import { parseKey } from '../../storage/object/keys.ts';
import type { ObjectRef } from '../../storage/object/store.ts';
import { GB } from './prices.ts';
import type { Prices } from './prices.ts';

export type Tier = { readonly storageClass: string; readonly afterDays: number };
export type LifecycleWish = { readonly tiers: readonly Tier[]; readonly expireDays: number | null };

/** As `PutBucketLifecycleConfiguration` takes it. */
export type LifecycleRule = {
  readonly ID: string;
  readonly Status: 'Enabled';
  readonly Filter: {
    readonly Prefix?: string;
    readonly And?: { readonly Prefix: string; readonly ObjectSizeGreaterThan: number };
  };
  readonly Transitions?: readonly { readonly Days: number; readonly StorageClass: string }[];
  readonly Expiration?: { readonly Days: number };
};

/** Objects of one class, as they are and as they would be. */
export type ClassCost = {
  readonly storageClass: string;
  readonly objects: number;
  readonly bytes: number;
  readonly costAMonth: number;
};

export type LifecyclePlan = {
  readonly rules: readonly LifecycleRule[];
  readonly before: readonly ClassCost[];
  /** As if the rules had been there always. */
  readonly after: readonly ClassCost[];
  readonly expired: { readonly objects: number; readonly bytes: number };
  /** Too small to be moved. */
  readonly small: { readonly objects: number; readonly bytes: number };
  /** Requests that move today's objects, paid once. */
  readonly transitionsOnce: number;
  readonly prices: Pick<Prices, 'asOf' | 'region' | 'currency'>;
};

/** What begins with it is ours, and replaced; other rules stay. */
export const OUR_RULES = 'flowgauge-';

const SMALL_BYTES = 128 * 1024;
const DAY_MILLIS = 86_400_000;
/** From each an object may go only to those behind it. */
const ORDER: readonly string[] = ['STANDARD', 'STANDARD_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'];
/** S3 moves nothing to STANDARD_IA before, and nothing on from there within as many. */
const IA_DAYS = 30;
/** Of an archived object so much is kept at the price of STANDARD: its name. */
const NAME_KB = 8;

/** Refuses what S3 would, and what would be paid for in vain. */
export function checkWish({ tiers, expireDays }: LifecycleWish, prices: Prices): void {
  const refuse = (what: string, way: string): never => {
    throw failure('FG_LIFECYCLE_WISH', what, way);
  };
  if (tiers.length === 0 && expireDays === null)
    refuse('neither --tier nor --expire was given', 'say what shall happen, such as --tier GLACIER_IR:90 --expire 400');
  let before: Tier = { storageClass: 'STANDARD', afterDays: 0 };
  const steps = [...tiers, ...(expireDays === null ? [] : [{ storageClass: 'expiry', afterDays: expireDays }])];
  for (const step of steps) {
    const { storageClass, afterDays } = step;
    const isExpiry = storageClass === 'expiry';
    const known = ORDER.slice(1).filter((each) => prices.s3.storagePerGBMonth[each] !== undefined);
    if (!isExpiry && !known.includes(storageClass)) refuse(`"${storageClass}" is no class with a price`, `give one of ${known.join(', ')}`); // prettier-ignore
    if (!isExpiry && ORDER.indexOf(storageClass) <= ORDER.indexOf(before.storageClass)) refuse(`S3 moves nothing from ${before.storageClass} to ${storageClass}`, `the order is ${ORDER.join(', ')}`); // prettier-ignore
    if (storageClass === 'STANDARD_IA' && afterDays < IA_DAYS) refuse(`S3 moves nothing to STANDARD_IA after ${afterDays} days`, `give ${IA_DAYS} or more`); // prettier-ignore
    const least = before.storageClass === 'STANDARD' ? 1 : (prices.s3.minimumDays[before.storageClass] ?? 0);
    if (afterDays - before.afterDays < least) refuse(`${before.storageClass} is paid for ${least} days at least, and ${isExpiry ? 'expiry' : storageClass} comes ${afterDays - before.afterDays} days after it`, `give ${before.afterDays + least} days or more`); // prettier-ignore
    before = step;
  }
}

/**
 * The plan.
 *
 * @param objects    the flow logs of the bucket; others are passed over
 * @param nowMillis  the clock
 */
export function planLifecycle(
  objects: readonly ObjectRef[],
  wish: LifecycleWish,
  prices: Prices,
  nowMillis: number,
): LifecyclePlan {
  checkWish(wish, prices);
  const before = new Map<string, { objects: number; bytes: number; costAMonth: number }>();
  const after: typeof before = new Map();
  const expired = { objects: 0, bytes: 0 };
  const small = { objects: 0, bytes: 0 };
  const prefixes = new Set<string>();
  let transitionsOnce = 0;
  for (const ref of objects) {
    const prefix = prefixOf(ref.key);
    if (prefix === null) continue;
    prefixes.add(prefix);
    const { sizeBytes, storageClass: now = 'STANDARD' } = ref;
    add(before, now, sizeBytes, prices);
    const ageDays = (nowMillis - bornMillis(ref)) / DAY_MILLIS;
    if (wish.expireDays !== null && ageDays >= wish.expireDays) {
      expired.objects++;
      expired.bytes += sizeBytes;
      continue;
    }
    const isSmall = sizeBytes <= SMALL_BYTES;
    const due = wish.tiers.findLast(({ afterDays }) => ageDays >= afterDays)?.storageClass ?? now;
    if (isSmall && due !== now) {
      small.objects++;
      small.bytes += sizeBytes;
    }
    const then = !isSmall && ORDER.indexOf(due) > ORDER.indexOf(now) ? due : now;
    if (then !== now) transitionsOnce += (prices.s3.transitionPer1000[then] ?? 0) / 1000;
    add(after, then, sizeBytes, prices);
  }
  const { asOf, region, currency } = prices;
  return {
    rules: [...prefixes].sort().flatMap((prefix) => rulesFor(prefix, wish)),
    before: listed(before),
    after: listed(after),
    expired,
    small,
    transitionsOnce,
    prices: { asOf, region, currency },
  };
}

/** The folder of a key that holds one account's flow logs and nothing else; null for what is no flow log. */
function prefixOf(key: string): string | null {
  if (parseKey(key) === null) return null;
  return /^.*?AWSLogs\/(?:o-[0-9a-z]+\/)?[^/]+\/(?:aws-service=)?vpcflowlogs\//su.exec(key)?.[0] ?? null;
}

function bornMillis(ref: ObjectRef): number {
  return ref.lastModifiedMillis ?? parseKey(ref.key)!.slotSeconds * 1000;
}

function rulesFor(prefix: string, { tiers, expireDays }: LifecycleWish): LifecycleRule[] {
  const id = createHash('sha256').update(prefix).digest('hex').slice(0, 12);
  const rules: LifecycleRule[] = [];
  if (tiers.length > 0)
    rules.push({
      ID: `${OUR_RULES}tiers-${id}`,
      Status: 'Enabled',
      Filter: { And: { Prefix: prefix, ObjectSizeGreaterThan: SMALL_BYTES } },
      Transitions: tiers.map(({ storageClass, afterDays }) => ({ Days: afterDays, StorageClass: storageClass })),
    });
  if (expireDays !== null)
    rules.push({
      ID: `${OUR_RULES}expire-${id}`,
      Status: 'Enabled',
      Filter: { Prefix: prefix },
      Expiration: { Days: expireDays },
    });
  return rules;
}

function add(
  sums: Map<string, { objects: number; bytes: number; costAMonth: number }>,
  storageClass: string,
  bytes: number,
  { s3 }: Prices,
): void {
  const sum = sums.get(storageClass) ?? { objects: 0, bytes: 0, costAMonth: 0 };
  sums.set(storageClass, sum);
  sum.objects++;
  sum.bytes += bytes;
  const overhead = s3.perObjectOverheadKB[storageClass] ?? 0;
  const own = Math.max(bytes, (s3.minimumBilledKB[storageClass] ?? 0) * 1024) + Math.max(0, overhead - NAME_KB) * 1024;
  const standard = Math.min(overhead, NAME_KB) * 1024;
  sum.costAMonth +=
    (own / GB) * (s3.storagePerGBMonth[storageClass] ?? s3.storagePerGBMonth['STANDARD'] ?? 0) +
    (standard / GB) * (s3.storagePerGBMonth['STANDARD'] ?? 0);
}

function listed(sums: ReadonlyMap<string, { objects: number; bytes: number; costAMonth: number }>): ClassCost[] {
  return [...sums]
    .map(([storageClass, sum]) => ({ storageClass, ...sum }))
    .sort((a, b) => ORDER.indexOf(a.storageClass) - ORDER.indexOf(b.storageClass));
}
