/**
 * The SQL that finds the records of a question in flow logs.
 *
 * In:    both places, the addresses that the conversation has on its way, protocol and ports. Out: SQL to run and to show.
 * Holds: it can be given to `flowgauge query` as it is. Request and reply are told apart by where the port stands. What
 *        files do not hold is NULL.
 */
import type { PortRange } from '../../api/explanation.ts';
import { formatAddress, parseCidr } from '../../network/vpc/addresses.ts';
import type { HeldFields } from '../../query/held-fields.ts';
import type { Place } from './ends.ts';
import type { Visit } from './judge-visit.ts';

export type Sought = {
  readonly from: Place;
  readonly to: Place;
  readonly visits: readonly Visit[];
  readonly protocol: number;
  readonly port: number | null;
  /** Null: any. */
  readonly sourcePort: PortRange | null;
};

/** Rows of an answer: pairs of addresses at interfaces. */
const MOST_ROWS = 10_000;
/** For so long packets of a closed connection are told to be that (rule V3). */
const CLOSED_SECONDS = 600;

/** What the records say, by interface, way, addresses and action. */
export function seenSql(sought: Sought, held: HeldFields): string {
  const { request, reply } = conditions(sought);
  return [
    `SELECT ${named(held, 'interface-id')}, CASE WHEN ${request} THEN 'request' ELSE 'reply' END AS leg, srcaddr, dstaddr, action,`,
    `  count(*) AS records, sum(${held.column('packets')}) AS packets, max("end") AS last_seen, bit_or(${held.column('tcp-flags')}) AS tcp_flags`,
    'FROM flow_logs',
    `WHERE protocol = ${sought.protocol} AND ((${request}) OR (${reply}))`,
    `GROUP BY ALL ORDER BY last_seen DESC, interface_id, leg, srcaddr, dstaddr, action LIMIT ${MOST_ROWS}`,
  ].join('\n');
}

/** The same of what the kernel judged by groups and ACLs, with stage and rule; for files that hold those. */
export function kernelSql(sought: Sought): string {
  const { request, reply } = conditions(sought);
  return [
    `SELECT interface_id, CASE WHEN ${request} THEN 'request' ELSE 'reply' END AS leg, srcaddr, dstaddr, action,`,
    '  count(*) AS records, sum(packets) AS packets, max("end") AS last_seen, NULL AS tcp_flags, x_verdict_stage, x_rule_id',
    'FROM flow_logs',
    `WHERE x_verdict_source = 'kernel' AND x_verdict_stage IS DISTINCT FROM 'host-firewall'`,
    `  AND protocol = ${sought.protocol} AND ((${request}) OR (${reply}))`,
    `GROUP BY ALL ORDER BY last_seen DESC, interface_id, leg, srcaddr, dstaddr, action, x_verdict_stage, x_rule_id LIMIT ${MOST_ROWS}`,
  ].join('\n');
}

/** A column under its name, also where no file has it. */
function named(held: HeldFields, field: string): string {
  const name = field.replaceAll('-', '_');
  const column = held.column(field);
  return column === name ? name : `${column} AS ${name}`;
}

/** Rejected packets without SYN whose connection had ended at the interface, of all rejected ones, by interface and way. */
export function closedSql(sought: Sought, held: HeldFields): string {
  const { request, reply } = conditions(sought);
  const flags = held.column('tcp-flags');
  const at = held.column('interface-id');
  const same =
    'ended.srcaddr = late.srcaddr AND ended.srcport = late.srcport AND ended.dstaddr = late.dstaddr AND ended.dstport = late.dstport';
  const turned =
    'ended.srcaddr = late.dstaddr AND ended.srcport = late.dstport AND ended.dstaddr = late.srcaddr AND ended.dstport = late.srcport';
  return [
    `WITH talk AS (SELECT ${at} AS interface_id, CASE WHEN ${request} THEN 'request' ELSE 'reply' END AS leg,`,
    `  srcaddr, dstaddr, srcport, dstport, action, start, "end", coalesce(${flags}, 0) AS flags`,
    `  FROM flow_logs WHERE protocol = 6 AND ((${request}) OR (${reply})))`,
    'SELECT interface_id, leg, count(*) AS records, count(*) FILTER (WHERE flags % 4 < 2 AND EXISTS (',
    `  SELECT 1 FROM talk AS ended WHERE ended.action = 'ACCEPT' AND ended.interface_id IS NOT DISTINCT FROM late.interface_id`,
    `    AND (ended.flags % 2 = 1 OR ended.flags % 8 >= 4) AND ended.start <= late.start`,
    `    AND late.start - ended."end" <= ${CLOSED_SECONDS} AND ((${same}) OR (${turned})))) AS closed`,
    `FROM talk AS late WHERE action = 'REJECT' GROUP BY ALL ORDER BY ALL`,
  ].join('\n');
}

function conditions({ from, to, visits, port, sourcePort }: Sought): { request: string; reply: string } {
  const asked = `${among('srcaddr', from)} AND ${among('dstaddr', to)}`;
  const turned = `${among('srcaddr', to)} AND ${among('dstaddr', from)}`;
  const ways = new Map<string, string>();
  for (const { leg, source, destination } of visits) {
    const [one, other] = leg === 'request' ? [source, destination] : [destination, source];
    const [a, b] = [formatAddress(one), formatAddress(other)];
    ways.set(`srcaddr = '${a}' AND dstaddr = '${b}'`, `srcaddr = '${b}' AND dstaddr = '${a}'`);
  }
  const hasSets = from.ranges.length > 0 || to.ranges.length > 0;
  // The first is a pair of the set that was asked about.
  if (hasSets) ways.delete(ways.keys().next().value ?? '');
  const requests = hasSets ? [asked, ...ways.keys()] : [...ways.keys()];
  const replies = hasSets ? [turned, ...ways.values()] : [...ways.values()];
  const ported = (destination: string, source: string): string => {
    if (port === null) return '';
    const own = sourcePort === null ? '' : ` AND ${source} BETWEEN ${sourcePort[0]} AND ${sourcePort[1]}`;
    return ` AND ${destination} = ${port}${own}`;
  };
  return {
    request: `(${requests.join(' OR ')})${ported('dstport', 'srcport')}`,
    reply: `(${replies.join(' OR ')})${ported('srcport', 'dstport')}`,
  };
}

/** Whether a column is an address of a place. */
function among(column: string, { text, ends, ranges }: Place): string {
  const single = ends.map(({ address }) => `'${formatAddress(address)}'`);
  if (ranges.length === 0)
    return single.length === 1 ? `${column} = ${single[0]}` : `${column} IN (${single.join(', ')})`;
  return parseCidr(text) === null ? `is_public(${column})` : `cidr_contains(${column}, '${text}')`;
}
