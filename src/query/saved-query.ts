/**
 * What a saved query is, and how it is bound to the values that somebody gives.
 *
 * In:    a saved query and texts of parameters (`--param k=v`). Out: a bound question.
 * Holds: every parameter has a value of its type, given or default.
 * Fails: FG_PARAMETER_UNKNOWN, FG_PARAMETER_MISSING, FG_PARAMETER_VALUE.
 */

import { failure } from '../model/errors.ts';
import type { Dialect } from './dialect.ts';
import type { BoundQuestion } from './engine.ts';
import type { HeldFields } from './held-fields.ts';
import { ALL_FIELDS } from './held-fields.ts';
import type { Parameter } from './parameter.ts';
import { readParameter } from './parameter.ts';

export type SavedQuery = {
  /** AWS's name where it is AWS's query. */
  readonly name: string;
  /** One sentence: what a row of the answer is, and which rows come first. */
  readonly meaning: string;
  /** Fields as in a log format, without which the question cannot be asked. */
  readonly needsFields: readonly string[];
  /** Fields that make the answer exact, and for each what is done where files do not hold it. */
  readonly instead?: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** It reads `Dialect.sums` only: rows that stand for several records give the same answer. */
  readonly sums?: true;
  /** A field of `instead` is written by `held.column`, for no file may have it. */
  readonly sql: (d: Dialect, held: HeldFields) => string;
};

/** How many rows a top list has; AWS's queries give 50. */
export function limit(rows: number): Parameter {
  return { type: 'count', meaning: 'rows at most', default: String(rows) };
}

/** The name for typing: AWS's without its prefix, small, with hyphens. `VpcFlowLogsTopTCPTraffic` is `top-tcp-traffic`. */
export function shortName(name: string): string {
  return name
    .replace(/^VpcFlowLogs/, '')
    .replace('IPv', 'Ipv')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

/**
 * A saved query with its values.
 *
 * @param given  texts by parameter name, as from `--param`
 */
export function bind(query: SavedQuery, d: Dialect, given: Readonly<Record<string, string>>): BoundQuestion {
  const known = Object.keys(query.parameters);
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw failure('FG_PARAMETER_UNKNOWN', shortName(query.name), name, known);
  }
  const parameters: Record<string, string | bigint> = {};
  for (const [name, parameter] of Object.entries(query.parameters)) {
    const text = given[name] ?? parameter.default;
    if (text === null) throw failure('FG_PARAMETER_MISSING', shortName(query.name), name, parameter.meaning);
    parameters[name] = readParameter(name, parameter, text);
  }
  const { name, needsFields, instead = {}, sums = false } = query;
  const sql = (held: HeldFields, other: Dialect = d): string => query.sql(other, held);
  return { sql: sql(ALL_FIELDS), parameters, saved: { name, needsFields, instead, sql, sums } };
}
