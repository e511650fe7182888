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
 * Records are gathered in columns and printed in groups, field by field (`lines.ts`): what a decision fixes is copied
 * from bytes made at its first sight, everything else is written digit by digit.
 */
import { failure } from '../model/errors.ts';
import { STATUS_NODATA, STATUS_OK } from '../model/batch.ts';
import { createStageCount } from '../model/counters.ts';
import { createPaths } from '../network/vpc/path.ts';
import { composePieces } from './print-pieces.ts';
import { EGRESS, FlowsInPrint, INGRESS } from './fields/field.ts';
import { EXTENSION } from './fields/extension.ts';
import { GROUP_LINES, Lines } from './lines.ts';
import { grown } from './texts.ts';
import type { FlowBatch } from '../model/batch.ts';
import type { StageCount } from '../model/counters.ts';
import type { DecisionTable } from '../network/verdict/decisions.ts';
import type { Paths } from '../network/vpc/path.ts';
import type { FlowLog, VpcSnapshot } from '../network/vpc/snapshot.ts';
import type { Subject } from './fields/field.ts';
import type { LogFormat } from './format.ts';
import type { Pieces } from './print-pieces.ts';
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
   */
  print(batch: FlowBatch, blockFor: BlockFor): void;
  /** In rows of batches: out = printed, alone or with those tied to them; lost: `filtered`, which other flow logs may show. */
  readonly count: StageCount;
  /** From the next batch on, names come from this snapshot. `flowLog` where its interfaces changed with it. */
  update(snapshot: VpcSnapshot, flowLog?: FlowLog): void;
};

export type PrinterOptions = {
  readonly format: LogFormat;
  readonly flowLog: FlowLog;
  readonly snapshot: VpcSnapshot;
  readonly decisions: DecisionTable;
  readonly ranges: AwsRanges;
  /** True: a block holds records of one interface (CloudWatch Logs streams). */
  readonly perInterface: boolean;
};

/** What is known of a decision, where it is not the number of its stamp. */
const NOT_SEEN = 0;
const LEFT_OUT = -1;

/** Words of a stamp in `sides`: what of the packet's IPv4 addresses is shown, what instead, and whose record it is. */
const KEEP_SRC = 0;
const OWN_SRC = 1;
const KEEP_DST = 2;
const OWN_DST = 3;
const BYTES_HIDDEN = 4;
const DIRECTION = 5;
const INTERFACE = 6;
const SIDE_WORDS = 8;

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

  /** By decision number: its stamp, or `NOT_SEEN` or `LEFT_OUT`. */
  let stampOf = new Int32Array(256);
  let sides = new Int32Array(256 * SIDE_WORDS);

  const rowCount = createStageCount();
  // The group: its flows, all with the same pieces, and the room for its lines.
  const flows = new FlowsInPrint();
  const lines = new Lines();
  let pieces = withTraffic;
  /** By record: its first row, and the row behind those tied to it. */
  const rowOf = new Int32Array(GROUP_LINES);
  const behind = new Int32Array(GROUP_LINES);
  /** Whether some record of the group needs more than `fill`; `hides`: whether any may. */
  let mends = false;
  let hides = false;

  // Where the last record went.
  let block: TextBlock | null = null;
  let blockSlot = -1;
  let blockInterface = -1;

  function compose(status: Subject['status']): Pieces {
    return composePieces(format, { snapshot, flowLog, ranges: options.ranges, version: format.version }, status);
  }

  function forget(): void {
    stampOf.fill(NOT_SEEN);
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
    if (recording === undefined || member[decision.interface] !== 1 || !isWanted) return (stampOf[number] = LEFT_OUT);
    const stamp = withTraffic.stampOf(decision);
    const at = stamp * SIDE_WORDS;
    if (at >= sides.length) sides = grown(sides);
    const { direction } = decision;
    const own = recording.primary4;
    const showsSrc = direction === 'egress' && own !== null;
    const showsDst = direction === 'ingress' && own !== null;
    sides[at + KEEP_SRC] = showsSrc ? 0 : -1;
    sides[at + OWN_SRC] = showsSrc ? own : 0;
    sides[at + KEEP_DST] = showsDst ? 0 : -1;
    sides[at + OWN_DST] = showsDst ? own : 0;
    sides[at + BYTES_HIDDEN] = decision.rejectReason === 'BPA' ? 1 : 0;
    hides ||= decision.rejectReason === 'BPA';
    sides[at + DIRECTION] = direction === 'ingress' ? INGRESS : direction === 'egress' ? EGRESS : 0;
    sides[at + INTERFACE] = decision.interface;
    return (stampOf[number] = stamp);
  }

  /**
   * Fills the columns of the group from its rows. Few columns in each loop: so the processor looks ahead far enough to
   * have several words of a table under way at once.
   */
  function fill(batch: FlowBatch): void {
    const { count } = flows;
    const { stamp, at, packetSrc, packetDst, shownSrc, shownDst, direction, interface: recording } = flows;
    const { src, dst } = batch;
    for (let i = 0; i < count; i++) {
      const words = stamp[i]! * SIDE_WORDS;
      const from = rowOf[i]! * 4;
      at[i] = from;
      packetSrc[i] = src[from]!;
      packetDst[i] = dst[from]!;
      shownSrc[i] = (src[from]! & sides[words + KEEP_SRC]!) | sides[words + OWN_SRC]!;
      shownDst[i] = (dst[from]! & sides[words + KEEP_DST]!) | sides[words + OWN_DST]!;
      direction[i] = sides[words + DIRECTION]!;
      recording[i] = sides[words + INTERFACE]!;
    }
    const { srcport, dstport, family, protocol, tcpFlags } = flows;
    for (let i = 0; i < count; i++) {
      const row = rowOf[i]!;
      const ports = batch.ports[row]!;
      srcport[i] = ports >>> 16;
      dstport[i] = ports & 0xffff;
      family[i] = batch.family[row]!;
      protocol[i] = batch.protocol[row]!;
      tcpFlags[i] = batch.tcpFlags[row]!;
    }
    const { packets, bytes, startSeconds, endSeconds } = flows;
    for (let i = 0; i < count; i++) {
      const row = rowOf[i]!;
      packets[i] = batch.packets[row]!;
      bytes[i] = batch.bytes[row]!;
      startSeconds[i] = Math.floor(batch.firstMicros[row]! / 1e6);
      endSeconds[i] = Math.floor(batch.lastMicros[row]! / 1e6);
    }
  }

  /** Mends what `fill` cannot know: sums of rows tied together, bytes that AWS does not give, and lines without traffic. */
  function mend(batch: FlowBatch): void {
    const { count, stamp, packets, bytes } = flows;
    for (let i = 0; i < count; i++) {
      const row = rowOf[i]!;
      if (pieces !== withTraffic) {
        stamp[i] = pieces.stampOf(decisions.list[batch.decision[row]!]!);
        packets[i] = batch.lost[row]!;
        continue;
      }
      if (behind[i]! > row + 1) addUp(batch, i);
      if (sides[stamp[i]! * SIDE_WORDS + BYTES_HIDDEN] === 1) bytes[i] = -1;
    }
  }

  /** Adds up the rows of record `i`: those of its stamp, or all that are tied together where the format does not split. */
  function addUp(batch: FlowBatch, i: number): void {
    let packets = 0;
    let bytes = 0;
    let first = Infinity;
    let last = 0;
    let tcpFlags = 0;
    for (let row = rowOf[i]!; row < behind[i]!; row++) {
      if (splits && stampOf[batch.decision[row]!] !== flows.stamp[i]) continue;
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
    for (let row = from; row < to; row++) if (stampOf[decision[row]!] === NOT_SEEN) learn(decision[row]!);
    // Few rows are tied together: looking back is cheaper than remembering.
    for (let row = from + 1; row < to; row++) {
      const other = stampOf[decision[row]!]!;
      let before = from;
      while (stampOf[decision[before]!] !== other) before++;
      if (before < row) continue;
      if (flows.count === GROUP_LINES) printGroup(batch, blockFor);
      mends = true;
      take(row, to, other);
    }
  }

  /** Adds a record to the group, of rows `[row, end)`; there is room. */
  function take(row: number, end: number, stamp: number): void {
    const i = flows.count++;
    rowOf[i] = row;
    behind[i] = end;
    flows.stamp[i] = stamp;
  }

  /** The pieces for a row of this status. */
  function piecesFor(status: number): Pieces {
    return status === STATUS_OK ? withTraffic : status === STATUS_NODATA ? noData : skipData;
  }

  /** Finds for each record of the group where its traffic goes, or comes from. */
  function findPaths(known: Paths): void {
    const { count, at, family, direction, trafficPath, nextHop } = flows;
    for (let i = 0; i < count; i++) {
      const own = flows.interface[i]!;
      const isIngress = direction[i] === INGRESS;
      const remote = isIngress ? flows.src : flows.dst;
      const from = at[i]!;
      const w0 = remote[from]!;
      const w1 = remote[from + 1]!;
      const w2 = remote[from + 2]!;
      const w3 = remote[from + 3]!;
      const packed = direction[i] === 0 ? 0 : known.look(own, family[i]!, w0, w1, w2, w3);
      trafficPath[i] = packed & 15;
      nextHop[i] = isIngress ? known.sender(own, family[i]!, w0, w1, w2, w3) : packed >>> 4;
    }
  }

  /** Whether record `i` goes into the block of the one before. */
  function goesOn(i: number): boolean {
    const end = flows.endSeconds[i]!;
    return (
      end >= blockSlot && end < blockSlot + SLOT_SECONDS && (!perInterface || flows.interface[i] === blockInterface)
    );
  }

  /** The block of record `i`; asks for it where it is another one. */
  function turnTo(i: number, blockFor: BlockFor): TextBlock {
    if (block !== null && goesOn(i)) return block;
    const end = flows.endSeconds[i]!;
    blockSlot = end - (end % SLOT_SECONDS);
    blockInterface = perInterface ? flows.interface[i]! : 0;
    return (block = blockFor(blockSlot, blockInterface));
  }

  /** Prints the group into its blocks; it is empty then. */
  function printGroup(batch: FlowBatch, blockFor: BlockFor): void {
    const { count, packets } = flows;
    if (count === 0) return;
    fill(batch);
    if (mends || hides) mend(batch);
    if (paths !== null && pieces === withTraffic) findPaths(paths);
    lines.begin(count, pieces.width);
    pieces.write(lines, flows);
    for (let from = 0; from < count;) {
      const target = turnTo(from, blockFor);
      let to = from + 1;
      let sum = packets[from]!;
      for (; to < count && goesOn(to); to++) sum += packets[to]!;
      lines.give(from, to, target);
      target.records += to - from;
      if (pieces === withTraffic) target.packets += sum;
      else target.lostPackets += sum;
      from = to;
    }
    flows.count = 0;
    mends = false;
  }

  return {
    count: rowCount,
    print(batch, blockFor) {
      const decisionCount = decisions.list.length;
      if (decisionCount > stampOf.length) stampOf = grown(stampOf, decisionCount);
      block = null;
      const { rows, decision, joins, status } = batch;
      flows.src = batch.src;
      flows.dst = batch.dst;
      flows.count = 0;
      let filtered = 0;
      for (let row = 0; row < rows;) {
        let end = row + 1;
        while (end < rows && joins[end] === 1) end++;
        const stamp = stampOf[decision[row]!] || learn(decision[row]!);
        if (stamp === LEFT_OUT) filtered += end - row;
        else {
          const wanted = piecesFor(status[row]!);
          if (flows.count === GROUP_LINES || wanted !== pieces) printGroup(batch, blockFor);
          pieces = wanted;
          if (wanted !== withTraffic) mends = true;
          if (end === row + 1) take(row, end, stamp);
          else takeTied(batch, row, end, stamp, blockFor);
        }
        row = end;
      }
      printGroup(batch, blockFor);
      block = null;
      rowCount.in += rows;
      rowCount.out += rows - filtered;
      if (filtered > 0) rowCount.lost['filtered'] = (rowCount.lost['filtered'] ?? 0) + filtered;
    },
    update(newer, newerFlowLog) {
      snapshot = newer;
      flowLog = newerFlowLog ?? newer.flowLogs.find((one) => one.id === flowLog.id) ?? flowLog;
      [withTraffic, noData, skipData] = [compose('OK'), compose('NODATA'), compose('SKIPDATA')];
      forget();
    },
  };
}
