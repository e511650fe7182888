/**
 * Rows of the grouping as a batch: the low and the high end become the interface's own and the remote one.
 *
 * In:    columns of `conversationsStatement`. Out: a batch of conversations with their openers.
 * Holds: the own end is told by flow-direction, else by which address the model gives the interface; where both or none is its own
 *        it is not known. Rows with an address that is none are left out.
 */
import type { Holders } from '../../network/vpc/holders.ts';
import type { NumberBatch, NumberColumn } from '../../storage/duck/number-batches.ts';
import type { AddressWords } from './address-words.ts';
import type { ConversationBatch, Side } from './batch.ts';
import { PLACED_BY_ADDRESS, PLACED_BY_DIRECTION, PLACED_NOT } from './batch.ts';
import { inferOpener } from './opener.ts';
import { BACKWARD, FORWARD, PORTS, TIMES } from './statements.ts';

const OWN_LOW = 1;
const OWN_HIGH = 2;

/** Whether an interface holds an address. */
function isHeld(holders: Holders, at: number, addresses: AddressWords, address: number): boolean {
  const family = addresses.family[address] as number;
  return holders.holds(
    at,
    family,
    addresses.word(address, 0),
    addresses.word(address, 1),
    addresses.word(address, 2),
    addresses.word(address, 3),
  );
}

/** Which end is the interface's own by the model; 0 not known. */
function ownByAddress(
  holders: Holders | null,
  at: number,
  addresses: AddressWords,
  lowEnd: number,
  highEnd: number,
): number {
  if (holders === null || at === 0) return 0;
  const low = isHeld(holders, at, addresses, lowEnd);
  if (low === isHeld(holders, at, addresses, highEnd)) return 0;
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

/**
 * Fills a batch, which has room for the rows.
 *
 * @param batch      what it had is written over
 * @param numbers    by position of an interface: its number in the model, 0 none
 * @param holders    null without a model
 * @param addresses  by their numbers
 */
export function fillBatch(
  batch: ConversationBatch,
  found: NumberBatch,
  numbers: Uint32Array,
  holders: Holders | null,
  addresses: AddressWords,
): ConversationBatch {
  const { columns } = found;
  const [at, protocol, own, translated, low, high] = columns as readonly [
    NumberColumn,
    NumberColumn,
    NumberColumn,
    NumberColumn,
    NumberColumn,
    NumberColumn,
  ];
  let to = 0;
  for (let row = 0; row < found.rows; row++) {
    const lowEnd = low[row] as number;
    const highEnd = high[row] as number;
    const family = addresses.family[lowEnd] as number;
    if (family === 0 || family !== addresses.family[highEnd]) continue;
    const told = own[row] as number;
    const end =
      told !== 0 ? told : ownByAddress(holders, numbers[at[row] as number] as number, addresses, lowEnd, highEnd);
    batch.placed[to] = told !== 0 ? PLACED_BY_DIRECTION : end !== 0 ? PLACED_BY_ADDRESS : PLACED_NOT;
    const isHigh = end === OWN_HIGH;
    batch.at[to] = at[row] as number;
    batch.family[to] = family;
    batch.protocol[to] = protocol[row] as number;
    batch.translated[to] = translated[row] as number;
    addresses.copy(isHigh ? highEnd : lowEnd, batch.local, to * 4);
    addresses.copy(isHigh ? lowEnd : highEnd, batch.remote, to * 4);
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
  return { ...batch, rows: to, unreadable: found.rows - to };
}
