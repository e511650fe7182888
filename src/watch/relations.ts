/**
 * What many detections read: aggregates of the records that are made once for all of them.
 *
 * In:    a dialect, which fields the files hold. Out: the SQL of each relation, and of what it reads itself.
 * Holds: `fg_ends` passes over the records once and groups them by interface, client, server, port, protocol and hour; the others
 *        read what came out of it, but those about one port or a few conversations, which read few records. A client is who
 *        opened: by TCP flags where records have them, else the side with the higher port; of what was refused the sender. Times are
 *        those of records, spans that hold the packets (rule W4); which hour a record is in, its start says.
 *        What both ends of a conversation recorded counts once: the fuller record of each hour.
 * Fails: never.
 */
import type { Dialect } from '../query/dialect.ts';
import type { HeldFields } from '../query/held-fields.ts';
import { hasFlag } from '../query/measures.ts';
import { KNOWN, NEW, STORED } from './known.ts';
import type { Relation } from './known.ts';

/** Ports at which people and programs log in, and those of databases. */
const LOGIN_PORTS = [
  21, 22, 23, 139, 445, 1433, 1521, 3306, 3389, 5432, 5900, 5901, 5902, 5903, 5985, 5986, 6379, 27_017,
].join(', ');

/** Whether a record went from client to server. */
const IS_FORWARD = `CASE WHEN protocol = 6 AND flags IS NOT NULL AND ${hasFlag('flags', 'SYN')} THEN NOT ${hasFlag('flags', 'ACK')}
        WHEN action = 'REJECT' THEN NOT (srcport < 1024 AND dstport >= 1024)
        WHEN srcport <> dstport THEN srcport > dstport
        WHEN from_public <> to_public THEN to_public
        ELSE srcaddr < dstaddr END`;

const ENDS: Relation = {
  name: 'fg_ends',
  sql: (d, held) => {
    const sum = (what: string, forward: boolean, action: string): string =>
      `sum(CASE WHEN ${forward ? '' : 'NOT '}is_forward AND action = '${action}' THEN ${what} ELSE 0 END)`;
    return `
    SELECT interface_id, client, server, port, protocol, hour, inbound,
      bool_or(client_public) AS client_public, bool_or(server_public) AS server_public,
      ${sum('1', true, 'ACCEPT')} AS opened, ${sum('starts', true, 'ACCEPT')} AS started,
      ${sum('1', true, 'REJECT')} AS refused, ${sum('1', false, 'ACCEPT')} AS answered,
      ${sum('1', false, 'REJECT')} AS answers_refused, ${sum('greets', false, 'ACCEPT')} AS greeted,
      ${sum('packets', true, 'ACCEPT')} AS packets_sent, ${sum('packets', false, 'ACCEPT')} AS packets_back,
      ${sum('bytes', true, 'ACCEPT')} AS bytes_sent, ${sum('bytes', false, 'ACCEPT')} AS bytes_back,
      ${sum('packets', true, 'REJECT')} AS packets_refused, ${sum('packets', false, 'REJECT')} AS answer_packets_refused,
      min(began) AS first_seconds, max(ended) AS last_seconds
    FROM (
      SELECT interface_id, protocol, packets, bytes, action, began, ended, ${d.whole('began', '3600')} AS hour, is_forward,
        starts, greets,
        CASE WHEN is_forward THEN srcaddr ELSE dstaddr END AS client,
        CASE WHEN is_forward THEN dstaddr ELSE srcaddr END AS server,
        CASE WHEN is_forward THEN dstport ELSE srcport END AS port,
        CASE WHEN is_forward THEN from_public ELSE to_public END AS client_public,
        CASE WHEN is_forward THEN to_public ELSE from_public END AS server_public,
        CASE WHEN direction IS NULL THEN NULL ELSE (direction = 'ingress') = is_forward END AS inbound
      FROM (
        SELECT *, ${IS_FORWARD} AS is_forward,
          CASE WHEN flags IS NULL THEN 1 WHEN ${hasFlag('flags', 'SYN')} AND NOT ${hasFlag('flags', 'ACK')} THEN 1 ELSE 0 END AS starts,
          CASE WHEN flags IS NULL THEN CASE WHEN packets >= 3 THEN 1 ELSE 0 END
            WHEN ${hasFlag('flags', 'SYN')} AND ${hasFlag('flags', 'ACK')} THEN 1 ELSE 0 END AS greets
        FROM (
          SELECT ${held.column('interface-id')} AS interface_id, srcaddr, dstaddr, coalesce(srcport, 0) AS srcport,
            coalesce(dstport, 0) AS dstport, protocol, packets, coalesce(bytes, 0) AS bytes, action,
            ${held.column('tcp-flags')} AS flags, ${held.column('flow-direction')} AS direction,
            ${d.seconds('start')} AS began, ${d.seconds('end')} AS ended,
            ${d.isPublic('srcaddr')} AS from_public, ${d.isPublic('dstaddr')} AS to_public
          FROM ${d.table}
          WHERE packets IS NOT NULL AND srcaddr IS NOT NULL AND dstaddr IS NOT NULL
        ) AS told
      ) AS placed
    ) AS sides
    GROUP BY interface_id, client, server, port, protocol, hour, inbound`;
  },
};

/** The block of 2^72 addresses, such as a VPC has, that an IPv6 address lies in: text in its short form. */
export function blockOf(address: string): string {
  const fourth = `split_part(${address}, ':', 4)`;
  return `split_part(${address}, ':', 1) || ':' || split_part(${address}, ':', 2) || ':' || split_part(${address}, ':', 3) || ':' ||
        CASE WHEN length(${fourth}) > 2 THEN substr(${fourth}, 1, length(${fourth}) - 2) ELSE '' END`;
}

/** Whose IPv6 addresses are ours: blocks that hold the address of an interface with the most records of it. */
const OWN: Relation = {
  name: 'fg_own',
  sql: () => `
    SELECT DISTINCT ${blockOf('address')} AS block
    FROM (
      SELECT interface_id, address, row_number() OVER (PARTITION BY interface_id ORDER BY sum(records) DESC, address) AS place
      FROM (
        SELECT interface_id, client AS address, opened + refused + answered AS records
        FROM fg_ends WHERE client LIKE '%:%' AND coalesce(NOT inbound, true)
        UNION ALL
        SELECT interface_id, server AS address, opened + refused + answered AS records
        FROM fg_ends WHERE server LIKE '%:%' AND coalesce(inbound, true)
      ) AS held
      GROUP BY interface_id, address
    ) AS ranked
    WHERE place = 1`,
};

/** `way` is `in`, `out` or `within`: from outside, to outside, between ours. */
const EDGES: Relation = {
  name: 'fg_edges',
  sql: () => {
    const most = [
      'opened',
      'started',
      'refused',
      'answered',
      'answers_refused',
      'greeted',
      'packets_sent',
      'packets_back',
      'bytes_sent',
      'bytes_back',
      'packets_refused',
      'answer_packets_refused',
    ].map((column) => `max(${column}) AS ${column}`);
    return `
    SELECT max_by(interface_id, packets_sent + packets_back + packets_refused) AS interface_id, client, server, port, protocol, hour, way,
      ${most.join(', ')}, min(first_seconds) AS first_seconds, max(last_seconds) AS last_seconds
    FROM (
      SELECT *, CASE WHEN client_outside AND NOT server_outside THEN 'in'
          WHEN server_outside AND NOT client_outside THEN 'out'
          WHEN NOT client_outside THEN 'within'
          WHEN inbound THEN 'in' ELSE 'out' END AS way
      FROM (
        SELECT *, client_public AND NOT (client LIKE '%:%' AND ${blockOf('client')} IN (SELECT block FROM fg_own)) AS client_outside,
          server_public AND NOT (server LIKE '%:%' AND ${blockOf('server')} IN (SELECT block FROM fg_own)) AS server_outside
        FROM fg_ends
      ) AS seen
    ) AS led
    GROUP BY client, server, port, protocol, hour, way`;
  },
};

/** Connections to ports at which one logs in: one row for each, in each hour. */
const LOGINS: Relation = {
  name: 'fg_logins',
  sql: (d, held) => `
    SELECT client, server, port, client_port, hour, max_by(interface_id, bytes_sent) AS interface_id,
      max(bytes_sent) AS bytes_sent, max(bytes_back) AS bytes_back, min(first_seconds) AS first_seconds, max(last_seconds) AS last_seconds
    FROM (
      SELECT ${held.column('interface-id')} AS interface_id, ${d.whole(d.seconds('start'), '3600')} AS hour,
        CASE WHEN is_asked THEN srcaddr ELSE dstaddr END AS client, CASE WHEN is_asked THEN dstaddr ELSE srcaddr END AS server,
        CASE WHEN is_asked THEN dstport ELSE srcport END AS port, CASE WHEN is_asked THEN srcport ELSE dstport END AS client_port,
        sum(CASE WHEN is_asked THEN bytes ELSE 0 END) AS bytes_sent, sum(CASE WHEN is_asked THEN 0 ELSE bytes END) AS bytes_back,
        min(${d.seconds('start')}) AS first_seconds, max(${d.seconds('end')}) AS last_seconds
      FROM (
        SELECT *, dstport IN (${LOGIN_PORTS}) AND (srcport > dstport OR srcport NOT IN (${LOGIN_PORTS})) AS is_asked
        FROM ${d.table}
        WHERE protocol = 6 AND action = 'ACCEPT' AND (dstport IN (${LOGIN_PORTS}) OR srcport IN (${LOGIN_PORTS}))
      ) AS to_login
      GROUP BY 1, 2, 3, 4, 5, 6
    ) AS at_interface
    GROUP BY client, server, port, client_port, hour`,
};

/**
 * Spans in which one of ours spoke to an address outside that few of us speak to, seldom enough that most windows are without:
 * who may be called at regular times. Spans that touch, or have less than a window between them, are one.
 */
const BEATS: Relation = {
  name: 'fg_beats',
  sql: (d) => `
    WITH rare AS (
      SELECT client, server, port, protocol, max(interface_id) AS interface_id
      FROM fg_edges
      WHERE way = 'out' AND answered > 0 AND protocol IN (6, 17) AND port NOT IN (53, 123, 853)
        AND server IN (
          SELECT server FROM fg_edges WHERE way = 'out' GROUP BY server HAVING count(DISTINCT client) <= 2
        )
      GROUP BY client, server, port, protocol
      HAVING count(*) >= 1 AND sum(opened) >= 8 AND sum(opened) <= count(*) * 31
        AND sum(bytes_sent) + sum(bytes_back) < sum(opened) * 200000
    ),
    spans AS (
      SELECT rare.client, rare.server, rare.port, rare.protocol, rare.interface_id, ${d.seconds('start')} AS began, ${d.seconds('end')} AS ended,
        sum(bytes) AS bytes
      FROM ${d.table} AS logs
      JOIN rare ON logs.srcaddr = rare.client AND logs.dstaddr = rare.server AND logs.dstport = rare.port AND logs.protocol = rare.protocol
      WHERE action = 'ACCEPT'
      GROUP BY 1, 2, 3, 4, 5, 6, 7
    ),
    marked AS (
      SELECT *, CASE WHEN began - max(ended) OVER (PARTITION BY client, server, port, protocol ORDER BY began, ended
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
          < (CASE WHEN max(ended - began) OVER (PARTITION BY client, server, port, protocol) > 60 THEN 600 ELSE 60 END)
          THEN 0 ELSE 1 END AS is_new
      FROM spans
    ),
    numbered AS (
      SELECT *, sum(is_new) OVER (PARTITION BY client, server, port, protocol ORDER BY began, ended
          ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS beat
      FROM marked
    )
    SELECT client, server, port, protocol, max(interface_id) AS interface_id, beat, min(began) AS first_seconds, max(ended) AS last_seconds, sum(bytes) AS bytes
    FROM numbered
    GROUP BY client, server, port, protocol, beat`,
};

/** Which interfaces have records in which hours, NODATA and SKIPDATA among them. */
const HOURS: Relation = {
  name: 'fg_hours',
  sql: (d, held) => `
    SELECT ${held.column('interface-id')} AS interface_id, ${d.whole(d.seconds('start'), '3600')} AS hour, count(*) AS records,
      sum(CASE WHEN ${held.column('log-status')} = 'SKIPDATA' THEN 1 ELSE 0 END) AS skipped,
      min(${d.seconds('start')}) AS first_seconds, max(${d.seconds('end')}) AS last_seconds
    FROM ${d.table}
    GROUP BY 1, 2`,
};

/** In the order of making: a relation reads those above it. */
export const RELATIONS: readonly Relation[] = [ENDS, OWN, EDGES, LOGINS, BEATS, HOURS, STORED, KNOWN, NEW];

/** Relations that some SQL reads, by itself or through others, in the order of making. */
export function relationsOf(sql: string, d: Dialect, held: HeldFields): readonly Relation[] {
  const wanted = new Set<string>();
  const look = (text: string): void => {
    for (const [name] of text.matchAll(/\bfg_[a-z]+\b/g)) {
      const relation = RELATIONS.find((one) => one.name === name);
      if (relation === undefined || wanted.has(name)) continue;
      wanted.add(name);
      look(relation.sql(d, held));
    }
  };
  look(sql);
  return RELATIONS.filter(({ name }) => wanted.has(name));
}

/** SQL with the relations that it reads before it. */
export function withRelations(sql: string, d: Dialect, held: HeldFields): string {
  const before = relationsOf(sql, d, held).map((one) => `${one.name} AS (${one.sql(d, held)})`);
  return before.length === 0 ? sql : `WITH ${before.join(',\n  ')}\n${sql}`;
}
