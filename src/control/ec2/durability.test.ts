import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { CreateFlowLogsCommand, CreateTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { SignatureV4 } from '@smithy/signature-v4';
import { Random } from '../../../test/record/fuzz-lines.ts';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import { openState } from '../../storage/state/state-file.ts';
import { addKey } from '../keys.ts';
import { Sha256 } from '../../storage/object/sha256.fixture.ts';
import { assertWhole, factsIn } from './facts.fixture.ts';
import { drawFrom, form, OPERATIONS, Pool } from './random-calls.fixture.ts';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';

test('a server that is killed has lost nothing that it had acknowledged', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-killed-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'state.sqlite');
  const first = openState(path, true);
  const key = addKey(first, { account: ACCOUNT, role: 'operate', forSeconds: null }, new Date());
  const facts = openCurrentFacts(first);
  facts.change(
    1,
    () => facts.scope(ACCOUNT, REGION).put('Vpcs', 'vpc-0a', { VpcId: 'vpc-0a' }),
    () => {},
  );
  first.close();

  /** What was acknowledged: ids, and whether the tag was too. */
  const made = new Map<string, boolean>();
  for (let round = 0; round < 3; round++) {
    const program = [join(import.meta.dirname, 'serve.fixture.ts'), path];
    const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
    const credentials = { accessKeyId: key.id, secretAccessKey: key.secret };
    const client = new EC2Client({ endpoint: `http://127.0.0.1:${port}`, region: REGION, credentials, maxAttempts: 1 });
    // Each ends with the first call that is not answered.
    const lane = async (number: number): Promise<never> => {
      for (let i = 0; ; i++) {
        const bucket = `arn:aws:s3:::bucket-${round}-${number}-${i}`;
        const { FlowLogIds: [id = ''] = [] } = await client.send(
          new CreateFlowLogsCommand({
            ResourceType: 'VPC',
            ResourceIds: ['vpc-0a'],
            TrafficType: 'ALL',
            LogDestinationType: 's3',
            LogDestination: bucket,
          }),
        );
        made.set(id, false);
        await client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'tagged', Value: 'yes' }] }));
        made.set(id, true);
        // In the middle of what the others do.
        if (made.size >= 30 * (round + 1)) child.kill('SIGKILL');
      }
    };
    const exit = once(child, 'exit');
    const ends = await Promise.allSettled([0, 1, 2, 3].map(lane));
    await exit;
    client.destroy();
    assert.ok(
      ends.some(({ status }) => status === 'rejected'),
      'it was killed while it was asked',
    );
    const state = openState(path, false);
    assert.deepEqual({ ...state.database.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
    const scope = openCurrentFacts(state).scope(ACCOUNT, REGION);
    for (const [id, tagged] of made) {
      const log = scope.get('FlowLogs', id);
      assert.ok(log, `${id} is there`);
      if (tagged) assert.deepEqual(log['Tags'], [{ Key: 'tagged', Value: 'yes' }]);
    }
    // Each change has its row: none is there without the other.
    const changes = state.database.prepare('SELECT count(*) AS rows FROM audit WHERE action = ?').get('CreateFlowLogs');
    assert.equal(changes?.['rows'], scope.list('FlowLogs').length);
    state.close();
  }
});

/** Forms, signed and sent; the id of the request and what was answered. */
function formSender(port: string, key: { readonly id: string; readonly secret: string }) {
  const credentials = { accessKeyId: key.id, secretAccessKey: key.secret };
  const signer = new SignatureV4({ credentials, service: 'ec2', region: REGION, sha256: Sha256 });
  const host = `127.0.0.1:${port}`;
  return async (body: string): Promise<{ readonly status: number; readonly id: string; readonly text: string }> => {
    const parts = { method: 'POST', protocol: 'http:', hostname: '127.0.0.1', path: '/', query: {}, headers: { host } };
    const { headers } = await signer.sign({ ...parts, body });
    const answer = await fetch(`http://${host}/`, { method: 'POST', headers, body });
    return { status: answer.status, id: answer.headers.get('x-amzn-requestid') ?? '', text: await answer.text() };
  };
}

test('a server that is killed in the middle of random calls has made each whole or not at all', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-killed-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'state.sqlite');
  const first = openState(path, true);
  const key = addKey(first, { account: ACCOUNT, role: 'operate', forSeconds: null }, new Date());
  first.close();
  const random = new Random(20261130);
  const pool = new Pool();
  /** Requests of Create… that were answered well: each makes something. */
  const acknowledged = new Set<string>();
  for (let round = 0; round < 3; round++) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'serve.fixture.ts'), path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
    const send = formSender(port, key);
    let left = 250 + random.next(100);
    // Each lane ends with the first call that is not answered.
    const lane = async (): Promise<never> => {
      for (;;) {
        const draw = drawFrom(Array.from({ length: 8 }, () => random.next(10_000)));
        const call = random.of(OPERATIONS)((prefix) => pool.pick(prefix, draw), draw);
        if (left-- === 0) child.kill('SIGKILL');
        const { status, id, text } = await send(form(call));
        assert.ok(status < 500, text);
        if (status !== 200) continue;
        pool.learn(text);
        if (call.action.startsWith('Create') && call.action !== 'CreateTags') acknowledged.add(id);
      }
    };
    const exit = once(child, 'exit');
    const ends = await Promise.allSettled([lane(), lane(), lane()]);
    await exit;
    for (const end of ends)
      if (end.status === 'rejected') assert.ok(!(end.reason instanceof assert.AssertionError), String(end.reason));
    const state = openState(path, false);
    assert.deepEqual({ ...state.database.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
    const rows = state.database.prepare("SELECT request FROM audit WHERE action LIKE 'Create%'").all();
    state.close();
    const kept = new Set(rows.map(({ request }) => request));
    for (const id of acknowledged) assert.ok(kept.has(id), `round ${round}: ${id} was acknowledged and is not there`);
    assertWhole(factsIn(path));
  }
  assert.ok(acknowledged.size > 50, `${acknowledged.size} acknowledged`);
});
