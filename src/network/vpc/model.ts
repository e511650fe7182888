/**
 * The model: describe-shaped JSON, read, joined and compiled into a snapshot.
 *
 * In:    parsed JSON of one or several files, each with its name, in the shapes of `aws ec2 describe-*`. Out: a `Model`
 *        of facts that name each other by id, then a `VpcSnapshot` in which they name each other by number.
 * Holds: any subset of resources will do. What is named and not given is left open and listed in `notUnderstood`.
 *        At least needed for a verdict other than "all passes": `NetworkInterfaces` with `Groups`, and these groups.
 *        A network where all passes needs `Vpcs`, `Subnets` and `NetworkInterfaces` without `Groups`, no more.
 * Fails: FG_MODEL_VALUE names file, path and value; FG_MODEL_TWICE names both places.
 */
import { failure } from '../../model/errors.ts';
import type { AclFact } from './acls.ts';
import { readAcl } from './acls.ts';
import type { Described } from './described.ts';
import { described } from './described.ts';
import { compileFacts } from './compile.ts';
import type { FlowLogFact } from './flow-logs.ts';
import { readFlowLog } from './flow-logs.ts';
import type { GroupFact, RuleFact } from './groups.ts';
import { readGroup, readGroupRule } from './groups.ts';
import type { InterfaceFact } from './interfaces.ts';
import { readInterface } from './interfaces.ts';
import type { EncryptionFact, SubnetFact, VpcFact } from './networks.ts';
import { readEncryption, readSubnet, readVpc } from './networks.ts';
import type { InstanceFact, ScalingGroupFact, TaskFact } from './owners.ts';
import { readInstance, readScalingGroup, readTask } from './owners.ts';
import type { Around } from './not-followed-entry.ts';
import { notFollowed } from './not-followed.ts';
import type { BlockFact, ExclusionFact } from './public-access.ts';
import { blockPlace, readBlock, readExclusion } from './public-access.ts';
import type {
  AttachedGatewayFact,
  EndpointFact,
  NatGatewayFact,
  PeeringFact,
  PrefixListFact,
  RouteFact,
  RouteTableFact,
  TransitFact,
} from './routes.ts';
import {
  attachedGatewayReader,
  readEndpoint,
  readNatGateway,
  readPeering,
  readPrefixList,
  readRouteTable,
  readTransit,
} from './routes.ts';
import type { VpcSnapshot } from './snapshot.ts';
import { unknownMembers } from './unknown-members.ts';

type ById<T> = ReadonlyMap<string, T>;

/** What was read, by id; nothing is resolved yet. */
export type Model = {
  readonly vpcs: ById<VpcFact>;
  readonly subnets: ById<SubnetFact>;
  readonly interfaces: ById<InterfaceFact>;
  readonly groups: ById<GroupFact>;
  readonly groupRules: ById<RuleFact>;
  readonly acls: ById<AclFact>;
  readonly routeTables: ById<RouteTableFact>;
  /** Null: given without its entries. */
  readonly prefixLists: ById<PrefixListFact | null>;
  /** Internet gateways, egress-only ones and virtual private gateways. */
  readonly attachedGateways: ById<AttachedGatewayFact>;
  readonly natGateways: ById<NatGatewayFact>;
  readonly endpoints: ById<EndpointFact>;
  readonly transits: ById<TransitFact>;
  readonly peerings: ById<PeeringFact>;
  readonly instances: ById<InstanceFact>;
  readonly scalingGroups: ById<ScalingGroupFact>;
  readonly tasks: ById<TaskFact>;
  readonly encryption: ById<EncryptionFact>;
  readonly flowLogs: ById<FlowLogFact>;
  readonly blocks: readonly BlockFact[];
  readonly exclusions: readonly ExclusionFact[];
  readonly notUnderstood: readonly string[];
};

/** Kinds of which nothing is followed; what they say that is not understood is named. */
const WITHOUT_FACTS = ['LoadBalancers', 'TransitGateways', 'DhcpOptions', 'Addresses'] as const;

/** What belongs to a model and decides nothing here, or comes with every answer of aws-cli. */
const WITHOUT_EFFECT = new Set('LoadBalancerDescriptions NextToken failures'.split(' '));

/** Members that are long lists where a model is large, and all of which are read: for `cutJson`. */
export const LONG_LISTS: ReadonlySet<string> = new Set(
  'NetworkInterfaces SecurityGroups SecurityGroupRules NetworkAcls Reservations Instances Subnets'.split(' '),
);

/** Goes through items, the same ones each time. */
type Each = (reader: (item: Described) => void) => void;

/** The first of the members that is given; of none that is, the last is asked for. */
function idOf(item: Described, members: string | readonly string[]): string {
  if (typeof members === 'string') return item.text(members);
  return item.text(members.find((member) => item.has(member)) ?? members.at(-1) ?? '');
}

/** Of items with the same id the first. Held only where an id is there twice. */
function firstById(each: Each, members: string | readonly string[]): Map<string, Described> {
  const first = new Map<string, Described>();
  each((item) => {
    const id = idOf(item, members);
    if (!first.has(id)) first.set(id, item);
  });
  return first;
}

/** Of `each` the items that are wanted. */
function only(each: Each, wanted: (item: Described) => boolean): Each {
  return (reader) => each((item) => (wanted(item) ? reader(item) : undefined));
}

/** A block of IPv6, or a prefix list, which may have some. */
const isIpv6 = (destination: RouteFact['destination']): boolean =>
  typeof destination === 'string' || destination.family === 6;

function namesIn(each: Each, member: string): ById<null> {
  const found = new Map<string, null>();
  each((item) => found.set(item.text(member), null));
  return found;
}

/**
 * Prefix lists by id. AWS's own are in two answers: `describe-prefix-lists` has their blocks, the other one has not, and
 * aws-cli prints both as `PrefixLists`.
 */
function withEntriesFirst(...answers: readonly ById<PrefixListFact | null>[]): ById<PrefixListFact | null> {
  const found = new Map<string, PrefixListFact | null>();
  for (const [id, fact] of answers.flatMap((answer) => [...answer])) found.set(id, found.get(id) ?? fact);
  return found;
}

/**
 * Reads a model.
 *
 * @param parts  parsed JSON, its `LONG_LISTS` cut or not, by the name that messages shall use; the members of all of them are joined
 */
export function readModel(parts: readonly { readonly name: string; readonly json: unknown }[]): Model {
  const roots = parts.map((part) => described(part.name, part.json));
  const read = new Set<string>();
  const items = (...keys: string[]): Each => {
    for (const key of keys) read.add(key);
    return (reader) => {
      for (const key of keys) for (const root of roots) root.each(key, reader);
    };
  };
  const byId = <T>(each: Each, members: string | readonly string[], make: (item: Described) => T): ById<T> => {
    const found = new Map<string, T>();
    let first: Map<string, Described> | null = null;
    each((item) => {
      const id = idOf(item, members);
      if (found.has(id)) {
        first ??= firstById(each, members);
        const before = first.get(id)!;
        if (before.content() !== item.content()) throw failure('FG_MODEL_TWICE', id, before.place, item.place);
      } else found.set(id, make(item));
    });
    return found;
  };
  /** One for each account and region; an answer is one object, the answers of several are a list of them. */
  const blocks = (key: string): BlockFact[] => {
    read.add(key);
    const found = new Map<string, Described>();
    for (const root of roots)
      for (const item of root.oneOrMore(key)) {
        const place = blockPlace(item);
        const before = found.get(place);
        if (before && before.content() !== item.content())
          throw failure('FG_MODEL_TWICE', key, before.place, item.place);
        found.set(place, item);
      }
    return [...found.values()].map(noting(key, readBlock));
  };
  const notes = new Set<string>();
  // Asked when what they look at has been read.
  const around: Around = {
    interfacesDescribed: (description) =>
      [...interfaces.values()].filter((one) => one.description === description).map(({ id }) => id),
    routesIpv6: (vpcId, targetId) =>
      [...routeTables.values()].some(
        (table) =>
          table.vpcId === vpcId &&
          table.routes.some((route) => route.targetId === targetId && isIpv6(route.destination)),
      ),
    rulesNameFarGroups: () => {
      const vpcOf = (id: string): string => groups.get(id)?.vpcId ?? '';
      const rules = [...[...groups.values()].flatMap((group) => group.rules), ...groupRules.values()];
      return rules.some(({ groupId, peer }) => {
        const far = peer.kind === 'group' ? vpcOf(peer.id) : '';
        return far !== '' && far !== vpcOf(groupId);
      });
    },
  };
  const note = (kind: string, item: Described): void => {
    for (const line of notFollowed(kind, item, around)) notes.add(line);
    for (const line of unknownMembers(kind, item)) notes.add(line);
  };
  /** Reads, and notes what the description says that is not followed, or that nobody here knows. */
  const noting =
    <T>(kind: string, make: (item: Described) => T) =>
    (item: Described): T => {
      const made = make(item);
      note(kind, item);
      return made;
    };
  /** Items of the kind that is called like their list. */
  const ofKind = <T>(kind: string, id: string | readonly string[], make: (item: Described) => T): ById<T> =>
    byId(items(kind), id, noting(kind, make));
  const interfaces = ofKind('NetworkInterfaces', 'NetworkInterfaceId', readInterface);
  const groups = ofKind('SecurityGroups', 'GroupId', readGroup);
  const groupRules = ofKind('SecurityGroupRules', 'SecurityGroupRuleId', readGroupRule);
  const routeTables = ofKind('RouteTables', 'RouteTableId', readRouteTable);
  const exclusions = ofKind('VpcBlockPublicAccessExclusions', 'ExclusionId', readExclusion);
  const reservations = items('Reservations');
  const running = items('Instances');
  const instances: Each = (reader) => {
    reservations((one) => one.each('Instances', reader));
    running(reader);
  };
  const attached = (kind: string, id: string, attachments: string): ById<AttachedGatewayFact> =>
    ofKind(kind, id, attachedGatewayReader(id, attachments));
  const model = {
    vpcs: ofKind('Vpcs', 'VpcId', readVpc),
    subnets: ofKind('Subnets', 'SubnetId', readSubnet),
    interfaces,
    groups,
    groupRules,
    acls: ofKind('NetworkAcls', 'NetworkAclId', readAcl),
    routeTables,
    prefixLists: withEntriesFirst(
      ofKind('ManagedPrefixLists', 'PrefixListId', readPrefixList),
      byId(
        only(items('PrefixLists'), (item) => item.has('Cidrs') || item.has('Entries')),
        'PrefixListId',
        noting('PrefixLists', readPrefixList),
      ),
      // What has no blocks only says that the list is there, each answer in its own words.
      namesIn(items('PrefixLists'), 'PrefixListId'),
    ),
    attachedGateways: new Map([
      ...attached('InternetGateways', 'InternetGatewayId', 'Attachments'),
      ...attached('EgressOnlyInternetGateways', 'EgressOnlyInternetGatewayId', 'Attachments'),
      ...attached('VpnGateways', 'VpnGatewayId', 'VpcAttachments'),
    ]),
    natGateways: ofKind('NatGateways', 'NatGatewayId', readNatGateway),
    endpoints: ofKind('VpcEndpoints', 'VpcEndpointId', readEndpoint),
    transits: ofKind('TransitGatewayVpcAttachments', 'TransitGatewayAttachmentId', readTransit),
    peerings: ofKind('VpcPeeringConnections', 'VpcPeeringConnectionId', readPeering),
    instances: byId(instances, 'InstanceId', noting('Instances', readInstance)),
    scalingGroups: ofKind('AutoScalingGroups', ['AutoScalingGroupARN', 'AutoScalingGroupName'], readScalingGroup),
    tasks: byId(items('EcsTasks', 'tasks'), 'taskArn', noting('EcsTasks', readTask)),
    encryption: ofKind('VpcEncryptionControls', 'VpcId', readEncryption),
    flowLogs: ofKind('FlowLogs', 'FlowLogId', readFlowLog),
    blocks: blocks('VpcBlockPublicAccessOptions'),
    exclusions: [...exclusions.values()].filter((one) => one !== null),
  };
  for (const kind of WITHOUT_FACTS) items(kind)((item) => note(kind, item));
  const unknown = new Set(
    roots.flatMap((root) => root.keys).filter((key) => !read.has(key) && !WITHOUT_EFFECT.has(key)),
  );
  return { ...model, notUnderstood: [...[...unknown].map((key) => `${key}: no part of a model`), ...notes] };
}

/** How a snapshot is made. */
export type CompileOptions = {
  readonly version: number;
  readonly atMicros: number;
  /** The snapshot that this one follows: what it numbered keeps its number. */
  readonly before?: VpcSnapshot;
  /** False for the host's own model: only ARP, DHCP, ND and MLD are left out (rule P6). True unless told. */
  readonly hidesNeverLogged?: boolean;
};

/** Resolves a model into a snapshot, deeply frozen. */
export function compileSnapshot(model: Model, options: CompileOptions): VpcSnapshot {
  return compileFacts(model, options);
}
