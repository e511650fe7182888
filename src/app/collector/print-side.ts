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
import { createDecisionTable } from '../../network/verdict/decisions.ts';
import type { Decision, FlowLog, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { WindowAccount } from '../../publish/account.ts';
import { DEFAULT_FORMAT, headerLine, parseLogFormat } from '../../record/format.ts';
import { createPrinter } from '../../record/print.ts';
import type { Decisions } from '../../record/print.ts';
import type { RecordTally } from '../../record/record-tally.ts';
import type { AwsRanges } from '../../record/service-names.ts';
import { createTextBlock } from '../../record/text-block.ts';
import type { TextBlock } from '../../record/text-block.ts';
import type { FlowLogPart } from './assignment.ts';
import type { Skipped } from './skipped.ts';
import { createSkipped } from './skipped.ts';
import type { WindowAccounts } from './window-accounts.ts';
import { createWindowAccounts } from './window-accounts.ts';

/** Where records go. `flowLog` is the position in the snapshot's flow logs. */
export type RecordSink = {
  /** `interfaceId` is that of all records where a flow log has a stream for each, else of any. */
  readonly block: (flowLog: number, slotSeconds: number, interfaceId: string) => TextBlock;
  /** It takes NODATA and SKIPDATA only; `dropped` counts the records that it did not take. Not there: it always takes. */
  readonly room?: { readonly isFull: () => boolean; readonly dropped: (records: number) => void };
  /**
   * Accounts of windows that have closed, whose records are in the blocks of that slot. Not there: nobody keeps a ledger.
   */
  readonly account?: (flowLog: number, slotSeconds: number, accounts: readonly WindowAccount[]) => void;
  /** A batch has been printed. */
  readonly printed: () => void | Promise<void>;
  /** All records of windows that have closed so far are printed. */
  readonly closed: () => void | Promise<void>;
  /** Flow logs were added at the end of the list, or have ended; a position keeps its flow log. */
  readonly update?: (flowLogs: readonly FlowLog[], ended: ReadonlySet<string>) => void;
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
   * be asked for at any later time. Of no flow log there are none.
   */
  look(
    batches: readonly FlowBatch[],
    from: number,
    decisions: readonly Decision[],
    flowLog: number | null,
  ): () => Iterable<Uint8Array>;
  /**
   * The network changes here. Of flow logs that end with it the look at open windows that `batches` is are their last records.
   */
  changed(
    batches: readonly FlowBatch[],
    from: number,
    decisions: readonly Decision[],
    next: Printed,
  ): void | Promise<void>;
};

/** What is printed: `parts` says for each flow log of which windows and interfaces. */
export type Printed = {
  readonly snapshot: VpcSnapshot;
  readonly parts: readonly FlowLogPart[];
  /** Ids of flow logs that have ended. */
  readonly ended: ReadonlySet<string>;
};

/** Printers of all flow logs of a snapshot. */
export function createPrintSide(
  snapshot: VpcSnapshot,
  parts: readonly FlowLogPart[],
  ranges: AwsRanges,
  sink: RecordSink,
): PrintSide {
  // Nobody asks here which number a decision has: a list does.
  const list = [...createDecisionTable().list];
  const decisions: Decisions = { list };
  const receive = (from: number, added: readonly Decision[]): void => {
    for (let at = list.length - from; at < added.length; at++) list.push(added[at]!);
  };
  let printers = printersOf(snapshot, parts, decisions, ranges, sink);
  let network: Pick<Printed, 'snapshot' | 'parts'> = { snapshot, parts };
  /** Printers of an older network, which may know of something that was skipped. */
  const gone: PartPrinter[] = [];
  /** What printers counted that are no more. */
  const before = createStageCount();
  const side: PrintSide = {
    count() {
      const all = structuredClone(before);
      for (const { counts } of [...gone, ...printers]) for (const count of counts()) addCount(all, count);
      return all;
    },
    look(batches, from, added, flowLog) {
      receive(from, added);
      const { snapshot: known, parts: watched } = network;
      const own = watched.filter((part) => part.flowLog === flowLog);
      return function* () {
        const format = flowLog === null ? DEFAULT_FORMAT : known.flowLogs[flowLog]!.format;
        yield new TextEncoder().encode(`${headerLine(parseLogFormat(format))}\n`);
        const block = createTextBlock();
        // Printers of its own: the others may be at work between two pieces.
        const { account: _, ...unaccounted } = { ...sink, block: () => block };
        const looking = printersOf(known, own, decisions, ranges, unaccounted);
        for (const batch of batches) {
          for (const { part, print } of looking) if (isOf(batch, part)) print(batch);
          yield block.bytes.slice(0, block.length);
          block.length = 0;
        }
      };
    },
    flows(batch, from, added) {
      receive(from, added);
      for (const printer of printers) if (isOf(batch, printer.part)) printOrSkip(printer, batch);
      return sink.printed();
    },
    closed() {
      const over = gone.splice(0);
      for (const { part, print, skipped, accounts } of [...over, ...printers]) {
        if (sink.room !== undefined) for (const batch of skipped().rows()) print(batch, accounts?.made(batch));
        for (const [slot, rows] of accounts?.take() ?? []) sink.account?.(part.flowLog, slot, rows);
      }
      for (const { counts } of over) for (const count of counts()) addCount(before, count);
      return sink.closed();
    },
    changed(batches, from, added, next) {
      receive(from, added);
      const isLast = ({ part }: PartPrinter): boolean =>
        part.untilSeconds === undefined && next.ended.has(network.snapshot.flowLogs[part.flowLog]!.id);
      const last = printers.filter(isLast);
      for (const batch of batches)
        for (const printer of last) if (isOf(batch, printer.part)) printOrSkip(printer, batch);
      network = next;
      gone.push(...printers);
      printers = printersOf(next.snapshot, next.parts, decisions, ranges, sink);
      sink.update?.(next.snapshot.flowLogs, next.ended);
      // Nothing comes any more that would bring their last records on their way.
      return last.length === 0 ? undefined : side.closed();
    },
  };
  return side;

  function printOrSkip({ print, skipped, accounts }: PartPrinter, batch: FlowBatch): void {
    const counted = accounts?.source(batch);
    const { room } = sink;
    if (room?.isFull() !== true) {
      print(batch, counted);
      return;
    }
    const dropped = (records: number, at: number, packets: number): void => {
      room.dropped(records);
      accounts?.dropped(batch, at, packets);
    };
    print(skipped().take(batch, dropped), counted);
  }
}

/** Whether a batch is of the windows that a part is about; of a look all is that a flow log has so far. */
function isOf(
  { intervalSeconds, windowStartSeconds, partial, open }: FlowBatch,
  { seconds, partial: own = 0, fromSeconds = 0, untilSeconds = Infinity }: FlowLogPart,
): boolean {
  if (seconds !== intervalSeconds || own !== partial || windowStartSeconds < fromSeconds) return false;
  return windowStartSeconds < untilSeconds || (open && untilSeconds === Infinity);
}

/** Prints the batches of one part; `skipped` counts what it does not print. */
type PartPrinter = {
  readonly part: FlowLogPart;
  readonly print: (batch: FlowBatch, counted?: RecordTally) => void;
  /** Null where nobody keeps a ledger. */
  readonly accounts: WindowAccounts | null;
  readonly skipped: () => Skipped;
  readonly counts: () => readonly StageCount[];
};

function printersOf(
  snapshot: VpcSnapshot,
  parts: readonly FlowLogPart[],
  decisions: Decisions,
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
      part,
      print: (batch, counted) => printer.print(batch, blockFor, counted),
      accounts: sink.account === undefined ? null : createWindowAccounts(snapshot, options.flowLog, decisions),
      skipped: () =>
        (skipped ??= createSkipped(createPrinter({ ...options, perInterface: true }), flowLog.traffic, decisions)),
      counts: () => (skipped === null ? [printer.count] : [printer.count, skipped.count()]),
    };
  });
}
