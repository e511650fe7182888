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

/** Pixels. */
export function columnWidth(name: string): number {
  if (TIMES.has(name)) return 160;
  if (name === 'x-open') return 84;
  if (name === 'action' || name === 'log-status' || name === 'flow-direction') return 105;
  const kind = filterField(name)?.kind ?? 'text';
  if (kind === 'address') return 150;
  if (kind === 'number') return COUNTS.has(name) ? 110 : 120;
  return /-(?:id|arn)$/u.test(name) ? 210 : 170;
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
