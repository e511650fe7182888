import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readModel } from './model.ts';

const notesOf = (json: object): readonly string[] => readModel([{ name: 'model', json }]).notUnderstood;

test('what may decide and is not followed is named with what it is about', () => {
  const eni = { NetworkInterfaceId: 'eni-1', PrivateIpAddress: '10.0.0.5' };
  assert.deepEqual(
    notesOf({
      NetworkInterfaces: [{ ...eni, DenyAllIgwTraffic: true, AssociatedSubnets: ['subnet-2'] }],
      NatGateways: [{ NatGatewayId: 'nat-1', State: 'failed', AttachedAppliances: [{ Type: 'firewall' }] }],
      VpcEndpoints: [{ VpcEndpointId: 'vpce-1', State: 'PendingAcceptance' }],
      Instances: [{ InstanceId: 'i-1', State: { Name: 'stopped' } }],
      SecurityGroups: [{ GroupId: 'sg-1', IpPermissions: [{ IpProtocol: '-1', OnlyOnSundays: true }] }],
      NetworkAcls: [
        {
          NetworkAclId: 'acl-1',
          Entries: [
            { RuleNumber: 1, Protocol: '-1', RuleAction: 'allow', CidrBlock: '0.0.0.0/0', Egress: false, Hour: 5 },
          ],
        },
      ],
    }).map((line) => line.slice(0, 40)),
    [
      'eni-1: it denies all traffic of internet',
      'eni-1: it is in more subnets than one (A',
      'sg-1: a permission of it has OnlyOnSunda',
      'acl-1: an entry of it has Hour, which is',
      'nat-1: its state is failed; it is taken ',
      'nat-1: appliances are attached to it, wh',
      'vpce-1: its state is pendingacceptance; ',
      'i-1: it is stopped; nothing is said of w',
    ],
  );
});

test('what is as usual needs no word', () => {
  assert.deepEqual(
    notesOf({
      NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', DenyAllIgwTraffic: false, AssociatedSubnets: [] }],
      NatGateways: [{ NatGatewayId: 'nat-1', State: 'available', AttachedAppliances: [] }, { NatGatewayId: 'nat-2' }],
      VpcEndpoints: [{ VpcEndpointId: 'vpce-1', State: 'available' }],
      Instances: [{ InstanceId: 'i-1', State: { Name: 'running', Code: 16 } }, { InstanceId: 'i-2' }],
      SecurityGroups: [
        { GroupId: 'sg-1', IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8' }] }] },
      ],
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: 'sgr-1',
          GroupId: 'sg-1',
          IsEgress: false,
          IpProtocol: '-1',
          CidrIpv4: '10.0.0.0/8',
          Tags: [],
        },
      ],
    }),
    [],
  );
});
