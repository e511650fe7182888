/** `up` on a host with a firewall of its own: records have its verdicts, and it stays as it was. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { LiveRejects } from '../../src/api/live-rejects.ts';
import { callsOf } from '../../src/app/lab/call-ec2.ts';
import { CREDENTIALS_FILE } from '../../src/app/server/control.ts';
import { openState, statePath } from '../../src/storage/state/state-file.ts';
import { listen } from './listen.ts';
import type { Said } from './listen.ts';
import type { Network } from './namespaces.ts';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

const skip = namespacesMissing(['nft', 'tcpdump', 'python3', 'setpriv', 'curl']) ?? false;
const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'flowgauge');
const TIMEOUT_MILLIS = 120_000;
const FORMAT =
  '${interface-id} ${srcaddr} ${dstaddr} ${dstport} ${packets} ${bytes} ${action} ${flow-direction} ${log-status} ${x-verdict-stage}';

let network: Network;
let scratch = '';
before(() => {
  if (skip !== false) return;
  scratch = mkdtempSync(join(tmpdir(), 'flowgauge-observe-'));
  chmodSync(scratch, 0o755);
  network = buildNetwork();
});
after(async () => {
  if (skip !== false) return;
  await network.remove();
  rmSync(scratch, { recursive: true, force: true });
});

/** Fields of the records of a bucket, of one prefix of it. */
function records(data: string, prefix = ''): string[][] {
  const directory = join(data, 'bucket', prefix);
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.log.gz'))
    .flatMap((name) =>
      gunzipSync(readFileSync(join(directory, name)))
        .toString()
        .trimEnd()
        .split('\n')
        .slice(1),
    )
    .map((line) => line.split(' '));
}

type Up = Said & { readonly child: ChildProcess };

async function observing(data: string, within: readonly string[] = []): Promise<Up> {
  const child = network.start('b', [...within, PROGRAM, 'up', '--data', data, '--format', FORMAT]);
  const up = { child, ...listen(child) };
  await up.says('Observed in the kernel');
  return up;
}

async function stop({ child, text }: Up): Promise<void> {
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number | null];
  assert.equal(code, 0, text());
}

/** What `GET /api/rejects/live` answers on the host. */
function askRejects(data: string): LiveRejects {
  const keys = readFileSync(join(data, CREDENTIALS_FILE), 'utf8');
  const [id, secret] = ['aws_access_key_id', 'aws_secret_access_key'].map(
    (name) => new RegExp(`${name} = (\\S+)`).exec(keys)![1]!,
  );
  const signed = ['--aws-sigv4', 'aws:amz:us-east-1:flowgauge', '--user', `${id}:${secret}`];
  return JSON.parse(
    network.run('b', ['curl', '-s', ...signed, 'http://127.0.0.1:8350/api/rejects/live']),
  ) as LiveRejects;
}

/** Packets of one flow. */
const send = (port: number, count: number): string =>
  network.run('a', [
    'python3',
    '-c',
    `import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\ns.bind(("", 40000))\nfor _ in range(${count}): s.sendto(b"x" * 32, ("${network.b.address4}", ${port}))`,
  ]);

test('a firewall is observed without being told to, and left alone', { skip, timeout: TIMEOUT_MILLIS }, async () => {
  const rules =
    'add table inet theirs; add chain inet theirs in { type filter hook input priority 0; }; add rule inet theirs in udp dport 5002 drop';
  network.run('b', ['nft', rules]);
  const ruleset = network.run('b', ['nft', 'list', 'ruleset']);
  const data = join(scratch, 'data');
  const up = await observing(data);
  assert.match(network.run('b', ['nft', 'list', 'tables']), /flowgauge/);
  send(5001, 10);
  send(5002, 7);
  // What is looked at has all until now, and so has what is told of rejects.
  network.run('b', [PROGRAM, 'query', '--from', data, 'SELECT count(*) FROM flow_logs']);
  const live = askRejects(data);
  assert.deepEqual([live.isFed, live.each, live.leftOut], [true, 'flow', 0], JSON.stringify(live));
  const { atMicros, interfaceId, srcport, packets, ...told } = live.rejects.find(({ dstport }) => dstport === 5002)!;
  assert.ok(Math.abs(Date.now() * 1000 - atMicros) < 60e6 && interfaceId.startsWith('eni-'), String(atMicros));
  assert.deepEqual([srcport, packets, told.stage, told.ruleId], [40_000, 7, 'host-firewall', null]);
  assert.equal(live.rejects.length, 1);
  await stop(up);
  const all = records(data);
  // A minute may end between two packets.
  const sums = (port: string): Map<string, number> => {
    const found = new Map<string, number>();
    for (const [, source, , to, packets, bytes, ...verdict] of all) {
      if (to !== port || source !== network.a.address4) continue;
      for (const [unit, count] of [
        ['packets', packets],
        ['bytes', bytes],
      ])
        found.set(`${unit} ${verdict.join(' ')}`, (found.get(`${unit} ${verdict.join(' ')}`) ?? 0) + Number(count));
    }
    return found;
  };
  const [dropped, passed] = ['REJECT', 'ACCEPT'].map((action) => `${action} ingress OK host-firewall`);
  const text = up.text();
  assert.deepEqual(Object.fromEntries(sums('5002')), { [`packets ${dropped}`]: 7, [`bytes ${dropped}`]: 420 }, text);
  assert.deepEqual(Object.fromEntries(sums('5001')), { [`packets ${passed}`]: 10, [`bytes ${passed}`]: 600 }, text);
  assert.doesNotMatch(text, /FG_/);
  assert.equal(network.run('b', ['nft', 'list', 'ruleset']), ruleset);
});

test(
  'where nothing can be observed packets are captured, and it is said',
  { skip, timeout: TIMEOUT_MILLIS },
  async () => {
    const data = join(scratch, 'captured');
    // It may capture, and do nothing else.
    const words = ['setpriv', '--bounding-set=-net_admin', PROGRAM, 'up', '--data', data, '--format', FORMAT];
    const child = network.start('b', words);
    const up = { child, ...listen(child) };
    await up.says('Not observed in the kernel, packets are captured instead: ');
    send(5004, 5);
    const health = network.run('b', ['curl', '-s', 'http://127.0.0.1:8350/health']);
    assert.deepEqual(JSON.parse(health), {
      status: 'ok',
      reasons: [],
      notes: [{ note: 'not-observed', code: 'FG_NFT_FAILED' }],
    });
    const status = network.run('b', [PROGRAM, 'status', '--data', data]);
    assert.match(status, /^Not observed in the kernel, packets are captured instead: .*Operation not permitted/m);
    await stop(up);
    const found = records(data).filter(([, source, , port]) => source === network.a.address4 && port === '5004');
    assert.equal(
      found.reduce((sum, [, , , , packets]) => sum + Number(packets), 0),
      5,
    );
  },
);

/** The process of `up` that runs a file; `up` itself for none. */
function processOf({ child }: Up, file: string | null): number {
  const all = (pid: number): number[] => [
    pid,
    ...spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter(Boolean)
      .flatMap((one) => all(Number(one))),
  ];
  if (file === null) return child.pid!;
  return all(child.pid!).find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(file))!;
}

for (const [victim, file] of [
  ['the process with capabilities', 'privileged/child.ts'],
  ['the collector', 'collector/process.ts'],
  ['the server', null],
] as const)
  test(
    `${victim} of an observed host is killed: each packet is in a record, or SKIPDATA says that some lack`,
    { skip, timeout: TIMEOUT_MILLIS },
    async () => {
      const data = join(scratch, `killed-${file?.split('/')[0] ?? 'server'}`);
      const first = await observing(data);
      send(5005, 10);
      const ended = once(first.child, 'exit');
      process.kill(processOf(first, file), 'SIGKILL');
      await ended;
      // Nothing of ours that could stand in the way of a packet, and nothing that counts for nobody.
      while (/flowgauge/.test(network.run('b', ['nft', 'list', 'tables']))) await wait(50);
      send(5005, 3);
      const second = await observing(data);
      send(5005, 7);
      await stop(second);
      const all = records(data);
      const found = all
        .filter(([, source, , port]) => source === network.a.address4 && port === '5005')
        .reduce((sum, [, , , , packets]) => sum + Number(packets), 0);
      assert.ok(found >= 7 && found <= 17, `${found}`);
      // Three came while nobody was there.
      assert.ok(
        all.some((fields) => fields.includes('SKIPDATA')),
        `${found}\n${all.join('\n')}`,
      );
    },
  );

/** The words before a program that make each nft which it runs wait while the file `hold` is there; it makes `held` then. */
function withHeldNft(): { readonly words: readonly string[]; readonly hold: string; readonly held: string } {
  const folder = join(scratch, 'held-nft');
  mkdirSync(folder);
  const [real, slow, hold, held] = ['nft', 'slow', 'hold', 'held'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  const nft = realpathSync(spawnSync('which', ['nft'], { encoding: 'utf8' }).stdout.trim());
  copyFileSync(nft, real);
  writeFileSync(slow, `#!/bin/sh\nwhile [ -e ${hold} ]; do touch ${held}; sleep 0.02; done\nexec ${real} "$@"\n`);
  for (const program of [real, slow]) chmodSync(program, 0o755);
  // A namespace of `ip netns exec` has mounts of its own.
  const words = ['sh', '-c', 'mount --bind "$1" "$2" && shift 2 && exec "$@"', 'sh', slow, nft];
  return { words, hold, held };
}

/** Makes a second flow log of all interfaces, into a prefix of its own. */
async function makeFlowLog(state: ReturnType<typeof openState>, prefix: string): Promise<void> {
  const call = callsOf(state, prefix);
  const { NetworkInterfaces } = await call<{ NetworkInterfaces: { NetworkInterfaceId: string }[] }>(
    'DescribeNetworkInterfaces',
    {},
  );
  await call('CreateFlowLogs', {
    ResourceType: 'NetworkInterface',
    ResourceIds: NetworkInterfaces.map((one) => one.NetworkInterfaceId),
    TrafficType: 'ALL',
    LogDestinationType: 's3',
    LogDestination: `arn:aws:s3:::local/${prefix}/`,
    LogFormat: FORMAT,
    MaxAggregationInterval: 60,
  });
}

/** Waits until so many generations have begun. */
async function turns(count: number): Promise<void> {
  const generation = (): string => network.run('b', ['nft', 'list', 'chain', 'inet', 'flowgauge', 'il_now']);
  for (let [turned, now] = [0, generation()]; turned < count; await wait(20)) {
    const next = generation();
    if (next !== now) turned++;
    now = next;
  }
}

/** Packets of a flow in records of a prefix; fewer than were sent only beside SKIPDATA. */
function sentTo(data: string, prefix: string, port: number): number {
  return records(data, prefix)
    .filter(([, source, , to]) => source === network.a.address4 && to === String(port))
    .reduce((sum, [, , , , packets]) => sum + Number(packets), 0);
}

test(
  'a flow log that is made while a flow goes on has every packet of it from then on, or says SKIPDATA',
  { skip, timeout: TIMEOUT_MILLIS },
  async () => {
    const data = join(scratch, 'made-later');
    const up = await observing(data);
    const state = openState(statePath(data), false);
    send(5003, 20);
    await makeFlowLog(state, 'later');
    // The flow goes on while nobody has told the kernel.
    send(5003, 40);
    await turns(2);
    send(5003, 30);
    await stop(up);
    state.close();
    const later = records(data, 'later').join('\n');
    const sent = sentTo(data, 'later', 5003);
    assert.ok(sent >= 30 && sent <= 70, `${sent}\n${later}`);
    if (sent < 70) assert.match(later, /SKIPDATA/);
    assert.doesNotMatch(up.text(), /FG_/);
  },
);

test(
  'a flow log that is made while a generation is late with its end says SKIPDATA for what others were given',
  { skip, timeout: TIMEOUT_MILLIS },
  async () => {
    const data = join(scratch, 'made-while-late');
    const { words, hold, held } = withHeldNft();
    const up = await observing(data, words);
    const state = openState(statePath(data), false);
    writeFileSync(hold, '');
    // The end of a generation has begun, and turns to the next one when it is let.
    while (!existsSync(held)) await wait(20);
    await makeFlowLog(state, 'late');
    send(5006, 40);
    rmSync(hold);
    await turns(2);
    send(5006, 30);
    await stop(up);
    state.close();
    const late = records(data, 'late').join('\n');
    const sent = sentTo(data, 'late', 5006);
    assert.ok(sent >= 30 && sent <= 70, `${sent}\n${late}`);
    if (sent < 70) assert.match(late, /SKIPDATA/);
    assert.doesNotMatch(up.text(), /FG_/);
  },
);
