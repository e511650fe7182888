/**
 * What can be asked of the objects of a range: their fields, and the values of a field.
 *
 * In:    the place, a range. Out: fields with how many objects hold them; the most frequent values.
 * Holds: of text only the first lines are read for the fields, of Parquet only the schemas.
 * Fails: as asking does.
 */
import type { FieldHeld, HeldFieldsAnswer, ValuesAnswer } from '../../api/explore.ts';
import { DIMENSIONS } from '../../api/filter-fields.ts';
import type { Filter } from '../../api/filter.ts';
import { openFlowTable } from '../../lake/read/flow-table.ts';
import type { TimeRange } from '../../lake/read/source.ts';
import { columnName } from '../../record/fields/list.ts';
import { ENCRYPTIONS, PORTS, PROTOCOLS, TRAFFIC_PATHS } from '../../storage/duck/well-known.ts';
import { openPlace } from '../ask.ts';
import { DUCKDB } from '../dialect.ts';
import type { BoundQuestion } from '../engine.ts';
import { ALL_FIELDS } from '../held-fields.ts';
import type { HeldFields } from '../held-fields.ts';
import type { Place } from './ask-place.ts';
import { fieldSql, takenFor } from './columns.ts';
import { fieldValue } from './explore.ts';
import { conditionsSql, fieldOf, fieldsOf, valuesOf } from './where.ts';

/** What numbers of a field stand for. */
const NAMES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  protocol: PROTOCOLS,
  srcport: PORTS,
  dstport: PORTS,
  'service-port': PORTS,
  'traffic-path': TRAFFIC_PATHS,
  'encryption-status': ENCRYPTIONS,
};

/** The fields of the objects of a range, those that none holds too; unknown ones last. */
export function heldFieldsAt(place: Place, range: TimeRange, signal: AbortSignal): Promise<HeldFieldsAnswer> {
  const { from, source: how = {}, cache, memoryBytes } = place.options;
  return place.inTurn(signal, async () => {
    const options = { source: how, range, memoryBytes, ...(cache === null ? {} : { cache }) };
    const { source, reading } = await openPlace(from, options);
    const table = await openFlowTable(source, signal, [], reading);
    await table.close();
    const { coverage, columns } = table;
    const holding = (name: string): number =>
      Math.min(...takenFor(fieldOf(name)).needs.map((field) => coverage.holding(columnName(field))));
    const known = DIMENSIONS.map(({ name }): FieldHeld => ({ name, files: holding(name), names: NAMES[name] ?? {} }));
    const others = columns
      .filter(({ name }) => DIMENSIONS.every((field) => columnName(field.name) !== name))
      .map(({ name }): FieldHeld => ({ name: name.replaceAll('_', '-'), files: coverage.holding(name), names: {} }));
    return { files: coverage.files, fields: [...known, ...others] };
  });
}

export type ValuesWanted = {
  readonly range: TimeRange;
  /** Other conditions, which narrow the values. */
  readonly filter: Filter;
  /** As for `filterField`; of `addr` and `port` both sides are looked at. */
  readonly field: string;
  /** What the values begin with, as they are printed; capital letters make no difference. */
  readonly begin: string;
  readonly most: number;
};

/** Values of a field. */
export async function valuesOfField(place: Place, wanted: ValuesWanted, signal: AbortSignal): Promise<ValuesAnswer> {
  const { range, filter, field, begin, most } = wanted;
  const found = fieldOf(field);
  const sides = found.either.length > 0 ? found.either.map(fieldOf) : [found];
  const taken = [found, ...fieldsOf(filter)].map(takenFor);
  const sql = (held: HeldFields): string => {
    const start = DUCKDB.time('start');
    const conditions = [
      `${start} >= ${DUCKDB.instant('starts')}`,
      `${start} < ${DUCKDB.instant('ends')}`,
      ...conditionsSql(filter, DUCKDB, held),
    ];
    const side = (sideField: typeof found): string =>
      `SELECT ${fieldSql(sideField, DUCKDB, held)} AS value FROM flow_logs WHERE ${conditions.join(' AND ')}`;
    return `SELECT value, count(*) AS records FROM (${sides.map(side).join(' UNION ALL ')}) AS sides
  WHERE value IS NOT NULL AND starts_with(lower(CAST(value AS VARCHAR)), $begin)
  GROUP BY value ORDER BY records DESC, value LIMIT $most`;
  };
  const question: BoundQuestion = {
    sql: sql(ALL_FIELDS),
    parameters: {
      ...valuesOf(filter),
      starts: BigInt(range.startSeconds),
      ends: BigInt(range.endSeconds),
      begin: begin.toLowerCase(),
      most: BigInt(most + 1),
    },
    saved: {
      name: 'values',
      needsFields: [...new Set(['start', ...taken.flatMap(({ needs }) => needs)])],
      instead: Object.fromEntries(taken.flatMap((each) => Object.entries(each.instead))),
      sql,
    },
  };
  const { rows } = await place.ask(() => question, range, signal);
  return {
    field,
    values: rows.slice(0, most).map(([value, records]) => ({ value: fieldValue(value!), records: Number(records) })),
    more: rows.length > most,
  };
}
