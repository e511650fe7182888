/**
 * Collects this host's traffic: its own model, one flow log over all of it, to the bucket `local` or where it is told.
 *
 * In:    where things are, and the capture's drops. Out: what happens, told to whoever started it.
 * Holds: ends when the capture ends: windows are closed and files complete. Devices that come later are interfaces too.
 * Fails: with the error of the collection or the publisher; what was not published is in the spool.
 */
import { listDevices } from '../../collect/capture/devices.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { builtInRanges } from '../../record/service-names.ts';
import { postedError } from './posted-error.ts';
import { startCollection, threadCount, wallMicros } from './collect-thread.ts';
import type { Inlet } from './collect-thread.ts';
import type { FlowLogPart } from './assignment.ts';
import { flowLogParts, watchedIntervals } from './assignment.ts';
import { followHost } from './host-model.ts';
import type { HostModel } from './host-model.ts';
import { derivedId, optionFlowLog } from './option-flow-log.ts';
import { serveOpenWindows } from './open-windows.ts';
import type { OpenLook } from './open-windows.ts';
import { createPrintSide } from './print-side.ts';
import type { PrintSide } from './print-side.ts';
import type { CollectorStart, FromCollector } from './process.ts';
import { objectSink } from './sinks.ts';

/** How often a look is taken for devices that came or went. */
const DEVICES_MILLIS = 2000;
const MAX_FLOWS = 2_000_000;
const MAX_CONNECTIONS = 1_000_000;

/**
 * Collects until the capture ends.
 *
 * @param drops  packets that the capture lost so far, modulo 2^32; shared memory
 */
export async function collectHost(
  start: CollectorStart,
  drops: Uint32Array,
  tell: (message: FromCollector) => void,
): Promise<void> {
  const follower = followHost(start);
  const flowLogOf = (snapshot: VpcSnapshot): VpcSnapshot => {
    const flowLog = optionFlowLog(
      {
        format: start.format,
        intervalSeconds: 60,
        traffic: 'ALL',
        fileFormat: 'plain-text',
        hive: false,
        hourly: false,
      },
      snapshot,
    );
    const { accountId, region } = start;
    const id = derivedId('fl', start.hostId, start.format);
    const resourceId = snapshot.vpcs[1]?.id ?? '';
    const destination = start.destination ?? flowLog.destination;
    return { ...snapshot, flowLogs: [{ ...flowLog, id, accountId, region, resourceId, destination }] };
  };
  const look = (): { model: HostModel; snapshot: VpcSnapshot; parts: FlowLogPart[] } | null => {
    const model = follower.look(listDevices(), wallMicros());
    if (model === null) return null;
    const snapshot = flowLogOf(model.snapshot);
    tell({ kind: 'devices', names: model.devices.map(([name]) => name) });
    return { model, snapshot, parts: flowLogParts(snapshot, true, model.present) };
  };
  const first = look()!;
  const sink = await objectSink({
    directory: start.bucket,
    spool: start.spool,
    hostId: start.hostId,
    flowLogs: first.snapshot.flowLogs,
    capBytes: null,
    replayable: false,
    reach: start.reach,
    limits: start.limits,
    onPublished: (published) => tell({ kind: 'published', published }),
    onProblem: ({ code, message }) => tell({ kind: 'problem', code, message }),
  });
  const printing = createPrintSide(first.snapshot, first.parts, builtInRanges(), sink);
  const looks = createLooks(printing);
  const collection = await startCollection(
    {
      source: { kind: 'live', fifo: start.fifo, name: 'this host', device: null, drops },
      snapshot: first.snapshot,
      judged: true,
      intervals: watchedIntervals(first.parts),
      devices: [],
      vlans: [],
      // Every device of this host is captured, whether a frame has named it yet or not.
      tiedOnly: false,
      maxFlows: MAX_FLOWS,
      maxConnections: MAX_CONNECTIONS,
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
      counts: (counts) => tell({ kind: 'counts', counts, publish: sink.status() }),
      looked: looks.looked,
    },
    threadCount(),
  );
  // Where no socket can be made, as on some file systems, queries see closed windows only.
  const windows = await serveOpenWindows(
    start.openWindows,
    () => looks.ask(collection.look),
    () => looks.changes,
  ).catch(() => null);
  const timer = setInterval(() => {
    const next = look();
    if (next === null) return;
    printing.update(next.snapshot, next.parts);
    collection.update(next.snapshot, watchedIntervals(next.parts));
  }, DEVICES_MILLIS);
  try {
    const { counts, problem } = await collection.done;
    looks.changes++;
    looks.end();
    await sink.end();
    tell({ kind: 'ended', counts, problem: problem === null ? null : postedError(problem) });
  } finally {
    clearInterval(timer);
    looks.end();
    await windows?.close();
  }
}

/** Looks at the open windows that were asked for and have not come, and what was done with the bucket so far. */
function createLooks(printing: PrintSide) {
  const waiting: { resolve(look: OpenLook): void; reject(error: Error): void }[] = [];
  let ended = false;
  const looks = {
    changes: 0,
    ask: (look: () => void): Promise<OpenLook> =>
      new Promise((resolve, reject) => {
        if (ended) reject(new Error('the windows are closed'));
        waiting.push({ resolve, reject });
        look();
      }),
    looked: (...[batches, from, decisions]: Parameters<NonNullable<Inlet['looked']>>): void => {
      const pieces = printing.look(batches, from, decisions, 0);
      waiting.shift()?.resolve({ changes: looks.changes, pieces });
    },
    end(): void {
      ended = true;
      for (const one of waiting.splice(0)) one.reject(new Error('the windows are closed'));
    },
  };
  return looks;
}
