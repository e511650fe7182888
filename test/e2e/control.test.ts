/**
 * The control plane of a running `up`, driven by aws-cli, and what its calls do to flow logs of real packets.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { listen } from './listen.ts';
import type { Host, Network } from './namespaces.ts';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

// What a packet capture sees, with the verdicts of the model; observation has tests of its own.
process.env['FLOWGAUGE_OBSERVE'] = 'no';

const missing = namespacesMissing(['tcpdump', 'ping', 'aws']);
const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'bin/flowgauge');
/** Debian's. */
const AWS = '/usr/bin/aws --endpoint-url http://127.0.0.1:8350 --output json ec2'.split(' ');
const TIMEOUT_MILLIS = 170_000;

let network: Network;
let scratch = '';

before(() => {
  if (missing !== null) return;
  scratch = mkdtempSync(join(tmpdir(), 'flowgauge-control-'));
  network = buildNetwork();
});
after(async () => {
  if (missing !== null) return;
  await network.remove();
  rmSync(scratch, { recursive: true, force: true });
});

type Up = {
  readonly child: ChildProcess;
  readonly text: () => string;
  /** Settles when it has said so, at a line that was not waited for before. */
  readonly says: (words: string) => Promise<void>;
  /** Calls the API from the host of `up`; what it said, as JSON. `line` is split at blanks, `more` is not. */
  readonly aws: (line: string, ...more: readonly string[]) => Record<string, never[]>;
  /** The same, refused: what aws-cli said. */
  readonly refused: (line: string, ...more: readonly string[]) => string;
  readonly flowgauge: (line: string) => string;
};

/** Starts `up` on a host of the network; settles when it captures. */
async function startUp(host: Host, data: string): Promise<Up> {
  const child = network.start(host, [program, 'up', '--data', data]);
  const { text, says } = listen(child);
  const inside = (command: readonly string[]): string[] => [
    'env',
    `AWS_SHARED_CREDENTIALS_FILE=${join(data, 'credentials')}`,
    ...command,
  ];
  const call = (line: string, more: readonly string[]): string[] => inside([...AWS, ...line.split(' '), ...more]);
  await says('Interfaces: ');
  return {
    child,
    text,
    says,
    aws: (line, ...more) => {
      const said = network.run(host, call(line, more));
      return said.trim() === '' ? {} : (JSON.parse(said) as Record<string, never[]>);
    },
    refused: (line, ...more) => network.run(host, ['sh', '-c', '"$@" 2>&1 || true', 'sh', ...call(line, more)]),
    flowgauge: (line) => network.run(host, [program, ...line.split(' '), '--data', data]),
  };
}

async function stop({ child, text }: Up): Promise<void> {
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number | null];
  assert.equal(code, 0, text());
}

/** Records below a prefix of the bucket, by field. */
function records(data: string, prefix: string): Record<string, string>[] {
  const directory = join(data, 'bucket', prefix);
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.log.gz') && (prefix !== '' || name.startsWith('AWSLogs/')))
    .flatMap((name) => {
      const [header = '', ...lines] = gunzipSync(readFileSync(join(directory, name)))
        .toString()
        .trimEnd()
        .split('\n');
      const fields = header.split(' ');
      return lines.map((line) => Object.fromEntries(line.split(' ').map((value, at) => [fields[at]!, value])));
    });
}

const packetsOf = (all: readonly Record<string, string>[]): number =>
  all.reduce((sum, { packets }) => sum + (packets === '-' ? 0 : Number(packets)), 0);
/** Those between two addresses. */
const between = (all: readonly Record<string, string>[], a: string, b: string): Record<string, string>[] =>
  all.filter(({ srcaddr, dstaddr }) => (srcaddr === a && dstaddr === b) || (srcaddr === b && dstaddr === a));

const idOf = (answer: Record<string, unknown>, list: string, member: string): string =>
  (answer[list] as Record<string, string>[])[0]![member]!;
const made = (answer: Record<string, unknown>): string => (answer['FlowLogIds'] as string[])[0]!;

test(
  'flow logs of several levels, filters and formats over one interface hold what they should, while they come and go',
  { skip: missing ?? false, timeout: TIMEOUT_MILLIS },
  async () => {
    const data = join(scratch, 'steer');
    const up = await startUp('a', data);
    const vpc = idOf(up.aws('describe-vpcs'), 'Vpcs', 'VpcId');
    const found = up.aws('describe-network-interfaces');
    const eni = idOf(found, 'NetworkInterfaces', 'NetworkInterfaceId');
    const subnet = idOf(found, 'NetworkInterfaces', 'SubnetId');
    const acl = idOf(up.aws('describe-network-acls'), 'NetworkAcls', 'NetworkAclId');
    const [first] = up.aws('describe-flow-logs')['FlowLogs'] as unknown as Record<string, string>[];
    assert.equal(first!['ResourceId'], vpc);
    assert.equal(first!['DeliverLogsStatus'], 'SUCCESS');

    const ping = network.start('b', ['ping', '-q', '-i', '0.02', network.a.address4]);
    const create = (type: string, id: string, traffic: string, prefix: string, format: string): string =>
      made(
        up.aws(
          `create-flow-logs --resource-type ${type} --resource-ids ${id} --traffic-type ${traffic} --max-aggregation-interval 60 --log-destination-type s3 --log-destination arn:aws:s3:::local/${prefix}/ --log-format`,
          format,
        ),
      );
    const format = '${srcaddr} ${dstaddr} ${packets} ${start} ${end} ${action} ${log-status} ${interface-id}';
    create('NetworkInterface', eni, 'ACCEPT', 'accepted', format);
    create('Subnet', subnet, 'REJECT', 'rejected', `\${flow-direction} ${format}`);
    const again = create('NetworkInterface', eni, 'ALL', 'again', format);
    network.run('b', ['ping', '-c', '20', '-i', '0.05', network.a.address4]);
    // From here on what b sends is rejected; the kernel answers it all the same.
    up.aws(
      `create-network-acl-entry --network-acl-id ${acl} --rule-number 50 --protocol -1 --rule-action deny --ingress --cidr-block ${network.b.address4}/32`,
    );
    network.run('b', ['ping', '-c', '20', '-i', '0.05', network.a.address4]);
    const deleted = Date.now();
    up.aws(`delete-flow-logs --flow-log-ids ${again}`);
    const gone = Date.now();
    network.run('b', ['ping', '-c', '20', '-i', '0.05', network.a.address4]);
    const remade = Date.now();
    const successor = create('NetworkInterface', eni, 'ALL', 'again', format);
    network.run('b', ['ping', '-c', '20', '-i', '0.05', network.a.address4]);
    assert.notEqual(again, successor);

    // An interface that comes later is covered by the flow log of the VPC.
    network.run('a', ['ip', 'link', 'add', 'later0', 'type', 'veth', 'peer', 'name', 'later1']);
    network.run('a', ['ip', 'addr', 'add', '10.88.0.1/24', 'dev', 'later0']);
    for (const end of ['later0', 'later1']) network.run('a', ['ip', 'link', 'set', end, 'up']);
    await up.says('later0');
    network.run('a', ['ping', '-c', '2', '-i', '0.2', '-W', '1', '-I', 'later0', '-b', '10.88.0.255'], true);
    ping.kill('SIGINT');
    await once(ping, 'exit');
    await stop(up);

    const pings = (prefix: string): Record<string, string>[] =>
      between(records(data, prefix), network.a.address4, network.b.address4);
    const all = pings('');
    const total = packetsOf(all);
    assert.ok(total > 300, `${total} packets`);
    assert.ok(
      records(data, '').some((record) => record['srcaddr'] === '10.88.0.1'),
      'the later interface',
    );
    const start = (record: Record<string, string>): number => Number(record['start']);
    const end = (record: Record<string, string>): number => Number(record['end']);

    const onlyAccepted = pings('accepted');
    assert.ok(onlyAccepted.length > 0 && onlyAccepted.every(({ action }) => action === 'ACCEPT'));
    assert.deepEqual(Object.keys(onlyAccepted[0]!), format.replaceAll(/[${}]/g, '').split(' '));
    const onlyRejected = pings('rejected');
    assert.ok(onlyRejected.length > 0 && onlyRejected.every(({ action }) => action === 'REJECT'));
    assert.ok(onlyRejected.every((record) => record['flow-direction'] === 'ingress'));
    // The rejected half is rejected in the first flow log too, all of it.
    assert.equal(packetsOf(onlyRejected), packetsOf(all.filter(({ action }) => action === 'REJECT')));
    assert.ok(packetsOf(onlyAccepted) <= packetsOf(all.filter(({ action }) => action === 'ACCEPT')));

    const both = pings('again');
    const before = both.filter((record) => start(record) * 1000 <= deleted);
    const later = both.filter((record) => start(record) * 1000 >= remade - 1000);
    assert.equal(before.length + later.length, both.length, 'none of the time in between');
    assert.ok(before.every((record) => end(record) * 1000 <= gone + 1000));
    assert.ok(packetsOf(before) > 80 && packetsOf(later) > 80, `${packetsOf(before)} and ${packetsOf(later)}`);
    assert.ok(packetsOf(both) < total - 40, 'the time in between is of neither');
    const keys = both.map((record) => JSON.stringify(record));
    assert.equal(new Set(keys).size, keys.length);
  },
);

/** Calls until an answer is as wanted. */
function until(up: Up, wanted: (interfaces: readonly Record<string, string>[]) => boolean): void {
  for (let tries = 0; tries < 60; tries++) {
    const found = up.aws('describe-network-interfaces')['NetworkInterfaces'] as unknown as Record<string, string>[];
    if (wanted(found)) return;
  }
  throw new Error(`the interfaces never came to be as wanted: ${up.text()}`);
}
const ofHost = (interfaces: readonly Record<string, string>[]): number =>
  interfaces.filter(({ RequesterId }) => RequesterId === 'flowgauge up').length;

test(
  "traffic over a peering connection shows on one's own side only, and on both where both VPCs are one's own",
  { skip: missing ?? false, timeout: TIMEOUT_MILLIS },
  async () => {
    const data = join(scratch, 'peering');
    const up = await startUp('router', data);
    const key = JSON.parse(up.flowgauge('keys add --account 444455556666 --role operate --json')) as Record<
      string,
      string
    >;
    const other: Up = {
      ...up,
      aws: (line, ...more) => {
        const who = [`AWS_ACCESS_KEY_ID=${key['AccessKeyId']}`, `AWS_SECRET_ACCESS_KEY=${key['SecretAccessKey']}`];
        const place = ['--region', 'us-east-1'];
        const said = network.run('router', ['env', ...who, ...AWS, ...line.split(' '), ...more, ...place]);
        return (said.trim() === '' ? {} : JSON.parse(said)) as Record<string, never[]>;
      },
    };
    const memberOf = (answer: Record<string, unknown>, thing: string, member: string): string =>
      (answer[thing] as Record<string, string>)[member]!;
    /** A VPC with an interface that may forward. */
    const makeVpc = (who: Up, block: string): { vpc: string; subnet: string; eni: string; group: string } => {
      const vpc = memberOf(who.aws(`create-vpc --cidr-block ${block}`), 'Vpc', 'VpcId');
      const subnet = memberOf(who.aws(`create-subnet --vpc-id ${vpc} --cidr-block ${block}`), 'Subnet', 'SubnetId');
      const answer = who.aws(`create-network-interface --subnet-id ${subnet}`);
      const eni = memberOf(answer, 'NetworkInterface', 'NetworkInterfaceId');
      const groups = (answer['NetworkInterface'] as unknown as { Groups: { GroupId: string }[] }).Groups;
      who.aws(`modify-network-interface-attribute --network-interface-id ${eni} --no-source-dest-check`);
      return { vpc, subnet, eni, group: groups[0]!.GroupId };
    };
    // As the packets have them: an interface that forwards shows its own address otherwise.
    const format = '${interface-id} ${pkt-srcaddr} ${pkt-dstaddr} ${packets} ${action}';
    const create = (type: string, id: string, prefix: string): [string, string] => [
      `create-flow-logs --resource-type ${type} --resource-ids ${id} --traffic-type ALL --log-destination-type s3 --log-destination arn:aws:s3:::local/${prefix}/ --log-format`,
      format,
    ];
    const a = makeVpc(up, '10.77.1.0/24');
    const b = makeVpc(other, '10.77.2.0/24');
    const c = makeVpc(up, '10.77.2.0/24');
    const peering = memberOf(
      up.aws(`create-vpc-peering-connection --vpc-id ${a.vpc} --peer-vpc-id ${b.vpc} --peer-owner-id 444455556666`),
      'VpcPeeringConnection',
      'VpcPeeringConnectionId',
    );
    const isRefused = (): void => {
      for (const [type, id] of [
        ['VPC', b.vpc],
        ['Subnet', b.subnet],
        ['NetworkInterface', b.eni],
      ] as const)
        assert.equal(
          up.refused(...create(type, id, 'b')).trim(),
          `An error occurred (UnsupportedOperation) when calling the CreateFlowLogs operation: ${id} is of account 444455556666. A flow log for it can only be created by that account.`,
        );
    };
    isRefused();
    other.aws(`accept-vpc-peering-connection --vpc-peering-connection-id ${peering}`);
    isRefused();
    up.aws(...create('VPC', a.vpc, 'a'));
    other.aws(...create('VPC', b.vpc, 'own'));
    up.flowgauge(`attach ${a.eni} to-a`);
    up.flowgauge(`attach ${b.eni} to-b`);
    until(up, (interfaces) => ofHost(interfaces) === 0);
    network.run('a', ['ping', '-c', '20', '-i', '0.05', network.b.address4]);

    // The other side is a VPC of the same account now; and what a sends is let in.
    up.aws(...create('VPC', c.vpc, 'c'));
    up.flowgauge(`detach ${b.eni}`);
    until(up, (interfaces) => ofHost(interfaces) === 1);
    up.aws(`authorize-security-group-ingress --group-id ${a.group} --protocol icmp --port -1 --cidr 10.77.1.0/24`);
    up.flowgauge(`attach ${c.eni} to-b`);
    until(up, (interfaces) => ofHost(interfaces) === 0);
    network.run('a', ['ping', '-c', '30', '-i', '0.05', network.b.address4]);
    await stop(up);

    const pings = (prefix: string): Record<string, string>[] =>
      between(
        records(data, prefix).map((record) => ({
          ...record,
          srcaddr: record['pkt-srcaddr']!,
          dstaddr: record['pkt-dstaddr']!,
        })),
        network.a.address4,
        network.b.address4,
      );
    const own = pings('a');
    assert.ok(own.every((record) => record['interface-id'] === a.eni));
    assert.equal(packetsOf(own), 100, 'requests and replies of both');
    const requests = own.filter(({ srcaddr }) => srcaddr === network.a.address4);
    const withAction = (action: string): number => packetsOf(requests.filter((record) => record['action'] === action));
    // Nothing enforces it: the answer to the first request goes out, and with it the group knows the conversation.
    assert.deepEqual([withAction('REJECT'), withAction('ACCEPT')], [1, 49]);
    const side = pings('c');
    assert.ok(side.every((record) => record['interface-id'] === c.eni));
    assert.equal(packetsOf(side), 60);
    assert.deepEqual(readdirSync(join(data, 'bucket')).includes('b'), false);
    // The other account sees its own side in its own flow log, and no more.
    const theirs = pings('own');
    assert.ok(theirs.every((record) => record['interface-id'] === b.eni));
    assert.equal(packetsOf(theirs), 40);
    assert.ok(records(data, '').every((record) => record['interface-id'] !== b.eni));
  },
);

/** The process that collects, a child of `up`. */
function collectorOf({ child }: Up): number {
  const { stdout } = spawnSync('pgrep', ['-P', String(child.pid), '-f', 'collector/process'], { encoding: 'utf8' });
  const [pid] = stdout.trim().split('\n');
  assert.ok(pid);
  return Number(pid);
}

/** Settles when so many packets between a and b are in objects or open windows. */
function seen(data: string, packets: number): void {
  const sql = `SELECT coalesce(sum(packets), 0) AS n FROM flow_logs WHERE srcaddr = '${network.a.address4}' AND protocol = 1`;
  for (let tries = 0; tries < 60; tries++) {
    const said = network.run('a', [program, 'query', '--from', data, '--last', '1h', '-o', 'csv', sql]);
    if (Number(said.trim().split('\n').at(-1)) >= packets) return;
  }
  throw new Error(`${packets} packets never came`);
}

test(
  'after kill -9 of the collector and of all, what was acknowledged is there and the same, and records go on',
  { skip: missing ?? false, timeout: TIMEOUT_MILLIS },
  async () => {
    const data = join(scratch, 'killed');
    const known = (up: Up): unknown => [
      up.aws('describe-flow-logs'),
      up.aws('describe-network-interfaces'),
      up.aws('describe-security-group-rules'),
      up.aws('describe-vpcs'),
    ];
    let up = await startUp('a', data);
    const vpc = idOf(up.aws('describe-vpcs'), 'Vpcs', 'VpcId');
    const second = made(
      up.aws(
        `create-flow-logs --resource-type VPC --resource-ids ${vpc} --traffic-type ACCEPT --log-destination-type s3 --log-destination arn:aws:s3:::local/second/`,
      ),
    );
    const before = known(up);
    network.run('a', ['ping', '-c', '5', '-i', '0.05', network.b.address4]);
    seen(data, 5);
    up.child.kill('SIGKILL');
    await once(up.child, 'exit');

    up = await startUp('a', data);
    assert.deepEqual(known(up), before);
    network.run('a', ['ping', '-c', '5', '-i', '0.05', network.b.address4]);
    process.kill(collectorOf(up), 'SIGKILL');
    const [code] = (await once(up.child, 'exit')) as [number | null];
    assert.equal(code, 1);
    assert.match(up.text(), /FG_COLLECTOR_ENDED/);

    up = await startUp('a', data);
    assert.deepEqual(known(up), before);
    network.run('a', ['ping', '-c', '5', '-i', '0.05', network.b.address4]);
    // Who deletes the first flow log gets no other.
    const first = (up.aws('describe-flow-logs')['FlowLogs'] as unknown as Record<string, string>[])
      .map(({ FlowLogId }) => FlowLogId!)
      .find((id) => id !== second)!;
    up.aws(`delete-flow-logs --flow-log-ids ${first}`);
    await stop(up);
    up = await startUp('a', data);
    assert.deepEqual(
      (up.aws('describe-flow-logs')['FlowLogs'] as unknown as Record<string, string>[]).map(
        ({ FlowLogId }) => FlowLogId,
      ),
      [second],
    );
    await stop(up);
    const pings = between(records(data, ''), network.a.address4, network.b.address4);
    assert.ok(packetsOf(pings) >= 20, 'the first run closed its windows though its parent had gone');
    assert.deepEqual(
      readdirSync(join(data, 'spool')).filter((name) => name.endsWith('.open') || name.endsWith('.segment')),
      [],
    );
  },
);
