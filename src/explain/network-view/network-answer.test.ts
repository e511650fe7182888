import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { CHANGES_TOLD } from '../../api/network.ts';
import { network, OPEN } from '../../network/verdict/told-network.ts';
import { openDescribed } from '../../storage/state/open-model.ts';
import { recordAnswers } from '../../storage/state/record-answers.ts';
import { openState, statePath } from '../../storage/state/state-file.ts';
import { networkAnswer } from './network-answer.ts';

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-network-'));
after(() => rmSync(directory, { recursive: true }));

const IDS: Readonly<Record<string, string>> = {
  Vpcs: 'VpcId',
  Subnets: 'SubnetId',
  NetworkInterfaces: 'NetworkInterfaceId',
  SecurityGroups: 'GroupId',
  SecurityGroupRules: 'SecurityGroupRuleId',
  NetworkAcls: 'NetworkAclId',
  FlowLogs: 'FlowLogId',
};
const HOUR = 3_600_000_000;

/** Records a model as the answers of an import. */
async function describeAs(model: object, atMicros: number): Promise<void> {
  const state = openState(statePath(directory), true);
  const answers = Object.entries(model).map(([kind, items]) => ({
    kind,
    account: '123456789012',
    region: 'us-east-1',
    atMicros,
    whole: true,
    items: (items as Record<string, unknown>[]).map((content) => ({ id: String(content[IDS[kind]!]), content })),
  }));
  await recordAnswers(state, answers, 'a test', atMicros);
  state.close();
}

const MORE = {
  FlowLogs: [
    {
      FlowLogId: 'fl-1',
      ResourceId: 'subnet-a',
      TrafficType: 'REJECT',
      LogGroupName: 'group',
      Tags: [{ Key: 'Name', Value: 'rejects' }],
    },
  ],
};

await describeAs(network([['sgr-1', 'sg-a', 'in', 'tcp', 443, 443, '10.0.0.0/8']], OPEN, MORE), HOUR);
await describeAs(
  {
    ...network([['sgr-1', 'sg-a', 'in', 'tcp', 8000, 8010, 'sg-b']], OPEN, MORE),
    SecurityGroups: [
      { GroupId: 'sg-a', VpcId: 'vpc-1', GroupName: 'web', Description: 'what faces <b>people</b>' },
      { GroupId: 'sg-b', VpcId: 'vpc-1', GroupName: 'db' },
    ],
  },
  2 * HOUR,
);

function at(micros: number | null): ReturnType<typeof networkAnswer> {
  const { snapshot, described, changedMicros } = openDescribed(directory, micros);
  return networkAnswer(snapshot, described, micros ?? 0, changedMicros);
}

describe('the network as it is shown', () => {
  test('is that of the time asked about, with names and rules in words', () => {
    const [before, now] = [at(HOUR), at(null)];
    const ruleOf = ({ groups }: typeof now): unknown => groups.find(({ id }) => id === 'sg-a')!.rules;
    assert.deepEqual(
      [before, now].map((one) => one.groups.map(({ id, name }) => [id, name])),
      [
        [
          ['sg-a', null],
          ['sg-b', null],
        ],
        [
          ['sg-a', 'web'],
          ['sg-b', 'db'],
        ],
      ],
    );
    const rule = { id: 'sgr-1', direction: 'ingress', allow: true, number: null, protocol: 'tcp' };
    assert.deepEqual(ruleOf(before), [
      { ...rule, ports: '443', peer: '10.0.0.0/8', says: 'ingress tcp 443 from 10.0.0.0/8' },
    ]);
    assert.deepEqual(ruleOf(now), [
      { ...rule, ports: '8000-8010', peer: 'sg-b', says: 'ingress tcp 8000-8010 from sg-b' },
    ]);
    assert.deepEqual(now.changedSeconds, [3600, 7200]);
  });

  test('tells who is in what, and what covers it', () => {
    const { interfaces, subnets, acls, flowLogs } = at(null);
    assert.deepEqual(
      interfaces.map(({ id, subnetId, groupIds, addresses, flowLogIds }) => [
        id,
        subnetId,
        groupIds,
        addresses,
        flowLogIds,
      ]),
      [
        ['eni-a', 'subnet-a', ['sg-a'], ['10.0.1.5', '2001:db8:1::5'], ['fl-1']],
        ['eni-a2', 'subnet-a', [], ['10.0.1.6'], ['fl-1']],
        ['eni-b', 'subnet-b', ['sg-b'], ['10.0.2.5'], []],
      ],
    );
    assert.deepEqual(
      subnets.map(({ id, vpcId, cidrs, aclId }) => [id, vpcId, cidrs, aclId]),
      [
        ['subnet-a', 'vpc-1', ['10.0.1.0/24'], 'acl-a'],
        ['subnet-b', 'vpc-1', ['10.0.2.0/24'], 'acl-d'],
      ],
    );
    assert.deepEqual(
      acls[0]!.rules.map(({ number, allow, protocol, peer }) => [number, allow, protocol, peer]).slice(0, 3),
      [
        [100, true, 'all', '0.0.0.0/0'],
        [101, true, 'all', '::/0'],
        [32767, false, 'all', '0.0.0.0/0'],
      ],
    );
    assert.deepEqual(flowLogs, [{ id: 'fl-1', name: 'rejects', resourceId: 'subnet-a', traffic: 'REJECT' }]);
  });

  test('says of how many changes the times are not told', () => {
    const { snapshot, described } = openDescribed(directory, null);
    const many = Array.from({ length: CHANGES_TOLD + 3 }, (_, i) => i * 1e6);
    const { changedSeconds, changesBefore } = networkAnswer(snapshot, described, 0, many);
    assert.deepEqual([changedSeconds.length, changedSeconds[0], changesBefore], [CHANGES_TOLD, 3, 3]);
  });
});
