/**
 * The host's own model (rule P7): one VPC, a subnet for each connected prefix, one group and one ACL that allow all.
 *
 * In:    the host's devices, now and as they come and go. Out: a snapshot, describe-shaped JSON read like every other model.
 * Holds: an interface keeps its number and id for as long as the host id lives; one that has gone stays in the snapshot
 *        but is no longer present. A bridge port is left out when its bridge is an interface.
 * Fails: never; a device without an address is no interface.
 */
import type { HostDevice } from '../../collect/capture/devices.ts';
import { formatCidr, parseCidr } from '../../network/vpc/addresses.ts';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { derivedId } from './option-flow-log.ts';

export type HostModelOptions = {
  readonly hostId: string;
  readonly accountId: string;
  readonly region: string;
};

export type HostModel = {
  readonly snapshot: VpcSnapshot;
  /** Interface numbers that exist now. */
  readonly present: ReadonlySet<number>;
  /** `NAME=eni-…` for every device that is an interface now. */
  readonly devices: readonly (readonly [string, string])[];
};

/** Follows the host's devices. */
export type HostModelFollower = {
  /** The model after a look at the devices; null when nothing changed since the last. */
  look(devices: readonly HostDevice[], atMicros: number): HostModel | null;
};

type Known = { readonly eniId: string; readonly device: HostDevice };

/** A follower that has seen no device yet. */
export function followHost(options: HostModelOptions): HostModelFollower {
  const known = new Map<string, Known>();
  let seen = '';
  let version = 0;
  return {
    look(devices, atMicros) {
      const present = devices.filter((device) => isInterface(device, devices));
      const state = JSON.stringify(present);
      if (state === seen) return null;
      seen = state;
      for (const device of present) {
        const key = `${device.name} ${device.mac ?? ''}`;
        known.set(key, { eniId: derivedId('eni', options.hostId, key), device });
      }
      const model = readModel([{ name: 'this host', json: describe(options, [...known.values()]) }]);
      const snapshot = compileSnapshot(model, { version: ++version, atMicros });
      const ids = new Set(
        present.map((device) => derivedId('eni', options.hostId, `${device.name} ${device.mac ?? ''}`)),
      );
      return {
        snapshot: { ...snapshot, vpcs: snapshot.vpcs.map((vpc) => ({ ...vpc, hidesNeverLogged: false })) },
        present: new Set(snapshot.interfaces.filter(({ id }) => ids.has(id)).map(({ number }) => number)),
        devices: [...known.values()]
          .filter(({ eniId }) => ids.has(eniId))
          .map(({ eniId, device }) => [device.name, eniId]),
      };
    },
  };
}

function isInterface(device: HostDevice, all: readonly HostDevice[]): boolean {
  if (device.loopback || device.addresses.length === 0) return false;
  const bridge = all.find(({ name }) => name === device.bridge);
  return bridge === undefined || bridge.addresses.length === 0;
}

function describe(options: HostModelOptions, interfaces: readonly Known[]): unknown {
  const { accountId, region, hostId } = options;
  const vpcId = derivedId('vpc', hostId);
  const groupId = derivedId('sg', hostId);
  const aclId = derivedId('acl', hostId);
  const prefixes = new Map<string, string>();
  const described = interfaces.map(({ eniId, device }) => {
    const [first] = device.addresses;
    const prefix = network(first!.address, first!.prefixLength);
    prefixes.set(prefix, derivedId('subnet', hostId, prefix));
    const v4 = device.addresses.filter(({ family }) => family === 4).map(({ address }) => address);
    const v6 = device.addresses.filter(({ family }) => family === 6).map(({ address }) => address);
    return {
      NetworkInterfaceId: eniId,
      OwnerId: accountId,
      VpcId: vpcId,
      SubnetId: prefixes.get(prefix),
      AvailabilityZone: `${region}a`,
      InterfaceType: 'interface',
      SourceDestCheck: false,
      ...(device.mac === null ? {} : { MacAddress: device.mac }),
      ...(v4.length === 0 ? {} : { PrivateIpAddress: v4[0] }),
      PrivateIpAddresses: v4.map((address, at) => ({ PrivateIpAddress: address, Primary: at === 0 })),
      Ipv6Addresses: v6.map((address) => ({ Ipv6Address: address })),
      Groups: [{ GroupId: groupId, GroupName: 'this-host' }],
    };
  });
  const everything = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] };
  const entry = (egress: boolean, number: number, cidr: object): object => ({
    Egress: egress,
    RuleNumber: number,
    Protocol: '-1',
    RuleAction: 'allow',
    ...cidr,
  });
  const cidrs = [...prefixes.keys()];
  return {
    Vpcs: [
      {
        VpcId: vpcId,
        OwnerId: accountId,
        CidrBlockAssociationSet: cidrs.filter((cidr) => !cidr.includes(':')).map((CidrBlock) => ({ CidrBlock })),
        Ipv6CidrBlockAssociationSet: cidrs
          .filter((cidr) => cidr.includes(':'))
          .map((Ipv6CidrBlock) => ({ Ipv6CidrBlock })),
      },
    ],
    Subnets: cidrs.map((cidr) => ({
      SubnetId: prefixes.get(cidr),
      VpcId: vpcId,
      OwnerId: accountId,
      AvailabilityZone: `${region}a`,
      ...(cidr.includes(':') ? { Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: cidr }] } : { CidrBlock: cidr }),
    })),
    NetworkInterfaces: described,
    SecurityGroups: [
      {
        GroupId: groupId,
        VpcId: vpcId,
        OwnerId: accountId,
        GroupName: 'this-host',
        IpPermissions: [everything],
        IpPermissionsEgress: [everything],
      },
    ],
    NetworkAcls: [
      {
        NetworkAclId: aclId,
        VpcId: vpcId,
        OwnerId: accountId,
        IsDefault: true,
        Associations: [],
        Entries: [false, true].flatMap((egress) => [
          entry(egress, 100, { CidrBlock: '0.0.0.0/0' }),
          entry(egress, 101, { Ipv6CidrBlock: '::/0' }),
        ]),
      },
    ],
  };
}

/** The connected prefix of an address, host bits cleared. */
function network(address: string, bits: number): string {
  return formatCidr(parseCidr(`${address}/${bits}`)!);
}
