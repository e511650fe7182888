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
