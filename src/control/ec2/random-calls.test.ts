import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ACTIONS } from './actions/list.ts';
import { ACCOUNT, OTHER_ACCOUNT, pretendEc2, REGION } from './ec2.fixture.ts';
import type { Pretended } from './ec2.fixture.ts';
import { assertWhole, factsIn } from './facts.fixture.ts';
import { membersOf, operationShapes } from './shapes.ts';
import type { Type } from './shapes.ts';

/** Takes what a sequence was given, one number after the other. */
type Draw = <T>(from: readonly T[]) => T;
type Call = { readonly action: string; readonly parameters: Readonly<Record<string, string>> };

/** Ids that answers have shown, by what they begin with; and one that is nobody's. */
class Pool {
  readonly #ids = new Map<string, string[]>();

  learn(text: string): void {
    for (const [id] of text.matchAll(/\b[a-z]+(?:-[a-z]+)*-[\da-f]{17}\b/g)) {
      const prefix = id.slice(0, -17);
      const known = this.#ids.get(prefix) ?? [];
      if (!known.includes(id)) this.#ids.set(prefix, [...known, id]);
    }
  }

  pick(prefix: string, draw: Draw): string {
    // The last ones are still there most likely.
    const known = (this.#ids.get(prefix) ?? []).slice(-4);
    return draw([...known, ...known, ...known, `${prefix}0`]);
  }
}

const BLOCKS = ['10.0.0.0/16', '10.1.0.0/16', '10.0.0.0/20', '10.0.16.0/24', '10.0.17.0/28', '10.1.1.0/24'];
const ADDRESSES = ['10.0.0.9', '10.0.16.5', '10.0.16.6', '10.1.1.20', '10.0.17.4'];
const RANGES = ['0.0.0.0/0', '10.0.0.0/8', '192.0.2.0/24'];

/** What makes and unmakes networks, with parameters that may well fit. */
const OPERATIONS: readonly ((id: (prefix: string) => string, draw: Draw) => Call)[] = [
  (_, draw) => ({ action: 'CreateVpc', parameters: { CidrBlock: draw(BLOCKS.slice(0, 2)) } }),
  (id, draw) => ({ action: 'CreateSubnet', parameters: { VpcId: id('vpc-'), CidrBlock: draw(BLOCKS) } }),
  (id) => ({ action: 'DeleteVpc', parameters: { VpcId: id('vpc-') } }),
  (id) => ({ action: 'DeleteSubnet', parameters: { SubnetId: id('subnet-') } }),
  (id, draw) => ({
    action: 'AssociateVpcCidrBlock',
    parameters: {
      VpcId: id('vpc-'),
      ...draw<Record<string, string>>([{ AmazonProvidedIpv6CidrBlock: 'true' }, { CidrBlock: '10.9.0.0/24' }]),
    },
  }),
  (id) => ({ action: 'DisassociateVpcCidrBlock', parameters: { AssociationId: id('vpc-cidr-assoc-') } }),
  (id, draw) => ({
    action: 'CreateSecurityGroup',
    parameters: { VpcId: id('vpc-'), GroupName: draw(['a', 'b', 'c']), GroupDescription: 'd' },
  }),
  (id) => ({ action: 'DeleteSecurityGroup', parameters: { GroupId: id('sg-') } }),
  ...['AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress', 'RevokeSecurityGroupIngress'].flatMap(
    (action): typeof OPERATIONS => [
      (id, draw) => ({
        action,
        parameters: {
          GroupId: id('sg-'),
          'IpPermissions.1.IpProtocol': '-1',
          'IpPermissions.1.IpRanges.1.CidrIp': draw(RANGES),
        },
      }),
      (id) => ({
        action,
        parameters: {
          GroupId: id('sg-'),
          'IpPermissions.1.IpProtocol': '-1',
          'IpPermissions.1.Groups.1.GroupId': id('sg-'),
        },
      }),
    ],
  ),
  (id) => ({
    action: 'RevokeSecurityGroupEgress',
    parameters: { GroupId: id('sg-'), 'SecurityGroupRuleId.1': id('sgr-') },
  }),
  (id, draw) => ({
    action: 'ModifySecurityGroupRules',
    parameters: {
      GroupId: id('sg-'),
      'SecurityGroupRule.1.SecurityGroupRuleId': id('sgr-'),
      'SecurityGroupRule.1.SecurityGroupRule.IpProtocol': '-1',
      ...draw<Record<string, string>>([
        { 'SecurityGroupRule.1.SecurityGroupRule.CidrIpv4': draw(RANGES) },
        { 'SecurityGroupRule.1.SecurityGroupRule.ReferencedGroupId': id('sg-') },
      ]),
    },
  }),
  (id) => ({ action: 'CreateNetworkAcl', parameters: { VpcId: id('vpc-') } }),
  (id) => ({ action: 'DeleteNetworkAcl', parameters: { NetworkAclId: id('acl-') } }),
  ...['CreateNetworkAclEntry', 'ReplaceNetworkAclEntry', 'DeleteNetworkAclEntry'].map(
    (action): (typeof OPERATIONS)[number] =>
      (id, draw) => ({
        action,
        parameters: {
          NetworkAclId: id('acl-'),
          RuleNumber: draw(['100', '200', '32767']),
          Egress: draw(['true', 'false']),
          ...(action === 'DeleteNetworkAclEntry'
            ? {}
            : { Protocol: '-1', RuleAction: 'allow', CidrBlock: draw(RANGES) }),
        },
      }),
  ),
  (id) => ({
    action: 'ReplaceNetworkAclAssociation',
    parameters: { AssociationId: id('aclassoc-'), NetworkAclId: id('acl-') },
  }),
  (id, draw) => ({
    action: 'CreateNetworkInterface',
    parameters: {
      SubnetId: id('subnet-'),
      ...draw<Record<string, string>>([{}, { PrivateIpAddress: draw(ADDRESSES) }, { 'SecurityGroupId.1': id('sg-') }]),
    },
  }),
  (id) => ({ action: 'DeleteNetworkInterface', parameters: { NetworkInterfaceId: id('eni-') } }),
  (id) => ({
    action: 'ModifyNetworkInterfaceAttribute',
    parameters: { NetworkInterfaceId: id('eni-'), 'SecurityGroupId.1': id('sg-') },
  }),
  (id, draw) => ({
    action: draw(['AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses']),
    parameters: { NetworkInterfaceId: id('eni-'), 'PrivateIpAddress.1': draw(ADDRESSES) },
  }),
  (id, draw) => ({
    action: 'AttachNetworkInterface',
    parameters: { NetworkInterfaceId: id('eni-'), InstanceId: id('i-'), DeviceIndex: draw(['1', '2']) },
  }),
  (id) => ({ action: 'DetachNetworkInterface', parameters: { AttachmentId: id('eni-attach-') } }),
  (id) => ({
    action: 'CreateFlowLogs',
    parameters: {
      ResourceType: 'NetworkInterface',
      'ResourceId.1': id('eni-'),
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::local',
    },
  }),
  (id) => ({
    action: 'RunInstances',
    parameters: { SubnetId: id('subnet-'), MinCount: '1', MaxCount: '1', ImageId: 'ami-0a', InstanceType: 't3.micro' },
  }),
  (id) => ({ action: 'TerminateInstances', parameters: { 'InstanceId.1': id('i-') } }),
  () => ({ action: 'CreateInternetGateway', parameters: {} }),
  (id, draw) => ({
    action: draw(['AttachInternetGateway', 'DetachInternetGateway']),
    parameters: { InternetGatewayId: id('igw-'), VpcId: id('vpc-') },
  }),
  (id) => ({ action: 'DeleteInternetGateway', parameters: { InternetGatewayId: id('igw-') } }),
  () => ({ action: 'AllocateAddress', parameters: { Domain: 'vpc' } }),
  (id) => ({
    action: 'AssociateAddress',
    parameters: { AllocationId: id('eipalloc-'), NetworkInterfaceId: id('eni-') },
  }),
  (id) => ({ action: 'DisassociateAddress', parameters: { AssociationId: id('eipassoc-') } }),
  (id) => ({ action: 'ReleaseAddress', parameters: { AllocationId: id('eipalloc-') } }),
  (id) => ({ action: 'CreateNatGateway', parameters: { SubnetId: id('subnet-'), ConnectivityType: 'private' } }),
  (id) => ({ action: 'DeleteNatGateway', parameters: { NatGatewayId: id('nat-') } }),
  (id) => ({ action: 'CreateRouteTable', parameters: { VpcId: id('vpc-') } }),
  (id) => ({ action: 'DeleteRouteTable', parameters: { RouteTableId: id('rtb-') } }),
  (id) => ({ action: 'AssociateRouteTable', parameters: { RouteTableId: id('rtb-'), SubnetId: id('subnet-') } }),
  (id) => ({ action: 'DisassociateRouteTable', parameters: { AssociationId: id('rtbassoc-') } }),
  (id, draw) => ({
    action: 'CreateRoute',
    parameters: {
      RouteTableId: id('rtb-'),
      DestinationCidrBlock: draw(['0.0.0.0/0', '172.16.0.0/16']),
      ...draw<Record<string, string>>([
        { GatewayId: id('igw-') },
        { NatGatewayId: id('nat-') },
        { NetworkInterfaceId: id('eni-') },
        { VpcPeeringConnectionId: id('pcx-') },
      ]),
    },
  }),
  (id) => ({ action: 'CreateVpcPeeringConnection', parameters: { VpcId: id('vpc-'), PeerVpcId: id('vpc-') } }),
  (id, draw) => ({
    action: draw(['AcceptVpcPeeringConnection', 'DeleteVpcPeeringConnection']),
    parameters: { VpcPeeringConnectionId: id('pcx-') },
  }),
];

/** Calls that show ids which no answer of a Create has. */
const LOOKS = ['DescribeNetworkAcls', 'DescribeRouteTables', 'DescribeSecurityGroupRules', 'DescribeNetworkInterfaces'];

const form = ({ action, parameters }: Call): string =>
  new URLSearchParams({ Action: action, Version: '2016-11-15', ...parameters }).toString();

function drawFrom(numbers: readonly number[]): Draw {
  let at = 0;
  return (from) => from[(numbers[at++ % numbers.length] ?? 0) % from.length]!;
}

/** Calls one after the other; what an answer names can be used by the next. */
async function run(ec2: Pretended, pool: Pool, calls: Iterable<Call>): Promise<number> {
  let done = 0;
  for (const call of calls) {
    const { status, body } = await ec2.send(form(call));
    assert.ok(status < 500, `${form(call)}: ${body}`);
    if (status === 200) {
      done++;
      pool.learn(body);
    }
  }
  return done;
}

function* callsOf(
  pool: Pool,
  steps: readonly { readonly op: number; readonly numbers: readonly number[] }[],
): Generator<Call> {
  const begin = drawFrom([0]);
  for (const op of [0, 1, 6, 16]) yield OPERATIONS[op]!((prefix) => pool.pick(prefix, begin), begin);
  for (const [i, { op, numbers }] of steps.entries()) {
    if (i % 20 === 0) for (const action of LOOKS) yield { action, parameters: {} };
    const draw = drawFrom(numbers);
    yield OPERATIONS[op % OPERATIONS.length]!((prefix) => pool.pick(prefix, draw), draw);
  }
}

test('whatever is made and unmade in whatever order, no call is an error of ours and nothing names what is gone', async () => {
  const step = fc.record({ op: fc.nat(10_000), numbers: fc.array(fc.nat(10_000), { minLength: 8, maxLength: 8 }) });
  let calls = 0;
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 120, size: 'max' }), async (steps) => {
      const ec2 = await pretendEc2();
      try {
        const pool = new Pool();
        calls += steps.length;
        done += await run(ec2, pool, callsOf(pool, steps));
        assertWhole(factsIn(ec2.path));
      } finally {
        await ec2.close();
      }
    }),
    // Making a sequence shorter takes minutes: the seed that is printed does it, without `endOnFailure`.
    { numRuns: 12, endOnFailure: true },
  );
  // A sequence in which all is refused tells nothing.
  assert.ok(done > calls / 4, `${done} of ${calls} calls did something`);
});

/** Values that members of such a name may have. */
function valueFor(name: string, type: Type, pool: Pool, draw: Draw): string {
  if (type.kind === 'boolean') return draw(['true', 'false', 'maybe']);
  if (type.kind === 'number') return draw(['0', '1', '-1', '22', '443', '65535', '999999999', 'x']);
  if (type.kind === 'time') return draw(['2026-11-30T00:00:00Z', 'soon']);
  if (/Cidr/.test(name)) return draw([...BLOCKS, ...RANGES, '::/0', 'fd00::/56', '10.0.0.0', '300.0.0.0/8', '']);
  if (/Address/.test(name)) return draw([...ADDRESSES, '::1', 'fd00::5', '10.0.0', '']);
  if (/Protocol/.test(name)) return draw(['tcp', 'udp', 'icmp', 'icmpv6', '-1', '6', '47', 'x']);
  if (/(?:Id|Ids)$/.test(name))
    return pool.pick(
      draw(['vpc-', 'subnet-', 'sg-', 'sgr-', 'acl-', 'aclassoc-', 'eni-', 'rtb-', 'igw-', 'pcx-', 'i-', 'nat-']),
      draw,
    );
  return draw([
    '',
    'a',
    'default',
    'true',
    ACCOUNT,
    OTHER_ACCOUNT,
    REGION,
    '\u0000',
    '<&>"',
    'ü',
    '*',
    'x'.repeat(300),
  ]);
}

function addParameters(
  into: Record<string, string>,
  path: string,
  name: string,
  type: Type,
  pool: Pool,
  draw: Draw,
): void {
  if (type.kind === 'list') {
    if (draw([0, 0, 0, 1]) === 1) into[path] = '';
    else for (let i = 1; i <= draw([1, 1, 2]); i++) addParameters(into, `${path}.${i}`, name, type.of, pool, draw);
  } else if (type.kind === 'structure') {
    for (const member of membersOf(type.shape))
      if (member.required || draw([0, 0, 1]) === 1)
        addParameters(into, `${path}.${member.query}`, member.name, member.type, pool, draw);
  } else into[path] = valueFor(name, type, pool, draw);
}

test('no call that its operation’s shape allows is an error of ours', async () => {
  const names = ACTIONS.filter(({ service }) => service === 'ec2').map(({ name }) => name);
  const ec2 = await pretendEc2();
  try {
    const pool = new Pool();
    const begin = drawFrom([0]);
    for (const op of [0, 1, 6, 16])
      await run(ec2, pool, [OPERATIONS[op]!((prefix) => pool.pick(prefix, begin), begin)]);
    const numbers = fc.array(fc.nat(10_000), { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), numbers, async (action, given) => {
        const draw = drawFrom(given);
        const parameters: Record<string, string> = {};
        for (const member of membersOf(operationShapes(action).request))
          if (member.query !== 'DryRun' && (member.required || draw([0, 0, 0, 1]) === 1))
            addParameters(parameters, member.query, member.name, member.type, pool, draw);
        await run(ec2, pool, [{ action, parameters }]);
      }),
      { numRuns: 1500, endOnFailure: true },
    );
    assertWhole(factsIn(ec2.path));
  } finally {
    await ec2.close();
  }
});
