/**
 * What differs between the SQL engines that a saved query may be asked on.
 *
 * In:    names of columns and parameters. Out: SQL text of one engine.
 * Holds: everything else in a saved query is SQL that DuckDB, Athena and Trino read alike.
 * Fails: never.
 */

export type Dialect = {
  readonly name: 'duckdb' | 'athena' | 'trino';
  /** The table of records. */
  readonly table: string;
  /** Where a parameter's value stands. */
  parameter(name: string): string;
  /** Whether an integer column is one of a parameter that lists numbers with commas. */
  among(column: string, parameter: string): string;
  /** The time of a record's first or last packet. */
  time(column: 'start' | 'end'): string;
};

/** The embedded engine: named parameters, and a table that brings times of its own. */
export const DUCKDB: Dialect = {
  name: 'duckdb',
  table: 'flow_logs',
  parameter: (name) => `$${name}`,
  among: (column, parameter) => `list_contains(CAST(string_split($${parameter}, ',') AS INTEGER[]), ${column})`,
  time: (column) => `${column}_time`,
};
