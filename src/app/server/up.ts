/**
 * `flowgauge up`: this machine's traffic to flow logs, and a first answer from them.
 *
 * In:    a data directory. Out: events for whoever shows them; the exit code.
 * Holds: where it may not capture, a real capture that is part of the project goes the whole way instead into
 *        `DIR/demo`, made anew each time, and every 10 s it looks whether it may capture. Run through sudo, this process
 *        becomes the calling user as soon as the capture child runs. Ctrl-C flushes: complete files, exact counts.
 * Fails: with the error of the part that failed; what was not published is in the spool.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { leaveParent } from '../../collect/privileged/capture-side.ts';
import { mayCapture } from '../../collect/privileged/may-capture.ts';
import { failure } from '../../model/errors.ts';
import { DEFAULT_FORMAT, parseLogFormat } from '../../record/format.ts';
import { OPEN_WINDOWS_SOCKET } from '../../lake/read/open-windows.ts';
import { ask } from '../../query/ask.ts';
import type { Answer } from '../../query/engine.ts';
import { capture } from '../collector/capture.ts';
import type { CaptureFace } from '../collector/capture.ts';
import type { CollectCounts } from '../collector/collect.ts';
import { receivedError } from '../collector/posted-error.ts';
import { startLiveCapture } from '../collector/live-capture.ts';
import type { LiveCapture } from '../collector/live-capture.ts';
import type { FromCollector, ToCollector } from '../collector/process.ts';
import { COLLECT, collectorFile } from '../collector/process.ts';
import type { Published } from '../collector/sinks.ts';
import { onStopSignals } from '../collector/stop-signals.ts';
import type { DestinationSpec } from '../../network/vpc/snapshot.ts';
import { codeOf } from '../../storage/object/file-errors.ts';
import type { Config, ServerSettings } from '../config.ts';
import { CONFIG_FILE, readConfig } from '../config.ts';
import type { LogSettings } from '../log.ts';
import { logSettingsOf } from '../log.ts';
import type { DataDirectory } from './data-directory.ts';
import { openDataDirectory } from './data-directory.ts';
import { healthOf } from './health.ts';
import { startHttp } from './http.ts';
import type { HttpServer } from './http.ts';
import { listenOf, listenSettingsOf } from './listen.ts';
import type { Listen } from './listen.ts';
import { metricsText } from './metrics.ts';
import { healthTeller } from './tell-health.ts';
import type { HealthEvent } from './tell-health.ts';
import { routesOf } from './routes.ts';
import { createStanding } from './standing.ts';
import type { Standing } from './standing.ts';

export type UpOptions = {
  readonly dataDirectory: string;
  readonly format: string | null;
  /** What the command line says; stronger than environment and file. */
  readonly server: ServerSettings;
  readonly log: LogSettings;
};

/** What happens, for a face to show. */
export type UpEvent =
  /** Comes first: how events are to be shown. */
  | { readonly kind: 'settings'; readonly log: Required<LogSettings> }
  /** The server answers there. */
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'may-not-capture'; readonly reason: string; readonly directory: string }
  | { readonly kind: 'capturing'; readonly place: string; readonly spool: string }
  | { readonly kind: 'devices'; readonly names: readonly string[] }
  | { readonly kind: 'counts'; readonly counts: CollectCounts }
  | { readonly kind: 'published'; readonly published: Published }
  | { readonly kind: 'problem'; readonly code: string; readonly message: string }
  | HealthEvent
  /** A line on the stderr of a child, which has no business there. */
  | { readonly kind: 'child-said'; readonly process: 'capture' | 'collector'; readonly text: string }
  | { readonly kind: 'answer'; readonly demo: boolean; readonly question: string; readonly answer: Answer }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'ended'; readonly counts: CollectCounts };

const QUIET: CaptureFace = { notUnderstood() {}, counts() {}, devicesAbsent() {}, ended() {} };
const FIRST_QUESTION = 'top-talkers';
/** How often the collector is told what the capture has lost. */
const DROPS_MILLIS = 500;
const LOOK_AGAIN_MILLIS = 10_000;
const DEMO = {
  capture: fileURLToPath(new URL('demo/capture.pcap.gz', import.meta.url)),
  model: fileURLToPath(new URL('demo/model.json', import.meta.url)),
};

/** Runs until it is stopped; events go to `show`, and an answer's rows are read there before the next event. */
export async function up(options: UpOptions, show: (event: UpEvent) => void | Promise<void>): Promise<number> {
  const format = options.format ?? DEFAULT_FORMAT;
  parseLogFormat(format);
  const directory = openDataDirectory(options.dataDirectory);
  const stop = stopOnSignals();
  const standing = createStanding();
  const server: { open: HttpServer | null } = { open: null };
  try {
    const config = await readConfig(join(directory.path, CONFIG_FILE));
    const log = {
      format: 'text',
      level: 'info',
      ...config.log,
      ...logSettingsOf(process.env),
      ...options.log,
    } as const;
    await show({ kind: 'settings', log });
    const listen = listenOf(config.server, listenSettingsOf(process.env), options.server);
    /** Only when this process has no more rights than it needs: who asks it may be anybody. */
    const serve = async (): Promise<void> => {
      if (server.open !== null) return;
      server.open = await startServer(listen, standing, show);
      await show({ kind: 'listening', url: server.open.url });
    };
    let reason = await mayCapture();
    if (reason !== null) {
      directory.dropPrivileges();
      standing.capture = { is: 'demo', why: reason };
      await serve();
      await show({ kind: 'may-not-capture', reason, directory: directory.demo });
      await runDemo(directory, show);
      while (reason !== null) {
        if (await stopped(LOOK_AGAIN_MILLIS, stop.asked)) return 0;
        reason = await mayCapture();
      }
    }
    return await runHost(directory, config, format, standing, serve, stop.asked, show);
  } finally {
    standing.capture = { is: 'ended' };
    await server.open?.close();
    stop.off();
    directory.release();
    leaveParent();
  }
}

function startServer(
  listen: Listen,
  standing: Standing,
  show: (event: UpEvent) => void | Promise<void>,
): Promise<HttpServer> {
  return startHttp({
    listen,
    handler: routesOf({
      health: () => healthOf(standing, Date.now()),
      metrics: () => metricsText(standing),
      api: null,
    }),
    failed: ({ code, message }) => void show({ kind: 'problem', code, message }),
  });
}

/** The capture that comes with the project goes the whole way. */
async function runDemo(directory: DataDirectory, show: (event: UpEvent) => void | Promise<void>): Promise<void> {
  // What a demonstration makes, and nothing else that may lie there.
  for (const made of ['AWSLogs', '_flowgauge']) await rm(join(directory.demo, made), { recursive: true, force: true });
  await capture(
    {
      read: DEMO.capture,
      device: null,
      write: directory.demo,
      vpc: DEMO.model,
      format: null,
      intervalSeconds: null,
      traffic: null,
      devices: [],
      vlans: [],
      fileFormat: null,
      hive: false,
      hourly: false,
      awsRanges: null,
      countsFile: null,
      maxFlows: null,
      maxConnections: null,
      maxObjectBytes: null,
    },
    QUIET,
  );
  await answerFirst(directory.demo, true, show);
}

async function answerFirst(from: string, demo: boolean, show: (event: UpEvent) => void | Promise<void>): Promise<void> {
  const answer = await ask(from, FIRST_QUESTION, {});
  await show({ kind: 'answer', demo, question: FIRST_QUESTION, answer });
}

async function runHost(
  directory: DataDirectory,
  config: Config,
  format: string,
  standing: Standing,
  serve: () => Promise<void>,
  asked: Promise<void>,
  show: (event: UpEvent) => void | Promise<void>,
): Promise<number> {
  const said = (process: 'capture' | 'collector') => (text: string) => void show({ kind: 'child-said', process, text });
  const live: LiveCapture = await startLiveCapture('any', {
    directory: directory.run,
    ...(directory.owner === null ? {} : { owner: directory.owner }),
    said: said('capture'),
  });
  let collector: ChildProcess | null = null;
  try {
    directory.dropPrivileges();
    await serve();
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
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    createInterface({ input: collector.stderr! }).on('line', said('collector'));
    standing.pids.collector = collector.pid ?? null;
    const start: ToCollector = {
      kind: 'start',
      hostId: directory.hostId,
      accountId: config.accountId ?? '000000000000',
      region: config.region ?? 'us-east-1',
      fifo: live.fifo,
      openWindows: join(directory.path, OPEN_WINDOWS_SOCKET),
      bucket: directory.bucket,
      spool: directory.spool,
      format,
      destination: config.destination,
      reach: config.reach,
      limits: config.limits,
    };
    collector.send(start);
    const lookAtHealth = healthTeller(standing, (event) => void show(event));
    const telling = setInterval(() => {
      lookAtHealth();
      // It may be ending at this moment: then nobody needs the number.
      collector?.send({ kind: 'drops', total: Atomics.load(live.drops, 0) }, () => {});
    }, DROPS_MILLIS);
    const ended = follow(collector, directory, isLocal, standing, show);
    asked
      .then(() => show({ kind: 'stopping' }))
      .then(() => live.stop())
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
    }
  } finally {
    await live.stop();
    if (collector !== null && collector.exitCode === null && collector.connected) collector.disconnect();
  }
}

/** Shows what the collector tells until it has ended. */
function follow(
  collector: ChildProcess,
  directory: DataDirectory,
  isLocal: boolean,
  standing: Standing,
  show: (event: UpEvent) => void | Promise<void>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let tail: Promise<void> = Promise.resolve();
    // What lies elsewhere is asked for there.
    let answered = !isLocal;
    const next = (work: () => void | Promise<void>): void => {
      tail = tail.then(work).catch(reject);
    };
    collector.on('error', reject);
    collector.on('exit', (code, signal) =>
      next(() => reject(failure('FG_COLLECTOR_ENDED', signal ?? `exit ${code}`, directory.spool))),
    );
    collector.on('message', (message: FromCollector) => {
      if (message.kind === 'counts') {
        standing.stages = message;
        standing.toldMillis = Date.now();
      }
      if (message.kind === 'failed') next(() => reject(receivedError(message.error)));
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
          answered = true;
          await answerFirst(directory.bucket, false, show);
        });
    });
  });
}

/** A destination beyond this machine, as its ARN or name. */
function nameOf(destination: DestinationSpec): string {
  if (destination.type === 's3') return `s3://${destination.bucket}/${destination.prefix}`;
  return destination.type === 'cloud-watch-logs' ? `cloudwatch://${destination.logGroup}` : destination.streamArn;
}

/** Waits; true as soon as it is asked to stop. Nothing goes on waiting then. */
async function stopped(millis: number, asked: Promise<void>): Promise<boolean> {
  const over = new AbortController();
  try {
    return await Promise.race([wait(millis, false, { signal: over.signal }), asked.then(() => true)]);
  } finally {
    over.abort();
  }
}

/** Settles at the first Ctrl-C or SIGTERM. */
function stopOnSignals(): { readonly asked: Promise<void>; readonly off: () => void } {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  return { asked, off: onStopSignals(resolve) };
}
