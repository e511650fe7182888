/**
 * `flow_logs` over a table of an engine elsewhere, as its SQL writes it.
 *
 * In:    the columns that the engine says the table has, and the range that is asked. Out: a SELECT; which fields there are.
 * Holds: columns are found by the names of fields, whatever their order and case; `-` is NULL; texts of numbers become
 *        numbers; `start_time` and `end_time` stand besides, as in DuckDB. What a range leaves out is left out by partition
 *        first, where the table has columns that AWS's folders are named after, and by `start` and `end`.
 * Fails: FG_ENGINE_COLUMNS, FG_ENGINE_VALUE.
 */
import { failure } from '../../model/errors.ts';
import type { Coverage } from '../../lake/read/coverage.ts';
import type { TimeRange } from '../../lake/read/source.ts';
import { isBounded, rowsWithin } from '../../lake/read/time-range.ts';
import { FIELDS, columnName } from '../../record/fields/list.ts';
import { quoteName } from '../../storage/duck/quote.ts';
import type { Dialect } from '../dialect.ts';

/** As the engine names it: type in small letters, `varchar(10)`. */
export type RemoteColumn = { readonly name: string; readonly type: string };

/** Types of fields by the name of their column. */
const FIELD_TYPES = new Map(FIELDS.map((field) => [columnName(field.name), field.column] as const));
/** Columns that only compacted lakes have: there a missing value is NULL, and a comparison shall reach the statistics. */
const COMPACTED = 'src_ip';
/** How much older and newer than its records a partition may be: windows, slots and what came late. */
const EARLIER_SECONDS = 600;
const LATER_SECONDS = 86_400;
const DAY_SECONDS = 86_400;

/**
 * The parts of a table's name, quoted.
 *
 * @param most  how many there may be
 */
export function tableName(given: string, most: number): string {
  const parts = given.match(/"(?:[^"]|"")+"|[^."\s]+/gu) ?? [];
  const names = parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part));
  if (parts.join('.') !== given || parts.length > most || parts.length === 0)
    throw failure('FG_ENGINE_VALUE', '--table', given, `up to ${most} names with points between`);
  return names.map(quoteName).join('.');
}

/** The fields that the columns are, for saved queries; whether every row has them the engine does not say. */
export function fieldsOfTable(columns: readonly RemoteColumn[]): Coverage {
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  return { files: 1, holding: (column) => (names.has(column) ? 1 : 0) };
}

/**
 * The SELECT.
 *
 * @param table  quoted
 */
export function flowLogsOver(
  table: string,
  columns: readonly RemoteColumn[],
  range: TimeRange,
  d: Pick<Dialect, 'time'>,
): string {
  const byName = new Map(columns.map((column) => [column.name.toLowerCase(), column] as const));
  if (![...byName.keys()].some((name) => FIELD_TYPES.has(name)))
    throw failure(
      'FG_ENGINE_COLUMNS',
      table,
      columns.map(({ name }) => name),
    );
  const isCompacted = byName.has(COMPACTED);
  const list = [...byName].map(
    ([name, column]) => `${isCompacted ? quoteName(column.name) : valueOf(column, name)} AS ${quoteName(name)}`,
  );
  const inner = [`SELECT ${list.join(', ')}`, `FROM ${table}`];
  const partitions = partitionsWithin(range, byName);
  if (partitions !== null) inner.push(`WHERE ${partitions}`);
  const times = (['start', 'end'] as const).filter((name) => byName.has(name) && !byName.has(`${name}_time`));
  const outer = ['*', ...times.map((name) => `${d.time(name)} AS ${name}_time`)];
  const rows = rowsWithin(range, byName.has('start') ? '"start"' : null, byName.has('end') ? '"end"' : null);
  const where = rows === null ? '' : `\nWHERE ${rows}`;
  return `SELECT ${outer.join(', ')}\nFROM (\n${inner.join('\n')}\n) AS records${where}`;
}

function valueOf({ name, type }: RemoteColumn, field: string): string {
  const quoted = quoteName(name);
  const isText = /^(?:varchar|char|string)/u.test(type);
  const wanted = FIELD_TYPES.get(field);
  if (wanted === undefined || !isText) return quoted;
  return wanted === 'VARCHAR' ? `nullif(${quoted}, '-')` : `TRY_CAST(${quoted} AS ${wanted.toLowerCase()})`;
}

/** SQL over columns named after folders: `year`, `month`, `day`; or one of days. Null where nothing is left out by them. */
function partitionsWithin(range: TimeRange, byName: ReadonlyMap<string, RemoteColumn>): string | null {
  if (!isBounded(range)) return null;
  const first = dayOf(range.startSeconds - EARLIER_SECONDS);
  const last = dayOf(range.endSeconds + LATER_SECONDS);
  const year = byName.get('year');
  const month = byName.get('month');
  const day = byName.get('day') ?? byName.get('date') ?? byName.get('dt');
  if (day === undefined) return null;
  const bounds = (text: (days: string) => string): string[] => [
    ...(first === null ? [] : [`>= ${text(first)}`]),
    ...(last === null ? [] : [`<= ${text(last)}`]),
  ];
  if (year !== undefined && month !== undefined) {
    if (first !== null && last !== null) return monthsBetween(first, last, year, month, day);
    return bounds((text) => literal(text.slice(0, 4), year)).map((bound) => `${quoteName(year.name)} ${bound}`).join(' AND '); // prettier-ignore
  }
  const column = quoteName(day.name);
  if (day.type === 'date') return bounds((text) => `DATE '${text}'`).map((bound) => `${column} ${bound}`).join(' AND '); // prettier-ignore
  return daysBetween(first, last, column, byName.has(COMPACTED) ? LAKE_DAYS : ANY_DAYS);
}

/** How days are written: a lake's, and those of AWS's folders (2026/11/22) or of others. */
const LAKE_DAYS = ['-'] as const;
const ANY_DAYS = ['-', '/'] as const;

/**
 * Comparisons of the column itself with plain values: of an expression over it Athena does not know which projected partitions it
 * leaves out. A year that is not whole is an arm for each way of writing, for as text all of `2026/…` comes behind `2026-12-31`.
 */
function daysBetween(first: string | null, last: string | null, column: string, ways: readonly string[]): string {
  const [from, to] = [first?.slice(0, 4) ?? null, last?.slice(0, 4) ?? null];
  const arms: string[] = [];
  const days = (begin: string, end: string): void => {
    for (const way of ways) {
      const [low, high] = [begin.replaceAll('-', way), end.replaceAll('-', way)];
      arms.push(`${column} BETWEEN '${low}' AND '${high}'`);
    }
  };
  if (first !== null && last !== null && from === to) days(first, last);
  else {
    if (first !== null) days(first, `${from}-12-31`);
    const whole = [
      ...(from === null ? [] : [`${column} >= '${Number(from) + 1}'`]),
      ...(to === null ? [] : [`${column} < '${to}'`]),
    ];
    if (from === null || to === null || Number(from) + 1 < Number(to)) arms.push(`(${whole.join(' AND ')})`);
    if (last !== null) days(`${to}-01-01`, last);
  }
  return `(${arms.join(' OR ')})`;
}

/** `2026-11-22`; null for no bound. */
function dayOf(seconds: number): string | null {
  return Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString().slice(0, 10) : null;
}

/** Comparisons with plain values only, which every engine knows partitions by. */
function monthsBetween(
  first: string,
  last: string,
  year: RemoteColumn,
  month: RemoteColumn,
  day: RemoteColumn,
): string {
  const days = new Map<string, string[]>();
  for (let at = Date.parse(first) / 1000; at <= Date.parse(last) / 1000; at += DAY_SECONDS) {
    const text = dayOf(at)!;
    const of = text.slice(0, 7);
    days.set(of, [...(days.get(of) ?? []), text.slice(8)]);
  }
  const arms = [...days].map(([text, own]) => {
    const whole = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5)), 0)).getUTCDate() === own.length;
    const parts = [
      `${quoteName(year.name)} = ${literal(text.slice(0, 4), year)}`,
      `${quoteName(month.name)} = ${literal(text.slice(5), month)}`,
      ...(whole ? [] : [`${quoteName(day.name)} IN (${own.map((each) => literal(each, day)).join(', ')})`]),
    ];
    return `(${parts.join(' AND ')})`;
  });
  return `(${arms.join(' OR ')})`;
}

function literal(digits: string, { type }: RemoteColumn): string {
  return /^(?:varchar|char|string)/u.test(type) ? `'${digits}'` : String(Number(digits));
}
