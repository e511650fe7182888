/**
 * The straightforward side of `attribution`: each record, line by line, asked of each rule in turn.
 *
 * In:    MODEL FILE. Out: a line with the records by outcome.
 * Holds: nothing of `src/` is used. Group references and IPv6 are left out: no rejected record of the input needs them.
 */
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

type Permission = {
  IpProtocol: string;
  FromPort?: number;
  ToPort?: number;
  IpRanges: { CidrIp: string }[];
  PrefixListIds: { PrefixListId: string }[];
};
type Model = {
  Subnets: { SubnetId: string; CidrBlock: string }[];
  NetworkInterfaces: { NetworkInterfaceId: string; SubnetId: string; Groups: { GroupId: string }[] }[];
  SecurityGroups: { GroupId: string; IpPermissions: Permission[] }[];
  ManagedPrefixLists: { PrefixListId: string; Entries: { Cidr: string }[] }[];
  NetworkAcls: {
    NetworkAclId: string;
    Associations: { SubnetId: string }[];
    Entries: {
      Egress: boolean;
      RuleNumber: number;
      RuleAction: string;
      Protocol: string;
      CidrBlock?: string;
      PortRange?: { From: number; To: number };
    }[];
  }[];
};

const [modelFile = '', file = ''] = process.argv.slice(2);
const model = JSON.parse(readFileSync(modelFile, 'utf8')) as Model;

function address(text: string): number {
  return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
function block(cidr: string): { low: number; high: number } {
  const [base = '', bits = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  const low = Math.floor(address(base) / size) * size;
  return { low, high: low + size - 1 };
}
const isIn = ({ low, high }: { low: number; high: number }, at: number): boolean => low <= at && at <= high;

const lists = new Map(
  model.ManagedPrefixLists.map((one) => [one.PrefixListId, one.Entries.map(({ Cidr }) => block(Cidr))]),
);
const groups = new Map(
  model.SecurityGroups.map((group) => [
    group.GroupId,
    group.IpPermissions.map((one) => ({
      protocol: one.IpProtocol,
      from: one.FromPort ?? 0,
      to: one.ToPort ?? 65_535,
      blocks: [
        ...one.IpRanges.map(({ CidrIp }) => block(CidrIp)),
        ...one.PrefixListIds.flatMap((list) => lists.get(list.PrefixListId) ?? []),
      ],
    })),
  ]),
);
const subnets = new Map(model.Subnets.map((one) => [one.SubnetId, block(one.CidrBlock)]));
const acls = new Map(
  model.NetworkAcls.flatMap((acl) => {
    const entries = acl.Entries.filter((one) => !one.Egress && one.CidrBlock !== undefined)
      .toSorted((a, b) => a.RuleNumber - b.RuleNumber)
      .map((one) => ({
        ...one,
        block: block(one.CidrBlock!),
        id: `${acl.NetworkAclId}/in/${one.RuleNumber === 32_767 ? '*' : one.RuleNumber}`,
      }));
    return acl.Associations.map(({ SubnetId }) => [SubnetId, entries] as const);
  }),
);
const interfaces = new Map(model.NetworkInterfaces.map((one) => [one.NetworkInterfaceId, one]));

function causeOf(id: string, src: number, dst: number, port: number): string {
  const own = interfaces.get(id)!;
  const subnet = subnets.get(own.SubnetId)!;
  if (!isIn(subnet, src) || !isIn(subnet, dst))
    for (const entry of acls.get(own.SubnetId) ?? []) {
      if (entry.Protocol !== '-1' && entry.Protocol !== '6') continue;
      if (entry.PortRange && (port < entry.PortRange.From || port > entry.PortRange.To)) continue;
      if (!isIn(entry.block, src)) continue;
      if (entry.RuleAction === 'deny') return entry.id;
      break;
    }
  for (const { GroupId } of own.Groups)
    for (const rule of groups.get(GroupId) ?? [])
      if (
        (rule.protocol === '-1' || (rule.protocol === 'tcp' && rule.from <= port && port <= rule.to)) &&
        rule.blocks.some((one) => isIn(one, src))
      )
        return 'admitted';
  return 'default-deny';
}

const counts: Record<string, number> = {};
let isHeader = true;
for await (const line of createInterface({ input: createReadStream(file, { highWaterMark: 1 << 20 }) })) {
  if (!isHeader) {
    const [id = '', src = '', dst = '', , port = ''] = line.split(' ');
    const cause = causeOf(id, address(src), address(dst), Number(port));
    counts[cause] = (counts[cause] ?? 0) + 1;
  }
  isHeader = false;
}
process.stdout.write(`${JSON.stringify({ counts })}\n`);
