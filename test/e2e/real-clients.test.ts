/**
 * Real captures of real clients: our records and the second reading's are the same, and tshark counts the same packets.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CLIENT_COMMANDS, runClients, startServers } from './clients.ts';
import type { Network } from './namespaces.ts';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

const missing = namespacesMissing([...CLIENT_COMMANDS, 'tshark']);
const root = fileURLToPath(new URL('../..', import.meta.url));
const FIELDS =
  'interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action tcp-flags pkt-srcaddr pkt-dstaddr flow-direction type log-status x-rule-id x-verdict-stage';

let network: Network;
let scratch = '';

before(async () => {
  if (missing !== null) return;
  scratch = mkdtempSync(join(tmpdir(), 'flowgauge-real-'));
  network = buildNetwork();
  await startServers(network, scratch);
  const listeners = CAPTURES.map(({ host, options }, at) =>
    network.start(host, [
      'tcpdump',
      '-n',
      '--immediate-mode',
      '-U',
      '-w',
      join(scratch, `${at}.pcap`),
      '-Z',
      'root',
      ...options,
    ]),
  );
  await Promise.all(listeners.map((listener) => once(listener.stderr!, 'data')));
  runClients(network, scratch);
  for (const listener of listeners) {
    listener.kill('SIGINT');
    await once(listener, 'exit');
  }
  writeFileSync(join(scratch, 'model.json'), JSON.stringify(model()));
});

after(async () => {
  if (missing !== null) return;
  await network.remove();
  rmSync(scratch, { recursive: true, force: true });
});

/** Between the instances, at all devices of the router, and inside an instance. */
const CAPTURES = [
  { name: 'Ethernet, on the wire', host: 'router', options: ['-i', 'to-a', '-s', '128'], link: 'eth' },
  {
    name: 'cooked v2, all devices of the router',
    host: 'router',
    options: ['-i', 'any', '-y', 'LINUX_SLL2', '-s', '256'],
    link: 'sll',
  },
  {
    name: 'cooked v1, all devices of an instance',
    host: 'a',
    options: ['-i', 'any', '-y', 'LINUX_SLL', '-s', '128'],
    link: 'sll',
  },
  { name: 'nanoseconds, whole packets', host: 'b', options: ['-i', 'eth0', '--nano', '-s', '0'], link: 'eth' },
] as const;

/** What the model allows: web, DNS, SSH and ping, but neither iperf3's UDP nor the closed ports. */
function model(): object {
  const demo = JSON.parse(readFileSync(join(root, 'src/app/server/demo/model.json'), 'utf8')) as {
    SecurityGroups: { IpPermissions: { IpProtocol: string; FromPort?: number }[] }[];
  };
  const server = demo.SecurityGroups[1]!;
  server.IpPermissions = server.IpPermissions.filter(
    ({ IpProtocol, FromPort }) => IpProtocol !== 'udp' || FromPort !== 5201,
  );
  return demo;
}

function sorted(text: string): string[] {
  return text.trimEnd().split('\n').slice(1).toSorted();
}

for (const [at, capture] of CAPTURES.entries()) {
  test(`records of a real capture are those of the second reading: ${capture.name}`, { skip: missing ?? false }, () => {
    const file = join(scratch, `${at}.pcap`);
    const vpc = join(scratch, 'model.json');
    const format = FIELDS.split(' ')
      .map((field) => `\${${field}}`)
      .join(' ');
    const ours = spawnSync(join(root, 'bin/flowgauge'), ['capture', '-r', file, '--vpc', vpc, '--format', format], {
      encoding: 'utf8',
    });
    assert.equal(ours.status, 0, ours.stderr);
    const theirs = spawnSync(
      'python3',
      [join(root, 'test/oracle/read_capture.py'), file, '--vpc', vpc, '--format', FIELDS],
      {
        encoding: 'utf8',
      },
    );
    assert.equal(theirs.status, 0, theirs.stderr);
    const records = sorted(ours.stdout);
    assert.ok(records.length > 20);
    assert.deepEqual(
      records,
      theirs.stdout
        .trimEnd()
        .split('\n')
        .filter((line) => !line.startsWith('interface-id '))
        .toSorted(),
    );
    for (const word of [' ACCEPT ', ' REJECT '])
      assert.ok(
        records.some((record) => record.includes(word)),
        word,
      );
  });

  test(`tshark counts the packets of our records: ${capture.name}`, { skip: missing ?? false }, () => {
    const file = join(scratch, `${at}.pcap`);
    const ours = spawnSync(join(root, 'bin/flowgauge'), ['capture', '-r', file], { encoding: 'utf8' });
    const packets = ours.stdout.trimEnd().split('\n').slice(1);
    const counted = packets
      .filter((line) => line.endsWith(' OK'))
      .reduce((sum, line) => sum + Number(line.split(' ')[8]), 0);
    const theirs = spawnSync('tshark', ['-r', file, '-Y', 'ip or ipv6', '-T', 'fields', '-e', 'frame.number'], {
      encoding: 'utf8',
    });
    assert.equal(counted, theirs.stdout.trimEnd().split('\n').length);
  });
}
