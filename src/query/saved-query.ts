/**
 * What a saved query is, and how it is bound to the values that somebody gives.
 *
 * In:    a saved query and texts of parameters (`--param k=v`). Out: a bound question.
 * Holds: every parameter has a value of its type, given or default.
 * Fails: FG_PARAMETER_UNKNOWN, FG_PARAMETER_MISSING, FG_PARAMETER_VALUE.
 */

import { isIP } from 'node:net';

import { failure } from '../model/errors.ts';
import type { Dialect } from './dialect.ts';
import type { BoundQuestion } from './engine.ts';

/** What a parameter takes. `ports` is numbers with commas between. */
export type Parameter = {
  readonly type: 'address' | 'count' | 'ports';
  readonly meaning: string;
  /** Text of the value when none is given; null: it must be given. */
  readonly default: string | null;
};

/** Records for a test of a query, by column; a column that is left out is null. */
export type Fixture = {
  readonly records: readonly Readonly<Record<string, string | number | null>>[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  /** What must come out, in order. */
  readonly answer: readonly (readonly (string | number | null)[])[];
};

export type SavedQuery = {
  /** AWS's name where it is AWS's query. */
  readonly name: string;
  /** One sentence: what a row of the answer is, and which rows come first. */
  readonly meaning: string;
  /** Fields as in a log format, without which the question cannot be asked. */
  readonly needsFields: readonly string[];
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly sql: (d: Dialect) => string;
  readonly fixture: Fixture;
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
    parameters[name] = read(name, parameter.type, text.trim());
  }
  return { sql: query.sql(d), parameters, saved: { name: query.name, needsFields: query.needsFields } };
}

function read(name: string, type: Parameter['type'], text: string): string | bigint {
  switch (type) {
    case 'count':
      if (/^\d{1,15}$/.test(text)) return BigInt(text);
      throw failure('FG_PARAMETER_VALUE', name, text, 'a number, such as 50');
    case 'address':
      if (isIP(text) !== 0) return text.toLowerCase();
      throw failure('FG_PARAMETER_VALUE', name, text, 'an IPv4 or IPv6 address, such as 10.0.1.5');
    case 'ports': {
      const ports = text.split(',').map((port) => port.trim());
      if (ports.every((port) => /^\d{1,5}$/.test(port) && Number(port) <= 65_535)) return ports.join(',');
      throw failure('FG_PARAMETER_VALUE', name, text, 'ports with commas between, such as 22,3389');
    }
  }
}
