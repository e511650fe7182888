/**
 * Collects this host's traffic as its flow logs say, to their destinations.
 *
 * In:    where things are, the network as it is and as it changes, and the capture's drops. Out: what happens, told to
 *        whoever started it.
 * Holds: ends when the capture ends: windows are closed and files complete. A change holds for packets from its time on.
 * Fails: with the error of the collection or the publisher; what was not published is in the spool.
 */
import { NFT_FD } from '../../collect/privileged/nft-wire.ts';
import { isLocal } from '../../publish/destinations/list.ts';
import { builtInRanges } from '../../record/service-names.ts';
import { postedError } from './posted-error.ts';
import { openCollecting } from './collecting.ts';
import { startCollection, threadCount, wallMicros } from './collect-thread.ts';
import type { Inlet } from './collect-thread.ts';
import type { Covered } from './coverage.ts';
import { createCoverage } from './coverage.ts';
import { serveOpenWindows } from './open-windows.ts';
import type { OpenLook } from './open-windows.ts';
import { createPrintSide } from './print-side.ts';
import type { PrintSide } from './print-side.ts';
import type { CollectorStart, FromCollector, Networks, StageCounts } from './process.ts';
import { objectSink } from './sinks.ts';

const MAX_FLOWS = 2_000_000;
const MAX_CONNECTIONS = 1_000_000;
/** A collector whose capture has ended is done by then, where its destinations answer. */
const SPOOL_MILLIS = 20_000;

/**
 * Collects until the capture ends.
 *
 * @param networks  each after `start.network`
 * @param drops     packets that the capture lost so far, modulo 2^32; shared memory
 * @param end       `stop` settles when no more is to be read although the capture may go on; `asked`: whether it was asked to end;
 *                  `alive`: when the capture was known to run last, microseconds since 1970 UTC
 */
export async function collectHost(
  start: CollectorStart,
  networks: Networks,
  drops: Uint32Array,
  end: { readonly stop: Promise<void>; readonly asked: () => boolean; readonly alive: () => number },
  tell: (message: FromCollector) => void,
): Promise<void> {
  const coverage = createCoverage();
  const first = coverage.next(start.network);
  /** What was told to the collecting thread and has not come back. */
  const underway: Covered[] = [];
  let gathered: Pick<StageCounts, 'counts' | 'tables'> | null = null;
  const tellCounts = (): void => {
    if (gathered !== null) tell({ kind: 'counts', ...gathered, print: printing.count(), publish: sink.status() });
  };
  const sink = await objectSink({
    directory: start.bucket,
    spool: start.spool,
    // One that was started at once again finds the collector before it closing its windows.
    waitMillis: SPOOL_MILLIS,
    hostId: start.hostId,
    flowLogs: first.snapshot.flowLogs,
    capBytes: null,
    replayable: false,
    reach: start.reach,
    limits: start.limits,
    onPublished: (published) => {
      // Whoever hears of an object finds its records in the counts.
      tellCounts();
      tell({ kind: 'published', published });
    },
    onProblem: ({ code, message }) => tell({ kind: 'problem', code, message }),
  });
  // Whoever had the spool before has said how far it came.
  const collecting = openCollecting(start.run, wallMicros());
  const { gapMicros } = collecting;
  const printing = createPrintSide(first.snapshot, first.parts, builtInRanges(), sink);
  const looks = createLooks(printing, first);
  const collection = await startCollection(
    {
      source: { kind: 'live', fifo: start.fifo, name: 'this host', device: null, drops },
      snapshot: first.snapshot,
      changedMicros: start.network.changedMicros,
      judged: true,
      intervals: first.intervals,
      devices: first.devices,
      namedOnly: true,
      vlans: [],
      // Every device of this host is captured, whether a frame has named it yet or not.
      tiedOnly: false,
      maxFlows: MAX_FLOWS,
      maxConnections: MAX_CONNECTIONS,
      ...(gapMicros === null ? {} : { gapMicros }),
      ...(start.kernel === null ? {} : { kernel: { ...start.kernel, fd: NFT_FD } }),
    },
    {
      flows: (batch, from, decisions) => {
        looks.changes++;
        return printing.flows(batch, from, decisions);
      },
      closed: () => {
        looks.changes++;
        return printing.closed();
      },
      counts: (counts, tables) => {
        gathered = { counts, tables };
        collecting.keep(tables.openSince, wallMicros());
        tellCounts();
      },
      rejected: (rejects) => tell({ kind: 'rejects', rejects }),
      looked: looks.looked,
      changed: (batches, from, decisions) => {
        const next = underway.shift()!;
        looks.network = next;
        looks.changes++;
        return printing.changed(batches, from, decisions, next);
      },
    },
    threadCount(),
  );
  end.stop.then(collection.stop, () => {});
  // Where no socket can be made, as on some file systems, queries see closed windows only.
  const windows = await serveOpenWindows(
    start.openWindows,
    () => looks.ask(collection.look),
    () => looks.changes,
  ).catch(() => null);
  networks.listen((network) => {
    const next = coverage.next(network);
    underway.push(next);
    collection.update(next);
  });
  try {
    const { counts, problem } = await collection.done;
    looks.changes++;
    looks.end();
    await sink.end();
    collecting.end(end.asked(), end.alive());
    tell({ kind: 'ended', counts, problem: problem === null ? null : postedError(problem) });
  } finally {
    looks.end();
    await windows?.close();
  }
}

/** Looks at the open windows that were asked for and have not come, and what was done with the bucket so far. */
function createLooks(printing: PrintSide, network: Covered) {
  const waiting: { resolve(look: OpenLook): void; reject(error: Error): void }[] = [];
  let ended = false;
  const looks = {
    network,
    changes: 0,
    ask: (look: () => void): Promise<OpenLook> =>
      new Promise((resolve, reject) => {
        if (ended) reject(new Error('the windows are closed'));
        waiting.push({ resolve, reject });
        look();
      }),
    looked: (...[batches, from, decisions]: Parameters<NonNullable<Inlet['looked']>>): void => {
      const { snapshot, parts } = looks.network;
      // Of several that write into the bucket the oldest: with all of them each packet would be there again.
      const shown =
        parts.find(({ flowLog, untilSeconds }) => untilSeconds === undefined && isLocal(snapshot.flowLogs[flowLog]!))
          ?.flowLog ?? null;
      const pieces = printing.look(batches, from, decisions, shown);
      waiting.shift()?.resolve({ changes: looks.changes, pieces });
    },
    end(): void {
      ended = true;
      for (const one of waiting.splice(0)) one.reject(new Error('the windows are closed'));
    },
  };
  return looks;
}
