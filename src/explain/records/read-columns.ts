/**
 * The columns of a batch of records as attribution reads them.
 *
 * In:    a batch. Out: arrays by row, of words what they mean; what a record's flags and ports tell of its conversation.
 * Holds: words that are no action or direction count as absent.
 */
import type { ExampleRecord } from '../../api/rejects.ts';
import { EGRESS, INGRESS } from '../../network/verdict/group-rules.ts';
import { ANSWERS, MAY_BE_ANY, MIDDLE, OPENS, TCP } from './judge-record.ts';
import type { AddressWords, RecordBatch, Words } from './record-rows.ts';
import { ABSENT, RecordRows } from './record-rows.ts';

/** Values of `actionOf`. */
export const ACCEPT = 1;
const REJECT = 2;

const SYN = 2;
/** Of a packet with SYN and ACK, in the field tcp-flags (rule W6). */
const SYN_ACK = 16;

/**
 * What its packets are to their conversation: by tcp-flags, and where there are none by ports, of which services have the
 * lower one. A port that is not told is -1.
 */
export function kindOf(protocol: number, tcpFlags: number, srcport: number, dstport: number): number {
  if (protocol === TCP && tcpFlags !== ABSENT) {
    if ((tcpFlags & SYN_ACK) !== 0) return ANSWERS;
    return (tcpFlags & SYN) !== 0 ? OPENS : MIDDLE;
  }
  return srcport > dstport || srcport < 0 ? OPENS : MAY_BE_ANY;
}

/** Whether a record's packets went from the end that opened the conversation: by what they are, then by the lower port. */
export function isByOpener(kind: number, srcport: number, dstport: number): boolean {
  if (kind === OPENS) return true;
  return kind !== ANSWERS && dstport <= srcport;
}

/** Columns by row. */
export type ReadRecords = {
  readonly interfaces: Words;
  readonly vpcs: Words;
  readonly src: AddressWords;
  readonly dst: AddressWords;
  readonly packetSrc: AddressWords;
  readonly packetDst: AddressWords;
  readonly directions: Words;
  readonly directionOf: Int8Array;
  readonly actions: Words;
  readonly actionOf: Uint8Array;
  readonly reasons: Words;
  readonly ruleIds: Words;
  readonly stages: Words;
  readonly sources: Words;
  readonly knowsReason: boolean;
  readonly srcport: Float64Array;
  readonly dstport: Float64Array;
  readonly protocol: Float64Array;
  readonly flags: Float64Array;
  readonly packets: Float64Array;
  readonly bytes: Float64Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** By place of an interface's id: the number of the name. */
  readonly names: Uint32Array;
};

/**
 * Reads the columns.
 *
 * @param nameOf  numbers names, the same one for the same name
 */
export function readColumns(batch: RecordBatch, nameOf: (text: string) => number): ReadRecords {
  const rows = new RecordRows(batch);
  const directions = rows.words('flow_direction');
  const actions = rows.words('action');
  const interfaces = rows.words('interface_id');
  return {
    interfaces,
    vpcs: rows.words('vpc_id'),
    src: rows.addresses('srcaddr'),
    dst: rows.addresses('dstaddr'),
    packetSrc: rows.addresses('pkt_srcaddr'),
    packetDst: rows.addresses('pkt_dstaddr'),
    directions,
    directionOf: Int8Array.from(directions.texts, (text) =>
      text === 'ingress' ? INGRESS : text === 'egress' ? EGRESS : -1,
    ),
    actions,
    actionOf: Uint8Array.from(actions.texts, (text) => (text === 'ACCEPT' ? ACCEPT : text === 'REJECT' ? REJECT : 0)),
    reasons: rows.words('reject_reason'),
    ruleIds: rows.words('x_rule_id'),
    stages: rows.words('x_verdict_stage'),
    sources: rows.words('x_verdict_source'),
    knowsReason: rows.has('reject_reason'),
    srcport: rows.numbers('srcport'),
    dstport: rows.numbers('dstport'),
    protocol: rows.numbers('protocol'),
    flags: rows.numbers('tcp_flags'),
    packets: rows.numbers('packets'),
    bytes: rows.numbers('bytes'),
    start: rows.numbers('start'),
    end: rows.numbers('end'),
    names: Uint32Array.from(interfaces.texts, nameOf),
  };
}

/** A direction's word; null for what is none. */
export function directionWord(direction: number): 'ingress' | 'egress' | null {
  return direction === EGRESS ? 'egress' : direction === INGRESS ? 'ingress' : null;
}

/** A record as it stood. */
export function exampleOf(c: ReadRecords, row: number): ExampleRecord {
  const text = ({ at, texts }: Words): string | null => texts[at[row] as number] ?? null;
  const address = (column: AddressWords): string | null => column.text(column.at[row] as number);
  const number = (list: Float64Array): number | null => (list[row] === ABSENT ? null : (list[row] ?? null));
  return {
    interfaceId: text(c.interfaces),
    direction: directionWord(c.directionOf[c.directions.at[row] as number] ?? -1),
    srcaddr: address(c.src) ?? address(c.packetSrc) ?? '',
    dstaddr: address(c.dst) ?? address(c.packetDst) ?? '',
    pktSrcaddr: address(c.packetSrc),
    pktDstaddr: address(c.packetDst),
    srcport: number(c.srcport),
    dstport: number(c.dstport),
    protocol: number(c.protocol),
    tcpFlags: number(c.flags),
    packets: Math.max(0, c.packets[row] as number),
    bytes: Math.max(0, c.bytes[row] as number),
    startSeconds: number(c.start),
    endSeconds: number(c.end),
  };
}
