import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleFlowLog, exampleSnapshot } from '../../test/record/example-world.ts';
import { fieldsOfModel } from './fields-of-model.ts';

const emptyIn = (snapshot: Parameters<typeof fieldsOfModel>[0]): string[] =>
  fieldsOfModel(snapshot).flatMap(({ field, empty }) => (empty === null ? [] : [field.name]));

test('names the fields whose source the model does not have', () => {
  const empty = emptyIn(exampleSnapshot());
  assert.deepEqual(
    empty.filter((name) => !name.startsWith('ecs-')),
    [
      'sublocation-type',
      'sublocation-id',
      'reject-reason',
      'resource-id',
      'encryption-status',
      'instance-tag',
      'instance-tag-2',
      'interface-tag',
      'interface-tag-2',
      'asg-tag',
      'asg-tag-2',
    ],
  );
  assert.equal(empty.filter((name) => name.startsWith('ecs-')).length, 10);
});

test('a tag key that a flow log chooses fills its field, if something has the tag', () => {
  const snapshot = exampleSnapshot();
  const flowLog = exampleFlowLog(snapshot, { tagKeys: [{ kind: 'instance', keys: ['Name', 'Nowhere'] }] });
  const empty = emptyIn({ ...snapshot, flowLogs: [flowLog] });
  assert.equal(empty.includes('instance-tag'), false);
  assert.equal(empty.includes('instance-tag-2'), true);
});

test('says why', () => {
  const row = fieldsOfModel(exampleSnapshot()).find(({ field }) => field.name === 'encryption-status');
  assert.equal(row?.empty, 'no VPC has encryption controls');
});
