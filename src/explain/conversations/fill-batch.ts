/**
 * Rows of the grouping as a batch: the low and the high end become the interface's own and the remote one.
 *
 * In:    columns of `conversationsStatement`. Out: a batch of conversations with their openers.
 * Holds: the own end is told by flow-direction, else by which address the model gives the interface; where both or none is its own
 *        it is not known. Rows with an address that is none are left out.
 */
import type { Holders } from '../../network/vpc/holders.ts';
import type { NumberBatch, NumberColumn } from '../../storage/duck/number-batches.ts';
import type { ConversationBatch, Side } from './batch.ts';
import { createConversationBatch, PLACED_BY_ADDRESS, PLACED_BY_DIRECTION, PLACED_NOT } from './batch.ts';
import { inferOpener } from './opener.ts';
import { BACKWARD, FORWARD, HIGH, LOW, PORTS, TIMES } from './statements.ts';

const OWN_LOW = 1;
const OWN_HIGH = 2;

/** Whether an interface holds the address that a row has at some column. */
function isHeld(holders: Holders, at: number, columns: readonly NumberColumn[], from: number, row: number): boolean {
  const [w0, w1, w2, w3] = [columns[from], columns[from + 1], columns[from + 2], columns[from + 3]];
  return holders.holds(
    at,
    columns[1]?.[row] as number,
    w0?.[row] as number,
    w1?.[row] as number,
    w2?.[row] as number,
    w3?.[row] as number,
  );
}

/** Which end is the interface's own by the model; 0 not known. */
function ownByAddress(holders: Holders | null, at: number, columns: readonly NumberColumn[], row: number): number {
  if (holders === null || at === 0) return 0;
  const low = isHeld(holders, at, columns, LOW, row);
  if (low === isHeld(holders, at, columns, HIGH, row)) return 0;
  return low ? OWN_LOW : OWN_HIGH;
}

function fillSide(side: Side, to: number, columns: readonly NumberColumn[], from: number, row: number): void {
  side.records[to] = (columns[from] as NumberColumn)[row] as number;
  side.acceptedPackets[to] = (columns[from + 1] as NumberColumn)[row] as number;
  side.acceptedBytes[to] = (columns[from + 2] as NumberColumn)[row] as number;
  side.rejectedPackets[to] = (columns[from + 3] as NumberColumn)[row] as number;
  side.rejectedBytes[to] = (columns[from + 4] as NumberColumn)[row] as number;
  side.flags[to] = (columns[from + 5] as NumberColumn)[row] as number;
  side.firstSeconds[to] = (columns[from + 6] as NumberColumn)[row] as number;
  side.lastSeconds[to] = (columns[from + 7] as NumberColumn)[row] as number;
}

function fillAddress(into: Uint32Array, to: number, columns: readonly NumberColumn[], from: number, row: number): void {
  for (let word = 0; word < 4; word++) into[to * 4 + word] = (columns[from + word] as NumberColumn)[row] as number;
}

/**
 * @param numbers  by position of an interface: its number in the model, 0 none
 * @param holders  null without a model
 */
export function fillBatch(found: NumberBatch, numbers: Uint32Array, holders: Holders | null): ConversationBatch {
  const { columns } = found;
  const [at, family, protocol, own, translated] = columns as readonly [
    NumberColumn,
    NumberColumn,
    NumberColumn,
    NumberColumn,
    NumberColumn,
  ];
  const batch = createConversationBatch(found.rows);
  let to = 0;
  for (let row = 0; row < found.rows; row++) {
    if (family[row] === 0) continue;
    const told = own[row] as number;
    const end = told !== 0 ? told : ownByAddress(holders, numbers[at[row] as number] as number, columns, row);
    batch.placed[to] = told !== 0 ? PLACED_BY_DIRECTION : end !== 0 ? PLACED_BY_ADDRESS : PLACED_NOT;
    const isHigh = end === OWN_HIGH;
    batch.at[to] = at[row] as number;
    batch.family[to] = family[row] as number;
    batch.protocol[to] = protocol[row] as number;
    batch.translated[to] = translated[row] as number;
    fillAddress(batch.local, to, columns, isHigh ? HIGH : LOW, row);
    fillAddress(batch.remote, to, columns, isHigh ? LOW : HIGH, row);
    batch.localPort[to] = (columns[isHigh ? PORTS + 1 : PORTS] as NumberColumn)[row] as number;
    batch.remotePort[to] = (columns[isHigh ? PORTS : PORTS + 1] as NumberColumn)[row] as number;
    fillSide(batch.egress, to, columns, isHigh ? BACKWARD : FORWARD, row);
    fillSide(batch.ingress, to, columns, isHigh ? FORWARD : BACKWARD, row);
    batch.firstAcceptedSeconds[to] = (columns[TIMES] as NumberColumn)[row] as number;
    batch.lastAcceptedSeconds[to] = (columns[TIMES + 1] as NumberColumn)[row] as number;
    batch.firstRejectedSeconds[to] = (columns[TIMES + 2] as NumberColumn)[row] as number;
    batch.lastRejectedSeconds[to] = (columns[TIMES + 3] as NumberColumn)[row] as number;
    inferOpener(batch, to);
    to++;
  }
  return to === found.rows ? batch : { ...batch, rows: to, unreadable: found.rows - to };
}
