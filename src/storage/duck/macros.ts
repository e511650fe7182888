/**
 * SQL functions that every question may use: networks, names of ports, protocols and flags.
 *
 * In:    an open database. Out: the macros of `MACROS` in it.
 * Holds: IPv4 and IPv6 as RFC 4291 and dotted quads write them, leading zeros refused; what does not parse gives NULL.
 *        Plain SQL over integers: no extension, every thread works. A one-element `list_transform` binds a value to a
 *        name, or an expression that stands three times would be worked out three times.
 * Fails: never.
 */
import type { Duck } from './duck.ts';
import { ENCRYPTIONS, PORTS, PROTOCOLS, TRAFFIC_PATHS } from './well-known.ts';

/** A macro for people: its call and what it gives. */
export type Macro = { readonly call: string; readonly gives: string };

/** Macros that people are told of. */
export const MACROS: readonly Macro[] = [
  { call: "cidr_contains(addr, '10.0.0.0/8')", gives: 'whether an address lies in a network' },
  { call: 'is_private(addr)', gives: 'whether an address is private, shared, loopback or link-local' },
  { call: 'is_public(addr)', gives: 'whether it is neither private nor multicast, reserved or unspecified' },
  { call: 'port_name(port)', gives: 'the service that a well-known port is for' },
  { call: 'protocol_name(protocol)', gives: 'tcp, udp, icmp …' },
  { call: 'tcp_flag_names(tcp_flags)', gives: 'SYN|ACK …, none for 0' },
  { call: 'traffic_path_name(traffic_path)', gives: 'same VPC, internet gateway …' },
  { call: 'encryption_name(encryption_status)', gives: 'none, hardware, application …' },
];

const OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const GROUPS = '([0-9a-f]{1,4}(:[0-9a-f]{1,4})*)?';

/** First and last numbers. */
type Ranges = readonly (readonly [string, string])[];

/** First and last number of RFC 1918, 100.64.0.0/10, 127.0.0.0/8 and 169.254.0.0/16. */
const PRIVATE: Ranges = [
  ['167772160', '184549375'],
  ['2886729728', '2887778303'],
  ['3232235520', '3232301055'],
  ['1681915904', '1686110207'],
  ['2130706432', '2147483647'],
  ['2851995648', '2852061183'],
];
/** Of fc00::/7, fe80::/10 and ::1. */
const PRIVATE6: Ranges = [
  ['334965454937798799971759379190646833152', '337623910929368631717566993311207522303'],
  ['338288524927261089654018896841347694592', '338620831926207318622244848606417780735'],
  ['1', '1'],
];
/** Of 0.0.0.0/8 and 224.0.0.0/3. */
const UNOWNED: Ranges = [
  ['0', '16777215'],
  ['3758096384', '4294967295'],
];
/** Of :: and ff00::/8. */
const UNOWNED6: Ranges = [
  ['0', '0'],
  ['338953138925153547590470800371487866880', '340282366920938463463374607431768211455'],
];

/**
 * In the order of making: a macro may use those above it. Names of lambda parameters are never those of a column, or
 * an argument that names such a column would mean the parameter.
 */
const DEFINITIONS: readonly string[] = [
  `fg_ipv4(a) AS CASE WHEN regexp_full_match(a, '(${OCTET}\\.){3}${OCTET}') THEN
     list_transform([string_split(a, '.')], lambda fg_p:
       (${octet(1)} << 24) + (${octet(2)} << 16) + (${octet(3)} << 8) + ${octet(4)})[1]
   END`,
  // A dotted quad at the end becomes two groups; one that is none becomes text that does not parse.
  `fg_quad(a) AS CASE WHEN contains(a, '.') THEN
     regexp_extract(a, '^(.*:)[^:]*$', 1) || coalesce(list_transform([fg_ipv4(regexp_extract(a, '[^:]*$'))],
       lambda fg_q: printf('%x:%x', CAST(fg_q >> 16 AS BIGINT), CAST(fg_q & 65535 AS BIGINT)))[1], 'x')
     ELSE a END`,
  `fg_colons(t) AS len(t) - len(replace(t, ':', ''))`,
  // How many of its colons stand for no group: the "::" at an end has one more than in the middle.
  `fg_edges(t) AS CASE WHEN t = '::' THEN 2 WHEN starts_with(t, '::') OR ends_with(t, '::') THEN 1 ELSE 0 END`,
  // "::" written out: as many zero groups as are missing; NULL where the count of groups is wrong.
  `fg_full(t) AS CASE WHEN NOT regexp_full_match(t, '${GROUPS}(::${GROUPS})?') THEN NULL
     WHEN NOT contains(t, '::') THEN t
     WHEN fg_colons(t) - fg_edges(t) < 8 THEN
       trim(replace(t, '::', ':' || repeat('0:', CAST(8 - (fg_colons(t) - fg_edges(t)) AS BIGINT))), ':') END`,
  `fg_ipv6(a) AS CASE WHEN contains(a, ':') THEN list_transform([fg_quad(lower(a))], lambda fg_t: list_transform(
     [string_split(fg_full(fg_t), ':')], lambda fg_g:
       CASE WHEN len(fg_g) = 8 THEN ((${word('fg_g', 1)}::UHUGEINT) << 64) | ${word('fg_g', 5)}::UHUGEINT END)[1])[1] END`,
  // Of either family.
  `fg_number(a) AS CASE WHEN contains(a, ':') THEN fg_ipv6(a) ELSE fg_ipv4(a) END`,
  // How many low bits a network leaves free; NULL where it has no such length.
  `fg_free(cidr, most) AS CASE
     WHEN NOT contains(cidr, '/') THEN 0
     WHEN regexp_full_match(split_part(cidr, '/', 2), '[0-9]{1,3}') AND len(string_split(cidr, '/')) = 2
       AND TRY_CAST(split_part(cidr, '/', 2) AS INTEGER) <= most THEN most - TRY_CAST(split_part(cidr, '/', 2) AS INTEGER) END`,
  // The network's side stands outside the lambda, where a constant is worked out once.
  `cidr_contains(addr, cidr) AS list_transform([struct_pack(
       number := fg_number(addr), net := fg_number(split_part(cidr, '/', 1)), six := contains(cidr, ':'),
       free := fg_free(cidr, CASE WHEN contains(cidr, ':') THEN 128 ELSE 32 END))], lambda fg_s:
     CASE WHEN fg_s.number IS NULL OR fg_s.net IS NULL OR fg_s.free IS NULL THEN NULL
       WHEN contains(addr, ':') <> fg_s.six THEN false
       WHEN fg_s.free = 128 THEN true
       ELSE (fg_s.number >> CAST(fg_s.free AS UHUGEINT)) = (fg_s.net >> CAST(fg_s.free AS UHUGEINT)) END)[1]`,
  `is_private(addr) AS ${among('addr', PRIVATE, PRIVATE6)}`,
  `is_public(addr) AS NOT ${among('addr', [...PRIVATE, ...UNOWNED], [...PRIVATE6, ...UNOWNED6])}`,
  `protocol_name(n) AS ${choice('n', PROTOCOLS)}`,
  `port_name(n) AS ${choice('n', PORTS)}`,
  `traffic_path_name(n) AS ${choice('n', TRAFFIC_PATHS)}`,
  `encryption_name(n) AS ${choice('n', ENCRYPTIONS)}`,
  `tcp_flag_names(n) AS CASE WHEN n = 0 THEN 'none' WHEN n > 0 THEN array_to_string(list_filter([
     CASE WHEN n & 1 > 0 THEN 'FIN' END, CASE WHEN n & 2 > 0 THEN 'SYN' END, CASE WHEN n & 4 > 0 THEN 'RST' END,
     CASE WHEN n & 8 > 0 THEN 'PSH' END, CASE WHEN n & 16 > 0 THEN 'ACK' END, CASE WHEN n & 32 > 0 THEN 'URG' END],
     lambda fg_f: fg_f IS NOT NULL), '|') END`,
];

/**
 * A part of a dotted quad. Over a dictionary DuckDB works out all branches of a CASE for all of its texts: nothing here may
 * fail, whatever the text is.
 */
function octet(at: number): string {
  return `TRY_CAST(fg_p[${at}] AS UTINYINT)::UBIGINT`;
}

/** Four groups of a list as one 64-bit number. */
function word(list: string, from: number): string {
  const part = (at: number): string => `TRY_CAST('0x' || ${list}[${from + at}] AS USMALLINT)::UBIGINT`;
  return `((${part(0)} << 48) + (${part(1)} << 32) + (${part(2)} << 16) + ${part(3)})`;
}

/** Whether an address lies in one of the ranges of its family. */
function among(address: string, four: Ranges, six: Ranges): string {
  const any = (ranges: Ranges): string => ranges.map((range) => within('fg_a', range)).join(' OR ');
  return `CASE WHEN contains(${address}, ':')
     THEN list_transform([fg_ipv6(${address})], lambda fg_a: ${any(six)})[1]
     ELSE list_transform([fg_ipv4(${address})], lambda fg_a: ${any(four)})[1] END`;
}

function within(value: string, [low, high]: readonly [string, string]): string {
  return `${value} BETWEEN ${low} AND ${high}`;
}

/** A name by its number, in SQL that every engine reads. */
export function choice(value: string, names: Readonly<Record<number, string>>): string {
  const arms = Object.entries(names).map(([number, name]) => `WHEN ${number} THEN '${name}'`);
  return `CASE ${value} ${arms.join(' ')} END`;
}

/** Makes all macros in a database. */
export async function createMacros(duck: Pick<Duck, 'run'>): Promise<void> {
  await duck.run(makingOf(MADE));
}

/** A definition by its name, with the names that it uses. */
type Made = { readonly name: string; readonly definition: string; readonly uses: readonly string[] };

const MADE: readonly Made[] = DEFINITIONS.map((definition, at): Made => {
  const [, name = '', body = ''] = /^(\w+)([^]*)$/u.exec(definition) ?? [];
  const before = DEFINITIONS.slice(0, at).map((each) => /^\w+/u.exec(each)?.[0] ?? '');
  return { name, definition, uses: before.filter((each) => new RegExp(`\\b${each}\\(`, 'u').test(body)) };
});

function makingOf(made: readonly Made[]): string {
  return made.map(({ definition }) => `CREATE OR REPLACE MACRO ${definition}`).join(';\n');
}

/**
 * The database, in which a macro is made when a statement is the first to have its name in it: making all of them takes as long as a
 * small question. Of one that is misspelled DuckDB knows what was meant all the same.
 */
export function withMacros(duck: Duck): Duck {
  const there = new Set<string>();

  async function make(wanted: readonly Made[]): Promise<void> {
    const missing = wanted.filter(({ name }) => !there.has(name));
    if (missing.length === 0) return;
    await duck.run(makingOf(missing));
    for (const { name } of missing) there.add(name);
  }

  async function prepared<T>(sql: string, work: () => Promise<T>): Promise<T> {
    await make(namedIn(sql));
    return work();
  }

  return {
    ...duck,
    run: (sql, parameters) => prepared(sql, () => duck.run(sql, parameters)),
    rows: (sql, parameters) => prepared(sql, () => duck.rows(sql, parameters)),
    numbers: (sql, parameters) => prepared(sql, () => duck.numbers(sql, parameters)),
    all: (sql, parameters) => prepared(sql, () => duck.all(sql, parameters)),
    kindOf: (sql) =>
      prepared(sql, () => duck.kindOf(sql)).catch(async (error: unknown) => {
        if (there.size === MADE.length || !(error instanceof Error) || !error.message.startsWith('Catalog'))
          throw error;
        await make(MADE);
        return duck.kindOf(sql);
      }),
  };
}

/** Macros that a statement may use, and those that they use, in the order of making. */
function namedIn(sql: string): readonly Made[] {
  const text = sql.toLowerCase();
  const names = new Set<string>();
  for (const { name, uses } of MADE.toReversed()) {
    if (!names.has(name) && !text.includes(name)) continue;
    names.add(name);
    for (const each of uses) names.add(each);
  }
  return MADE.filter(({ name }) => names.has(name));
}
