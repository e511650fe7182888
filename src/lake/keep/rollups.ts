/**
 * Roll-ups: sums of a file's records, which answer what is asked every day.
 *
 * In:    the records of a file. Out: for each roll-up the SQL of its rows.
 * Holds: a row stands for all records of its dimensions that began in its span: `bytes`, `packets` and `flows` are their sums,
 *        `first_time` and `last_time` the first begin and the last end. Records without packets, or without bytes, are in rows of
 *        their own. Dimensions that the file has not are left out. Rows with hashes lie by their packets, the most first.
 * Fails: never.
 */
import { GROUP_HASH } from '../read/compacted/manifest.ts';
import { quoteName } from '../../storage/duck/quote.ts';

export type RollupKind = {
  readonly name: string;
  readonly dimensions: readonly string[];
  readonly stepSeconds: 60 | 300 | 3600;
  readonly only: 'rejected' | null;
  /** Columns that each row gets a hash of, by which the groups with the most packets are found without their addresses. */
  readonly hashed?: readonly string[];
};

/** Those of interfaces are small at every step; the others are as large as there are addresses. */
const OF_INTERFACES = ['interface_id', 'vpc_id', 'subnet_id', 'instance_id', 'action'];
const OF_REJECTS = [
  'interface_id',
  'subnet_id',
  'instance_id',
  'srcaddr',
  'dstaddr',
  'protocol',
  'dstport',
  'flow_direction',
  'reject_reason',
  'action',
];

/** All of them, each with a folder of its own. */
export const ROLLUPS: readonly RollupKind[] = [
  { name: 'interfaces-1m', dimensions: OF_INTERFACES, stepSeconds: 60, only: null },
  { name: 'interfaces-5m', dimensions: OF_INTERFACES, stepSeconds: 300, only: null },
  { name: 'interfaces-1h', dimensions: OF_INTERFACES, stepSeconds: 3600, only: null },
  { name: 'sources-1h', dimensions: ['srcaddr', 'action'], stepSeconds: 3600, only: null },
  { name: 'destinations-1h', dimensions: ['dstaddr', 'action'], stepSeconds: 3600, only: null },
  {
    name: 'rejected-1h',
    dimensions: OF_REJECTS,
    stepSeconds: 3600,
    only: 'rejected',
    hashed: ['srcaddr', 'dstaddr', 'dstport'],
  },
];

/** Columns without which there are no sums. */
const NEEDED = ['start', 'end', 'packets', 'bytes', 'action'];

/** Those that a file with some columns can have. */
export function rollupsOf(columns: ReadonlySet<string>): readonly RollupKind[] {
  if (!NEEDED.every((name) => columns.has(name))) return [];
  return ROLLUPS.filter(({ dimensions }) => dimensions.some((name) => name !== 'action' && columns.has(name)));
}

/** The roll-up whose rows another can be made of, as those of minutes add up to hours: the last such before it. */
export function finerOf(kind: RollupKind): RollupKind | null {
  const before = ROLLUPS.slice(0, ROLLUPS.indexOf(kind));
  return (
    before.findLast(
      ({ dimensions, stepSeconds, only }) =>
        dimensions === kind.dimensions && only === kind.only && kind.stepSeconds % stepSeconds === 0,
    ) ?? null
  );
}

/**
 * SQL of a roll-up's rows.
 *
 * @param records  a relation with the columns and times of `flow_logs`
 */
export function rollupSql(kind: RollupKind, records: string, columns: ReadonlySet<string>): string {
  const measures = {
    start: 'epoch_us(start_time) // 1000000',
    first: 'min(start_time)',
    last: 'max(end_time)',
    flows: 'count(*)',
  };
  return sumsOf(kind, records, columns, measures, kind.only === null ? '' : " WHERE action = 'REJECT'");
}

/**
 * The same of the rows of a finer one.
 *
 * @param finer  a relation with the rows of `finerOf`
 */
export function coarserSql(kind: RollupKind, finer: string, columns: ReadonlySet<string>): string {
  const measures = {
    start: 'start',
    first: 'min(first_time)',
    last: 'max(last_time)',
    flows: 'CAST(sum(flows) AS BIGINT)',
  };
  return sumsOf(kind, finer, columns, measures, '');
}

function sumsOf(
  { dimensions, stepSeconds, hashed }: RollupKind,
  relation: string,
  columns: ReadonlySet<string>,
  { start, first, last, flows }: Readonly<Record<'start' | 'first' | 'last' | 'flows', string>>,
  where: string,
): string {
  const own = dimensions.filter((name) => columns.has(name)).map(quoteName);
  const span = `${start} // ${stepSeconds} * ${stepSeconds}`;
  const order = [...own.slice(0, 1), span].join(', ');
  const sums = `SELECT ${span} AS start, ${own.join(', ')}, ${first} AS first_time, ${last} AS last_time,
      CAST(sum(bytes) AS BIGINT) AS bytes, CAST(sum(packets) AS BIGINT) AS packets, ${flows} AS flows
    FROM ${relation}${where}
    GROUP BY ${[span, ...own, 'packets IS NULL', 'bytes IS NULL'].join(', ')}`;
  if (hashed === undefined) return `${sums} ORDER BY ${order}`;
  return `SELECT *, ${hashSql(hashed.filter((name) => columns.has(name)))} AS ${GROUP_HASH} FROM (${sums})
    ORDER BY ${['packets DESC NULLS LAST', ...own.slice(0, 1)].join(', ')}`;
}

/**
 * 31 bits. What is absent adds nothing, whether a file has the column or not: such rows are one group. DuckDB's own hash is faster, but
 * promises nothing from one version to the next, and files of both are read together.
 */
function hashSql(of: readonly string[]): string {
  return `CAST(md5_number_lower(concat_ws(' ', ${['NULL', ...of.map(quoteName)].join(', ')})) & 2147483647 AS INTEGER)`;
}
