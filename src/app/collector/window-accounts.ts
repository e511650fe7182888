/**
 * Accounts for the windows of one flow log's interfaces: what the source counted, beside what became of it.
 *
 * In:    flow batches as the source gives them, what the printer printed of them, what a full spool did not take. Out: an
 *        account for each interface, window and slot, when the windows have closed.
 * Holds: the source is counted from the batch alone, before it is printed, and the printer counts what it prints: that the
 *        two agree is for whoever verifies. Windows that reach into two slots have an account in both; what is in no
 *        record stands in the later one.
 * Fails: never.
 */
import type { FlowBatch } from '../../model/batch.ts';
import { STATUS_SKIPDATA } from '../../model/batch.ts';
import type { FlowLog, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { WindowAccount } from '../../publish/account.ts';
import { RecordTally } from '../../record/record-tally.ts';
import type { Decisions } from '../../record/print.ts';
import { SLOT_SECONDS } from '../../record/print.ts';

export type WindowAccounts = {
  /** Counts what the source gives, and gives what the printer of the batch counts into. */
  source(batch: FlowBatch): RecordTally;
  /** The same for rows that were made of what is counted already. */
  made(batch: FlowBatch): RecordTally;
  /** Packets that would have been printed, had the spool had room. */
  dropped(batch: FlowBatch, interfaceNumber: number, packets: number): void;
  /** The accounts since the last time, by slot. */
  take(): ReadonlyMap<number, readonly WindowAccount[]>;
};

/** Sums of one window by interface number, in packets. */
type Window = {
  readonly seconds: number;
  readonly counted: Float64Array;
  readonly filtered: Float64Array;
  readonly tableFull: Float64Array;
  readonly spoolFull: Float64Array;
  readonly printed: RecordTally;
};

/** Columns by decision number: 0 is another's interface. */
const OTHERS = 0;
const SHOWN = 1;
const LEFT_OUT = 2;

/**
 * Accounts of a flow log.
 *
 * @param flowLog  with the interfaces that it watches in such windows
 */
export function createWindowAccounts(
  { interfaces }: VpcSnapshot,
  flowLog: FlowLog,
  decisions: Decisions,
): WindowAccounts {
  const watched = new Set(flowLog.interfaces);
  const windows = new Map<number, Window>();
  let kindOf = new Uint8Array(0);

  /** Decisions are only ever added. */
  function follow(): void {
    const { list } = decisions;
    if (list.length <= kindOf.length) return;
    const wider = new Uint8Array(list.length);
    wider.set(kindOf);
    for (let number = kindOf.length; number < list.length; number++) {
      const { interface: at, action } = list[number]!;
      const isShown = flowLog.traffic === 'ALL' || action === null || action === flowLog.traffic;
      wider[number] = !watched.has(at) ? OTHERS : isShown ? SHOWN : LEFT_OUT;
    }
    kindOf = wider;
  }

  function windowOf({ windowStartSeconds, intervalSeconds }: FlowBatch): Window {
    let window = windows.get(windowStartSeconds);
    if (window === undefined) {
      const column = (): Float64Array => new Float64Array(interfaces.length);
      window = {
        seconds: intervalSeconds,
        counted: column(),
        filtered: column(),
        tableFull: column(),
        spoolFull: column(),
        printed: new RecordTally(interfaces.length),
      };
      windows.set(windowStartSeconds, window);
    }
    return window;
  }

  return {
    source(batch) {
      follow();
      const { counted, filtered, tableFull, printed } = windowOf(batch);
      for (let row = 0; row < batch.rows; row++) {
        const number = batch.decision[row]!;
        const kind = kindOf[number]!;
        if (kind === OTHERS) continue;
        const at = decisions.list[number]!.interface;
        const lost = batch.status[row] === STATUS_SKIPDATA ? batch.lost[row]! : 0;
        const packets = batch.packets[row]!;
        counted[at] = counted[at]! + packets + lost;
        tableFull[at] = tableFull[at]! + lost;
        if (kind === LEFT_OUT) filtered[at] = filtered[at]! + packets;
      }
      return printed;
    },
    made: (batch) => windowOf(batch).printed,
    dropped(batch, at, packets) {
      const { spoolFull } = windowOf(batch);
      spoolFull[at] = spoolFull[at]! + packets;
    },
    take() {
      const accounts = new Map<number, WindowAccount[]>();
      for (const [windowSeconds, window] of windows)
        for (const at of watched) {
          const of = { interfaceId: interfaces[at]!.id, windowSeconds, seconds: window.seconds };
          for (const [slot, account] of accountsOf(of, window, at)) {
            const known = accounts.get(slot);
            if (known === undefined) accounts.set(slot, [account]);
            else known.push(account);
          }
        }
      windows.clear();
      return accounts;
    },
  };
}

type Named = Pick<WindowAccount, 'interfaceId' | 'windowSeconds' | 'seconds'>;

/** The accounts of an interface and window, each with its slot. */
function accountsOf(of: Named, window: Window, at: number): [number, WindowAccount][] {
  const { counted, filtered, tableFull, spoolFull, printed } = window;
  const lastSecond = of.windowSeconds + of.seconds - 1;
  const lastSlot = lastSecond - (lastSecond % SLOT_SECONDS);
  const all: [number, WindowAccount][] = [];
  let left = counted[at]!;
  for (const [slot, sums] of printed.slots) {
    const records = sums.records[at]!;
    if (slot === lastSlot || records === 0) continue;
    const packets = sums.packets[at]!;
    left -= packets;
    const lines = { records, packets, noData: sums.noData[at]!, skipData: sums.skipData[at]! };
    all.push([slot, { ...of, ...lines, counted: packets, filtered: 0, lost: {} }]);
  }
  const last = printed.slots.get(lastSlot);
  const records = last?.records[at] ?? 0;
  if (records === 0 && left === 0) return all;
  const lost = {
    ...(tableFull[at] === 0 ? {} : { 'table-full': tableFull[at]! }),
    ...(spoolFull[at] === 0 ? {} : { 'spool-full': spoolFull[at]! }),
  };
  const lines = {
    records,
    packets: last?.packets[at] ?? 0,
    noData: last?.noData[at] ?? 0,
    skipData: last?.skipData[at] ?? 0,
  };
  // Less than nothing is left only where the printer is wrong, and then that is to be seen.
  all.push([lastSlot, { ...of, ...lines, counted: Math.max(0, left), filtered: filtered[at]!, lost }]);
  return all;
}
