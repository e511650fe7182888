/**
 * Collects this host's traffic: its own model, one flow log over all of it, objects in the bucket `local`.
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
import type { FlowLogPart } from './assignment.ts';
import { flowLogParts, watchedIntervals } from './assignment.ts';
import { followHost } from './host-model.ts';
import type { HostModel } from './host-model.ts';
import { derivedId, optionFlowLog } from './option-flow-log.ts';
import { createPrintSide } from './print-side.ts';
import type { CollectorStart, FromCollector } from './process.ts';
import { directorySink } from './sinks.ts';

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
    return { ...snapshot, flowLogs: [{ ...flowLog, id, accountId, region, resourceId: snapshot.vpcs[1]?.id ?? '' }] };
  };
  const look = (): { model: HostModel; snapshot: VpcSnapshot; parts: FlowLogPart[] } | null => {
    const model = follower.look(listDevices(), wallMicros());
    if (model === null) return null;
    const snapshot = flowLogOf(model.snapshot);
    tell({ kind: 'devices', names: model.devices.map(([name]) => name) });
    return { model, snapshot, parts: flowLogParts(snapshot, true, model.present) };
  };
  const first = look()!;
  const sink = await directorySink({
    directory: start.bucket,
    spool: start.spool,
    hostId: start.hostId,
    flowLogs: first.snapshot.flowLogs,
    capBytes: null,
    replayable: false,
    onPublished: (published) => tell({ kind: 'published', published }),
  });
  const printing = createPrintSide(first.snapshot, first.parts, builtInRanges(), sink);
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
      flows: (batch, from, decisions) => printing.flows(batch, from, decisions),
      closed: sink.closed,
      counts: (counts) => tell({ kind: 'counts', counts }),
    },
    threadCount(),
  );
  const timer = setInterval(() => {
    const next = look();
    if (next === null) return;
    printing.update(next.snapshot, next.parts);
    collection.update(next.snapshot, watchedIntervals(next.parts));
  }, DEVICES_MILLIS);
  try {
    const { counts, problem } = await collection.done;
    await sink.end();
    tell({ kind: 'ended', counts, problem: problem === null ? null : postedError(problem) });
  } finally {
    clearInterval(timer);
  }
}
