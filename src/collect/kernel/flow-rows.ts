/**
 * Flows of one generation of the kernel's tables, in columns.
 *
 * In:    elements of sets as they are read. Out: rows with packets, bytes, first and last packet.
 * Holds: a row is one key of a set: a five-tuple with decision and TCP flags. Rows of one flow that differ in flags are for
 *        whoever adds them up.
 */
import type { FlowRows } from '../../model/batch.ts';

/** Room for so many rows. */
export function createFlowRows(capacity: number): FlowRows {
  return {
    rows: 0,
    decision: new Uint32Array(capacity),
    tcpFlags: new Uint8Array(capacity),
    family: new Uint8Array(capacity),
    protocol: new Uint8Array(capacity),
    ports: new Uint32Array(capacity),
    src: new Uint32Array(capacity * 4),
    dst: new Uint32Array(capacity * 4),
    packets: new Float64Array(capacity),
    bytes: new Float64Array(capacity),
    firstMicros: new Float64Array(capacity),
    lastMicros: new Float64Array(capacity),
  };
}

/** Doubles the room. */
export function growFlowRows(rows: FlowRows): void {
  const more = createFlowRows(rows.decision.length * 2);
  for (const column of Object.keys(more) as (keyof FlowRows)[]) {
    if (column === 'rows') continue;
    more[column].set(rows[column]);
    Object.assign(rows, { [column]: more[column] });
  }
}

/** Adds a row of other columns; its number. */
export function appendFlow(to: FlowRows, from: FlowRows, row: number): number {
  if (to.rows === to.decision.length) growFlowRows(to);
  const at = to.rows++;
  to.decision[at] = from.decision[row]!;
  to.tcpFlags[at] = from.tcpFlags[row]!;
  to.family[at] = from.family[row]!;
  to.protocol[at] = from.protocol[row]!;
  to.ports[at] = from.ports[row]!;
  for (let word = 0; word < 4; word++) {
    to.src[at * 4 + word] = from.src[row * 4 + word]!;
    to.dst[at * 4 + word] = from.dst[row * 4 + word]!;
  }
  to.packets[at] = from.packets[row]!;
  to.bytes[at] = from.bytes[row]!;
  to.firstMicros[at] = from.firstMicros[row]!;
  to.lastMicros[at] = from.lastMicros[row]!;
  return at;
}
