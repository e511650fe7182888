/**
 * Traffic by interface, the two addresses of its records, and window of time: what a picture of the network is made of.
 *
 * In:    windows of time, a filter, the addresses that are to be told apart. Out: a question; what its rows are.
 * Holds: addresses that are neither private nor asked for are one end for each service of AWS and one for the internet, so
 *        that the number of rows is bounded by the network and not by who scans it. NODATA and SKIPDATA are no traffic. A
 *        record counts in the window in which it begins, once.
 * Fails: FG_FILTER_*; as the engine does.
 */
import type { Filter } from '../api/filter.ts';
import { quoteText } from '../storage/duck/quote.ts';
import { DUCKDB } from './dialect.ts';
import type { BoundQuestion, Cell } from './engine.ts';
import { conditionsSql, fieldsOf, valuesOf } from './explore/where.ts';
import { takenFor } from './explore/columns.ts';
import type { HeldFields } from './held-fields.ts';
import { IS_TRAFFIC } from './measures.ts';

export type PairQuestion = {
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

/** Not addresses: what stands for many. A service of AWS has its name behind it. */
export const INTERNET = '@internet';
export const MULTICAST = '@multicast';
export const SERVICE = '@service ';

/** Sums of one direction at one interface. */
export type PairRow = {
  readonly interfaceId: string | null;
  readonly vpcId: string | null;
  readonly subnetId: string | null;
  readonly azId: string | null;
  readonly direction: 'ingress' | 'egress' | null;
  /** Addresses, or one of the words above. */
  readonly src: string;
  readonly dst: string;
  readonly window: number;
  readonly bytes: number;
  readonly packets: number;
  readonly flows: number;
  readonly rejects: number;
};

/** The question. */
export function pairQuestion(asked: PairQuestion): BoundQuestion {
  const taken = fieldsOf(asked.filter).map((field) => takenFor(field));
  const sql = (held: HeldFields): string => pairsSql(asked, held);
  return {
    sql: '',
    parameters: valuesOf(asked.filter),
    saved: {
      name: 'topology',
      needsFields: [...new Set(['srcaddr', 'dstaddr', 'packets', ...taken.flatMap(({ needs }) => needs)])],
      instead: {
        'interface-id': 'whoever holds an address is taken for the interface',
        'flow-direction': 'the side whose address the interface holds is taken for its own',
        action: 'no record is taken for rejected',
        ...Object.assign({}, ...taken.map(({ instead }) => instead)),
      },
      sql,
    },
  };
}

function pairsSql(
  { fromSeconds, stepSeconds, windows, filter, blocks, publicAddresses }: PairQuestion,
  held: HeldFields,
): string {
  const isKept = [
    'is_private(address)',
    ...blocks.map((block) => `cidr_contains(address, ${quoteText(block)})`),
    ...(publicAddresses.length > 0 ? [`address IN (${publicAddresses.map(quoteText).join(', ')})`] : []),
  ].join(' OR ');
  const services = { src: held.column('pkt-src-aws-service'), dst: held.column('pkt-dst-aws-service') };
  const hasTimes = held.byAny('start');
  const window = hasTimes
    ? `least(${windows - 1}, greatest(0, coalesce((epoch_us(start_time) // 1000000 - ${fromSeconds}) // ${stepSeconds}, 0)))`
    : '0';
  const inRange = hasTimes ? [`(start_time IS NULL OR ${DUCKDB.beganInRange})`] : [];
  const shown = (end: 'src' | 'dst'): string =>
    `CASE WHEN ${end}_end.kept THEN ${end}addr WHEN ${end}_service IS NOT NULL THEN ${quoteText(SERVICE)} || ${end}_service
    WHEN ${end}_end.outside THEN ${quoteText(INTERNET)} ELSE ${quoteText(MULTICAST)} END AS ${end}`;
  // What an address is, is worked out once for each: that costs more than all else.
  return `WITH sums AS MATERIALIZED (
  SELECT ${held.column('interface-id')} AS interface_id, any_value(${held.column('vpc-id')}) AS vpc_id,
    any_value(${held.column('subnet-id')}) AS subnet_id, any_value(${held.column('az-id')}) AS az_id,
    ${held.column('flow-direction')} AS direction, srcaddr, dstaddr, ${services.src} AS src_service,
    ${services.dst} AS dst_service, CAST(${window} AS INTEGER) AS span, coalesce(sum(${held.column('bytes')}), 0) AS bytes,
    sum(packets) AS packets, count(*) AS flows, count(CASE WHEN ${held.column('action')} = 'REJECT' THEN 1 END) AS rejects
  FROM flow_logs
  WHERE ${[IS_TRAFFIC, ...inRange, ...conditionsSql(filter, DUCKDB, held)].join('\n    AND ')}
  GROUP BY ALL
), ends AS MATERIALIZED (
  SELECT address, coalesce(${isKept}, FALSE) AS kept, coalesce(is_public(address), FALSE) AS outside
  FROM (SELECT srcaddr AS address FROM sums UNION SELECT dstaddr FROM sums)
)
SELECT interface_id, any_value(vpc_id) AS vpc_id, any_value(subnet_id) AS subnet_id, any_value(az_id) AS az_id, direction,
  ${shown('src')},
  ${shown('dst')},
  span, CAST(sum(bytes) AS DOUBLE) AS bytes, CAST(sum(packets) AS DOUBLE) AS packets, CAST(sum(flows) AS DOUBLE) AS flows,
  CAST(sum(rejects) AS DOUBLE) AS rejects
FROM sums
  LEFT JOIN ends AS src_end ON src_end.address = srcaddr
  LEFT JOIN ends AS dst_end ON dst_end.address = dstaddr
GROUP BY ALL`;
}

/** A row of its answer. */
export function pairRow(cells: readonly Cell[]): PairRow {
  const [interfaceId, vpcId, subnetId, azId, direction, src, dst, window, bytes, packets, flows, rejects] = cells;
  return {
    interfaceId: textOf(interfaceId),
    vpcId: textOf(vpcId),
    subnetId: textOf(subnetId),
    azId: textOf(azId),
    direction: direction === 'ingress' || direction === 'egress' ? direction : null,
    // A packet without addresses has no known end.
    src: textOf(src) ?? MULTICAST,
    dst: textOf(dst) ?? MULTICAST,
    window: Number(window),
    bytes: Number(bytes),
    packets: Number(packets),
    flows: Number(flows),
    rejects: Number(rejects),
  };
}

const textOf = (cell: Cell | undefined): string | null => (typeof cell === 'string' && cell !== '' ? cell : null);
