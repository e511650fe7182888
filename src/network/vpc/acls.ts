/**
 * Network ACLs.
 *
 * In:    items of `NetworkAcls`. Out: entries by direction in order of evaluation, and the subnets that have them.
 * Holds: the last entry of each direction denies all of both families, given or not: EC2 prints it as 32767 for
 *        IPv4 and 32768 for IPv6, a record names it `*` (rule V2).
 * Fails: FG_MODEL_VALUE.
 */
import type { Described } from './described.ts';
import { readProtocol } from './groups.ts';
import type { Cidr } from './snapshot.ts';

const LAST = 32767;

export type AclEntryFact = {
  readonly id: string;
  readonly direction: 'ingress' | 'egress';
  readonly order: number;
  readonly allow: boolean;
  readonly protocol: number;
  readonly fromPort: number;
  readonly toPort: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  readonly cidr: Cidr;
};

export type AclFact = {
  readonly id: string;
  readonly vpcId: string;
  readonly isDefault: boolean;
  readonly subnetIds: readonly string[];
  readonly entries: readonly AclEntryFact[];
};

const EVERYTHING = { protocol: -1, fromPort: 0, toPort: 65535, icmpType: -1, icmpCode: -1 };

function readTraffic(item: Described): typeof EVERYTHING {
  const protocol = readProtocol(item, 'Protocol');
  const all = { ...EVERYTHING, protocol };
  if (protocol === 1 || protocol === 58) {
    const icmp = item.objectOr('IcmpTypeCode', null);
    return {
      ...all,
      icmpType: icmp?.wholeOr('Type', -1, 255, -1) ?? -1,
      icmpCode: icmp?.wholeOr('Code', -1, 255, -1) ?? -1,
    };
  }
  // Ports of other protocols do not count: EC2 API, CreateNetworkAclEntry, November 2024.
  const ports = protocol === 6 || protocol === 17 ? item.objectOr('PortRange', null) : null;
  if (!ports) return all;
  const fromPort = ports.wholeOr('From', 0, 65535, 0);
  return { ...all, fromPort, toPort: ports.wholeOr('To', fromPort, 65535, 65535) };
}

function readEntry(item: Described, aclId: string): AclEntryFact {
  const direction = item.flag('Egress') ? 'egress' : 'ingress';
  const order = item.wholeOr('RuleNumber', 1, 32768, null);
  if (order === null) throw item.wrong('RuleNumber', 'a whole number from 1 to 32768');
  return {
    id: `${aclId}/${direction === 'ingress' ? 'in' : 'out'}/${order}`,
    direction,
    order,
    allow: item.oneOf('RuleAction', ['allow', 'deny']) === 'allow',
    ...readTraffic(item),
    cidr: item.has('Ipv6CidrBlock') ? item.cidr('Ipv6CidrBlock') : item.cidr('CidrBlock'),
  };
}

/** An item of `NetworkAcls`. */
export function readAcl(item: Described): AclFact {
  const id = item.text('NetworkAclId');
  const entries: AclEntryFact[] = [];
  item.each('Entries', (one) => {
    const entry = readEntry(one, id);
    if (entry.order < LAST) entries.push(entry);
  });
  const places = new Map<string, string>();
  for (const [i, entry] of entries.entries()) {
    const before = places.get(entry.id);
    if (before !== undefined)
      throw item.wrong('Entries', `a list where each RuleNumber is once; ${before} has that of [${i}]`);
    places.set(entry.id, `[${i}]`);
  }
  const last = (direction: 'ingress' | 'egress'): AclEntryFact => ({
    id: `${id}/${direction === 'ingress' ? 'in' : 'out'}/*`,
    direction,
    order: LAST,
    allow: false,
    ...EVERYTHING,
    cidr: { family: 4, words: [0], bits: 0 },
  });
  return {
    id,
    vpcId: item.textOr('VpcId', ''),
    isDefault: item.flag('IsDefault'),
    subnetIds: item.objects('Associations').map((one) => one.text('SubnetId')),
    entries: [...entries.sort((a, b) => a.order - b.order), last('ingress'), last('egress')],
  };
}
