/**
 * The control API as aws-cli sees it, in each version that is installed: whole documents, exit codes, words on stderr.
 */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ACCOUNT, pretendEc2, REGION } from '../../src/control/ec2/ec2.fixture.ts';
import type { Pretended } from '../../src/control/ec2/ec2.fixture.ts';
import { addKey, credentialsText } from '../../src/control/keys.ts';
import { openState } from '../../src/storage/state/state-file.ts';
import { writeFileSync } from 'node:fs';
import { DEFAULT_FORMAT } from '../../src/record/format.ts';

/** Debian's, and the one that the shell finds. */
const PROGRAMS = [
  ...new Set(['/usr/bin/aws', spawnSync('sh', ['-c', 'command -v aws'], { encoding: 'utf8' }).stdout.trim()]),
].filter((path) => path !== '' && existsSync(path));

type Ended = { readonly code: number; readonly json: unknown; readonly told: string };

test('aws-cli is installed', { skip: PROGRAMS.length > 0 ? false : 'aws is not installed' }, () => {});

for (const program of PROGRAMS) {
  const version = spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.split(' ')[0] ?? program;
  describe(`${version} at ${program === '/usr/bin/aws' ? 'its Debian place' : 'its place'}`, () => {
    let ec2: Pretended;
    let home: string;
    before(async () => {
      ec2 = await pretendEc2();
      home = mkdtempSync(join(tmpdir(), 'flowgauge-aws-cli-'));
      ec2.put('Vpcs', [{ VpcId: 'vpc-0a', OwnerId: ACCOUNT, CidrBlock: '10.0.0.0/16' }]);
      ec2.put('NetworkInterfaces', [{ NetworkInterfaceId: 'eni-0c' }]);
      const state = openState(ec2.path, false);
      const key = addKey(state, { account: ACCOUNT, role: 'operate', forSeconds: 3600 }, new Date());
      const reader = addKey(state, { account: ACCOUNT, role: 'read', forSeconds: null }, new Date());
      state.close();
      const profiles = [
        credentialsText('default', key),
        credentialsText('reader', reader),
        credentialsText('wrong', { ...key, secret: 'x' }),
      ];
      writeFileSync(join(home, 'credentials'), profiles.join(''), { mode: 0o600 });
    });
    after(async () => {
      await ec2.close();
      rmSync(home, { recursive: true });
    });

    const aws = (...args: readonly (string | readonly string[])[]): Promise<Ended> =>
      new Promise((resolve) => {
        const env = {
          PATH: process.env['PATH'],
          HOME: home,
          AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials'),
          AWS_CONFIG_FILE: '/dev/null',
          AWS_EC2_METADATA_DISABLED: 'true',
          AWS_PAGER: '',
        };
        const all = ['--endpoint-url', ec2.endpoint, '--region', REGION, '--output', 'json', ...args.flat()];
        execFile(program, all, { env }, (error, out, told) => {
          ec2.clock.now = new Date();
          const code = error === null ? 0 : Number(error.code);
          resolve({ code, json: out.trim() === '' ? null : JSON.parse(out), told: told.trim() });
        });
      });

    test('who asks is told, with a session token', async () => {
      const { code, json, told } = await aws('sts', 'get-caller-identity');
      assert.equal(code, 0, told);
      const { Account, Arn, UserId } = json as Record<string, string>;
      assert.deepEqual([Account, Arn], [ACCOUNT, `arn:aws:iam::${ACCOUNT}:user/${UserId}`]);
    });

    test('a flow log is made, described, tagged and deleted, and each document is whole', async () => {
      const tag = 'ResourceType=vpc-flow-log,Tags=[{Key=Name,Value=all of it}]';
      const made = await aws(
        ['ec2', 'create-flow-logs', '--resource-type', 'VPC', '--resource-ids', 'vpc-0a', '--traffic-type', 'ALL'],
        ['--log-destination-type', 's3', '--log-destination', 'arn:aws:s3:::local/p/', '--tag-specifications', tag],
        ['--max-aggregation-interval', '60', '--client-token', 'a-token'],
        ['--destination-options', 'FileFormat=parquet,HiveCompatiblePartitions=true,PerHourPartition=true'],
      );
      assert.equal(made.code, 0, made.told);
      const [id = ''] = (made.json as { FlowLogIds: string[] }).FlowLogIds;
      assert.deepEqual(made.json, { ClientToken: 'a-token', FlowLogIds: [id], Unsuccessful: [] });
      const described = await aws('ec2', 'describe-flow-logs', '--filter', 'Name=tag:Name,Values=all*');
      const [{ CreationTime = '', ...log } = {}] = (described.json as { FlowLogs: Record<string, unknown>[] }).FlowLogs;
      assert.match(String(CreationTime), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:000)?(?:Z|\+00:00)$/);
      assert.deepEqual(log, {
        DeliverLogsStatus: 'SUCCESS',
        FlowLogId: id,
        FlowLogStatus: 'ACTIVE',
        ResourceId: 'vpc-0a',
        TrafficType: 'ALL',
        LogDestinationType: 's3',
        LogDestination: 'arn:aws:s3:::local/p/',
        LogFormat: DEFAULT_FORMAT,
        Tags: [{ Key: 'Name', Value: 'all of it' }],
        MaxAggregationInterval: 60,
        DestinationOptions: { FileFormat: 'parquet', HiveCompatiblePartitions: true, PerHourPartition: true },
      });
      assert.deepEqual(await aws('ec2', 'create-tags', '--resources', id, '--tags', 'Key=team,Value=net'), {
        code: 0,
        json: null,
        told: '',
      });
      assert.deepEqual((await aws('ec2', 'describe-tags', '--filters', 'Name=key,Values=team')).json, {
        Tags: [{ Key: 'team', ResourceId: id, ResourceType: 'vpc-flow-log', Value: 'net' }],
      });
      assert.equal((await aws('ec2', 'delete-tags', '--resources', id, '--tags', 'Key=team')).code, 0);
      assert.deepEqual(await aws('ec2', 'delete-flow-logs', '--flow-log-ids', id), {
        code: 0,
        json: { Unsuccessful: [] },
        told: '',
      });
      assert.deepEqual((await aws('ec2', 'describe-flow-logs')).json, { FlowLogs: [] });
    });

    test('errors have AWS’s codes, words and exit codes', async () => {
      const create = ['ec2', 'create-flow-logs', '--resource-type', 'VPC', '--traffic-type', 'ALL', '--resource-ids'];
      const refusal = async (
        operation: string,
        code: string,
        words: string,
        ...args: (string | string[])[]
      ): Promise<void> => {
        const ended = await aws(...args);
        // 255 in version 1.
        assert.ok(ended.code === 254 || ended.code === 255, `${ended.code}`);
        const told = ended.told.replace(/^aws: \[ERROR\]: /, '');
        assert.equal(told, `An error occurred (${code}) when calling the ${operation} operation: ${words}`);
      };
      const flow = refusal.bind(null, 'CreateFlowLogs');
      const bucket = ['--log-destination-type', 's3', '--log-destination', 'arn:aws:s3:::local'];
      await flow('InvalidVpcID.NotFound', "The vpc ID 'vpc-0b' does not exist", ...create, 'vpc-0b', ...bucket);
      await flow('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', [
        ...create,
        'vpc-0a',
        ...bucket,
        '--dry-run',
      ]);
      await flow('UnauthorizedOperation', 'You are not authorized to perform this operation.', [
        ...create,
        'vpc-0a',
        ...bucket,
        '--profile',
        'reader',
      ]);
      await refusal('DescribeFlowLogs', 'AuthFailure', 'AWS was not able to validate the provided access credentials', [
        'ec2',
        'describe-flow-logs',
        '--profile',
        'wrong',
      ]);
      await refusal(
        'GetCallerIdentity',
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
        ['sts', 'get-caller-identity', '--profile', 'wrong'],
      );
      await refusal('DescribeFleets', 'InvalidAction', 'The action DescribeFleets is not valid for this web service.', [
        'ec2',
        'describe-fleets',
      ]);
    });

    test('resources that fail alone are in the answer, which is fine', async () => {
      const { code, json } = await aws(
        ['ec2', 'create-flow-logs', '--resource-type', 'NetworkInterface', '--resource-ids', 'eni-0c'],
        ['--traffic-type', 'ALL', '--log-destination-type', 's3', '--log-destination', 'arn:aws:s3:::local'],
      );
      const { ClientToken, ...rest } = json as Record<string, unknown>;
      assert.match(String(ClientToken), /./);
      const Message = 'eni-0c is an interface of EC2-Classic; flow logs are not available for it';
      assert.deepEqual(
        [code, rest],
        [0, { FlowLogIds: [], Unsuccessful: [{ Error: { Code: '400', Message }, ResourceId: 'eni-0c' }] }],
      );
    });

    test('pages are put together', async () => {
      for (const type of ['ALL', 'ACCEPT', 'REJECT'])
        for (const bucket of ['one', 'two'])
          await aws(
            ['ec2', 'create-flow-logs', '--resource-type', 'VPC', '--resource-ids', 'vpc-0a', '--traffic-type', type],
            ['--log-destination-type', 's3', '--log-destination', `arn:aws:s3:::bucket-${bucket}`],
          );
      const { json } = await aws('ec2', 'describe-flow-logs', '--page-size', '5');
      assert.equal((json as { FlowLogs: unknown[] }).FlowLogs.length, 6);
      const first = (await aws('ec2', 'describe-flow-logs', '--max-items', '4', '--page-size', '5')).json as {
        FlowLogs: unknown[];
        NextToken: string;
      };
      assert.equal(first.FlowLogs.length, 4);
      const rest = (await aws('ec2', 'describe-flow-logs', '--starting-token', first.NextToken)).json as {
        FlowLogs: unknown[];
      };
      assert.equal(rest.FlowLogs.length, 2);
    });

    test('regions and zones are told', async () => {
      assert.deepEqual((await aws('ec2', 'describe-regions', '--region-names', REGION)).json, {
        Regions: [{ Endpoint: `ec2.${REGION}.amazonaws.com`, OptInStatus: 'opt-in-not-required', RegionName: REGION }],
      });
      assert.deepEqual((await aws('ec2', 'describe-availability-zones', '--zone-names', `${REGION}a`)).json, {
        AvailabilityZones: [
          {
            GroupName: `${REGION}-zg-1`,
            Messages: [],
            NetworkBorderGroup: REGION,
            OptInStatus: 'opt-in-not-required',
            RegionName: REGION,
            State: 'available',
            ZoneId: 'euw1-az1',
            ZoneName: `${REGION}a`,
            ZoneType: 'availability-zone',
          },
        ],
      });
    });
  });
}
