/**
 * Elastic network interfaces as they are described.
 *
 * In:    items of `NetworkInterfaces`. Out: addresses, groups and what is printed of them.
 * Holds: the primary private IPv4 address comes first. Public addresses stand apart: inside a VPC no packet has them.
 * Fails: FG_MODEL_VALUE.
 */
import type { Described } from './described.ts';
import type { Address, Cidr, Tags } from './snapshot.ts';

export type InterfaceFact = {
  readonly id: string;
  readonly ownerId: string | null;
  readonly vpcId: string | null;
  readonly subnetId: string | null;
  readonly zone: string | null;
  readonly zoneId: string | null;
  readonly outpostArn: string | null;
  readonly kind: string;
  readonly requesterManaged: boolean;
  readonly instanceId: string | null;
  readonly description: string;
  readonly primary4: number | null;
  readonly addresses: readonly Address[];
  readonly prefixes: readonly Cidr[];
  readonly translations: readonly { readonly private4: number; readonly public4: number }[];
  readonly mac: string | null;
  readonly groupIds: readonly string[];
  readonly sourceDestCheck: boolean;
  readonly tags: Tags;
};

/** Kinds that take no groups (rule V1). */
const WITHOUT_GROUPS = new Set(['nat_gateway', 'transit_gateway', 'gateway_load_balancer']);

function readMac(item: Described): string | null {
  const text = item.textOr('MacAddress', null);
  if (text === null) return null;
  const mac = text.toLowerCase().replaceAll('-', ':');
  if (!/^[\da-f]{2}(:[\da-f]{2}){5}$/.test(mac)) throw item.wrong('MacAddress', 'six bytes such as 0a:1b:2c:3d:4e:5f');
  return mac;
}

function family(address: Address, wanted: 4 | 6, item: Described, key: string): Address {
  if (address.family !== wanted) throw item.wrong(key, `an IPv${wanted} address`);
  return address;
}

function readAddresses(item: Described): { primary4: number | null; addresses: Address[] } {
  const listed = item.objects('PrivateIpAddresses');
  const privates = listed.map((entry) => ({
    address: family(entry.address('PrivateIpAddress'), 4, entry, 'PrivateIpAddress'),
    primary: entry.flag('Primary'),
  }));
  const named = item.has('PrivateIpAddress')
    ? family(item.address('PrivateIpAddress'), 4, item, 'PrivateIpAddress')
    : null;
  const primary = named ?? (privates.find((entry) => entry.primary) ?? privates[0])?.address ?? null;
  const same = (address: Address): boolean => address.words[0] === primary?.words[0];
  const six = item
    .objects('Ipv6Addresses')
    .map((entry) => family(entry.address('Ipv6Address'), 6, entry, 'Ipv6Address'));
  if (item.has('Ipv6Address')) six.unshift(family(item.address('Ipv6Address'), 6, item, 'Ipv6Address'));
  const others = privates.map((entry) => entry.address).filter((address) => !same(address));
  const all = [...(primary ? [primary] : []), ...others, ...six];
  const texts = all.map((address) => address.words.join(' '));
  return {
    primary4: primary?.words[0] ?? null,
    addresses: all.filter((_, position) => texts.indexOf(texts[position] ?? '') === position),
  };
}

function readTranslations(item: Described): InterfaceFact['translations'] {
  const listed = item.objects('PrivateIpAddresses');
  return (listed.length > 0 ? listed : [item]).flatMap((entry) => {
    const association = entry.objectOr('Association', null);
    if (!association?.has('PublicIp') || !entry.has('PrivateIpAddress')) return [];
    const [private4 = 0] = entry.address('PrivateIpAddress').words;
    const [public4 = 0] = family(association.address('PublicIp'), 4, association, 'PublicIp').words;
    return [{ private4, public4 }];
  });
}

/** An item of `NetworkInterfaces`. */
export function readInterface(item: Described): InterfaceFact {
  const kind = item.textOr('InterfaceType', 'interface').replace('natGateway', 'nat_gateway');
  const attachment = item.objectOr('Attachment', null);
  const zone = item.textOr('AvailabilityZone', null);
  return {
    id: item.text('NetworkInterfaceId'),
    ownerId: item.wordOr('OwnerId', null),
    vpcId: item.textOr('VpcId', null),
    subnetId: item.textOr('SubnetId', null),
    zone,
    zoneId: item.textOr('AvailabilityZoneId', null),
    outpostArn: item.textOr('OutpostArn', null),
    kind,
    requesterManaged: item.flag('RequesterManaged'),
    instanceId: attachment?.textOr('InstanceId', null) ?? null,
    description: item.textOr('Description', ''),
    ...readAddresses(item),
    prefixes: [
      ...item.objects('Ipv4Prefixes').map((entry) => entry.cidr('Ipv4Prefix')),
      ...item.objects('Ipv6Prefixes').map((entry) => entry.cidr('Ipv6Prefix')),
    ],
    translations: readTranslations(item),
    mac: readMac(item),
    groupIds: WITHOUT_GROUPS.has(kind)
      ? []
      : [...new Set(item.objects('Groups').map((group) => group.text('GroupId')))],
    // EC2 leaves the member out nowhere; a model made by hand that does means the default.
    sourceDestCheck: item.has('SourceDestCheck') ? item.flag('SourceDestCheck') : kind !== 'nat_gateway',
    tags: { ...item.tags('Tags'), ...item.tags('TagSet') },
  };
}
