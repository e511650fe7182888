/**
 * What differs between the SQL engines that a saved query may be asked on.
 *
 * In:    names of columns, expressions and parameters. Out: SQL text of one engine.
 * Holds: everything else in a saved query is SQL that DuckDB, Athena and Trino read alike. DuckDB's forms are the macros
 *        that people use too; the forms of the others are written out and give NULL where a macro does.
 * Fails: never.
 */

import { choice } from '../storage/duck/macros.ts';
import {
  ENCRYPTIONS,
  PORTS,
  PRIVATE_NETWORKS,
  PROTOCOLS,
  TRAFFIC_PATHS,
  UNOWNED_NETWORKS,
} from '../storage/duck/well-known.ts';

/** What a query of sums tells apart. */
export type SumsOf = {
  /** Columns of its groups and conditions. */
  readonly by: readonly string[];
  /** Length of the spans of its groups: seconds, or the name of a parameter. */
  readonly every?: number | string;
  /** All of its conditions want action REJECT. */
  readonly rejected?: true;
  /**
   * Its answer is of groups with the most packets only, the sum of them before all else: rows of others may be left out. `most`: the
   * parameter that says how many; `where`: its conditions besides those of `rejected`.
   */
  readonly top?: { readonly by: readonly string[]; readonly most: string; readonly where?: string };
};

export type Dialect = {
  readonly name: 'duckdb' | 'athena' | 'trino';
  /** The table of records. */
  readonly table: string;
  /**
   * The relation of a saved query that asks for nothing but sums, counts of flows and times of records: its records, or rows that
   * stand for several of them.
   */
  sums(of: SumsOf): string;
  /** The number of flows for which something holds, of rows of the table or of `sums`; of all without it. */
  flows(holds?: string): string;
  /** What a select from `sums` brings along so that a select from it can count flows. */
  readonly andFlows: string;
  /** Where a parameter's value stands. */
  parameter(name: string): string;
  /** Whether an integer column is one of a parameter that lists numbers with commas. */
  among(column: string, parameter: string): string;
  /** Whether an address lies in the network of a parameter; true for all where that is `any`. */
  inNetwork(address: string, parameter: string): string;
  /** Whether an address is private, shared, loopback or link-local. */
  isPrivate(address: string): string;
  /** Whether it is neither private nor multicast, reserved or unspecified. */
  isPublic(address: string): string;
  /** Names by number, NULL for those without. */
  portName(port: string): string;
  protocolName(protocol: string): string;
  trafficPathName(code: string): string;
  encryptionName(code: string): string;
  /** The time of a record's first or last packet. */
  time(column: 'start' | 'end'): string;
  /** The same in whole seconds since 1970. */
  seconds(column: 'start' | 'end'): string;
  /** A whole number divided by another, without the rest. */
  whole(number: string, by: string): string;
  /** The number in the middle of a group's. */
  median(number: string): string;
  /**
   * Where the span begins that holds a record's first packet; spans are counted from 1970.
   *
   * @param seconds  length of the spans: a number or a parameter's place
   */
  spanBegin(seconds: string): string;
  /**
   * Whether a record began in the range of time that was asked for: one that began before belongs to a span before it, of
   * which the table holds little more.
   */
  readonly beganInRange: string;
  /** The time of a parameter that is an instant. */
  instant(parameter: string): string;
  /** The lowest distinct numbers of a column for which something holds, ascending, with commas; NULL where there is none. */
  numberList(column: string, holds: string, most: number): string;
  /** A percent-encoded text as it was. */
  decoded(text: string): string;
  /** Whether an address lies in a network: false where that is of the other family, NULL where the address is none. */
  inCidr(address: string, network: string): string;
  /** `SYN|ACK`, `none` for 0. */
  flagNames(flags: string): string;
};

/** Counts rows, each of which is a flow. */
function countOf(holds?: string): string {
  return holds === undefined ? 'count(*)' : `count(CASE WHEN ${holds} THEN 1 END)`;
}

/** The embedded engine: named parameters, and a table that brings times of its own. */
export const DUCKDB: Dialect = {
  name: 'duckdb',
  table: 'flow_logs',
  sums: () => 'flow_logs',
  flows: countOf,
  andFlows: '',
  parameter: (name) => `$${name}`,
  among: (column, parameter) => `list_contains(CAST(string_split($${parameter}, ',') AS INTEGER[]), ${column})`,
  inNetwork: (address, parameter) => `($${parameter} = 'any' OR cidr_contains(${address}, $${parameter}))`,
  isPrivate: (address) => `is_private(${address})`,
  isPublic: (address) => `is_public(${address})`,
  portName: (port) => `port_name(${port})`,
  protocolName: (protocol) => `protocol_name(${protocol})`,
  trafficPathName: (code) => `traffic_path_name(${code})`,
  encryptionName: (code) => `encryption_name(${code})`,
  time: (column) => `${column}_time`,
  seconds: (column) => `epoch_us(${column}_time) // 1000000`,
  whole: (number, by) => `${number} // ${by}`,
  median: (number) => `median(${number})`,
  spanBegin(seconds) {
    const length = `CAST(${seconds} AS BIGINT)`;
    return `make_timestamp(epoch_us(start_time) // 1000000 // ${length} * ${length} * 1000000)`;
  },
  beganInRange: 'began_in_range(start_time)',
  instant: (parameter) => `make_timestamp(CAST($${parameter} AS BIGINT) * 1000000)`,
  numberList: (column, holds, most) =>
    `array_to_string(list_slice(list_sort(list(DISTINCT ${column}) FILTER (WHERE ${holds})), 1, ${most}), ',')`,
  decoded: (text) => `url_decode(${text})`,
  inCidr: (address, network) => `cidr_contains(${address}, ${network})`,
  flagNames: (flags) => `tcp_flag_names(${flags})`,
};

/**
 * Trino: where `$name` stands, `expand.ts` writes the value; `start` and `end` are all there is of times, in seconds or, as
 * some SKIPDATA lines have it, in milliseconds.
 */
export const TRINO: Dialect = {
  name: 'trino',
  table: 'flow_logs',
  sums: () => 'flow_logs',
  flows: countOf,
  andFlows: '',
  parameter: (name) => `$${name}`,
  among: (column, parameter) =>
    `contains(transform(split($${parameter}, ','), each -> CAST(each AS integer)), ${column})`,
  inNetwork: (address, parameter) => `($${parameter} = 'any' OR ${inCidr(address, `$${parameter}`)})`,
  isPrivate: (address) => inNetworks(address, PRIVATE_NETWORKS),
  isPublic: (address) => `NOT ${inNetworks(address, [...PRIVATE_NETWORKS, ...UNOWNED_NETWORKS])}`,
  portName: (port) => choice(port, PORTS),
  protocolName: (protocol) => choice(protocol, PROTOCOLS),
  trafficPathName: (code) => choice(code, TRAFFIC_PATHS),
  encryptionName: (code) => choice(code, ENCRYPTIONS),
  time: (column) => `CAST(from_unixtime(${secondsOf(column)}, 'UTC') AS timestamp)`,
  seconds: (column) => secondsOf(column),
  whole: (number, by) => `${number} / ${by}`,
  median: (number) => `approx_percentile(${number}, 0.5)`,
  spanBegin: (seconds) =>
    `CAST(from_unixtime(${secondsOf('start')} - ${secondsOf('start')} % ${seconds}, 'UTC') AS timestamp)`,
  beganInRange: 'TRUE',
  instant: (parameter) => `CAST(from_unixtime($${parameter}, 'UTC') AS timestamp)`,
  numberList: (column, holds, most) =>
    `array_join(slice(array_sort(array_agg(DISTINCT ${column}) FILTER (WHERE ${holds})), 1, ${most}), ',')`,
  decoded: (text) => `url_decode(${text})`,
  inCidr,
  flagNames: (flags) =>
    `(CASE WHEN ${flags} = 0 THEN 'none' WHEN ${flags} > 0 THEN array_join(ARRAY[${FLAG_NAMES.map(
      (name, bit) => `CASE WHEN bitwise_and(${flags}, ${1 << bit}) > 0 THEN '${name}' END`,
    ).join(', ')}], '|') END)`,
};

/** Athena reads what Trino reads. */
export const ATHENA: Dialect = { ...TRINO, name: 'athena' };

const FLAG_NAMES = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'] as const;

/** Trino takes an IPv4 address for one of ::ffff:0:0/96, so families are told apart first. */
function inCidr(address: string, network: string): string {
  const long = `(CASE WHEN strpos(${network}, '/') > 0 THEN ${network} WHEN ${network} LIKE '%:%' THEN ${network} || '/128' ELSE ${network} || '/32' END)`;
  return `(CASE WHEN (${address} LIKE '%:%') <> (${network} LIKE '%:%') THEN FALSE ELSE contains(${long}, ${ipOf(address)}) END)`;
}

function ipOf(address: string): string {
  return `TRY_CAST(${address} AS ipaddress)`;
}

/** An address is looked for among the networks of its own family only. */
function inNetworks(address: string, networks: readonly string[]): string {
  const any = (six: boolean): string =>
    networks
      .filter((network) => network.includes(':') === six)
      .map((network) => `contains('${network}', ${ipOf(address)})`)
      .join(' OR ');
  return `(CASE WHEN ${address} LIKE '%:%' THEN ${any(true)} ELSE ${any(false)} END)`;
}

function secondsOf(column: 'start' | 'end'): string {
  const name = column === 'end' ? '"end"' : column;
  return `(CASE WHEN ${name} > 99999999999 THEN ${name} / 1000 ELSE ${name} END)`;
}
