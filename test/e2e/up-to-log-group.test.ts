/**
 * `up` with a destination beyond the machine: real traffic of a namespace to a log group, by the settings of the data directory.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Network } from './namespaces.ts';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

// What a packet capture sees, with the verdicts of the model; observation has tests of its own.
process.env['FLOWGAUGE_OBSERVE'] = 'no';

const missing = namespacesMissing(['tcpdump', 'ping']);
const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'bin/flowgauge');
let network: Network;
let scratch = '';

before(() => {
  if (missing !== null) return;
  scratch = mkdtempSync(join(tmpdir(), 'flowgauge-up-logs-'));
  network = buildNetwork();
});
after(async () => {
  if (missing !== null) return;
  await network.remove();
  rmSync(scratch, { recursive: true, force: true });
});

test(
  'a destination that nobody reaches is told at the start, and its records wait',
  { skip: missing ?? false },
  async () => {
    const data = join(scratch, 'away');
    mkdirSync(data);
    const destination = 'arn:aws:s3:::flow-bucket/team/';
    writeFileSync(
      join(data, 'flowgauge.json'),
      JSON.stringify({ destination, aws: { endpoint: 'http://127.0.0.1:9' } }),
    );
    const up = network.start('a', inEnvironment([program, 'up', '--data', data]));
    let said = '';
    up.stderr!.on('data', (chunk: Buffer) => (said += chunk));
    while (!said.includes('FG_AWS_UNREACHABLE')) await once(up.stderr!, 'data');
    assert.match(said, /s3:\/\/flow-bucket\/.*could not be reached at http:\/\/127\.0\.0\.1:9/);
    network.run('a', ['ping', '-c', '3', '-i', '0.2', network.b.address4]);
    up.kill('SIGINT');
    const [code] = (await once(up, 'exit')) as [number | null];
    assert.equal(code, 1);
    assert.match(said, /records are not delivered .*FG_NOT_DELIVERED/);
    assert.ok(readdirSync(join(data, 'spool')).some((name) => name.endsWith('.segment')));
  },
);

const inEnvironment = (command: readonly string[]): string[] => [
  'env',
  'AWS_ACCESS_KEY_ID=AKIAEXAMPLE',
  'AWS_SECRET_ACCESS_KEY=secret',
  'AWS_EC2_METADATA_DISABLED=true',
  ...command,
];

/** The next line that begins so. */
async function line(child: ChildProcess, words: string): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  for await (const one of lines) if (one.startsWith(words)) return one;
  throw new Error(`it ended without "${words}"`);
}

test(
  'the records of a host are in the streams of its log group, and none in its bucket',
  { skip: missing ?? false },
  async () => {
    const server = network.start('a', [join(root, 'bin/node'), join(root, 'test/e2e/fake-logs-server.ts')]);
    const endpoint = await line(server, 'http');
    const data = join(scratch, 'data');
    mkdirSync(data);
    const destination = 'arn:aws:logs:eu-west-1:210987654321:log-group:/vpc/host';
    writeFileSync(join(data, 'flowgauge.json'), JSON.stringify({ destination, aws: { endpoint } }));
    const up = network.start('a', inEnvironment([program, 'up', '--data', data]));
    await line(up, 'Interfaces: eth0');
    network.run('a', ['ping', '-c', '3', '-i', '0.2', network.b.address4]);
    up.kill('SIGINT');
    const [code] = (await once(up, 'exit')) as [number | null];
    assert.equal(code, 0);
    server.kill('SIGINT');
    const told = JSON.parse(await line(server, '[')) as [
      string,
      [string, { message: string; timestamp: number }[]][],
    ][];
    assert.deepEqual(
      told.map(([group]) => group),
      ['/vpc/host'],
    );
    const streams = told[0]![1];
    const pings = streams.flatMap(([stream, events]) =>
      events
        .map(({ message, timestamp }) => ({ stream, timestamp, record: message.split(' ') }))
        .filter(({ record }) => record[3] === network.a.address4 && record[7] === '1'),
    );
    assert.equal(
      pings.reduce((sum, { record }) => sum + Number(record[8]), 0),
      3,
    );
    for (const { stream, timestamp, record } of pings) {
      assert.equal(record[1], '210987654321');
      assert.equal(stream, `${record[2]}-all`);
      assert.equal(timestamp, Number(record[10]) * 1000);
    }
    // Only the ledger: it has no place beside the records.
    assert.deepEqual(readdirSync(join(data, 'bucket')), ['_flowgauge']);
    const verified = spawnSync(program, ['ledger', 'verify', '--from', data, '--json'], { encoding: 'utf8' });
    assert.equal(verified.status, 0, verified.stdout);
    const ledger = JSON.parse(verified.stdout) as {
      elsewhere: number;
      windows: { counted: number; inRecords: number };
    };
    const lines = streams.flatMap(([, events]) => events);
    const inRecords = lines.reduce((sum, { message }) => sum + (Number(message.split(' ')[8]) || 0), 0);
    assert.deepEqual([ledger.elsewhere, ledger.windows.inRecords], [lines.length, inRecords]);
    assert.equal(ledger.windows.counted, inRecords);
    const status = spawnSync(program, ['status', '--data', data], { encoding: 'utf8' });
    assert.match(status.stdout, /log group \/vpc\/host in eu-west-1 +goes +- /);
    assert.equal(status.status, 3, 'nothing runs any more');
  },
);
