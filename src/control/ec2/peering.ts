/**
 * VPC peering connections as both of their accounts see them.
 *
 * In:    what an account and region has, and the time. Out: connections with the status of that time; changes of both sides.
 * Holds: each side has the connection among its own things, the same but for tags. Only the far side of one account and
 *        region may be the same as the near one. What is pending expires by itself 7 days after it was asked for. What has
 *        ended is seen for as long as on AWS, and is not there after that.
 * Fails: as `peering-errors.ts` lists them, `InvalidVpcPeeringConnectionID.*`.
 * @see VPC Peering Guide, "VPC peering connection lifecycle", November 2024
 */
import type { Change, Context, WriteContext } from './action.ts';
import { knownBlock, overlaps } from './address-blocks.ts';
import { itemWithId, notFound } from './find-items.ts';
import { followPeering } from './group-rules.ts';
import { tagsOf } from './items.ts';
import type { Items } from './items.ts';
import { peeringError } from './peering-errors.ts';
import { breakRoutes, mendRoutes } from './route-tables.ts';
import type { Tag } from './tags.ts';
import { blocksOfVpc } from './vpc-blocks.ts';

export type Peering = Items['VpcPeeringConnections'];
type VpcInfo = NonNullable<Peering['AccepterVpcInfo']>;
type Side = 'RequesterVpcInfo' | 'AccepterVpcInfo';

/** How long nobody needs to answer. */
export const PENDING_MILLIS = 7 * 24 * 3_600_000;
const HOUR_MILLIS = 3_600_000;

/** For how long the end of a connection is seen. */
const SEEN_MILLIS: Readonly<Record<string, number>> = {
  rejected: 2 * HOUR_MILLIS,
  deleted: 2 * HOUR_MILLIS,
  failed: 2 * HOUR_MILLIS,
  expired: 48 * HOUR_MILLIS,
};

/** Options that a connection has until they are changed. */
export const NO_PEERING_OPTIONS = {
  AllowDnsResolutionFromRemoteVpc: false,
  AllowEgressFromLocalClassicLinkToRemoteVpc: false,
  AllowEgressFromLocalVpcToRemoteClassicLink: false,
} as const;

/** A connection as it is at a time; null where it is no longer seen. */
export function peeringAt(item: Peering, now: Date): Peering | null {
  const isExpired =
    item.Status?.Code === 'pending-acceptance' && Date.parse(item.ExpirationTime ?? '') <= now.getTime();
  const seen = isExpired
    ? { ...item, Status: { Code: 'expired', Message: 'Expired' }, EndedTime: item.ExpirationTime ?? '' }
    : item;
  const ends = seen.EndedTime === undefined ? Infinity : Date.parse(seen.EndedTime);
  return now.getTime() < ends + (SEEN_MILLIS[seen.Status?.Code ?? ''] ?? Infinity) ? seen : null;
}

/** The connection with an id, as it is now. */
export function findPeering({ resources, now }: Context, id: string): Peering {
  const found = peeringAt(itemWithId(resources, 'VpcPeeringConnections', id), now);
  if (found === null) throw notFound('VpcPeeringConnections', [id]);
  return found;
}

/** Whether a side is the caller's. */
export function isOwnSide({ account, region }: Context, peering: Peering, side: Side): boolean {
  return peering[side]?.OwnerId === account && peering[side]?.Region === region;
}

/** Checks that a connection can go on to a status from where it is. */
export function checkTransition(peering: Peering, from: readonly string[], to: string): void {
  const status = peering.Status?.Code ?? '';
  if (!from.includes(status)) throw peeringError('transition', peering.VpcPeeringConnectionId ?? '', status, to);
}

/** Writes a connection to both of its sides; tags of each stay its own. Returns the caller's. */
export function putPeering(context: WriteContext, peering: Peering, tags?: readonly Tag[]): Peering {
  const id = peering.VpcPeeringConnectionId ?? '';
  const put = (resources: Change, given?: readonly Tag[]): Peering => {
    const before = resources.get('VpcPeeringConnections', id);
    const item = { ...peering, Tags: given ?? (before === undefined ? [] : tagsOf('VpcPeeringConnections', before)) };
    resources.put('VpcPeeringConnections', item);
    return item;
  };
  for (const far of farSides(context, peering)) put(far);
  return put(context.resources, tags);
}

/** Ends a connection: on both sides it is as told, as rules that name a group behind it say; routes through it lead nowhere. */
export function endPeering(context: WriteContext, peering: Peering, code: string, message: string): void {
  putPeering(context, {
    ...withoutExpiry(peering),
    Status: { Code: code, Message: message },
    EndedTime: context.now.toISOString(),
  });
  eachSide(context, peering, breakRoutes);
  for (const resources of [context.resources, ...farSides(context, peering)])
    followPeering(resources, peering.VpcPeeringConnectionId ?? '', code);
}

/** Connections tell of a VPC's blocks as they are now, on both sides. */
export function followBlocksOfVpc(context: WriteContext, vpc: Items['Vpcs']): void {
  const { account, region, resources, now } = context;
  for (const item of resources.list('VpcPeeringConnections')) {
    const side = (['RequesterVpcInfo', 'AccepterVpcInfo'] as const).find((one) => item[one]?.VpcId === vpc.VpcId);
    const peering = side === undefined ? null : peeringAt(item, now);
    if (side === undefined || peering === null || peering.EndedTime !== undefined) continue;
    const { PeeringOptions: options } = peering[side] ?? {};
    const info = { ...peeredVpc(vpc, account, region), ...(options === undefined ? {} : { PeeringOptions: options }) };
    putPeering(context, { ...peering, [side]: info });
  }
}

/** Routes of both sides through a connection lead somewhere. */
export function mendPeeringRoutes(context: WriteContext, peering: Peering): void {
  eachSide(context, peering, mendRoutes);
}

function eachSide(context: WriteContext, peering: Peering, change: typeof breakRoutes): void {
  for (const resources of [context.resources, ...farSides(context, peering)])
    for (const { VpcId: vpcId = '' } of [peering.RequesterVpcInfo ?? {}, peering.AccepterVpcInfo ?? {}])
      change({ resources }, vpcId, peering.VpcPeeringConnectionId ?? '');
}

/** A connection of which an answer is no longer awaited. */
export function withoutExpiry(peering: Peering): Peering {
  const { ExpirationTime: expiry, ...others } = peering;
  return expiry === undefined ? peering : others;
}

/** The other side, where it is of an account that is kept here and not the caller's own place. */
function farSides(context: WriteContext, peering: Peering): Change[] {
  return (['RequesterVpcInfo', 'AccepterVpcInfo'] as const).flatMap((side) => {
    const { OwnerId: owner = '', Region: region = '' } = peering[side] ?? {};
    return isOwnSide(context, peering, side) || !context.isOwn(owner) ? [] : [context.elsewhere(owner, region)];
  });
}

/** What a connection tells of a VPC. */
export function peeredVpc(vpc: Items['Vpcs'], account: string, region: string): VpcInfo {
  const blocks = blocksOfVpc(vpc);
  const six = blocks.filter((block) => block.includes(':'));
  return {
    CidrBlock: blocks[0] ?? '',
    ...(six.length === 0 ? {} : { Ipv6CidrBlockSet: six.map((block) => ({ Ipv6CidrBlock: block })) }),
    CidrBlockSet: blocks.filter((block) => !block.includes(':')).map((block) => ({ CidrBlock: block })),
    OwnerId: account,
    VpcId: vpc.VpcId ?? '',
    Region: region,
  };
}

/** Whether a block of one VPC has addresses of the other's. */
export function haveOverlap(one: Items['Vpcs'], other: Items['Vpcs']): boolean {
  const [a = [], b = []] = [one, other].map((vpc) => blocksOfVpc(vpc).map(knownBlock));
  return a.some((x) => b.some((y) => overlaps(x, y)));
}
