/**
 * Records to objects: gathers what printers print, cuts it into segments, delivers them.
 *
 * In:    text blocks that printers print into. Out: objects at the flow logs' destinations; the count in records.
 * Holds: every record is in exactly one segment, and a segment leaves the spool only when its destination has confirmed
 *        it. For the host id `file` the same blocks give the same names and bytes. What an earlier process left in the
 *        spool is delivered first.
 * Fails: the disk of the spool, or an object with other bytes under the name of a capture file's: the next call throws.
 *        A destination that does not take a segment is asked again, a local one at the next cut, others by themselves;
 *        `close` throws `FG_NOT_DELIVERED` when some are left, naming where they are. A host waits while its disk is full.
 */
import type { StageCount } from '../model/counters.ts';
import { createStageCount } from '../model/counters.ts';
import { FlowgaugeError, failureFrom } from '../model/errors.ts';
import type { FlowLog } from '../network/vpc/snapshot.ts';
import type { TextBlock } from '../record/text-block.ts';
import { createTextBlock } from '../record/text-block.ts';
import { fileFailure } from '../storage/object/file-errors.ts';
import { GZIP_PART_BYTES, threadsAllowed } from '../storage/object/gzip.ts';
import { SLOT_SECONDS } from '../storage/object/keys.ts';
import type { WindowAccount } from './account.ts';
import type { Deliveries, Delivered } from './deliveries.ts';
import { createDeliveries } from './deliveries.ts';
import type { Destination } from './destination.ts';
import { createGatherer } from './object-makers.ts';
import type { Gatherer } from './gather.ts';
import { once } from './gather.ts';
import { FILE_HOST } from './object-name.ts';
import type { Pace } from './pace.ts';
import { REAL_PACE } from './pace.ts';
import { recover } from './recover.ts';
import type { FullBy, SpoolLimits } from './room.ts';
import { createRoom, SPOOL_LIMITS } from './room.ts';
import { takeRuns } from './runs.ts';
import { createSpareArrays } from './spare-arrays.ts';
import { openSpool } from './spool.ts';
import type { PublishStatus } from './status.ts';
import { createStatusFile, STATUS_FORMAT } from './status.ts';

/** AWS's size of a finished object, in bytes. */
export const OBJECT_CAP_BYTES = 75_000_000;

export type PublisherOptions = {
  /** Positions are the numbers that `block` takes. */
  readonly flowLogs: readonly FlowLog[];
  /** `file` for records of a capture file, else what names this host for ever. */
  readonly hostId: string;
  readonly spoolDir: string;
  /** So long another process that has the spool is waited for; default 0. */
  readonly waitMillis?: number | undefined;
  readonly destinationOf: (flowLog: FlowLog) => Destination;
  readonly capBytes?: number;
  /** Default `FLOWGAUGE_THREADS`, else the machine's. */
  readonly threads?: number;
  /** Whether a flow log of a host stays here: then each close of a window publishes it and waits for that (rule D5). */
  readonly isLocal?: (flowLog: FlowLog) => boolean;
  /** Of a host; default `SPOOL_LIMITS`. A capture file's spool has none: the file can be read again. */
  readonly limits?: Partial<SpoolLimits>;
  readonly pace?: Pace;
  /** Told of each object when its store has it. */
  readonly delivered?: (object: Delivered) => void;
};

export type PublishReport = {
  /** In the order of delivery; the last 100,000. */
  readonly objects: readonly Delivered[];
  /** In records. */
  readonly count: StageCount;
  /** What is wrong but stops nothing, such as damaged segments set aside. */
  readonly problems: readonly FlowgaugeError[];
};

export interface Publisher {
  /** In records: printed and taken, delivered, in the spool. */
  readonly count: StageCount;
  readonly problems: readonly FlowgaugeError[];
  /** Set: the spool takes SKIPDATA and NODATA lines only, and `drop` counts the rest. */
  readonly full: FullBy | null;
  /** How it stands now. */
  status(): PublishStatus;
  /** Records that were printed and not taken because the spool is full. */
  drop(records: number): void;
  /** What a printer prints into, until the next cut. `stream` is an interface id for log streams, else ''. */
  block(flowLog: number, slotSeconds: number, stream: string): TextBlock;
  /** False for a capture file, which can be read again: it takes no accounts. */
  readonly hasLedger: boolean;
  /** Accounts of windows whose records are printed, before `windowClosed`. */
  account(flowLog: number, slotSeconds: number, accounts: readonly WindowAccount[]): void;
  /** After each printed batch: takes what is ready, waits where compression or disk is behind. */
  gather(): Promise<void>;
  /** All records of windows that have closed are printed. */
  windowClosed(): Promise<void>;
  /** No window that ends before this is open: seals the slots that ended. */
  slotsClosedBefore(seconds: number): Promise<void>;
  /**
   * The flow logs have changed; a position keeps its flow log.
   *
   * @param ended  ids of those that get no more records: with the next close of a window all of theirs is on its way
   */
  update(flowLogs: readonly FlowLog[], ended: ReadonlySet<string>): void;
  /** Seals and delivers everything. */
  close(): Promise<PublishReport>;
}

type Slot = {
  readonly flowLog: FlowLog;
  readonly slotSeconds: number;
  readonly blocks: Map<string, TextBlock>;
  /** Of windows that have closed since the last taking. */
  accounts: WindowAccount[];
  readonly gatherer: Gatherer;
};

const ROOM_AT_END_MILLIS = 15_000;
/** About what an account takes of the spool. */
const ACCOUNT_BYTES = 100;
/** What a block begins with. */
const BLOCK_BYTES = 65_536;
/** A block that holds most of a part and then a printed batch has grown to so many parts. */
const BLOCK_PARTS = 4;
/** Windows of 600 s hold two slots: a slot is over when records are two slots further. */
const SLOTS_BEHIND = 2;

/** Takes the spool, delivers what an earlier process left in it, and opens for printers. */
export async function openPublisher(options: PublisherOptions): Promise<Publisher> {
  const { hostId, destinationOf } = options;
  const capBytes = options.capBytes ?? OBJECT_CAP_BYTES;
  const threads = options.threads ?? threadsAllowed();
  const partBytes = Math.min(GZIP_PART_BYTES, Math.max(4096, capBytes));
  const isFile = hostId === FILE_HOST;
  const pace = options.pace ?? REAL_PACE;
  const isLocal = options.isLocal ?? (() => true);
  const count = createStageCount();
  const problems: FlowgaugeError[] = [];
  const spool = await openSpool(options.spoolDir, hostId, options.waitMillis);
  const limits = { ...SPOOL_LIMITS, ...options.limits };
  const room = createRoom(spool.path, limits, pace);
  const full = (): FullBy | null => (isFile ? null : room.full);
  const status = (): PublishStatus => ({
    status: STATUS_FORMAT,
    pid: process.pid,
    writtenMillis: pace.now(),
    hostId,
    count,
    spool: { ...limits, bytes: room.bytes, full: full() },
    destinations: deliveries.status(),
    problems: problems.slice(-20).map(({ code, message }) => ({ code, message })),
  });
  const statusFile = createStatusFile(spool.path, status);
  const changed = (): void => {
    if (!isFile) statusFile.changed();
  };
  const deliveries: Deliveries = createDeliveries({
    spool,
    count,
    problems,
    destinationOf,
    threads,
    pace,
    awaited: (flowLog) => isFile || isLocal(flowLog),
    changed,
    delivered: options.delivered,
  });
  const look = async (): Promise<void> => {
    await room.look(Math.max(0, ...deliveries.status().map(({ waitingSeconds }) => waitingSeconds)));
    changed();
  };
  let { flowLogs } = options;
  let ended: ReadonlySet<string> = new Set();
  const slots = new Map<string, Slot>();
  const gatherers = new Set<Gatherer>();
  /** By flow log: the newest slot that was printed into since the last close of a window. */
  const newest = new Map<string, number>();
  const working = new Set<Promise<void>>();
  /** For runs: as many as are under way. */
  const arrays = createSpareArrays(threads + 2, partBytes);
  const blockArrays = createSpareArrays(2, BLOCK_PARTS * partBytes);
  let failed: unknown = null;

  const lose = (records: number): void => {
    count.lost['spool-failed'] = (count.lost['spool-failed'] ?? 0) + records;
  };
  /** `records`: what the work puts into the spool. */
  const track = (work: Promise<void>, records: number): void => {
    const kept = work
      .catch((error: unknown) => {
        failed ??= fileFailure(error, spool.path);
        count.held -= records;
        if (records > 0) lose(records);
      })
      .finally(() => working.delete(kept));
    working.add(kept);
  };
  const throwFailed = (): void => {
    const error = failed ?? deliveries.stopped;
    if (error !== null) throw error;
  };
  const loseUntaken = ({ blocks }: Slot): void => {
    for (const { records } of blocks.values()) {
      count.in += records;
      if (records > 0) lose(records);
    }
  };
  /** Takings and cuts follow one another, whoever asks for them; printing goes on meanwhile. */
  let last: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
  const gathererOf = (flowLog: FlowLog, slotSeconds: number): Gatherer =>
    createGatherer(
      {
        spool,
        flowLog,
        slotSeconds,
        capBytes,
        sealed: (segment) => deliveries.add(segment, destinationOf(segment.flowLog)),
        patiently: isFile ? once : room.patiently,
      },
      threads,
    );

  /** The slot of a flow log, which is printed into. */
  function slotOf(number: number, slotSeconds: number): Slot {
    const flowLog = flowLogs[number]!;
    const key = `${slotSeconds} ${flowLog.id}`;
    let slot = slots.get(key);
    if (slot === undefined) {
      const gatherer = gathererOf(flowLog, slotSeconds);
      slot = { flowLog, slotSeconds, blocks: new Map(), accounts: [], gatherer };
      slots.set(key, slot);
      gatherers.add(gatherer);
    }
    newest.set(flowLog.id, Math.max(slotSeconds, newest.get(flowLog.id) ?? 0));
    return slot;
  }

  /** Moves what has been printed into a slot's segment; `all`: the last part too. Whether there was a run. */
  async function take(slot: Slot, all: boolean): Promise<boolean> {
    let took = false;
    for (const [stream, block] of slot.blocks) {
      for (const run of takeRuns(block, stream, partBytes, all, arrays)) {
        count.in += run.records;
        count.held += run.records;
        room.took(run.text.length);
        took = true;
        // One that failed may still be read.
        const kept = slot.gatherer.add(run).then(() => arrays.give(run.text));
        track(kept, run.records);
        // One more than threads: the next is ready when one is done.
        while (working.size > threads + 1) await Promise.race(working);
        throwFailed();
      }
    }
    // Behind the records that they are about.
    if (all && slot.accounts.length > 0) {
      const { accounts } = slot;
      slot.accounts = [];
      room.took(accounts.length * ACCOUNT_BYTES);
      track(slot.gatherer.account(accounts), 0);
    }
    return took;
  }

  async function cut(which: (slot: Slot) => boolean): Promise<void> {
    throwFailed();
    for (const [key, slot] of slots) {
      if (!which(slot)) continue;
      // First: what is printed meanwhile belongs to the next segment.
      slots.delete(key);
      try {
        await take(slot, true);
      } catch (error) {
        loseUntaken(slot);
        throw error;
      }
      for (const { bytes } of slot.blocks.values()) blockArrays.give(bytes);
      track(
        slot.gatherer.cut().then(() => void gatherers.delete(slot.gatherer)),
        0,
      );
    }
    while (working.size > 0) await Promise.race(working);
    throwFailed();
    await deliveries.again();
    throwFailed();
    if (!isFile) await look();
  }

  const publisher: Publisher = {
    count,
    problems,
    hasLedger: !isFile,
    status,
    get full() {
      return full();
    },
    drop(records) {
      count.in += records;
      count.lost['spool-full'] = (count.lost['spool-full'] ?? 0) + records;
    },
    account(number, slotSeconds, accounts) {
      slotOf(number, slotSeconds).accounts.push(...accounts);
    },
    block(number, slotSeconds, stream) {
      const slot = slotOf(number, slotSeconds);
      let block = slot.blocks.get(stream);
      if (block === undefined) slot.blocks.set(stream, (block = createTextBlock(blockArrays.take(BLOCK_BYTES))));
      return block;
    },
    gather: () =>
      inTurn(async () => {
        throwFailed();
        let took = false;
        for (const slot of slots.values()) if (await take(slot, false)) took = true;
        // What took nothing changes nothing; but a full disk may have room again.
        if (!isFile && (took || room.full !== null)) await room.glance();
      }),
    windowClosed() {
      const now = new Map(newest);
      newest.clear();
      return inTurn(async () => {
        await cut(({ flowLog, slotSeconds }) => {
          const past = (now.get(flowLog.id) ?? 0) - SLOTS_BEHIND * SLOT_SECONDS;
          return (!isFile && isLocal(flowLog)) || ended.has(flowLog.id) || slotSeconds <= past;
        });
        // What a host has printed is in the spool now, sealed or not: a crash takes no closed window.
        if (isFile) return;
        for (const slot of slots.values()) await take(slot, true);
        while (working.size > 0) await Promise.race(working);
        throwFailed();
      });
    },
    slotsClosedBefore: (seconds) => inTurn(() => cut((slot) => slot.slotSeconds + SLOT_SECONDS <= seconds)),
    update(next, endedNow) {
      flowLogs = next;
      ended = endedNow;
    },
    async close() {
      // A full disk gets so long to have room for the last records; what still finds none is counted.
      const over = new AbortController();
      void pace.wait(ROOM_AT_END_MILLIS, over.signal).then(() => room.end());
      try {
        await inTurn(() => cut(() => true));
        await deliveries.finish();
      } catch (error) {
        for (const slot of slots.values()) loseUntaken(slot);
        await Promise.allSettled([...gatherers].map((gatherer) => gatherer.abandon()));
        if (deliveries.stopped === null) throw leftBehind(error, spool.path, count.in - count.out);
        // The file can be read again; its segments would only meet the same object.
        await spool.clear();
        throw deliveries.stopped;
      } finally {
        over.abort();
        changed();
        await statusFile.settled();
        await spool.close();
      }
      return { objects: deliveries.objects, count, problems };
    },
  };
  try {
    await recover({ spool, capBytes, threads, count, problems, deliver: deliveries.add, destinationOf });
    // Numbers of a capture file begin at 0 again: the names must be free.
    if (isFile) await deliveries.finish();
    else await look();
  } catch (error) {
    await spool.close();
    throw fileFailure(error, spool.path);
  }
  return publisher;
}

/** The error that says where the records are that no destination has. */
function leftBehind(cause: unknown, path: string, records: number): FlowgaugeError {
  if (records === 0 && cause instanceof FlowgaugeError) return cause;
  return failureFrom(cause, 'FG_NOT_DELIVERED', records, path, cause instanceof Error ? cause.message : String(cause));
}
