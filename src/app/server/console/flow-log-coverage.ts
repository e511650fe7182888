/**
 * Which interfaces have records, and which have none.
 *
 * In:    a context. Out: places that a flow log can be of, and interfaces with the flow logs that cover them.
 * Holds: as the facts are now. An interface that no host captures has no records of ours, whatever covers it: its device is
 *        told beside.
 */
import type { Covered, CoverageAnswer, CoveredInterface, CoveredPlace } from '../../../api/flow-logs.ts';
import type { Items } from '../../../control/ec2/items.ts';
import { formatAddress, formatCidr } from '../../../network/vpc/addresses.ts';
import type { InterfaceCoverage } from '../../../network/vpc/flow-log-coverage.ts';
import { flowLogCoverage } from '../../../network/vpc/flow-log-coverage.ts';
import type { Cidr, Interface } from '../../../network/vpc/snapshot.ts';
import type { CurrentFacts } from '../../../storage/state/current-facts.ts';
import { openDevices } from '../../../storage/state/devices.ts';
import { HOST_REQUESTER } from '../../collector/host-model.ts';
import type { ConsoleContext } from './context.ts';
import { currentNetwork } from './current-network.ts';

/** Those that lack most come first. */
const ORDER: readonly Covered[] = ['none', 'rejected', 'accepted', 'all'];

/** The answer. */
export function coverageAnswer(context: ConsoleContext): CoverageAnswer {
  const snapshot = currentNetwork(context);
  const { facts } = context.control;
  const coverage = flowLogCoverage(snapshot);
  const names = namesOf(facts);
  const devices = devicesOf(context);
  const there = snapshot.interfaces.slice(1);
  const places = [
    ...snapshot.vpcs.slice(1).map(({ id, cidrs }) =>
      placeOf(
        id,
        'VPC',
        id,
        cidrs,
        null,
        there.filter(({ vpcId }) => vpcId === id),
      ),
    ),
    ...snapshot.subnets.slice(1).map(({ id, vpc, cidrs, azId }) =>
      placeOf(
        id,
        'Subnet',
        snapshot.vpcs[vpc]?.id ?? '',
        cidrs,
        azId,
        there.filter(({ subnetId }) => subnetId === id),
      ),
    ),
  ];

  function placeOf(
    id: string,
    kind: CoveredPlace['kind'],
    vpcId: string,
    cidrs: readonly Cidr[],
    azId: string | null,
    interfaces: readonly Interface[],
  ): CoveredPlace {
    const found = facts.find(kind === 'VPC' ? 'Vpcs' : 'Subnets', id);
    const count = (is: (covered: Covered) => boolean): number =>
      interfaces.filter(({ number }) => is(coverage[number]!.covered)).length;
    return {
      id,
      kind,
      name: names.get(id) ?? null,
      vpcId,
      cidrs: cidrs.map(formatCidr),
      azId,
      account: found?.account ?? '',
      region: found?.region ?? '',
      interfaces: interfaces.length,
      uncovered: count((covered) => covered === 'none'),
      partly: count((covered) => covered === 'accepted' || covered === 'rejected'),
    };
  }

  return {
    places,
    interfaces: there
      .map((one) => interfaceOf(one, coverage[one.number]!, names, devices, facts))
      .toSorted((a, b) => ORDER.indexOf(a.covered) - ORDER.indexOf(b.covered) || (a.id < b.id ? -1 : 1)),
    notUnderstood: snapshot.notUnderstood,
  };
}

function interfaceOf(
  one: Interface,
  { covered, flowLogs }: InterfaceCoverage,
  names: ReadonlyMap<string, string>,
  devices: ReadonlyMap<string, string>,
  facts: CurrentFacts,
): CoveredInterface {
  const { id, vpcId, subnetId, azId, instanceId, kind, addresses } = one;
  const found = facts.find('NetworkInterfaces', id);
  return {
    id,
    name: names.get(id) ?? one.instanceTags['Name'] ?? null,
    vpcId,
    subnetId,
    azId,
    address: addresses[0] === undefined ? null : formatAddress(addresses[0]),
    instanceId,
    kind,
    account: found?.account ?? one.accountId,
    region: found?.region ?? one.region,
    covered,
    flowLogIds: flowLogs.map((log) => log.id),
    device: devices.get(id) ?? null,
  };
}

type Named = { readonly Tags?: Items['Vpcs']['Tags']; readonly TagSet?: Items['Vpcs']['Tags'] };

function namesOf(facts: CurrentFacts): Map<string, string> {
  const names = new Map<string, string>();
  for (const { kind, id, item } of facts.all()) {
    if (kind !== 'Vpcs' && kind !== 'Subnets' && kind !== 'NetworkInterfaces') continue;
    const { Tags, TagSet } = item as Named;
    const name = (Tags ?? TagSet ?? []).find(({ Key }) => Key === 'Name')?.Value;
    if (name) names.set(id, name);
  }
  return names;
}

/** Devices by the id of their interface: those that were attached, and those of the host's own. */
function devicesOf({ control }: ConsoleContext): Map<string, string> {
  const found = new Map<string, string>();
  for (const { kind, id, item } of control.facts.all()) {
    if (kind !== 'NetworkInterfaces') continue;
    const { RequesterId, Description = '' } = item as Items['NetworkInterfaces'];
    if (RequesterId === HOST_REQUESTER) found.set(id, Description);
  }
  for (const { host, device, interfaceId } of openDevices(control.state).list())
    found.set(interfaceId, host === null ? `device ${device} of this host` : `device ${device} of ${host}`);
  return found;
}
