/**
 * SQL that makes sums of traffic of records.
 *
 * In:    windows of time, a filter, the addresses that are to be told apart. Out: statements over `flow_logs`.
 * Holds: addresses that are neither private nor asked for are one end for each service of AWS and one for the internet, so
 *        that the number of rows is bounded by the network and not by who scans it. NODATA and SKIPDATA are no traffic. A
 *        record counts in the window in which it begins, once. Interfaces and ends are numbered first: grouping by numbers
 *        takes a fraction of what grouping by their texts takes.
 * Fails: FG_FILTER_*.
 */
import type { Filter } from '../../api/filter.ts';
import { contains, parseCidr } from '../../network/vpc/addresses.ts';
import { DUCKDB } from '../../query/dialect.ts';
import { takenFor } from '../../query/explore/columns.ts';
import { conditionsSql, fieldsOf } from '../../query/explore/where.ts';
import type { HeldFields } from '../../query/held-fields.ts';
import { IS_TRAFFIC } from '../../query/measures.ts';
import { quoteText } from '../../storage/duck/quote.ts';
import { EGRESS, INGRESS, INTERNET, MULTICAST, SERVICE } from './traffic.ts';

export type TrafficAsked = {
  readonly fromSeconds: number;
  readonly stepSeconds: number;
  /** How many of `stepSeconds` there are from `fromSeconds` on. */
  readonly windows: number;
  readonly filter: Filter;
  /** Blocks of the network. */
  readonly blocks: readonly string[];
  /** Public addresses of its interfaces. */
  readonly publicAddresses: readonly string[];
};

/** What the question needs of records, and what stands in for what is missing. */
export function trafficNeeds({ filter }: TrafficAsked): {
  readonly needsFields: readonly string[];
  readonly instead: Readonly<Record<string, string>>;
} {
  const taken = fieldsOf(filter).map((field) => takenFor(field));
  return {
    needsFields: [...new Set(['srcaddr', 'dstaddr', 'packets', ...taken.flatMap(({ needs }) => needs)])],
    instead: {
      'interface-id': 'whoever holds an address is taken for the interface',
      'flow-direction': 'the side whose address the interface holds is taken for its own',
      action: 'no record is taken for rejected',
      ...Object.assign({}, ...taken.map(({ instead }) => instead)),
    },
  };
}

/** Blocks whose addresses `is_private` knows. */
const PRIVATE_BLOCKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'].map((text) =>
  parseCidr(text)!,
);

function isPrivateBlock(text: string): boolean {
  const cidr = parseCidr(text);
  return cidr !== null && PRIVATE_BLOCKS.some((block) => cidr.bits >= block.bits && contains(block, cidr));
}

/** Selects of the records that count; parameters are those of the filter. */
function recordsSql(columns: readonly string[], { filter }: TrafficAsked, held: HeldFields): string {
  const inRange = held.byAny('start') ? [`(start_time IS NULL OR ${DUCKDB.beganInRange})`] : [];
  return `SELECT ${columns.join(', ')}
  FROM flow_logs
  WHERE ${[IS_TRAFFIC, ...inRange, ...conditionsSql(filter, DUCKDB, held)].join('\n    AND ')}`;
}

/** A record without an address has an end all the same, and one without a service has none. */
const addressSql = (end: 'src' | 'dst'): string => `coalesce(${end}addr, '')`;
const serviceSql = (end: 'src' | 'dst', held: HeldFields): string =>
  `coalesce(${held.column(`pkt-${end}-aws-service`)}, '')`;

function windowSql({ fromSeconds, stepSeconds, windows }: TrafficAsked, held: HeldFields): string {
  if (!held.byAny('start')) return '0';
  const span = `(epoch_us(start_time) // 1000000 - ${fromSeconds}) // ${stepSeconds}`;
  return `least(${windows - 1}, greatest(0, coalesce(${span}, 0)))`;
}

const sumsSql = (held: HeldFields): string[] => [
  `coalesce(sum(${held.column('bytes')}), 0)::DOUBLE AS bytes`,
  'sum(packets)::DOUBLE AS packets',
  'count(*)::DOUBLE AS flows',
  `count(CASE WHEN ${held.column('action')} = 'REJECT' THEN 1 END)::DOUBLE AS rejects`,
];

/** The sums as somebody would ask for them, for showing: what is asked is the same, by numbers. */
export function shownStatement(asked: TrafficAsked, held: HeldFields): string {
  const columns = [
    `${held.column('interface-id')} AS interface_id`,
    `${held.column('flow-direction')} AS direction`,
    'srcaddr',
    'dstaddr',
    `${windowSql(asked, held)} AS span`,
    ...sumsSql(held),
  ];
  return `${recordsSql(columns, asked, held)}\n  GROUP BY ALL`;
}

/** `fg_interfaces`: each interface that records name, by number, and what they tell of it. */
export function interfacesStatement(asked: TrafficAsked, held: HeldFields): string {
  const place = (field: string, name: string): string => `any_value(${held.column(field)}) AS ${name}`;
  const columns = [
    `coalesce(${held.column('interface-id')}, '') AS id`,
    place('vpc-id', 'vpc_id'),
    place('subnet-id', 'subnet_id'),
    place('az-id', 'az_id'),
  ];
  return `CREATE TEMP TABLE fg_interfaces AS
SELECT *, (row_number() OVER (ORDER BY id) - 1)::UINTEGER AS number FROM (${recordsSql(columns, asked, held)} GROUP BY id)`;
}

/** The rows of it, in order. */
export const INTERFACES = 'SELECT id, vpc_id, subnet_id, az_id FROM fg_interfaces ORDER BY number';

/**
 * `fg_ends`: the number of the end that an address with its service is; `fg_words`: ends by number, those that are no
 * addresses first. The first statement reads records.
 */
export function endsStatements(asked: TrafficAsked, held: HeldFields): readonly [seen: string, ...rest: string[]] {
  const seen = (['src', 'dst'] as const).map(
    (end) =>
      `${recordsSql([`${addressSql(end)} AS address`, `${serviceSql(end, held)} AS service`], asked, held)} GROUP BY ALL`,
  );
  const blocks = asked.blocks.filter((block) => !isPrivateBlock(block));
  const isKept = [
    ...blocks.map((block) => `cidr_contains(address, ${quoteText(block)})`),
    ...(asked.publicAddresses.length > 0 ? [`address IN (${asked.publicAddresses.map(quoteText).join(', ')})`] : []),
  ];
  // What an address is, is worked out once for each: that costs more than all else.
  return [
    `CREATE TEMP TABLE fg_seen AS ${seen.join('\nUNION\n')}`,
    `CREATE TEMP TABLE fg_told AS
SELECT address, service, CASE
    WHEN is_private(address) THEN address
    ${isKept.length === 0 ? '' : `WHEN ${isKept.join(' OR ')} THEN address`}
    WHEN service <> '' THEN ${quoteText(SERVICE)} || service
    WHEN is_public(address) THEN ${quoteText(INTERNET)}
    ELSE ${quoteText(MULTICAST)} END AS word
  FROM fg_seen`,
    `CREATE TEMP TABLE fg_words AS
SELECT word, (row_number() OVER (ORDER BY NOT starts_with(word, '@'), word) - 1)::UINTEGER AS number
  FROM (SELECT DISTINCT word FROM fg_told)`,
    'CREATE TEMP TABLE fg_ends AS SELECT address, service, number FROM fg_told JOIN fg_words USING (word)',
  ];
}

/** The rows of it, in order. */
export const ENDS = 'SELECT word FROM fg_words ORDER BY number';

/** `fg_traffic`: the sums, by numbers. */
export function trafficStatement(asked: TrafficAsked, held: HeldFields): string {
  const hasServices = held.byAny('pkt-src-aws-service') || held.byAny('pkt-dst-aws-service');
  const isEnd = (end: 'src' | 'dst'): string =>
    `${end}_end.address = ${end}${hasServices ? ` AND ${end}_end.service = ${end}_service` : ''}`;
  const direction = held.column('flow-direction');
  const columns = [
    `coalesce(${held.column('interface-id')}, '') AS id`,
    `(CASE ${direction} WHEN 'ingress' THEN ${INGRESS} WHEN 'egress' THEN ${EGRESS} ELSE 0 END)::UTINYINT AS direction`,
    `${addressSql('src')} AS src`,
    `${addressSql('dst')} AS dst`,
    ...(hasServices ? [`${serviceSql('src', held)} AS src_service`, `${serviceSql('dst', held)} AS dst_service`] : []),
    `(${windowSql(asked, held)})::USMALLINT AS span`,
    `coalesce(${held.column('bytes')}, 0)::DOUBLE AS bytes`,
    'packets::DOUBLE AS packets',
    `coalesce(${held.column('action')} = 'REJECT', FALSE) AS rejected`,
  ];
  return `CREATE TEMP TABLE fg_traffic AS
SELECT fg_interfaces.number AS place, direction, src_end.number AS src, dst_end.number AS dst, span,
    sum(bytes) AS bytes, sum(packets) AS packets, count(*)::DOUBLE AS flows,
    count(CASE WHEN rejected THEN 1 END)::DOUBLE AS rejects
  FROM (${recordsSql(columns, asked, held)}) AS records
    JOIN fg_interfaces USING (id)
    JOIN fg_ends AS src_end ON ${isEnd('src')}
    JOIN fg_ends AS dst_end ON ${isEnd('dst')}
  GROUP BY ALL`;
}

/** All of it, in the order of the columns of `Traffic`. */
export const TRAFFIC = 'SELECT place, direction, src, dst, span, bytes, packets, flows, rejects FROM fg_traffic';

/**
 * Of interfaces the address that most of their records have on their side: its number, with that of the interface.
 *
 * @param wanted   numbers of interfaces
 * @param words    ends that are no addresses; theirs are the lowest numbers
 */
export function ownAddressesStatement(wanted: readonly number[], words: number): string {
  const side = (end: 'src' | 'dst', not: number): string =>
    `SELECT place, ${end} AS address, flows FROM fg_traffic
    WHERE direction <> ${not} AND ${end} >= ${words} AND place IN (FROM fg_wanted)`;
  return `WITH fg_wanted AS (SELECT unnest([${wanted.join(', ')}]::UINTEGER[])),
  own AS (SELECT place, address, sum(flows) AS flows FROM (${side('src', INGRESS)} UNION ALL ${side('dst', EGRESS)}) GROUP BY ALL)
SELECT place, arg_max(address, (flows, -address::BIGINT)) AS address FROM own GROUP BY place ORDER BY place`;
}
