/**
 * Captures this host's traffic: the capture, the collector, and the network that it follows.
 *
 * In:    a data directory, its settings, what knows the network. Out: events; the exit code.
 * Holds: each change of the facts and of the devices is told to the collector, in their order. The capture is flushed before
 *        the collector ends.
 * Fails: with the error of the part that failed; what was not published is in the spool.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { listDevices } from '../../collect/capture/devices.ts';
import { localNft } from '../../collect/privileged/run-nft.ts';
import { REJECT_GROUP } from '../../collect/privileged/nft-script.ts';
import { DISARM, REMOVAL } from '../../collect/privileged/serve-nft.ts';
import { OPEN_WINDOWS_SOCKET } from '../../lake/read/open-windows.ts';
import { failure, FlowgaugeError } from '../../model/errors.ts';
import type { DestinationSpec } from '../../network/vpc/snapshot.ts';
import { codeOf } from '../../storage/object/file-errors.ts';
import { splitDevices } from '../collector/assignment.ts';
import type { Network } from '../collector/coverage.ts';
import { startLiveCapture } from '../collector/live-capture.ts';
import type { LiveCapture } from '../collector/live-capture.ts';
import { receivedError } from '../collector/posted-error.ts';
import type { CollectorStart, FromCollector, ToCollector } from '../collector/process.ts';
import { COLLECT, collectorFile } from '../collector/process.ts';
import type { Config } from '../config.ts';
import type { DataDirectory } from './data-directory.ts';
import { answerFirst } from './first-answer.ts';
import type { Standing } from './standing.ts';
import type { Steered, Steering } from './steer.ts';
import { healthTeller } from './tell-health.ts';
import type { UpEvent } from './up.ts';

/** How often the collector is told what the capture has lost. */
const DROPS_MILLIS = 500;

export type HostOptions = {
  readonly directory: DataDirectory;
  readonly config: Config;
  readonly standing: Standing;
  /** Whether a first answer is wanted. */
  readonly asks: boolean;
};

/** Begins to follow what is to be captured: the network now, then each one after it. */
export type Steer = (problem: (error: unknown) => void, tell: (steered: Steered) => void) => Steering;

/**
 * Captures until it is asked to stop; the exit code.
 *
 * @param open   opens what knows the network; called when this process has no more rights than it needs
 * @param asked  settles when it is to stop
 */
export async function runHost(
  { directory, config, standing, asks }: HostOptions,
  open: () => Promise<Steer>,
  asked: Promise<void>,
  show: (event: UpEvent) => void | Promise<void>,
): Promise<number> {
  const said = (process: 'capture' | 'collector') => (text: string) => void show({ kind: 'child-said', process, text });
  const kernel = kernelOf(config, directory);
  const live: LiveCapture = await startLiveCapture('any', {
    directory: directory.run,
    ...(directory.owner === null ? {} : { owner: directory.owner }),
    said: said('capture'),
    withNft: kernel !== null,
    isHeld: kernel?.how === 'enforce',
  });
  /** Frames are captured of devices that the kernel does not judge, and of no others. */
  const captures = (network: Network): void => {
    if (kernel?.how === 'enforce') live.follow(indexesOf([...splitDevices(network, 'enforce').captured.keys()]));
  };
  let collector: ChildProcess | null = null;
  const problem = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    void show({ kind: 'problem', code: error instanceof FlowgaugeError ? error.code : '', message });
  };
  try {
    const rejects = kernel?.how === 'enforce' ? await readRejects(live, standing, problem) : null;
    directory.dropPrivileges();
    const steer = await open();
    standing.capture = { is: 'running', sinceMillis: Date.now() };
    standing.drops = live.drops;
    standing.pids.capture = live.pid;
    const captureEnded = (): void => {
      standing.capture = { is: 'ended' };
      // One that was killed has left tcpdump behind, which writes on.
      if (collector?.connected === true) collector.send({ kind: 'stop' } satisfies ToCollector, () => {});
    };
    live.ended().catch(captureEnded);
    const isLocal =
      config.destination === null || (config.destination.type === 's3' && config.destination.bucket === 'local');
    await show({
      kind: 'capturing',
      place: isLocal ? directory.bucket : nameOf(config.destination),
      spool: directory.spool,
    });
    // In a group of its own, so that Ctrl-C reaches it through us, after the capture has been flushed.
    collector = fork(collectorFile, [COLLECT], {
      detached: true,
      serialization: 'advanced',
      // Whoever enforces speaks to nft without us: when it has gone, the other end sees it.
      stdio: ['ignore', 'inherit', 'pipe', 'ipc', ...(live.nft === null ? [] : [live.nft])],
    });
    live.nft?.destroy();
    createInterface({ input: collector.stderr! }).on('line', said('collector'));
    standing.pids.collector = collector.pid ?? null;
    const to = collector;
    const reading = Promise.withResolvers<void>();
    // Whoever is told of a device finds its packets: so not before they are read.
    let isReading = false;
    let devices: readonly string[] = [];
    const tellDevices = (names: readonly string[]): void => {
      devices = names;
      if (isReading) void show({ kind: 'devices', names });
    };
    const steering = steer(problem, ({ network, names }) => {
      if (names !== null) tellDevices(names);
      captures(network);
      // It may be ending at this moment.
      if (to.connected) to.send({ kind: 'network', network } satisfies ToCollector, () => {});
    });
    const start: CollectorStart = {
      kind: 'start',
      hostId: directory.hostId,
      fifo: live.fifo,
      openWindows: join(directory.path, OPEN_WINDOWS_SOCKET),
      bucket: directory.bucket,
      spool: directory.spool,
      run: directory.run,
      network: steering.first.network,
      reach: config.reach,
      limits: config.limits,
      kernel: kernel === null ? null : { ...kernel, rejects },
    };
    collector.send(start);
    captures(start.network);
    tellDevices(steering.first.names ?? []);
    reading.promise
      .then(() => {
        isReading = true;
        return show({ kind: 'devices', names: devices });
      })
      .catch(() => {});
    const lookAtHealth = healthTeller(standing, (event) => void show(event));
    const telling = setInterval(() => {
      lookAtHealth();
      if (standing.capture.is !== 'running') return;
      const told: ToCollector = { kind: 'drops', total: Atomics.load(live.drops, 0), atMicros: Date.now() * 1000 };
      // It may be ending at this moment: then nobody needs the number.
      collector?.send(told, () => {});
    }, DROPS_MILLIS);
    const ended = follow(collector, directory, isLocal && asks, standing, reading.resolve, show);
    asked
      .then(() => show({ kind: 'stopping' }))
      // What the capture leaves behind must have its reader; one that never reads ends by itself.
      .then(() => Promise.race([reading.promise, ended.catch(() => {})]))
      .then(() => {
        if (to.connected) to.send({ kind: 'asked' } satisfies ToCollector, () => {});
        return live.stop();
      })
      .catch(() => {});
    try {
      // A FIFO that has gone was taken away by the end of the capture, and that is what to tell.
      const code = await ended.catch(async (error: unknown) => {
        if (codeOf(error) === 'FG_CAPTURE_UNREADABLE') await live.stop().then(() => live.ended());
        throw error;
      });
      // One that nobody asked to end is told, after what it gave was published.
      await live.ended();
      return code;
    } finally {
      clearInterval(telling);
      steering.end();
    }
  } finally {
    live.nft?.destroy();
    await live.stop();
    // Where the child was killed, and we may: nobody waits for the kernel to notice.
    if (standing.stages?.tables.kernel !== undefined)
      await localNft(null)(kernel?.how === 'observe' ? REMOVAL : DISARM).catch(() => {});
    if (collector !== null && collector.exitCode === null && collector.connected) collector.disconnect();
  }
}

function indexesOf(names: readonly string[]): number[] {
  return listDevices().flatMap(({ name, ifindex }) => (names.includes(name) && ifindex > 0 ? [ifindex] : []));
}

/**
 * Begins to read what the kernel tells of rejected packets: the FIFO; null where it cannot be read, which stops nothing else.
 */
async function readRejects(
  live: LiveCapture,
  standing: Standing,
  problem: (error: unknown) => void,
): Promise<string | null> {
  const failed = (error: unknown): void => {
    standing.rejectFeed = { why: error instanceof Error ? error.message : String(error), drops: null };
    problem(error);
  };
  try {
    const { fifo, drops, exited } = await live.beside(REJECT_GROUP);
    standing.rejectFeed = { why: null, drops };
    void exited.then((error) => (error === null ? undefined : failed(error)));
    return fifo;
  } catch (error) {
    failed(error);
    return null;
  }
}

/** What the kernel is to do; null: nothing. */
function kernelOf(
  { enforce, observe }: Config,
  directory: DataDirectory,
): Omit<NonNullable<CollectorStart['kernel']>, 'rejects'> | null {
  if (!enforce.isOn && observe === 'no') return null;
  return {
    how: enforce.isOn ? 'enforce' : 'observe',
    isRequired: enforce.isOn || observe === 'yes',
    seconds: enforce.seconds,
    directory: directory.run,
  };
}

/**
 * Shows what the collector tells until it has ended.
 *
 * @param reading  called when it reads packets
 */
function follow(
  collector: ChildProcess,
  directory: DataDirectory,
  asks: boolean,
  standing: Standing,
  reading: () => void,
  show: (event: UpEvent) => void | Promise<void>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let tail: Promise<void> = Promise.resolve();
    let isFirst = true;
    let enforced = -1;
    let trouble = '';
    // What lies elsewhere is asked for there.
    let answered = !asks;
    const next = (work: () => void | Promise<void>): void => {
      tail = tail.then(work).catch(reject);
    };
    collector.on('error', reject);
    collector.on('exit', (code, signal) =>
      next(() => reject(failure('FG_COLLECTOR_ENDED', signal ?? `exit ${code}`, directory.spool))),
    );
    collector.on('message', (message: FromCollector) => {
      if (message.kind === 'counts') {
        // The first comes with the first look into the FIFO.
        reading();
        standing.stages = message;
        standing.toldMillis = Date.now();
        const { kernel, notObserved } = message.tables;
        if (notObserved !== undefined && isFirst) next(() => show({ kind: 'not-observing', ...notObserved }));
        isFirst = false;
        if (kernel !== undefined && kernel.interfaces !== enforced)
          next(() =>
            show({ kind: kernel.how === 'enforce' ? 'enforcing' : 'observing', interfaces: kernel.interfaces }),
          );
        enforced = kernel?.interfaces ?? -1;
        const { problem = null } = kernel ?? {};
        if (problem !== null && problem.message !== trouble) next(() => show({ kind: 'problem', ...problem }));
        trouble = problem?.message ?? '';
      }
      if (message.kind === 'rejects') standing.rejects.add(message.rejects);
      else if (message.kind === 'failed') next(() => reject(receivedError(message.error)));
      else if (message.kind === 'ended')
        next(async () => {
          await show({ kind: 'ended', counts: message.counts });
          if (message.problem !== null) reject(receivedError(message.problem));
          else resolve(0);
        });
      else
        next(async () => {
          await show(message);
          if (message.kind !== 'published' || answered || message.published.packets === 0) return;
          answered = await answerFirst(directory.bucket, false, show).then(
            () => true,
            (error: unknown) => {
              // Whoever drives the API may have flow logs without the fields that the question needs: the next may have them.
              if (error instanceof FlowgaugeError && error.owner === 'content') return false;
              throw error;
            },
          );
        });
    });
  });
}

/** A destination beyond this machine, as its ARN or name. */
function nameOf(destination: DestinationSpec): string {
  if (destination.type === 's3') return `s3://${destination.bucket}/${destination.prefix}`;
  return destination.type === 'cloud-watch-logs' ? `cloudwatch://${destination.logGroup}` : destination.streamArn;
}
