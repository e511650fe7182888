/**
 * AWS's worked examples from real packets of an enforced lab, and rules that change under load.
 *
 * See VPC User Guide, "Flow log record examples" (accepted and rejected, groups and ACLs, TCP flag sequences, NAT gateway).
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Explanation } from '../../src/api/explanation.ts';
import type { CallEc2 } from '../../src/app/lab/call-ec2.ts';
import { callsOf } from '../../src/app/lab/call-ec2.ts';
import { readStanding } from '../../src/app/lab/standing.ts';
import { openState, statePath } from '../../src/storage/state/state-file.ts';
import { namespacesMissing } from './namespaces.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'flowgauge');
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-enforced-'));
const skip = namespacesMissing(['nft', 'tcpdump', 'unshare', 'nsenter', 'curl', 'ping', 'python3']) ?? false;
/** A machine that has much to do takes its time; nothing is measured here. */
const PATIENCE_MILLIS = 60_000;
const SENDS = 20_000;
const SENDER = `
import select, socket, sys
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 40000))
for n in range(${SENDS}):
    sock.sendto(b"x" * 20, (sys.argv[1], 5001))
    if n % 50 == 0:
        select.select([], [], [], 0.01)
`;

type Row = Record<string, string | number | null>;
type Lab = {
  readonly call: CallEc2;
  readonly run: (host: string, ...command: string[]) => { readonly code: number | null; readonly out: string };
  readonly start: (host: string, ...command: string[]) => ChildProcess;
  /** Records of the lab's flow logs, not of the router's own, as text; `-` where there is none. */
  readonly rows: (columns: string, where: string) => string[];
  readonly address: (host: string, family?: 4 | 6) => string;
  readonly down: () => void;
};

const data = (scenario: string): string => join(scratch, scenario);

function program(...words: string[]): { readonly code: number | null; readonly out: string; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(PROGRAM, words, { encoding: 'utf8', timeout: 60_000 });
  return { code: status, out: stdout, said: stdout + stderr };
}

function lab(scenario: string): Lab {
  const directory = data(scenario);
  const up = program('lab', 'up', scenario, '--data', directory, '--port', '0');
  assert.equal(up.code, 0, up.said);
  const state = openState(statePath(directory), false);
  const inLab = (host: string, command: readonly string[]): string[] => [
    'lab',
    'exec',
    host,
    '--data',
    directory,
    '--',
    ...command,
  ];
  return {
    call: callsOf(state, 'test'),
    run: (host, ...command) => program(...inLab(host, command)),
    start: (host, ...command) => spawn(PROGRAM, inLab(host, command), { stdio: 'inherit' }),
    rows(columns, where) {
      const sql = `SELECT DISTINCT concat_ws(' ', ${columns
        .split(' ')
        .map((one) => `coalesce(CAST(${one} AS VARCHAR), '-')`)
        .join(', ')}) AS row
        FROM flow_logs WHERE vpc_id IS NOT NULL AND (${where}) ORDER BY row`;
      const { code, said, out } = program('query', '--from', directory, '-o', 'json', sql);
      assert.equal(code, 0, said);
      return out
        .split('\n')
        .filter(Boolean)
        .map((line) => (JSON.parse(line) as { row: string }).row);
    },
    address(host, family = 4) {
      const { hosts } = readStanding(directory)!;
      const addresses = hosts.find(({ name }) => name === host)!.ports.flatMap((port) => port.addresses);
      return addresses.find((one) => one.includes(':') === (family === 6))!;
    },
    down() {
      state.close();
      const { code, said } = program('lab', 'down', '--data', directory);
      assert.equal(code, 0, said);
    },
  };
}

after(() => {
  for (const scenario of ['attack', 'nat', 'two-vpc-peering']) program('lab', 'down', '--data', data(scenario));
  rmSync(scratch, { recursive: true, force: true });
});

async function until(holds: () => boolean, what: string): Promise<void> {
  for (const end = performance.now() + PATIENCE_MILLIS; performance.now() < end; await wait(50)) if (holds()) return;
  assert.fail(what);
}

const ONE_RULE = { IpProtocol: 'udp', FromPort: 5001, ToPort: 5001, CidrIp: '10.0.1.0/24' };

test('accepted and rejected, a ping whose reply an ACL rejects, flags; rules change under load', { skip }, async () => {
  const { call, run, start, rows, address, down } = lab('attack');
  const idOf = async (name: string, operation: string, list: string, id: string): Promise<string> => {
    const found = await call<Record<string, Row[]>>(operation, { Filters: [{ Name: 'tag:Name', Values: [name] }] });
    return String(found[list]![0]![id]);
  };
  const web = await idOf('web', 'DescribeSecurityGroups', 'SecurityGroups', 'GroupId');
  const db = await idOf('db', 'DescribeSecurityGroups', 'SecurityGroups', 'GroupId');
  const acl = await idOf('edge', 'DescribeNetworkAcls', 'NetworkAcls', 'NetworkAclId');
  const { Addresses } = await call<{ Addresses: Row[] }>('DescribeAddresses', {});
  const { Reservations } = await call<{ Reservations: { Instances: Row[] }[] }>('DescribeInstances', {});
  const publicOf = (private4: string): string => {
    const instance = Reservations.flatMap(({ Instances }) => Instances).find(
      (one) => one['PrivateIpAddress'] === private4,
    )!;
    return String(
      instance['PublicIpAddress'] ?? Addresses.find((one) => one['PrivateIpAddress'] === private4)!['PublicIp'],
    );
  };
  const [webPublic, jumpPublic] = [publicOf('10.0.1.10'), publicOf('10.0.1.20')];

  // SSH is accepted at jump, RDP is not.
  run('internet', 'curl', '-s', '-m', '2', `http://${jumpPublic}:22/`);
  assert.notEqual(run('internet', 'curl', '-s', '-m', '1', `http://${jumpPublic}:3389/`).code, 0);
  assert.deepEqual(
    rows('dstport action x_verdict_stage', `dstaddr = '10.0.1.20' AND protocol = 6 AND flow_direction = 'ingress'`),
    ['22 ACCEPT sg-ingress', '3389 REJECT sg-ingress'],
  );
  assert.deepEqual(rows('x_rule_id', `dstport = 3389`), ['default-deny']);

  const asked = `--from ${address('internet')} --to 10.0.1.20 --port 3389 --json`.split(' ');
  const { out } = program('diagnose', '--data', data('attack'), '--logs', data('attack'), ...asked);
  const said = JSON.parse(out) as Explanation;
  const judged = said.evidence.find(({ source }) => source === 'kernel');
  assert.deepEqual([said.outcome, said.certainty, judged?.disagree], ['blocked', 'kernel', 0], out);

  // A whole conversation: SYN, FIN; the other way SYN with ACK, FIN.
  assert.equal(run('internet', 'curl', '-s', '-m', '5', '-o', '/dev/null', `http://${webPublic}/`).code, 0);
  assert.deepEqual(rows('flow_direction action tcp_flags', `protocol = 6 AND (dstport = 80 OR srcport = 80)`), [
    'egress ACCEPT 19',
    'ingress ACCEPT 3',
  ]);

  // The group is stateful and lets the reply out, the ACL is not and does not.
  await call('AuthorizeSecurityGroupIngress', {
    GroupId: web,
    IpProtocol: 'icmp',
    FromPort: -1,
    ToPort: -1,
    CidrIp: '0.0.0.0/0',
  });
  await until(() => run('internet', 'ping', '-c', '1', '-W', '1', webPublic).code === 0, 'the group lets pings in');
  await call('CreateNetworkAclEntry', {
    NetworkAclId: acl,
    Egress: true,
    RuleNumber: 50,
    Protocol: '1',
    RuleAction: 'deny',
    CidrBlock: '0.0.0.0/0',
    IcmpTypeCode: { Type: -1, Code: -1 },
  });
  await until(() => run('internet', 'ping', '-c', '1', '-W', '1', webPublic).code !== 0, 'the ACL lets no reply out');
  const pings = `protocol = 1 AND interface_id = (SELECT DISTINCT interface_id FROM flow_logs WHERE dstaddr = '10.0.1.10' AND flow_direction = 'ingress')`;
  // The first of them came before the group's rule held.
  const found = rows('flow_direction srcaddr dstaddr action x_verdict_stage', pings);
  assert.deepEqual(
    found.filter((row) => row !== `ingress ${address('internet')} 10.0.1.10 REJECT sg-ingress`),
    [
      `egress 10.0.1.10 ${address('internet')} ACCEPT sg-ingress`,
      `egress 10.0.1.10 ${address('internet')} REJECT nacl-egress`,
      `ingress ${address('internet')} 10.0.1.10 ACCEPT sg-ingress`,
    ],
  );
  assert.deepEqual(rows('x_rule_id', `${pings} AND action = 'REJECT' AND flow_direction = 'egress'`), [
    `${acl}/out/50`,
  ]);

  // Rules come and go while packets pass: each is in a record, with what it met.
  const sender = start('i-web', 'python3', '-c', SENDER, '10.0.2.10');
  const gone = once(sender, 'exit');
  let changes = 0;
  while (sender.exitCode === null && sender.signalCode === null) {
    await call(changes % 2 === 0 ? 'AuthorizeSecurityGroupIngress' : 'RevokeSecurityGroupIngress', {
      GroupId: db,
      ...ONE_RULE,
    });
    changes++;
    await wait(300);
  }
  assert.deepEqual(await gone, [0, null]);
  assert.ok(changes >= 4, `${changes} changes`);
  down();
  const sums = rows('interface_id flow_direction', `dstport = 5001`);
  assert.equal(sums.length, 2, sums.join(', '));
  const packets = program(
    'query',
    '--from',
    data('attack'),
    '-o',
    'json',
    `SELECT flow_direction, sum(packets) AS packets, count(DISTINCT action) AS actions FROM flow_logs WHERE dstport = 5001 GROUP BY ALL ORDER BY 1`,
  );
  assert.deepEqual(
    packets.out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Row)
      .map((row) => [row['flow_direction'], Number(row['packets'])]),
    [
      ['egress', SENDS],
      ['ingress', SENDS],
    ],
  );
  assert.deepEqual(rows('log_status', `log_status = 'SKIPDATA'`), []);
  const { out: rejected } = program('diagnose', '--data', data('attack'), '--logs', data('attack'), '--json');
  const { causes } = JSON.parse(rejected) as { causes: { certainty: string }[] };
  assert.deepEqual([...new Set(causes.map(({ certainty }) => certainty))], ['kernel']);
});

test('a NAT gateway shows both its own and the real addresses', { skip }, () => {
  const { run, rows, address, down } = lab('nat');
  const internet = address('internet');
  assert.equal(run('i-worker', 'curl', '-s', '-m', '5', '-o', '/dev/null', `http://${internet}/`).code, 0);
  assert.notEqual(run('i-worker', 'curl', '-s', '-m', '1', `http://${internet}:25/`).code, 0);
  const nat = address('nat');
  const legs = rows(
    'flow_direction srcaddr dstaddr pkt_srcaddr pkt_dstaddr action',
    `protocol = 6 AND (dstport = 80 OR srcport = 80)`,
  );
  assert.deepEqual(
    legs,
    [
      // At the worker: both are what the packet has.
      `egress 10.0.2.10 ${internet} 10.0.2.10 ${internet} ACCEPT`,
      // At the gateway: to the worker, and to the internet as itself.
      `egress ${nat} 10.0.2.10 ${internet} 10.0.2.10 ACCEPT`,
      `egress ${nat} ${internet} ${nat} ${internet} ACCEPT`,
      `ingress 10.0.2.10 ${nat} 10.0.2.10 ${internet} ACCEPT`,
      `ingress ${internet} ${nat} ${internet} ${nat} ACCEPT`,
      `ingress ${internet} 10.0.2.10 ${internet} 10.0.2.10 ACCEPT`,
    ].toSorted(),
  );
  assert.deepEqual(rows('flow_direction action x_verdict_stage', `dstport = 25`), ['egress REJECT nacl-egress']);
  down();
  assert.deepEqual(rows('log_status', `log_status <> 'OK'`), ['NODATA'], 'helper had nothing');
});

test(
  'across a peering connection both VPCs have their records, and a group of the other one is known',
  { skip },
  () => {
    const { run, rows, down } = lab('two-vpc-peering');
    assert.equal(run('i-till', 'curl', '-s', '-m', '5', '-o', '/dev/null', 'http://10.2.1.10:8080/').code, 0);
    assert.notEqual(run('i-guest', 'curl', '-s', '-m', '1', 'http://10.2.1.10:8080/').code, 0);
    down();
    const asked = `protocol = 6 AND dstport = 8080`;
    assert.deepEqual(rows('srcaddr flow_direction action x_verdict_stage', asked), [
      '10.1.1.10 egress ACCEPT sg-egress',
      '10.1.1.10 ingress ACCEPT sg-ingress',
      '10.1.1.20 egress ACCEPT sg-egress',
      '10.1.1.20 ingress REJECT sg-ingress',
    ]);
  },
);
