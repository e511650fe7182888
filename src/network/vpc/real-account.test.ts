import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSnapshot, readModel } from './model.ts';
import type { VpcSnapshot } from './snapshot.ts';

const compiled = (...parts: readonly object[]): VpcSnapshot =>
  compileSnapshot(readModel(parts.map((json, i) => ({ name: `part ${i}`, json }))), { version: 1, atMicros: 0 });

const place = (vpc: string, account: string, zone: string): object => ({
  Vpcs: [{ VpcId: vpc, OwnerId: account, CidrBlock: '10.0.0.0/16' }],
  Subnets: [{ SubnetId: `subnet-${vpc}`, VpcId: vpc, CidrBlock: '10.0.0.0/24', AvailabilityZone: zone }],
});

test('AWS’s own prefix lists are in two answers, and the one with blocks counts', () => {
  const rule = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, PrefixListIds: [{ PrefixListId: 'pl-1' }] };
  const groups = { SecurityGroups: [{ GroupId: 'sg-1', IpPermissionsEgress: [rule] }] };
  const named = { PrefixLists: [{ PrefixListId: 'pl-1', PrefixListArn: 'arn:aws:ec2:x:aws:prefix-list/pl-1' }] };
  const withBlocks = { PrefixLists: [{ PrefixListId: 'pl-1', Cidrs: ['52.216.0.0/15'] }] };
  const managed = { ManagedPrefixLists: [{ PrefixListId: 'pl-1', OwnerId: 'AWS' }] };
  for (const parts of [
    [named, withBlocks],
    [withBlocks, named],
    [managed, withBlocks],
    [named, { PrefixLists: [{ PrefixListId: 'pl-1', PrefixListName: 'com.amazonaws.x.s3' }] }, withBlocks],
  ]) {
    const { rules, notUnderstood } = compiled(groups, ...parts);
    const peer = rules[1]?.peer;
    assert.ok(peer?.kind === 'prefix-list');
    assert.equal(peer.entries[0]?.bits, 15);
    assert.deepEqual(notUnderstood, []);
  }
});

test('Block Public Access is that of the VPC’s own account and region', () => {
  const block = (account: string, region: string, mode: string): object => ({
    AwsAccountId: account,
    AwsRegion: region,
    InternetGatewayBlockMode: mode,
  });
  const { blockPublicAccess, subnets } = compiled(
    place('vpc-1', '111111111111', 'eu-west-1a'),
    place('vpc-2', '222222222222', 'eu-west-1a'),
    place('vpc-3', '111111111111', 'us-east-1a'),
    {
      VpcBlockPublicAccessOptions: [
        block('111111111111', 'eu-west-1', 'block-ingress'),
        block('111111111111', 'us-east-1', 'off'),
        block('222222222222', 'eu-west-1', 'block-bidirectional'),
      ],
    },
  );
  assert.deepEqual(
    blockPublicAccess.map(({ subnet, mode }) => [subnets[subnet]?.id, mode]),
    [
      ['subnet-vpc-1', 'block-ingress'],
      ['subnet-vpc-2', 'block-bidirectional'],
    ],
  );
});

test('options of one account and region that are told differently are refused', () => {
  const told = (mode: string): object => ({
    VpcBlockPublicAccessOptions: { AwsRegion: 'eu-west-1', InternetGatewayBlockMode: mode },
  });
  assert.throws(() => compiled(told('off'), told('block-ingress')), { code: 'FG_MODEL_TWICE' });
});

test('Auto Scaling groups of two accounts may have one name', () => {
  const group = (account: string, instance: string): object => ({
    AutoScalingGroupARN: `arn:aws:autoscaling:eu-west-1:${account}:autoScalingGroup:1:autoScalingGroupName/web`,
    AutoScalingGroupName: 'web',
    Instances: [{ InstanceId: instance }],
    Tags: [{ Key: 'of', Value: account }],
  });
  const { interfaces } = compiled({
    AutoScalingGroups: [group('111111111111', 'i-1'), group('222222222222', 'i-2')],
    NetworkInterfaces: ['1', '2'].map((n) => ({
      NetworkInterfaceId: `eni-${n}`,
      Attachment: { InstanceId: `i-${n}` },
    })),
  });
  assert.deepEqual(
    interfaces.slice(1).map(({ asgTags }) => asgTags?.['of']),
    ['111111111111', '222222222222'],
  );
});

test('a rule that names a group of EC2-Classic by its name lets nothing pass and is named', () => {
  const pair = { UserId: 'amazon-elb', GroupName: 'amazon-elb-sg' };
  const { rules, notUnderstood } = compiled({
    SecurityGroups: [{ GroupId: 'sg-1', IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [pair] }] }],
    SecurityGroupRules: [
      { SecurityGroupRuleId: 'sgr-1', GroupId: 'sg-2', IpProtocol: '-1', ReferencedGroupInfo: pair },
    ],
  });
  assert.deepEqual(
    rules.slice(1).map(({ id, peer }) => [id, peer.kind === 'group' ? peer.members.length : -1]),
    [
      ['sg-1/in/all/all/amazon-elb/amazon-elb-sg', 0],
      ['sgr-1', 0],
    ],
  );
  assert.equal(notUnderstood.filter((line) => line.startsWith('amazon-elb/amazon-elb-sg: neither')).length, 2);
});

test('a rule for a peered group lets its members pass while the connection is active', () => {
  const model = (status: string): VpcSnapshot =>
    compiled({
      NetworkInterfaces: [
        { NetworkInterfaceId: 'eni-1', VpcId: 'vpc-2', PrivateIpAddress: '10.2.0.4', Groups: [{ GroupId: 'sg-2' }] },
      ],
      SecurityGroups: [
        {
          GroupId: 'sg-1',
          IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-2', PeeringStatus: status }] }],
        },
      ],
    });
  const members = ({ rules }: VpcSnapshot): number =>
    rules[1]?.peer.kind === 'group' ? rules[1].peer.members.length : -1;
  assert.equal(members(model('active')), 1);
  const deleted = model('deleted');
  assert.equal(members(deleted), 0);
  assert.ok(deleted.notUnderstood.some((line) => line.startsWith('sg-2: behind a peering connection that is deleted')));
});

test('an interface has the public addresses of all its private ones', () => {
  const { interfaces } = compiled({
    NetworkInterfaces: [
      {
        NetworkInterfaceId: 'eni-1',
        PrivateIpAddress: '10.0.0.4',
        Association: { PublicIp: '198.51.100.1' },
        PrivateIpAddresses: [
          { PrivateIpAddress: '10.0.0.4', Primary: true, Association: { PublicIp: '198.51.100.1' } },
          { PrivateIpAddress: '10.0.0.5', Association: { PublicIp: '198.51.100.2' } },
        ],
      },
      { NetworkInterfaceId: 'eni-2', PrivateIpAddress: '10.0.0.6' },
    ],
  });
  assert.deepEqual(
    interfaces.slice(1).map(({ translations }) => translations),
    [
      [
        { private4: 0x0a000004, public4: 0xc6336401 },
        { private4: 0x0a000005, public4: 0xc6336402 },
      ],
      [],
    ],
  );
});

test('routes for what comes in by a gateway are named', () => {
  const { notUnderstood } = compiled({
    RouteTables: [{ RouteTableId: 'rtb-1', VpcId: 'vpc-1', Associations: [{ GatewayId: 'igw-1' }] }],
  });
  assert.ok(notUnderstood.some((line) => line.startsWith('igw-1: rtb-1 routes what comes in by it')));
});

test('an interface that tracks connections for times of its own is named', () => {
  const { notUnderstood } = compiled({
    NetworkInterfaces: [
      { NetworkInterfaceId: 'eni-1', VpcId: 'vpc-1', ConnectionTrackingConfiguration: { UdpTimeout: 60 } },
      { NetworkInterfaceId: 'eni-2', VpcId: 'vpc-1', ConnectionTrackingConfiguration: {} },
    ],
  });
  assert.deepEqual(
    notUnderstood.filter((line) => line.includes('times of its own')).map((line) => line.slice(0, 5)),
    ['eni-1'],
  );
});

test('a route to a VPC of somebody else says whose it is, and its blocks', () => {
  const { routeTables } = compiled({
    Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.1.0.0/16' }],
    RouteTables: [
      {
        RouteTableId: 'rtb-1',
        VpcId: 'vpc-1',
        Routes: [{ DestinationCidrBlock: '10.2.0.0/16', VpcPeeringConnectionId: 'pcx-1' }],
      },
    ],
    VpcPeeringConnections: [
      {
        VpcPeeringConnectionId: 'pcx-1',
        Status: { Code: 'active' },
        RequesterVpcInfo: { VpcId: 'vpc-1', OwnerId: '111122223333', CidrBlock: '10.1.0.0/16', Region: 'eu-west-1' },
        AccepterVpcInfo: {
          VpcId: 'vpc-9',
          OwnerId: '999988887777',
          Region: 'us-east-1',
          CidrBlock: '10.2.0.0/16',
          CidrBlockSet: [{ CidrBlock: '10.2.0.0/16' }, { CidrBlock: '100.64.0.0/16' }],
        },
      },
    ],
  });
  const [route] = routeTables.find(({ id }) => id === 'rtb-1')?.routes ?? [];
  assert.deepEqual(
    [route?.target.kind, route?.target.peerVpc, route?.target.peer?.accountId, route?.target.peer?.vpcId],
    ['peering-inter-region', 0, '999988887777', 'vpc-9'],
  );
  assert.deepEqual(
    route?.target.peer?.cidrs.map(({ words }) => words[0]),
    [0x0a020000, 0x64400000],
  );
});

test('without the options of its account a subnet says itself what Block Public Access makes of it', () => {
  const json = (more: object): object => ({
    Vpcs: [
      {
        VpcId: 'vpc-1',
        CidrBlock: '10.0.0.0/16',
        BlockPublicAccessStates: { InternetGatewayBlockMode: 'block-ingress' },
      },
    ],
    Subnets: [
      { SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24' },
      {
        SubnetId: 'subnet-2',
        VpcId: 'vpc-1',
        CidrBlock: '10.0.2.0/24',
        BlockPublicAccessStates: { InternetGatewayBlockMode: 'off' },
      },
    ],
    ...more,
  });
  const modes = ({ blockPublicAccess, subnets }: ReturnType<typeof compiled>): string[] =>
    blockPublicAccess.map(({ subnet, mode }) => `${subnets[subnet]?.id} ${mode}`);
  assert.deepEqual(modes(compiled(json({}))), ['subnet-1 block-ingress']);
  const both = compiled(json({ VpcBlockPublicAccessOptions: { InternetGatewayBlockMode: 'block-ingress' } }));
  assert.deepEqual(modes(both), ['subnet-1 block-ingress', 'subnet-2 block-ingress']);
  assert.deepEqual(
    both.notUnderstood.filter((line) => line.includes('BlockPublicAccessStates')).map((line) => line.split(':')[0]),
    ['subnet-2, internet'],
  );
});

test('encryption controls are told by the VPC too, and count where they are not told themselves', () => {
  const vpc = {
    VpcId: 'vpc-1',
    EncryptionControl: {
      Mode: 'enforce',
      State: 'available',
      ResourceExclusions: { VpcPeering: { State: 'enabled' } },
    },
  };
  const modeOf = (more: object): unknown => {
    const found = compiled({ Vpcs: [vpc], ...more }).vpcs.find(({ id }) => id === 'vpc-1');
    return [found?.encryption, found?.encryptionExclusions];
  };
  assert.deepEqual(modeOf({}), ['enforce', ['peering']]);
  assert.deepEqual(modeOf({ VpcEncryptionControls: [{ VpcId: 'vpc-1', Mode: 'monitor' }] }), ['monitor', []]);
});
