import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { ConsoleFailure } from '../../../../api/console.ts';
import type { TopologyAnswer } from '../../../../api/topology.ts';
import { buildBucket, SLOT_SECONDS as T } from '../../../../lake/read/build-bucket.ts';
import { recordAnswers } from '../../../../storage/state/record-answers.ts';
import { openState, statePath } from '../../../../storage/state/state-file.ts';
import { startConsole } from '../console.fixture.ts';

const V2 =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const V5 = `${V2} vpc-id subnet-id az-id flow-direction pkt-dst-aws-service`;
const line = (
  eni: string,
  src: string,
  dst: string,
  bytes: number,
  at: number,
  more: string,
  action = 'ACCEPT',
): string => `2 123456789012 ${eni} ${src} ${dst} 40000 443 6 2 ${bytes} ${T + at} ${T + at + 20} ${action} OK${more}`;

const here = 'vpc-1 subnet-a az1';
const withFacts = buildBucket();
withFacts.text([
  V5,
  line('eni-a', '10.0.1.5', '10.0.2.5', 100, 10, ` ${here} egress -`),
  line('eni-b', '10.0.1.5', '10.0.2.5', 90, 10, ' vpc-1 subnet-b az2 ingress -'),
  line('eni-a', '10.0.1.5', '54.231.0.9', 70, 100, ` ${here} egress S3`),
  line('eni-a', '198.51.100.7', '10.0.1.5', 40, 130, ` ${here} ingress -`, 'REJECT'),
  line('eni-a', '203.0.113.7', '10.0.1.5', 60, 250, ` ${here} ingress -`, 'REJECT'),
  `2 123456789012 eni-b - - - - - - - ${T} ${T + 59} - NODATA vpc-1 subnet-b az2 - -`,
  // Before the range that is asked for.
  line('eni-a', '10.0.1.5', '10.0.2.5', 5000, -100, ` ${here} egress -`),
]);
const state = openState(statePath(withFacts.directory), true);
const item = (id: string, content: object): { id: string; content: object } => ({ id, content });
const interfaceOf = (id: string, SubnetId: string, PrivateIpAddress: string): ReturnType<typeof item> =>
  item(id, {
    NetworkInterfaceId: id,
    VpcId: 'vpc-1',
    SubnetId,
    PrivateIpAddress,
    TagSet: [{ Key: 'Name', Value: `the ${id}` }],
  });
const all = { account: '210987654321', region: 'us-east-1', atMicros: (T - 600) * 1e6, whole: true };
await recordAnswers(
  state,
  [
    { ...all, kind: 'Vpcs', items: [item('vpc-1', { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' })] },
    {
      ...all,
      kind: 'Subnets',
      items: ['a', 'b'].map((name, i) =>
        item(`subnet-${name}`, {
          SubnetId: `subnet-${name}`,
          VpcId: 'vpc-1',
          CidrBlock: `10.0.${i + 1}.0/24`,
          AvailabilityZoneId: `az${i + 1}`,
        }),
      ),
    },
    {
      ...all,
      kind: 'NetworkInterfaces',
      items: [interfaceOf('eni-a', 'subnet-a', '10.0.1.5'), interfaceOf('eni-b', 'subnet-b', '10.0.2.5')],
    },
  ],
  'test',
  (T - 600) * 1e6,
);
state.close();

const onlyRecords = buildBucket();
onlyRecords.text([
  V2,
  line('eni-a', '10.0.1.5', '10.0.2.5', 100, 10, ''),
  line('eni-b', '10.0.1.5', '10.0.2.5', 90, 10, ''),
]);
onlyRecords.text([
  V2,
  line('eni-a', '10.0.1.5', '93.184.215.14', 30, 20, ''),
  line('eni-b', '10.0.2.5', '10.0.9.9', 8, 20, ''),
]);
after(() => {
  for (const { directory } of [withFacts, onlyRecords]) rmSync(directory, { recursive: true });
});

const RANGE = `from=${T}&to=${T + 600}`;

type Asked<A> = { readonly status: number; readonly json: A };

async function ask<A = TopologyAnswer>(test: TestContext, directory: string, query: string): Promise<Asked<A>> {
  const { browser } = await startConsole(test, { directory, now: () => (T + 700) * 1000 });
  const own = await browser();
  const { status, text } = await own.ask('GET', `/api/topology?${query}`);
  return { status, json: JSON.parse(text) as A };
}
const edges = ({ edges: found }: TopologyAnswer): string[] =>
  found.map(({ a, b, there, back }) => `${a} ${b} ${there.bytes}/${back.bytes}`).toSorted();

test('traffic is between the boxes of the network, each record once, by window', async (context) => {
  const { json } = await ask(context, withFacts.directory, `${RANGE}&scope=interface`);
  assert.deepEqual(edges(json), ['aws-service S3 eni-a 0/70', 'eni-a eni-b 100/0', 'eni-a internet 0/100']);
  assert.deepEqual(json.total, { bytes: 360, packets: 10, flows: 5, rejects: 2 });
  const internet = json.edges.find(({ b }) => b === 'internet');
  assert.deepEqual(internet?.back, { bytes: 100, packets: 4, flows: 2, rejects: 2 });
  assert.deepEqual([json.stepSeconds, json.windows.length], [60, 10]);
  assert.deepEqual(
    internet?.series.map(([window, bytes]) => [window, bytes]),
    [
      [2, 40],
      [4, 60],
    ],
  );
  assert.equal(json.boxes.find(({ id }) => id === 'eni-a')?.label, 'the eni-a');
  assert.equal(json.network, 'facts');
  assert.match(json.sql ?? '', /FROM flow_logs/u);
});

test('a filter and a scope leave out and put together', async (context) => {
  const { json } = await ask(context, withFacts.directory, `${RANGE}&scope=vpc&filter=action%3DREJECT`);
  assert.deepEqual(edges(json), ['internet vpc-1 100/0']);
  assert.equal(json.total.rejects, 2);
});

test('where there are no facts records tell, and what they do not tell is noted', async (context) => {
  const { json } = await ask(context, onlyRecords.directory, `${RANGE}&scope=interface`);
  assert.deepEqual(edges(json), ['eni-a eni-b 100/0', 'eni-a internet 30/0', 'eni-b on-premises private 8/0']);
  assert.equal(json.network, 'records');
  assert.deepEqual(
    json.notes.flatMap((note) => (note.kind === 'field-missing' ? note.field : [])),
    ['flow-direction'],
  );
});

test('what was read is kept in the data directory, or not, as the settings say', async (context) => {
  const kept = join(onlyRecords.directory, 'cache');
  for (const cacheBytes of [0, 1e9]) {
    rmSync(kept, { recursive: true, force: true });
    const options = { directory: onlyRecords.directory, now: () => (T + 700) * 1000, context: { cacheBytes } };
    const own = await (await startConsole(context, options)).browser();
    for (const path of [`/api/topology?${RANGE}`, `/api/explore?${RANGE}`])
      assert.equal((await own.ask('GET', path)).status, 200);
    assert.equal(existsSync(kept), cacheBytes > 0);
  }
});

test('a range without records has the network alone', async (context) => {
  const { json } = await ask(context, withFacts.directory, `from=${T + 86_400}&to=${T + 90_000}&scope=interface`);
  assert.deepEqual([json.edges, json.sql, json.interfaces], [[], null, 2]);
});

test('what cannot be read of the address is refused', async (context) => {
  for (const [query, code] of [
    ['scope=planet', 'FG_REQUEST_QUERY'],
    ['measure=love', 'FG_REQUEST_QUERY'],
    ['filter=nothing%3D1', 'FG_FILTER_FIELD'],
    ['from=5&to=1', 'FG_REQUEST_QUERY'],
  ] as const) {
    const { status, json } = await ask<ConsoleFailure>(context, withFacts.directory, query);
    assert.deepEqual([status, json.error.code], [400, code], query);
  }
});
