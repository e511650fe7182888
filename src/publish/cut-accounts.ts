/**
 * Accounts for records whose process was killed before it could account for them.
 *
 * In:    text of records. Out: an account for each interface and minute, of what is in the records: how much their source
 *        counted nobody knows.
 * Holds: made from the text alone. Where the format has no interface or no time, '' and the slot stand for it.
 */
import { parseLogFormat } from '../record/format.ts';
import type { WindowAccount } from './account.ts';
import { linesIn } from './lines-in.ts';

const SECONDS = 60;

export type CutAccounts = {
  add(text: Uint8Array): void;
  /** An account has come for all that was added. */
  covered(): void;
  accounts(): readonly WindowAccount[];
};

/** Nothing yet. */
export function createCutAccounts(format: string, slotSeconds: number): CutAccounts {
  const names = parseLogFormat(format).fields.map(({ name }) => name);
  const [id, start, end, packets, status] = ['interface-id', 'start', 'end', 'packets', 'log-status'].map((name) =>
    names.indexOf(name),
  );
  type Sums = { records: number; packets: number; noData: number; skipData: number };
  const windows = new Map<string, Sums>();
  return {
    add(text) {
      for (const line of linesIn(text)) {
        const values = line.split(' ');
        const seconds = [values[start!], values[end!]].map(Number).find((time) => Number.isSafeInteger(time));
        const window = seconds === undefined ? slotSeconds : seconds - (seconds % SECONDS);
        const key = `${window} ${values[id!] ?? ''}`;
        const sums = windows.get(key) ?? { records: 0, packets: 0, noData: 0, skipData: 0 };
        windows.set(key, sums);
        sums.records++;
        sums.packets += Number(values[packets!]) || 0;
        if (values[status!] === 'NODATA') sums.noData++;
        if (values[status!] === 'SKIPDATA') sums.skipData++;
      }
    },
    covered: () => windows.clear(),
    accounts: () =>
      [...windows].map(([key, sums]) => {
        const [window, interfaceId = ''] = key.split(' ');
        const of = { interfaceId, windowSeconds: Number(window), seconds: SECONDS };
        return { ...of, counted: null, filtered: 0, lost: {}, ...sums };
      }),
  };
}
