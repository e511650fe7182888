/**
 * What *Now* shows of the events that came.
 *
 * In:    events of `/api/now`, one after the other. Out: packets by second, the records that changed last.
 * Holds: a record stands once, as it was told last, the ones that changed last first. Of seconds and records only the last are
 *        kept. An event is spread over the whole seconds that it is of.
 * Fails: never.
 */
import type { FieldValue } from '../../../../src/api/explore.ts';
import type { NowPackets } from '../../../../src/api/now.ts';

/** Seconds of the graph. */
export const SECONDS = 180;
/** Records that are kept. */
export const MOST_RECORDS = 300;

export type LiveState = {
  /** The second behind the last one of `accepted` and `rejected`; null: nothing came. */
  readonly untilSeconds: number | null;
  /** Packets by second, the newest last. */
  readonly accepted: readonly number[];
  readonly rejected: readonly number[];
  /** Bytes of both. */
  readonly bytes: readonly number[];
  readonly fields: readonly string[];
  readonly records: readonly (readonly FieldValue[])[];
  /** Records that changed and were not told one by one. */
  readonly more: number;
  /** Records in open windows. */
  readonly open: number;
  /** Of the last few seconds, for a second. */
  readonly rate: { readonly accepted: number; readonly rejected: number; readonly bytes: number };
};

const NONE = Array.from({ length: SECONDS }, () => 0);
export const NO_EVENTS: LiveState = {
  untilSeconds: null,
  accepted: NONE,
  rejected: NONE,
  bytes: NONE,
  fields: [],
  records: [],
  more: 0,
  open: 0,
  rate: { accepted: 0, rejected: 0, bytes: 0 },
};

/** Fields that grow while a window is open: a record is known by the others. */
const GROWING = new Set(['packets', 'bytes', 'start', 'end', 'tcp-flags']);
/** A rate is of so many seconds. */
const RATE_SECONDS = 5;

/** With one event more. */
export function withPackets(state: LiveState, event: NowPackets): LiveState {
  const { atMillis, sinceMillis, accepted, rejected, fields, more, open } = event;
  const until = Math.floor(atMillis / 1000) + 1;
  const moved = Math.min(SECONDS, state.untilSeconds === null ? SECONDS : Math.max(0, until - state.untilSeconds));
  const shift = (values: readonly number[]): number[] => [...values.slice(moved), ...NONE.slice(0, moved)];
  const [seconds, refused, volume] = [shift(state.accepted), shift(state.rejected), shift(state.bytes)];
  // Of more than a second each second has its part; what is left over is the last one's.
  const parts = Math.max(1, Math.min(SECONDS, Math.round(sinceMillis / 1000)));
  const spread = (into: number[], amount: number): void => {
    const each = Math.floor(amount / parts);
    for (let part = 0; part < parts; part++)
      into[SECONDS - 1 - part]! += part === 0 ? amount - each * (parts - 1) : each;
  };
  spread(seconds, accepted.packets);
  spread(refused, rejected.packets);
  spread(volume, accepted.bytes + rejected.bytes);
  const lately = (values: readonly number[]): number => {
    const last = values.slice(-RATE_SECONDS - 1, -1);
    return last.reduce((sum, value) => sum + value, 0) / RATE_SECONDS;
  };
  return {
    untilSeconds: until,
    accepted: seconds,
    rejected: refused,
    bytes: volume,
    fields,
    records: newest(event, state),
    more,
    open,
    rate: { accepted: lately(seconds), rejected: lately(refused), bytes: lately(volume) },
  };
}

function newest({ fields, records }: NowPackets, state: LiveState): readonly (readonly FieldValue[])[] {
  const isSame = fields.join() === state.fields.join();
  const start = fields.indexOf('start');
  const keyOf = (row: readonly FieldValue[]): string => {
    const window = Math.floor(Number(row[start] ?? 0) / 60);
    return `${window} ${row.filter((_, at) => !GROWING.has(fields[at]!)).join(' ')}`;
  };
  const all = new Map<string, readonly FieldValue[]>();
  for (const row of [...records, ...(isSame ? state.records : [])]) {
    const key = keyOf(row);
    if (!all.has(key)) all.set(key, row);
    if (all.size === MOST_RECORDS) break;
  }
  return [...all.values()];
}
