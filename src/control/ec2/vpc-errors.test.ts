import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AssociateSubnetCidrBlockCommand,
  AssociateVpcCidrBlockCommand,
  CreateNetworkInterfaceCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeVpcAttributeCommand,
  DisassociateSubnetCidrBlockCommand,
  DisassociateVpcCidrBlockCommand,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
} from '@aws-sdk/client-ec2';
import type { CreateSubnetCommandInput, CreateVpcCommandInput, EC2Client, Subnet, Vpc } from '@aws-sdk/client-ec2';
import { pretendEc2, REGION } from './ec2.fixture.ts';
import type { Pretended } from './ec2.fixture.ts';
import { factsIn } from './facts.fixture.ts';
import { refusesAll } from './refusals.fixture.ts';
import { VPC_ERRORS } from './vpc-errors.ts';

let ec2: Pretended;
let client: EC2Client;
before(async () => {
  ec2 = await pretendEc2();
  client = ec2.client();
});
after(() => ec2.close());

async function makeVpc(input: CreateVpcCommandInput = { CidrBlock: '10.0.0.0/16' }): Promise<Vpc & { VpcId: string }> {
  const { Vpc: vpc } = await client.send(new CreateVpcCommand(input));
  return { ...vpc, VpcId: vpc?.VpcId ?? assert.fail() };
}

async function makeSubnet(input: CreateSubnetCommandInput): Promise<Subnet & { SubnetId: string }> {
  const { Subnet: subnet } = await client.send(new CreateSubnetCommand(input));
  return { ...subnet, SubnetId: subnet?.SubnetId ?? assert.fail() };
}

test('each row of the table is what a call gets', async () => {
  const { VpcId, CidrBlockAssociationSet } = await makeVpc({
    CidrBlock: '10.0.0.0/16',
    AmazonProvidedIpv6CidrBlock: true,
  });
  const [block = ''] = factsIn(ec2.path)
    .Vpcs.filter((one) => one.VpcId === VpcId)
    .flatMap((one) => one.Ipv6CidrBlockAssociationSet?.map(({ Ipv6CidrBlock }) => Ipv6CidrBlock));
  const six = block.replace('/56', '/64');
  const { SubnetId } = await makeSubnet({ VpcId, CidrBlock: '10.0.0.0/24', Ipv6CidrBlock: six });
  const other = await makeSubnet({ VpcId, CidrBlock: '10.0.1.0/24' });
  await client.send(new CreateNetworkInterfaceCommand({ SubnetId, Ipv6AddressCount: 1 }));
  const full = await makeVpc();
  const added = { AssociationId: 'vpc-cidr-assoc-0f', CidrBlockState: { State: 'associated' } } as const;
  ec2.put('Vpcs', [
    {
      ...factsIn(ec2.path).Vpcs.find((one) => one.VpcId === full.VpcId),
      CidrBlockAssociationSet: Array.from({ length: 50 }, (_, i) => ({ ...added, CidrBlock: `10.${i}.0.0/16` })),
    },
  ]);
  const vpc = (input: CreateVpcCommandInput) => () => client.send(new CreateVpcCommand(input));
  const subnet = (input: Partial<CreateSubnetCommandInput>) => () =>
    client.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.0.7.0/24', ...input }));
  const add =
    (CidrBlock: string, id = VpcId) =>
    () =>
      client.send(new AssociateVpcCidrBlockCommand({ VpcId: id, CidrBlock }));
  const remove = (AssociationId: string) => () => client.send(new DisassociateVpcCidrBlockCommand({ AssociationId }));
  const first = CidrBlockAssociationSet?.[0]?.AssociationId ?? '';
  const more = await client.send(new AssociateVpcCidrBlockCommand({ VpcId, CidrBlock: '10.8.0.0/24' }));
  await makeSubnet({ VpcId, CidrBlock: '10.8.0.0/28' });
  const sixOf = factsIn(ec2.path).Subnets.find((one) => one.SubnetId === SubnetId)?.Ipv6CidrBlockAssociationSet?.[0];
  await refusesAll(VPC_ERRORS, {
    noBlock: [
      [vpc({ CidrBlock: '10.0.0.0' }), 'cidrBlock', '10.0.0.0'],
      [vpc({ CidrBlock: '10.0.0.0/33' }), 'cidrBlock', '10.0.0.0/33'],
      [vpc({ CidrBlock: '::/56' }), 'cidrBlock', '::/56'],
      [subnet({ Ipv6CidrBlock: '10.0.0.0/24' }), 'ipv6CidrBlock', '10.0.0.0/24'],
    ],
    vpcRange: [
      [vpc({ CidrBlock: '10.0.0.0/15' }), '10.0.0.0/15'],
      [vpc({ CidrBlock: '10.0.0.0/29' }), '10.0.0.0/29'],
      [vpc({ CidrBlock: '127.0.0.0/16' }), '127.0.0.0/16'],
      [vpc({ CidrBlock: '224.0.0.0/16' }), '224.0.0.0/16'],
    ],
    vpcOverlap: [[add('10.0.3.0/24'), '10.0.3.0/24', '10.0.0.0/16']],
    tooManyBlocks: [[add('10.99.0.0/16', full.VpcId), full.VpcId, 50]],
    primaryBlock: [[remove(first), first]],
    blockInUse: [
      [remove(more.CidrBlockAssociation?.AssociationId ?? ''), '10.8.0.0/24'],
      [() => client.send(new DisassociateSubnetCidrBlockCommand({ AssociationId: sixOf?.AssociationId })), six],
    ],
    vpcAssociation: [[remove('vpc-cidr-assoc-0'), 'vpc-cidr-assoc-0']],
    subnetAssociation: [
      [
        () => client.send(new DisassociateSubnetCidrBlockCommand({ AssociationId: 'subnet-cidr-assoc-0' })),
        'subnet-cidr-assoc-0',
      ],
    ],
    subnetRange: [
      [subnet({ CidrBlock: '10.1.0.0/24' }), '10.1.0.0/24'],
      [subnet({ CidrBlock: '10.0.0.0/15' }), '10.0.0.0/15'],
      [subnet({ CidrBlock: '10.0.7.0/29' }), '10.0.7.0/29'],
      [subnet({ Ipv6CidrBlock: block.replace('/56', '/62') }), block.replace('/56', '/62')],
    ],
    subnetConflict: [
      [subnet({ CidrBlock: '10.0.0.128/25' }), '10.0.0.128/25'],
      [subnet({ CidrBlock: '10.0.0.0/20' }), '10.0.0.0/20'],
      [subnet({ Ipv6CidrBlock: six }), six],
    ],
    subnetHasBlock: [
      [() => client.send(new AssociateSubnetCidrBlockCommand({ SubnetId, Ipv6CidrBlock: six })), SubnetId],
    ],
    noIpv6Block: [
      [
        () =>
          client.send(
            new ModifySubnetAttributeCommand({
              SubnetId: other.SubnetId,
              AssignIpv6AddressOnCreation: { Value: true },
            }),
          ),
        other.SubnetId,
      ],
    ],
    zone: [[subnet({ AvailabilityZone: 'mars-1a' }), 'mars-1a', `${REGION}a, ${REGION}b, ${REGION}c`]],
    tenancy: [[vpc({ CidrBlock: '10.0.0.0/16', InstanceTenancy: 'host' }), 'host']],
    vpcDependency: [[() => client.send(new DeleteVpcCommand({ VpcId })), VpcId]],
    subnetDependency: [[() => client.send(new DeleteSubnetCommand({ SubnetId })), SubnetId]],
    oneAttribute: [
      [() => client.send(new ModifyVpcAttributeCommand({ VpcId })), ''],
      [
        () =>
          client.send(
            new ModifyVpcAttributeCommand({
              VpcId,
              EnableDnsSupport: { Value: true },
              EnableDnsHostnames: { Value: true },
            }),
          ),
        'EnableDnsHostnames, EnableDnsSupport',
      ],
    ],
    unknownAttribute: [
      [
        () => client.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: 'colour' as 'enableDnsSupport' })),
        'colour',
      ],
    ],
    notHere: [
      [vpc({ CidrBlock: '10.0.0.0/16', Ipv4IpamPoolId: 'ipam-pool-1' }), 'Ipv4IpamPoolId'],
      [subnet({ Ipv6Native: true }), 'Ipv6Native'],
    ],
  });
});
