/**
 * The work of `flowgauge capture`: one source to records, on stdout, in a directory or in a bucket.
 *
 * In:    the options of the verb. Out: records; the exit code.
 * Holds: Ctrl-C stops reading, closes windows and leaves complete files, exit 0; a second one exits 130. What was read
 *        before a file turned bad is written; then the error is told, exit 1. A reader of stdout that has gone is a
 *        quiet end.
 * Fails: with errors that name file, option or device.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { failure, failureFrom } from '../../model/errors.ts';
import type { FlowLog, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { DEFAULT_FORMAT, headerLine, parseLogFormat } from '../../record/format.ts';
import type { AwsRanges } from '../../record/service-names.ts';
import type { Assignment } from './assignment.ts';
import { flowLogParts, watchedIntervals } from './assignment.ts';
import type { CollectCounts, Collection } from './collect.ts';
import { startCollection, threadCount } from './collect-thread.ts';
import { openSnapshot } from './open-snapshot.ts';
import { optionFlowLog } from './option-flow-log.ts';
import { createPrintSide } from './print-side.ts';
import type { RecordSink } from './print-side.ts';
import type { Published } from './sinks.ts';
import { objectSink, textSink } from './sinks.ts';
import { fileFailure } from '../../storage/object/file-errors.ts';
import { onStopSignals } from './stop-signals.ts';
import type { Reach } from '../../publish/destinations/list.ts';
import type { RecordOutput } from '../../publish/destinations/stdout.ts';
import { openStdout } from '../../publish/destinations/stdout.ts';

/** Options of the verb; null where not given. */
export type CaptureOptions = {
  readonly read: string | null;
  readonly device: string | null;
  /** Null: stdout. */
  readonly write: string | null;
  readonly vpc: string | null;
  readonly format: string | null;
  readonly intervalSeconds: 60 | 600 | null;
  readonly traffic: FlowLog['traffic'] | null;
  readonly devices: readonly (readonly [string, string])[];
  readonly vlans: readonly (readonly [number, string])[];
  readonly fileFormat: 'plain-text' | 'parquet' | null;
  readonly hive: boolean;
  readonly hourly: boolean;
  readonly awsRanges: string | null;
  readonly countsFile: string | null;
  readonly maxFlows: number | null;
  readonly maxConnections: number | null;
  readonly maxObjectBytes: number | null;
  /** How `-w s3://…` is reached and written. */
  readonly reach?: Reach;
};

const MAX_FLOWS = 4_000_000;
const MAX_CONNECTIONS = 1_000_000;

/** What happens meanwhile, for whoever shows it. */
export type CaptureFace = {
  /** What of the model is not understood and was left out; not called where there is nothing. */
  readonly notUnderstood: (list: readonly string[]) => void;
  /** About once a second. */
  readonly counts: (counts: CollectCounts) => void;
  /** No frame was of these devices, which `--device` names; the capture told of those in `devices`. */
  readonly devicesAbsent: (absent: readonly string[], devices: readonly string[]) => void;
  /** All is written; `published` is null where records went to stdout. */
  readonly ended: (counts: CollectCounts, published: Published | null) => void;
};

/** Runs the verb; the answer is the exit code. */
export async function capture(options: CaptureOptions, face: CaptureFace): Promise<number> {
  if ((options.read === null) === (options.device === null)) throw failure('FG_CAPTURE_SOURCE');
  if (options.write === null && (options.fileFormat ?? 'plain-text') !== 'plain-text')
    throw failure('FG_CAPTURE_STDOUT_TEXT', options.fileFormat!);
  refuseLonely(options);
  const snapshot = await networkOf(options);
  for (const [name, id] of options.devices)
    if (!snapshot.interfaces.some((one) => one.number > 0 && one.id === id))
      throw failure('FG_OPTION_NOT_IN_MODEL', `--device ${name}=${id}`, id);
  if (snapshot.notUnderstood.length > 0) face.notUnderstood(snapshot.notUnderstood);
  const ranges = await rangesOf(options, snapshot.flowLogs);
  const live = options.device !== null;
  const parts = flowLogParts(snapshot, live);
  const liveCapture =
    options.device === null ? null : await (await import('./live-capture.ts')).startLiveCapture(options.device);
  const assignment: Assignment = {
    source:
      liveCapture === null
        ? { kind: 'file', path: options.read! }
        : {
            kind: 'live',
            fifo: liveCapture.fifo,
            name: options.device!,
            // Frames of all devices, and of a group of NFLOG, say which device it was.
            device: /^(?:any$|nflog(?::|$))/.test(options.device!) ? null : options.device,
            drops: liveCapture.drops,
          },
    snapshot,
    judged: options.vpc !== null,
    intervals: watchedIntervals(parts),
    devices: options.devices,
    vlans: options.vlans,
    tiedOnly: true,
    maxFlows: options.maxFlows ?? MAX_FLOWS,
    maxConnections: options.maxConnections ?? MAX_CONNECTIONS,
  };
  const output = options.write === null ? openStdout(process.stdout, live ? 1 : null) : null;
  let published: Published = { objects: 0, records: 0, packets: 0 };
  const sink = await sinkOf(options, snapshot, output, ({ objects, records, packets }) => {
    published = {
      objects: published.objects + objects,
      records: published.records + records,
      packets: published.packets + packets,
    };
  });
  const printing = createPrintSide(snapshot, parts, ranges, sink);
  let collection: Collection | null = null;
  const stop = (): void => {
    if (liveCapture !== null) void liveCapture.stop();
    else collection?.stop();
  };
  const quiet = onStopSignals(stop);
  output?.unread.addEventListener('abort', () => {
    if (liveCapture === null) process.exit(0);
    void liveCapture.stop({ now: true }).finally(() => process.exit(0));
  });
  try {
    collection = await startCollection(
      assignment,
      {
        flows: (batch, from, decisions) => printing.flows(batch, from, decisions),
        closed: () => printing.closed(),
        counts: face.counts,
      },
      // Records on stdout are too little work for a thread of their own (docs/adr/0006).
      threadCount(liveCapture === null && output !== null ? 1 : undefined),
    );
    const { counts, problem, devices } = await collection.done;
    await sink.end();
    if (options.countsFile !== null) await writeCounts(options.countsFile, counts);
    if (liveCapture !== null) await liveCapture.ended();
    const absent = options.devices.map(([name]) => name).filter((name) => !devices.includes(name));
    if (absent.length > 0 && counts.capture.in > 0) face.devicesAbsent(absent, devices);
    face.ended(counts, output === null ? published : null);
    if (problem !== null) throw problem;
    return 0;
  } finally {
    quiet();
    output?.close();
    if (liveCapture !== null) await liveCapture.stop();
  }
}

/** The network of the model, or of none, with the flow logs to write. */
async function networkOf(options: CaptureOptions): Promise<VpcSnapshot> {
  const snapshot =
    options.vpc === null
      ? openSnapshot()
      : await (await import('../../storage/state/model-files.ts')).readSnapshot(options.vpc);
  if (snapshot.flowLogs.length > 0) {
    const refused = [
      options.format !== null && '--format',
      options.intervalSeconds !== null && '--interval',
      options.traffic !== null && '--traffic',
      options.fileFormat !== null && '--file-format',
      options.hive && '--hive-compatible-partitions',
      options.hourly && '--per-hour-partition',
    ].filter((flag) => flag !== false);
    if (refused.length > 0) throw failure('FG_CAPTURE_FLOW_LOGS_GIVEN', refused.join(', '), snapshot.flowLogs.length);
    if (options.write === null && snapshot.flowLogs.length > 1)
      throw failure('FG_CAPTURE_STDOUT_ONE', snapshot.flowLogs.length);
    for (const flowLog of snapshot.flowLogs) parseLogFormat(flowLog.format);
    return options.write === null ? snapshot : { ...snapshot, flowLogs: snapshot.flowLogs.map(intoBucket) };
  }
  const format = options.format ?? DEFAULT_FORMAT;
  parseLogFormat(format);
  const flowLog = optionFlowLog(
    {
      format,
      intervalSeconds: options.intervalSeconds ?? 60,
      traffic: options.traffic ?? 'ALL',
      fileFormat: options.fileFormat ?? 'plain-text',
      hive: options.hive,
      hourly: options.hourly,
    },
    snapshot,
    options.write !== null,
  );
  return { ...snapshot, flowLogs: [flowLog] };
}

/** Options that do nothing without another one, and a destination that is none. */
function refuseLonely(options: CaptureOptions): void {
  const { write } = options;
  const isS3 = write?.startsWith('s3://') === true;
  if (write === '' || (write?.includes('://') === true && !isS3)) throw failure('FG_CAPTURE_DEST', write);
  const refuse = (without: string, flags: readonly (string | false)[]): void => {
    const lonely = flags.filter((flag) => flag !== false);
    if (lonely.length > 0) throw failure('FG_CAPTURE_OPTION_WITHOUT', lonely.join(', '), without);
  };
  if (options.vpc === null)
    refuse('--vpc', [options.devices.length > 0 && '--device', options.vlans.length > 0 && '--vlan']);
  const { aws, writing } = options.reach ?? { aws: {}, writing: {} };
  if (!isS3)
    refuse('-w s3://BUCKET', [
      aws.profile !== undefined && '--profile',
      aws.region !== undefined && '--region',
      aws.endpoint !== undefined && '--endpoint-url',
      aws.pathStyle !== undefined && '--path-style',
      writing.encryption !== undefined && '--sse or --sse-kms-key-id',
      writing.ownerControl !== undefined && '--acl',
    ]);
  if (options.write === null)
    refuse('-w', [
      options.hive && '--hive-compatible-partitions',
      options.hourly && '--per-hour-partition',
      options.maxObjectBytes !== null && '--max-object-bytes',
    ]);
}

/**
 * A flow log as `-w` writes it, to one place whatever its bucket is (rule D5); what AWS delivers to a log group or a stream
 * becomes text objects without a prefix.
 */
function intoBucket(flowLog: FlowLog): FlowLog {
  const text = { type: 's3', prefix: '', fileFormat: 'plain-text', hive: false, hourly: false } as const;
  const destination = flowLog.destination.type === 's3' ? flowLog.destination : text;
  return { ...flowLog, destination: { ...destination, bucket: 'local' } };
}

const NO_RANGES: AwsRanges = { createDate: '', names: [''], lookup: () => 0 };

/** The ranges that a record can show; the built-in list is not loaded for nothing. */
async function rangesOf(options: CaptureOptions, flowLogs: readonly FlowLog[]): Promise<AwsRanges> {
  const isShown = flowLogs.some(({ format }) => format.includes('-aws-service'));
  if (options.awsRanges === null && !isShown) return NO_RANGES;
  const { builtInRanges, readAwsRanges } = await import('../../record/service-names.ts');
  if (options.awsRanges === null) return builtInRanges();
  let json: unknown;
  try {
    json = JSON.parse(await readFile(options.awsRanges, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw failureFrom(error, 'FG_RANGES_UNREADABLE', options.awsRanges, why);
  }
  return readAwsRanges(json, options.awsRanges);
}

async function sinkOf(
  options: CaptureOptions,
  snapshot: VpcSnapshot,
  output: RecordOutput | null,
  onPublished: (published: Published) => void,
): Promise<RecordSink> {
  if (output !== null) {
    const header = headerLine(parseLogFormat(snapshot.flowLogs[0]!.format));
    return textSink(header, output, options.device !== null);
  }
  const write = options.write!;
  const common = {
    flowLogs: snapshot.flowLogs,
    capBytes: options.maxObjectBytes,
    replayable: options.read !== null,
    onPublished,
  };
  if (!write.startsWith('s3://')) return objectSink({ ...common, directory: write });
  const { readS3Place, stateDirectory } = await import('./s3-place.ts');
  const place = readS3Place(write);
  return objectSink({
    ...common,
    place,
    ...(options.reach === undefined ? {} : { reach: options.reach }),
    directory: '',
    spool: stateDirectory(`s3://${place.bucket}/${place.below}`),
  });
}

async function writeCounts(path: string, counts: CollectCounts): Promise<void> {
  const { aggregate, ...rest } = counts;
  const all = Object.values(aggregate);
  const only = all.length === 1 ? all[0] : aggregate;
  try {
    await writeFile(path, `${JSON.stringify({ ...rest, aggregate: only }, null, 2)}\n`);
  } catch (error) {
    throw fileFailure(error, path);
  }
}
