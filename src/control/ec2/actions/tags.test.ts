import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CreateTagsCommand, DeleteTagsCommand, DescribeTagsCommand } from '@aws-sdk/client-ec2';
import type { Tag } from '@aws-sdk/client-ec2';
import { pretendEc2 } from '../ec2.fixture.ts';
import type { Pretended } from '../ec2.fixture.ts';

let ec2: Pretended;
before(async () => {
  ec2 = await pretendEc2();
  ec2.put('Vpcs', [{ VpcId: 'vpc-0a' }]);
  ec2.put('NetworkInterfaces', [{ NetworkInterfaceId: 'eni-0a', TagSet: [{ Key: 'Name', Value: 'front' }] }]);
});
after(() => ec2.close());

const tags = async (Name = 'resource-id', ...Values: string[]): Promise<string[]> => {
  const Filters = Values.length === 0 ? undefined : [{ Name, Values }];
  const { Tags: found = [] } = await ec2.client().send(new DescribeTagsCommand({ Filters }));
  return found.map((tag) => `${tag.ResourceType} ${tag.ResourceId} ${tag.Key}=${tag.Value}`).sort();
};
const create = (Resources: string[], ...Tags: Tag[]) => ec2.client().send(new CreateTagsCommand({ Resources, Tags }));
const remove = (Resources: string[], Tags?: Tag[]) => ec2.client().send(new DeleteTagsCommand({ Resources, Tags }));

test('things of several kinds are tagged, found by their tags, and lose them', async () => {
  await create(['vpc-0a', 'eni-0a'], { Key: 'team', Value: 'net' }, { Key: 'Name', Value: 'x' });
  const all = [
    'network-interface eni-0a Name=x',
    'network-interface eni-0a team=net',
    'vpc vpc-0a Name=x',
    'vpc vpc-0a team=net',
  ];
  assert.deepEqual(await tags(), all);
  assert.deepEqual(await tags('resource-type', 'vpc'), all.slice(2));
  assert.deepEqual(await tags('resource-id', 'eni-*'), all.slice(0, 2));
  assert.deepEqual(await tags('key', 'te*'), [all[1], all[3]]);
  assert.deepEqual(await tags('value', 'x'), [all[0], all[2]]);
  assert.deepEqual(await tags('tag:team', 'net'), [all[1], all[3]]);
  await assert.rejects(tags('colour', 'red'), { name: 'InvalidParameterValue' });

  await remove(['vpc-0a'], [{ Key: 'team', Value: 'other' }, { Key: 'Name' }]);
  assert.deepEqual(await tags(), [all[0], all[1], all[3]], 'a value that it does not have leaves the tag');
  await remove(['vpc-0a', 'eni-0a'], [{ Key: 'team', Value: 'net' }]);
  assert.deepEqual(await tags(), [all[0]]);
  await remove(['eni-0a']);
  assert.deepEqual(await tags(), []);
});

test('an empty value takes away only a tag without a value', async () => {
  await create(['vpc-0a'], { Key: 'empty', Value: '' }, { Key: 'full', Value: 'x' });
  await remove(
    ['vpc-0a'],
    [
      { Key: 'empty', Value: '' },
      { Key: 'full', Value: '' },
    ],
  );
  assert.deepEqual(await tags(), ['vpc vpc-0a full=x']);
  await remove(['vpc-0a']);
});

test('tags are refused as AWS does, and then nothing is tagged', async () => {
  const many = Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: '' }));
  for (const [resources, given, name] of [
    [['vpc-0a', 'vpc-0b'], [{ Key: 'a', Value: '' }], 'InvalidVpcID.NotFound'],
    [['vpc-0a', 'x-1'], [{ Key: 'a', Value: '' }], 'InvalidID'],
    [['vpc-0a'], [{ Key: 'aws:x', Value: '' }], 'InvalidParameterValue'],
    [['vpc-0a'], [{ Key: 'AWS:x', Value: '' }], 'InvalidParameterValue'],
    [['vpc-0a'], [{ Key: '', Value: '' }], 'InvalidParameterValue'],
    [['vpc-0a'], [{ Key: '😀'.repeat(129), Value: '' }], 'InvalidParameterValue'],
    [['vpc-0a'], [{ Key: 'a', Value: 'x'.repeat(257) }], 'InvalidParameterValue'],
    [
      ['vpc-0a'],
      [
        { Key: 'a', Value: '' },
        { Key: 'a', Value: 'b' },
      ],
      'InvalidParameterValue',
    ],
    [['vpc-0a'], many, 'TagLimitExceeded'],
  ] as const)
    await assert.rejects(create([...resources], ...given), { name });
  assert.deepEqual(await tags(), []);
  await create(['vpc-0a'], { Key: '😀'.repeat(128), Value: 'é'.repeat(256) }, ...many.slice(0, 49));
  assert.equal((await tags()).length, 50);
});

test('tags come in pages', async () => {
  const client = ec2.client();
  const first = await client.send(new DescribeTagsCommand({ MaxResults: 40 }));
  const rest = await client.send(new DescribeTagsCommand({ MaxResults: 40, NextToken: first.NextToken }));
  assert.deepEqual([first.Tags?.length, rest.Tags?.length, rest.NextToken], [40, 10, undefined]);
});
