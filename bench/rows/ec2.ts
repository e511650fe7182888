/**
 * ec2: calls of the control API with many flow logs, beside moto's server.
 *
 * In:    `--long` has 10,000 interfaces with a flow log each, else 1,000. Out: a table; memory for each of them.
 * Holds: both sides have the same interfaces and flow logs, and answer with as many, or the row does not count. Ours is synced to
 *        the disk of the temporary directory before it is answered, moto's is in memory. Sides alternate within a round.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startMoto } from '../../test/servers/moto.ts';
import { directoryOf } from '../../test/servers/server.ts';
import { Calls, interfaceId } from '../controlling/calls.ts';
import type { Api, Run } from '../controlling/calls.ts';
import { NODE, ROOT } from '../inputs.ts';
import { median } from '../measure.ts';
import { fixed, floor, heading, table } from '../report.ts';
import type { Row } from './row.ts';

const FEW = 8;
const MANY = 32;
const LEAST = 10;

type Side = { readonly name: string; readonly calls: Calls; readonly ids: readonly string[]; stop(): Promise<void> };
type Form = (side: Side, i: number) => string;
type Asked = {
  readonly name: string;
  readonly count: number;
  readonly connections?: number;
  readonly form: Form;
  /** What is sent before; not given: the same. */
  readonly cold?: Form;
};

/** moto takes all behind the bucket for its name, and knows no traffic types: what is created has a bucket of its own. */
const toBucket = (name: string): string =>
  `TrafficType=ALL&LogDestinationType=s3&LogDestination=arn%3Aaws%3As3%3A%3A%3A${name}`;
const BUCKETS = ['first', 'few', 'few-cold', 'many', 'many-cold'] as const;

export const ec2: Row = async ({ rounds, long, command }) => {
  const count = long ? 10_000 : 1000;
  const head = heading(`ec2: ${count.toLocaleString('en')} interfaces with a flow log each`, command);
  const ours = await startOurs(count);
  const moto = await startPeer(count);
  const sides = [ours, moto];
  try {
    const empty = await ours.livingBytes();
    for (const side of sides) await populate(side, count);
    const full = await ours.livingBytes();
    const creations = long ? 2000 : 300;
    const asked: readonly Asked[] = [
      { name: 'CreateFlowLogs, one', count: creations, form: creation('few'), cold: creation('few-cold') },
      {
        name: `CreateFlowLogs, one, ${MANY} connections`,
        count: creations,
        connections: MANY,
        form: creation('many'),
        cold: creation('many-cold'),
      },
      { name: 'DescribeFlowLogs, one id', count: long ? 2000 : 400, form: byId },
      { name: 'DescribeFlowLogs, filter resource-id', count: long ? 200 : 400, form: byResource },
      { name: 'DescribeFlowLogs, all', count: long ? 5 : 10, form: () => 'Action=DescribeFlowLogs' },
    ];
    const rows: string[][] = [];
    const floors: string[] = [];
    const notes: string[] = [];
    for (const one of asked) {
      const runs = sides.map((): Run[] => []);
      // Neither side is measured cold; what is created is created once.
      for (const side of sides)
        await side.calls.measure(
          Array.from({ length: one.count }, (_, i) => (one.cold ?? one.form)(side, i)),
          one.connections ?? FEW,
        );
      for (let round = 0; round < rounds; round++)
        for (const [at, side] of sides.entries()) {
          const forms = Array.from({ length: one.count }, (_, i) => one.form(side, round * one.count + i));
          const run = await side.calls.measure(forms, one.connections ?? FEW);
          runs[at]!.push(run);
          process.stderr.write(`round ${round + 1} ${side.name} ${one.name}: ${fixed(run.perSecond, 0)}/s\n`);
        }
      const speed = runs.map((own) => median(own.map(({ perSecond }) => perSecond)));
      const last = runs.map((own) => median(own.map(({ p99Millis }) => p99Millis)));
      const cpu = runs.map((own) => median(own.map(({ cpuMillis }) => cpuMillis)));
      rows.push([
        one.name,
        ...speed.map((each) => fixed(each, 0)),
        ...last.map((each) => fixed(each, 1)),
        ...cpu.map((each) => fixed(each, 2)),
      ]);
      notes.push(`- CPU of moto's server to ours for ${one.name}: ${fixed(cpu[1]! / cpu[0]!, 1)}`);
      floors.push(floor(`requests of ${one.name} to moto's`, speed[0]! / speed[1]!, LEAST, true));
    }
    const counts = await Promise.all(sides.map(countAll));
    const described = await ours.livingBytes();
    const same = counts[0] === counts[1];
    return [
      `${head}${FEW} connections where nothing else is said.\n\n${table(['call', ...sides.map(({ name }) => `${name}/s`), ...sides.map(({ name }) => `${name} p99 ms`), ...sides.map(({ name }) => `${name} CPU ms`)], rows)}`,
      same ? `- both answer with ${counts[0]} flow logs` : `- **${counts.join(' and ')}: the row does not count**`,
      `- memory of ours for each flow log: ${fixed((full - empty) / count / 1024, 2)} KiB, ${fixed((described - empty) / counts[0]! / 1024, 2)} KiB when all were described; ${fixed(residentMegabytes(ours.child), 0)} MB resident at the end`,
      ...floors,
      ...notes,
      '',
    ].join('\n');
  } finally {
    for (const side of sides) await side.stop();
  }
};

const creation =
  (bucket: (typeof BUCKETS)[number]) =>
  (side: Side, i: number): string =>
    `Action=CreateFlowLogs&ResourceType=NetworkInterface&ResourceId.1=${side.ids[i]}&${toBucket(bucket)}`;
const byId = (side: Side, i: number): string =>
  `Action=DescribeFlowLogs&FlowLogId.1=${flowLogs.get(side)?.[(i * 7) % side.ids.length]}`;
const byResource = (side: Side, i: number): string =>
  `Action=DescribeFlowLogs&Filter.1.Name=resource-id&Filter.1.Value.1=${side.ids[(i * 7) % side.ids.length]}`;

/** The first flow log of each interface. */
const flowLogs = new Map<Side, string[]>();

/** A flow log for each interface. */
async function populate(side: Side, count: number): Promise<void> {
  const made: string[] = [];
  for (let from = 0; from < count; from += 250) {
    const ids = side.ids.slice(from, from + 250).map((id, i) => `ResourceId.${i + 1}=${id}`);
    const form = `Action=CreateFlowLogs&ResourceType=NetworkInterface&${ids.join('&')}&${toBucket(BUCKETS[0])}`;
    made.push(...((await side.calls.call(form)).match(/fl-[\da-f]+/g) ?? []));
  }
  flowLogs.set(side, made);
}

async function countAll({ calls }: Side): Promise<number> {
  return (await calls.call('Action=DescribeFlowLogs')).match(/<flowLogId>/g)?.length ?? 0;
}

function residentMegabytes({ pid }: ChildProcess): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

async function startOurs(
  count: number,
): Promise<Side & { readonly child: ChildProcess; livingBytes(): Promise<number> }> {
  const directory = directoryOf('ec2');
  const argv = ['--expose-gc', join(ROOT, 'bench/controlling/ours.ts'), directory.path, String(count)];
  const child = spawn(NODE, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout);
  const [line] = (await once(lines, 'line')) as [string];
  const calls = new Calls(JSON.parse(line) as Api, MANY);
  const ids = Array.from({ length: count }, (_, i) => interfaceId(i));
  return {
    name: 'flowgauge',
    calls,
    ids,
    child,
    async livingBytes() {
      child.stdin.write('\n');
      return Number((await once(lines, 'line'))[0]);
    },
    async stop() {
      calls.close();
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
      directory.remove();
    },
  };
}

/** moto with the same interfaces, made through its API, and the buckets. */
async function startPeer(count: number): Promise<Side> {
  const server = await startMoto();
  const port = Number(new URL(server.endpoint).port);
  const calls = new Calls({ ...server, port }, MANY);
  for (const name of BUCKETS) await fetch(`${server.endpoint}/${name}`, { method: 'PUT' });
  const find = (text: string, element: string): string => new RegExp(`<${element}>([^<]*)`).exec(text)?.[1] ?? '';
  const vpc = find(await calls.call('Action=CreateVpc&CidrBlock=10.0.0.0/16'), 'vpcId');
  const subnet = find(await calls.call(`Action=CreateSubnet&CidrBlock=10.0.0.0/16&VpcId=${vpc}`), 'subnetId');
  const ids: string[] = [];
  for (let i = 0; i < count; i++)
    ids.push(find(await calls.call(`Action=CreateNetworkInterface&SubnetId=${subnet}`), 'networkInterfaceId'));
  return {
    name: 'moto',
    calls,
    ids,
    async stop() {
      calls.close();
      await server.stop();
    },
  };
}
