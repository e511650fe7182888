/**
 * Keeps the facts about this host as its devices are, and makes its first flow log.
 *
 * In:    devices; the facts. Out: facts in the host's own account and region.
 * Holds: what is there stays as whoever drives the API has made it: groups and tags of an interface, rules, ACLs. Only what
 *        the devices say is changed: addresses, and which interfaces there are. An interface whose device has gone ends; when
 *        the device is back it has the groups and tags that it had. Subnets stay. The flow log is made once: who
 *        deletes it gets no other, but for other settings of `up`, by which its own is replaced.
 * Fails: FG_STATE_*, FG_DISK_FULL.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { HostDevice } from '../../collect/capture/devices.ts';
import { resourcesOf } from '../../control/ec2/resources.ts';
import type { Change } from '../../control/ec2/action.ts';
import type { Items } from '../../control/ec2/items.ts';
import type { DestinationSpec } from '../../network/vpc/snapshot.ts';
import type { AuditLog } from '../../storage/state/audit.ts';
import type { CurrentFacts } from '../../storage/state/current-facts.ts';
import type { HostModel, HostOptions } from '../collector/host-model.ts';
import { HOST_REQUESTER, hostModel, hostVpcId } from '../collector/host-model.ts';

export type HostFactsOptions = HostOptions & {
  readonly facts: CurrentFacts;
  readonly audit: AuditLog;
  readonly now: () => Date;
};

/** What the settings of `up` say of the flow log that it makes. */
export type FirstFlowLog = { readonly format: string; readonly destination: DestinationSpec };

/** What a change is called in the audit log. */
const FOLLOW = 'FollowDevices';
const MAKE_FLOW_LOG = 'MakeFirstFlowLog';
const PRINCIPAL = 'flowgauge up';

/**
 * Makes the facts of the host those of its devices.
 *
 * @param devices  those that are interfaces of the host's own
 * @returns names of devices by the ids of their interfaces
 */
export function writeHostFacts(options: HostFactsOptions, devices: readonly HostDevice[]): HostModel['devices'] {
  const model = hostModel(options, devices);
  write(options, FOLLOW, { devices: devices.map(({ name }) => name) }, (resources, facts) => {
    moveHere(options, facts);
    const vpcId = hostVpcId(options.hostId);
    putMissing(resources, model);
    addBlocks(resources, model);
    for (const wanted of model.NetworkInterfaces)
      resources.put('NetworkInterfaces', { ...asItWas(options, resources, wanted), ...ofDevice(wanted) });
    for (const one of resources.where('NetworkInterfaces', 'VpcId', vpcId))
      if (one.RequesterId === HOST_REQUESTER && !model.devices.has(one.NetworkInterfaceId ?? ''))
        resources.remove('NetworkInterfaces', one.NetworkInterfaceId ?? '');
  });
  return model.devices;
}

/** Makes the first flow log, where that was not done for these settings. */
export function makeFirstFlowLog(options: HostFactsOptions, settings: FirstFlowLog): void {
  const { facts, audit, accountId, region, hostId, now } = options;
  facts.refresh();
  const made = audit.lastOf(MAKE_FLOW_LOG)?.find(({ became }) => became === 'created');
  const resources = resourcesOf(facts, accountId, region);
  const wanted = flowLogOf(settings);
  if (made !== undefined) {
    const before = resources.get('FlowLogs', made.id);
    if (before === undefined || isSame(before, wanted)) return;
  }
  write(options, MAKE_FLOW_LOG, settings, (change) => {
    if (made !== undefined) change.remove('FlowLogs', made.id);
    change.put('FlowLogs', {
      CreationTime: now().toISOString(),
      FlowLogId: `fl-${randomBytes(9).toString('hex').slice(0, 17)}`,
      ResourceId: hostVpcId(hostId),
      ...wanted,
      Tags: [{ Key: 'Name', Value: PRINCIPAL }],
    });
  });
}

function write(
  { facts, audit, accountId, region, now }: HostFactsOptions,
  action: string,
  parameters: object,
  work: (resources: Change, facts: CurrentFacts) => void,
): void {
  facts.change(
    now().getTime() * 1000,
    () => work(resourcesOf(facts, accountId, region), facts),
    (_result, changes, atMicros) => {
      if (changes.length === 0) return;
      const requestId = randomUUID();
      audit.add({ atMicros, account: accountId, region, principal: PRINCIPAL, action, requestId, parameters, changes });
    },
  );
}

/** Other settings may name another account or region: all that is in the host's VPC goes there with it. */
function moveHere({ hostId, accountId, region }: HostFactsOptions, facts: CurrentFacts): void {
  const vpcId = hostVpcId(hostId);
  const found = facts.find('Vpcs', vpcId);
  if (found === undefined || (found.account === accountId && found.region === region)) return;
  if (!facts.isOwn(found.account)) return;
  const from = facts.scope(found.account, found.region);
  const to = facts.scope(accountId, region);
  const groups = new Set(from.where('SecurityGroups', 'VpcId', vpcId).map((one) => one['GroupId']));
  const subnets = new Set(from.where('Subnets', 'VpcId', vpcId).map((one) => one['SubnetId']));
  const interfaces = new Set(from.where('NetworkInterfaces', 'VpcId', vpcId).map((one) => one['NetworkInterfaceId']));
  const watched = new Set<unknown>([vpcId, ...subnets, ...interfaces]);
  for (const { kind, account, region: at, id, item } of Array.from(facts.all())) {
    if (account !== found.account || at !== found.region) continue;
    const isThere = item['VpcId'] === vpcId || groups.has(item['GroupId']);
    if (!isThere && !(kind === 'FlowLogs' && watched.has(item['ResourceId']))) continue;
    from.remove(kind, id);
    const owner = kind === 'SecurityGroupRules' ? { GroupOwnerId: accountId } : { OwnerId: accountId };
    to.put(kind, id, kind === 'FlowLogs' ? item : { ...item, ...owner });
  }
}

/** What a VPC always has, and the subnets of the devices. */
function putMissing(resources: Change, model: HostModel): void {
  // With its group come the group's rules; those that were revoked stay so.
  const isNew = resources.get('SecurityGroups', model.SecurityGroups[0]?.GroupId ?? '') === undefined;
  const putNew = <K extends 'Vpcs' | 'Subnets' | 'SecurityGroups' | 'NetworkAcls' | 'RouteTables'>(
    kind: K,
    items: readonly Items[K][],
    idOf: (item: Items[K]) => string | undefined,
  ): void => {
    for (const item of items) if (resources.get(kind, idOf(item) ?? '') === undefined) resources.put(kind, item);
  };
  putNew('Vpcs', model.Vpcs, (one) => one.VpcId);
  putNew('SecurityGroups', model.SecurityGroups, (one) => one.GroupId);
  if (isNew) for (const rule of model.SecurityGroupRules) resources.put('SecurityGroupRules', rule);
  putNew('NetworkAcls', model.NetworkAcls, (one) => one.NetworkAclId);
  putNew('RouteTables', model.RouteTables, (one) => one.RouteTableId);
  putNew('Subnets', model.Subnets, (one) => one.SubnetId);
}

/** Blocks of the VPC, local routes and associations with the ACL, for subnets that are new. */
function addBlocks(resources: Change, model: HostModel): void {
  const [vpc, acl, table] = [model.Vpcs[0]!, model.NetworkAcls[0]!, model.RouteTables[0]!];
  const missing = <T>(
    there: readonly T[] | undefined,
    wanted: readonly T[] | undefined,
    keyOf: (one: T) => unknown,
  ) => {
    const known = new Set(there?.map(keyOf));
    return [...(there ?? []), ...(wanted ?? []).filter((one) => !known.has(keyOf(one)))];
  };
  const oldVpc = resources.get('Vpcs', vpc.VpcId ?? '');
  if (oldVpc !== undefined)
    resources.put('Vpcs', {
      ...oldVpc,
      ...(oldVpc.CidrBlock === undefined && vpc.CidrBlock !== undefined ? { CidrBlock: vpc.CidrBlock } : {}),
      CidrBlockAssociationSet: missing(
        oldVpc.CidrBlockAssociationSet,
        vpc.CidrBlockAssociationSet,
        (one) => one.CidrBlock,
      ),
      Ipv6CidrBlockAssociationSet: missing(
        oldVpc.Ipv6CidrBlockAssociationSet,
        vpc.Ipv6CidrBlockAssociationSet,
        (one) => one.Ipv6CidrBlock,
      ),
    });
  const placed = new Set(
    resources
      .where('NetworkAcls', 'VpcId', vpc.VpcId ?? '')
      .flatMap((one) => one.Associations?.map(({ SubnetId }) => SubnetId) ?? []),
  );
  const oldAcl = resources.get('NetworkAcls', acl.NetworkAclId ?? '');
  const added = (acl.Associations ?? []).filter(({ SubnetId }) => !placed.has(SubnetId));
  if (oldAcl !== undefined && added.length > 0)
    resources.put('NetworkAcls', { ...oldAcl, Associations: [...(oldAcl.Associations ?? []), ...added] });
  const oldTable = resources.get('RouteTables', table.RouteTableId ?? '');
  if (oldTable !== undefined)
    resources.put('RouteTables', {
      ...oldTable,
      Routes: missing(oldTable.Routes, table.Routes, (one) => one.DestinationCidrBlock ?? one.DestinationIpv6CidrBlock),
    });
}

type Interface = Items['NetworkInterfaces'];

/** The interface as it is, or as it was when its device had gone, with the groups that are still there. */
function asItWas({ facts, accountId, region }: HostFactsOptions, resources: Change, wanted: Interface): Interface {
  const id = wanted.NetworkInterfaceId ?? '';
  const now = resources.get('NetworkInterfaces', id);
  if (now !== undefined) return now;
  const before = facts.scope(accountId, region).ended('NetworkInterfaces', id) as Interface | undefined;
  if (before === undefined) return wanted;
  const groups = (before.Groups ?? []).filter(({ GroupId }) => resources.get('SecurityGroups', GroupId ?? ''));
  return { ...before, OwnerId: accountId, Groups: groups.length > 0 ? groups : (wanted.Groups ?? []) };
}

/** What the device decides of its interface. */
function ofDevice(wanted: Interface): Interface {
  const { VpcId, SubnetId, AvailabilityZone, AvailabilityZoneId, MacAddress, PrivateIpAddress } = wanted;
  const { PrivateIpAddresses, Ipv6Addresses, Status } = wanted;
  const place = { VpcId, SubnetId, AvailabilityZone, AvailabilityZoneId };
  return { ...place, MacAddress, PrivateIpAddress, PrivateIpAddresses, Ipv6Addresses, Status };
}

type FlowLogSettings = Omit<Items['FlowLogs'], 'FlowLogId' | 'ResourceId' | 'CreationTime' | 'Tags'>;

/** How a flow log with these settings is described, but for what is its own. */
export function flowLogOf({ format, destination }: FirstFlowLog): FlowLogSettings {
  return {
    DeliverLogsStatus: 'SUCCESS',
    FlowLogStatus: 'ACTIVE',
    TrafficType: 'ALL',
    ...destinationOf(destination),
    LogFormat: format,
    MaxAggregationInterval: 60,
  };
}

function destinationOf(destination: DestinationSpec): FlowLogSettings {
  if (destination.type === 'cloud-watch-logs')
    return { LogDestinationType: destination.type, LogGroupName: destination.logGroup };
  if (destination.type === 'kinesis-data-firehose')
    return { LogDestinationType: destination.type, LogDestination: destination.streamArn };
  const { bucket, prefix, fileFormat, hive, hourly } = destination;
  return {
    LogDestinationType: 's3',
    LogDestination: `arn:aws:s3:::${bucket}${prefix === '' ? '' : `/${prefix}/`}`,
    DestinationOptions: { FileFormat: fileFormat, HiveCompatiblePartitions: hive, PerHourPartition: hourly },
  };
}

function isSame(before: Items['FlowLogs'], wanted: FlowLogSettings): boolean {
  return Object.entries(wanted).every(
    ([name, value]) =>
      JSON.stringify(Object.entries(before).find(([one]) => one === name)?.[1]) === JSON.stringify(value),
  );
}
