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
  const own = [...blocks.map((block) => (address: string) => `cidr_contains(${address}, ${quoteText(block)})`)];
  if (publicAddresses.length > 0) {
    const list = publicAddresses.map(quoteText).join(', ');
    own.push((address) => `${address} IN (${list})`);
  }
  const end = (address: 'srcaddr' | 'dstaddr'): string => {
    const service = held.column(address === 'srcaddr' ? 'pkt-src-aws-service' : 'pkt-dst-aws-service');
    const isKept = [`is_private(${address})`, ...own.map((one) => one(address))].join(' OR ');
    return `CASE WHEN ${isKept} THEN ${address} WHEN ${service} IS NOT NULL THEN ${quoteText(SERVICE)} || ${service}
      WHEN is_public(${address}) THEN ${quoteText(INTERNET)} ELSE ${quoteText(MULTICAST)} END`;
  };
  const hasTimes = held.byAny('start');
  const window = hasTimes
    ? `least(${windows - 1}, greatest(0, coalesce((epoch_us(start_time) // 1000000 - ${fromSeconds}) // ${stepSeconds}, 0)))`
    : '0';
  const inRange = hasTimes ? [`(start_time IS NULL OR ${DUCKDB.beganInRange})`] : [];
  return `SELECT ${held.column('interface-id')} AS interface_id, any_value(${held.column('vpc-id')}) AS vpc_id,
  any_value(${held.column('subnet-id')}) AS subnet_id, any_value(${held.column('az-id')}) AS az_id,
  ${held.column('flow-direction')} AS direction, ${end('srcaddr')} AS src, ${end('dstaddr')} AS dst,
  CAST(${window} AS INTEGER) AS at, CAST(coalesce(sum(${held.column('bytes')}), 0) AS DOUBLE) AS bytes,
  CAST(sum(packets) AS DOUBLE) AS packets, CAST(count(*) AS DOUBLE) AS flows,
  CAST(count(CASE WHEN ${held.column('action')} = 'REJECT' THEN 1 END) AS DOUBLE) AS rejects
FROM flow_logs
WHERE ${[IS_TRAFFIC, ...inRange, ...conditionsSql(filter, DUCKDB, held)].join('\n  AND ')}
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
