import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { AgentReport, HostAssignment } from '../../api/agents.ts';
import { ASSIGNMENT_PATH, REPORT_PATH } from '../../api/agents.ts';
import { attachDevice } from '../../control/attach.ts';
import { signedHeaders } from '../../storage/object/sign-request.ts';
import { addKey, revokeKey } from '../../control/keys.ts';
import type { AccessKey } from '../../storage/state/keys.ts';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import type { CurrentFacts } from '../../storage/state/current-facts.ts';
import { openState } from '../../storage/state/state-file.ts';
import type { StateFile } from '../../storage/state/state-file.ts';
import { createAgentRoutes } from './agent-routes.ts';
import type { AgentRoutes } from './agent-routes.ts';
import type { AgentStandings } from './agent-standings.ts';
import { openAgentStandings, readAgentStandings, wrongWith } from './agent-standings.ts';
import type { HttpAnswer } from './http.ts';

const [ACCOUNT, REGION] = ['111122223333', 'eu-west-1'];
const NOW = new Date('2026-11-30T02:00:00Z');

let directory: string;
let state: StateFile;
let facts: CurrentFacts;
let standings: AgentStandings;
let routes: AgentRoutes;
let key: AccessKey;
let millis: number;
let changed: () => void;

function open(): void {
  facts = openCurrentFacts(state);
  standings = openAgentStandings(directory);
  routes = createAgentRoutes({
    state,
    facts,
    onChange: (listener) => {
      changed = listener;
      return () => {};
    },
    ownVpcId: 'vpc-0',
    standings,
    now: () => millis,
    lookMillis: 5,
  });
}
function putInterface(id: string): void {
  facts.change(
    millis * 1000,
    () => facts.scope(ACCOUNT, REGION).put('NetworkInterfaces', id, { NetworkInterfaceId: id }),
    () => {},
  );
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'flowgauge-agents-'));
  millis = NOW.getTime();
  state = openState(join(directory, 'state.sqlite'), true);
  addKey(state, { account: ACCOUNT, role: 'operate', forSeconds: null }, NOW);
  key = addKey(state, { account: ACCOUNT, role: 'agent', host: 'web-1', forSeconds: null }, NOW);
  open();
  putInterface('eni-1');
  attachDevice(state, 'eni-1', 'eth0', NOW, 'web-1');
});
afterEach(() => {
  routes.end();
  state.close();
  rmSync(directory, { recursive: true });
});

function ask(path: string, json: unknown, by: AccessKey = key, service = 'flowgauge'): Promise<HttpAnswer> {
  const body = JSON.stringify(json);
  const keys = { accessKeyId: by.id, secretAccessKey: by.secret };
  const request = { host: 'server:8350', path, headers: { 'content-type': 'application/json' }, body };
  const headers = signedHeaders(request, keys, 'us-east-1', service, new Date(millis));
  return routes.answer({ method: 'POST', url: path, headers, body: new TextEncoder().encode(body) });
}
const assignment = (answer: HttpAnswer): HostAssignment => JSON.parse(String(answer.body)) as HostAssignment;
const poll = (version: string | null, waitSeconds = 30, by = key): Promise<HttpAnswer> =>
  ask(ASSIGNMENT_PATH, { format: 1, version, waitSeconds }, by);
const codeOf = (answer: HttpAnswer): unknown => [
  answer.status,
  (JSON.parse(String(answer.body)) as { code: string }).code,
];

test('an assignment is that of the host of the key, and the same after a restart', async () => {
  const answer = await poll(null);
  const { version, host, devices, network } = assignment(answer);
  assert.deepEqual([answer.status, host, devices], [200, 'web-1', [{ device: 'eth0', interfaceId: 'eni-1' }]]);
  assert.deepEqual(network, {
    ownVpcId: 'vpc-0',
    model: { NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }] },
    flowLogs: [{ fromMicros: 0, held: [] }],
  });
  assert.equal((await poll(version, 0)).status, 204);
  const other = addKey(state, { account: ACCOUNT, role: 'agent', host: 'web-2', forSeconds: null }, NOW);
  assert.deepEqual(assignment(await poll(null, 0, other)).devices, []);
  routes.end();
  open();
  millis += 60_000;
  assert.equal(assignment(await poll(null, 0)).version, version);
});

test('a poll is answered as soon as there is another assignment, be it made here or by another process', async () => {
  const { version } = assignment(await poll(null));
  const waiting = poll(version);
  await poll('unknown', 0);
  putInterface('eni-2');
  changed();
  const second = assignment(await waiting);
  assert.equal(second.network.model['NetworkInterfaces']?.length, 2);
  const again = poll(second.version);
  const beside = openState(join(directory, 'state.sqlite'));
  attachDevice(beside, 'eni-2', 'eth1', NOW, 'web-1');
  beside.close();
  assert.equal(assignment(await again).devices.length, 2);
});

test('a flow log that was told for a time to come is there before, and a change when it has come', async () => {
  const atMicros = (millis + 60_000) * 1000;
  facts.change(
    millis * 1000,
    () => facts.scope(ACCOUNT, REGION).put('FlowLogs', 'fl-1', { FlowLogId: 'fl-1' }, atMicros),
    () => {},
  );
  const first = assignment(await poll(null));
  const held = [{ account: ACCOUNT, region: REGION, item: { FlowLogId: 'fl-1' } }];
  assert.deepEqual(first.network.flowLogs, [
    { fromMicros: 0, held: [] },
    { fromMicros: atMicros, held },
  ]);
  millis += 61_000;
  const second = assignment(await poll(first.version));
  assert.deepEqual([second.network.flowLogs, second.sinceMicros], [[{ fromMicros: 0, held }], atMicros]);
});

test('of two polls with one key the newer one waits; all are answered at the end', async () => {
  const { version } = assignment(await poll(null));
  const older = poll(version);
  const newer = poll(version);
  assert.equal((await older).status, 204);
  routes.end();
  assert.equal((await newer).status, 204);
  assert.equal((await poll(version)).status, 204, 'nobody waits any more');
});

test('who has no key of an agent is refused, and who waits with one that is revoked', async () => {
  const operate = addKey(state, { account: ACCOUNT, role: 'operate', forSeconds: null }, NOW);
  assert.deepEqual(codeOf(await poll(null, 0, operate)), [403, 'AccessDenied']);
  assert.deepEqual(codeOf(await poll(null, 0, { ...key, secret: 'wrong' })), [403, 'SignatureDoesNotMatch']);
  assert.deepEqual(codeOf(await poll(null, 0, { ...key, id: 'AKIANOBODY0000000000' })), [403, 'InvalidClientTokenId']);
  assert.deepEqual(codeOf(await ask(ASSIGNMENT_PATH, {}, key, 'ec2')), [403, 'SignatureDoesNotMatch']);
  const { version } = assignment(await poll(null));
  const waiting = poll(version);
  revokeKey(state, key.id, NOW);
  assert.deepEqual(codeOf(await waiting), [403, 'InvalidClientTokenId']);
});

test('what is no request is refused', async () => {
  for (const json of [
    null,
    7,
    {},
    { format: 2, version: null, waitSeconds: 0 },
    { format: 1, version: 1, waitSeconds: 0 },
  ])
    assert.deepEqual(codeOf(await ask(ASSIGNMENT_PATH, json)), [400, 'ValidationError']);
  for (const waitSeconds of [-1, 31, 0.5, '1'])
    assert.deepEqual(codeOf(await ask(ASSIGNMENT_PATH, { format: 1, version: null, waitSeconds })), [
      400,
      'ValidationError',
    ]);
  assert.deepEqual(codeOf(await ask(ASSIGNMENT_PATH, 'x'.repeat(70_000))), [413, 'RequestTooLarge']);
  const request = { method: 'GET', url: ASSIGNMENT_PATH, headers: {}, body: new Uint8Array() };
  assert.deepEqual(codeOf(await routes.answer(request)), [405, 'MethodNotAllowed']);
  assert.deepEqual(codeOf(await routes.answer({ ...request, method: 'POST' })), [403, 'MissingAuthenticationToken']);
});

const count = { in: 3, out: 1, held: 1, lost: { 'never-logged/arp': 1 }, notes: {} };
const told = (assigned: string | null): AgentReport => ({
  format: 1,
  program: '0.1.0',
  assignment: assigned,
  health: { status: 'degraded', reasons: [{ reason: 'spool-full', code: null, about: 'bytes' }] },
  devices: [{ device: 'eth0', interfaceId: 'eni-1', present: false }],
  drops: 5,
  stages: { capture: count },
});

test('a report is kept for others to read, says whether the newest assignment is followed, and goes with its key', async () => {
  const { version } = assignment(await poll(null));
  assert.equal((await ask(REPORT_PATH, told(version))).status, 204);
  routes.end();
  const [kept, ...more] = readAgentStandings(directory);
  assert.deepEqual([kept, more], [{ host: 'web-1', heardMillis: millis, isCurrent: true, report: told(version) }, []]);
  assert.deepEqual(wrongWith(kept!, millis), ['spool-full bytes', 'no device eth0']);
  assert.deepEqual(wrongWith(kept!, millis + 61_000), ['silent']);
  open();
  await ask(REPORT_PATH, told('old'));
  assert.deepEqual(
    standings.list().map(({ isCurrent }) => isCurrent),
    [false],
  );
  const other = addKey(state, { account: ACCOUNT, role: 'agent', host: 'web-2', forSeconds: null }, NOW);
  revokeKey(state, key.id, NOW);
  await ask(REPORT_PATH, told(null), other);
  assert.deepEqual(
    standings.list().map(({ host }) => host),
    ['web-2'],
  );
});

test('what is no report is refused, and what is not known of one is left out', async () => {
  const good = told(null);
  assert.equal((await ask(REPORT_PATH, { ...good, records: ['10.0.0.1'] })).status, 204);
  assert.deepEqual(standings.list()[0]?.report, good);
  for (const wrong of [
    null,
    { ...good, format: 2 },
    { ...good, drops: -1 },
    { ...good, health: { status: 'fine', reasons: [] } },
    { ...good, stages: { 'a"b': count } },
    { ...good, stages: { capture: { ...count, in: null } } },
    { ...good, devices: Array.from({ length: 300 }, () => good.devices[0]) },
    { ...good, program: 'x'.repeat(600) },
  ])
    assert.deepEqual(
      codeOf(await ask(REPORT_PATH, wrong)),
      [400, 'ValidationError'],
      JSON.stringify(wrong)?.slice(0, 80),
    );
});
