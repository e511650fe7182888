/** Rules change while packets pass: not one is unaccounted, tracked connections live on, untracked ones stop. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { localNft } from '../../src/collect/privileged/run-nft.ts';
import { DecisionBook } from '../../src/collect/kernel/book.ts';
import type { Ended } from '../../src/collect/kernel/kernel-source.ts';
import { KernelTables } from '../../src/collect/kernel/kernel-tables.ts';
import { compileSnapshot, readModel } from '../../src/network/vpc/model.ts';
import type { VpcSnapshot } from '../../src/network/vpc/snapshot.ts';
import { createDecisionTable } from '../../src/network/verdict/decisions.ts';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

const skip = namespacesMissing(['nft', 'python3']) ?? false;
const SENDS = 63_000;

/** From one socket each to ports 1 to 9, round and round; nobody answers. */
const SENDER = `
import select, socket, sys
to = sys.argv[1]
socks = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(9)]
for port, s in enumerate(socks):
    s.bind(("", 30000 + port))
for n in range(${SENDS}):
    socks[n % 9].sendto(b"x" * 10, (to, 5001 + n % 9))
    if n % 50 == 0:
        select.select([], [], [], 0.002)
`;

function snapshotOf(open: boolean, ports: number, before?: VpcSnapshot): VpcSnapshot {
  const groups = ['sg-a', 'sg-b'];
  const rule = (id: string, group: string, egress: boolean, more: object): object => ({
    SecurityGroupRuleId: id,
    GroupId: group,
    IsEgress: egress,
    IpProtocol: '-1',
    FromPort: -1,
    ToPort: -1,
    CidrIpv4: '0.0.0.0/0',
    ...more,
  });
  const json = {
    Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.77.0.0/16' }],
    Subnets: [1, 2].map((n) => ({ SubnetId: `subnet-${n}`, VpcId: 'vpc-1', CidrBlock: `10.77.${n}.0/24` })),
    NetworkInterfaces: groups.map((group, n) => ({
      NetworkInterfaceId: `eni-${n}`,
      VpcId: 'vpc-1',
      SubnetId: `subnet-${n + 1}`,
      PrivateIpAddress: `10.77.${n + 1}.10`,
      Groups: [{ GroupId: group }],
    })),
    SecurityGroups: groups.map((group) => ({ GroupId: group, VpcId: 'vpc-1' })),
    SecurityGroupRules: [
      rule('sgr-out', 'sg-a', true, {}),
      // What comes from everywhere and may go everywhere is not tracked (rule V4).
      rule('sgr-out-b', 'sg-b', true, {}),
      ...(open ? [rule('sgr-untracked', 'sg-b', false, { IpProtocol: 'udp', FromPort: 5001, ToPort: 5001 })] : []),
      rule('sgr-tracked', 'sg-b', false, {
        IpProtocol: 'udp',
        FromPort: 5002,
        ToPort: 5001 + ports,
        CidrIpv4: '10.77.1.0/24',
      }),
    ],
  };
  return compileSnapshot(readModel([{ name: 'model', json }]), {
    version: 1,
    atMicros: 0,
    ...(before === undefined ? {} : { before }),
  });
}

/** Nobody answers at b, not even who it is. */
function silence(network: ReturnType<typeof buildNetwork>): void {
  const { address4, mac } = network.b;
  network.run('router', ['ip', 'neigh', 'replace', address4, 'lladdr', mac, 'dev', 'to-b', 'nud', 'permanent']);
  const drops = 'add chain inet drops in { type filter hook prerouting priority -400; policy drop; }';
  network.run('b', ['nft', `add table inet drops; ${drops}`]);
}

const ties = new Map([
  [1, 'to-a'],
  [2, 'to-b'],
]);

test('rules change under load, and not one packet is unaccounted', { skip }, async () => {
  const network = buildNetwork();
  const router = `fg${process.pid}router`;
  try {
    silence(network);
    const book = new DecisionBook(createDecisionTable());
    const tables = new KernelTables(localNft(router), book, 2, () => Date.now() * 1000);
    let snapshot = snapshotOf(true, 4);
    await tables.load(snapshot, ties);
    const sender = spawn('ip', ['netns', 'exec', `fg${process.pid}a`, 'python3', '-c', SENDER, network.b.address4], {
      stdio: 'inherit',
    });
    const gone = once(sender, 'exit');
    const sums = new Map<string, number>();
    let changes = 0;
    const read = async (ended: Promise<Ended | undefined> = tables.end()): Promise<void> => {
      const { rows, lost, unread, odd, passedOver } = (await ended)!;
      assert.deepEqual([unread, odd, lost.size, passedOver['not-own-source']], [0, 0, 0, 0]);
      for (let row = 0; row < rows.rows; row++) {
        const { interface: at, action, rule } = book.table.list[rows.decision[row]!]!;
        if (at === 0 || rows.protocol[row] !== 17) continue;
        const key = `${snapshot.interfaces[at]!.id} ${rows.ports[row]! & 0xffff} ${action} ${rule === 0 ? '-' : snapshot.rules[rule]!.id}`;
        sums.set(key, (sums.get(key) ?? 0) + rows.packets[row]!);
      }
    };
    while (sender.exitCode === null && sender.signalCode === null) {
      await read();
      changes++;
      // From the third change on the rules are gone for good.
      snapshot = snapshotOf(changes < 4, changes < 4 ? 4 + (changes % 2) : 1, snapshot);
      await read(tables.load(snapshot, ties));
      if (changes === 4) await read();
    }
    await read();
    await read();
    const [code] = await gone;
    assert.equal(code, 0);
    assert.ok(changes >= 5, `${changes} changes`);
    const of = (start: string): number =>
      [...sums].filter(([key]) => key.startsWith(start)).reduce((sum, [, n]) => sum + n, 0);
    assert.equal(of('eni-0 '), SENDS, JSON.stringify([...sums]));
    assert.equal(of('eni-1 '), SENDS, JSON.stringify([...sums]));
    // Untracked: it stopped. Nobody answers, and the connection is not old: tracked, it lives on.
    assert.ok(of('eni-1 5001 REJECT') > 0 && of('eni-1 5001 ACCEPT sgr-untracked') > 0, JSON.stringify([...sums]));
    assert.equal(of('eni-1 5002 REJECT'), 0, JSON.stringify([...sums]));
    assert.equal(of('eni-1 5002 ACCEPT sgr-tracked'), SENDS / 9);
    // Its rule has other ports by now.
    assert.equal(of('eni-1 5003 ACCEPT sgr-tracked'), SENDS / 9);
    assert.equal(of('eni-1 5009 ACCEPT'), 0);
  } finally {
    await network.remove();
  }
});

/** So many packets, each from a port of its own. */
const FLOWS = 600;
const MANY = `
import socket, sys
for port in range(20000, 20000 + ${FLOWS}):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("", port))
        s.sendto(b"x" * 10, (sys.argv[1], 5001))
`;

test('sets that are full lose by count, and generations end as ever', { skip }, async () => {
  const network = buildNetwork();
  try {
    silence(network);
    const book = new DecisionBook(createDecisionTable());
    const nft = localNft(`fg${process.pid}router`);
    const setSize = 200;
    const tables = new KernelTables(nft, book, 1, () => Date.now() * 1000, { setSize });
    const snapshot = snapshotOf(true, 4);
    await tables.load(snapshot, ties);
    for (let round = 0; round < 5; round++) {
      network.run('a', ['python3', '-c', MANY, network.b.address4]);
      const { rows, lost, unread, odd } = await tables.end();
      assert.deepEqual([unread, odd], [0, 0]);
      const counted = [0, 0, 0];
      let flows = 0;
      for (let row = 0; row < rows.rows; row++) {
        if (rows.protocol[row] !== 17 || rows.family[row] !== 4) continue;
        flows++;
        counted[book.table.list[rows.decision[row]!]!.interface]! += rows.packets[row]!;
      }
      assert.ok(flows > 0 && flows < setSize, `${flows} flows`);
      for (const [decision, packets] of lost) counted[book.table.list[decision]!.interface]! += packets;
      assert.deepEqual(counted, [0, FLOWS, FLOWS], `round ${round}`);
    }
  } finally {
    await network.remove();
  }
});
