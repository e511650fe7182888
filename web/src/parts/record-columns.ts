/**
 * How columns of records are shown.
 *
 * In:    a field's name. Out: its width, side and text; sets of columns by version.
 * Holds: numbers stand right. Times are UTC in words; the copied line has the seconds.
 * Fails: never.
 */
import type { FieldValue } from '../../../src/api/explore.ts';
import { filterField, RECORD_FIELDS } from '../../../src/api/filter-fields.ts';
import { countText, timeText } from '../format.ts';
import { namedValue } from './use-fields.ts';
import type { Fields } from './use-fields.ts';

/** Shown where nothing was chosen and the objects hold them. */
export const DEFAULT_COLUMNS: readonly string[] = [
  'start',
  'action',
  'srcaddr',
  'srcport',
  'dstaddr',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'flow-direction',
  'interface-id',
  'x-rule-id',
  'log-status',
];

const TIMES = new Set(['start', 'end']);
const COUNTS = new Set(['packets', 'bytes']);

/** Whether it stands right. */
export function isNumberColumn(name: string): boolean {
  return filterField(name)?.kind === 'number' && !TIMES.has(name);
}

/** Rows that widths are made by. */
const LOOKED_AT = 200;
const PIXELS = { character: 7.2, around: 24, least: 64, most: 320 } as const;

/** Of each column, in pixels: what its name and the first rows need, within bounds. */
export function columnWidths(
  fields: Fields,
  shown: readonly string[],
  columns: readonly string[],
  rows: readonly (readonly FieldValue[])[],
): readonly number[] {
  return shown.map((name) => {
    const place = columns.indexOf(name);
    let characters = headText(name).length * 1.25;
    for (const row of rows.slice(0, LOOKED_AT))
      characters = Math.max(characters, cellText(fields, name, row[place] ?? null).length);
    return Math.round(Math.min(PIXELS.most, Math.max(PIXELS.least, characters * PIXELS.character + PIXELS.around)));
  });
}

/** What stands above a column. */
export function headText(name: string): string {
  return name === 'x-open' ? 'window' : TIMES.has(name) ? `${name} (UTC)` : name;
}

/** What a cell shows. */
export function cellText(fields: Fields, name: string, value: FieldValue): string {
  if (value === null) return '-';
  if (name === 'x-open') return value === true ? 'open' : '';
  if (TIMES.has(name)) return Number(value) < 1e11 ? timeText(Number(value)) : timeText(Number(value) / 1000);
  if (COUNTS.has(name) && typeof value === 'number') return countText(value);
  return namedValue(fields, name, value);
}

/** A choice of columns under a name. */
export type ColumnSet = { readonly id: string; readonly text: string; readonly columns: readonly string[] };

/** Sets of which the objects hold something: those of the screen, each version's fields with the five-tuple, all. */
export function columnSets({ held, others }: Fields): readonly ColumnSet[] {
  const isHeld = (name: string): boolean => (held.get(name)?.files ?? 0) > 0;
  const tuple = ['start', 'srcaddr', 'srcport', 'dstaddr', 'dstport', 'protocol', 'action'].filter(isHeld);
  const own = RECORD_FIELDS.filter(({ name }) => isHeld(name));
  const versions = [...new Set(own.map(({ version }) => version))].toSorted((a, b) => a - b);
  const ofVersion = versions.map((version): ColumnSet => {
    const names = own.filter((field) => field.version === version).map(({ name }) => name);
    if (version === 2) return { id: 'v2', text: 'Version 2, the default format', columns: names };
    const text = version === 0 ? 'Of flowgauge (x-…)' : `Version ${version}`;
    return { id: `v${version}`, text, columns: [...tuple, ...names.filter((name) => !tuple.includes(name))] };
  });
  const usual = { id: 'usual', text: 'Usual columns', columns: DEFAULT_COLUMNS.filter(isHeld) };
  const all = {
    id: 'all',
    text: 'Everything that the objects hold',
    columns: [...own.map(({ name }) => name), ...others],
  };
  return [usual, ...ofVersion, all].filter(({ columns }) => columns.length > 0);
}
