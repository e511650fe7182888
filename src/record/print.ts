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
 * The printer is a row of pieces made once for each format: what a decision fixes is copied from bytes made at its first
 * sight, everything else is written digit by digit.
 */
import { failure } from '../model/errors.ts';
import { STATUS_NODATA, STATUS_OK } from '../model/batch.ts';
import { createPaths } from '../network/vpc/path.ts';
import { composePieces } from './print-pieces.ts';
import { BYTES, EGRESS, END_SECONDS, INGRESS, PACKETS, START_SECONDS } from './fields/field.ts';
import { EXTENSION } from './fields/extension.ts';
import { reserve } from './text-block.ts';
import type { FlowBatch } from '../model/batch.ts';
import type { DecisionTable } from '../network/verdict/decisions.ts';
import type { Paths } from '../network/vpc/path.ts';
import type { FlowLog, VpcSnapshot } from '../network/vpc/snapshot.ts';
import type { FlowInPrint, World } from './fields/field.ts';
import type { LogFormat } from './format.ts';
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

/** What is known of a decision. */
const NOT_SEEN = 0;
const PRINTED = 1;
const LEFT_OUT = 2;

/** Makes the printer of a flow log. */
export function createPrinter(options: PrinterOptions): Printer {
  const { format, decisions, perInterface } = options;
  const splits = format.fields.some((field) => EXTENSION.includes(field));
  const needsPaths = format.fields.some((field) => field.from === 'peer' && !field.name.endsWith('-aws-service'));

  let flowLog = options.flowLog;
  let snapshot = options.snapshot;
  let paths: Paths | null = null;
  let member = new Uint8Array(0);
  let pieces = composePieces(format, worldOf());

  // By decision number.
  let state = new Uint8Array(256);
  let direction = new Uint8Array(256);
  let primary = new Float64Array(256);
  let shownAs = new Int32Array(256);
  const shownTexts = new Map<string, number>();

  const flow: FlowInPrint = {
    family: 4,
    protocol: 0,
    srcport: 0,
    dstport: 0,
    tcpFlags: 0,
    bytesHidden: false,
    src: new Uint32Array(4),
    dst: new Uint32Array(4),
    at: 0,
    shown: new Uint32Array(2),
    sums: new Float64Array(4),
    direction: 0,
    interface: 0,
    trafficPath: 0,
    nextHop: 0,
  };

  // Where the last record went.
  let block: TextBlock | null = null;
  let blockSlot = -1;
  let blockInterface = -1;

  function worldOf(): World {
    return { snapshot, flowLog, ranges: options.ranges, version: format.version };
  }

  function forget(): void {
    state.fill(NOT_SEEN);
    member = new Uint8Array(snapshot.interfaces.length);
    for (const number of flowLog.interfaces) member[number] = 1;
    paths = needsPaths ? createPaths(snapshot) : null;
  }
  forget();

  /** Makes the arrays long enough for every decision there is. */
  function makeRoom(count: number): void {
    if (count <= state.length) return;
    const capacity = Math.max(count, state.length * 2);
    const longer = <A extends { set(from: A): void }>(from: A, to: A): A => (to.set(from), to);
    state = longer(state, new Uint8Array(capacity));
    direction = longer(direction, new Uint8Array(capacity));
    primary = longer(primary, new Float64Array(capacity));
    shownAs = longer(shownAs, new Int32Array(capacity));
  }

  /** Looks at a decision for the first time. */
  function learn(number: number): number {
    const decision = decisions.list[number];
    if (decision === undefined) throw failure('FG_DECISION_UNKNOWN', number);
    const recording = snapshot.interfaces[decision.interface];
    const wanted =
      flowLog.traffic === 'ALL' || decision.action === null || decision.action === flowLog.traffic ? PRINTED : LEFT_OUT;
    state[number] = recording !== undefined && member[decision.interface] === 1 ? wanted : LEFT_OUT;
    if (recording === undefined) return LEFT_OUT;
    direction[number] = decision.direction === 'ingress' ? INGRESS : decision.direction === 'egress' ? EGRESS : 0;
    primary[number] = recording.primary4 ?? -1;
    if (splits) {
      const text = pieces.shownOf(decision);
      shownAs[number] = shownTexts.get(text) ?? shownTexts.size;
      shownTexts.set(text, shownAs[number]);
    }
    return state[number];
  }

  /** The block of a record that ends at a second. */
  function blockOf(endSeconds: number, interfaceNumber: number, blockFor: BlockFor): TextBlock {
    const slot = endSeconds - (endSeconds % SLOT_SECONDS);
    const wanted = perInterface ? interfaceNumber : 0;
    if (block === null || slot !== blockSlot || wanted !== blockInterface) {
      block = blockFor(slot, wanted);
      blockSlot = slot;
      blockInterface = wanted;
    }
    return block;
  }

  /** Adds rows `[from, to)` that show as `like`, or all of them where the format does not split. */
  function addUp(batch: FlowBatch, from: number, to: number, like: number): void {
    const { sums } = flow;
    let packets = 0;
    let bytes = 0;
    let first = Infinity;
    let last = 0;
    let tcpFlags = 0;
    for (let row = from; row < to; row++) {
      if (like >= 0 && shownAs[batch.decision[row]!] !== like) continue;
      packets += batch.packets[row]!;
      bytes += batch.bytes[row]!;
      if (batch.firstMicros[row]! < first) first = batch.firstMicros[row]!;
      if (batch.lastMicros[row]! > last) last = batch.lastMicros[row]!;
      tcpFlags |= batch.tcpFlags[row]!;
    }
    sums[PACKETS] = packets;
    sums[BYTES] = bytes;
    sums[START_SECONDS] = Math.floor(first / 1e6);
    sums[END_SECONDS] = Math.floor(last / 1e6);
    flow.tcpFlags = tcpFlags;
  }

  /** A row that is a record alone, as nearly all are. */
  function takeOne(batch: FlowBatch, row: number): void {
    const { sums } = flow;
    sums[PACKETS] = batch.packets[row]!;
    sums[BYTES] = batch.bytes[row]!;
    sums[START_SECONDS] = Math.floor(batch.firstMicros[row]! / 1e6);
    sums[END_SECONDS] = Math.floor(batch.lastMicros[row]! / 1e6);
    flow.tcpFlags = batch.tcpFlags[row]!;
  }

  /** Prints what `addUp` or `takeOne` left, with everything else from `row`. */
  function printRow(batch: FlowBatch, row: number, number: number, blockFor: BlockFor): void {
    const { src, dst } = batch;
    const { sums, shown } = flow;
    const decision = decisions.list[number]!;
    const at = row * 4;
    const ports = batch.ports[row]!;
    const side = direction[number]!;
    const family = batch.family[row]!;
    flow.at = at;
    flow.family = family;
    flow.protocol = batch.protocol[row]!;
    flow.srcport = ports >>> 16;
    flow.dstport = ports & 0xffff;
    flow.direction = side;
    flow.interface = decision.interface;
    flow.bytesHidden = decision.rejectReason === 'BPA';
    if (family === 4) {
      const own = primary[number]!;
      shown[0] = side === EGRESS && own >= 0 ? own : src[at]!;
      shown[1] = side === INGRESS && own >= 0 ? own : dst[at]!;
    }
    if (paths !== null) {
      const own = decision.interface;
      const remote = side === INGRESS ? src : dst;
      const w0 = remote[at]!;
      const w1 = remote[at + 1]!;
      const w2 = remote[at + 2]!;
      const w3 = remote[at + 3]!;
      const packed = side === 0 ? 0 : paths.look(own, family, w0, w1, w2, w3);
      flow.trafficPath = packed & 15;
      flow.nextHop = side === INGRESS ? paths.sender(own, family, w0, w1, w2, w3) : packed >>> 4;
    }
    const target = blockOf(sums[END_SECONDS]!, decision.interface, blockFor);
    const out = reserve(target, pieces.roomFor(number, decision));
    target.length = pieces.write(out, target.length, flow, number);
    target.records++;
    target.packets += sums[PACKETS]!;
  }

  function printWithoutTraffic(batch: FlowBatch, row: number, number: number, blockFor: BlockFor): void {
    const { sums } = flow;
    const decision = decisions.list[number]!;
    sums[START_SECONDS] = Math.floor(batch.firstMicros[row]! / 1e6);
    sums[END_SECONDS] = Math.floor(batch.lastMicros[row]! / 1e6);
    const target = blockOf(sums[END_SECONDS], decision.interface, blockFor);
    const status = batch.status[row] === STATUS_NODATA ? 'NODATA' : 'SKIPDATA';
    const out = reserve(target, pieces.roomWithoutTraffic(decision, status));
    target.length = pieces.writeWithoutTraffic(out, target.length, flow, decision, status);
    target.records++;
    target.lostPackets += batch.lost[row]!;
  }

  /** Rows tied together, as as many records as the format tells apart. */
  function printTied(batch: FlowBatch, from: number, to: number, blockFor: BlockFor): void {
    const { decision: decisionOf } = batch;
    if (!splits) {
      addUp(batch, from, to, -1);
      printRow(batch, from, decisionOf[from]!, blockFor);
      return;
    }
    // Few rows are tied together: looking back is cheaper than remembering.
    for (let one = from; one < to; one++) if (state[decisionOf[one]!] === NOT_SEEN) learn(decisionOf[one]!);
    for (let one = from; one < to; one++) {
      const like = shownAs[decisionOf[one]!]!;
      let before = from;
      while (shownAs[decisionOf[before]!] !== like) before++;
      if (before < one) continue;
      addUp(batch, one, to, like);
      printRow(batch, one, decisionOf[one]!, blockFor);
    }
  }

  return {
    print(batch, blockFor) {
      makeRoom(decisions.list.length);
      block = null;
      const { rows, decision: decisionOf, joins, status } = batch;
      flow.src = batch.src;
      flow.dst = batch.dst;
      for (let row = 0; row < rows;) {
        let end = row + 1;
        while (end < rows && joins[end] === 1) end++;
        const number = decisionOf[row]!;
        if ((state[number] || learn(number)) !== LEFT_OUT) {
          if (status[row] !== STATUS_OK) printWithoutTraffic(batch, row, number, blockFor);
          else if (end > row + 1) printTied(batch, row, end, blockFor);
          else {
            takeOne(batch, row);
            printRow(batch, row, number, blockFor);
          }
        }
        row = end;
      }
      block = null;
    },
    update(newer, newerFlowLog) {
      snapshot = newer;
      flowLog = newerFlowLog ?? newer.flowLogs.find((one) => one.id === flowLog.id) ?? flowLog;
      pieces = composePieces(format, worldOf());
      forget();
    },
  };
}
