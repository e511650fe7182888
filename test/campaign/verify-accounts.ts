/**
 * Whether the ledger of a round says what really happened at each interface and window.
 *
 * In:    what agents told, the ledger's entries, what is missing in the objects. Out: what is wrong, in words.
 * Holds: of a window that an agent closed its whole count is in the ledger: in records, left out by traffic type, lost to a
 *        full spool, each with the number that was sent. Of windows in which one was killed nothing is known here.
 */
import type { ObjectStore } from '../../src/storage/object/store.ts';
import { LEDGER_FOLDER, readLedgerEntry } from '../../src/publish/ledger.ts';
import type { WindowAccount } from '../../src/publish/account.ts';
import { FILTERED, INTERFACES, packetsOf } from './agent.ts';
import type { AgentStory } from './verify.ts';

/** All accounts of a store. */
export async function accountsIn(store: ObjectStore): Promise<readonly WindowAccount[]> {
  const never = new AbortController().signal;
  const all: WindowAccount[] = [];
  for await (const ref of store.list(LEDGER_FOLDER, null, never)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of store.read(ref, null, never)) chunks.push(chunk);
    all.push(...readLedgerEntry(Buffer.concat(chunks).toString())!.windows);
  }
  return all;
}

/** Packets by interface and window, as the ledger has them and as they were sent. */
type Sums = { counted: number; packets: number; filtered: number; spoolFull: number };
const none = (): Sums => ({ counted: 0, packets: 0, filtered: 0, spoolFull: 0 });

/**
 * Compares.
 *
 * @param missing  packets that are in no record, by interface and window
 */
export function verifyAccounts(
  stories: readonly AgentStory[],
  accounts: readonly WindowAccount[],
  missing: ReadonlyMap<string, number>,
  { flows, firstSeconds }: { readonly flows: number; readonly firstSeconds: number },
): string[] {
  const told = new Map<string, Sums>();
  const sent = new Map<string, Sums>();
  const sumsIn = (map: Map<string, Sums>, where: string): Sums => {
    const sums = map.get(where) ?? none();
    map.set(where, sums);
    return sums;
  };
  for (const { interfaceId, windowSeconds, counted, packets, filtered, lost } of accounts) {
    const sums = sumsIn(told, `${interfaceId} ${(windowSeconds - firstSeconds) / 60}`);
    sums.counted += counted ?? packets;
    sums.packets += packets;
    sums.filtered += filtered;
    sums.spoolFull += lost['spool-full'] ?? 0;
  }
  const unsure = new Set<string>();
  for (const { closed, inFlight } of stories) {
    for (const window of inFlight) for (const id of INTERFACES.slice(1)) unsure.add(`${id} ${window}`);
    for (const window of closed)
      for (let n = 0; n < flows + FILTERED; n++) {
        const sums = sumsIn(sent, `${INTERFACES[1 + (n % 2)]} ${window}`);
        sums.counted += packetsOf(n);
        if (n < flows) sums.packets += packetsOf(n);
        else sums.filtered += packetsOf(n);
      }
  }
  for (const [where, packets] of missing) {
    const sums = sumsIn(sent, where);
    sums.packets -= packets;
    sums.spoolFull += packets;
  }
  const wrong: string[] = [];
  for (const where of new Set([...told.keys(), ...sent.keys()])) {
    if (unsure.has(where)) continue;
    const [ledger, truth] = [told.get(where) ?? none(), sent.get(where) ?? none()];
    for (const name of ['counted', 'packets', 'filtered', 'spoolFull'] as const)
      if (ledger[name] !== truth[name]) wrong.push(`ledger: ${where}: ${name} ${ledger[name]}, ${truth[name]} sent`);
  }
  return wrong;
}
