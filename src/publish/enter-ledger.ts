/**
 * Writes entries of the ledger.
 *
 * In:    a segment that a destination has. Out: its entry in a store.
 * Holds: written again it is the same; one that an older version wrote for the same object stands.
 * Fails: with errors of the store: the segment stays in the spool, and what was delivered is found there.
 */
import { FlowgaugeError } from '../model/errors.ts';
import type { ObjectStore } from '../storage/object/store.ts';
import type { Destination, SealedSegment } from './destination.ts';
import type { Stored } from './ledger.ts';
import { ledgerBytes, ledgerKey, ledgerKeyOnHost } from './ledger.ts';

/** Beside the segment's object, which is there. */
export function enterBeside(store: ObjectStore, segment: SealedSegment, key: string, signal: AbortSignal) {
  return enter(store, segment, { key }, ledgerKey(key), signal);
}

/** A destination that keeps records and no objects, with a ledger in a store of this host. */
export function withLedgerOnHost(destination: Destination, store: ObjectStore): Destination {
  return {
    ...destination,
    async deliver(segment, signal) {
      const delivery = await destination.deliver(segment, signal);
      const stored = { destination: destination.name, refused: delivery.refused };
      await enter(store, segment, stored, ledgerKeyOnHost(segment), signal);
      return delivery;
    },
  };
}

async function enter(store: ObjectStore, segment: SealedSegment, stored: Stored, at: string, signal: AbortSignal) {
  const bytes = await ledgerBytes(segment, stored);
  if (bytes === null) return;
  try {
    await store.put(at, once(bytes), bytes.length, signal);
  } catch (error) {
    if (!(error instanceof FlowgaugeError) || error.code !== 'FG_OBJECT_DIFFERS') throw error;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
