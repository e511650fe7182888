import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { FlowgaugeError } from '../../model/errors.ts';
import { KINDS } from '../../network/vpc/kinds.ts';
import { readAnswers } from './read-answers.ts';

/** A folder of files; their time is 2026-11-23T12:00:00Z. */
function folder(t: { after(done: () => void): void }, files: Readonly<Record<string, unknown>>): string {
  const root = mkdtempSync(join(tmpdir(), 'flowgauge-answers-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
    utimesSync(path, 1_795_435_200, 1_795_435_200);
  }
  return root;
}

const subnet = (id: string, zone = 'eu-west-1a', owner = '111122223333'): object => ({
  SubnetId: id,
  VpcId: 'vpc-1',
  OwnerId: owner,
  AvailabilityZone: zone,
});

const summary = ({ answers }: Awaited<ReturnType<typeof readAnswers>>): string[] =>
  answers.map(
    ({ kind, account, region, whole, items }) =>
      `${account} ${region} ${kind}${whole ? '' : ' part'}: ${items.map(({ id }) => id).join(' ')}`,
  );

test('any subset of answers of one place, packed or not, wrapped as aws-cli wraps them', async (t) => {
  const root = folder(t, {
    'subnets.json': { Subnets: [subnet('subnet-1')] },
    'instances.json.gz': {
      Reservations: [{ Instances: [{ InstanceId: 'i-1' }] }, { Instances: [{ InstanceId: 'i-2' }] }],
    },
    'tasks.json': { tasks: [{ taskArn: 'arn:t' }], failures: [] },
    'block.json': { VpcBlockPublicAccessOptions: { AwsRegion: 'eu-west-1', InternetGatewayBlockMode: 'off' } },
    'notes.txt': 'not read',
  });
  const read = await readAnswers([root], null, true);
  assert.deepEqual(summary(read), [
    '111122223333 eu-west-1 VpcBlockPublicAccessOptions: -',
    '111122223333 eu-west-1 Instances: i-1 i-2',
    '111122223333 eu-west-1 Subnets: subnet-1',
    '111122223333 eu-west-1 EcsTasks: arn:t',
  ]);
  assert.deepEqual([read.files, read.strange], [4, []]);
  assert.ok(read.answers.every(({ atMicros }) => atMicros === 1_795_435_200e6));
  const at = await readAnswers([join(root, 'subnets.json')], 7e6, false);
  assert.deepEqual([at.answers.length, at.answers[0]?.atMicros, at.answers[0]?.whole], [1, 7e6, false]);
});

test('sub-folders and file names tell account and region, what is described tells the rest', async (t) => {
  const empty = { Subnets: [] };
  const root = folder(t, {
    '111122223333/eu-west-1/subnets.json': empty,
    '111122223333/us-east-1/subnets.json': empty,
    '444455556666/vpcs-eu-west-1.json': empty,
    'other/subnets.json': { Subnets: [subnet('subnet-9', 'ap-south-1b', '777788889999')] },
    'other/vpcs.json': { Vpcs: [{ VpcId: 'vpc-9' }] },
    'bare/subnets.json': empty,
  });
  assert.deepEqual(summary(await readAnswers([root], null, true)).sort(), [
    '000000000000 us-east-1 Subnets: ',
    '111122223333 eu-west-1 Subnets: ',
    '111122223333 us-east-1 Subnets: ',
    '444455556666 eu-west-1 Subnets: ',
    '777788889999 ap-south-1 Subnets: subnet-9',
    '777788889999 ap-south-1 Vpcs: vpc-9',
  ]);
});

test('prefix lists of both answers are told apart, and entries go to the list their file is named after', async (t) => {
  const root = folder(t, {
    'managed.json': {
      PrefixLists: [{ PrefixListId: 'pl-0a', PrefixListArn: 'arn:aws:ec2:eu-west-1:1:prefix-list/pl-0a' }],
    },
    'own.json': { PrefixLists: [{ PrefixListId: 'pl-0b', Cidrs: ['10.0.0.0/8'] }] },
    'entries-pl-0a.json': { Entries: [{ Cidr: '10.1.0.0/16' }] },
    'entries.json': { Entries: [{ Cidr: '10.2.0.0/16' }] },
  });
  const { answers, strange } = await readAnswers([root], null, true);
  const managed = answers.find(({ kind }) => kind === 'ManagedPrefixLists');
  assert.deepEqual(managed?.items[0]?.content, {
    PrefixListId: 'pl-0a',
    PrefixListArn: 'arn:aws:ec2:eu-west-1:1:prefix-list/pl-0a',
    Entries: [{ Cidr: '10.1.0.0/16' }],
  });
  assert.equal(answers.find(({ kind }) => kind === 'PrefixLists')?.items[0]?.id, 'pl-0b');
  assert.deepEqual(strange, [`Entries of ${join(root, 'entries.json')}`]);
});

test('an answer of which the rest is missing is not whole, and with its last page it is', async (t) => {
  const first = { Subnets: [subnet('subnet-1')], NextToken: 'more' };
  const root = folder(t, { 'a.json': first });
  assert.deepEqual(summary(await readAnswers([root], null, true)), ['111122223333 eu-west-1 Subnets part: subnet-1']);
  writeFileSync(join(root, 'b.json'), JSON.stringify({ Subnets: [subnet('subnet-2')] }));
  assert.deepEqual(summary(await readAnswers([root], null, true)), [
    '111122223333 eu-west-1 Subnets: subnet-1 subnet-2',
  ]);
});

test('what is no answer, no JSON, without id, or told twice is refused with its file', async (t) => {
  const cases: readonly [Readonly<Record<string, unknown>>, string, RegExp][] = [
    [{ 'a.json': { Buckets: [] } }, 'FG_IMPORT_EMPTY', /no file of/],
    [{ 'a.json': '{"Subnets": [' }, 'FG_MODEL_NOT_JSON', /a\.json is not JSON/],
    [{ 'a.json': '[1]' }, 'FG_MODEL_VALUE', /a\.json/],
    [{ 'a.json': { Subnets: [{ VpcId: 'vpc-1' }] } }, 'FG_MODEL_VALUE', /Subnets\[0\]\.SubnetId/],
    [
      { 'a.json': { TransitGateways: [{}] } },
      'FG_IMPORT_ITEM',
      /a\.json: TransitGateways: TransitGateways\[0\] has no TransitGatewayId/,
    ],
    [
      { 'a.json': { Subnets: [subnet('subnet-1')] }, 'b.json': { Subnets: [subnet('subnet-1', 'eu-west-1b')] } },
      'FG_MODEL_TWICE',
      /a\.json.*b\.json/,
    ],
  ];
  for (const [files, code, message] of cases)
    await assert.rejects(readAnswers([folder(t, files)], null, true), { code, message });
  await assert.rejects(readAnswers(['nowhere'], null, true), { code: 'FG_IMPORT_SOURCE' });
});

test('whatever JSON a file holds, it is read or refused with its name', async (t) => {
  const root = folder(t, {});
  const path = join(root, 'entries-pl-0a.json');
  const keys = [...KINDS.keys(), 'Reservations', 'tasks', 'Entries', 'NextToken'];
  const ids = [...KINDS.values()].flat();
  const item = fc.dictionary(fc.constantFrom(...ids, 'Instances'), fc.oneof(fc.string(), fc.jsonValue()));
  const value = fc.oneof({ weight: 3, arbitrary: fc.array(item, { maxLength: 3 }) }, fc.jsonValue());
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom(...keys), value, { minKeys: 1, maxKeys: 3 }), async (json) => {
      writeFileSync(path, JSON.stringify(json));
      try {
        const { answers } = await readAnswers([path], 5, true);
        for (const { kind, items } of answers) for (const { id } of items) assert.ok(KINDS.has(kind) && id !== '');
      } catch (error) {
        assert.ok(error instanceof FlowgaugeError, String(error));
        assert.match(error.message, /entries-pl-0a\.json/);
      }
    }),
    { numRuns: 400 },
  );
});
