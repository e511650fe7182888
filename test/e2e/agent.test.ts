/**
 * A server and an agent on two hosts, with real packets: records arrive on the agent's side, whoever is killed, and what is
 * missing says SKIPDATA.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { callsOf } from '../../src/app/lab/call-ec2.ts';
import { readExposition } from '../../src/publish/exposition.fixture.ts';
import { openState, statePath } from '../../src/storage/state/state-file.ts';
import { listen } from './listen.ts';
import type { Said } from './listen.ts';
import type { Host, Network } from './namespaces.ts';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

const missing = namespacesMissing(['tcpdump', 'ping', 'openssl']);
const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'bin/flowgauge');
const TIMEOUT_MILLIS = 120_000;
const SERVER = '10.77.1.1';
const FORMAT = '${interface-id} ${srcaddr} ${dstaddr} ${packets} ${start} ${end} ${log-status}';

let network: Network;
let scratch = '';

before(() => {
  if (missing !== null) return;
  scratch = mkdtempSync(join(tmpdir(), 'flowgauge-agent-'));
  chmodSync(scratch, 0o755);
  network = buildNetwork();
});
after(async () => {
  if (missing !== null) return;
  await network.remove();
  rmSync(scratch, { recursive: true, force: true });
});

type Running = Said & { readonly child: ChildProcess };

function start(host: Host, words: readonly string[]): Running {
  // Observed packets are counted in generations of some seconds, so what a kill costs would hang on its moment.
  const child = network.start(host, ['env', 'FLOWGAUGE_OBSERVE=no', program, ...words]);
  return { child, ...listen(child) };
}

function run(...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' });
  assert.equal(status, 0, `${words.join(' ')}: ${stderr}`);
  return stdout;
}

/** Every process below one, itself first: each command between us and it becomes the next by exec. */
function family(pid: number): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  return [pid, ...stdout.split('\n').filter(Boolean).map(Number).flatMap(family)];
}

/** Kills some of a family, and waits until all of it is gone. */
async function kill({ child }: Running, which: (pid: number) => boolean = () => true): Promise<void> {
  const all = family(child.pid!);
  for (const pid of all.filter(which)) process.kill(pid, 'SIGKILL');
  while (all.some((pid) => existsSync(`/proc/${pid}`))) await wait(20);
}

/** The collector of a first process. */
function collectorOf(pid: number): number | undefined {
  return family(pid).find((one) => {
    try {
      return readFileSync(`/proc/${one}/cmdline`, 'utf8').includes('collector/process.ts');
    } catch {
      return false;
    }
  });
}

function ping(count: number): void {
  network.run('b', ['ping', '-q', '-c', String(count), '-i', '0.02', network.a.address4]);
}

function records(data: string, prefix: string): Record<string, string>[] {
  const directory = join(data, 'bucket', prefix);
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.log.gz'))
    .flatMap((name) => {
      const [header = '', ...lines] = gunzipSync(readFileSync(join(directory, name)))
        .toString()
        .trimEnd()
        .split('\n');
      const fields = header.split(' ');
      return lines.map((line) => Object.fromEntries(line.split(' ').map((value, at) => [fields[at]!, value])));
    });
}

const pinged = (all: readonly Record<string, string>[], from: string): number =>
  all
    .filter(({ srcaddr, dstaddr }) => [srcaddr, dstaddr].includes(from))
    .reduce((sum, { packets }) => sum + Number(packets), 0);

test(
  'an agent captures what it is assigned and delivers from its own host, with the server there, gone and back; what kills cost says SKIPDATA',
  { skip: missing ?? false, timeout: TIMEOUT_MILLIS },
  async () => {
    const [server, data] = [join(scratch, 'server'), join(scratch, 'agent')];
    const [cert, key, keyFile] = ['cert.pem', 'key.pem', 'agent-key'].map((name) => join(scratch, name)) as [
      string,
      string,
      string,
    ];
    const made = spawnSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=flows',
        '-addext',
        `subjectAltName=IP:${SERVER}`,
        '-keyout',
        key,
        '-out',
        cert,
      ],
      { encoding: 'utf8' },
    );
    assert.equal(made.status, 0, made.stderr);
    const serve = ['up', '--data', server, '--bind', SERVER, '--tls-cert', cert, '--tls-key', key];
    const collect = [
      'agent',
      '--data',
      data,
      '--server',
      `https://${SERVER}:8350`,
      '--ca',
      cert,
      '--key-file',
      keyFile,
    ];

    let up = start('router', serve);
    await up.says('Interfaces: ');
    writeFileSync(keyFile, run('keys', 'add', '--role', 'agent', '--host', 'web-1', '--data', server), { mode: 0o644 });
    const secret = /aws_secret_access_key = (\S+)/u.exec(readFileSync(keyFile, 'utf8'))![1]!;
    const refused = spawnSync(program, collect, { encoding: 'utf8' });
    assert.deepEqual([refused.status, refused.stderr.includes('FG_AGENT_KEY_OPEN')], [2, true], refused.stderr);
    chmodSync(keyFile, 0o600);

    let agent = start('a', collect);
    await agent.says('Assigned: 0 interfaces');
    const state = openState(statePath(server), false);
    const call = callsOf(state, 'agent');
    const { Vpc } = await call<{ Vpc: { VpcId: string } }>('CreateVpc', { CidrBlock: '10.77.0.0/16' });
    const { Subnet } = await call<{ Subnet: { SubnetId: string } }>('CreateSubnet', {
      VpcId: Vpc.VpcId,
      CidrBlock: '10.77.1.0/24',
    });
    const { NetworkInterface } = await call<{ NetworkInterface: { NetworkInterfaceId: string } }>(
      'CreateNetworkInterface',
      { SubnetId: Subnet.SubnetId, PrivateIpAddress: network.a.address4 },
    );
    const eni = NetworkInterface.NetworkInterfaceId;
    const watch = (prefix: string) =>
      call('CreateFlowLogs', {
        ResourceType: 'VPC',
        ResourceIds: [Vpc.VpcId],
        TrafficType: 'ALL',
        LogDestinationType: 's3',
        LogDestination: `arn:aws:s3:::local/${prefix}/`,
        LogFormat: FORMAT,
        MaxAggregationInterval: 60,
      });
    run('attach', eni, 'eth0', '--host', 'web-1', '--data', server);
    await watch('first');
    await agent.says('Interfaces: eth0');
    while (
      (
        JSON.parse(readFileSync(join(data, 'assignment.json'), 'utf8')) as {
          network: { flowLogs: { held: unknown[] }[] };
        }
      ).network.flowLogs[0]!.held.length < 2
    )
      await wait(50);
    // A change holds for packets that come after it.
    await wait(1500);
    ping(20);

    // The server learns how it goes, and no record.
    const page = (path: string): string =>
      network.run('router', [
        'env',
        `NODE_EXTRA_CA_CERTS=${cert}`,
        join(root, 'bin/node'),
        '-e',
        `fetch('https://${SERVER}:8350${path}').then((answer) => answer.text()).then((text) => process.stdout.write(text))`,
      ]);
    const sample = (name: string): number | undefined => readExposition(page('/metrics')).samples.get(name);
    while (
      sample('flowgauge_agent_devices{host="web-1"}') !== 1 ||
      sample('flowgauge_agent_current{host="web-1"}') !== 1
    )
      await wait(200);
    while (!existsSync(join(server, 'run', 'agents.json'))) await wait(100);
    const status = JSON.parse(
      spawnSync(program, ['status', '--data', server, '--json'], { encoding: 'utf8' }).stdout,
    ) as { agents: { host: string }[] };
    assert.deepEqual(
      status.agents.map(({ host }) => host),
      ['web-1'],
    );

    // Server killed: nothing changes here.
    await kill(up);
    await agent.says('FG_AGENT_UNREACHABLE');
    ping(10);
    up = start('router', serve);
    await up.says('Interfaces: ');
    await agent.says(`The server https://${SERVER}:8350 answers.`);
    await watch('second');
    await agent.says('Assigned: 1 interface');
    await wait(1500);
    ping(10);

    // Agent killed, its collector ends by itself; started again at once, without the server.
    await kill(up);
    state.close();
    const mainOnly = agent.child.pid!;
    const killedSeconds = Math.floor(Date.now() / 1000);
    // It has the spool until it is done, which takes a while where a destination is slow.
    const collector = collectorOf(mainOnly)!;
    process.kill(collector, 'SIGSTOP');
    process.kill(mainOnly, 'SIGKILL');
    ping(5);
    agent = start('a', collect);
    while (collectorOf(agent.child.pid!) === undefined) {
      assert.equal(agent.child.exitCode, null, agent.text());
      await wait(20);
    }
    // Not before it has asked for the spool; were this too short, nothing would be tried.
    await wait(700);
    process.kill(collector, 'SIGCONT');
    await agent.says('Assigned (as kept from before): 1 interface');
    await agent.says('Interfaces: eth0');
    const backSeconds = Math.floor(Date.now() / 1000);
    ping(10);
    await wait(1100);

    // All of it killed at once, as with the machine: the open window is lost, and says so.
    const lostSeconds = Math.floor(Date.now() / 1000);
    ping(7);
    await kill(agent);
    agent = start('a', collect);
    await agent.says('Interfaces: eth0');
    ping(3);
    await wait(500);
    agent.child.kill('SIGINT');
    const [code] = (await once(agent.child, 'exit')) as [number | null];
    assert.equal(code, 0, agent.text());

    const all = records(data, 'first');
    const ok = all.filter((one) => one['log-status'] === 'OK');
    assert.deepEqual([...new Set(all.map((one) => one['interface-id']))], [eni]);
    const skips = all
      .filter((one) => one['log-status'] === 'SKIPDATA')
      .map(({ start: from, end: to }) => [Number(from), Number(to)] as const);
    // Of the 43 pings that an agent saw and the spool had none is missing; the 17 before the last kill may be lost.
    const lasting = 2 * (20 + 10 + 10 + 3);
    const counted = pinged(ok, network.b.address4);
    assert.ok(counted >= lasting && counted <= lasting + 2 * 17, String(counted));
    const second = pinged(records(data, 'second'), network.b.address4);
    assert.ok(second >= 2 * (10 + 3) && second <= 2 * (10 + 3 + 17), String(second));
    // Nobody was there, or what was seen was lost: every second of it is in a record that says so.
    const said = (at: number): boolean => skips.some(([from, to]) => from <= at && at <= to);
    for (let at = killedSeconds + 1; at < backSeconds; at++) assert.ok(said(at), `${at} ${JSON.stringify(skips)}`);
    if (counted < lasting + 2 * 17) assert.ok(said(lostSeconds), `${lostSeconds} ${JSON.stringify(skips)}`);
    const ofServer = records(server, '').filter((one) => one['interface-id'] === eni);
    assert.deepEqual(ofServer, [], 'the server has records of its own host alone');
    // Wherever a key might be written down.
    const texts = [up.text(), agent.text(), readFileSync(join(data, 'assignment.json'), 'utf8')];
    for (const text of texts) assert.ok(!text.includes(secret));
    assert.equal(statSync(join(data, 'assignment.json')).mode & 0o777, 0o600);
  },
);
