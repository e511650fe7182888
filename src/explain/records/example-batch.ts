/**
 * Records given as objects, as a batch of columns.
 *
 * In:    values by name of a column, or a record as it was shown. Out: a batch like the parser's.
 * Holds: for a handful of records, or rows of an answer: each text is an entry of a dictionary, each number eight bytes.
 */
import type { ExampleRecord } from '../../api/rejects.ts';
import { wordsOf } from '../../record/columns.ts';
import type { RecordColumn } from '../../record/columns.ts';
import type { ReadColumn, RecordBatch } from './record-rows.ts';

/** Columns that hold text; the others are numbers. */
const TEXTS: ReadonlySet<ReadColumn> = new Set<ReadColumn>([
  'interface_id',
  'srcaddr',
  'dstaddr',
  'action',
  'vpc_id',
  'pkt_srcaddr',
  'pkt_dstaddr',
  'flow_direction',
  'reject_reason',
  'x_rule_id',
  'x_verdict_stage',
  'x_verdict_source',
]);

/** A value of a row. */
export type RowValue = string | number | bigint | boolean | null;

/**
 * Rows as a batch.
 *
 * @param names  the columns, in the order of each row's values
 */
export function batchOfRows(names: readonly ReadColumn[], rows: readonly (readonly RowValue[])[]): RecordBatch {
  const columns = names.map((name, at) =>
    TEXTS.has(name) ? textColumn(name, rows, at) : numberColumn(name, rows, at),
  );
  return { rows: rows.length, columns };
}

function validOf(rows: readonly (readonly RowValue[])[], at: number): Uint8Array<ArrayBuffer> | null {
  const valid = new Uint8Array((rows.length + 7) >> 3);
  let isWhole = true;
  for (const [row, values] of rows.entries())
    if (values[at] !== null) valid[row >> 3]! |= 1 << (row & 7);
    else isWhole = false;
  return isWhole ? null : valid;
}

function textColumn(name: string, rows: readonly (readonly RowValue[])[], at: number): RecordColumn {
  const places = new Map<string, number>();
  const data = new Uint32Array(rows.length);
  for (const [row, values] of rows.entries()) {
    const value = values[at] ?? null;
    if (value === null) continue;
    const text = String(value);
    let place = places.get(text);
    if (place === undefined) places.set(text, (place = places.size));
    data[row] = place;
  }
  return {
    name,
    type: 'u32',
    data: new Uint8Array(data.buffer),
    valid: validOf(rows, at),
    dictionary: wordsOf([...places.keys()]),
  };
}

function numberColumn(name: string, rows: readonly (readonly RowValue[])[], at: number): RecordColumn {
  const data = new Float64Array(rows.length);
  for (const [row, values] of rows.entries()) data[row] = Number(values[at] ?? 0);
  return { name, type: 'f64', data: new Uint8Array(data.buffer), valid: validOf(rows, at), dictionary: null };
}

/** The record of an example, as rejected. */
export function batchOfExample(example: ExampleRecord): RecordBatch {
  const values: Partial<Record<ReadColumn, RowValue>> = {
    interface_id: example.interfaceId,
    srcaddr: example.srcaddr,
    dstaddr: example.dstaddr,
    pkt_srcaddr: example.pktSrcaddr,
    pkt_dstaddr: example.pktDstaddr,
    srcport: example.srcport,
    dstport: example.dstport,
    protocol: example.protocol,
    tcp_flags: example.tcpFlags,
    flow_direction: example.direction,
    action: 'REJECT',
  };
  const names = Object.keys(values) as ReadColumn[];
  return batchOfRows(names, [names.map((name) => values[name] ?? null)]);
}
