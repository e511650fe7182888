/**
 * Prints flow batches into records: every flow log that watches their interval applies its own filter and format.
 *
 * In:    flow batches with the decisions they name. Out: records, in the blocks of a sink.
 * Holds: a batch is printed for all flow logs before its buffer goes back. What a full sink does not take becomes
 *        SKIPDATA with its count.
 * Fails: with the error of the sink.
 */
import type { FlowBatch } from '../../model/batch.ts';
import { addCount, createStageCount } from '../../model/counters.ts';
import type { StageCount } from '../../model/counters.ts';
import type { DecisionTable } from '../../network/verdict/decisions.ts';
import { createDecisionTable } from '../../network/verdict/decisions.ts';
import type { Decision, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { headerLine, parseLogFormat } from '../../record/format.ts';
import { createPrinter } from '../../record/print.ts';
import type { AwsRanges } from '../../record/service-names.ts';
import { createTextBlock } from '../../record/text-block.ts';
import type { TextBlock } from '../../record/text-block.ts';
import type { FlowLogPart } from './assignment.ts';
import type { Skipped } from './skipped.ts';
import { createSkipped } from './skipped.ts';

/** Where records go. `flowLog` is the position in the snapshot's flow logs. */
export type RecordSink = {
  /** `interfaceId` is that of all records where a flow log has a stream for each, else of any. */
  readonly block: (flowLog: number, slotSeconds: number, interfaceId: string) => TextBlock;
  /** It takes NODATA and SKIPDATA only; `dropped` counts the records that it did not take. Not there: it always takes. */
  readonly room?: { readonly isFull: () => boolean; readonly dropped: (records: number) => void };
  /** A batch has been printed. */
  readonly printed: () => void | Promise<void>;
  /** All records of windows that have closed so far are printed. */
  readonly closed: () => void | Promise<void>;
  /** Nothing more comes. */
  readonly end: () => void | Promise<void>;
};

export type PrintSide = {
  /** In rows of batches, for each flow log once; lost: `filtered`, `spool-full`. */
  count(): StageCount;
  flows(batch: FlowBatch, from: number, decisions: readonly Decision[]): void | Promise<void>;
  /** All batches of windows that have closed so far were given. */
  closed(): void | Promise<void>;
  /**
   * A look at open windows as records of one flow log, header line first; nothing of it goes to the sink. The pieces may
   * be asked for at any later time.
   */
  look(
    batches: readonly FlowBatch[],
    from: number,
    decisions: readonly Decision[],
    flowLog: number,
  ): () => Iterable<Uint8Array>;
  /** The network has changed; `parts` says who is watched now. */
  update(snapshot: VpcSnapshot, parts: readonly FlowLogPart[]): void;
};

/** Printers of all flow logs of a snapshot. */
export function createPrintSide(
  snapshot: VpcSnapshot,
  parts: readonly FlowLogPart[],
  ranges: AwsRanges,
  sink: RecordSink,
): PrintSide {
  const decisions = createDecisionTable();
  let printers = printersOf(snapshot, parts, decisions, ranges, sink);
  let network = { snapshot, parts };
  /** Printers of an older network, which may know of something that was skipped. */
  const gone: PartPrinter[] = [];
  /** What printers counted that are no more. */
  const before = createStageCount();
  return {
    count() {
      const all = structuredClone(before);
      for (const { counts } of [...gone, ...printers]) for (const count of counts()) addCount(all, count);
      return all;
    },
    look(batches, from, added, flowLog) {
      decisions.receive(from, added);
      const { snapshot: known, parts: watched } = network;
      const own = watched.filter((part) => part.flowLog === flowLog);
      return function* () {
        yield new TextEncoder().encode(`${headerLine(parseLogFormat(known.flowLogs[flowLog]!.format))}\n`);
        const block = createTextBlock();
        // Printers of its own: the others may be at work between two pieces.
        const looking = printersOf(known, own, decisions, ranges, { ...sink, block: () => block });
        for (const batch of batches) {
          for (const { seconds, print } of looking) if (seconds === batch.intervalSeconds) print(batch);
          yield block.bytes.slice(0, block.length);
          block.length = 0;
        }
      };
    },
    flows(batch, from, added) {
      decisions.receive(from, added);
      for (const { seconds, print, skipped } of printers) {
        if (seconds !== batch.intervalSeconds) continue;
        if (sink.room?.isFull() === true) print(skipped().take(batch, sink.room.dropped));
        else print(batch);
      }
      return sink.printed();
    },
    closed() {
      const over = gone.splice(0);
      for (const { print, skipped } of [...over, ...printers])
        if (sink.room !== undefined) for (const batch of skipped().rows()) print(batch);
      for (const { counts } of over) for (const count of counts()) addCount(before, count);
      return sink.closed();
    },
    update(next, nextParts) {
      network = { snapshot: next, parts: nextParts };
      gone.push(...printers);
      printers = printersOf(next, nextParts, decisions, ranges, sink);
    },
  };
}

/** Prints the batches of one part; `skipped` counts what it does not print. */
type PartPrinter = {
  readonly seconds: number;
  readonly print: (batch: FlowBatch) => void;
  readonly skipped: () => Skipped;
  readonly counts: () => readonly StageCount[];
};

function printersOf(
  snapshot: VpcSnapshot,
  parts: readonly FlowLogPart[],
  decisions: DecisionTable,
  ranges: AwsRanges,
  sink: RecordSink,
): PartPrinter[] {
  return parts.map((part) => {
    const flowLog = snapshot.flowLogs[part.flowLog]!;
    const options = {
      format: parseLogFormat(flowLog.format),
      flowLog: { ...flowLog, interfaces: part.interfaces },
      snapshot,
      decisions,
      ranges,
    };
    const printer = createPrinter({ ...options, perInterface: flowLog.destination.type === 'cloud-watch-logs' });
    const blockFor = (slotSeconds: number, at: number): TextBlock =>
      sink.block(part.flowLog, slotSeconds, snapshot.interfaces[at]?.id ?? '');
    let skipped: Skipped | null = null;
    return {
      seconds: part.seconds,
      print: (batch) => printer.print(batch, blockFor),
      skipped: () =>
        (skipped ??= createSkipped(createPrinter({ ...options, perInterface: true }), flowLog.traffic, decisions)),
      counts: () => (skipped === null ? [printer.count] : [printer.count, skipped.count()]),
    };
  });
}
