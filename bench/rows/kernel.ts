/**
 * kernel-…: what it costs to let the kernel count, and to read what it counted.
 *
 * In:    root, nft, python3; softflowd; the addon of `native/`, built. Out: a table for each row.
 * Holds: packets go through a router between namespaces, made and removed here. What is counted must be what was sent, to the packet,
 *        or the row does not count. A flow is a five-tuple at one interface: one that is forwarded is two. CPU has steps of 10 ms.
 *        The cost of a packet is what the system did in the time of its sender, who does the router's work with veth devices, and, with
 *        softflowd, that process. Sides alternate within a round.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { namespacesMissing } from '../../test/e2e/namespaces.ts';
import { loadNetlink } from '../../src/collect/privileged/netlink.ts';
import { versionLine } from '../inputs.ts';
import type { Ended, How, Reader, Sent } from '../kernel/router.ts';
import { Router } from '../kernel/router.ts';
import { median } from '../measure.ts';
import { fixed, floor, heading, table } from '../report.ts';
import type { Row, RowOptions } from './row.ts';

const GENERATION_SECONDS = 10;
const FLOWS_A_SECOND = 2000;
const READERS: readonly Reader[] = ['nft', 'addon'];

/** A row of its own: heading, versions, table. */
function part(title: string, measure: (options: RowOptions, readers: readonly Reader[]) => Promise<string>): Row {
  return async (options) => {
    const missing = namespacesMissing(['nft', 'python3']);
    if (missing !== null) throw new Error(missing);
    const addon = loadNetlink();
    const readers = READERS.filter((reader) => reader === 'nft' || typeof addon !== 'string');
    const nft = spawnSync('nft', ['--version'], { encoding: 'utf8' }).stdout.trim();
    const reader = `netlink reader ${typeof addon === 'string' ? addon : 'built'}`;
    const head = heading(title, options.command);
    return `${head}${nft}; softflowd ${SOFTFLOWD_VERSION ?? 'not installed'}; ${reader}.\n\n${await measure(options, readers)}`;
  };
}

const SOFTFLOWD_VERSION = versionLine('softflowd', ['-h'], /version (\d[\d.]*\d)/);

export const kernelReading: Row = part('kernel-reading: flow tables read', ({ rounds }, readers) =>
  readingCost(readers, rounds),
);
export const kernelPackets: Row = part('kernel-packets: a forwarded packet', ({ rounds }) => packetCost(rounds));
export const kernelLosses: Row = part('kernel-losses: many new flows', (_options, readers) => losses(readers.at(-1)!));
export const kernelSizes: Row = part('kernel-sizes: many live flows', ({ long }, readers) =>
  sizes(readers, long ? [50_000, 200_000, 500_000] : [20_000, 100_000]),
);

async function withRouter<T>(run: (router: Router) => Promise<T>): Promise<T> {
  const router = new Router();
  try {
    return await run(router);
  } finally {
    await router.remove();
  }
}

const cpuOf = ({ own, ran }: Ended): number => own + ran;

/** Adds up what generations had; fails where that is not what was sent. */
function checkAll(
  ends: readonly Ended[],
  packets: number,
  what: string,
): { counted: number; full: number; unread: number } {
  const sum = (of: (one: Ended) => number): number => ends.reduce((all, one) => all + of(one), 0);
  const [counted, full, unread] = [sum((one) => one.packets), sum((one) => one.full), sum((one) => one.unread)];
  // Of enforcement, where a busy machine did not come to end a generation for 30 s: once for a packet.
  const unwatched = 2 * sum((one) => one.passedOver['not-watched'] ?? 0);
  const all = counted + full + unread + unwatched;
  // Of two points one may have had no room: what passed is told, and some of it as lost too.
  const most = what.startsWith('observe') ? 2 * packets + full : 2 * packets;
  if (all < 2 * packets || all > most || sum((one) => one.odd) > 0)
    throw new Error(
      `${what}: ${counted} packets in flows, ${full} without room, ${unread} unread; ${packets} were sent, and each is counted twice`,
    );
  return { counted, full, unread: unread + unwatched };
}

/** CPU of a generation of ten seconds that has 20,000 flows. */
async function readingCost(readers: readonly Reader[], rounds: number): Promise<string> {
  const flows = (FLOWS_A_SECOND * GENERATION_SECONDS) / 2;
  const rows: string[][] = [];
  const floors: string[] = [];
  for (const how of ['enforce', 'observe'] as const) {
    const costs = new Map<string, number[]>();
    for (let round = 0; round < rounds; round++)
      for (const reader of readers)
        await withRouter(async (router) => {
          router.watch();
          await router.count(how, reader);
          const take = async (name: string, packets: number): Promise<void> => {
            const before = router.came();
            if (packets > 0) await router.send(flows, packets, 20_000);
            const ended = await router.end();
            checkAll([ended], router.came() - before, `${how} through ${reader}`);
            const key = `${reader} ${name}`;
            costs.set(key, [...(costs.get(key) ?? []), cpuOf(ended)]);
            process.stderr.write(`round ${round + 1} ${how} ${key}: ${fixed(cpuOf(ended))} s\n`);
          };
          // A process that has run for a while.
          for (let warm = 0; warm < 3; warm++) {
            await router.send(flows, 2, 20_000);
            await router.end();
          }
          await take('idle', 0);
          await take('idle', 0);
          for (let again = 0; again < 2; again++) {
            await take('1 packet', 1);
            await take('4 packets', 4);
          }
          await router.rest();
        });
    for (const reader of readers) {
      const part = (name: string): number[] =>
        costs.get(`${reader} ${name}`)!.map((cpu) => (100 * cpu) / GENERATION_SECONDS);
      const cell = (name: string): string =>
        `${fixed(median(part(name)))} (${fixed(Math.min(...part(name)))}–${fixed(Math.max(...part(name)))})`;
      rows.push([`${how}, ${reader}`, cell('idle'), cell('1 packet'), cell('4 packets')]);
      floors.push(
        floor(
          `${how} through ${reader}, % of a core at 2,000 flows/s of 4 packets`,
          median(part('4 packets')),
          reader === 'nft' ? 4 : 1,
          false,
        ),
      );
    }
  }
  return [
    `% of a core for generations of ${GENERATION_SECONDS} s with ${FLOWS_A_SECOND.toLocaleString('en')} flows a second (median, least–most):`,
    '',
    table(['', 'idle', 'flows of 1 packet', 'flows of 4 packets'], rows),
    ...floors,
  ].join('\n');
}

type Side = {
  readonly name: string;
  /** Begins; what it gives is told how many packets were sent, and gives the CPU of other processes than the sender. */
  begin(router: Router): Promise<(sent: number) => Promise<number>>;
};

/** Counting by a table. */
const counting = (name: string, how: How, after?: readonly string[]): Side => ({
  name,
  begin: async (router) => {
    await router.count(how, 'nft');
    if (after !== undefined) router.network.run('router', ['nft', ...after]);
    return async () => {
      await router.rest();
      return 0;
    };
  },
});

/** Rules in the hook that packets are forwarded through, and nothing else: no table can take less. */
const ruled = (name: string, rules: readonly string[], set = ''): Side => ({
  name,
  begin: (router) => {
    const chain = `add chain inet least c { type filter hook forward priority 0; }`;
    const lines = rules.map((rule) => `add rule inet least c ${rule}`);
    router.network.run('router', ['nft', ['add table inet least', set, chain, ...lines].filter(Boolean).join('; ')]);
    return Promise.resolve(() => {
      router.network.run('router', ['nft', 'delete table inet least']);
      return Promise.resolve(0);
    });
  },
});

const TUPLE = 'meta mark . ip saddr . ip daddr . udp sport . udp dport';
const TUPLES =
  'type mark . ipv4_addr . ipv4_addr . inet_service . inet_service; size 65536; flags dynamic,timeout; timeout 1h;';
const BOTH = ['0x40', '0x80'] as const;
/** Once for each interface, as each tells its own verdict. */
const ONE_COUNTER = ruled('least: one counter for each interface', ['counter', 'counter']);
const ONE_SET = ruled(
  'least: flows in one set, for each interface',
  BOTH.map((mark) => `meta mark set ${mark} add @flows { ${TUPLE} }`),
  `add set inet least flows { ${TUPLES} counter; }`,
);

const NOTHING: Side = { name: 'forwarding alone', begin: () => Promise.resolve(() => Promise.resolve(0)) };
const SOFTFLOWD: Side = {
  name: 'softflowd on one device',
  begin: async (router) => {
    const control = join(tmpdir(), `flowgauge-bench-softflowd-${process.pid}`);
    const words = [
      '-i',
      'to-a',
      '-d',
      '-n',
      '127.0.0.1:9',
      '-m',
      '1000000',
      '-t',
      'maxlife=60',
      '-c',
      control,
      '-p',
      '/dev/null',
    ];
    const child = router.network.start('router', ['softflowd', ...words]);
    for (let tries = 0; !existsSync(control); tries++) {
      if (child.exitCode !== null || tries === 100) throw new Error('softflowd does not run');
      await wait(50);
    }
    return async (sent) => {
      // What it has not read yet.
      await wait(1000);
      const said = router.network.run('router', ['softflowctl', '-c', control, 'statistics']);
      const seen = Number(/Packets processed: (\d+)/.exec(said)?.[1]);
      if (seen < 0.95 * sent) throw new Error(`softflowd saw ${seen} of ${sent} packets: what it costs does not count`);
      const ticks = readFileSync(`/proc/${child.pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
      child.kill();
      await once(child, 'exit');
      return (Number(ticks[11]) + Number(ticks[12])) / 100;
    };
  },
};

/** Packets a second at which softflowd loses none. */
const RATE = 50_000;

/** What a forwarded packet costs, beside softflowd. */
async function packetCost(rounds: number): Promise<string> {
  const judged = counting('judged, not counted', 'enforce', ['flush', 'chain', 'inet', 'flowgauge', 'acct_now']);
  const enforced = counting('judged and counted at both interfaces', 'enforce');
  const observed = counting('observed: a pair in forward, and postrouting', 'observe');
  const sides = [
    NOTHING,
    ...(SOFTFLOWD_VERSION === null ? [] : [SOFTFLOWD]),
    ONE_COUNTER,
    ONE_SET,
    judged,
    enforced,
    observed,
  ];
  const [flows, packets] = [1000, 300];
  const costs = new Map<Side, number[]>();
  for (let round = 0; round < rounds; round++)
    for (let n = 0; n < sides.length; n++) {
      const side = sides[(n + round) % sides.length]!;
      const nanos = await withRouter(async (router) => {
        const end = await side.begin(router);
        const before = await router.send(flows, 5, RATE);
        const sent = await router.send(flows, packets, RATE);
        return ((sent.system + (await end(before.packets + sent.packets))) / sent.packets) * 1e9;
      });
      costs.set(side, [...(costs.get(side) ?? []), nanos]);
      process.stderr.write(`round ${round + 1} ${side.name}: ${fixed(nanos, 0)} ns\n`);
    }
  const of = (side: Side): number => median(costs.get(side)!);
  const more = (side: Side, than: Side): number => of(side) - of(than);
  const rows = sides.map((side) => {
    const all = costs.get(side)!;
    return [
      side.name,
      `${fixed(of(side), 0)} (${fixed(Math.min(...all), 0)}–${fixed(Math.max(...all), 0)})`,
      fixed(more(side, NOTHING), 0),
    ];
  });
  const floors =
    SOFTFLOWD_VERSION === null
      ? []
      : [
          floor(
            'counting at both interfaces, to softflowd on one',
            more(enforced, judged) / more(SOFTFLOWD, NOTHING),
            0.5,
            false,
          ),
          floor('observing, to softflowd on one', more(observed, NOTHING) / more(SOFTFLOWD, NOTHING), 0.5, false),
        ];
  return [
    `CPU for each forwarded packet of ${flows.toLocaleString('en')} flows at ${RATE.toLocaleString('en')} packets/s, in ns (median, least–most):`,
    '',
    table(['', 'a packet', 'more than forwarding'], rows),
    ...floors,
  ].join('\n');
}

/** Flows that are sent before, so that there is room for counters as in a collector that has run for a while. */
const WARM_FLOWS = 600_000;

/** What is lost at a rate, and what more flows than there is room for cost. */
async function losses(reader: Reader): Promise<string> {
  const rows: string[][] = [];
  const warm: string[] = [];
  for (const how of ['enforce', 'observe'] as const)
    for (const setSize of [null, 2048])
      await withRouter(async (router) => {
        router.watch();
        await router.count(how, reader, setSize, 'clock');
        const send = async (
          flows: number,
        ): Promise<{ readonly sent: Sent; readonly came: number; readonly ended: Ended }> => {
          const before = router.came();
          const sent = await router.send(flows, 5, 100_000, 2000);
          // The second one has what was told with the next end.
          const ends = [await router.end(), await router.end()];
          const came = router.came() - before;
          const { counted, full, unread } = checkAll(ends, came, `${how} at a rate`);
          const generations = ends.reduce((sum, one) => sum + one.generations, 0);
          return { sent, came, ended: { ...ends[1]!, packets: counted, full, unread, generations } };
        };
        const name = `${how}${setSize === null ? '' : `, sets of ${setSize.toLocaleString('en')}`}`;
        if (setSize === null) {
          const { ended } = await send(WARM_FLOWS);
          warm.push(
            `${how} ${(ended.full + ended.unread).toLocaleString('en')} (room for ${ended.room.toLocaleString('en')} counters then)`,
          );
        }
        const { sent, came, ended } = await send(200_000);
        rows.push([
          name,
          fixed(sent.packets / sent.seconds, 0),
          fixed(200_000 / sent.seconds, 0),
          String(ended.generations),
          came.toLocaleString('en'),
          ended.packets.toLocaleString('en'),
          ended.full.toLocaleString('en'),
          ended.unread.toLocaleString('en'),
        ]);
        process.stderr.write(`${rows.at(-1)!.join('  ')}\n`);
        await router.rest();
      });
  return [
    `200,000 new flows of 5 packets, read through ${reader} while they come, generations as \`up\` ends them; each packet is counted at two interfaces:`,
    '',
    table(
      [
        '',
        'packets/s',
        'new flows/s',
        'generations',
        'came',
        'in flows',
        'no room (SKIPDATA with a count)',
        'unread or not watched (SKIPDATA)',
      ],
      rows,
    ),
    'Flows, packets without room and unread ones together are twice what came (a counter at the device), exactly (observed: or some packets are told as lost though they are in flows), or there were no table.',
    `With sets of the usual size the same was sent for some 30 s before, in which room for counters is made; lost in that time: ${warm.join(', ')}.`,
  ].join('\n');
}

/** Generations of ever more flows. */
async function sizes(readers: readonly Reader[], counts: readonly number[]): Promise<string> {
  const rows: string[][] = [];
  for (const reader of readers)
    for (const flows of counts)
      await withRouter(async (router) => {
        router.watch();
        await router.count('enforce', reader);
        await router.end();
        await router.send(flows, 2, 0, 10_000);
        const ended = await router.end();
        const { full, unread } = checkAll([ended], router.came(), `${flows} flows through ${reader}`);
        rows.push([
          `${(2 * flows).toLocaleString('en')}, ${reader}`,
          ended.rows.toLocaleString('en'),
          fixed(ended.took / 1000, 1),
          fixed(cpuOf(ended)),
          fixed((cpuOf(ended) / (2 * flows)) * 1e6, 1),
          fixed(ended.peak, 0),
          (full + unread).toLocaleString('en'),
        ]);
        process.stderr.write(`${rows.at(-1)!.join('  ')}\n`);
        await router.rest();
      });
  return [
    'Live flows in one generation (enforcement), each of two packets:',
    '',
    table(['flows', 'read', 'seconds', 'CPU s', 'µs a flow', 'peak MB', 'packets in no flow'], rows),
  ].join('\n');
}
