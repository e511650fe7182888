import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleFlowLog, exampleSnapshot, numberOf } from '../../../test/record/example-world.ts';
import { flowLogCoverage } from './flow-log-coverage.ts';
import type { FlowLog } from './snapshot.ts';

test('an interface has all records, some of them or none, by the flow logs that cover it', () => {
  const snapshot = exampleSnapshot();
  const [a, b] = ['eni-a', 'eni-b'].map((id) => numberOf(snapshot.interfaces, id)) as [number, number];
  const covered = (...flowLogs: Partial<FlowLog>[]): string[] => {
    const logs = flowLogs.map((log) => exampleFlowLog(snapshot, log));
    const found = flowLogCoverage({ ...snapshot, flowLogs: logs });
    return [a, b].map((number) => `${found[number]?.covered} ${found[number]?.flowLogs.length}`);
  };
  assert.deepEqual(covered(), ['none 0', 'none 0']);
  assert.deepEqual(covered({ interfaces: [a] }), ['all 1', 'none 0']);
  assert.deepEqual(covered({ traffic: 'REJECT' }, { traffic: 'ACCEPT', interfaces: [b] }), ['rejected 1', 'all 2']);
  assert.deepEqual(covered({ traffic: 'ACCEPT' }), ['accepted 1', 'accepted 1']);
});
