import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, formatOf, kindOf, missingIn, moved, namesIn, newDraft, withField } from './draft.ts';

const DEFAULT = '${version} ${srcaddr} ${dstaddr}';

test('a draft begins with what it is for, and makes the request of CreateFlowLogs', () => {
  const draft = newDraft(DEFAULT, [{ id: 'subnet-1', region: 'eu-west-1' }]);
  const tagged = { ...draft, tags: [{ key: 'Name', value: 'x' }] };
  assert.deepEqual(bodyOf(tagged, 'token', true), {
    region: 'eu-west-1',
    check: true,
    resourceType: 'Subnet',
    resourceIds: ['subnet-1'],
    traffic: 'ALL',
    intervalSeconds: 60,
    format: DEFAULT,
    destination: {
      type: 's3',
      place: 'arn:aws:s3:::local/',
      role: '',
      fileFormat: 'plain-text',
      hive: false,
      hourly: false,
    },
    tags: { Name: 'x' },
    clientToken: 'token',
  });
  assert.deepEqual(['vpc-1', 'subnet-1', 'eni-1', ''].map(kindOf), ['VPC', 'Subnet', 'NetworkInterface', 'VPC']);
});

test('a step says what it lacks, and nothing once it has it', () => {
  const draft = newDraft(DEFAULT);
  assert.match(missingIn('resources', draft) ?? '', /at least one/u);
  const one = { id: 'vpc-1', region: 'a' };
  assert.equal(missingIn('resources', { ...draft, resources: [one] }), null);
  assert.match(missingIn('resources', { ...draft, resources: [one, { id: 'vpc-2', region: 'b' }] }) ?? '', /a and b/u);
  assert.match(
    missingIn('destination', { ...draft, destination: { ...draft.destination, place: ' ' } }) ?? '',
    /where/u,
  );
  const tag = { key: 'k', value: '' };
  assert.match(missingIn('tags', { ...draft, tags: [tag, tag] }) ?? '', /twice/u);
  assert.match(missingIn('tags', { ...draft, tags: [{ key: '', value: 'v' }] }) ?? '', /key/u);
});

test('fields go in, out, up and down', () => {
  assert.deepEqual(namesIn(DEFAULT), ['version', 'srcaddr', 'dstaddr']);
  assert.equal(formatOf(namesIn(DEFAULT)), DEFAULT);
  assert.equal(withField(DEFAULT, 'vpc-id', true), `${DEFAULT} \${vpc-id}`);
  assert.equal(withField(DEFAULT, 'srcaddr', false), '${version} ${dstaddr}');
  assert.equal(moved(DEFAULT, 'srcaddr', 1), '${version} ${dstaddr} ${srcaddr}');
  assert.equal(moved(DEFAULT, 'version', -1), DEFAULT);
  assert.equal(moved(DEFAULT, 'nothing', 1), DEFAULT);
});
