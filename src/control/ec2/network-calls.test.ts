/** Random sequences of calls for what lies around subnets: gateways, routes, peering, instances, endpoints, lists. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { ACCOUNT, OTHER_ACCOUNT, pretendEc2, REGION } from './ec2.fixture.ts';
import { assertWhole, factsIn } from './facts.fixture.ts';

/** Gives one of the ids with a prefix that were ever told, gone ones too; one that never was where there is none. */
type Pick = (prefix: string) => string;
type Call = (pick: Pick, number: number) => object;

const BLOCKS = ['10.0.0.0/16', '10.1.0.0/16', '10.2.0.0/16'];
const DESTINATIONS = ['0.0.0.0/0', '10.1.0.0/16', '10.0.7.0/24', '192.0.2.0/24'];
const TARGETS = [
  ['GatewayId', 'igw-'],
  ['NatGatewayId', 'nat-'],
  ['NetworkInterfaceId', 'eni-'],
  ['InstanceId', 'i-'],
  ['VpcPeeringConnectionId', 'pcx-'],
] as const;
const of = <T>(list: readonly T[], number: number): T => list[number % list.length]!;

const target = (pick: Pick, number: number): object => {
  const [member, prefix] = of(TARGETS, number);
  return { RouteTableId: pick('rtb-'), DestinationCidrBlock: of(DESTINATIONS, number >> 3), [member]: pick(prefix) };
};

/** Without tables for what comes in by a gateway: the model says that it does not follow these. */
const CALLS: readonly Call[] = [
  (_, n) => new sdk.CreateVpcCommand({ CidrBlock: of(BLOCKS, n) }),
  (pick) => new sdk.DeleteVpcCommand({ VpcId: pick('vpc-') }),
  (pick, n) => new sdk.CreateSubnetCommand({ VpcId: pick('vpc-'), CidrBlock: `10.${n % 3}.${n % 5}.0/24` }),
  (pick) => new sdk.DeleteSubnetCommand({ SubnetId: pick('subnet-') }),
  (pick) => new sdk.CreateNetworkInterfaceCommand({ SubnetId: pick('subnet-') }),
  (pick) => new sdk.DeleteNetworkInterfaceCommand({ NetworkInterfaceId: pick('eni-') }),
  (pick, n) =>
    new sdk.AttachNetworkInterfaceCommand({
      NetworkInterfaceId: pick('eni-'),
      InstanceId: pick('i-'),
      DeviceIndex: 1 + (n % 3),
    }),
  (pick) => new sdk.DetachNetworkInterfaceCommand({ AttachmentId: pick('eni-attach-') }),
  (pick, n) =>
    new sdk.RunInstancesCommand({ ImageId: 'ami-0', MinCount: 1, MaxCount: 1 + (n % 2), SubnetId: pick('subnet-') }),
  (pick) =>
    new sdk.RunInstancesCommand({
      ImageId: 'ami-0',
      MinCount: 1,
      MaxCount: 1,
      NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: pick('eni-') }],
    }),
  (pick) => new sdk.TerminateInstancesCommand({ InstanceIds: [pick('i-')] }),
  () => new sdk.CreateInternetGatewayCommand({}),
  (pick) => new sdk.AttachInternetGatewayCommand({ InternetGatewayId: pick('igw-'), VpcId: pick('vpc-') }),
  (pick) => new sdk.DetachInternetGatewayCommand({ InternetGatewayId: pick('igw-'), VpcId: pick('vpc-') }),
  (pick) => new sdk.DeleteInternetGatewayCommand({ InternetGatewayId: pick('igw-') }),
  () => new sdk.AllocateAddressCommand({}),
  (pick) => new sdk.AssociateAddressCommand({ AllocationId: pick('eipalloc-'), NetworkInterfaceId: pick('eni-') }),
  (pick) => new sdk.DisassociateAddressCommand({ AssociationId: pick('eipassoc-') }),
  (pick) => new sdk.ReleaseAddressCommand({ AllocationId: pick('eipalloc-') }),
  (pick, n) =>
    new sdk.CreateNatGatewayCommand({
      SubnetId: pick('subnet-'),
      ...(n % 3 === 0 ? { ConnectivityType: 'private' } : { AllocationId: pick('eipalloc-') }),
    }),
  (pick) => new sdk.DeleteNatGatewayCommand({ NatGatewayId: pick('nat-') }),
  (pick) => new sdk.CreateRouteTableCommand({ VpcId: pick('vpc-') }),
  (pick) => new sdk.DeleteRouteTableCommand({ RouteTableId: pick('rtb-') }),
  (pick, n) => new sdk.CreateRouteCommand(target(pick, n) as sdk.CreateRouteCommandInput),
  (pick, n) => new sdk.ReplaceRouteCommand(target(pick, n) as sdk.ReplaceRouteCommandInput),
  (pick, n) => new sdk.DeleteRouteCommand({ RouteTableId: pick('rtb-'), DestinationCidrBlock: of(DESTINATIONS, n) }),
  (pick) => new sdk.AssociateRouteTableCommand({ RouteTableId: pick('rtb-'), SubnetId: pick('subnet-') }),
  (pick) =>
    new sdk.ReplaceRouteTableAssociationCommand({ AssociationId: pick('rtbassoc-'), RouteTableId: pick('rtb-') }),
  (pick) => new sdk.DisassociateRouteTableCommand({ AssociationId: pick('rtbassoc-') }),
  (pick) => new sdk.CreateVpcPeeringConnectionCommand({ VpcId: pick('vpc-'), PeerVpcId: pick('vpc-') }),
  (pick) =>
    new sdk.CreateVpcPeeringConnectionCommand({
      VpcId: pick('vpc-'),
      PeerVpcId: pick('vpc-'),
      PeerOwnerId: OTHER_ACCOUNT,
    }),
  (pick) => new sdk.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: pick('pcx-') }),
  (pick) => new sdk.RejectVpcPeeringConnectionCommand({ VpcPeeringConnectionId: pick('pcx-') }),
  (pick) => new sdk.DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId: pick('pcx-') }),
  (pick) =>
    new sdk.CreateVpcEndpointCommand({
      VpcId: pick('vpc-'),
      ServiceName: `com.amazonaws.${REGION}.s3`,
      RouteTableIds: [pick('rtb-')],
    }),
  (pick) =>
    new sdk.CreateVpcEndpointCommand({
      VpcId: pick('vpc-'),
      ServiceName: `com.amazonaws.${REGION}.sqs`,
      VpcEndpointType: 'Interface',
      SubnetIds: [pick('subnet-')],
    }),
  (pick) => new sdk.ModifyVpcEndpointCommand({ VpcEndpointId: pick('vpce-'), AddRouteTableIds: [pick('rtb-')] }),
  (pick) => new sdk.ModifyVpcEndpointCommand({ VpcEndpointId: pick('vpce-'), RemoveSubnetIds: [pick('subnet-')] }),
  (pick) => new sdk.DeleteVpcEndpointsCommand({ VpcEndpointIds: [pick('vpce-')] }),
  () =>
    new sdk.CreateManagedPrefixListCommand({
      PrefixListName: 'a list',
      MaxEntries: 3,
      AddressFamily: 'IPv4',
      Entries: [{ Cidr: '192.0.2.0/24' }],
    }),
  (pick) => new sdk.DeleteManagedPrefixListCommand({ PrefixListId: pick('pl-') }),
  (pick) =>
    new sdk.CreateRouteCommand({
      RouteTableId: pick('rtb-'),
      DestinationPrefixListId: pick('pl-'),
      NetworkInterfaceId: pick('eni-'),
    }),
  () => new sdk.CreateDhcpOptionsCommand({ DhcpConfigurations: [{ Key: 'domain-name', Values: ['example.test'] }] }),
  (pick) => new sdk.AssociateDhcpOptionsCommand({ DhcpOptionsId: pick('dopt-'), VpcId: pick('vpc-') }),
  (pick) => new sdk.DeleteDhcpOptionsCommand({ DhcpOptionsId: pick('dopt-') }),
];

const ID = /\b((?:[a-z]+-)+)[\da-f]{17}\b/g;
const step = fc.tuple(fc.nat(CALLS.length - 1), fc.nat(1000), fc.nat(1000), fc.boolean());

test('no sequence of calls leads to an internal error or leaves a reference that leads nowhere', async () => {
  const seen = new Set<string>();
  let succeeded = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 90 }), async (steps) => {
      const ec2 = await pretendEc2();
      const ids = new Map<string, string[]>();
      const send = async (client: EC2Client, command: object): Promise<void> => {
        try {
          const answer = await client.send(command as sdk.DescribeVpcsCommand);
          succeeded++;
          seen.add(command.constructor.name);
          for (const [id, prefix = ''] of JSON.stringify(answer).matchAll(ID)) {
            const known = ids.get(prefix) ?? [];
            if (!known.includes(id)) ids.set(prefix, [...known, id]);
          }
        } catch (error) {
          assert.ok(error instanceof sdk.EC2ServiceException, String(error));
          const words = `${command.constructor.name} ${JSON.stringify(command)}: ${error.name} ${error.message}`;
          assert.ok(!['InternalError', 'Unavailable', 'UnknownParameter'].includes(error.name), words);
        }
      };
      try {
        const [mine, other] = [ec2.client(), ec2.client('other')];
        await send(mine, new sdk.CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
        await send(other, new sdk.CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }));
        await send(mine, new sdk.CreateSubnetCommand({ VpcId: ids.get('vpc-')?.[0], CidrBlock: '10.0.0.0/24' }));
        await send(mine, new sdk.DescribeRouteTablesCommand({}));
        for (const [call, choice, number, byOther] of steps) {
          const pick: Pick = (prefix) => {
            const known = ids.get(prefix) ?? [`${prefix}0`];
            // The newest ones are the likeliest to be there.
            return known.at(-1 - (choice % Math.min(known.length, 3)))!;
          };
          await send(byOther && number % 3 === 0 ? other : mine, CALLS[call]!(pick, number));
        }
        for (const account of [ACCOUNT, OTHER_ACCOUNT]) assertWhole(factsIn(ec2.path, account));
      } finally {
        await ec2.close();
      }
    }),
    { numRuns: 12 },
  );
  assert.ok(succeeded > 100 && seen.size > CALLS.length / 2, `${succeeded} calls, ${seen.size} kinds`);
});
