/**
 * Makes a network with many groups, for questions about rules.
 *
 * In:    how many groups, a seed. Out: a snapshot: 20 rules in each group, as many interfaces as groups, each in one to five,
 *        subnets of 50 with an ACL of ten entries each way.
 * Holds: the same seed gives the same network. A third of the questions that `pairs` makes are allowed.
 */
import { compileSnapshot, readModel } from '../../src/network/vpc/model.ts';
import type { VpcSnapshot } from '../../src/network/vpc/snapshot.ts';
import { createRandom } from './random.ts';

const RULES_EACH = 20;
const SUBNET_SIZE = 50;
const PORTS = [22, 80, 443, 3306, 5432, 6379, 8080, 9200];
const VPC = 'vpc-bench';

/** Two interfaces of the network, and a port. */
export type Question = { readonly from: string; readonly to: string; readonly port: number };

const textOf = (number: number): string => `10.${number >>> 14}.${(number >>> 6) & 255}.${10 + (number & 63)}`;

/** The network. */
export function groupedNetwork(groups: number, seed: number): VpcSnapshot {
  const random = createRandom(seed);
  const groupId = (number: number): string => `sg-${number}`;
  const subnets = Math.ceil(groups / SUBNET_SIZE);
  const held = Array.from({ length: groups }, (_, number) => {
    const subnet = Math.floor(number / SUBNET_SIZE);
    const address = textOf(subnet * 64 + (number % SUBNET_SIZE));
    const own = [number, ...Array.from({ length: random.below(5) }, () => random.below(groups))];
    return {
      NetworkInterfaceId: `eni-${number}`,
      VpcId: VPC,
      SubnetId: `subnet-${subnet}`,
      PrivateIpAddress: address,
      PrivateIpAddresses: [{ PrivateIpAddress: address }],
      Groups: [...new Set(own)].map((one) => ({ GroupId: groupId(one) })),
    };
  });
  const rules = Array.from({ length: groups * RULES_EACH }, (_, number) => {
    const place = number % RULES_EACH;
    const port = PORTS[random.below(PORTS.length)]!;
    const kind = random.below(10);
    const peer =
      kind < 5
        ? { ReferencedGroupInfo: { GroupId: groupId(random.below(groups)) } }
        : { CidrIpv4: kind < 7 ? '10.0.0.0/8' : `10.${random.below(4)}.${random.below(256)}.0/24` };
    const isOut = place === 0;
    return {
      SecurityGroupRuleId: `sgr-${number}`,
      GroupId: groupId(Math.floor(number / RULES_EACH)),
      IsEgress: isOut,
      IpProtocol: isOut ? '-1' : 'tcp',
      FromPort: isOut ? -1 : port,
      ToPort: isOut ? -1 : port,
      ...(isOut ? { CidrIpv4: '0.0.0.0/0' } : peer),
    };
  });
  const entries = [true, false].flatMap((Egress) => [
    ...Array.from({ length: 9 }, (_, i) => ({
      RuleNumber: 10 * (i + 1),
      Egress,
      RuleAction: 'deny',
      Protocol: '6',
      CidrBlock: `192.168.${i}.0/24`,
      PortRange: { From: 1000 * i, To: 1000 * i + 99 },
    })),
    { RuleNumber: 100, Egress, RuleAction: 'allow', Protocol: '-1', CidrBlock: '0.0.0.0/0' },
  ]);
  const numbers = Array.from({ length: subnets }, (_, subnet) => subnet);
  const json = {
    Vpcs: [{ VpcId: VPC, CidrBlock: '10.0.0.0/8' }],
    Subnets: numbers.map((subnet) => ({
      SubnetId: `subnet-${subnet}`,
      VpcId: VPC,
      CidrBlock: `10.${(subnet * 64) >>> 14}.${((subnet * 64) >>> 6) & 255}.0/24`,
    })),
    NetworkAcls: numbers.map((subnet) => ({
      NetworkAclId: `acl-${subnet}`,
      VpcId: VPC,
      Associations: [{ SubnetId: `subnet-${subnet}` }],
      Entries: entries,
    })),
    NetworkInterfaces: held,
    SecurityGroups:
      numbers.length === 0 ? [] : Array.from({ length: groups }, (_, one) => ({ GroupId: groupId(one), VpcId: VPC })),
    SecurityGroupRules: rules,
  };
  return compileSnapshot(readModel([{ name: 'groups', json }]), { version: 1, atMicros: 0 });
}

/** Questions about it. */
export function pairs(groups: number, count: number, seed: number): Question[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const from = random.below(groups);
    const to = (from + 1 + random.below(groups - 1)) % groups;
    return { from: `eni-${from}`, to: `eni-${to}`, port: PORTS[random.below(PORTS.length)]! };
  });
}
