/**
 * Our whole path from flows to objects, as a process of its own: printing, spool, delivery into a directory.
 *
 *   bin/node bench/writing/objects.ts DIR RECORDS plain-text|parquet
 *
 * In:    a directory and a number of records. Out: its bucket; on stdout, as JSON, what the path took, the records and bytes
 *        that went into it, and the longest time from the close of a window until its object was visible.
 * Holds: few flows are in memory and come again a minute later each time, so memory is the path's and not theirs.
 */
import { join } from 'node:path';
import { optionFlowLog } from '../../src/app/collector/option-flow-log.ts';
import { createPrintSide } from '../../src/app/collector/print-side.ts';
import { objectSink } from '../../src/app/collector/sinks.ts';
import type { FlowBatch } from '../../src/model/batch.ts';
import { DEFAULT_FORMAT } from '../../src/record/format.ts';
import { builtInRanges } from '../../src/record/service-names.ts';
import { flowsInMemory, WINDOW_ROWS, WINDOW_SECONDS } from './flows.ts';
import { stopwatch } from './stopwatch.ts';

const [directory = '', count = '', fileFormat = 'plain-text'] = process.argv.slice(2);
const records = Number(count);
const { snapshot, decisions, batches } = flowsInMemory(Math.min(records, WINDOW_ROWS), 1);
const common = { format: DEFAULT_FORMAT, intervalSeconds: 60, traffic: 'ALL', hive: false, hourly: false } as const;
const flowLog = optionFlowLog({ ...common, fileFormat: fileFormat === 'parquet' ? 'parquet' : 'plain-text' }, snapshot);
const flowLogs = [flowLog];

const taken = stopwatch();
const sink = await objectSink({
  directory,
  spool: join(directory, 'spool'),
  hostId: 'bench',
  flowLogs,
  capBytes: null,
  replayable: false,
});
const parts = [{ flowLog: 0, seconds: 60, interfaces: flowLog.interfaces }] as const;
const side = createPrintSide({ ...snapshot, flowLogs }, parts, builtInRanges(), sink);
let from = 1;
let done = 0;
let bytes = 0;
let slowestCloseSeconds = 0;

/** The same flows in the next window. */
function later(batch: FlowBatch): FlowBatch {
  for (let row = 0; row < batch.rows; row++) {
    batch.firstMicros[row]! += WINDOW_SECONDS * 1e6;
    batch.lastMicros[row]! += WINDOW_SECONDS * 1e6;
  }
  return { ...batch, windowStartSeconds: batch.windowStartSeconds + WINDOW_SECONDS };
}

let window = batches;
while (done < records) {
  for (const batch of window) {
    await side.flows(batch, from, decisions.list.slice(from));
    from = decisions.list.length;
    done += batch.rows;
    for (let row = 0; row < batch.rows; row++) bytes += batch.bytes[row]!;
  }
  const closing = performance.now();
  await side.closed();
  slowestCloseSeconds = Math.max(slowestCloseSeconds, (performance.now() - closing) / 1000);
  window = window.map(later);
}
await sink.end();
process.stdout.write(`${JSON.stringify({ ...taken(), records: done, bytes, slowestCloseSeconds })}\n`);
