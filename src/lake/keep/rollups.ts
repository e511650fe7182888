/**
 * Roll-ups: sums of a file's records, which answer what is asked every day.
 *
 * In:    the records of a file. Out: for each roll-up the SQL of its rows.
 * Holds: a row stands for all records of its dimensions that began in its span: `bytes`, `packets` and `flows` are their sums,
 *        `first_time` and `last_time` the first begin and the last end. Records without packets, or without bytes, are in rows of
 *        their own. Dimensions that the file has not are left out.
 * Fails: never.
 */
import { quoteName } from '../../storage/duck/quote.ts';

export type RollupKind = {
  readonly name: string;
  readonly dimensions: readonly string[];
  readonly stepSeconds: 60 | 300 | 3600;
  readonly only: 'rejected' | null;
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
  { name: 'rejected-1h', dimensions: OF_REJECTS, stepSeconds: 3600, only: 'rejected' },
];

/** Columns without which there are no sums. */
const NEEDED = ['start', 'end', 'packets', 'bytes', 'action'];

/** Those that a file with some columns can have. */
export function rollupsOf(columns: ReadonlySet<string>): readonly RollupKind[] {
  if (!NEEDED.every((name) => columns.has(name))) return [];
  return ROLLUPS.filter(({ dimensions }) => dimensions.some((name) => name !== 'action' && columns.has(name)));
}

/**
 * SQL of a roll-up's rows.
 *
 * @param records  a relation with the columns and times of `flow_logs`
 */
export function rollupSql(
  { dimensions, stepSeconds, only }: RollupKind,
  records: string,
  columns: ReadonlySet<string>,
): string {
  const own = dimensions.filter((name) => columns.has(name)).map(quoteName);
  const span = `epoch_us(start_time) // 1000000 // ${stepSeconds} * ${stepSeconds}`;
  return `SELECT ${span} AS start, ${own.join(', ')}, min(start_time) AS first_time, max(end_time) AS last_time,
      CAST(sum(bytes) AS BIGINT) AS bytes, CAST(sum(packets) AS BIGINT) AS packets, count(*) AS flows
    FROM ${records}${only === null ? '' : " WHERE action = 'REJECT'"}
    GROUP BY ${[span, ...own, 'packets IS NULL', 'bytes IS NULL'].join(', ')}
    ORDER BY ${[...own.slice(0, 1), 'start'].join(', ')}`;
}
