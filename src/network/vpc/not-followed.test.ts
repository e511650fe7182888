import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutJson } from './cut-json.ts';
import { LONG_LISTS, readModel } from './model.ts';

const notesOf = (json: object): readonly string[] => readModel([{ name: 'model', json }]).notUnderstood;

test('a member of a permission or an entry that nobody knows is named with what carries it', () => {
  const entry = { RuleNumber: 1, Protocol: '-1', RuleAction: 'allow', CidrBlock: '0.0.0.0/0', Egress: false };
  const text = 'a member that is not known here and not followed';
  assert.deepEqual(
    notesOf({
      SecurityGroups: [{ GroupId: 'sg-1', IpPermissions: [{ IpProtocol: '-1', OnlyOnSundays: true }] }],
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: 'sgr-1',
          GroupId: 'sg-2',
          IsEgress: false,
          IpProtocol: '-1',
          CidrIpv4: '10.0.0.0/8',
          Hours: [1],
        },
      ],
      NetworkAcls: [
        {
          NetworkAclId: 'acl-1',
          Entries: [
            { ...entry, Hour: 5 },
            { ...entry, RuleNumber: 2, Hour: 6 },
          ],
        },
      ],
    }),
    [
      `sg-1: it has IpPermissions[].OnlyOnSundays, ${text}`,
      `sg-2: it has Hours, ${text}`,
      `acl-1: it has Entries[].Hour, ${text}`,
    ],
  );
});

test('a member of a long list that is cut is looked at like others', () => {
  const text = JSON.stringify({ SecurityGroups: [{ GroupId: 'sg-1', Novelty: { Deep: 1 } }] });
  const json = cutJson('model', new TextEncoder().encode(text), LONG_LISTS);
  assert.equal(readModel([{ name: 'model', json }]).notUnderstood.length, 1);
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
