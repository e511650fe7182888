/**
 * Prints flow batches into records: every flow log that watches their interval applies its own filter and format.
 *
 * In:    flow batches with the decisions they name. Out: records, in the blocks of a sink.
 * Holds: a batch is printed for all flow logs before its buffer goes back.
 * Fails: with the error of the sink.
 */
import type { FlowBatch } from '../../model/batch.ts';
import type { DecisionTable } from '../../network/verdict/decisions.ts';
import { createDecisionTable } from '../../network/verdict/decisions.ts';
import type { Decision, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { headerLine, parseLogFormat } from '../../record/format.ts';
import type { Printer } from '../../record/print.ts';
import { createPrinter } from '../../record/print.ts';
import type { AwsRanges } from '../../record/service-names.ts';
import { createTextBlock } from '../../record/text-block.ts';
import type { TextBlock } from '../../record/text-block.ts';
import type { FlowLogPart } from './assignment.ts';

/** Where records go. `flowLog` is the position in the snapshot's flow logs. */
export type RecordSink = {
  readonly block: (flowLog: number, slotSeconds: number, interfaceNumber: number) => TextBlock;
  /** A batch has been printed. */
  readonly printed: () => void | Promise<void>;
  /** All records of windows that have closed so far are printed. */
  readonly closed: () => void | Promise<void>;
  /** Nothing more comes. */
  readonly end: () => void | Promise<void>;
};

export type PrintSide = {
  flows(batch: FlowBatch, from: number, decisions: readonly Decision[]): void | Promise<void>;
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
  return {
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
      for (const { seconds, print } of printers) if (seconds === batch.intervalSeconds) print(batch);
      return sink.printed();
    },
    update(next, nextParts) {
      network = { snapshot: next, parts: nextParts };
      printers = printersOf(next, nextParts, decisions, ranges, sink);
    },
  };
}

function printersOf(
  snapshot: VpcSnapshot,
  parts: readonly FlowLogPart[],
  decisions: DecisionTable,
  ranges: AwsRanges,
  sink: RecordSink,
): { readonly seconds: number; readonly print: (batch: FlowBatch) => void }[] {
  return parts.map((part) => {
    const flowLog = snapshot.flowLogs[part.flowLog]!;
    const printer: Printer = createPrinter({
      format: parseLogFormat(flowLog.format),
      flowLog: { ...flowLog, interfaces: part.interfaces },
      snapshot,
      decisions,
      ranges,
      perInterface: flowLog.destination.type === 'cloud-watch-logs',
    });
    const blockFor = (slotSeconds: number, at: number): TextBlock => sink.block(part.flowLog, slotSeconds, at);
    return { seconds: part.seconds, print: (batch) => printer.print(batch, blockFor) };
  });
}
