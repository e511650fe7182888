/**
 * Where printed records go: stdout, or objects at their destinations.
 *
 * In:    blocks of records. Out: text on stdout, or objects through the publisher.
 * Holds: memory is bounded: a batch's records are written or handed to the publisher before the next batch is printed.
 * Fails: with the error of the publisher; a reader of stdout that has gone is a quiet end.
 */
import { join } from 'node:path';
import type { FlowLog } from '../../network/vpc/snapshot.ts';
import type { DeliveryProblem, Destination } from '../../publish/destination.ts';
import type { Reach } from '../../publish/destinations/list.ts';
import type { RecordOutput } from '../../publish/destinations/stdout.ts';
import type { Publisher } from '../../publish/publisher.ts';
import type { SpoolLimits } from '../../publish/room.ts';
import type { PublishStatus } from '../../publish/status.ts';
import { createTextBlock } from '../../record/text-block.ts';
import type { RecordSink } from './print-side.ts';

/** Text that is gathered before it is written. */
const WRITE_BYTES = 256 * 1024;

/**
 * Records as text on an output, under one header line.
 *
 * @param live  true: the header is written now, for the first window may take a minute; else with the first records or
 *              at the end, so that a capture that cannot be opened writes nothing
 */
export function textSink(header: string, output: RecordOutput, live: boolean): RecordSink {
  const block = createTextBlock(WRITE_BYTES * 2);
  let spare = new Uint8Array(WRITE_BYTES * 2);
  let pending: Promise<void> = Promise.resolve();
  block.length = new TextEncoder().encodeInto(`${header}\n`, block.bytes).written;
  /** Writes what is printed; the next records are printed into other bytes meanwhile. */
  const flush = async (): Promise<void> => {
    await pending;
    if (block.length === 0) return;
    const { bytes, length } = block;
    block.bytes = spare;
    block.length = 0;
    spare = bytes;
    pending = output.write(bytes.subarray(0, length));
  };
  if (live) void flush();
  return {
    block: () => block,
    printed: () => (block.length >= WRITE_BYTES ? flush() : undefined),
    closed: flush,
    end: async () => {
      await flush();
      await pending;
      output.close();
    },
  };
}

/** What has been published since the last time it was told. */
export type Published = {
  readonly objects: number;
  readonly records: number;
  readonly packets: number;
};

export type ObjectSinkOptions = {
  /** Where the bucket `local` is. */
  readonly directory: string;
  /** Where segments wait; default: `_flowgauge/spool` in the directory. */
  readonly spool?: string;
  /** So long another process that has the spool is waited for; default 0. */
  readonly waitMillis?: number;
  /** What names this host for ever; default: kept beside the spool. Not asked for where `replayable`. */
  readonly hostId?: string;
  readonly flowLogs: readonly FlowLog[];
  readonly capBytes: number | null;
  /** True: the same source gives the same objects, so an object with other bytes stops the run (rule D3). */
  readonly replayable: boolean;
  /** How destinations beyond this machine are reached. */
  readonly reach?: Reach;
  /** All objects go there, whatever destinations the flow logs have. */
  readonly place?: { readonly bucket: string; readonly below: string };
  readonly limits?: Partial<SpoolLimits>;
  readonly onPublished?: (published: Published) => void;
  /** Told once at the start where a destination beyond this machine is not as it should be; records wait for it. */
  readonly onProblem?: (problem: DeliveryProblem) => void;
};

const CHECK_MILLIS = 30_000;
const NOTHING_REACHED: Reach = { aws: {}, writing: {} };

/** Records as objects at their destinations; those of the bucket `local` in a directory laid out as AWS's bucket. */
export async function objectSink(options: ObjectSinkOptions): Promise<ObjectSink> {
  const { directory, flowLogs, capBytes, replayable, place, onPublished } = options;
  // Records on stdout need none of this.
  const [
    { bucketDestination },
    { destinationsOf, isLocal },
    { FILE_HOST },
    { openPublisher },
    { s3Store },
    { hostIdIn },
  ] = await Promise.all([
    import('../../publish/destinations/bucket.ts'),
    import('../../publish/destinations/list.ts'),
    import('../../publish/object-name.ts'),
    import('../../publish/publisher.ts'),
    import('../../storage/object/stores/s3.ts'),
    import('./host-id.ts'),
  ]);
  let published = NOTHING_PUBLISHED;
  let telling = false;
  const tell = (): void => {
    telling = false;
    if (published.objects > 0) onPublished?.(published);
    published = NOTHING_PUBLISHED;
  };
  const { aws, writing } = options.reach ?? NOTHING_REACHED;
  const elsewhere = place && bucketDestination(s3Store(place.bucket, aws, writing), place.below);
  const destinationOf = elsewhere ? () => elsewhere : destinationsOf(directory, { aws, writing });
  const spoolDir = options.spool ?? join(directory, '_flowgauge', 'spool');
  const publisher = await openPublisher({
    flowLogs,
    hostId: replayable ? FILE_HOST : (options.hostId ?? hostIdIn(join(spoolDir, '..', 'host-id'))),
    spoolDir,
    waitMillis: options.waitMillis,
    destinationOf,
    isLocal: elsewhere ? () => false : isLocal,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(capBytes === null ? {} : { capBytes }),
    delivered: ({ records, packets }) => {
      published = {
        objects: published.objects + 1,
        records: published.records + records,
        packets: published.packets + packets,
      };
      // Those of one moment together; deliveries go on by themselves between two windows.
      if (!telling) setImmediate(tell);
      telling = true;
    },
  });
  const { onProblem } = options;
  const checked = new Set<Destination>();
  // Not waited for: what the network says may take a while, and records go to the spool meanwhile.
  const check = (flowLog: FlowLog): void => {
    if (onProblem === undefined || isLocal(flowLog)) return;
    const destination = destinationOf(flowLog);
    if (checked.has(destination)) return;
    checked.add(destination);
    void destination.check(AbortSignal.timeout(CHECK_MILLIS)).then(
      (problem) => problem !== null && onProblem(problem),
      () => {},
    );
  };
  flowLogs.forEach(check);
  const sink = publisherSink(publisher, flowLogs, tell);
  return {
    ...sink,
    update(next, ended) {
      sink.update?.(next, ended);
      for (const flowLog of next) if (!ended.has(flowLog.id)) check(flowLog);
    },
  };
}

/** A sink that tells how its publishing stands. */
export type ObjectSink = RecordSink & { readonly status: () => PublishStatus };

/**
 * A publisher as a sink.
 *
 * @param told  after each window, and at the end
 */
export function publisherSink(publisher: Publisher, flowLogs: readonly FlowLog[], told: () => void): ObjectSink {
  const streamsOf = (all: readonly FlowLog[]): boolean[] =>
    all.map(({ destination }) => destination.type === 'cloud-watch-logs');
  let hasStreams = streamsOf(flowLogs);
  return {
    block: (flowLog, slotSeconds, interfaceId) =>
      publisher.block(flowLog, slotSeconds, hasStreams[flowLog] === true ? interfaceId : ''),
    status: () => publisher.status(),
    room: { isFull: () => publisher.full !== null, dropped: (records) => publisher.drop(records) },
    ...(publisher.hasLedger
      ? { account: (flowLog, slotSeconds, accounts) => publisher.account(flowLog, slotSeconds, accounts) }
      : {}),
    printed: () => publisher.gather(),
    closed: async () => {
      await publisher.windowClosed();
      told();
    },
    update: (next, ended) => {
      hasStreams = streamsOf(next);
      publisher.update(next, ended);
    },
    end: async () => {
      await publisher.close();
      told();
    },
  };
}

const NOTHING_PUBLISHED: Published = { objects: 0, records: 0, packets: 0 };
