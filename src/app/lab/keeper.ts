/**
 * The first process of a lab: it builds the network that the facts say, runs `up` in the router, and follows each change.
 *
 * In:    its namespaces, made; a data directory; over IPC the socket on which the host reaches the API. Out: `ready` or
 *        `failed` over IPC, then lines in `lab.log`.
 * Holds: it is the lab: when it ends, so does all. An instance that comes or goes through the API is a host that comes or
 *        goes within half a second, and passes nothing before `up` judges it. Asked to end it lets `up` write out what it has.
 * Fails: at the start it tells why and ends; later what could not be followed is a line in the log and in `lab status`.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { JUDGE_CHAIN } from '../../collect/kernel/compile.ts';
import { CONNTRACK_SETTINGS } from '../../collect/kernel/settings.ts';
import { TABLE } from '../../collect/privileged/nft-script.ts';
import { localNft } from '../../collect/privileged/run-nft.ts';
import { attachDevice } from '../../control/attach.ts';
import { DEVICE_TAG, FAR_END } from '../../network/verdict/placement.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import { openDevices } from '../../storage/state/devices.ts';
import { lastChange } from '../../storage/state/last-change.ts';
import type { StateFile } from '../../storage/state/state-file.ts';
import { openState, statePath } from '../../storage/state/state-file.ts';
import { readKernelStatus } from '../collector/kernel-status.ts';
import { createBuilder, makeRouter, setKernel } from './build.ts';
import type { CallEc2 } from './call-ec2.ts';
import { callsOf } from './call-ec2.ts';
import { labSnapshot } from './lab-snapshot.ts';
import { readLabFile } from './make-scenario.ts';
import type { Host, Plan, Ties } from './plan.ts';
import { heldDevices, planLab, tiesOf } from './plan.ts';
import { directoryIn } from './sandbox.ts';
import { SCENARIOS } from './scenarios/list.ts';
import { writeStanding } from './standing.ts';

/** What it tells whoever started it. */
export type FromKeeper = { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly message: string };

const LOOK_MILLIS = 250;
/** `up` follows within a second. */
const JUDGED_MILLIS = 20_000;
/** Of `up` in the router, where nothing else listens. */
const PORT = 8350;
const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const SERVE = fileURLToPath(new URL('serve.ts', import.meta.url));

async function keep(directory: string): Promise<void> {
  const stop = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop.resolve());
  process.on('disconnect', () => {});
  const listening = receiveSocket();
  makeRouter();
  const state = openState(statePath(directory), false);
  const following = follower(directory, state);
  await following.follow();
  const server = await listening;
  const up = startUp(directory, (server.address() as AddressInfo).port);
  const ended = once(up, 'exit').then(([code]: unknown[]) => `\`up\` ended with ${String(code)}`);
  await Promise.race([answers(), ended.then((why) => Promise.reject(new Error(why)))]);
  await Promise.race([following.enforce(), ended.then((why) => Promise.reject(new Error(why)))]);
  forward(server);
  tell({ kind: 'ready' });
  const over = new AbortController();
  const followed = followOn(following, over.signal);
  const why = await Promise.race([stop.promise.then(() => null), ended]);
  over.abort();
  await followed;
  if (why !== null) console.error(why);
  else {
    up.kill('SIGTERM');
    await ended;
  }
  state.close();
}

/** Follows until it is over; what fails is tried again with the next look, and told once. */
async function followOn({ follow, failed }: Follower, over: AbortSignal): Promise<void> {
  let told = '';
  while (!over.aborted) {
    await wait(LOOK_MILLIS, undefined, { signal: over }).catch(() => {});
    if (over.aborted) return;
    try {
      await follow();
      told = '';
    } catch (error) {
      if (String(error) !== told) {
        console.error(String(error));
        failed(error instanceof Error ? error.message : String(error));
      }
      told = String(error);
    }
  }
}

type Follower = {
  /** Looks at the facts, and makes the lab what they say. */
  readonly follow: () => Promise<void>;
  /** `up` runs: from now on what it does not judge does not pass. */
  readonly enforce: () => Promise<void>;
  /** Tells why the lab is not what the facts say, until it is. */
  readonly failed: (why: string) => void;
};

function follower(directory: string, state: StateFile): Follower {
  const scenario = SCENARIOS.find(({ name }) => name === readLabFile(directory)?.scenario);
  if (scenario === undefined) throw new Error(`no scenario in ${directory}`);
  let facts = openCurrentFacts(state);
  const call = callsOf(state, 'keeper');
  const builder = createBuilder();
  const servers = new Map<string, ChildProcess>();
  let before: VpcSnapshot | undefined;
  let revision = -1;
  let builtMicros = 0;
  let problem: string | null = null;
  let plan: Plan | null = null;
  let isUp = false;
  let judged: Ties = new Map();
  const release = async (of: Plan): Promise<void> => {
    if (heldDevices(of, judged).size === 0) return;
    const ties = tiesOf(of);
    await areJudged(directory, [...ties.keys()], lastChange(state));
    if (judged.size === 0) setTracking();
    judged = ties;
    builder.apply(of, heldDevices(of, judged));
  };
  const stand = ({ hosts, notes }: Plan): void =>
    writeStanding(directory, { scenario: scenario.name, hosts, notes, enforced: isUp, builtMicros, problem });
  const follow = async (): Promise<void> => {
    facts.refresh();
    if (facts.revision === revision) return;
    const read = { revision: facts.revision, lastMicros: facts.lastMicros };
    before = labSnapshot(facts, before, Math.max(Date.now() * 1000, facts.lastMicros));
    const next = planLab(before, scenario.outside);
    const { added, gone } = builder.apply(next, heldDevices(next, judged));
    for (const { id } of gone) servers.delete(id);
    for (const host of added) if (host.serves.length > 0) servers.set(host.id, startServers(host));
    const isTied = await tie(state, call, before, next);
    if (isUp) await release(next);
    // What the API changed meanwhile is for the next look, and so is what was tied: facts do not see what their own connection wrote.
    if (isTied) facts = openCurrentFacts(state);
    revision = isTied ? -1 : read.revision;
    builtMicros = read.lastMicros;
    problem = null;
    plan = next;
    stand(plan);
  };
  return {
    follow,
    async enforce() {
      isUp = true;
      await release(plan!);
      stand(plan!);
    },
    failed(why) {
      problem = why;
      stand(plan!);
    },
  };
}

/** Settles when the table of `up` judges all of these devices, as of the last change: it may have had another interface's rules for one. */
async function areJudged(directory: string, devices: readonly string[], changedMicros: number): Promise<void> {
  const nft = localNft(null);
  let missing: readonly string[] = devices;
  for (const until = performance.now() + JUDGED_MILLIS; performance.now() < until; await wait(LOOK_MILLIS / 5)) {
    let text = '';
    // Until `up` has made it there is no table.
    await nft(`list chain ${TABLE} ${JUDGE_CHAIN}\n`, (piece) => (text += piece)).catch(() => {});
    missing = devices.filter((device) => !text.includes(`"${device}"`));
    const inForceMicros = readKernelStatus(join(directory, 'run'))?.inForceMicros ?? 0;
    if (missing.length === 0 && inForceMicros >= changedMicros) return;
  }
  const which = missing.length === 0 ? 'new devices by the last change' : missing.join(', ');
  throw new Error(`\`up\` does not judge ${which}: no packet passes there`);
}

/** Ages of connections as AWS's. */
function setTracking(): void {
  for (const [name, value] of CONNTRACK_SETTINGS) setKernel(`net/netfilter/${name}`, String(value));
}

/**
 * Says of each interface which device it is, and that this is the router's end of its wire; `up` reads that.
 *
 * @returns whether any of it was new
 */
async function tie(state: StateFile, call: CallEc2, snapshot: VpcSnapshot, { hosts }: Plan): Promise<boolean> {
  const tied = new Set(
    openDevices(state)
      .list()
      .map(({ device, interfaceId }) => `${device} ${interfaceId}`),
  );
  const ports = hosts.flatMap((host) => host.ports);
  const far = new Set(
    snapshot.interfaces.filter(({ interfaceTags }) => interfaceTags[DEVICE_TAG] === FAR_END).map(({ id }) => id),
  );
  const Resources = ports.flatMap(({ interfaceId }) => interfaceId ?? []).filter((id) => !far.has(id));
  if (Resources.length > 0) await call('CreateTags', { Resources, Tags: [{ Key: DEVICE_TAG, Value: FAR_END }] });
  const loose = ports.flatMap(({ device, interfaceId }) =>
    interfaceId === null || tied.has(`${device} ${interfaceId}`) ? [] : [{ device, interfaceId }],
  );
  for (const { device, interfaceId } of loose) attachDevice(state, interfaceId, device, new Date());
  return Resources.length + loose.length > 0;
}

function startServers({ name, serves, ports }: Host): ChildProcess {
  const own = { serves, addresses: ports.flatMap(({ addresses }) => addresses) };
  return spawn('ip', ['netns', 'exec', name, process.execPath, SERVE, JSON.stringify(own)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** @param outside  the port at which the host reaches it */
function startUp(directory: string, outside: number): ChildProcess {
  const where = ['--port', String(PORT), '--public-url', `http://127.0.0.1:${outside}`];
  const words = ['up', '--enforce', '--data', directory, ...where, '--log-format', 'json'];
  return spawn(process.execPath, [MAIN, ...words], { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Settles when `up` answers. */
async function answers(): Promise<void> {
  for (;;) {
    const socket = connect(PORT, '127.0.0.1');
    const [event] = await Promise.race([
      once(socket, 'connect').then(() => ['connect']),
      once(socket, 'error').then(() => ['error']),
    ]).catch(() => ['error']);
    socket.destroy();
    if (event === 'connect') return;
    await wait(LOOK_MILLIS / 5);
  }
}

/** The socket that the host's network listens on; it was made there and stays of there. */
function receiveSocket(): Promise<Server> {
  return new Promise((resolve) => {
    process.on('message', (_: unknown, handle: unknown) => resolve(handle as Server));
  });
}

function forward(server: Server): void {
  server.on('connection', (client) => {
    const inner = connect(PORT, '127.0.0.1');
    client.pipe(inner).pipe(client);
    client.on('error', () => inner.destroy());
    inner.on('error', () => client.destroy());
  });
}

function tell(message: FromKeeper): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

if (import.meta.main) {
  const directory = directoryIn(process.argv) ?? '';
  try {
    await keep(directory);
    process.exit(0);
  } catch (error) {
    console.error(error);
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    // The message is on its way when the channel has taken it.
    setImmediate(() => process.exit(1));
  }
}
