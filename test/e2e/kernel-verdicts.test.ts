/**
 * Verdicts of the kernel: random conversations through real devices, each observation, and each record that is made of them, equal to an
 * independent prediction.
 *
 * `FLOWGAUGE_KERNEL_CASES=100000` sends more than CI does.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { test } from 'node:test';
import { localNft } from '../../src/collect/privileged/run-nft.ts';
import { DecisionBook } from '../../src/collect/kernel/book.ts';
import type { Ended } from '../../src/collect/kernel/kernel-source.ts';
import { KernelTables } from '../../src/collect/kernel/kernel-tables.ts';
import { CONNTRACK_SETTINGS } from '../../src/collect/kernel/settings.ts';
import { formatAddress } from '../../src/network/vpc/addresses.ts';
import { compileSnapshot, readModel } from '../../src/network/vpc/model.ts';
import type { VpcSnapshot } from '../../src/network/vpc/snapshot.ts';
import { createDecisionTable } from '../../src/network/verdict/decisions.ts';
import { sumRecords } from './kernel-records.ts';
import { namespacesMissing } from './namespaces.ts';

const skip = namespacesMissing(['nft', 'python3']) ?? false;
const CASES = Number(process.env['FLOWGAUGE_KERNEL_CASES'] ?? 20_000);
const SCENE = 2000;
const ORACLE = join(import.meta.dirname, '..', 'oracle', 'kernel_verdicts.py');

function must(command: string): void {
  const [program, ...words] = command.split(' ');
  const { status, stderr } = spawnSync(program!, words, { encoding: 'utf8' });
  assert.equal(status, 0, `${command}: ${stderr}`);
}

/** A router with a device `e0` … for each interface of a model and one that leads outside; their other ends are `x0` …. */
function build(router: string, hosts: string, snapshot: VpcSnapshot): void {
  for (const name of [router, hosts]) must(`ip netns add ${name}`);
  const run = `ip netns exec ${router}`;
  must(
    `${run} sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0`,
  );
  must(`ip netns exec ${hosts} sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1`);
  const ends = [...snapshot.interfaces.slice(1).map(({ addresses }) => addresses), []];
  for (const [n, addresses] of ends.entries()) {
    const two = n.toString(16).padStart(2, '0');
    must(`ip link add e${n} netns ${router} type veth peer name x${n} netns ${hosts}`);
    must(`ip -n ${router} link set e${n} address 02:00:00:00:01:${two} up`);
    must(`ip -n ${hosts} link set x${n} address 02:00:00:00:02:${two} up`);
    if (n === ends.length - 1) {
      must(`ip -n ${router} addr add 100.64.0.1/24 dev e${n}`);
      must(`ip -n ${router} route add default via 100.64.0.2 dev e${n}`);
      must(`ip -n ${router} neigh add 100.64.0.2 lladdr 02:00:00:00:02:${two} dev e${n} nud permanent`);
      must(`ip -n ${router} -6 neigh add fe80::2 lladdr 02:00:00:00:02:${two} dev e${n} nud permanent`);
      must(`ip -n ${router} -6 route add default via fe80::2 dev e${n}`);
      continue;
    }
    for (const address of addresses.map(formatAddress)) {
      const family = address.includes(':') ? '-6 ' : '';
      must(`ip -n ${router} ${family}route add ${address} dev e${n}`);
      must(`ip -n ${router} neigh add ${address} lladdr 02:00:00:00:02:${two} dev e${n} nud permanent`);
    }
  }
}

/** What tracking is set by is there when its first rule is. */
function setTracking(router: string): void {
  for (const [name, value] of CONNTRACK_SETTINGS)
    must(`ip netns exec ${router} sysctl -qw net.netfilter.${name}=${value}`);
}

/** Packets that the devices of a namespace have received and dropped. */
function droppedBefore(router: string): number {
  const { stdout } = spawnSync('ip', ['-n', router, '-s', '-j', 'link'], { encoding: 'utf8' });
  const links = JSON.parse(stdout) as readonly { readonly stats64: { readonly rx: { readonly dropped: number } } }[];
  return links.reduce((sum, { stats64 }) => sum + stats64.rx.dropped, 0);
}

/** Interface, direction, action, stage and rule. */
function decisionText(snapshot: VpcSnapshot, book: DecisionBook, number: number): string {
  const { interface: at, direction, action, stage, rule } = book.table.list[number]!;
  const name = rule === 0 ? (action === 'REJECT' ? 'default-deny' : '-') : snapshot.rules[rule]!.id;
  return [snapshot.interfaces[at]!.id, direction, action, stage, name].join(' ');
}

/** Sums by interface, direction, action, stage, rule and five-tuple. */
function sumUp(all: readonly Ended[], snapshot: VpcSnapshot, book: DecisionBook): Map<string, [number, number]> {
  const sums = new Map<string, [number, number]>();
  for (const { rows } of all)
    for (let row = 0; row < rows.rows; row++) {
      const family = rows.family[row] as 4 | 6;
      const text = (words: Uint32Array): string =>
        formatAddress({ family, words: [...words.subarray(row * 4, row * 4 + (family === 4 ? 1 : 4))] });
      const ports = rows.ports[row]!;
      const key = [
        decisionText(snapshot, book, rows.decision[row]!),
        family,
        rows.protocol[row],
        text(rows.src),
        text(rows.dst),
        ports >>> 16,
        ports & 0xffff,
      ].join(' ');
      const [packets, bytes] = sums.get(key) ?? [0, 0];
      sums.set(key, [packets + rows.packets[row]!, bytes + rows.bytes[row]!]);
    }
  return sums;
}

/** What was sent in a scene, as the second reading says, and what the kernel counted. */
type Scene = {
  readonly snapshot: VpcSnapshot;
  readonly book: DecisionBook;
  readonly ended: readonly Ended[];
  /** Generations that ended while packets were sent. */
  readonly swaps: number;
  readonly told: Told;
  /** Before the first packet. */
  readonly fromMicros: number;
};
type Told = {
  readonly packets: number;
  readonly observations: number;
  readonly differing: number;
  /** `sumUp`'s keys in parts, then packets and bytes. */
  readonly rows: readonly (readonly (string | number)[])[];
};

/**
 * Sends random conversations through a random network, ending generations all the while.
 *
 * @param setSize  so many flows are held at most in each set; null: as usual
 */
async function play(scene: number, count: number, setSize: number | null): Promise<Scene> {
  const [router, hosts] = [`fg${process.pid}kr`, `fg${process.pid}kh`];
  const sender = spawn('python3', [ORACLE, String(scene), String(count)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  const lines = createInterface({ input: sender.stdout })[Symbol.asyncIterator]();
  try {
    const model = JSON.parse((await lines.next()).value as string) as object;
    const snapshot = compileSnapshot(readModel([{ name: 'scene', json: model }]), { version: 1, atMicros: 0 });
    const ties = new Map(snapshot.interfaces.slice(1).map(({ number }) => [number, `e${number - 1}`]));
    build(router, hosts, snapshot);
    const book = new DecisionBook(createDecisionTable());
    const nft = localNft(router);
    const sized = (script: string): string =>
      setSize === null
        ? script
        : script.replaceAll(/size \d+; flags dynamic,timeout/gu, `size ${setSize}; flags dynamic,timeout`);
    const tables = new KernelTables(
      (script, take) => nft(sized(script), take),
      book,
      2,
      () => Date.now() * 1000,
    );
    await tables.load(snapshot, ties);
    setTracking(router);
    const fromMicros = Date.now() * 1000;
    // It ends when it has sent all, whoever still writes to it.
    sender.stdin.on('error', () => {}).write(`send ${hosts}\n`);
    const sending = { isOver: false };
    const answer = lines.next().then((line) => {
      sending.isOver = true;
      return JSON.parse(line.value as string) as Told;
    });
    const ended: Ended[] = [];
    while (!sending.isOver) {
      ended.push(await tables.end());
      sender.stdin.write('swapped\n');
    }
    const swaps = ended.length;
    ended.push(await tables.end(), await tables.end());
    const told = await answer;
    // A machine that is too busy drops packets of a device that nobody has looked at yet: they came to no hook.
    assert.equal(droppedBefore(router), 0, 'the machine dropped packets before any rule');
    for (const { odd, firstOdd, unread, rows, errorMicros, passedOver } of ended) {
      assert.equal(passedOver['not-watched'] ?? 0, 0, 'a generation ended within 30 s, or packets passed unjudged');
      assert.deepEqual([odd, firstOdd, unread], [0, null, 0]);
      for (let row = 0; row < rows.rows; row++) {
        assert.ok(rows.firstMicros[row]! >= fromMicros - errorMicros, 'no packet before the first');
        assert.ok(rows.firstMicros[row]! <= rows.lastMicros[row]!);
      }
    }
    return { snapshot, book, ended, swaps, told, fromMicros };
  } finally {
    sender.kill();
    for (const name of [router, hosts]) spawnSync('ip', ['netns', 'delete', name]);
  }
}

test(
  'each observation of random conversations is that of the second reading, to the packet and byte',
  { skip },
  async () => {
    let [swaps, packets, noRoom] = [0, 0, 0];
    const by = new Map<string, number>();
    for (let scene = 0; scene * SCENE < CASES; scene++) {
      const {
        snapshot,
        book,
        ended,
        told,
        swaps: own,
        fromMicros,
      } = await play(scene, Math.min(SCENE, CASES - scene * SCENE), null);
      swaps += own;
      // Memory for counters is the machine's: what found none is told by decision, and its flows lack some packets.
      const full = new Map<string, number>();
      for (const { lost } of ended)
        for (const [decision, count] of lost) {
          const name = decisionText(snapshot, book, decision);
          full.set(name, (full.get(name) ?? 0) + count);
          noRoom += count;
        }
      const decisionOf = (key: string): string => key.split(' ').slice(0, 5).join(' ');
      const expected = new Map(told.rows.map((row) => [row.slice(0, -2).join(' '), row.slice(-2)]));
      const found = sumUp(ended, snapshot, book);
      const wrong = [
        ...[...expected]
          .filter(([key, sums]) => String(found.get(key)) !== String(sums) && !full.has(decisionOf(key)))
          .map(([key, sums]) => `expected ${key}: ${String(sums)}, found ${String(found.get(key))}`),
        ...[...found]
          .filter(([key]) => !expected.has(key))
          .map(([key, sums]) => `not expected ${key}: ${String(sums)}`),
      ];
      for (const [name, count] of full) {
        const sumOf = (all: Iterable<readonly [string, readonly unknown[]]>): number =>
          [...all].reduce((sum, [key, [one]]) => sum + (decisionOf(key) === name ? Number(one) : 0), 0);
        assert.equal(sumOf(found) + count, sumOf(expected), `scene ${scene}: ${name}: flows and losses`);
      }
      assert.deepEqual(wrong.slice(0, 12), [], `scene ${scene}: ${wrong.length} of ${expected.size} flows`);
      // The records say the same, by rule and five-tuple, to the packet and byte.
      const records = sumRecords(ended, snapshot, book.table, fromMicros);
      const skipped = new Set([...records.late, ...[...full.keys()].map((name) => name.split(' ')[0]!)]);
      assert.deepEqual([records.sums, records.skipped], [found, skipped], `scene ${scene}: records`);
      const counted = [...found.values(), ...[...full.values()].map((count) => [count] as const)];
      assert.equal(
        counted.reduce((sum, [one]) => sum + one, 0),
        told.observations,
      );
      packets += told.observations;
      for (const [key, [of]] of found) {
        const [, , action = '', stage = '', , family = '', protocol = ''] = key.split(' ');
        for (const one of [action, `${action} ${stage}`, `IPv${family}`, `protocol ${protocol}`])
          by.set(one, (by.get(one) ?? 0) + of);
      }
    }
    const share = (of: string): number => (by.get(of) ?? 0) / packets;
    const shares = [...by.keys()].toSorted().map((one) => `${one} ${(100 * share(one)).toFixed(1)} %`);
    console.log(
      `${packets} observations, ${noRoom} without room, ${swaps} swaps while they were sent: ${shares.join(', ')}`,
    );
    assert.ok(noRoom <= packets / 50, `${noRoom} of ${packets} found no room`);
    assert.ok(swaps >= Math.min(20, CASES / 1000), `${swaps} swaps`);
    assert.ok(share('ACCEPT') >= 0.3);
    const stages = ['sg-egress', 'nacl-egress', 'nacl-ingress', 'sg-ingress'].map((stage) => `REJECT ${stage}`);
    const kinds = [1, 6, 17, 58].map((protocol) => `protocol ${protocol}`);
    for (const one of [...stages, 'ACCEPT sg-egress', 'ACCEPT sg-ingress', 'IPv4', 'IPv6', ...kinds])
      assert.ok(share(one) >= 0.01, `${one}: ${share(one)}`);
  },
);

test('what finds no room is counted under its decision: flows and losses are all that was sent', { skip }, async () => {
  const { snapshot, book, ended, told, fromMicros } = await play(1, SCENE, 8);
  /** By interface, direction, action, stage and rule. */
  const sums = new Map<string, number>();
  const add = (decision: number, packets: number): void => {
    const key = decisionText(snapshot, book, decision);
    sums.set(key, (sums.get(key) ?? 0) + packets);
  };
  let lostOnes = 0;
  for (const { rows, lost } of ended) {
    for (let row = 0; row < rows.rows; row++) add(rows.decision[row]!, rows.packets[row]!);
    for (const [decision, packets] of lost) {
      add(decision, packets);
      lostOnes += packets;
    }
  }
  const expected = new Map<string, number>();
  for (const row of told.rows) {
    const key = row.slice(0, 5).join(' ');
    expected.set(key, (expected.get(key) ?? 0) + Number(row.at(-2)));
  }
  const where = ended.flatMap(({ lost }) => [...lost.keys()].map((one) => book.table.list[one]!.interface));
  const { skipped, late } = sumRecords(ended, snapshot, book.table, fromMicros);
  const full = where.map((at) => snapshot.interfaces[at]!.id);
  assert.deepEqual(skipped, new Set([...full, ...late]), 'each of them says SKIPDATA');
  assert.ok(lostOnes > told.observations / 10, `${lostOnes} of ${told.observations} were lost`);
  assert.deepEqual(sums, expected);
});
