import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import { createDiagnoser } from './diagnose.ts';
import { leftOpenAt } from './left-open.ts';

const MODEL = new URL('../../../docs/diagnose/group-rule-missing/model.json', import.meta.url);

test('what is not followed is named where the way touches it, and not elsewhere', () => {
  const json = {
    ...(JSON.parse(readFileSync(MODEL, 'utf8')) as object),
    Instances: [
      { InstanceId: 'i-0db', State: { Name: 'stopped' } },
      { InstanceId: 'i-0else', State: { Name: 'stopped' } },
    ],
  };
  const snapshot = compileSnapshot(readModel([{ name: 'model', json }]), { version: 1, atMicros: 0 });
  const question = { from: 'i-0app', to: 'i-0db', protocol: 6, port: 3306, sourcePorts: null, atMicros: 0 };
  const { notUnderstood } = createDiagnoser(snapshot).diagnose(question).explanation;
  assert.deepEqual(notUnderstood, ['i-0db: it is stopped; nothing is said of whether it answers']);
  assert.equal(snapshot.notUnderstood.length, 2);
});

test('of interfaces that are asked about what is about them is named, and what is about all', () => {
  const json = {
    ...(JSON.parse(readFileSync(MODEL, 'utf8')) as object),
    Instances: ['i-0db', 'i-0else'].map((InstanceId) => ({ InstanceId, State: { Name: 'stopped' } })),
    FlowLogs: [
      {
        FlowLogId: 'fl-1',
        ResourceId: 'eni-0db',
        TrafficType: 'ALL',
        LogGroupName: 'group',
        DeliverLogsStatus: 'FAILED',
      },
    ],
    Novelties: [],
  };
  const snapshot = compileSnapshot(readModel([{ name: 'model', json }]), { version: 1, atMicros: 0 });
  const at = snapshot.interfaces.find(({ instanceId }) => instanceId === 'i-0db')?.number ?? 0;
  assert.deepEqual(
    leftOpenAt(snapshot, [at]).map((line) => line.split(' ', 3).join(' ')),
    ['Novelties: no part', 'i-0db: it is', 'fl-1: AWS says'],
  );
  // A thing that none of them touches is named where it is asked about itself.
  assert.ok(leftOpenAt(snapshot, [], ['i-0else']).some((line) => line.startsWith('i-0else:')));
});
