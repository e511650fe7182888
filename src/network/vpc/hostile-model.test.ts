import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readModel } from './model.ts';

const ENI = { NetworkInterfaceId: 'eni-1', VpcId: 'vpc-1', SubnetId: 'subnet-1', PrivateIpAddress: '10.0.1.5' };

const refused = (json: unknown, message: RegExp): void =>
  assert.throws(() => readModel([{ name: 'eni.json', json }]), { code: 'FG_MODEL_VALUE', message });

it('a model is refused where an id would break a record or leave the directory that files are written to', () => {
  for (const id of ['eni-1 ACCEPT', 'eni-1\n2 1', 'eni-\u001b[31m', 'eni-\u2028'])
    refused({ NetworkInterfaces: [{ ...ENI, NetworkInterfaceId: id }] }, /Id is "[^]*, not a text without blanks/);
  refused({ NetworkInterfaces: [{ ...ENI, OwnerId: '1/../../2' }] }, /OwnerId is ".*, not made of letters, digits/);
  const log = { ResourceId: 'eni-1', TrafficType: 'ALL', LogDestinationType: 's3' };
  const to = (prefix: string): object => ({ ...log, LogDestination: `arn:aws:s3:::logs/${prefix}` });
  refused({ FlowLogs: [{ ...to(''), FlowLogId: '../../etc/fl-1' }] }, /FlowLogId is ".*, not made of letters/);
  for (const prefix of ['../up', 'a/../b', 'a//b', '.'])
    refused({ FlowLogs: [{ ...to(prefix), FlowLogId: 'fl-1' }] }, /LogDestination is ".*, not the ARN of a prefix/);
});

it('a model is refused, and nothing else happens, where it is nested too deep to be compared', () => {
  const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown;
  refused(
    {
      Vpcs: [
        { VpcId: 'vpc-1', x: deep },
        { VpcId: 'vpc-1', x: deep },
      ],
    },
    /Vpcs\[0\] is nested too deep/,
  );
  refused({ Vpcs: deep }, /Vpcs\[0\] is nested too deep to be shown, not an object/);
});
