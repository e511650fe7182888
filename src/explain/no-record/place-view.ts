/**
 * What a place tells besides its records: which span its objects have, and what the host's ledger says of an hour.
 *
 * In:    a store with objects and, where a host of ours writes there, a ledger. Out: both, as far as they were listed.
 * Holds: only names are listed, and only entries around the span are read. `whole` is false where there are too many names.
 * Fails: with errors of the store.
 */
import type { LedgerEntry } from '../../publish/ledger.ts';
import { LEDGER_FOLDER, ledgerSlot, readLedgerEntry } from '../../publish/ledger.ts';
import { parseKey, SLOT_SECONDS } from '../../storage/object/keys.ts';
import type { ObjectRef, ObjectStore } from '../../storage/object/store.ts';

export type PlaceView = {
  /** Starts of the first and last slot that has an object; null where there is none. */
  readonly oldestSlotSeconds: number | null;
  readonly newestSlotSeconds: number | null;
  readonly whole: boolean;
  /** Entries around the span; null where the place has no ledger that tells of windows. */
  readonly ledger: readonly LedgerEntry[] | null;
};

const NAMES_AT_MOST = 200_000;
/** How far before and behind the span it is looked for a window that was closed. */
const AROUND_SECONDS = 3600;

/** Looks. */
export async function placeView(
  store: ObjectStore,
  below: string,
  { startSeconds, endSeconds }: { readonly startSeconds: number; readonly endSeconds: number },
  signal: AbortSignal,
): Promise<PlaceView> {
  let [oldest, newest, names] = [Infinity, -Infinity, 0];
  let hasLedger = false;
  const near = new Map<string, ObjectRef>();
  const isEntry = (ref: ObjectRef): boolean => {
    if (!ref.key.includes(LEDGER_FOLDER)) return false;
    const slot = ledgerSlot(ref.key);
    hasLedger ||= slot !== null;
    const isNear = slot !== null && slot > startSeconds - AROUND_SECONDS - SLOT_SECONDS;
    if (isNear && slot < endSeconds + AROUND_SECONDS) near.set(ref.key, ref);
    return true;
  };
  // Its folder comes behind that of the objects, which may be too many.
  for await (const ref of store.list(below + LEDGER_FOLDER, null, signal)) isEntry(ref);
  for await (const ref of store.list(below, null, signal)) {
    if (names++ === NAMES_AT_MOST) break;
    if (isEntry(ref)) continue;
    const slot = parseKey(ref.key)?.slotSeconds;
    if (slot === undefined) continue;
    [oldest, newest] = [Math.min(oldest, slot), Math.max(newest, slot)];
  }
  const entries: LedgerEntry[] = [];
  for (const ref of near.values()) {
    const entry = readLedgerEntry(await textOf(store, ref, signal));
    if (entry !== null) entries.push(entry);
  }
  return {
    oldestSlotSeconds: oldest === Infinity ? null : oldest,
    newestSlotSeconds: newest === -Infinity ? null : newest,
    whole: names <= NAMES_AT_MOST,
    ledger: hasLedger && entries.every(({ ledger }) => ledger > 1) ? entries : null,
  };
}

async function textOf(store: ObjectStore, ref: ObjectRef, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(ref, null, signal)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
