import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { TestContext } from 'node:test';
import * as ec2 from '@aws-sdk/client-ec2';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { importAws } from '../../src/control/import/import-aws.ts';
import type { Imported } from '../../src/control/import/import-aws.ts';
import { openModel } from '../../src/storage/state/open-model.ts';
import { startMoto } from './moto.ts';
import { useCredentials } from './s3-place.ts';
import { directoryOf, NotHere } from './server.ts';
import type { S3Server } from './server.ts';

/** Each profile takes a role of its account, and the server keeps accounts apart by the credentials of the role. */
const PROFILES = `
[profile hub]
aws_access_key_id = testing
aws_secret_access_key = testing

[profile prod]
role_arn = arn:aws:iam::111111111111:role/reader
source_profile = hub
region = eu-west-1

[profile shared]
role_arn = arn:aws:iam::222222222222:role/reader
source_profile = hub
region = eu-central-1

[profile prod-audit]
role_arn = arn:aws:iam::111111111111:role/auditor
source_profile = hub
region = eu-west-1
`;

const never = new AbortController().signal;

suite('moto, several accounts and regions by profile', () => {
  let server: S3Server | null = null;
  let why = '';
  const made: Record<string, string> = {};
  const directory = directoryOf('accounts');
  const data = join(directory.path, 'data');

  before(async () => {
    try {
      server = await startMoto();
    } catch (error) {
      if (!(error instanceof NotHere)) throw error;
      why = error.message;
      return;
    }
    useCredentials(server);
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
    const config = join(directory.path, 'config');
    writeFileSync(config, PROFILES);
    process.env['AWS_CONFIG_FILE'] = config;
    // Roles are taken at the same server: this one is set for all services, that of the credentials too.
    process.env['AWS_ENDPOINT_URL'] = server.endpoint;
    await makeNetworks(server.endpoint, made);
  });
  after(async () => {
    delete process.env['AWS_ENDPOINT_URL'];
    await server?.stop();
    directory.remove();
  });
  const isReady = (context: TestContext): boolean => {
    if (server === null) context.skip(why);
    return server !== null;
  };
  const importFrom = (profiles: readonly string[], regions: readonly string[], seconds: number): Promise<Imported> =>
    importAws({ profiles, regions, endpoint: null }, data, seconds * 1e6, never);
  const places = ({ recorded }: Imported): string[] =>
    recorded.filter(({ kind }) => kind === 'Vpcs').map(({ account, region }) => `${account} ${region}`);

  test('each profile is asked in its own region, and two profiles of one account once', async (t) => {
    if (!isReady(t)) return;
    assert.deepEqual(places(await importFrom(['prod', 'shared', 'prod-audit'], [], 100)), [
      '111111111111 eu-west-1',
      '222222222222 eu-central-1',
    ]);
    const { vpcs } = await openModel({ data });
    const ownerOf = (name: string): string | undefined => vpcs.find(({ id }) => id === made[name])?.accountId;
    assert.deepEqual([ownerOf('prod'), ownerOf('shared')], ['111111111111', '222222222222']);
    assert.equal(ownerOf('prod-us'), undefined);
  });

  test('each profile is asked in each region that is named, and what is of the other account does not end', async (t) => {
    if (!isReady(t)) return;
    const done = await importFrom(['prod', 'shared'], ['eu-west-1', 'us-east-1'], 200);
    assert.deepEqual(places(done), [
      '111111111111 eu-west-1',
      '111111111111 us-east-1',
      '222222222222 eu-west-1',
      '222222222222 us-east-1',
    ]);
    assert.equal(
      done.recorded.reduce((sum, { ended }) => sum + ended, 0),
      0,
    );
    const { vpcs } = await openModel({ data });
    for (const name of ['prod', 'prod-us', 'shared'])
      assert.ok(
        vpcs.some(({ id }) => id === made[name]),
        name,
      );
  });

  test('a peering connection between the two accounts has both its ends', async (t) => {
    if (!isReady(t)) return;
    await importFrom(['prod', 'shared'], ['eu-central-1'], 300);
    const { vpcs, peerings } = await openModel({ data });
    const peering = peerings?.find(({ id }) => id === made['pcx']);
    const ends = (peering?.ends ?? []).map(({ vpc, accountId }) => `${accountId} ${vpcs[vpc]?.id}`);
    assert.deepEqual(ends.sort(), [`111111111111 ${made['prod-eu']}`, `222222222222 ${made['shared']}`]);
  });

  test('a profile that is not there is named, and nothing is imported', async (t) => {
    if (!isReady(t)) return;
    await assert.rejects(importFrom(['prod', 'nobody'], ['eu-west-1'], 400), {
      code: 'FG_AWS_PROFILE',
      message: /nobody/,
    });
  });
});

/** Networks with the same addresses in both accounts. */
async function makeNetworks(endpoint: string, made: Record<string, string>): Promise<void> {
  const clientOf = (profile: string, region: string): ec2.EC2Client =>
    new ec2.EC2Client({ region, endpoint, credentials: defaultProvider({ profile }) });
  const vpc = async (name: string, profile: string, region: string, CidrBlock: string): Promise<string> => {
    const client = clientOf(profile, region);
    const { Vpc } = await client.send(new ec2.CreateVpcCommand({ CidrBlock }));
    client.destroy();
    return (made[name] = Vpc?.VpcId ?? '');
  };
  await vpc('prod', 'prod', 'eu-west-1', '10.0.0.0/16');
  await vpc('prod-us', 'prod', 'us-east-1', '10.0.0.0/16');
  const own = await vpc('prod-eu', 'prod', 'eu-central-1', '10.1.0.0/16');
  const other = await vpc('shared', 'shared', 'eu-central-1', '10.0.0.0/16');
  const [asks, accepts] = [clientOf('prod', 'eu-central-1'), clientOf('shared', 'eu-central-1')];
  const { VpcPeeringConnection } = await asks.send(
    new ec2.CreateVpcPeeringConnectionCommand({ VpcId: own, PeerVpcId: other, PeerOwnerId: '222222222222' }),
  );
  made['pcx'] = VpcPeeringConnection?.VpcPeeringConnectionId ?? '';
  await accepts.send(new ec2.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: made['pcx'] }));
  asks.destroy();
  accepts.destroy();
}
