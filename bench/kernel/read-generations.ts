/**
 * Ends generations of the kernel's tables in this network namespace, and says what that cost.
 *
 * In:    `enforce` or `observe`, `nft` or `addon`, elements of a set (empty: as usual), `clock` where generations are to end by themselves too,
 *        as those of a collector do; then a line on stdin for each end. Out: `ready`, then a line of JSON for each (`Ended` of
 *        router.ts) with all generations since the last line.
 * Holds: it reads as a collector does, over a socket from whoever runs nft; both ends of that are in this process. CPU has steps of 10 ms.
 */
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { KernelFeed } from '../../src/app/collector/kernel-feed.ts';
import { SHARDS as ENFORCEMENT_SHARDS } from '../../src/app/collector/open-kernel.ts';
import { SHARDS as OBSERVATION_SHARDS } from '../../src/app/collector/open-observation.ts';
import { DecisionBook } from '../../src/collect/kernel/book.ts';
import type { Ended, KernelSource } from '../../src/collect/kernel/kernel-source.ts';
import { KernelTables } from '../../src/collect/kernel/kernel-tables.ts';
import { listLinks } from '../../src/collect/kernel/observe/links.ts';
import { ObservedTables } from '../../src/collect/kernel/observe/observed-tables.ts';
import { listByNft } from '../../src/collect/privileged/list-sets.ts';
import { loadNetlink, localListSets, nftBesideNetlink } from '../../src/collect/privileged/netlink.ts';
import { localNft } from '../../src/collect/privileged/run-nft.ts';
import { packetsReceived } from '../../src/collect/kernel/received.ts';
import { spareCounters } from '../../src/collect/kernel/spare.ts';
import { nftOver } from '../../src/collect/privileged/remote-nft.ts';
import { serveNft } from '../../src/collect/privileged/serve-nft.ts';
import { compileSnapshot, readModel } from '../../src/network/vpc/model.ts';
import { createDecisionTable } from '../../src/network/verdict/decisions.ts';

const MODEL = {
  Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.77.0.0/16' }],
  Subnets: [1, 2].map((n) => ({ SubnetId: `subnet-${n}`, VpcId: 'vpc-1', CidrBlock: `10.77.${n}.0/24` })),
  NetworkInterfaces: [1, 2].map((n) => ({
    NetworkInterfaceId: `eni-${n}`,
    VpcId: 'vpc-1',
    SubnetId: `subnet-${n}`,
    PrivateIpAddress: `10.77.${n}.10`,
    SourceDestCheck: false,
    Groups: [{ GroupId: 'sg-1' }],
  })),
  SecurityGroups: [{ GroupId: 'sg-1', VpcId: 'vpc-1' }],
  SecurityGroupRules: [true, false].map((IsEgress) => ({
    SecurityGroupRuleId: `sgr-${IsEgress ? 1 : 2}`,
    GroupId: 'sg-1',
    IsEgress,
    IpProtocol: '-1',
    CidrIpv4: '0.0.0.0/0',
  })),
};

async function socketPair(): Promise<[Socket, Socket]> {
  const server = createServer();
  server.listen({ path: `\0flowgauge-bench-${process.pid}` });
  await once(server, 'listening');
  const came = once(server, 'connection') as Promise<[Socket]>;
  const here = connect({ path: `\0flowgauge-bench-${process.pid}` });
  const [there] = await came;
  server.close();
  return [here, there];
}

/** CPU seconds of this process, and of its children that have ended. */
function cpuSeconds(): [own: number, ran: number] {
  const ticks = readFileSync('/proc/self/stat', 'latin1').split(') ')[1]!.split(' ').slice(11, 15).map(Number);
  return [(ticks[0]! + ticks[1]!) / 100, (ticks[2]! + ticks[3]!) / 100];
}

const [how, reader, size, clock] = process.argv.slice(2);
const [here, there] = await socketPair();
const local = reader === 'nft' ? localNft(null) : nftBesideNetlink(null, localNft(null));
const served = serveNft(
  there,
  local,
  undefined,
  undefined,
  reader === 'nft' ? listByNft(local) : localListSets(null, local),
);
if (reader === 'addon' && typeof loadNetlink() === 'string') throw new Error('the addon is not built: npm run native');
const { nft, list } = nftOver(here);
const now = (): number => Date.now() * 1000;
const snapshot = compileSnapshot(readModel([{ name: 'bench', json: MODEL }]), { version: 1, atMicros: 0 });
const ties = new Map(snapshot.interfaces.slice(1).map(({ number }) => [number, number === 1 ? 'to-a' : 'to-b']));
const decisions = createDecisionTable();
const setSize = size ? Number(size) : null;
const options = { list, spare: spareCounters(cpus().length) };
const tables =
  how === 'enforce'
    ? new KernelTables(nft, new DecisionBook(decisions), ENFORCEMENT_SHARDS, now, {
        ...options,
        ...(setSize === null ? {} : { setSize }),
      })
    : new ObservedTables({
        ...options,
        nft,
        links: listLinks,
        decisions,
        shards: OBSERVATION_SHARDS,
        now,
        ...(setSize === null ? {} : { size: setSize }),
      });
let ends: Ended[] = [];
/** The tables, of which all that ends is kept until it is told. */
const source: KernelSource = {
  load: (...network) => tables.load(...network),
  end: async () => {
    const ended = await tables.end();
    ends.push(ended);
    return ended;
  },
  remove: () => tables.remove(),
};
await tables.load(snapshot, ties);
const feed =
  clock === 'clock'
    ? new KernelFeed({
        how: how === 'enforce' ? 'enforce' : 'observe',
        source,
        seconds: 10,
        now,
        fromMicros: now(),
        received: packetsReceived,
      })
    : null;
// What it gives nobody takes: it must not pile up.
if (feed !== null) feed.came = () => feed.give(() => {});
feed?.begin({ snapshot, ties, changedMicros: 0 });
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'stop') break;
  const [ownBefore, ranBefore] = cpuSeconds();
  const from = performance.now();
  await (feed === null ? source.end() : feed.ask());
  const [own, ran] = cpuSeconds();
  const took = performance.now() - from;
  if (feed?.standing.problem) throw new Error(feed.standing.problem.message);
  const sum = (of: (ended: Ended) => number): number => ends.reduce((all, ended) => all + of(ended), 0);
  const passedOver: Record<string, number> = {};
  for (const ended of ends)
    for (const [cause, packets] of Object.entries(ended.passedOver))
      passedOver[cause] = (passedOver[cause] ?? 0) + packets;
  console.log(
    JSON.stringify({
      passedOver,
      generations: ends.length,
      room: tables.room.counters,
      rows: sum(({ rows }) => rows.rows),
      packets: sum(({ rows }) => rows.packets.subarray(0, rows.rows).reduce((all, packets) => all + packets, 0)),
      full: sum(({ lost }) => [...lost.values()].reduce((all, packets) => all + packets, 0)),
      unread: sum(({ unread }) => unread),
      odd: sum(({ odd }) => odd),
      own: own - ownBefore,
      ran: ran - ranBefore,
      took,
      peak: process.resourceUsage().maxRSS / 1024,
    }),
  );
  ends = [];
}
if (feed === null) await tables.remove();
else await feed.stop();
here.destroy();
await served;
process.exit(0);
