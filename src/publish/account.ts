/**
 * An account: what a source counted at one interface in one window, and where it went.
 *
 * In:    counts. Out: lines of JSON, as they lie in segments and in the ledger.
 * Holds: counted = in records + filtered + the sum of lost, in packets (rule C). What came late to a window has an account of
 *        its own: all of an interface and window add up. Zeros are left out.
 * Fails: reading gives null for what is no account.
 */

/** Why packets of an interface are in no record. */
export type LossCause = 'table-full' | 'spool-full';

export type WindowAccount = {
  readonly interfaceId: string;
  readonly windowSeconds: number;
  /** How long the window is. */
  readonly seconds: number;
  /** Packets that the source counted; null where its process was killed before the window closed. */
  readonly counted: number | null;
  /** Lines that were written, NODATA and SKIPDATA among them. */
  readonly records: number;
  /** Packets that those lines tell of. */
  readonly packets: number;
  /** Packets that the flow log's traffic type leaves out. */
  readonly filtered: number;
  readonly lost: { readonly [cause in LossCause]?: number };
  readonly noData: number;
  readonly skipData: number;
};

/** What is written of an account: short, for there is one for each interface and window. */
type Written = {
  i: string;
  at: number;
  s: number;
  counted?: number | null;
  records?: number;
  packets?: number;
  filtered?: number;
  lost?: { readonly [cause in LossCause]?: number };
  noData?: number;
  skipData?: number;
};

/** The account in few bytes. */
export function writtenAccount(account: WindowAccount): Written {
  const { interfaceId: i, windowSeconds: at, seconds: s, counted, records, packets, filtered, lost } = account;
  return {
    i,
    at,
    s,
    ...(counted === 0 ? {} : { counted }),
    ...(records === 0 ? {} : { records }),
    ...(packets === 0 ? {} : { packets }),
    ...(filtered === 0 ? {} : { filtered }),
    ...(Object.keys(lost).length === 0 ? {} : { lost }),
    ...(account.noData === 0 ? {} : { noData: account.noData }),
    ...(account.skipData === 0 ? {} : { skipData: account.skipData }),
  };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The account that was written so. */
export function readAccount(value: unknown): WindowAccount | null {
  if (typeof value !== 'object' || value === null) return null;
  const { i, at, s, counted = 0, records = 0, packets = 0, filtered = 0, lost = {}, ...rest } = value as Written;
  const { noData = 0, skipData = 0 } = rest;
  const numbers = [at, s, records, packets, filtered, noData, skipData, ...Object.values(lost ?? {})];
  if (typeof i !== 'string' || !numbers.every(isCount) || s === 0 || (counted !== null && !isCount(counted)))
    return null;
  return { interfaceId: i, windowSeconds: at, seconds: s, counted, records, packets, filtered, lost, noData, skipData };
}

/** Packets of an account that are lost, whatever took them. */
export function lostOf({ lost }: WindowAccount): number {
  return Object.values(lost).reduce((sum, packets) => sum + packets, 0);
}
