/**
 * SQL that stitches records into conversations.
 *
 * In:    which fields the files hold. Out: statements over `flow_logs`, whose rows are numbers.
 * Holds: addresses are those of the packets where records have them (pkt-srcaddr, pkt-dstaddr). The key is interface, protocol, the unordered pair of
 *        (address, port), and which end flow-direction says is the interface's own: what an appliance forwards is two
 *        conversations, one for each end. DuckDB groups, and spills what does not fit into memory.
 */
import { quoteName, quoteText } from '../../storage/duck/quote.ts';
import type { HeldFields } from '../../query/held-fields.ts';
import { FLAGS_KNOWN, HAS_FIN, HAS_RST, HAS_SYN, HAS_SYN_ACK } from './batch.ts';

/** Fields without which there are no conversations. */
export const NEEDED: readonly string[] = [
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'action',
];

/** Fields that something stands in for, with what that is. */
export const INSTEAD: Readonly<Record<string, string>> = {
  'tcp-flags': 'who opened a conversation is told by ports, then by times',
  'flow-direction': 'which end is the interface is told by the addresses that the model gives it',
  'pkt-srcaddr': 'srcaddr, which behind NAT and for secondary addresses is not that of the packet',
  'pkt-dstaddr': 'dstaddr, which behind NAT and for secondary addresses is not that of the packet',
  packets: 'each record counts as one packet',
  bytes: 'bytes are not counted',
  start: 'when a conversation began is not known',
  end: 'when a conversation was last seen is not known',
  'log-status': 'windows without data and with skipped records are not told apart',
};

/** Columns that are read. */
export function columnsOf(): ReadonlySet<string> {
  return new Set([...NEEDED, ...Object.keys(INSTEAD)].map((field) => field.replaceAll('-', '_')));
}

/** A record that names a five-tuple and an action. */
const USABLE = `interface_id IS NOT NULL AND srcaddr IS NOT NULL AND dstaddr IS NOT NULL
  AND protocol BETWEEN 0 AND 255 AND srcport BETWEEN 0 AND 65535 AND dstport BETWEEN 0 AND 65535
  AND action IN ('ACCEPT', 'REJECT')`;

/** Seconds since 1970 of a time; some lines of SKIPDATA have milliseconds. 0 where there is none. */
function seconds(held: HeldFields, field: 'start' | 'end'): string {
  // `end` is a word of SQL.
  const time = held.column(field) === field ? quoteName(field) : held.column(field);
  return `CASE WHEN ${time} BETWEEN 0 AND 4294967295 THEN ${time} WHEN ${time} BETWEEN 100000000000 AND 4294967295000 THEN ${time} // 1000 ELSE 0 END`;
}

/** One row for each interface: what its records are. */
export function interfacesStatement(held: HeldFields): string {
  const status = held.column('log-status');
  const isEmpty = `coalesce(${status} IN ('NODATA', 'SKIPDATA'), false)`;
  return `SELECT interface_id, count(*) FILTER (${USABLE}) AS records,
      count(*) FILTER (${status} = 'NODATA') AS nodata, count(*) FILTER (${status} = 'SKIPDATA') AS skipdata,
      count(*) FILTER (NOT ${isEmpty} AND NOT coalesce(${USABLE}, false)) AS incomplete,
      min(nullif(${seconds(held, 'start')}, 0)) AS first, max(${seconds(held, 'end')}) AS last
    FROM flow_logs GROUP BY interface_id ORDER BY interface_id`;
}

/** A table of interfaces, their ids by the number that batches have for them, for `conversationsStatement`. */
export function numberedStatement(ids: ReadonlyMap<number, string | null>): string {
  const rows = [...ids].flatMap(([at, id]) => (id === null ? [] : [`(${quoteText(id)}, ${at})`]));
  const values = rows.length === 0 ? '(NULL, 0)' : rows.join(', ');
  return `CREATE OR REPLACE TEMP TABLE fg_interfaces AS SELECT id::VARCHAR AS id, number::UINTEGER AS number FROM (VALUES ${values}) AS t(id, number)`;
}

const FLAGS = `CASE WHEN protocol <> 6 OR flags IS NULL THEN 0 ELSE ${FLAGS_KNOWN}
    | CASE WHEN flags & 18 = 2 THEN ${HAS_SYN} WHEN flags & 18 = 18 THEN ${HAS_SYN_ACK} ELSE 0 END
    | CASE WHEN flags & 4 <> 0 THEN ${HAS_RST} ELSE 0 END
    | CASE WHEN flags & 1 <> 0 THEN ${HAS_FIN} ELSE 0 END END`;

/** What is said of one direction. */
function side(isForward: string): string[] {
  const sum = (column: string, action: string): string =>
    `coalesce(sum(${column}) FILTER (${isForward} AND action = '${action}'), 0)::DOUBLE`;
  return [
    `count(*) FILTER (${isForward})::UINTEGER`,
    sum('packets', 'ACCEPT'),
    sum('bytes', 'ACCEPT'),
    sum('packets', 'REJECT'),
    sum('bytes', 'REJECT'),
    `coalesce(bit_or(flag_bits) FILTER (${isForward}), 0)::UTINYINT`,
    `coalesce(min(nullif(began, 0)) FILTER (${isForward}), 0)::UINTEGER`,
    `coalesce(max(ended) FILTER (${isForward}), 0)::UINTEGER`,
  ];
}

/** Where the parts of a row of `conversationsStatement` begin. */
export const LOW = 5;
export const HIGH = 9;
export const PORTS = 13;
export const TIMES = 15;
export const FORWARD = 19;
export const BACKWARD = 27;

/** The four words of an address. */
function words(end: string): string[] {
  const four = `fg_ipv4(${end})`;
  const six = `${end}_six`;
  return [0, 1, 2, 3].map(
    (at) =>
      `coalesce(CASE WHEN ${six} IS NOT NULL THEN (${six} >> ${96 - at * 32}::UHUGEINT) & 4294967295::UHUGEINT ${at === 0 ? `ELSE ${four}` : ''} END, 0)::UINTEGER`,
  );
}

/**
 * One row for each conversation of the interfaces in `fg_interfaces`: number of the interface, family (0 where an address is
 * none), protocol, which end is its own (0 not known, 1 the low one, 2 the high one), translated; the low end's words, the high
 * end's; their ports; first and last second of what was accepted, of what was rejected; then what went from the low end
 * to the high one, and what came back.
 *
 * @param part  of so many `parts` the conversations of one, told by a hash of both addresses
 */
export function conversationsStatement(held: HeldFields, part: number = 0, parts: number = 1): string {
  const pick = (packet: string, shown: string): string => `coalesce(${held.column(packet)}, ${shown})`;
  const inPart = `xor(hash(${pick('pkt-srcaddr', 'srcaddr')}), hash(${pick('pkt-dstaddr', 'dstaddr')})) % ${parts}`;
  const when = (action: string): string[] => [
    `coalesce(min(nullif(began, 0)) FILTER (action = '${action}'), 0)::UINTEGER`,
    `coalesce(max(ended) FILTER (action = '${action}'), 0)::UINTEGER`,
  ];
  const columns = [
    'number',
    `CASE WHEN low_six IS NOT NULL AND high_six IS NOT NULL THEN 6
      WHEN fg_ipv4(low) IS NOT NULL AND fg_ipv4(high) IS NOT NULL THEN 4 ELSE 0 END::UTINYINT`,
    'protocol::UTINYINT',
    'own::UTINYINT',
    'translated::UTINYINT',
    ...words('low'),
    ...words('high'),
    'low_port::USMALLINT',
    'high_port::USMALLINT',
  ];
  const grouped = [...when('ACCEPT'), ...when('REJECT'), ...side('forward'), ...side('NOT forward')];
  return `
    WITH records AS (
      SELECT interface_id, ${pick('pkt-srcaddr', 'srcaddr')} AS src, ${pick('pkt-dstaddr', 'dstaddr')} AS dst,
        srcport, dstport, protocol, action, ${held.column('tcp-flags')} AS flags,
        coalesce(${held.column('packets')}, 1) AS packets, coalesce(${held.column('bytes')}, 0) AS bytes,
        ${seconds(held, 'start')} AS began, ${seconds(held, 'end')} AS ended,
        CASE ${held.column('flow-direction')} WHEN 'ingress' THEN 1 WHEN 'egress' THEN 2 ELSE 0 END AS direction,
        ${pick('pkt-srcaddr', 'srcaddr')} <> srcaddr OR ${pick('pkt-dstaddr', 'dstaddr')} <> dstaddr AS translated
      FROM flow_logs
      WHERE ${USABLE} AND interface_id IN (SELECT id FROM fg_interfaces)${parts === 1 ? '' : ` AND ${inPart} = ${part}`}
    ), ends AS (
      SELECT *, ${FLAGS} AS flag_bits, src < dst OR (src = dst AND srcport <= dstport) AS forward FROM records
    ), sides AS (
      SELECT *, CASE WHEN direction = 0 THEN 0 WHEN (direction = 1) = forward THEN 2 ELSE 1 END AS own,
        CASE WHEN forward THEN src ELSE dst END AS low, CASE WHEN forward THEN dst ELSE src END AS high,
        CASE WHEN forward THEN srcport ELSE dstport END AS low_port,
        CASE WHEN forward THEN dstport ELSE srcport END AS high_port
      FROM ends
    ), conversations AS (
      SELECT interface_id, low, high, low_port, high_port, protocol, own, bool_or(translated) AS translated,
        ${grouped.map((column, at) => `${column} AS c${at}`).join(',\n        ')}
      FROM sides
      GROUP BY interface_id, low, high, low_port, high_port, protocol, own
    ), addressed AS (
      SELECT *, fg_ipv6(low) AS low_six, fg_ipv6(high) AS high_six FROM conversations
    )
    SELECT ${columns.join(', ')}, ${grouped.map((_, at) => `c${at}`).join(', ')}
    FROM addressed JOIN fg_interfaces ON interface_id = id`;
}
