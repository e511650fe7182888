/**
 * Route tables, and what their targets are.
 *
 * In:    items of `RouteTables`, `ManagedPrefixLists`, `InternetGateways`, `EgressOnlyInternetGateways`, `VpnGateways`,
 *        `NatGateways`, `VpcEndpoints`, `TransitGatewayVpcAttachments`, `VpcPeeringConnections`.
 * Out:   routes with the id of their target; what these ids stand for.
 * Holds: of two routes to one block the one that EC2 prefers comes first: local, static, prefix list, propagated.
 * Fails: FG_MODEL_VALUE.
 */
import type { Described } from './described.ts';
import type { Cidr, PeeringEnd } from './snapshot.ts';

export type RouteFact = {
  /** A block, or the id of a prefix list. */
  readonly destination: Cidr | string;
  readonly targetId: string;
  readonly kind:
    | 'local'
    | 'gateway'
    | 'egress-only-internet-gateway'
    | 'nat-gateway'
    | 'interface'
    | 'instance'
    | 'transit-gateway'
    | 'local-gateway'
    | 'peering'
    | 'other';
  readonly blackhole: boolean;
  readonly propagated: boolean;
};

export type RouteTableFact = {
  readonly id: string;
  readonly vpcId: string;
  readonly isMain: boolean;
  readonly subnetIds: readonly string[];
  /** Gateways whose incoming traffic takes these routes. */
  readonly edgeIds: readonly string[];
  readonly routes: readonly RouteFact[];
};

export type PrefixListFact = { readonly id: string; readonly entries: readonly Cidr[] };
/** A gateway that is attached to a VPC to work; null: the description does not say to which. */
export type AttachedGatewayFact = { readonly id: string; readonly vpcIds: readonly string[] | null };
export type NatGatewayFact = {
  readonly id: string;
  /** Whether it carries anything. */
  readonly works: boolean;
  readonly regional: boolean;
  readonly interfaceIds: readonly string[];
};
export type EndpointFact = {
  readonly id: string;
  readonly gateway: boolean;
  readonly interfaceIds: readonly string[];
  /** Blocks that it holds beside the addresses of its interfaces, by subnet. */
  readonly prefixes: readonly { readonly subnetId: string; readonly blocks: readonly Cidr[] }[];
};
export type TransitFact = {
  readonly id: string;
  readonly transitGatewayId: string;
  readonly vpcId: string;
  readonly works: boolean;
  /** One in each zone from which the gateway is reached; empty: not told. */
  readonly subnetIds: readonly string[];
};
export type PeeringFact = {
  readonly id: string;
  readonly active: boolean;
  readonly ends: readonly [PeeringEnd, PeeringEnd];
  readonly interRegion: boolean;
};

/** Members that name a target, the more telling before those that EC2 prints beside them. */
const TARGETS = [
  ['NatGatewayId', 'nat-gateway'],
  ['TransitGatewayId', 'transit-gateway'],
  ['VpcPeeringConnectionId', 'peering'],
  ['EgressOnlyInternetGatewayId', 'egress-only-internet-gateway'],
  ['LocalGatewayId', 'local-gateway'],
  ['CarrierGatewayId', 'other'],
  ['CoreNetworkArn', 'other'],
  ['OdbNetworkArn', 'other'],
  ['VpcEndpointId', 'gateway'],
  ['NetworkInterfaceId', 'interface'],
  ['InstanceId', 'instance'],
  ['GatewayId', 'gateway'],
] as const;

function readRoute(item: Described): RouteFact {
  const [member, kind] = TARGETS.find(([name]) => item.has(name)) ?? [];
  if (!member) throw item.wrong('GatewayId', 'a target, and the route has no other');
  const targetId = item.text(member);
  const destination = ((): Cidr | string => {
    if (item.has('DestinationCidrBlock')) return item.cidr('DestinationCidrBlock');
    if (item.has('DestinationIpv6CidrBlock')) return item.cidr('DestinationIpv6CidrBlock');
    return item.text('DestinationPrefixListId');
  })();
  return {
    destination,
    targetId,
    kind: targetId === 'local' ? 'local' : kind,
    blackhole: item.textOr('State', '') === 'blackhole',
    propagated: item.textOr('Origin', '') === 'EnableVgwRoutePropagation',
  };
}

/** An item of `RouteTables`. */
export function readRouteTable(item: Described): RouteTableFact {
  const associations = item
    .objects('Associations')
    .filter(
      (one) => !['disassociated', 'failed'].includes(one.objectOr('AssociationState', null)?.textOr('State', '') ?? ''),
    );
  const order = (route: RouteFact): number =>
    route.kind === 'local' ? 0 : route.propagated ? 3 : typeof route.destination === 'string' ? 2 : 1;
  return {
    id: item.text('RouteTableId'),
    vpcId: item.textOr('VpcId', ''),
    isMain: associations.some((one) => one.flag('Main')),
    subnetIds: associations.filter((one) => one.has('SubnetId')).map((one) => one.text('SubnetId')),
    edgeIds: associations.filter((one) => one.has('GatewayId')).map((one) => one.text('GatewayId')),
    routes: item
      .objects('Routes')
      .map(readRoute)
      .sort((a, b) => order(a) - order(b)),
  };
}

/** An item of `ManagedPrefixLists` with `Entries`, or of `PrefixLists`, which have `Cidrs`. */
export function readPrefixList(item: Described): PrefixListFact | null {
  if (!item.has('Entries') && !item.has('Cidrs')) return null;
  return {
    id: item.text('PrefixListId'),
    entries: [...item.objects('Entries').map((entry) => entry.cidr('Cidr')), ...item.cidrs('Cidrs')],
  };
}

/** What is attached, or was and is about to leave; an internet gateway says `available` (API reference). */
const ATTACHED = new Set(['available', 'attached', 'attaching', 'detaching']);

/** Reads items of `InternetGateways` and the like: the member with the id, and the one that lists attachments. */
export function attachedGatewayReader(id: string, attachments: string): (item: Described) => AttachedGatewayFact {
  return (item) => ({
    id: item.text(id),
    vpcIds:
      item.textOr('State', '') === 'deleted'
        ? []
        : item.has(attachments)
          ? item
              .objects(attachments)
              .filter((one) => ATTACHED.has(one.textOr('State', 'attached')))
              .map((one) => one.text('VpcId'))
          : null,
  });
}

/** An item of `NatGateways`. Its states: API reference, `NatGateway`: one that is `deleting` may still work. */
export function readNatGateway(item: Described): NatGatewayFact {
  return {
    id: item.text('NatGatewayId'),
    works: !['pending', 'failed', 'deleted'].includes(item.textOr('State', 'available')),
    regional: item.textOr('AvailabilityMode', '') === 'regional',
    interfaceIds: item
      .objects('NatGatewayAddresses')
      .filter((one) => one.has('NetworkInterfaceId'))
      .map((one) => one.text('NetworkInterfaceId')),
  };
}

/** An item of `VpcEndpoints`. */
export function readEndpoint(item: Described): EndpointFact {
  return {
    id: item.text('VpcEndpointId'),
    gateway: item.textOr('VpcEndpointType', 'Gateway') === 'Gateway',
    interfaceIds: item.texts('NetworkInterfaceIds'),
    prefixes: [...item.objects('Ipv4Prefixes'), ...item.objects('Ipv6Prefixes')].map((one) => ({
      subnetId: one.text('SubnetId'),
      blocks: one.cidrs('IpPrefixes'),
    })),
  };
}

/** States in which an attachment does not carry yet, or no more; others that pass by are named in answers. */
const NOT_CARRYING = new Set(
  'initiatingRequest pendingAcceptance rejected rejecting failed failing rollingBack deleted'.split(' '),
);

/** An item of `TransitGatewayVpcAttachments`. */
export function readTransit(item: Described): TransitFact {
  return {
    id: item.text('TransitGatewayAttachmentId'),
    transitGatewayId: item.text('TransitGatewayId'),
    vpcId: item.text('VpcId'),
    works: !NOT_CARRYING.has(item.textOr('State', 'available')),
    subnetIds: item.texts('SubnetIds'),
  };
}

function readPeeringEnd(end: Described | null): PeeringEnd {
  const more = end?.objects('CidrBlockSet').map((one) => one.cidr('CidrBlock')) ?? [];
  const first = end?.has('CidrBlock') === true && more.length === 0 ? [end.cidr('CidrBlock')] : [];
  const six = end?.objects('Ipv6CidrBlockSet').map((one) => one.cidr('Ipv6CidrBlock')) ?? [];
  return {
    vpcId: end?.textOr('VpcId', null) ?? null,
    accountId: end?.textOr('OwnerId', null) ?? null,
    region: end?.textOr('Region', null) ?? null,
    cidrs: [...first, ...more, ...six],
  };
}

/** An item of `VpcPeeringConnections`. */
export function readPeering(item: Described): PeeringFact {
  const ends = [
    readPeeringEnd(item.objectOr('RequesterVpcInfo', null)),
    readPeeringEnd(item.objectOr('AccepterVpcInfo', null)),
  ] as const;
  const [{ region: one }, { region: other }] = ends;
  const status = item.objectOr('Status', null)?.textOr('Code', null) ?? 'active';
  return {
    id: item.text('VpcPeeringConnectionId'),
    active: status === 'active',
    ends,
    interRegion: one !== null && other !== null && one !== other,
  };
}
