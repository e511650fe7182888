/**
 * Columns that documents of records share, whatever schema they are of.
 *
 * In:    a plan with a batch of records; how a value is written. Out: for each row which text of a table: events, times, protocols, families; and
 *        the fields that a schema has no place for.
 * Holds: a text is made once for each distinct value of a batch.
 * Fails: never.
 */
import { textsOf } from '../../record/columns.ts';
import { FIELDS, columnName } from '../../record/fields/list.ts';
import { ADDRESS_WORDS, batchAddresses } from './batch-addresses.ts';
import type { BatchAddresses } from './batch-addresses.ts';
import type { Plan } from './document-plan.ts';
import type { TextTable } from './document-room.ts';
import { KeyNumbers } from './key-numbers.ts';

export type DocumentCounts = { documents: number; noData: number; skipData: number; fieldsLeftOut: number };

/** Columns of all fields that a version defines. */
export const KNOWN: ReadonlySet<string> = new Set(FIELDS.map(({ name }) => columnName(name)));
/** Fields that nobody knows, of one file: more would fill the index's mapping. */
const MOST_UNKNOWN = 50;
/** The year 9999. */
const LAST_SECOND = 253_402_300_799;

/** The addresses of a column; null where there is no such column. */
export function addressesOf(plan: Plan, name: string): BatchAddresses | null {
  const column = plan.columns.get(name);
  if (column?.dictionary === undefined || column.dictionary === null) return null;
  return batchAddresses(column.dictionary, plan.indexes(column));
}

/** Texts of what rows have in common, each once, by whole numbers between two bounds. */
class Shared {
  readonly texts: string[] = [];
  readonly #numbers: KeyNumbers;
  readonly #text: (key: number) => string;

  constructor(least: number, most: number, text: (key: number) => string) {
    this.#numbers = new KeyNumbers(least, most);
    this.#text = text;
  }

  number(key: number): number {
    const known = this.#numbers.of(key);
    if (known >= 0) return known;
    const made = this.add(this.#text(key));
    this.#numbers.set(key, made);
    return made;
  }

  /** A text that has no key. */
  add(text: string): number {
    return this.texts.push(text) - 1;
  }
}

/** For each row which text of the table. */
export type TextColumn = { readonly column: number; readonly table: TextTable };

/**
 * What rows say of action and status; NODATA and SKIPDATA are counted.
 *
 * @param write  of an action and a status, null where a row has none
 */
export function events(
  plan: Plan,
  counts: DocumentCounts,
  write: (action: string | null, status: string | null) => string,
): TextColumn {
  const { batch, room } = plan;
  const texts = (name: string): { texts: (string | null)[]; rows: Int32Array | null } => {
    const column = plan.columns.get(name);
    if (column?.dictionary === undefined || column.dictionary === null) return { texts: [], rows: null };
    return { texts: textsOf(column.dictionary), rows: plan.indexes(column) };
  };
  const [actions, statuses] = [texts('action'), texts('log_status')];
  const width = statuses.texts.length + 1;
  const shared = new Shared(0, (actions.texts.length + 1) * width - 1, (key) =>
    write(actions.texts[Math.floor(key / width) - 1] ?? null, statuses.texts[(key % width) - 1] ?? null),
  );
  const [noData, skipData] = [statuses.texts.indexOf('NODATA'), statuses.texts.indexOf('SKIPDATA')];
  const rows = new Int32Array(batch.rows);
  for (let row = 0; row < batch.rows; row++) {
    const action = actions.rows === null ? -1 : actions.rows[row]!;
    const status = statuses.rows === null ? -1 : statuses.rows[row]!;
    if (status >= 0) {
      if (status === noData) counts.noData++;
      else if (status === skipData) counts.skipData++;
    }
    rows[row] = shared.number((action + 1) * width + status + 1);
  }
  return { column: room.words(rows), table: room.texts(shared.texts) };
}

export type Times = {
  readonly start: number;
  readonly end: number;
  readonly stamp: number;
  readonly table: TextTable;
  /** Which of them every row has, beside the stamp. */
  readonly isWhole: { readonly start: boolean; readonly end: boolean };
};

/**
 * Times of the batch: one table, a column for each name, and the stamp.
 *
 * @param first    whose time is the stamp where a row has both
 * @param seconds  the stamp of rows that have neither, seconds since 1970 UTC
 * @param write    of seconds since 1970 UTC
 */
export function times(plan: Plan, first: 'start' | 'end', seconds: number, write: (seconds: number) => string): Times {
  const { batch, room } = plan;
  const { rows } = batch;
  const numbers = (name: string): Float64Array | null => {
    const column = plan.columns.get(name);
    return column === undefined ? null : (plan.numbersOf(column)?.numbers ?? null);
  };
  const [starts, ends] = [numbers('start'), numbers('end')];
  const isTime = (at: number): boolean => at >= 0 && at <= LAST_SECOND;
  let [least, most] = [LAST_SECOND, 0];
  for (const own of [starts, ends]) {
    if (own === null) continue;
    for (let row = 0; row < rows; row++) {
      const at = own[row]!;
      if (!isTime(at)) continue;
      if (at < least) least = at;
      if (at > most) most = at;
    }
  }
  const shared = new Shared(least, most, write);
  const indexes = (own: Float64Array | null): { readonly column: Int32Array; readonly isWhole: boolean } => {
    const column = new Int32Array(rows).fill(-1);
    if (own === null) return { column, isWhole: false };
    let isWhole = true;
    for (let row = 0; row < rows; row++) {
      const at = own[row]!;
      if (isTime(at)) column[row] = shared.number(at);
      else isWhole = false;
    }
    return { column, isWhole };
  };
  const [start, end] = [indexes(starts), indexes(ends)];
  const [own, other] = first === 'end' ? [end, start] : [start, end];
  let stamp = own.column;
  if (!own.isWhole) {
    stamp = new Int32Array(rows);
    const neither = shared.add(write(seconds));
    for (let row = 0; row < rows; row++) {
      let at = own.column[row]!;
      if (at < 0) at = other.column[row]!;
      stamp[row] = at >= 0 ? at : neither;
    }
  }
  const placed = { start: room.words(start.column), end: room.words(end.column) };
  return {
    ...placed,
    stamp: stamp === own.column ? placed[first] : room.words(stamp),
    table: room.texts(shared.texts),
    isWhole: { start: start.isWhole, end: end.isWhole },
  };
}

/** What rows say of their protocol; null where there is no such column. */
export function protocols(plan: Plan, write: (number: number) => string): TextColumn | null {
  const column = plan.columns.get('protocol');
  const numbers = column === undefined ? null : (plan.numbersOf(column)?.numbers ?? null);
  if (numbers === null) return null;
  let most = 0;
  for (let row = 0; row < numbers.length; row++) most = Math.max(most, numbers[row]!);
  const shared = new Shared(0, most, write);
  const rows = new Int32Array(numbers.length);
  for (let row = 0; row < rows.length; row++) {
    const number = numbers[row]!;
    rows[row] = number < 0 ? -1 : shared.number(number);
  }
  return { column: plan.room.words(rows), table: plan.room.texts(shared.texts) };
}

/** For each row 0 IPv4, 1 IPv6, -1 where there is no address. */
export function familiesOf({ words, column }: BatchAddresses): Int32Array {
  const families = new Int32Array(column.length);
  for (let row = 0; row < families.length; row++) {
    const at = column[row]!;
    const family = at < 0 ? 0 : words[at * ADDRESS_WORDS]!;
    families[row] = family === 0 ? -1 : family === 4 ? 0 : 1;
  }
  return families;
}

/** All fields but those that a schema has its own place for. */
export function others(plan: Plan, placed: ReadonlySet<string>, counts: DocumentCounts): void {
  const unknown = new Set<string>();
  for (const column of plan.batch.columns) {
    if (placed.has(column.name)) continue;
    // A dot would make an object of the field, perhaps of one that is none.
    const name = column.name.replaceAll('.', '_');
    if (!KNOWN.has(column.name)) {
      if (unknown.size === MOST_UNKNOWN || KNOWN.has(name) || unknown.has(name)) {
        counts.fieldsLeftOut += plan.batch.rows;
        continue;
      }
      unknown.add(name);
    }
    plan.field(`,${JSON.stringify(name)}:`, column);
  }
}
