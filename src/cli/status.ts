/**
 * `flowgauge status`: what runs in a data directory, and whether its records arrive.
 *
 * In:    the directory of `up`, or one that `capture -w` writes to. Out: a table of destinations, or JSON.
 *        Exit 0 all goes, 3 nothing runs there, a destination takes nothing, the spool is full, a change of the network is not in
 *        force, or it is so with an agent.
 * Holds: asks nobody: it reads what the publisher wrote last, and says when that was.
 */
import { join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { KernelStatus } from '../app/collector/kernel-status.ts';
import type { ObservationStatus } from '../app/collector/observation-status.ts';
import type { InForce } from '../app/lab/in-force.ts';
import type { AgentStanding } from '../app/server/agent-standings.ts';
import type { PublishStatus } from '../publish/status.ts';
import { FlowgaugeError } from '../model/errors.ts';
import { countText } from './counts.ts';
import { dataDirectory } from './data-directory.ts';
import { sizeText } from './sizes.ts';
import { shown } from './text-width.ts';
import { readNumber } from './watch-number.ts';

/** What the verb finds; `pid` is null where no process uses the spool. */
export type Found = {
  readonly directory: string;
  readonly pid: number | null;
  /** The first process of the lab that runs there: its `up` has the spool, with a number of the lab's own. */
  readonly lab?: number | null;
  readonly publish: PublishStatus | null;
  /** What is enforced, or was when it was told last; null where nothing ever was. */
  readonly kernel?: KernelStatus | null;
  /** Whether the last change of the network is in force; null where nothing is enforced. */
  readonly inForce?: InForce | null;
  /** Whether the firewall of the host is observed; null where nobody was to. */
  readonly observation?: ObservationStatus | null;
  /** Of other hosts, as they told this server last. */
  readonly agents?: readonly AgentFound[];
};

/** `wrong`: empty where all goes. */
export type AgentFound = AgentStanding & { readonly wrong: readonly string[] };

const MOST_WAIT_SECONDS = 3600;

/** Adds the verb. */
export function statusCommand(program: Command): void {
  program
    .command('status')
    .description('say what runs, what waits to be delivered, and what is wrong with a destination')
    .addOption(dataDirectory(new Option('--data <dir>', 'the data directory of `up`, or what `capture -w` names')))
    .addOption(new Option('--json', 'one JSON object').conflicts('prometheus'))
    .option('--prometheus', "what is told as metrics, for instance for node_exporter's textfile collector")
    .addOption(
      new Option(
        '--wait <seconds>',
        'until the last change of the network is in force, so long at most; then exit 3',
      ).argParser(readNumber('--wait', 0, MOST_WAIT_SECONDS)),
    )
    .addHelpText(
      'after',
      `
Examples:
  flowgauge status
  flowgauge status --data /var/lib/flowgauge
  flowgauge status --data ./flowgauge-lab --wait 10
  flowgauge status --prometheus > /var/lib/node_exporter/flowgauge.prom
  flowgauge status --json | jq '.publish.destinations[] | {destination, records, lastError}'`,
    )
    .action(async (options: { data: string; json?: true; prometheus?: true; wait?: number }) => {
      const isHeld = options.wait === undefined || (await isInForce(options.data, options.wait));
      const found = await look(options.data);
      const now = Date.now();
      const well = isWell(found, now);
      if (options.prometheus) await printMetrics(found);
      else if (options.json) console.log(JSON.stringify({ ...found, well }, null, 2));
      else for (const line of report(found, now)) console.log(line);
      process.exitCode = well && isHeld ? 0 : 3;
    });
}

/** Waits for what was changed last; false where it is not in force by then, or nothing is enforced. */
async function isInForce(directory: string, seconds: number): Promise<boolean> {
  const { waitInForce } = await import('../app/lab/in-force.ts');
  const found = await waitInForce(directory, seconds * 1000);
  return found !== null && found.inForceMicros >= found.changedMicros;
}

async function look(directory: string): Promise<Found> {
  const [
    { readStatus },
    { processLockHolder },
    { readKernelStatus },
    { readObservationStatus },
    { readAgentStandings, wrongWith },
    { lookInForce },
    { findLab },
  ] = await Promise.all([
    import('../publish/status.ts'),
    import('../storage/object/process-lock.ts'),
    import('../app/collector/kernel-status.ts'),
    import('../app/collector/observation-status.ts'),
    import('../app/server/agent-standings.ts'),
    import('../app/lab/in-force.ts'),
    import('../app/lab/sandbox.ts'),
  ]);
  const lab = findLab(directory)?.pid ?? null;
  const kernel = readKernelStatus(join(directory, 'run'));
  const observation = readObservationStatus(join(directory, 'run'));
  const agents = readAgentStandings(join(directory, 'run')).map((one) => ({
    ...one,
    wrong: wrongWith(one, Date.now()),
  }));
  const about = { directory, lab, kernel, inForce: readable(() => lookInForce(directory)), observation, agents };
  for (const spool of [join(directory, 'spool'), join(directory, '_flowgauge', 'spool')]) {
    const publish = await readStatus(spool);
    const pid = lab ?? processLockHolder(join(spool, 'lock'));
    if (publish !== null || pid !== null) return { ...about, pid, publish };
  }
  return { ...about, pid: null, publish: null };
}

/** Null where this user may not read the state: what stands beside it may be told all the same. */
function readable<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof FlowgaugeError && error.code === 'FG_STATE_NOT_READABLE') return null;
    throw error;
  }
}

async function printMetrics({ pid, publish }: Found): Promise<void> {
  const { publishMetrics } = await import('../publish/metrics.ts');
  process.stdout.write(publish === null ? '' : publishMetrics(publish));
  process.stdout.write(`# TYPE flowgauge_up gauge\nflowgauge_up ${pid === null ? 0 : 1}\n`);
}

/** A change is in force some hundredths of a second after its call, on a machine that has much to do some seconds. */
const LATE_MILLIS = 20_000;

/** Whether something runs, and everything that it publishes goes. */
export function isWell(
  { pid, publish, kernel = null, inForce = null, agents = [] }: Found,
  nowMillis: number,
): boolean {
  if (pid === null || publish === null || (kernel !== null && kernel.problem !== null)) return false;
  const { changedMicros, inForceMicros } = inForce ?? { changedMicros: 0, inForceMicros: 0 };
  if (inForceMicros < changedMicros && nowMillis - changedMicros / 1000 > LATE_MILLIS) return false;
  if (agents.some(({ wrong }) => wrong.length > 0)) return false;
  return publish.spool.full === null && publish.destinations.every(({ failures }) => failures === 0);
}

/** What was found, as lines for people. */
export function report(
  { directory, pid, lab = null, publish, kernel = null, inForce = null, observation = null, agents = [] }: Found,
  nowMillis: number,
): string[] {
  if (publish === null && pid === null && kernel === null)
    return [`Nothing runs with ${directory}, and nothing was published from it.`];
  const lines = [pid === null ? `Nothing runs with ${directory} now.` : `Process ${pid} publishes from ${directory}.`];
  if (kernel !== null) lines.push(...enforced(kernel, lab !== null || kernel.pid === pid, nowMillis));
  if (inForce !== null) lines.push(force(inForce));
  if (observation !== null && observation.pid === pid) lines.push(observed(observation));
  if (publish === null) return [...lines, ...agentLines(agents, nowMillis)];
  const { count, spool, destinations, problems, writtenMillis } = publish;
  const lost = Object.entries(count.lost).filter(([, records]) => records > 0);
  const notes = Object.entries(count.notes).filter(([, records]) => records > 0);
  lines.push(
    `Told ${ago(nowMillis - writtenMillis)}. Records: ${count.in} in, ${count.out} delivered, ${count.held} waiting, ${
      lost.length === 0 ? 'none lost' : `lost ${lost.map(([cause, records]) => `${records} ${cause}`).join(', ')}`
    }${notes.map(([note, records]) => `; ${records} ${note}`).join('')}.`,
    `Spool: ${sizeText(spool.bytes)} of ${sizeText(spool.maxBytes)}${spool.full === null ? '' : `, FULL (${FULL[spool.full]}): new records become SKIPDATA`}.`,
  );
  if (destinations.length > 0) lines.push('', ...table(destinations, nowMillis));
  for (const { destination, lastError, failures } of destinations)
    if (failures > 0 && lastError !== null)
      lines.push('', shown(`${destination}: ${lastError.message} (${lastError.code || 'no code'})`));
  for (const { message, code } of problems) lines.push('', shown(`${message} (${code})`));
  return [...lines, ...agentLines(agents, nowMillis)];
}

function enforced(kernel: KernelStatus, runs: boolean, nowMillis: number): string[] {
  const { hasEnded, interfaces, count, problem, notFollowed, writtenMillis } = kernel;
  if (hasEnded) return [];
  if (!runs)
    return [
      `Whoever enforced here was killed ${ago(nowMillis - writtenMillis)}; the next \`up --enforce\` reads what the kernel has counted, \`flowgauge doctor --clean\` takes it away.`,
    ];
  const lost = Object.entries(count.lost).map(([cause, observations]) => `, ${observations} ${cause}`);
  return [
    `Enforced by the kernel: ${countText(interfaces, 'interface')}; ${count.out} observations${lost.join('')}.`,
    ...(notFollowed.length === 0 ? [] : [`Not enforced: ${notFollowed.join(', ')}.`]),
    ...(problem === null ? [] : [shown(`NOT ENFORCED as it should be: ${problem}`)]),
  ];
}

function force({ changedMicros, inForceMicros }: InForce): string {
  const at = (micros: number): string => new Date(micros / 1000).toISOString();
  if (changedMicros === 0) return 'In force: the network.';
  return inForceMicros >= changedMicros
    ? `In force: the network as it was changed last, at ${at(changedMicros)}.`
    : `NOT IN FORCE as yet: the change at ${at(changedMicros)}; those until ${at(inForceMicros)} are.`;
}

function observed({ why }: ObservationStatus): string {
  return why === null
    ? "Observed in the kernel: records have what this host's firewall did."
    : shown(`Not observed in the kernel, packets are captured instead: ${why}`);
}

const FULL = {
  bytes: 'its bound of bytes',
  age: 'its oldest records wait too long',
  disk: 'the disk has too little room',
} as const;

function table(destinations: PublishStatus['destinations'], nowMillis: number): string[] {
  const rows = destinations.map((one) => [
    shown(one.destination),
    one.failures === 0 ? 'goes' : `failed ${countText(one.failures, 'time')}`,
    one.segments === 0 ? '-' : countText(one.records, 'record'),
    one.oldestSlotSeconds === null ? '-' : time(one.oldestSlotSeconds * 1000),
    one.lastDeliveredMillis === null ? 'never' : ago(nowMillis - one.lastDeliveredMillis),
    one.nextAttemptMillis === null ? '-' : `in ${length(one.nextAttemptMillis - nowMillis)}`,
  ]);
  return aligned([['DESTINATION', 'STATE', 'WAITING', 'OLDEST', 'DELIVERED', 'NEXT TRY'], ...rows]);
}

/** What agents told last, below an empty line; nothing where there are none. */
function agentLines(agents: readonly AgentFound[], nowMillis: number): string[] {
  if (agents.length === 0) return [];
  const rows = agents.map(({ host, heardMillis, report: { devices, stages }, wrong }) => [
    host,
    wrong.length === 0 ? 'goes' : shown(wrong.join('; ')),
    ago(nowMillis - heardMillis),
    countText(devices.length, 'interface'),
    countText(stages['publish']?.out ?? 0, 'record'),
    countText(stages['publish']?.held ?? 0, 'record'),
  ]);
  return ['', ...aligned([['AGENT OF', 'STATE', 'TOLD', 'WATCHES', 'DELIVERED', 'WAITING'], ...rows])];
}

/** Rows with columns below each other. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd(),
  );
}

function time(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 16)}Z`;
}

function ago(millis: number): string {
  return `${length(millis)} ago`;
}

/** A length of time in the largest unit that fits, whole. */
function length(millis: number): string {
  const seconds = Math.max(0, Math.round(millis / 1000));
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
  ] as const)
    if (seconds >= 2 * size) return `${Math.floor(seconds / size)} ${unit}`;
  return `${seconds} s`;
}
