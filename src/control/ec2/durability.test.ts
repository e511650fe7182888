import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { CreateFlowLogsCommand, CreateTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import { openState } from '../../storage/state/state-file.ts';
import { addKey } from '../keys.ts';

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
