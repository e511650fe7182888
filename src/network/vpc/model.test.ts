import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FlowgaugeError } from '../../model/errors.ts';
import type { CompileOptions } from './model.ts';
import { compileSnapshot, readModel } from './model.ts';
import type { Interface, Rule, VpcSnapshot } from './snapshot.ts';

const compile = (json: object, options: Partial<CompileOptions> = {}): VpcSnapshot =>
  compileSnapshot(readModel([{ name: 'model.json', json }]), { version: 1, atMicros: 0, ...options });

const interfaceOf = (snapshot: VpcSnapshot, id: string): Interface =>
  snapshot.interfaces.find((one) => one.id === id) ?? assert.fail(id);
const rulesOf = (snapshot: VpcSnapshot, id: string): Rule[] => {
  const group = snapshot.groups.find((one) => one.id === id) ?? assert.fail(id);
  return [...group.ingress, ...group.egress].map((number) => snapshot.rules[number] ?? assert.fail());
};

const ENI = { NetworkInterfaceId: 'eni-1', VpcId: 'vpc-1', SubnetId: 'subnet-1', PrivateIpAddress: '10.0.1.5' };

describe('a model that is wrong', () => {
  const refused = (json: unknown, message: RegExp): void =>
    assert.throws(
      () => readModel([{ name: 'eni.json', json }]),
      (error: FlowgaugeError) => {
        assert.match(error.message, message);
        assert.equal(error.owner, 'content');
        return true;
      },
    );

  it('is refused with file, place, value and what was wanted', () => {
    refused([], /^eni\.json: the content is \[\], not an object/);
    refused({ NetworkInterfaces: {} }, /^eni\.json: NetworkInterfaces is \{\}, not a list/);
    refused(
      { NetworkInterfaces: [ENI, { ...ENI, NetworkInterfaceId: 'eni-2', Groups: 7 }] },
      /NetworkInterfaces\[1\]\.Groups is 7, not a list/,
    );
    refused(
      { NetworkInterfaces: [{ ...ENI, PrivateIpAddress: '10.0.1' }] },
      /PrivateIpAddress is "10\.0\.1", not an IPv4 or IPv6 address/,
    );
    refused({ NetworkInterfaces: [{ ...ENI, MacAddress: '0a:1' }] }, /MacAddress is "0a:1", not six bytes/);
    refused(
      { Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.0.0.0/40' }] },
      /CidrBlock is "10\.0\.0\.0\/40", not an address block/,
    );
    refused(
      {
        SecurityGroupRules: [
          { SecurityGroupRuleId: 'sgr-1', GroupId: 'sg-1', IpProtocol: 'tpc', CidrIpv4: '0.0.0.0/0' },
        ],
      },
      /IpProtocol is "tpc", not tcp, udp/,
    );
    refused(
      {
        SecurityGroupRules: [
          {
            SecurityGroupRuleId: 'sgr-1',
            GroupId: 'sg-1',
            IpProtocol: 'tcp',
            FromPort: 9,
            ToPort: 8,
            CidrIpv4: '0.0.0.0/0',
          },
        ],
      },
      /ToPort is 8/,
    );
    refused(
      {
        NetworkAcls: [
          {
            NetworkAclId: 'acl-1',
            Entries: [{ RuleNumber: 1, RuleAction: 'drop', Protocol: '6', CidrBlock: '0.0.0.0/0' }],
          },
        ],
      },
      /Entries\[0\]\.RuleAction is "drop", not one of allow, deny/,
    );
    refused(
      {
        FlowLogs: [
          {
            FlowLogId: 'fl-1',
            ResourceId: 'vpc-1',
            TrafficType: 'ALL',
            MaxAggregationInterval: 300,
            LogGroupName: 'x',
          },
        ],
      },
      /MaxAggregationInterval is 300, not 60 or 600/,
    );
  });

  it('is never answered with anything but an error of the catalogue', () => {
    const keys = [
      'Vpcs',
      'Subnets',
      'NetworkInterfaces',
      'SecurityGroups',
      'SecurityGroupRules',
      'NetworkAcls',
      'RouteTables',
      'FlowLogs',
      'Instances',
      'EcsTasks',
      'VpcBlockPublicAccessOptions',
    ];
    const members = [
      'VpcId',
      'SubnetId',
      'NetworkInterfaceId',
      'GroupId',
      'CidrBlock',
      'Groups',
      'Entries',
      'Routes',
      'IpPermissions',
      'Attachment',
      'Tags',
      'FlowLogId',
      'ResourceId',
    ];
    const leaf = fc.oneof(
      fc.constantFrom<unknown>(null, '', 'vpc-1', '10.0.0.0/8', 5, true, [], {}),
      fc.json({ maxDepth: 2 }).map((text): unknown => JSON.parse(text)),
    );
    const item = fc.dictionary(fc.constantFrom(...members), leaf);
    const value = fc.oneof({ weight: 4, arbitrary: fc.array(item, { maxLength: 3 }) }, { weight: 1, arbitrary: leaf });
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), value), (json) => {
        try {
          compile(json);
        } catch (error) {
          assert.ok(error instanceof FlowgaugeError, String(error));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is refused when two files describe one thing differently, not when they repeat it', () => {
    const other = { VpcId: 'vpc-1', NetworkInterfaceId: 'eni-1', SubnetId: 'subnet-1', PrivateIpAddress: '10.0.1.5' };
    readModel([
      { name: 'a.json', json: { NetworkInterfaces: [ENI] } },
      { name: 'b.json', json: { NetworkInterfaces: [other] } },
    ]);
    assert.throws(
      () =>
        readModel([
          { name: 'a.json', json: { NetworkInterfaces: [ENI] } },
          { name: 'b.json', json: { NetworkInterfaces: [{ ...ENI, PrivateIpAddress: '10.0.1.6' }] } },
        ]),
      /eni-1 twice and differently, in a\.json: NetworkInterfaces\[0\] and in b\.json: NetworkInterfaces\[0\]/,
    );
  });
});

describe('a snapshot', () => {
  it('is frozen to the leaves and can be posted', () => {
    const snapshot = compile({ NetworkInterfaces: [{ ...ENI, TagSet: [{ Key: 'a', Value: 'b' }] }] });
    assert.deepEqual(structuredClone(snapshot), snapshot);
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    assert.ok(frozen(snapshot));
  });

  it('has accounts, regions and zones from where they are given, and defaults', () => {
    const snapshot = compile({
      Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16', OwnerId: '012345678901' }],
      Subnets: [
        {
          SubnetId: 'subnet-1',
          VpcId: 'vpc-1',
          CidrBlock: '10.0.1.0/24',
          AvailabilityZone: 'eu-west-1a',
          AvailabilityZoneId: 'euw1-az2',
        },
      ],
      NetworkInterfaces: [
        ENI,
        { NetworkInterfaceId: 'eni-2', VpcId: 'vpc-2' },
        {
          NetworkInterfaceId: 'eni-3',
          VpcId: 'vpc-1',
          AvailabilityZone: 'us-west-2-lax-1a',
          AvailabilityZoneId: 'usw2-lax1-az1',
        },
      ],
    });
    const [one, two, three] = ['eni-1', 'eni-2', 'eni-3'].map((id) => interfaceOf(snapshot, id));
    assert.deepEqual(
      [one?.accountId, one?.region, one?.azId, one?.sublocationType],
      ['012345678901', 'eu-west-1', 'euw1-az2', null],
    );
    assert.deepEqual([two?.accountId, two?.region, two?.azId], ['000000000000', 'us-east-1', null]);
    assert.deepEqual(
      [three?.region, three?.azId, three?.sublocationType, three?.sublocationId],
      ['us-west-2', null, 'localzone', 'usw2-lax1-az1'],
    );
  });

  it('has instance, tags, Nitro and ECS names of an interface', () => {
    const snapshot = compile({
      NetworkInterfaces: [
        { ...ENI, Attachment: { InstanceId: 'i-1' }, TagSet: [{ Key: 'role', Value: 'web' }] },
        {
          NetworkInterfaceId: 'eni-2',
          VpcId: 'vpc-1',
          RequesterManaged: true,
          Attachment: { InstanceId: 'i-2' },
          InterfaceType: 'nat_gateway',
          Groups: [{ GroupId: 'sg-9' }],
        },
      ],
      Reservations: [
        { Instances: [{ InstanceId: 'i-1', InstanceType: 'm4.large', Tags: [{ Key: 'Name', Value: 'a' }] }] },
      ],
      AutoScalingGroups: [
        { AutoScalingGroupName: 'asg', Instances: [{ InstanceId: 'i-1' }], Tags: [{ Key: 'team', Value: 'x' }] },
      ],
      EcsTasks: [
        {
          taskArn: 'arn:aws:ecs:us-east-1:1:task/prod/0123',
          clusterArn: 'arn:aws:ecs:us-east-1:1:cluster/prod',
          group: 'service:web',
          containers: [{ runtimeId: 'c1' }, { runtimeId: 'c2' }],
          attachments: [{ type: 'ElasticNetworkInterface', details: [{ name: 'networkInterfaceId', value: 'eni-1' }] }],
        },
      ],
    });
    const one = interfaceOf(snapshot, 'eni-1');
    assert.deepEqual(
      [one.instanceId, one.nitro, one.instanceTags, one.interfaceTags, one.asgTags],
      ['i-1', false, { Name: 'a' }, { role: 'web' }, { team: 'x' }],
    );
    assert.deepEqual(
      [one.ecs?.clusterName, one.ecs?.serviceName, one.ecs?.taskId, one.ecs?.secondContainerId],
      ['prod', 'web', '0123', 'c2'],
    );
    const two = interfaceOf(snapshot, 'eni-2');
    assert.deepEqual(
      [two.instanceId, two.nitro, two.kindWord, two.groups, two.sourceDestCheck],
      [null, true, 'nat_gateway', [], false],
    );
  });

  it('takes the rules of a group from SecurityGroupRules where both describe it', () => {
    const permission = {
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      IpRanges: [{ CidrIp: '10.0.0.0/8' }],
      UserIdGroupPairs: [{ GroupId: 'sg-2' }],
    };
    const groups = {
      SecurityGroups: [
        {
          GroupId: 'sg-1',
          IpPermissions: [permission],
          IpPermissionsEgress: [{ IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] }],
        },
      ],
    };
    assert.deepEqual(
      rulesOf(compile(groups), 'sg-1').map((rule) => rule.id),
      ['sg-1/in/tcp/22-22/10.0.0.0/8', 'sg-1/in/tcp/22-22/sg-2', 'sg-1/out/all/all/::/0'],
    );
    const own = {
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: 'sgr-1',
          GroupId: 'sg-1',
          IsEgress: false,
          IpProtocol: 'tcp',
          FromPort: 22,
          ToPort: 22,
          CidrIpv4: '10.0.0.0/8',
        },
      ],
    };
    assert.deepEqual(
      rulesOf(compile({ ...groups, ...own }), 'sg-1').map((rule) => rule.id),
      ['sgr-1'],
    );
  });

  it('ends each direction of an ACL with the entry that denies all', () => {
    const entry = (number: number): object => ({
      RuleNumber: number,
      Egress: false,
      Protocol: '-1',
      RuleAction: number > 9999 ? 'deny' : 'allow',
      CidrBlock: '0.0.0.0/0',
    });
    const snapshot = compile({
      NetworkAcls: [{ NetworkAclId: 'acl-1', Entries: [entry(32767), entry(200), entry(100)] }],
    });
    const ids = (numbers: readonly number[] = []): (string | undefined)[] =>
      numbers.map((number) => snapshot.rules[number]?.id);
    assert.deepEqual(ids(snapshot.acls[1]?.ingress), ['acl-1/in/100', 'acl-1/in/200', 'acl-1/in/*']);
    assert.deepEqual(ids(snapshot.acls[1]?.egress), ['acl-1/out/*']);
  });

  it('gives a subnet its own ACL, else the default one of its VPC, else none', () => {
    const acl = (id: string, more: object): object => ({ NetworkAclId: id, VpcId: 'vpc-1', Entries: [], ...more });
    const subnet = (id: string, vpc: string): object => ({ SubnetId: id, VpcId: vpc, CidrBlock: '10.0.0.0/24' });
    const snapshot = compile({
      Subnets: [subnet('subnet-1', 'vpc-1'), subnet('subnet-2', 'vpc-1'), subnet('subnet-3', 'vpc-2')],
      NetworkAcls: [acl('acl-1', { Associations: [{ SubnetId: 'subnet-1' }] }), acl('acl-2', { IsDefault: true })],
    });
    assert.deepEqual(
      snapshot.subnets.slice(1).map((one) => snapshot.acls[one.acl]?.id),
      ['acl-1', 'acl-2', ''],
    );
    assert.ok(snapshot.notUnderstood.some((line) => line.startsWith('subnet-3: its network ACL is not given')));
  });

  it('names what is referenced and not given, and keys that are no part of a model', () => {
    const snapshot = compile({
      NetworkInterfaces: [{ ...ENI, Groups: [{ GroupId: 'sg-1' }] }, { NetworkInterfaceId: 'eni-c' }],
      Volumes: [],
    });
    for (const start of [
      'Volumes: ',
      'sg-1: named and not given',
      'vpc-1: named and not given',
      'subnet-1: named and not given',
      'eni-c: in no VPC',
    ])
      assert.ok(
        snapshot.notUnderstood.some((line) => line.startsWith(start)),
        start,
      );
  });

  it('resolves flow logs of VPC, subnet and interface, with the defaults of CreateFlowLogs', () => {
    const log = (id: string, resource: string, more: object = {}): object => ({
      FlowLogId: id,
      ResourceId: resource,
      TrafficType: 'REJECT',
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::local/a/b/',
      ...more,
    });
    const snapshot = compile({
      NetworkInterfaces: [
        ENI,
        { ...ENI, NetworkInterfaceId: 'eni-2', SubnetId: 'subnet-2', PrivateIpAddress: '10.0.2.5' },
        { NetworkInterfaceId: 'eni-c' },
      ],
      FlowLogs: [
        log('fl-1', 'vpc-1', {
          MaxAggregationInterval: 60,
          DestinationOptions: { FileFormat: 'parquet', PerHourPartition: true },
          CreationTime: '2026-11-23T12:05:00.500Z',
        }),
        log('fl-2', 'subnet-2', {
          LogDestinationType: 'cloud-watch-logs',
          LogDestination: 'arn:aws:logs:us-east-1:1:log-group:flows:*',
          LogFormat: '${srcaddr}',
        }),
        log('fl-3', 'eni-1', { TagFieldSpecifications: [{ ResourceType: 'instance', TagKeys: ['Name'] }] }),
        log('fl-4', 'tgw-1'),
        log('fl-5', 'eni-c'),
      ],
    });
    const [one, two, three, five] = snapshot.flowLogs;
    assert.deepEqual(
      [one?.interfaces, one?.intervalSeconds, one?.createdSeconds, one?.traffic],
      [[1, 2], 60, 1795435500, 'REJECT'],
    );
    assert.deepEqual(one?.destination, {
      type: 's3',
      bucket: 'local',
      prefix: 'a/b',
      fileFormat: 'parquet',
      hive: false,
      hourly: true,
    });
    assert.deepEqual([two?.interfaces, two?.intervalSeconds, two?.format], [[2], 600, '${srcaddr}']);
    assert.deepEqual(two?.destination, { type: 'cloud-watch-logs', logGroup: 'flows', roleArn: null });
    assert.deepEqual(
      [three?.interfaces, three?.tagKeys, three?.format.split(' ').length],
      [[1], [{ kind: 'instance', keys: ['Name'] }], 14],
    );
    assert.deepEqual([five?.id, five?.interfaces], ['fl-5', []]);
    assert.ok(snapshot.notUnderstood.some((line) => line.startsWith('fl-4: watches tgw-1')));
  });
});

describe('a snapshot after another', () => {
  const group = (ids: string[]): object => ({
    SecurityGroupRules: ids.map((id) => ({
      SecurityGroupRuleId: id,
      GroupId: 'sg-1',
      IsEgress: false,
      IpProtocol: '-1',
      CidrIpv4: '0.0.0.0/0',
    })),
  });
  it('keeps the numbers of what was there, and adds', () => {
    const before = compile({ NetworkInterfaces: [ENI], ...group(['sgr-1', 'sgr-2']) });
    const other = { ...ENI, NetworkInterfaceId: 'eni-0', PrivateIpAddress: '10.0.1.6' };
    const after = compile({ NetworkInterfaces: [other, ENI], ...group(['sgr-0', 'sgr-2']) }, { version: 2, before });
    assert.equal(interfaceOf(after, 'eni-1').number, interfaceOf(before, 'eni-1').number);
    assert.equal(interfaceOf(after, 'eni-0').number, 2);
    assert.deepEqual(
      after.rules.map((rule) => rule.id),
      ['', 'sgr-1', 'sgr-2', 'sgr-0'],
    );
    assert.deepEqual(
      rulesOf(after, 'sg-1').map((rule) => rule.id),
      ['sgr-0', 'sgr-2'],
    );
  });
  it('keeps the entry of an interface that is gone, without addresses and flow logs', () => {
    const before = compile({ NetworkInterfaces: [ENI] });
    const log = { FlowLogId: 'fl-1', ResourceId: 'vpc-1', TrafficType: 'ALL', LogGroupName: 'x' };
    const after = compile({ NetworkInterfaces: [], FlowLogs: [log] }, { version: 2, before });
    const gone = interfaceOf(after, 'eni-1');
    assert.deepEqual([gone.addresses, gone.primary4, after.flowLogs[0]?.interfaces], [[], 0x0a000105, []]);
  });
});
