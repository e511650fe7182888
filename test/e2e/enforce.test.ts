/** `up --enforce` between two hosts: what is dropped and recorded, and what stays when each of its processes is killed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { LiveRejects } from '../../src/api/live-rejects.ts';
import { callsOf, LAB_REGION } from '../../src/app/lab/call-ec2.ts';
import { networkMaker } from '../../src/app/lab/make-network.ts';
import { readKernelStatus } from '../../src/app/collector/kernel-status.ts';
import { lookInForce, waitInForce } from '../../src/app/lab/in-force.ts';
import { CREDENTIALS_FILE } from '../../src/app/server/control.ts';
import { addFirstKey, HOST_ACCOUNT } from '../../src/control/keys.ts';
import { attachDevice } from '../../src/control/attach.ts';
import { DEVICE_TAG, FAR_END } from '../../src/network/verdict/placement.ts';
import type { StateFile } from '../../src/storage/state/state-file.ts';
import { openState, statePath } from '../../src/storage/state/state-file.ts';
import type { Network } from './namespaces.ts';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

const skip = namespacesMissing(['nft', 'tcpdump', 'python3', 'curl']) ?? false;
const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'flowgauge');
const SEND = `
import socket, sys
port, count = int(sys.argv[2]), int(sys.argv[3])
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 40000))
for _ in range(count):
    sock.sendto(b"x" * 20, (sys.argv[1], port))
`;
/** A machine that has much to do takes its time; nothing is measured here. */
const PATIENCE_MILLIS = 60_000;

let network: Network;
let scratch = '';
before(() => {
  if (skip !== false) return;
  scratch = mkdtempSync(join(tmpdir(), 'flowgauge-enforce-'));
  network = buildNetwork();
  const seen =
    'add table inet seen; add chain inet seen in { type filter hook prerouting priority -400; policy accept; }';
  // What arrives is counted, and answered by nobody.
  const ports = [9000, 9001, 9002].map((port) => `add rule inet seen in udp dport ${port} counter drop`);
  network.run('b', ['nft', [seen, ...ports].join('; ')]);
});
after(async () => {
  if (skip !== false) return;
  await network.remove();
  rmSync(scratch, { recursive: true, force: true });
});

/** How many packets to a port have arrived. */
const seen = (port: number): number =>
  Number(
    new RegExp(`dport ${port} counter packets (\\d+)`).exec(
      network.run('b', ['nft', 'list', 'table', 'inet', 'seen']),
    )![1],
  );
const send = (port: number, count: number): string =>
  network.run('a', ['python3', '-c', SEND, network.b.address4, String(port), String(count)]);
const table = (): string => network.run('router', ['nft', 'list', 'table', 'inet', 'flowgauge'], true);
/** Whether packets come to where they are judged. */
const judges = (): boolean => /chain h_forward \{(?:\n\t\t.*)*goto h_alive/.test(table());

async function until(holds: () => boolean, what: () => string): Promise<void> {
  for (const end = performance.now() + PATIENCE_MILLIS; performance.now() < end; await wait(50)) if (holds()) return;
  assert.fail(what());
}

/**
 * Two subnets with an interface each; `b` takes what comes to port 9000.
 *
 * @param host  of whose agent the devices are; null: of `up`
 */
async function makeNetwork(
  name: string,
  host: string | null = null,
): Promise<{ readonly data: string; readonly state: StateFile; readonly group: string }> {
  const data = join(scratch, name);
  mkdirSync(data);
  writeFileSync(join(data, 'flowgauge.json'), JSON.stringify({ enforceSeconds: 10 }));
  const state = openState(statePath(data), true);
  const key = { account: HOST_ACCOUNT, role: 'operate', forSeconds: null } as const;
  addFirstKey(state, key, LAB_REGION, join(data, CREDENTIALS_FILE), new Date());
  const call = callsOf(state, name);
  const make = networkMaker(call);
  const vpc = await make.vpc('main', '10.77.0.0/16');
  const groups = [
    await make.group(vpc, 'a', []),
    await make.group(vpc, 'b', [{ protocol: 'udp', port: 9000, from: ['10.77.1.0/24'] }]),
  ];
  for (const [n, group] of groups.entries()) {
    const { id: SubnetId } = await make.subnet(vpc, `net-${n}`, `10.77.${n + 1}.0/24`);
    const { NetworkInterface } = await call<{ NetworkInterface: { NetworkInterfaceId: string } }>(
      'CreateNetworkInterface',
      {
        SubnetId,
        PrivateIpAddress: `10.77.${n + 1}.10`,
        Groups: [group],
      },
    );
    const id = NetworkInterface.NetworkInterfaceId;
    await call('CreateTags', { Resources: [id], Tags: [{ Key: DEVICE_TAG, Value: FAR_END }] });
    attachDevice(state, id, n === 0 ? 'to-a' : 'to-b', new Date(), host);
  }
  return { data, state, group: groups[1]! };
}

const up = (data: string): Promise<ChildProcess> => enforcing('up', '--enforce', '--data', data);

async function enforcing(...words: string[]): Promise<ChildProcess> {
  const child = network.start('router', [PROGRAM, ...words, '--log-format', 'json']);
  let said = '';
  child.stderr!.on('data', (text: Buffer) => (said += text.toString()));
  await until(
    () => said.includes('"event":"enforcing","interfaces":2') || child.exitCode !== null,
    () => said,
  );
  assert.ok(said.includes('"event":"enforcing","interfaces":2'), said);
  return child;
}

/** The process of `up` that runs a file. */
function childOf(parent: ChildProcess, file: string): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    try {
      const [, , ppid] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /su, '- ')
        .split(' ');
      if (Number(ppid) === parent.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(file))
        return Number(pid);
    } catch {
      // It has ended meanwhile.
    }
  throw new Error(`no child runs ${file}`);
}

/** Command lines of its tcpdumps that capture frames. */
function tcpdumpsOf(parent: ChildProcess): string[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(childOf(parent, 'privileged/child.ts')), '-a', 'tcpdump'], {
    encoding: 'utf8',
  });
  return stdout.split('\n').filter((line) => line.includes('-i any'));
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Packets that were decoded from captured frames. */
function decoded(): number {
  const said = network.run('router', ['curl', '-s', 'http://127.0.0.1:8350/metrics']);
  return Number(/^flowgauge_capture_frames_total (\d+)$/m.exec(said)![1]);
}

/** What `GET /api/rejects/live` answers on the router. */
function askRejects(data: string, after: number): LiveRejects {
  const keys = readFileSync(join(data, CREDENTIALS_FILE), 'utf8');
  const [id, secret] = ['aws_access_key_id', 'aws_secret_access_key'].map(
    (name) => new RegExp(`${name} = (\\S+)`).exec(keys)![1]!,
  );
  const url = `http://127.0.0.1:8350/api/rejects/live?after=${after}`;
  const signed = ['--aws-sigv4', 'aws:amz:us-east-1:flowgauge', '--user', `${id}:${secret}`];
  return JSON.parse(network.run('router', ['curl', '-s', ...signed, url])) as LiveRejects;
}

/** Packets of UDP in the records, by port, direction, action, stage and rule; open windows too. */
function recorded(data: string): Record<string, number> {
  const sql = `SELECT concat_ws(' ', dstport, flow_direction, action, x_verdict_stage, x_rule_id[:4]) AS what, sum(packets) AS packets
    FROM flow_logs WHERE protocol = 17 GROUP BY ALL ORDER BY what`;
  return Object.fromEntries(query(data, sql).map((row) => [String(row['what']), Number(row['packets'])]));
}

function query(data: string, sql: string): Record<string, unknown>[] {
  const { status, stdout, stderr } = spawnSync(PROGRAM, ['query', '--from', data, '-o', 'json', sql], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const sum = (found: Record<string, number>, start: string): number =>
  Object.entries(found).reduce((total, [key, packets]) => total + (key.startsWith(start) ? packets : 0), 0);

test('what groups reject is dropped, a change is followed, and nothing is left at the end', { skip }, async () => {
  const { data, state, group } = await makeNetwork('first');
  const running = await up(data);
  send(9000, 50);
  send(9001, 40);
  assert.deepEqual([seen(9000), seen(9001)], [50, 0]);
  assert.deepEqual(recorded(data), {
    '9000 egress ACCEPT sg-egress sgr-': 50,
    '9000 ingress ACCEPT sg-ingress sgr-': 50,
    '9001 egress ACCEPT sg-egress sgr-': 40,
    '9001 ingress REJECT sg-ingress defa': 40,
  });
  // Each of them was told just now, beside the records.
  const live = (after = 0): LiveRejects => askRejects(data, after);
  await until(
    () => live().rejects.length >= 40,
    () => JSON.stringify(live()),
  );
  const told = live();
  assert.deepEqual([told.isFed, told.newest, told.leftOut], [true, 40, 0]);
  const { atMicros, interfaceId, ...packet } = told.rejects[0]!;
  assert.ok(Math.abs(Date.now() * 1000 - atMicros) < 60e6 && interfaceId.startsWith('eni-'), String(atMicros));
  assert.deepEqual(packet, {
    number: 1,
    direction: 'ingress',
    srcaddr: network.a.address4,
    dstaddr: network.b.address4,
    srcport: 40000,
    dstport: 9001,
    protocol: 17,
    tcpFlags: 0,
    packets: 1,
    bytes: 48,
    stage: 'sg-ingress',
    ruleId: 'default-deny',
  });
  // More than are told a second are counted, and in the records.
  send(9001, 1000);
  await until(
    () => live(40).leftOut > 0,
    () => JSON.stringify({ ...live(40), rejects: [] }),
  );
  const { newest, leftOut } = live(40);
  assert.ok(newest > 40 && newest < 400 && newest + leftOut === 1040, `${newest} ${leftOut}`);
  // No frame is copied for us while all that is captured is judged by the kernel.
  assert.deepEqual(tcpdumpsOf(running), []);
  // Devices of the host itself are captured, each from when it came, and no device that the kernel judges.
  for (const [at, own] of ['own', 'next'].entries()) {
    const far = `10.79.${at}.2`;
    network.run('router', `ip link add ${own} type veth peer name far-${own}`.split(' '));
    for (const words of [
      `addr add 10.79.${at}.1/24 dev ${own}`,
      `link set ${own} up`,
      `link set far-${own} up`,
      `neigh add ${far} lladdr 02:00:00:00:00:07 dev ${own}`,
    ])
      network.run('router', ['ip', ...words.split(' ')]);
    await until(
      () => tcpdumpsOf(running).length > at,
      () => 'a device of the host itself is captured',
    );
    const before = decoded();
    await until(
      () => {
        network.run('router', ['ping', '-c', '1', '-W', '0.1', far], true);
        return decoded() > before;
      },
      () => `frames of ${own} are read`,
    );
  }
  const indexOf = (name: string): string => network.run('router', ['cat', `/sys/class/net/${name}/ifindex`]).trim();
  const captured = tcpdumpsOf(running).map((line) => Array.from(line.matchAll(/ifindex (\d+)/g), ([, index]) => index));
  // The other end of a wire is a device of the host too.
  const wires = ['own', 'next'].map((name) => [indexOf(`far-${name}`), indexOf(name)]);
  assert.deepEqual(captured, wires);
  network.run('router', 'ip link delete own'.split(' '));
  await until(
    () => tcpdumpsOf(running).length === 1,
    () => 'a device that is gone is captured no more',
  );
  network.run('router', 'ip link delete next'.split(' '));
  // What is said with the host itself is not forwarded: nobody judges it, and no record has it.
  const [before9002, others] = [seen(9002), recorded(data)];
  network.run('a', ['ping', '-c', '2', '-i', '0.02', '-W', '5', '10.77.1.1']);
  network.run('router', ['python3', '-c', SEND, network.b.address4, '9002', '3']);
  assert.equal(seen(9002), before9002 + 3);
  assert.deepEqual(recorded(data), others);
  const pings = query(data, `SELECT interface_id FROM flow_logs WHERE protocol = 1 AND x_verdict_source = 'kernel'`);
  assert.deepEqual(pings, []);
  const busy = spawnSync('ip', ['netns', 'exec', `fg${process.pid}router`, PROGRAM, 'doctor', '--clean'], {
    encoding: 'utf8',
  });
  assert.match(busy.stderr, /FG_KERNEL_TAKEN/);

  const call = callsOf(state, 'change');
  await call('AuthorizeSecurityGroupIngress', {
    GroupId: group,
    IpProtocol: 'udp',
    FromPort: 9001,
    ToPort: 9001,
    CidrIp: '10.77.1.0/24',
  });
  const held = await waitInForce(data, PATIENCE_MILLIS);
  assert.ok(held !== null && held.changedMicros > 0 && held.inForceMicros >= held.changedMicros, JSON.stringify(held));
  send(9001, 7);
  assert.equal(seen(9001), 7);
  running.kill('SIGTERM');
  await ended(running);
  assert.equal(table(), '');
  assert.equal(readKernelStatus(`${data}/run`)?.hasEnded, true);
  const all = recorded(data);
  assert.equal(all['9001 ingress ACCEPT sg-ingress sgr-'], 7, JSON.stringify(all));
  assert.deepEqual([sum(all, '9000'), sum(all, '9001')], [100, 2094], JSON.stringify(all));
  state.close();
});

test(
  'whichever process is killed, no packet is dropped for it, and what the kernel holds is read',
  { skip },
  async () => {
    const { data, state } = await makeNetwork('killed');
    let [sent, arrived] = [0, seen(9000)];
    const sends = (count: number): void => {
      send(9000, count);
      sent += count;
      arrived += count;
      assert.equal(seen(9000), arrived);
    };
    const openly = seen(9002);
    let passed = 0;
    const passes = (): void => {
      send(9002, 5);
      passed += 5;
      assert.equal(seen(9002), openly + passed, table());
    };

    // The child: its parent is root and says that nothing is judged any more. What it had not given is in the kernel.
    const first = await up(data);
    sends(30);
    process.kill(childOf(first, 'privileged/child.ts'), 'SIGKILL');
    await ended(first);
    assert.ok(!judges() && table().includes('set udp4_a_0'), table());
    passes();
    assert.equal(readKernelStatus(`${data}/run`)?.hasEnded, false);
    assert.equal(lookInForce(data), null, 'whoever enforced has gone');

    // The server: the collector has the last of it, and takes the table away.
    const second = await up(data);
    assert.equal(sum(recorded(data), '9000 ingress'), sent, 'what the kernel held is in records');
    sends(20);
    process.kill(second.pid!, 'SIGKILL');
    await until(() => table() === '', table);
    passes();
    await until(
      () => sum(recorded(data), '9000 ingress') === sent,
      () => JSON.stringify([sent, recorded(data)]),
    );
    assert.equal(readKernelStatus(`${data}/run`)?.hasEnded, true);

    // The collector: the child says it. What it had read is lost with it, and its windows say so.
    const third = await up(data);
    sends(15);
    recorded(data);
    sends(25);
    process.kill(childOf(third, 'collector/process.ts'), 'SIGKILL');
    await ended(third);
    await until(() => !judges(), table);
    passes();
    const skipped = (): unknown[] =>
      query(data, `SELECT DISTINCT interface_id FROM flow_logs WHERE log_status = 'SKIPDATA'`);
    const before = skipped().length;
    const fourth = await up(data);
    fourth.kill('SIGTERM');
    await ended(fourth);
    assert.equal(table(), '');
    assert.equal(sum(recorded(data), '9000 ingress'), sent - 15, 'what had been read is lost, what had not is there');
    assert.equal(skipped().length, 2, `before: ${before}`);

    // All at once: the kernel keeps judging for half a minute at most.
    const fifth = await up(data);
    const pids = [childOf(fifth, 'collector/process.ts'), childOf(fifth, 'privileged/child.ts'), fifth.pid!];
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await ended(fifth);
    assert.ok(judges());
    assert.match(table(), /set alive_now \{[^}]*ipv4 timeout 30s expires \d/);
    // As the kernel does it when that time is over.
    network.run('router', ['nft', 'flush', 'set', 'inet', 'flowgauge', 'alive_now']);
    passes();
    const cleaned = network.run('router', [PROGRAM, 'doctor', '--clean']);
    assert.match(cleaned, /was taken away/);
    assert.equal(table(), '');
    state.close();
  },
);

test('an agent enforces what it is assigned, and no packet is dropped for one that was killed', { skip }, async () => {
  const { data, state } = await makeNetwork('served', 'router-1');
  state.close();
  const server = network.start('router', [PROGRAM, 'up', '--observe=no', '--data', data, '--log-format', 'json']);
  const own = join(scratch, 'agent');
  mkdirSync(own);
  writeFileSync(join(own, 'flowgauge.json'), JSON.stringify({ enforce: true }));
  const key = spawnSync(PROGRAM, ['keys', 'add', '--role', 'agent', '--host', 'router-1', '--data', data]);
  writeFileSync(join(own, 'agent-key'), key.stdout, { mode: 0o600 });
  const agent = (): Promise<ChildProcess> => enforcing('agent', '--server', 'http://127.0.0.1:8350', '--data', own);
  const [rejected, openly] = [seen(9001), seen(9002)];
  const isDropped = (): void => {
    send(9001, 4);
    assert.equal(seen(9001), rejected, table());
  };
  let passed = 0;
  const passes = (): void => {
    send(9002, 5);
    passed += 5;
    assert.equal(seen(9002), openly + passed, table());
  };
  const first = await agent();
  isDropped();
  server.kill('SIGKILL');
  await ended(server);
  isDropped();
  first.kill('SIGKILL');
  await until(() => table() === '', table);
  passes();
  // From what was kept: there is no server any more. Its child with capabilities is killed.
  const second = await agent();
  isDropped();
  process.kill(childOf(second, 'privileged/child.ts'), 'SIGKILL');
  await ended(second);
  assert.equal(judges(), false, table());
  passes();
  assert.match(network.run('router', [PROGRAM, 'doctor', '--clean']), /was taken away/);
});

test('where nft is missing or may not be used, nothing is started and it is said why', { skip }, () => {
  const refused = (name: string, ...before: string[]): string => {
    const data = join(scratch, name);
    const command = [...before, PROGRAM, 'up', '--enforce', '--data', data, '--port', '0'];
    const { status, stderr } = spawnSync('ip', ['netns', 'exec', `fg${process.pid}router`, ...command], {
      encoding: 'utf8',
      timeout: PATIENCE_MILLIS,
    });
    assert.equal(status, 1, stderr);
    return stderr;
  };
  const without = 'mount --bind /dev/null "$(command -v nft)" && exec "$@"';
  assert.match(refused('no-nft', 'unshare', '--mount', 'sh', '-c', without, 'sh'), /nft.*\(FG_ENFORCE_MISSING\)/s);
  // It may capture, and do nothing else.
  assert.match(
    refused('no-right', 'setpriv', '--bounding-set=-net_admin'),
    /Operation not permitted.*\(FG_ENFORCE_MISSING\)/s,
  );
  assert.equal(table(), '');
});
