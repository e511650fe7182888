/**
 * Public addresses: which are given, and what interface has one.
 *
 * In:    interfaces and elastic addresses. Out: the same, tied and untied.
 * Holds: an association stands at both ends, the interface and the address. Addresses are of 198.18.0.0/15, which RFC 2544
 *        sets aside for tests: no address of somebody else is ever given.
 * Fails: as `gateway-errors.ts` lists them.
 */
import { formatAddress } from '../../network/vpc/addresses.ts';
import type { Resources, WriteContext } from './action.ts';
import { missingParameter } from './errors.ts';
import { itemWithId } from './find-items.ts';
import { gatewayError } from './gateway-errors.ts';
import type { Items } from './items.ts';
import { releaseAddresses } from './network-interfaces.ts';
import type { NetworkInterface } from './network-interfaces.ts';

export type Address = Items['Addresses'];
type Association = NonNullable<NetworkInterface['Association']>;

const FIRST = 0xc612_0000;
const COUNT = 2 ** 17;

/** A public address that nothing of the account and region has. */
export function freePublicAddress({ newId, resources }: WriteContext): string {
  const taken = new Set([
    ...resources.list('Addresses').map(({ PublicIp }) => PublicIp),
    ...resources.list('NetworkInterfaces').map(({ Association: one }) => one?.PublicIp),
  ]);
  const start = Number.parseInt(newId('').slice(0, 8), 16);
  for (let i = 0; i < COUNT; i++) {
    const address = formatAddress({ family: 4, words: [FIRST + ((start + i) % COUNT)] });
    if (!taken.has(address)) return address;
  }
  throw gatewayError('addressesLimit');
}

/** The name that AWS's DNS has for a public address. */
export function publicName(region: string, address: string): string {
  const domain = region === 'us-east-1' ? 'compute-1' : `${region}.compute`;
  return `ec2-${address.replaceAll('.', '-')}.${domain}.amazonaws.com`;
}

/** Ties an elastic address to a private address of an interface. */
export function tieAddress(
  context: WriteContext,
  address: Address,
  item: NetworkInterface,
  privateAddress: string,
): Address {
  const { account, newId, region, resources } = context;
  const { PublicIp: publicIp = '', AllocationId: allocation = '' } = address;
  const association: Association = {
    AllocationId: allocation,
    AssociationId: newId('eipassoc-'),
    IpOwnerId: account,
    PublicDnsName: publicName(region, publicIp),
    PublicIp: publicIp,
  };
  const instance = item.Attachment?.InstanceId;
  const tied: Address = {
    ...address,
    AssociationId: association.AssociationId,
    ...(instance === undefined ? {} : { InstanceId: instance }),
    NetworkInterfaceId: item.NetworkInterfaceId,
    NetworkInterfaceOwnerId: account,
    PrivateIpAddress: privateAddress,
  };
  resources.put('Addresses', tied);
  resources.put('NetworkInterfaces', withAssociation(item, privateAddress, association));
  return tied;
}

/** Unties an elastic address; nothing where it is not tied. */
export function untieAddress(context: WriteContext, address: Address): void {
  const { NetworkInterfaceId: id = '', PrivateIpAddress: privateAddress = '' } = address;
  const item = context.resources.get('NetworkInterfaces', id);
  releaseAddresses(context, id, (one) => one === privateAddress);
  if (item !== undefined) context.resources.put('NetworkInterfaces', withAssociation(item, privateAddress, null));
}

/** An interface with a public address at one of its private ones, or without. */
export function withAssociation(
  item: NetworkInterface,
  privateAddress: string,
  association: Association | null,
): NetworkInterface {
  const changed = <T extends { readonly Association?: Association | undefined }>(of: T): T => {
    const { Association: _before, ...others } = of;
    return (association === null ? others : { ...others, Association: association }) as T;
  };
  const all = item.PrivateIpAddresses?.map((one) => (one.PrivateIpAddress === privateAddress ? changed(one) : one));
  const isPrimary = item.PrivateIpAddress === privateAddress;
  const { PublicDnsName: _name, ...unnamed } = isPrimary ? changed(item) : item;
  const name = isPrimary ? association?.PublicDnsName : item.PublicDnsName;
  return {
    ...unnamed,
    ...(name === undefined ? {} : { PublicDnsName: name }),
    ...(all === undefined ? {} : { PrivateIpAddresses: all }),
  };
}

/** The elastic address that a request names. */
export function addressNamed(
  resources: Resources,
  { AllocationId: id, PublicIp: ip }: { readonly AllocationId?: string; readonly PublicIp?: string },
): Address {
  if (id !== undefined) return itemWithId(resources, 'Addresses', id);
  if (ip === undefined) throw missingParameter('AllocationId');
  const [found] = resources.where('Addresses', 'PublicIp', ip);
  if (found === undefined) throw gatewayError('noAddress', ip);
  return found;
}

/** Whether a service, such as a NAT gateway, has the address. */
export function isOfService(resources: Resources, { NetworkInterfaceId: id = '' }: Address): boolean {
  return resources.get('NetworkInterfaces', id)?.RequesterManaged === true;
}

/** Whether the VPC has a way to the internet. */
export function internetGatewayOf({ resources }: Pick<WriteContext, 'resources'>, vpcId: string): string | null {
  const gateway = resources
    .list('InternetGateways')
    .find(({ Attachments }) => Attachments?.some((one) => one.VpcId === vpcId));
  return gateway?.InternetGatewayId ?? null;
}
