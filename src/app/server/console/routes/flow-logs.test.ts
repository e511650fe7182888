import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { ConsoleFailure } from '../../../../api/console.ts';
import type {
  CoverageAnswer,
  CreateFlowLogsAnswer,
  CreateFlowLogsBody,
  FlowLogDetails,
  FlowLogRow,
  FlowLogsAnswer,
  ReplaceFlowLogAnswer,
} from '../../../../api/flow-logs.ts';
import type { FormatAnswer, FormatFields } from '../../../../api/formats.ts';
import { DEFAULT_FORMAT } from '../../../../record/format.ts';
import { startConsole } from '../console.fixture.ts';
import type { TestBrowser, TestConsole } from '../console.fixture.ts';

type Opened = TestConsole & { readonly own: TestBrowser; readonly directory: string };

const ACCOUNT = '123456789012';
const VPC = 'vpc-0123456789abcdef0';
const SUBNETS = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'] as const;

/** A console over a network: two subnets, three interfaces. */
async function open(context: TestContext): Promise<Opened> {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-flow-logs-'));
  context.after(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, 'bucket'));
  const console = await startConsole(context, { directory });
  const { facts } = console.context.control;
  facts.change(
    Date.now() * 1000,
    () => {
      const scope = facts.scope(ACCOUNT, 'us-east-1');
      const Tags = [{ Key: 'Name', Value: '<b>shop</b>' }];
      scope.put('Vpcs', VPC, { VpcId: VPC, OwnerId: ACCOUNT, CidrBlock: '10.0.0.0/16', Tags });
      for (const [i, SubnetId] of SUBNETS.entries())
        scope.put('Subnets', SubnetId, { SubnetId, VpcId: VPC, CidrBlock: `10.0.${i}.0/24` });
      for (const i of [0, 1, 2]) {
        const NetworkInterfaceId = `eni-0123456789abcdef${i}`;
        const of = {
          VpcId: VPC,
          SubnetId: SUBNETS[i === 0 ? 0 : 1],
          PrivateIpAddress: `10.0.${i === 0 ? 0 : 1}.${i + 5}`,
        };
        scope.put('NetworkInterfaces', NetworkInterfaceId, { NetworkInterfaceId, ...of });
      }
    },
    () => {},
  );
  return { ...console, own: await console.browser(), directory };
}

const CREATE: CreateFlowLogsBody = {
  region: 'us-east-1',
  check: false,
  resourceType: 'Subnet',
  resourceIds: [SUBNETS[0]],
  traffic: 'REJECT',
  intervalSeconds: 60,
  format: DEFAULT_FORMAT,
  destination: {
    type: 's3',
    place: 'arn:aws:s3:::local/rejected/',
    role: '',
    fileFormat: 'plain-text',
    hive: false,
    hourly: false,
  },
  tags: { Name: 'rejected' },
  clientToken: 'one',
};

async function ok<T>(from: TestBrowser, method: string, path: string, body?: unknown): Promise<T> {
  const { status, json, text } = await from.ask<T>(method, path, body);
  assert.ok(status < 300, `${method} ${path}: ${status} ${text}`);
  return json;
}
async function refused(from: TestBrowser, method: string, path: string, body?: unknown): Promise<string> {
  const { status, json } = await from.ask<ConsoleFailure>(method, path, body);
  return `${status} ${json.error.code}`;
}
const list = async (from: TestBrowser): Promise<readonly FlowLogRow[]> =>
  (await ok<FlowLogsAnswer>(from, 'GET', '/api/flow-logs')).flowLogs;

test('a flow log is made, listed, tagged and deleted as the EC2 API does, by the session’s key', async (context) => {
  const { own, context: of, key } = await open(context);
  const empty = await ok<FlowLogsAnswer>(own, 'GET', '/api/flow-logs');
  assert.deepEqual(
    [empty.flowLogs, empty.mayCreate, empty.regions, empty.region],
    [[], true, ['us-east-1'], 'us-east-1'],
  );
  const made = await ok<CreateFlowLogsAnswer>(own, 'POST', '/api/flow-logs', CREATE);
  const [row] = await list(own);
  assert.deepEqual(
    [row?.id, row?.name, row?.resourceType, row?.resourceName, row?.traffic, row?.intervalSeconds, row?.interfaces],
    [made.flowLogIds[0], 'rejected', 'Subnet', null, 'REJECT', 60, 1],
  );
  assert.deepEqual(row?.destination, {
    type: 's3',
    place: 'arn:aws:s3:::local/rejected/',
    isLocal: true,
    fileFormat: 'plain-text',
    hive: false,
    hourly: false,
    role: null,
  });
  assert.deepEqual([row?.version, row?.fields, row?.delivery.state, row?.newestSeconds], [2, 14, 'none-yet', null]);
  // The same call again makes no other.
  assert.deepEqual(await ok<CreateFlowLogsAnswer>(own, 'POST', '/api/flow-logs', CREATE), made);
  await ok(own, 'PUT', `/api/flow-log-tags/${row?.id}`, { tags: { Team: 'net', Name: 'other' } });
  assert.deepEqual((await list(own))[0]?.tags, { Name: 'other', Team: 'net' });
  await ok(own, 'PUT', `/api/flow-log-tags/${row?.id}`, { tags: { Team: 'net' } });
  assert.deepEqual((await list(own))[0]?.tags, { Team: 'net' });
  assert.equal(await refused(own, 'DELETE', '/api/flow-logs/fl-0'), '404 NotFound');
  await ok(own, 'DELETE', `/api/flow-logs/${row?.id}`);
  assert.deepEqual(await list(own), []);
  const rows = of.control.state.database.prepare('SELECT principal, action FROM audit ORDER BY id').all();
  assert.deepEqual(
    rows.slice(1).map(({ principal, action }) => [principal, action]),
    ['CreateFlowLogs', 'CreateTags', 'DeleteTags', 'DeleteFlowLogs'].map((action) => [key.id, action]),
  );
});

test('a check tells what would be refused, in the words of the API, and makes nothing', async (context) => {
  const { own } = await open(context);
  const checked = { ...CREATE, check: true };
  assert.deepEqual(await ok<CreateFlowLogsAnswer>(own, 'POST', '/api/flow-logs', checked), {
    flowLogIds: [],
    unsuccessful: [],
  });
  const refusedFor = (more: object): Promise<string> => refused(own, 'POST', '/api/flow-logs', { ...checked, ...more });
  const group = { ...CREATE.destination, type: 'cloud-watch-logs', place: 'flows' };
  assert.equal(await refusedFor({ destination: group }), '400 InvalidParameter');
  assert.equal(await refusedFor({ format: '${nothing}' }), '400 InvalidParameter');
  assert.equal(await refusedFor({ resourceIds: ['subnet-0123456789abcdeff'] }), '400 InvalidSubnetID.NotFound');
  assert.equal(await refusedFor({ intervalSeconds: 61 }), '400 InvalidParameter');
  assert.equal(await refusedFor({ traffic: 'SOME' }), '400 FG_REQUEST_BODY');
  assert.equal(await refusedFor({ region: 'eu-north-1' }), '400 InvalidSubnetID.NotFound');
  assert.deepEqual(await list(own), []);
});

test('a successor takes over at a boundary, and both are shown until then', async (context) => {
  const { own } = await open(context);
  const made = await ok<CreateFlowLogsAnswer>(own, 'POST', '/api/flow-logs', CREATE);
  const [id = ''] = made.flowLogIds;
  const done = await ok<ReplaceFlowLogAnswer>(own, 'POST', `/api/replace-flow-log/${id}`, { intervalSeconds: 600 });
  const rows = await list(own);
  const before = rows.find((row) => row.id === id);
  const after = rows.find((row) => row.id === done.successor);
  assert.deepEqual([before?.endsSeconds, after?.createdSeconds], [done.atSeconds, done.atSeconds]);
  assert.deepEqual([before?.mayChange, after?.mayChange, after?.intervalSeconds], [false, true, 600]);
  assert.equal(await refused(own, 'POST', '/api/replace-flow-log/fl-0', {}), '400 FG_REPLACE_UNKNOWN');
  const same = await refused(own, 'POST', `/api/replace-flow-log/${done.successor}`, {});
  assert.equal(same, '400 FG_REPLACE_SAME');
});

test('a key that may read sees all and changes nothing', async (context) => {
  const opened = await open(context);
  const { own } = opened;
  const made = await ok<CreateFlowLogsAnswer>(own, 'POST', '/api/flow-logs', CREATE);
  const [id = ''] = made.flowLogIds;
  const reader = await opened.browser(opened.addKey('read'));
  const seen = await ok<FlowLogsAnswer>(reader, 'GET', '/api/flow-logs');
  assert.deepEqual([seen.flowLogs.length, seen.mayCreate, seen.flowLogs[0]?.mayChange], [1, false, false]);
  for (const [method, path, body] of [
    ['POST', '/api/flow-logs', CREATE],
    ['DELETE', `/api/flow-logs/${id}`, undefined],
    ['POST', `/api/replace-flow-log/${id}`, { intervalSeconds: 600 }],
    ['PUT', `/api/flow-log-tags/${id}`, { tags: {} }],
  ] as const)
    assert.equal(await refused(reader, method, path, body), '403 AccessDenied', path);
  assert.equal((await list(own)).length, 1);
});

test('coverage names the interfaces that have no records, or some, and what captures them', async (context) => {
  const { own } = await open(context);
  const look = (): Promise<CoverageAnswer> => ok<CoverageAnswer>(own, 'GET', '/api/coverage');
  const told = ({ interfaces }: CoverageAnswer): string[] =>
    interfaces.map(({ id, covered }) => `${id.at(-1)} ${covered}`);
  assert.deepEqual(told(await look()), ['0 none', '1 none', '2 none']);
  await ok(own, 'POST', '/api/flow-logs', CREATE);
  const whole = { ...CREATE, resourceIds: [SUBNETS[1]], traffic: 'ALL', clientToken: 'two' };
  await ok(own, 'POST', '/api/flow-logs', whole);
  const found = await look();
  assert.deepEqual(told(found), ['0 rejected', '1 all', '2 all']);
  assert.deepEqual(
    found.places.map(({ id, name, interfaces, uncovered, partly }) => [id, name, interfaces, uncovered, partly]),
    [
      [VPC, '<b>shop</b>', 3, 0, 1],
      [SUBNETS[0], null, 1, 0, 1],
      [SUBNETS[1], null, 2, 0, 0],
    ],
  );
  assert.equal(found.interfaces[0]?.device, null);
});

test('details tell what the ledger has of a span, what waits, and what the format can answer', async (context) => {
  const { own, directory } = await open(context);
  const made = await ok<CreateFlowLogsAnswer>(own, 'POST', '/api/flow-logs', CREATE);
  const [id = ''] = made.flowLogIds;
  const slot = Math.floor(Date.now() / 300_000) * 300;
  const [day, stamp] = [
    new Date(slot * 1000).toISOString().slice(0, 10).replaceAll('-', '/'),
    `${new Date(slot * 1000).toISOString().slice(0, 16).replaceAll(/[-:]/gu, '')}Z`,
  ];
  const folder = join(directory, 'bucket/rejected/_flowgauge/ledger/AWSLogs', ACCOUNT, 'vpcflowlogs/us-east-1', day);
  mkdirSync(folder, { recursive: true });
  const key = `AWSLogs/${ACCOUNT}/vpcflowlogs/us-east-1/${day}/${ACCOUNT}_vpcflowlogs_us-east-1_${id}_${stamp}_01234567.log.gz`;
  const window = {
    i: 'eni-1',
    at: slot,
    s: 60,
    counted: 12,
    records: 3,
    packets: 7,
    filtered: 4,
    lost: { 'table-full': 1 },
  };
  const entry = { ledger: 2, key, sizeBytes: 99, sha256: 'x', records: 3, packets: 7, lostPackets: 0, flowLogId: id };
  writeFileSync(
    join(folder, `${key.slice(key.lastIndexOf('/') + 1)}.json`),
    JSON.stringify({ ...entry, slotSeconds: slot, segment: 's', segmentCrc32: 0, after: 0, windows: [window] }),
  );
  mkdirSync(join(directory, 'spool'));
  writeFileSync(join(directory, 'spool', `${id}_${slot}_1.segment`), 'x'.repeat(50));
  const { flowLog, ledger, preview } = await ok<FlowLogDetails>(own, 'GET', `/api/flow-logs/${id}`);
  assert.deepEqual(
    [flowLog.newestSeconds, flowLog.delivery.waitingSegments, flowLog.delivery.waitingBytes],
    [slot + 60, 1, 50],
  );
  assert.deepEqual(
    [ledger?.objects, ledger?.counted, ledger?.inRecords, ledger?.filtered, ledger?.lost, ledger?.newest[0]?.key],
    [1, 12, 7, 4, { 'table-full': 1 }, key],
  );
  assert.equal(preview?.version, 2);
  assert.ok(preview?.capabilities.some(({ query, can }) => query === 'top-talking-subnets' && can === 'no'));
  const early = await ok<FlowLogDetails>(own, 'GET', `/api/flow-logs/${id}?from=1000&to=2000`);
  assert.equal(early.ledger?.objects, 0);
  assert.equal(await refused(own, 'GET', '/api/flow-logs/fl-0'), '404 NotFound');
});

test('fields are told with what would be empty here; a format with its problem or a preview', async (context) => {
  const { own } = await open(context);
  const { fields, presets } = await ok<FormatFields>(own, 'GET', '/api/fields');
  const of = (name: string) => fields.find((field) => field.name === name);
  assert.deepEqual(
    [of('srcaddr')?.kind, of('tgw-id')?.kind, of('x-rule-id')?.kind],
    ['interface', 'transit-gateway', 'extension'],
  );
  assert.match(of('ecs-task-id')?.empty ?? '', /EcsTasks/u);
  assert.equal(of('vpc-id')?.empty, null);
  assert.equal(presets[0]?.format, DEFAULT_FORMAT);
  const look = (format: string): Promise<FormatAnswer> => ok<FormatAnswer>(own, 'POST', '/api/format', { format });
  const { preview, problem } = await look('${srcaddr} ${tcp-flags}');
  assert.deepEqual([problem, preview?.version, preview?.header], [null, 3, 'srcaddr tcp-flags']);
  assert.deepEqual(preview?.examples, ['172.31.16.139 3', '203.0.113.12 2', '- -']);
  for (const [format, code] of [
    ['', 'FG_FORMAT_EMPTY'],
    ['${srcaddr}  ${dstaddr}', 'FG_FORMAT_SHAPE'],
    ['${nothing}', 'FG_FIELD_UNKNOWN'],
    ['${srcaddr} ${srcaddr}', 'FG_FIELD_TWICE'],
    ['${tgw-id}', 'InvalidParameter'],
    ['srcaddr dstaddr', 'InvalidParameterValue'],
  ] as const)
    assert.equal((await look(format)).problem?.code, code, format);
});
