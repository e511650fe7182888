/**
 * Both readers of the kernel's sets, nft and the addon of `native/`, on the same generation.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { addAlive, ALIVE } from '../../src/collect/kernel/alive.ts';
import {
  addFlowTables,
  emptyScript,
  flowTables,
  markElement,
  markScript,
  overScript,
  swapScript,
} from '../../src/collect/kernel/flow-sets.ts';
import { compileObservation, DEVICE_WORD, setsOf } from '../../src/collect/kernel/observe/compile-observation.ts';
import { pointsOf, stagesOf } from '../../src/collect/kernel/observe/stages.ts';
import { Counters, readGenerations } from '../../src/collect/kernel/read-generation.ts';
import type { GenerationRead } from '../../src/collect/kernel/read-generation.ts';
import { Rules, scriptOf } from '../../src/collect/kernel/ruleset.ts';
import type { ListSets } from '../../src/collect/privileged/list-sets.ts';
import { listByNft } from '../../src/collect/privileged/list-sets.ts';
import type { NetlinkAddon } from '../../src/collect/privileged/netlink.ts';
import { Dumper, listByNetlink, loadNetlink, nftBesideNetlink } from '../../src/collect/privileged/netlink.ts';
import type { Nft } from '../../src/collect/privileged/run-nft.ts';
import { localNft } from '../../src/collect/privileged/run-nft.ts';
import { DISARM } from '../../src/collect/privileged/serve-nft.ts';
import { buildNetwork, namespacesMissing } from './namespaces.ts';
import { prepare, send } from './observed-host.ts';
import type { Sent } from './observed-host.ts';

const loaded = loadNetlink();
const skip =
  namespacesMissing(['nft', 'python3']) ??
  (typeof loaded === 'string' ? `the addon is ${loaded}: npm run native` : false);

/** The addon's reader in a namespace. */
function listByAddon(namespace: string): ListSets {
  const addon = loaded as NetlinkAddon;
  return listByNetlink(new Dumper(addon, () => addon.open(`/run/netns/${namespace}`)));
}

/** Rows in an order of their own, without times; and those. */
function comparable({ elements: { rows, lost, packets, odd } }: GenerationRead): {
  rows: string[];
  times: Map<string, [number, number]>;
  rest: unknown;
} {
  const times = new Map<string, [number, number]>();
  for (let row = 0; row < rows.rows; row++) {
    const columns = [rows.decision, rows.tcpFlags, rows.family, rows.protocol, rows.ports].map((column) => column[row]);
    const addresses = [...rows.src.subarray(row * 4, row * 4 + 4), ...rows.dst.subarray(row * 4, row * 4 + 4)];
    const counts = [rows.packets[row], rows.bytes[row]];
    times.set([...columns, ...addresses, ...counts].join(' '), [rows.firstMicros[row]!, rows.lastMicros[row]!]);
  }
  return {
    rows: [...times.keys()].toSorted(),
    times,
    rest: { count: rows.rows, packets, odd, lost: [...lost].toSorted(([a], [b]) => a - b) },
  };
}

test('nft and the addon read the same rows of each set of a generation', { skip }, async () => {
  const network = buildNetwork();
  try {
    prepare(network);
    const namespace = `fg${process.pid}router`;
    const nft = localNft(namespace);
    const sizes = { shards: 2, size: 400 };
    const stages = stagesOf({ pairs: new Set(['forward', 'postrouting']), nat: false });
    const points = pointsOf(stages);
    const all = points.map((point) => setsOf(point, 'a', sizes));
    await nft(scriptOf(compileObservation(stages, false, 'a', sizes), null));
    const beganMicros = Date.now() * 1000;
    const marks = all.flatMap(({ kinds }) =>
      kinds.flatMap(({ kind, sets }) =>
        sets.flatMap(({ name, last }) => [
          markElement(name, kind),
          ...(last === null ? [] : [markElement(last, null)]),
        ]),
      ),
    );
    await nft(`${marks.join('\n')}\n`);
    const { a, b } = network;
    const packets: Sent[] = [
      ...Array.from({ length: 1000 }, (_, n): Sent => [
        a.address4,
        b.address4,
        17,
        20_000 + n,
        53,
        0,
        n % 40,
        1 + (n % 3),
      ]),
      ...Array.from({ length: 40 }, (_, n): Sent => [a.address6, b.address6, 17, 65_535 - n, 1, 0, 9, 2]),
      ...[2, 16, 17, 4, 18, 1, 0, 41].flatMap((flags): Sent[] => [
        [a.address4, b.address4, 6, 40_000, 443, flags, 3, 2],
        [a.address6, b.address6, 6, 40_001, 443, flags, 0, 1],
      ]),
      [a.address4, b.address4, 1, 77, 0, 0, 56, 3],
      [a.address6, b.address6, 58, 77, 0, 0, 56, 3],
    ];
    send(network, 'a', packets);
    const counters = new Counters();
    await counters.read(nft);
    const endMicros = Date.now() * 1000;
    const reading = { counters, endMicros, words: DEVICE_WORD, beganMicros: () => beganMicros };
    const [byNft, byAddon] = [
      await readGenerations(all, { ...reading, list: listByNft(nft) }),
      await readGenerations(all, { ...reading, list: listByAddon(namespace) }),
    ];
    const sent = packets.reduce((sum, packet) => sum + packet[7], 0);
    for (const [at, { name }] of points.entries()) {
      const [text, messages] = [comparable(byNft[at]!), comparable(byAddon[at]!)];
      assert.deepEqual(messages.rows, text.rows, name);
      assert.deepEqual(messages.rest, text.rest, name);
      assert.deepEqual([byNft[at]!.unread, byAddon[at]!.unread], [0, 0]);
      assert.equal(byAddon[at]!.elements.packets, name === 'il' ? byNft[at]!.elements.packets : sent, name);
      // What is left of two lives is asked for at two moments of a walk.
      for (const [row, times] of messages.times)
        for (const [i, time] of times.entries()) assert.ok(Math.abs(time - text.times.get(row)![i]!) < 50_000, row);
    }
    assert.ok(
      byAddon.some(({ elements }) => elements.lost.size > 0),
      'a set was full',
    );
    await nft(emptyScript([all[0]!.over]));
  } finally {
    await network.remove();
  }
});

test('counters are told as nft tells them, once, and a table that is not there has none', { skip }, async () => {
  const network = buildNetwork();
  try {
    const namespace = `fg${process.pid}router`;
    const counter = (n: number): string => `add counter inet flowgauge n_c${n} { packets ${n} bytes ${n * 2 ** 33} }`;
    const others = 'add table inet theirs\nadd counter inet theirs n_x { packets 5 bytes 5 }\n';
    const own = Array.from({ length: 1000 }, (_, n) => `${counter(n)}\n`).join('');
    await fill(namespace, `${others}add table inet flowgauge\n${own}`);
    const nft = localNft(namespace);
    const byAddon = nftBesideNetlink(namespace, nft);
    const counters = new Counters();
    await counters.read(byAddon);
    for (let n = 0; n < 1000; n++) assert.equal(counters.grown(`n_c${n}`), n);
    assert.equal(counters.grown('n_x'), 0);
    await counters.read(nft);
    assert.equal(counters.grown('n_c999'), 999, 'they were set to 0');
    const theirs = network.run('router', ['nft', 'list', 'counter', 'inet', 'theirs', 'n_x']);
    assert.match(theirs, /packets 5 bytes 5/);
    const gone = nftBesideNetlink(`fg${process.pid}a`, localNft(`fg${process.pid}a`));
    await assert.rejects(counters.read(gone), /No such file or directory/);
  } finally {
    await network.remove();
  }
});

test('what nft is spared is in the kernel as nft would have put it there', { skip }, async () => {
  const network = buildNetwork();
  try {
    const rules = new Rules();
    const tables = flowTables(2, 400);
    addFlowTables(tables, rules);
    addAlive(rules, 'n_alive', 'acct_now');
    rules.add('counter', 'n_alive');
    const [kinds, over] = [tables.kinds, tables.over('a')];
    const names = kinds.flatMap((kind) => tables.sets('a', kind).flatMap(({ name, last }) => [name, last]));
    const words = Array.from({ length: 2000 }, (_, n) => n * 64);
    const scripts = [
      `${swapScript('b')}${ALIVE}`,
      overScript(over, words),
      `${emptyScript([...names, over])}${overScript(over, words.slice(0, 50))}${markScript(tables, 'a')}`,
      `${swapScript('a')}${DISARM}`,
      swapScript('b'),
    ];
    const sides = ['router', 'a'] as const;
    const [byNetlink, byNft] = sides.map((side) => {
      const namespace = `fg${process.pid}${side}`;
      const nft = localNft(namespace);
      const addon = loaded as NetlinkAddon;
      const dumper = new Dumper(addon, () => addon.open(`/run/netns/${namespace}`));
      const stands = (): string =>
        network
          .run(side, ['nft', 'list', 'table', 'inet', 'flowgauge'])
          .replaceAll(/ expires \S+?(?=[,\s])/g, ' expires');
      return { nft, dumper, stands };
    }) as [Side, Side];
    for (const { nft } of [byNetlink, byNft]) {
      await nft(`${scriptOf(rules, null)}add chain inet flowgauge h_forward\nadd rule inet flowgauge h_forward drop\n`);
      await nft(markScript(tables, 'a'));
    }
    for (const script of scripts) {
      await byNft.nft(script);
      assert.ok(byNetlink.dumper.change(script), script.slice(0, 100));
      assert.equal(byNetlink.stands(), byNft.stands(), script.slice(0, 100));
    }
    const stood = byNetlink.stands();
    assert.match(stood, /elements = \{ 0x00000000 counter packets 0 bytes 0,/);
    // One transaction: what comes before a line that fails does not hold.
    for (const script of [emptyScript([over, 'gone_a']), emptyScript([over, 'gone_a', over])]) {
      assert.equal(byNetlink.dumper.change(script), false);
      assert.equal(byNetlink.stands(), stood);
    }
    await assert.rejects(nftBesideNetlink(`fg${process.pid}router`, byNetlink.nft)(emptyScript(['gone_a'])), {
      code: 'FG_NFT_FAILED',
      message: /No such file or directory/,
    });
    assert.ok(byNetlink.dumper.change(emptyScript([over])), 'the next batch has an answer of its own');
  } finally {
    await network.remove();
  }
});

type Side = { readonly nft: Nft; readonly dumper: Dumper; readonly stands: () => string };

test('a set of many pieces, one that is empty, one that is not there, other networks', { skip }, async () => {
  const network = buildNetwork();
  try {
    const namespace = `fg${process.pid}router`;
    const [name, empty, gone] = ['many_a', 'none_a', 'gone_a'];
    const body =
      '{ type mark . ipv4_addr . ipv4_addr . inet_service . inet_service; size 65536; flags dynamic,timeout; counter; timeout 1h; }';
    const elements = Array.from(
      { length: 30_000 },
      (_, n) => `0x${(n + 1).toString(16)} . 10.0.0.1 . 10.0.0.2 . ${n} . 443 counter packets ${n} bytes ${n * 40}`,
    );
    await fill(
      namespace,
      `add table inet flowgauge\nadd set inet flowgauge ${empty} ${body}\nadd set inet flowgauge ${name} ${body}\nadd element inet flowgauge ${name} { ${elements.join(', ')} }\n`,
    );
    const kind = { name: 'tcp4', family: 4, protocol: 6, shards: 1 } as const;
    const sets = {
      kinds: [
        {
          kind,
          counter: 'n_x',
          sets: [
            { name: empty, last: null },
            { name, last: null },
          ],
        },
      ],
      over: empty,
    };
    const list = listByAddon(namespace);
    const total = (29_999 * 30_000) / 2;
    const counters = new Counters();
    const counted: Nft = (_script, hear) => Promise.resolve(hear?.(`counter n_x {\n packets ${total} bytes 0`));
    await counters.read(counted);
    const [read] = await readGenerations([sets], { list, counters, endMicros: 0 });
    assert.deepEqual([read!.elements.rows.rows, read!.unread, read!.elements.odd], [30_000, 0, 0]);
    const hear = { text: () => {}, messages: () => {} };
    await assert.rejects(list([gone], hear), /No such file or directory/);
    await list([empty], hear);
    await assert.rejects(listByAddon(`fg${process.pid}a`)([name], hear), /No such file or directory/);
  } finally {
    await network.remove();
  }
});

async function fill(namespace: string, script: string): Promise<void> {
  const started = spawn('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  started.stdin.end(script);
  const [code] = await once(started, 'exit');
  assert.equal(code, 0);
}
