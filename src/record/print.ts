/**
 * Flows as records: the only code that makes records (rule D1).
 *
 * In:    batches of flows of a closed window. Out: lines in text blocks, one block for each five-minute slot (by `end`)
 *        and, where asked for, interface.
 * Holds: every flow of the flow log's interfaces and traffic filter is in exactly one record; rows that `joins` ties
 *        together are one record but for what the format names of x-rule-id and x-verdict-stage (rule W6). NODATA and
 *        SKIPDATA lines pass any filter.
 * Fails: `FG_DECISION_UNKNOWN` when a batch names a decision that the table does not have (our fault).
 *
 * Records are gathered in columns and printed in groups, field by field (`print-loops.ts`): what a decision fixes is copied
 * from bytes made at its first sight, everything else is written digit by digit.
 */
import { failure } from '../model/errors.ts';
import { STATUS_NODATA, STATUS_OK } from '../model/batch.ts';
import { createStageCount } from '../model/counters.ts';
import { createPaths } from '../network/vpc/path.ts';
import { composePieces } from './print-pieces.ts';
import { EGRESS, INGRESS } from './fields/field.ts';
import { EXTENSION } from './fields/extension.ts';
import { theGroup } from './group.ts';
import {
  BYTES_HIDDEN,
  GROUP_LINES,
  KEEP_DST,
  KEEP_SRC,
  LEFT_OUT,
  NOT_SEEN,
  OWN_DIRECTION,
  OWN_DST,
  OWN_INTERFACE,
  OWN_SRC,
} from './print-loops.ts';
import type { FlowBatch } from '../model/batch.ts';
import type { StageCount } from '../model/counters.ts';
import type { DecisionTable } from '../network/verdict/decisions.ts';
import type { Paths } from '../network/vpc/path.ts';
import type { FlowLog, VpcSnapshot } from '../network/vpc/snapshot.ts';
import type { Subject } from './fields/field.ts';
import type { LogFormat } from './format.ts';
import type { Pieces } from './print-pieces.ts';
import type { LineStatus, RecordTally } from './record-tally.ts';
import type { AwsRanges } from './service-names.ts';
import type { TextBlock } from './text-block.ts';

/** Seconds of a slot: records are put in slots by `end`. */
export const SLOT_SECONDS = 300;

/** The block of a slot (its first second) and interface. */
type BlockFor = (slotSeconds: number, interfaceNumber: number) => TextBlock;

/** Prints the flows of one flow log. */
export type Printer = {
  /**
   * Prints what of a batch belongs to the flow log.
   *
   * @param blockFor  the block of a slot (its first second) and interface (0 unless `perInterface`); asked only when
   *                  one of them changes
   * @param counted   counts what is printed; not given: nobody has to account for it
   */
  print(batch: FlowBatch, blockFor: BlockFor, counted?: RecordTally): void;
  /** In rows of batches: out = printed, alone or with those tied to them; lost: `filtered`, which other flow logs may show. */
  readonly count: StageCount;
  /** From the next batch on, names come from this snapshot. `flowLog` where its interfaces changed with it. */
  update(snapshot: VpcSnapshot, flowLog?: FlowLog): void;
};

/** What was decided, by the number that flows name it with. */
export type Decisions = Pick<DecisionTable, 'list'>;

export type PrinterOptions = {
  readonly format: LogFormat;
  readonly flowLog: FlowLog;
  readonly snapshot: VpcSnapshot;
  readonly decisions: Decisions;
  readonly ranges: AwsRanges;
  /** True: a block holds records of one interface (CloudWatch Logs streams). */
  readonly perInterface: boolean;
};

/** Records of one batch after which loops run as WebAssembly. Those of few records run as they are written: memories take much address space. */
const MANY_RECORDS = 256;

/** Makes the printer of a flow log. */
export function createPrinter(options: PrinterOptions): Printer {
  const { format, decisions, perInterface } = options;
  const splits = format.fields.some((field) => EXTENSION.includes(field));
  const needsPaths = format.fields.some((field) => field.from === 'peer' && !field.name.endsWith('-aws-service'));

  let flowLog = options.flowLog;
  let snapshot = options.snapshot;
  let paths: Paths | null = null;
  let member = new Uint8Array(0);
  let withTraffic = compose('OK');
  let noData = compose('NODATA');
  let skipData = compose('SKIPDATA');

  const rowCount = createStageCount();
  // The group: its flows, all with the same pieces, and their lines.
  const group = theGroup();
  let pieces = withTraffic;
  /** By record of the group: the row behind those tied to its first one; 0 where none is. */
  const behind = new Int32Array(GROUP_LINES);
  /** Whether some record of the group needs more than `fill`; `hides`: whether any may. */
  let mends = false;
  let hides = false;
  let printedOfBatch = 0;
  let isHastened = false;

  let tally: RecordTally | null = null;

  // Where the last record went.
  let block: TextBlock | null = null;
  let blockSlot = -1;
  let blockInterface = -1;

  function compose(status: Subject['status']): Pieces {
    return composePieces(format, { snapshot, flowLog, ranges: options.ranges, version: format.version }, status);
  }

  function forget(): void {
    withTraffic.stamps.i32.fill(NOT_SEEN);
    member = new Uint8Array(snapshot.interfaces.length);
    for (const number of flowLog.interfaces) member[number] = 1;
    paths = needsPaths ? createPaths(snapshot) : null;
  }
  forget();

  /** Looks at a decision for the first time. */
  function learn(number: number): number {
    const decision = decisions.list[number];
    if (decision === undefined) throw failure('FG_DECISION_UNKNOWN', number);
    const recording = snapshot.interfaces[decision.interface];
    const isWanted = flowLog.traffic === 'ALL' || decision.action === null || decision.action === flowLog.traffic;
    if (recording === undefined || member[decision.interface] !== 1 || !isWanted)
      return (withTraffic.stamps.i32[number] = LEFT_OUT);
    const stamp = withTraffic.stampOf(decision);
    const at = stamp * withTraffic.stride;
    const { i32 } = withTraffic.known;
    const { direction } = decision;
    const own = recording.primary4;
    const showsSrc = direction === 'egress' && own !== null;
    const showsDst = direction === 'ingress' && own !== null;
    i32[at + KEEP_SRC] = showsSrc ? 0 : -1;
    i32[at + OWN_SRC] = showsSrc ? own : 0;
    i32[at + KEEP_DST] = showsDst ? 0 : -1;
    i32[at + OWN_DST] = showsDst ? own : 0;
    i32[at + BYTES_HIDDEN] = decision.rejectReason === 'BPA' ? 1 : 0;
    hides ||= decision.rejectReason === 'BPA';
    i32[at + OWN_DIRECTION] = direction === 'ingress' ? INGRESS : direction === 'egress' ? EGRESS : 0;
    i32[at + OWN_INTERFACE] = decision.interface;
    return (withTraffic.stamps.i32[number] = stamp);
  }

  function stampOf(number: number): number {
    return withTraffic.stamps.i32[number]! || learn(number);
  }

  /** Mends what `fill` cannot know: sums of rows tied together, bytes that AWS does not give, and lines without traffic. */
  function mend(batch: FlowBatch): void {
    const { count, row, stamp, packets, bytes } = group.flows;
    for (let i = 0; i < count; i++) {
      if (pieces !== withTraffic) {
        stamp[i] = pieces.stampOf(decisions.list[batch.decision[row[i]!]!]!);
        packets[i] = batch.lost[row[i]!]!;
        continue;
      }
      if (behind[i]! > 0) addUp(batch, i);
      if (withTraffic.known.i32[stamp[i]! * withTraffic.stride + BYTES_HIDDEN] === 1) bytes[i] = -1;
    }
    behind.fill(0);
  }

  /** Adds up the rows of record `i`: those of its stamp, or all that are tied together where the format does not split. */
  function addUp(batch: FlowBatch, i: number): void {
    const { flows } = group;
    let packets = 0;
    let bytes = 0;
    let first = Infinity;
    let last = 0;
    let tcpFlags = 0;
    for (let row = flows.row[i]!; row < behind[i]!; row++) {
      if (splits && stampOf(batch.decision[row]!) !== flows.stamp[i]) continue;
      packets += batch.packets[row]!;
      bytes += batch.bytes[row]!;
      if (batch.firstMicros[row]! < first) first = batch.firstMicros[row]!;
      if (batch.lastMicros[row]! > last) last = batch.lastMicros[row]!;
      tcpFlags |= batch.tcpFlags[row]!;
    }
    flows.packets[i] = packets;
    flows.bytes[i] = bytes;
    flows.startSeconds[i] = Math.floor(first / 1e6);
    flows.endSeconds[i] = Math.floor(last / 1e6);
    flows.tcpFlags[i] = tcpFlags;
  }

  /** Adds rows tied together to the group, as as many records as the format tells apart; there is room for one. */
  function takeTied(batch: FlowBatch, from: number, to: number, stamp: number, blockFor: BlockFor): void {
    const { decision } = batch;
    mends = true;
    take(from, to, stamp);
    if (!splits) return;
    // Few rows are tied together: looking back is cheaper than remembering.
    for (let row = from + 1; row < to; row++) {
      const other = stampOf(decision[row]!);
      let before = from;
      while (stampOf(decision[before]!) !== other) before++;
      if (before < row) continue;
      if (group.count === GROUP_LINES) printGroup(batch, blockFor);
      mends = true;
      take(row, to, other);
    }
  }

  /** Adds a record to the group, of rows `[row, end)` where they are tied; there is room. */
  function take(row: number, end: number, stamp: number): void {
    const i = group.count++;
    group.flows.row[i] = row;
    group.flows.stamp[i] = stamp;
    behind[i] = end === row + 1 ? 0 : end;
  }

  /** Takes one record that is not like most, into a group that may be another one then; the row behind it. */
  function takeOther(batch: FlowBatch, row: number, blockFor: BlockFor): number {
    const { rows, decision, joins, status } = batch;
    let end = row + 1;
    while (end < rows && joins[end] === 1) end++;
    const stamp = stampOf(decision[row]!);
    if (stamp === LEFT_OUT) {
      group.filtered += end - row;
      return end;
    }
    const wanted = piecesFor(status[row]!);
    if (group.count === GROUP_LINES || wanted !== pieces) printGroup(batch, blockFor);
    pieces = wanted;
    if (wanted !== withTraffic) {
      mends = true;
      // Made here, so that the width of the lines is known.
      wanted.stampOf(decisions.list[decision[row]!]!);
    }
    if (end === row + 1) take(row, end, stamp);
    else takeTied(batch, row, end, stamp, blockFor);
    return end;
  }

  /** The pieces for a row of this status. */
  function piecesFor(status: number): Pieces {
    return status === STATUS_OK ? withTraffic : status === STATUS_NODATA ? noData : skipData;
  }

  function statusOf(known: Pieces): LineStatus {
    return known === withTraffic ? 'OK' : known === noData ? 'NODATA' : 'SKIPDATA';
  }

  /** Finds for each record of the group where its traffic goes, or comes from. */
  function findPaths(known: Paths): void {
    const { flows } = group;
    const { count, row, family, direction, trafficPath, nextHop } = flows;
    for (let i = 0; i < count; i++) {
      const own = flows.interface[i]!;
      const isIngress = direction[i] === INGRESS;
      const remote = isIngress ? flows.src : flows.dst;
      const from = row[i]! * 4;
      const w0 = remote[from]!;
      const w1 = remote[from + 1]!;
      const w2 = remote[from + 2]!;
      const w3 = remote[from + 3]!;
      const packed = direction[i] === 0 ? 0 : known.look(own, family[i]!, w0, w1, w2, w3);
      trafficPath[i] = packed & 15;
      nextHop[i] = isIngress ? known.sender(own, family[i]!, w0, w1, w2, w3) : packed >>> 4;
    }
  }

  /** Behind the last record from `from` on that goes into the block at hand. */
  function runFrom(from: number): number {
    return pieces.loops.run(from, blockSlot, blockSlot + SLOT_SECONDS, perInterface ? blockInterface : -1);
  }

  /** Turns to the block of record `i`. */
  function turnTo(i: number, blockFor: BlockFor): TextBlock {
    const end = group.flows.endSeconds[i]!;
    blockSlot = end - (end % SLOT_SECONDS);
    blockInterface = perInterface ? group.flows.interface[i]! : 0;
    return (block = blockFor(blockSlot, blockInterface));
  }

  /** Prints the group into its blocks; it is empty then. */
  function printGroup(batch: FlowBatch, blockFor: BlockFor): void {
    const { count } = group;
    if (count === 0) return;
    group.widen(pieces.width);
    withTraffic.loops.fill(withTraffic.stride, group.width);
    if (mends || hides) mend(batch);
    const { flows } = group;
    if (paths !== null && pieces === withTraffic) findPaths(paths);
    pieces.write(flows);
    for (let from = 0; from < count;) {
      let target = block;
      let to = target === null ? from : runFrom(from);
      if (target === null || to === from) {
        target = turnTo(from, blockFor);
        to = runFrom(from);
      }
      const { sum } = group;
      group.give(pieces.loops, from, to, target);
      target.records += to - from;
      if (pieces === withTraffic) target.packets += sum;
      else target.lostPackets += sum;
      if (tally !== null) tally.count(flows, from, to, blockSlot, statusOf(pieces));
      from = to;
    }
    group.count = 0;
    mends = false;
    printedOfBatch += count;
    if (!isHastened && printedOfBatch >= MANY_RECORDS) {
      isHastened = true;
      withTraffic.hasten();
    }
  }

  return {
    count: rowCount,
    print(batch, blockFor, counted) {
      tally = counted ?? null;
      const known = decisions.list.length;
      withTraffic.stamps.reserve(known * 4);
      block = null;
      const { rows } = batch;
      printedOfBatch = 0;
      group.load(batch);
      for (let row = 0; row < rows;) {
        if (pieces === withTraffic || group.count === 0) {
          pieces = withTraffic;
          row = pieces.loops.take(row, rows, known);
          if (group.count === GROUP_LINES) printGroup(batch, blockFor);
          else if (row < rows) row = takeOther(batch, row, blockFor);
        } else row = takeOther(batch, row, blockFor);
      }
      printGroup(batch, blockFor);
      const { filtered } = group;
      block = null;
      rowCount.in += rows;
      rowCount.out += rows - filtered;
      if (filtered > 0) rowCount.lost['filtered'] = (rowCount.lost['filtered'] ?? 0) + filtered;
    },
    update(newer, newerFlowLog) {
      snapshot = newer;
      flowLog = newerFlowLog ?? newer.flowLogs.find((one) => one.id === flowLog.id) ?? flowLog;
      [withTraffic, noData, skipData] = [compose('OK'), compose('NODATA'), compose('SKIPDATA')];
      pieces = withTraffic;
      isHastened = false;
      forget();
    },
  };
}
