/**
 * `flowgauge up`: this machine's traffic to flow logs, and a first answer from them.
 *
 * In:    a data directory. Out: events for whoever shows them; the exit code.
 * Holds: where it may not capture, a real capture that is part of the project goes the whole way instead into
 *        `DIR/demo`, made anew each time, and every 10 s it looks whether it may capture. Run through sudo, this process
 *        becomes the calling user as soon as the capture child runs. Ctrl-C flushes: complete files, exact counts.
 * Fails: with the error of the part that failed; what was not published is in the spool.
 */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { leaveParent } from '../../collect/privileged/capture-side.ts';
import { mayCapture } from '../../collect/privileged/may-capture.ts';
import { failure, FlowgaugeError } from '../../model/errors.ts';
import { DEFAULT_FORMAT, parseLogFormat } from '../../record/format.ts';
import type { Answer } from '../../query/engine.ts';
import type { CollectCounts } from '../collector/collect.ts';
import type { Published } from '../collector/sinks.ts';
import { onStopSignals } from '../collector/stop-signals.ts';
import type { Observe, ServerSettings } from '../config.ts';
import { CONFIG_FILE, observeOf, readConfig } from '../config.ts';
import type { LogSettings } from '../log.ts';
import { logSettingsOf } from '../log.ts';
import { hostVpcId } from '../collector/host-model.ts';
import type { AgentRoutes } from './agent-routes.ts';
import { createAgentRoutes } from './agent-routes.ts';
import { openAgentStandings } from './agent-standings.ts';
import { addConsoleLogin, keyOfConsole } from '../../control/console-login.ts';
import { removeConsolePlace, writeConsolePlace } from './console/console-place.ts';
import type { ConsoleContext } from './console/context.ts';
import { createConsole } from './console/create-console.ts';
import { createExplainers } from './console/explain/explainers.ts';
import type { Prover } from './console/prover.ts';
import { CONSOLE_ROUTES } from './console/routes/list.ts';
import { createSqlRunner } from './console/sql/sql-runner.ts';
import { WEB_FOLDER } from './console/static-files.ts';
import { openControl } from './control.ts';
import type { Control } from './control.ts';
import { openDataDirectory } from './data-directory.ts';
import { viewDeliveries } from './deliveries.ts';
import { openDemo, runDemo } from './demo.ts';
import { answerFirst } from './first-answer.ts';
import { checkDetection } from './detection/settings.ts';
import { createKeeper } from './keeping/keeper.ts';
import type { KeeperEvent } from './keeping/keeper.ts';
import { startWatching } from './detection/watching.ts';
import type { WatchEvent } from './detection/watching.ts';
import { healthOf } from './health.ts';
import { startHttp, textAnswer } from './http.ts';
import { listenOf, listenSettingsOf } from './listen.ts';
import type { Listen } from './listen.ts';
import { runHost } from './host.ts';
import { metricsText } from './metrics.ts';
import type { HealthEvent } from './tell-health.ts';
import type { HttpServer } from './http.ts';
import { routesOf } from './routes.ts';
import { placeOf, steer } from './steer.ts';
import { createStanding } from './standing.ts';
import type { Standing } from './standing.ts';
import { VERSION } from '../version.ts';

export type UpOptions = {
  readonly dataDirectory: string;
  readonly format: string | null;
  /** What the command line says; stronger than environment and file. */
  readonly server: ServerSettings;
  readonly log: LogSettings;
  /** True: groups and ACLs of the model are enforced, whatever the settings say. */
  readonly enforce: boolean;
  /** Makes who tries questions out where this is in a lab. */
  readonly prover?: (dataDirectory: string) => Prover;
  /** Whether the host's firewall is observed; undefined: as environment and settings say. */
  readonly observe: Observe | undefined;
};

/** What happens, for a face to show. */
export type UpEvent =
  /** Comes first: how events are to be shown. */
  | { readonly kind: 'settings'; readonly log: Required<LogSettings> }
  /** The server answers there. */
  | { readonly kind: 'listening'; readonly url: string }
  /** AWS's tools reach the API there, with the key of that file. */
  | { readonly kind: 'api'; readonly url: string; readonly keyFile: string }
  /** Browsers reach the console there; `link` makes an address that logs in once, for whoever is at a terminal and for no log. */
  | { readonly kind: 'console'; readonly url: string; readonly link: () => string }
  | { readonly kind: 'may-not-capture'; readonly reason: string; readonly directory: string }
  | { readonly kind: 'capturing'; readonly place: string; readonly spool: string }
  | { readonly kind: 'devices'; readonly names: readonly string[] }
  /** An agent follows an assignment of its server; `kept`: the one that was kept on disk. */
  | { readonly kind: 'assigned'; readonly version: string; readonly kept: boolean; readonly interfaces: number }
  /** The server of an agent answers again. */
  | { readonly kind: 'server-reached'; readonly url: string }
  /** The kernel judges so many of them. */
  | { readonly kind: 'enforcing'; readonly interfaces: number }
  /** The kernel counts so many of them, by what the host's own firewall does. */
  | { readonly kind: 'observing'; readonly interfaces: number }
  /** The host's own firewall cannot be observed; packets are captured instead. */
  | { readonly kind: 'not-observing'; readonly code: string; readonly message: string }
  | { readonly kind: 'counts'; readonly counts: CollectCounts }
  | { readonly kind: 'published'; readonly published: Published }
  | { readonly kind: 'problem'; readonly code: string; readonly message: string }
  | HealthEvent
  | WatchEvent
  | KeeperEvent
  /** A line on the stderr of a child, which has no business there. */
  | { readonly kind: 'child-said'; readonly process: 'capture' | 'collector'; readonly text: string }
  | { readonly kind: 'answer'; readonly demo: boolean; readonly question: string; readonly answer: Answer }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'ended'; readonly counts: CollectCounts };

const LOOK_AGAIN_MILLIS = 10_000;

/** Runs until it is stopped; events go to `show`, and an answer's rows are read there before the next event. */
export async function up(options: UpOptions, show: (event: UpEvent) => void | Promise<void>): Promise<number> {
  const format = options.format ?? DEFAULT_FORMAT;
  parseLogFormat(format);
  const directory = openDataDirectory(options.dataDirectory);
  const stop = stopOnSignals();
  const standing = createStanding();
  const explainers = createExplainers();
  const serving: Serving = { http: null, control: null, agents: null, console: null };
  let endWatching = async (): Promise<void> => {};
  let endKeeping = async (): Promise<void> => {};
  try {
    const settings = await readConfig(join(directory.path, CONFIG_FILE));
    checkDetection(settings.detection, join(directory.path, CONFIG_FILE));
    const config = {
      ...settings,
      enforce: { ...settings.enforce, isOn: options.enforce || settings.enforce.isOn },
      observe: options.observe ?? observeOf(process.env['FLOWGAUGE_OBSERVE'], 'FLOWGAUGE_OBSERVE') ?? settings.observe,
    };
    const log = {
      format: 'text',
      level: 'info',
      ...config.log,
      ...logSettingsOf(process.env),
      ...options.log,
    } as const;
    await show({ kind: 'settings', log });
    const deliveries = viewDeliveries(directory.bucket, config.reach, () => standing.stages?.publish ?? null);
    const controlOptions = {
      directory: directory.path,
      ...placeOf(config),
      deliveries,
      failed: (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        void show({ kind: 'problem', code: error instanceof FlowgaugeError ? error.code : '', message });
      },
    };
    // A first answer is for people: of an answer that nobody reads DuckDB would stay open.
    const asks = log.format === 'text';
    const listen = listenOf(config.server, listenSettingsOf(process.env), options.server);
    /** Only when this process has no more rights than it needs: who asks it may be anybody. */
    const serve = async (dataDirectory: string, open: () => Control | Promise<Control>): Promise<Control> => {
      serving.control?.close();
      serving.control = serving.console = null;
      const control = (serving.control = await open());
      const sql = createSqlRunner(dataDirectory);
      const prover = options.prover?.(dataDirectory) ?? null;
      const { cacheBytes } = config.console;
      serving.console = { dataDirectory, cacheBytes, control, standing, explainers, prover, sql, now: Date.now };
      if (serving.http === null) {
        serving.http = await startServer(listen, standing, serving, show);
        await show({ kind: 'listening', url: serving.http.url });
      }
      const url = `${listen.publicUrl ?? serving.http.url}/console/`;
      writeConsolePlace(directory.run, { url, state: dataDirectory === directory.demo ? 'demo' : '' });
      const link = (): string => {
        const now = Date.now();
        return `${url}#token=${addConsoleLogin(control.state, keyOfConsole(control.state, null, now).id, now)}`;
      };
      await show({ kind: 'console', url, link });
      await show({ kind: 'api', url: serving.http.url, keyFile: control.credentials });
      return control;
    };
    let reason = await mayCapture();
    if (reason !== null && config.enforce.isOn) throw failure('FG_ENFORCE_MISSING', reason);
    if (reason !== null) {
      directory.dropPrivileges();
      standing.capture = { is: 'demo', why: reason };
      await serve(directory.demo, () => openDemo({ ...controlOptions, directory: directory.demo }));
      await show({ kind: 'may-not-capture', reason, directory: directory.demo });
      await runDemo(directory.demo);
      if (asks) await answerFirst(directory.demo, true, show);
      while (reason !== null) {
        if (await stopped(LOOK_AGAIN_MILLIS, stop.asked)) return 0;
        reason = await mayCapture();
      }
    }
    const host = { directory, config, standing, asks };
    return await runHost(
      host,
      async () => {
        const control = await serve(directory.path, () => openControl(controlOptions));
        const { state, facts, ec2 } = control;
        standing.agents = openAgentStandings(directory.run);
        serving.agents = createAgentRoutes({
          state,
          facts,
          onChange: (listener) => ec2.onChange(listener),
          ownVpcId: hostVpcId(directory.hostId),
          standings: standing.agents,
        });
        const { detection, receivers } = config;
        endWatching = startWatching({
          data: directory.path,
          state,
          detection,
          receivers,
          publicUrl: listen.publicUrl,
          standing: standing.detection,
          packets: () => packetsOf(standing),
          show: (event) => void show(event),
        });
        const keeper = createKeeper({
          data: directory.path,
          settings: config.keeping,
          access: config.reach.aws,
          standing: standing.keeping,
          show: (event) => void show(event),
        });
        endKeeping = () => keeper.end();
        // While the collector flushes, a run has time to end.
        void stop.asked.then(endKeeping);
        return (problem, tell) => steer(control, { directory, config, format }, problem, tell);
      },
      stop.asked,
      show,
    );
  } finally {
    standing.capture = { is: 'ended' };
    serving.agents?.end();
    explainers.close();
    removeConsolePlace(directory.run);
    await Promise.all([endWatching(), endKeeping()]);
    await serving.http?.close();
    serving.control?.close();
    stop.off();
    directory.release();
    leaveParent();
  }
}

/** Packets that were seen so far, so that nobody looks where none came; null where nobody counts. */
function packetsOf({ stages }: Standing): number | null {
  if (stages === null) return null;
  const { observations, kernel } = stages.counts;
  return observations.out + (kernel?.out ?? 0);
}

/** What answers requests. */
type Serving = {
  http: HttpServer | null;
  control: Control | null;
  agents: AgentRoutes | null;
  console: ConsoleContext | null;
};

function startServer(
  listen: Listen,
  standing: Standing,
  serving: Serving,
  show: (event: UpEvent) => void | Promise<void>,
): Promise<HttpServer> {
  const console = createConsole({
    routes: CONSOLE_ROUTES,
    context: () => serving.console,
    secure: listen.tls !== null || !listen.ownNamesOnly,
    demo: () => standing.capture.is === 'demo',
    version: VERSION,
    folder: WEB_FOLDER,
  });
  return startHttp({
    listen,
    handler: routesOf({
      health: () => healthOf(standing, Date.now()),
      metrics: () => metricsText(standing),
      api: (request) =>
        serving.control === null
          ? Promise.resolve(textAnswer(503, 'The API is not ready; ask again in a second.'))
          : serving.control.ec2.answer(request),
      agents: (request) =>
        serving.agents === null
          ? Promise.resolve(textAnswer(503, 'This server assigns nothing now; ask again in a second.'))
          : serving.agents.answer(request),
      console: console.answer,
    }),
    failed: ({ code, message }) => void show({ kind: 'problem', code, message }),
  });
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
