/**
 * Runs `watch worker`.
 *
 * In:    the flags. Out: events on stderr, counts on stdout at the end; exit 0.
 * Holds: the first Ctrl-C ends receiving, and what is under way is finished, for 20 s at most; the second leaves at once. What was imported while it runs
 *        is seen within a minute. With `--detect` one worker of many looks for findings too: it has the lock of its data directory.
 */
import { failure, FlowgaugeError } from '../model/errors.ts';
import { createDetectionStanding } from '../app/server/detection/standing.ts';
import type { WatchEvent } from '../app/server/detection/watching.ts';
import { onStopSignals } from '../app/collector/stop-signals.ts';
import { logFlagsOf, logSettingsOf, stderrLog } from '../app/log.ts';
import type { HttpServer } from '../app/server/http.ts';
import { portOf } from '../app/server/listen.ts';
import { startWorkerServer } from '../app/server/worker-server.ts';
import { parseLogFormat } from '../record/format.ts';
import { s3Store } from '../storage/object/stores/s3.ts';
import type { S3Store } from '../storage/object/stores/s3.ts';
import { openModelHistory } from '../storage/state/open-model.ts';
import { createWatchCounters } from '../watch/counters.ts';
import type { WatchCounters } from '../watch/counters.ts';
import { enrichWith } from '../watch/enrich.ts';
import type { Enrich } from '../watch/mappings/documents.ts';
import type { LookPlace } from '../watch/look.ts';
import { sqsQueue, urlOfArn } from '../watch/queue.ts';
import type { Queue } from '../watch/queue.ts';
import { discardSink } from '../watch/sinks/discard.ts';
import { searchSink } from '../watch/sinks/opensearch.ts';
import { createSearchClient } from '../watch/sinks/opensearch-client.ts';
import type { SearchClient } from '../watch/sinks/opensearch-client.ts';
import { searchLogin } from '../watch/sinks/search-login.ts';
import type { Sink } from '../watch/sinks/sink.ts';
import { createWorkerStanding } from '../watch/standing.ts';
import { runWorker } from '../watch/worker.ts';
import type { WorkerEvent } from '../watch/worker.ts';
import { countText } from './counts.ts';
import { shown } from './text-width.ts';
import type { QueueFlags, SearchFlags, WorkerFlags } from './watch.ts';

const GRACE_MILLIS = 20_000;
const REFRESH_MILLIS = 60_000;

/** The queue of the flags, and that for what cannot be handled; null where there is none. */
export async function queuesOf(
  flags: QueueFlags,
): Promise<{ queue: Queue; deadLetter: Queue | null; most: number | null }> {
  const access = accessOf(flags);
  const queue = sqsQueue(flags.queue, access);
  const named = flags.deadLetter === undefined ? null : sqsQueue(flags.deadLetter, access);
  // What is sent there would come back for ever.
  if (named !== null && placeOf(named.url) === placeOf(queue.url)) throw failure('FG_WATCH_SAME_QUEUE', flags.queue);
  const { deadLetterArn, mostReceives } = await queue.settings();
  const byPolicy = deadLetterArn === null ? null : sqsQueue(urlOfArn(deadLetterArn, flags.queue), access);
  return { queue, deadLetter: named ?? byPolicy, most: mostReceives };
}

/** What tells queues apart. */
function placeOf(url: string): string {
  const { host, pathname } = URL.parse(url) ?? { host: '', pathname: url };
  return host + pathname.replace(/\/$/u, '');
}

function accessOf({ profile, region, endpointUrl, pathStyle, requestPayer }: QueueFlags) {
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(region === undefined ? {} : { region }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...(pathStyle === undefined ? {} : { pathStyle }),
    ...(requestPayer === undefined ? {} : { requestPayer }),
  };
}

/**
 * The search server of the flags; null where none is named.
 *
 * @param attempts  how often a request is tried; as often as a worker does where nothing is said
 */
export function searchOf(
  flags: SearchFlags & { region?: string },
  paused: (status: number) => void,
  attempts?: number,
): SearchClient | null {
  if (flags.opensearch === undefined) return null;
  const region = flags.signRegion ?? flags.region;
  const login = searchLogin({ user: flags.user, sign: flags.sign, region, profile: flags.profile }, process.env);
  return createSearchClient({
    url: flags.opensearch,
    login,
    paused,
    ...(attempts === undefined ? {} : { attempts }),
  });
}

function sinkOf(flags: WorkerFlags, counters: WatchCounters): Sink {
  const paused = (): void => void counters.backPressure++;
  const client = searchOf(flags, paused);
  if (flags.discard === true && client !== null)
    throw failure('FG_WATCH_SINK', '--discard and --opensearch contradict each other');
  if (flags.discard === true) return discardSink();
  if (client === null) throw failure('FG_WATCH_SINK', 'neither --opensearch nor --discard is there');
  return searchSink({ client, paused, ...(flags.target === undefined ? {} : { target: flags.target }) });
}

/** What is known of addresses, looked at again every minute where it may change. */
async function enrichOf({ vpc, data, detect }: WorkerFlags): Promise<{ enrich: Enrich; close(): void }> {
  if (vpc === undefined && data === undefined) return { enrich: enrichWith(null), close() {} };
  let history = await openModelHistory({ vpc, data }).catch((error: unknown) => {
    // A directory for findings may have no network as yet.
    if (detect !== undefined && error instanceof FlowgaugeError && error.code === 'FG_STATE_EMPTY') return null;
    throw error;
  });
  let enrich = enrichWith(history);
  const timer = setInterval(() => {
    openModelHistory({ vpc, data })
      .then((fresh) => {
        history?.close();
        history = fresh;
        enrich = enrichWith(fresh);
      })
      // What was known until now is better than nothing.
      .catch(() => {});
  }, REFRESH_MILLIS);
  if (vpc !== undefined) clearInterval(timer);
  return {
    enrich: (...asked) => enrich(...asked),
    close() {
      clearInterval(timer);
      history?.close();
    },
  };
}

/** Where findings are looked for, and kept; null where nobody looks. */
function detectionOf(flags: WorkerFlags): { readonly place: LookPlace; readonly data: string } | null {
  const { detect, data, vpc, format, untilEmpty } = flags;
  if (detect === undefined) return null;
  if (!data) throw failure('FG_WATCH_DETECT', 'there is no --data, in which findings are kept');
  if (untilEmpty === true) throw failure('FG_WATCH_DETECT', '--until-empty ends before a look is taken');
  if (/^(?:-$|cloudwatch:)/u.test(detect)) throw failure('FG_WATCH_DETECT', `"${detect}" is no bucket`);
  return { place: { from: detect, access: accessOf(flags), format: format ?? null, vpc: vpc ?? null }, data };
}

/** Works until it is stopped; the exit code. */
export async function work(flags: WorkerFlags): Promise<number> {
  const counters = createWatchCounters();
  const format = flags.format === undefined ? null : parseLogFormat(flags.format);
  const sink = sinkOf(flags, counters);
  const port = flags.port === undefined ? null : portOf(flags.port, '--port');
  const log = { ...logSettingsOf(process.env), ...logFlagsOf(flags.logFormat, flags.logLevel) };
  const teller = log.format === 'json' ? jsonTeller(stderrLog(log.level ?? 'info')) : textTeller();
  const { tell, told, listening, failed } = teller;
  const looks = detectionOf(flags);
  const { queue, deadLetter, most } = await queuesOf(flags);
  const standing = createWorkerStanding(counters);
  const [stop, leave] = [new AbortController(), new AbortController()];
  let grace: NodeJS.Timeout | undefined;
  const off = onStopSignals(() => {
    stop.abort();
    grace = setTimeout(() => leave.abort(), GRACE_MILLIS);
  });
  const stores = new Map<string, S3Store>();
  const access = accessOf(flags);
  const storeOf = (bucket: string): S3Store => {
    const store = stores.get(bucket) ?? s3Store(bucket, access);
    stores.set(bucket, store);
    return store;
  };
  if (deadLetter === null)
    console.error(
      'flowgauge: note: the queue has no dead-letter queue: a message that cannot be handled comes again until SQS forgets it',
    );
  let server: HttpServer | null = null;
  let network: Awaited<ReturnType<typeof enrichOf>> | null = null;
  let endDetection = async (): Promise<void> => {};
  const detection = looks === null ? null : createDetectionStanding();
  try {
    if (looks !== null && detection !== null) {
      const { detectBeside } = await import('../app/server/detection/beside-worker.ts');
      endDetection = await detectBeside(looks.data, looks.place, detection, told);
    }
    network = await enrichOf(flags);
    if (port !== null) {
      server = await startWorkerServer(port, standing, detection, failed);
      listening(server.url);
    }
    await runWorker({
      queue,
      deadLetter,
      context: {
        sink,
        counters,
        storeOf,
        enrich: network.enrich,
        format,
      },
      atOnce: flags.workers,
      standing,
      // SQS moves it without a reason when it was received more often.
      attempts: Math.min(flags.attempts, most ?? flags.attempts),
      holdSeconds: flags.hold,
      stop: stop.signal,
      leave: leave.signal,
      tell,
      ...(flags.untilEmpty === true ? { untilEmpty: true } : {}),
    });
  } finally {
    off();
    clearTimeout(grace);
    network?.close();
    await endDetection();
    await server?.close();
  }
  process.stdout.write(flags.json === true ? `${JSON.stringify(counters)}\n` : `${summary(counters)}\n`);
  return 0;
}

/** Tells people, or a journal. */
type Teller = {
  readonly tell: (event: WorkerEvent) => void;
  /** Of detection. */
  readonly told: (event: WatchEvent) => void;
  readonly listening: (url: string) => void;
  readonly failed: (error: FlowgaugeError) => void;
};

function jsonTeller(log: ReturnType<typeof stderrLog>): Teller {
  return {
    tell: ({ kind, error, ...fields }) =>
      log(kind === 'dead' ? 'error' : 'warn', `watch.${kind}`, { ...fields, code: error.code, message: error.message }),
    told: ({ kind, ...fields }) => log(kind === 'problem' ? 'warn' : 'info', kind, fields),
    listening: (url) => log('info', 'listening', { url }),
    failed: ({ code, message }) => log('error', 'problem', { code, message }),
  };
}

function textTeller(): Teller {
  const say = (what: string, error: FlowgaugeError): void =>
    console.error(`flowgauge: ${what}: ${shown(error.message)} (${error.code})`);
  return {
    tell: (event) =>
      say(
        event.kind === 'waits'
          ? `waits ${event.seconds} s`
          : `message ${event.id} ${event.kind === 'dead' ? 'goes to the dead-letter queue' : 'comes again'}`,
        event.error,
      ),
    told(event) {
      if (event.kind === 'problem') console.error(`flowgauge: ${shown(event.message)} (${event.code})`);
      else if (event.kind === 'alerts-go') console.error(`flowgauge: alerts go to "${event.receiver}" again`);
      else {
        const { severity, detection, id } = event.finding;
        console.error(`flowgauge: found ${severity.toUpperCase()} ${detection}, ${id}`);
      }
    },
    listening: (url) => console.error(`flowgauge: ${url} answers /health and /metrics`),
    failed: (error) => say('an answer failed', error),
  };
}

function summary({ messages, objects, records, documents }: WatchCounters): string {
  const { read, partly, gone, other } = objects;
  return [
    `${countText(messages.received, 'message')}: ${messages.done} done, ${messages.again} come again, ${messages.dead} to the dead-letter queue`,
    `${countText(read, 'object')} read${partly > 0 ? `, ${partly} not to the end` : ''}${gone > 0 ? `, ${gone} gone before` : ''}${other > 0 ? `, ${other} no flow logs` : ''}`,
    `${countText(records.read, 'record')}, ${records.noData} of them NODATA, ${records.skipData} SKIPDATA; ${countText(records.badLines, 'broken line')} left out`,
    `${countText(documents.created, 'new document')}, ${documents.existing} that were there, ${documents.refused} refused`,
  ].join('\n');
}
