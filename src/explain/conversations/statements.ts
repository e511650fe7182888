/**
 * SQL that stitches records into conversations.
 *
 * In:    which fields the files hold. Out: statements over `flow_logs`, whose rows are numbers.
 * Holds: addresses are those of the packets where records have them (pkt-srcaddr, pkt-dstaddr). The key is interface, protocol, the unordered pair of
 *        (address, port), and which end flow-direction says is the interface's own: what an appliance forwards is two
 *        conversations, one for each end. DuckDB groups numbers of addresses, not their texts, and spills what does not fit into memory.
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

/** The address of the packet where records have it, else the one that is shown. */
function addressSql(held: HeldFields, end: 'src' | 'dst'): string {
  return `coalesce(${held.column(`pkt-${end}addr`)}, ${end}addr)`;
}

/** Records of the interfaces in `fg_interfaces`. */
const WANTED = `${USABLE} AND interface_id IN (SELECT id FROM fg_interfaces)`;

/**
 * `fg_addresses`: each address of the records of `fg_interfaces`, by number in the order of the texts, with its family (0 where
 * it is none) and its four words. Reading a text as an address costs more than all else: it is done once for each.
 */
export function addressesStatement(held: HeldFields): string {
  const seen = (['src', 'dst'] as const).map(
    (end) => `SELECT ${addressSql(held, end)} AS address FROM flow_logs WHERE ${WANTED}`,
  );
  const words = [0, 1, 2, 3].map((at) => {
    const four = at === 0 ? 'ELSE four' : '';
    const six = `(six >> ${96 - at * 32}::UHUGEINT) & 4294967295::UHUGEINT`;
    return `coalesce(CASE WHEN six IS NOT NULL THEN ${six} ${four} END, 0)::UINTEGER AS w${at}`;
  });
  return `CREATE OR REPLACE TEMP TABLE fg_addresses AS
    WITH seen AS (${seen.join(' UNION ')}), addressed AS (
      SELECT address, (row_number() OVER (ORDER BY address) - 1)::UINTEGER AS number,
        fg_ipv4(address) AS four, fg_ipv6(address) AS six
      FROM seen
    )
    SELECT address, number,
      CASE WHEN six IS NOT NULL THEN 6 WHEN four IS NOT NULL THEN 4 ELSE 0 END::UTINYINT AS family, ${words.join(', ')}
    FROM addressed`;
}

/** Bits of `Side.flags` of a record. */
function flagBits(flags: string): string {
  return `CASE WHEN protocol <> 6 OR ${flags} IS NULL THEN 0 ELSE ${FLAGS_KNOWN}
    | CASE WHEN ${flags} & 18 = 2 THEN ${HAS_SYN} WHEN ${flags} & 18 = 18 THEN ${HAS_SYN_ACK} ELSE 0 END
    | CASE WHEN ${flags} & 4 <> 0 THEN ${HAS_RST} ELSE 0 END
    | CASE WHEN ${flags} & 1 <> 0 THEN ${HAS_FIN} ELSE 0 END END::UTINYINT`;
}

/** What is said of one direction. A case of a value costs less than a filter of a sum. */
function side(isOf: string): string[] {
  const sum = (column: string, action: string): string =>
    `coalesce(sum(CASE WHEN ${isOf} AND ${action} THEN ${column} END), 0)`;
  return [
    `count(CASE WHEN ${isOf} THEN 1 END)::UINTEGER`,
    sum('packets', 'accepted'),
    sum('bytes', 'accepted'),
    sum('packets', 'NOT accepted'),
    sum('bytes', 'NOT accepted'),
    `coalesce(bit_or(CASE WHEN ${isOf} THEN flag_bits END), 0)::UTINYINT`,
    `coalesce(min(CASE WHEN ${isOf} THEN began END), 0)::UINTEGER`,
    `coalesce(max(CASE WHEN ${isOf} THEN ended END), 0)::UINTEGER`,
  ];
}

/** What `fg_addresses` has, by number: family, then the words. */
export const ADDRESSES = 'SELECT family, w0, w1, w2, w3 FROM fg_addresses ORDER BY number';

/** Where the parts of a row of `conversationsStatement` begin. */
export const PORTS = 6;
export const TIMES = 8;
export const FORWARD = 12;
export const BACKWARD = 20;

/**
 * One row for each conversation of the interfaces in `fg_interfaces`: number of the interface, protocol, which end is its own (0 not
 * known, 1 the low one, 2 the high one), translated; the numbers in `fg_addresses` of the low end and of the high one; their ports;
 * first and last second of what was accepted, of what was rejected; then what went from the low end to the high one, and what came
 * back. The low end is that whose address is the lower text.
 *
 * @param part  of so many `parts` the conversations of one, told by a hash of both addresses
 */
export function conversationsStatement(held: HeldFields, part: number = 0, parts: number = 1): string {
  const [src, dst] = [addressSql(held, 'src'), addressSql(held, 'dst')];
  const inPart = parts === 1 ? '' : ` AND xor(hash(${src}), hash(${dst})) % ${parts} = ${part}`;
  const when = (action: string): string[] => [
    `coalesce(min(CASE WHEN ${action} THEN began END), 0)::UINTEGER`,
    `coalesce(max(CASE WHEN ${action} THEN ended END), 0)::UINTEGER`,
  ];
  const columns = [
    'place',
    '(kind >> 2)::UTINYINT',
    '(kind & 3)::UTINYINT',
    'translated::UTINYINT',
    'low',
    'high',
    '(ports >> 16)::USMALLINT',
    '(ports & 65535)::USMALLINT',
  ];
  const grouped = [...when('accepted'), ...when('NOT accepted'), ...side('forward'), ...side('NOT forward')];
  return `
    WITH records AS (
      SELECT fg_interfaces.number AS place, src_end.number AS src, dst_end.number AS dst,
        srcport::BIGINT AS srcport, dstport::BIGINT AS dstport, protocol,
        action = 'ACCEPT' AS accepted, ${flagBits(held.column('tcp-flags'))} AS flag_bits,
        coalesce(${held.column('packets')}, 1)::DOUBLE AS packets, coalesce(${held.column('bytes')}, 0)::DOUBLE AS bytes,
        nullif(${seconds(held, 'start')}, 0)::UINTEGER AS began, (${seconds(held, 'end')})::UINTEGER AS ended,
        CASE ${held.column('flow-direction')} WHEN 'ingress' THEN 1 WHEN 'egress' THEN 2 ELSE 0 END::UTINYINT AS direction,
        ${src} <> srcaddr OR ${dst} <> dstaddr AS translated
      FROM flow_logs JOIN fg_interfaces ON interface_id = id
        JOIN fg_addresses AS src_end ON src_end.address = ${src}
        JOIN fg_addresses AS dst_end ON dst_end.address = ${dst}
      WHERE ${USABLE}${inPart}
    ), ends AS (
      SELECT *, src < dst OR (src = dst AND srcport <= dstport) AS forward FROM records
    ), sides AS (
      SELECT *, CASE WHEN forward THEN src ELSE dst END AS low, CASE WHEN forward THEN dst ELSE src END AS high,
        CASE WHEN forward THEN srcport * 65536 + dstport ELSE dstport * 65536 + srcport END::UINTEGER AS ports,
        (protocol * 4 + CASE WHEN direction = 0 THEN 0 WHEN (direction = 1) = forward THEN 2 ELSE 1 END)::USMALLINT AS kind
      FROM ends
    ), conversations AS (
      SELECT place, low, high, ports, kind, bool_or(translated) AS translated,
        ${grouped.map((column, at) => `${column} AS c${at}`).join(',\n        ')}
      FROM sides
      GROUP BY place, low, high, ports, kind
    )
    SELECT ${columns.join(', ')}, ${grouped.map((_, at) => `c${at}`).join(', ')}
    FROM conversations`;
}
