/**
 * Managed prefix lists: an account's own, and AWS's.
 *
 * In:    a region; entries of requests. Out: lists.
 * Holds: AWS's lists have the addresses that the project knows of the service (`record/aws-ranges.generated.ts`), of all regions:
 *        what AWS publishes for people says more than the list of one region. Their ids follow from their names.
 * Fails: as `endpoint-errors.ts` lists them.
 */
import { createHash } from 'node:crypto';
import { formatCidr } from '../../network/vpc/addresses.ts';
import { RANGES_NAMES, RANGES_V4 } from '../../record/aws-ranges.generated.ts';
import type { Change, Context } from './action.ts';
import { readBlock } from './address-blocks.ts';
import { endpointError } from './endpoint-errors.ts';
import { itemWithId } from './find-items.ts';
import type { Items } from './items.ts';
import { lengthOf } from './tags.ts';

export type PrefixList = Items['ManagedPrefixLists'];
export type Entry = NonNullable<PrefixList['Entries']>[number];

/** Who owns AWS's lists. */
const AWS = 'AWS';
/** Services that have endpoints of the gateway type, and what their ranges are called. */
const SERVICES = [
  ['s3', 'S3'],
  ['dynamodb', 'DYNAMODB'],
] as const;
const MOST_ENTRIES = 1000;
const END = 2 ** 32;

const blocks = new Map<string, readonly Entry[]>();

/** The IPv4 blocks of a service; see `packIntervals` of `record/service-names.ts`. */
function blocksOf(service: string): readonly Entry[] {
  const known = blocks.get(service);
  if (known !== undefined) return known;
  // Number 0 is none.
  const number = RANGES_NAMES.split(' ').indexOf(service) + 1;
  const packed = JSON.parse(RANGES_V4) as readonly number[];
  const found: Entry[] = [];
  for (let i = 0; i < packed.length; i += 2)
    if (packed[i + 1] === number) found.push(...cover(packed[i]!, packed[i + 2] ?? END));
  blocks.set(service, found);
  return found;
}

/** The fewest blocks that hold the addresses from `start` to before `end`. */
function* cover(start: number, end: number): Generator<Entry> {
  for (let at = start; at < end;) {
    let size = 1;
    while (at % (size * 2) === 0 && at + size * 2 <= end) size *= 2;
    yield { Cidr: formatCidr({ family: 4, bits: 32 - Math.log2(size), words: [at] }) };
    at += size;
  }
}

/** AWS's list of a service in a region; null where it has none. */
export function awsPrefixList(region: string, serviceName: string): PrefixList | null {
  const service = SERVICES.find(([name]) => serviceName === `com.amazonaws.${region}.${name}`);
  if (service === undefined) return null;
  const id = `pl-${createHash('sha256').update(serviceName).digest('hex').slice(0, 8)}`;
  return {
    PrefixListId: id,
    AddressFamily: 'IPv4',
    State: 'create-complete',
    PrefixListArn: `arn:aws:ec2:${region}:aws:prefix-list/${id}`,
    PrefixListName: serviceName,
    Tags: [],
    OwnerId: AWS,
    Entries: blocksOf(service[1]),
  };
}

/** AWS's lists of a region. */
export function awsPrefixLists(region: string): PrefixList[] {
  return SERVICES.flatMap(([name]) => awsPrefixList(region, `com.amazonaws.${region}.${name}`) ?? []);
}

/** The same context, in which AWS's lists are among the others. */
export function withAwsLists(context: Context): Context {
  const { resources, region } = context;
  const aws = awsPrefixLists(region);
  const all = new Map(aws.map((one) => [one.PrefixListId ?? '', one]));
  for (const one of resources.list('ManagedPrefixLists')) all.set(one.PrefixListId ?? '', one);
  // Whoever asks for lists gets those of both; the types of other kinds do not matter then.
  const get = (kind: string, id: string): unknown =>
    kind === 'ManagedPrefixLists' ? all.get(id) : resources.get(kind as never, id);
  const list = (kind: string): unknown =>
    kind === 'ManagedPrefixLists' ? [...all.values()] : resources.list(kind as never);
  const both = { ...resources, get, list } as Context['resources'];
  return { ...context, resources: both };
}

/** A list of the account's own. */
export function ownList(context: Context, id: string): PrefixList {
  const found = itemWithId(withAwsLists(context).resources, 'ManagedPrefixLists', id);
  if (found.OwnerId === AWS) throw endpointError('notYours', id);
  return found;
}

/** Entries of a request, in canonical form; each block once. */
export function readEntries(
  family: string | undefined,
  given: readonly { readonly Cidr?: string; readonly Description?: string }[],
  seen: Set<string> = new Set(),
): Entry[] {
  return given.map(({ Cidr: text = '', Description: description }) => {
    const block = readBlock('cidr', text, family === 'IPv6' ? 6 : 4, (parameter, wrong) =>
      endpointError('listBlock', parameter, wrong),
    );
    const cidr = formatCidr(block);
    if (seen.has(cidr)) throw endpointError('entryTwice', cidr);
    seen.add(cidr);
    return { Cidr: cidr, ...(description === undefined ? {} : { Description: description }) };
  });
}

/** A name that a list may have. */
export function checkListName(name: string): string {
  if (name === '' || lengthOf(name) > 255 || name.startsWith('com.amazonaws')) throw endpointError('listName', name);
  return name;
}

/** A size that a list may have. */
export function checkListSize(size: number): number {
  if (size < 1 || size > MOST_ENTRIES) throw endpointError('listSize', size);
  return size;
}

/** Whether a rule or a route names a list. */
export function isListUsed(resources: Change, id: string): boolean {
  return (
    resources.where('SecurityGroupRules', 'PrefixListId', id).length > 0 ||
    resources
      .list('RouteTables')
      .some(({ Routes }) => Routes?.some(({ DestinationPrefixListId }) => DestinationPrefixListId === id))
  );
}
