import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  DescribeAccountAttributesCommand,
  DescribeAvailabilityZonesCommand,
  DescribeRegionsCommand,
} from '@aws-sdk/client-ec2';
import { pretendEc2 } from '../ec2.fixture.ts';
import type { Pretended } from '../ec2.fixture.ts';

let ec2: Pretended;
before(async () => {
  ec2 = await pretendEc2();
});
after(() => ec2.close());

test('a region is told of, the caller’s own too where AWS has none of that name', async () => {
  const one = await ec2.client('read').send(new DescribeRegionsCommand({ RegionNames: ['eu-west-1'] }));
  assert.deepEqual(one.Regions, [
    { OptInStatus: 'opt-in-not-required', RegionName: 'eu-west-1', Endpoint: 'ec2.eu-west-1.amazonaws.com' },
  ]);
  const own = await ec2.client('read', 'xx-lab-1').send(new DescribeRegionsCommand({}));
  assert.equal(own.Regions?.at(-1)?.RegionName, 'xx-lab-1');
  const filtered = new DescribeRegionsCommand({ Filters: [{ Name: 'endpoint', Values: ['*us-east*'] }] });
  assert.deepEqual(
    (await ec2.client().send(filtered)).Regions?.map(({ RegionName }) => RegionName),
    ['us-east-1', 'us-east-2'],
  );
  await assert.rejects(ec2.client().send(new DescribeRegionsCommand({ RegionNames: ['eu-west-9'] })), {
    name: 'InvalidParameterValue',
    message: 'Invalid region provided: eu-west-9',
  });
});

test('a region has three zones', async () => {
  const client = ec2.client();
  const { AvailabilityZones: zones } = await client.send(new DescribeAvailabilityZonesCommand({}));
  assert.deepEqual(
    zones?.map(({ ZoneName, ZoneId, State }) => [ZoneName, ZoneId, State]),
    [
      ['eu-west-1a', 'euw1-az1', 'available'],
      ['eu-west-1b', 'euw1-az2', 'available'],
      ['eu-west-1c', 'euw1-az3', 'available'],
    ],
  );
  const ids = async (input: object): Promise<unknown> =>
    (await client.send(new DescribeAvailabilityZonesCommand(input))).AvailabilityZones?.map(({ ZoneId }) => ZoneId);
  assert.deepEqual(await ids({ ZoneNames: ['eu-west-1b'] }), ['euw1-az2']);
  assert.deepEqual(await ids({ ZoneIds: ['euw1-az3'] }), ['euw1-az3']);
  assert.deepEqual(await ids({ Filters: [{ Name: 'zone-name', Values: ['*a'] }] }), ['euw1-az1']);
  await assert.rejects(ids({ ZoneNames: ['eu-west-1x'] }), { name: 'InvalidParameterValue' });
});

test('an account has attributes', async () => {
  const client = ec2.client();
  const ask = async (AttributeNames?: string[]): Promise<unknown> =>
    (
      await client.send(new DescribeAccountAttributesCommand({ AttributeNames: AttributeNames as ['default-vpc'] }))
    ).AccountAttributes?.map(({ AttributeName, AttributeValues }) => [
      AttributeName,
      AttributeValues?.map(({ AttributeValue }) => AttributeValue),
    ]);
  assert.deepEqual(await ask(['supported-platforms', 'default-vpc']), [
    ['supported-platforms', ['VPC']],
    ['default-vpc', ['none']],
  ]);
  assert.equal(((await ask()) as unknown[]).length, 6);
  await assert.rejects(ask(['nothing']), { name: 'InvalidParameterValue' });
});
