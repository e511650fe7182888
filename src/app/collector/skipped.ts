/**
 * What a full spool does not take: flows become one SKIPDATA record for each interface and window, with their packets.
 *
 * In:    flow batches, while the sink is full. Out: batches of SKIPDATA rows, and how many records were dropped.
 * Holds: what would have been printed is counted by the same printer, so its records and packets are those of the flow
 *        log's own filter. NODATA and SKIPDATA rows are printed as ever.
 */
import type { FlowBatch } from '../../model/batch.ts';
import { flowBatchBytes, flowBatchOver } from '../../model/batch.ts';
import type { StageCount } from '../../model/counters.ts';
import type { FlowLog } from '../../network/vpc/snapshot.ts';
import type { Decisions, Printer } from '../../record/print.ts';
import type { TextBlock } from '../../record/text-block.ts';
import { createTextBlock } from '../../record/text-block.ts';

const STATUS_OK = 0;
const STATUS_SKIPDATA = 2;
const COLUMNS = [
  'packets',
  'bytes',
  'lost',
  'firstMicros',
  'lastMicros',
  'decision',
  'ports',
  'status',
  'joins',
  'family',
  'protocol',
  'tcpFlags',
] as const;

/** Skipped flows of one flow log. */
export type Skipped = {
  /** Counts the flows of a batch; the rows that are none. `dropped` is told what an interface's would have been. */
  take(batch: FlowBatch, dropped: (records: number, interfaceNumber: number, packets: number) => void): FlowBatch;
  /** SKIPDATA rows of what was taken since the last time. */
  rows(): FlowBatch[];
  /** In rows that were taken: lost `spool-full`, or `filtered`. */
  count(): StageCount;
};

type Lost = { readonly decision: number; packets: number };
type Window = { readonly batch: FlowBatch; readonly lost: Map<number, Lost> };

/**
 * Counts what is skipped.
 *
 * @param printer  the flow log's, giving each interface a block of its own
 */
export function createSkipped(printer: Printer, traffic: FlowLog['traffic'], decisions: Decisions): Skipped {
  const windows = new Map<number, Window>();
  return {
    count() {
      const { in: taken, out: unprinted, lost } = printer.count;
      return { in: taken, out: 0, held: 0, lost: { ...lost, 'spool-full': unprinted }, notes: {} };
    },
    take(batch, dropped) {
      const rows = Array.from({ length: batch.rows }, (_, row) => row);
      const flows = copyOf(
        batch,
        rows.filter((row) => batch.status[row] === STATUS_OK),
      );
      const blocks = new Map<number, TextBlock>();
      printer.print(flows, (_slot, at) => {
        const block = blocks.get(at) ?? createTextBlock();
        blocks.set(at, block);
        return block;
      });
      for (const [at, { records, packets }] of blocks) {
        if (records === 0) continue;
        dropped(records, at, packets);
        const window = windows.get(batch.windowStartSeconds) ?? { batch: copyOf(batch, []), lost: new Map() };
        windows.set(batch.windowStartSeconds, window);
        const lost = window.lost.get(at) ?? { decision: decisionOf(flows, at), packets: 0 };
        lost.packets += packets;
        window.lost.set(at, lost);
      }
      return copyOf(
        batch,
        rows.filter((row) => batch.status[row] !== STATUS_OK),
      );
    },
    rows() {
      const batches = [...windows.values()].map(skipRows);
      windows.clear();
      return batches;
    },
  };

  /** Any decision of the interface that the flow log shows: a SKIPDATA record shows the interface alone. */
  function decisionOf(flows: FlowBatch, at: number): number {
    for (let row = 0; row < flows.rows; row++) {
      const number = flows.decision[row]!;
      const decision = decisions.list[number];
      const isShown = traffic === 'ALL' || decision?.action === null || decision?.action === traffic;
      if (decision?.interface === at && isShown) return number;
    }
    throw new Error(`no flow of interface ${at} was printed`);
  }
}

/** SKIPDATA spans the window: what was lost may lie anywhere in it. */
function skipRows({ batch, lost }: Window): FlowBatch {
  const made = emptyLike(batch, lost.size);
  for (const { decision, packets } of lost.values()) {
    const row = made.rows++;
    made.status[row] = STATUS_SKIPDATA;
    made.decision[row] = decision;
    made.lost[row] = packets;
    made.firstMicros[row] = batch.windowStartSeconds * 1e6;
    made.lastMicros[row] = (batch.windowStartSeconds + batch.intervalSeconds - 1) * 1e6;
  }
  return made;
}

function copyOf(batch: FlowBatch, rows: readonly number[]): FlowBatch {
  const made = emptyLike(batch, rows.length);
  for (const row of rows) {
    const to = made.rows++;
    for (const column of COLUMNS) made[column][to] = batch[column][row]!;
    for (let word = 0; word < 4; word++) {
      made.src[to * 4 + word] = batch.src[row * 4 + word]!;
      made.dst[to * 4 + word] = batch.dst[row * 4 + word]!;
    }
  }
  return made;
}

function emptyLike(batch: FlowBatch, rows: number): FlowBatch {
  const capacity = Math.max(8, Math.ceil(rows / 8) * 8);
  return flowBatchOver(new ArrayBuffer(flowBatchBytes(capacity)), batch, 0, capacity);
}
