import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import { createDiagnoser } from './diagnose.ts';

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
