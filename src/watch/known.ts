/**
 * What is known of the past: who did what when for the first time, and how much.
 *
 * In:    `fg_edges` of the records at hand, and what earlier runs kept. Out: relations of both together.
 * Holds: a row is of one kind, subject, object and UTC day: the first second, and the largest amount. Of two rows of the same the
 *        earlier second and the larger amount hold, so what is learned twice is known once, in whatever order (ADR 42).
 *
 *        | kind | subject | object | amount |
 *        |---|---|---|---|
 *        | `serves` | one of ours | port/protocol at which it answered | bytes |
 *        | `peer` | one of ours | network outside, of 16 bits (IPv6: 32), that it spoke to | bytes sent |
 *        | `names` | one of ours | server of names outside | bytes sent |
 *        | `admin` | one of ours | one of ours that it administers | bytes sent |
 *        | `speaks` | one of ours | protocol that is none of the usual | bytes sent |
 *        | `volume` | one of ours | hour of the day | bytes sent outside in that hour |
 *        | `admits` | a rule of a group | nothing | conversations |
 *        | `entry-admits` | an entry of an ACL | nothing | conversations |
 * Fails: never.
 */
import type { Dialect } from '../query/dialect.ts';
import type { HeldFields } from '../query/held-fields.ts';

/** A table that questions read by name. */
export type Relation = {
  readonly name: string;
  readonly sql: (d: Dialect, held: HeldFields) => string;
};

/** Seconds for which somebody is known before it is news that he does something for the first time. */
export const LEARN_SECONDS = 259_200;

/** Ports by which machines are administered. */
export const ADMIN_PORTS = '22, 23, 135, 139, 445, 3389, 5900, 5985, 5986';

/** The columns of what is kept, with their types. */
export const KNOWN_COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['kind', 'VARCHAR'],
  ['subject', 'VARCHAR'],
  ['object', 'VARCHAR'],
  ['day', 'BIGINT'],
  ['first_seconds', 'BIGINT'],
  ['amount', 'BIGINT'],
];

const NAMES = KNOWN_COLUMNS.map(([name]) => name).join(', ');

/** The network of an address, as text: what is close to a known peer is no news. */
export function networkOf(address: string): string {
  const [four, six] = ['.', ':'].map(
    (mark) => `split_part(${address}, '${mark}', 1) || '${mark}' || split_part(${address}, '${mark}', 2)`,
  );
  return `CASE WHEN ${address} LIKE '%:%' THEN ${six} ELSE ${four} END`;
}

/** What earlier runs kept; nothing where a question is asked alone. */
export const STORED: Relation = {
  name: 'fg_stored',
  sql: () => `SELECT ${KNOWN_COLUMNS.map(([name, type]) => `CAST(NULL AS ${type}) AS ${name}`).join(', ')} WHERE 1 = 0`,
};

/** One row for each kind, subject, object and day. */
export const KNOWN: Relation = {
  name: 'fg_known',
  sql: (d) => `
    SELECT kind, subject, object, day, min(first_seconds) AS first_seconds, CAST(max(amount) AS BIGINT) AS amount
    FROM (
      SELECT ${NAMES} FROM fg_stored
      ${seen(d)
        .map((sql) => `UNION ALL ${sql}`)
        .join('\n      ')}
    ) AS together
    GROUP BY kind, subject, object, day`,
};

/** What the records at hand show. */
function seen(d: Dialect): readonly string[] {
  const day = d.whole('hour', '24');
  const of = (kind: string, subject: string, object: string, amount: string, where: string): string =>
    `SELECT '${kind}' AS kind, ${subject} AS subject, ${object} AS object, ${day} AS day, min(first_seconds) AS first_seconds,
        sum(${amount}) AS amount
      FROM fg_edges WHERE ${where} GROUP BY 1, 2, 3, 4`;
  const port = "CAST(port AS VARCHAR) || '/' || CAST(protocol AS VARCHAR)";
  return [
    of('serves', 'server', port, 'bytes_back', "way <> 'out' AND answered > 0 AND started > 0 AND protocol IN (6, 17)"),
    of('peer', 'client', networkOf('server'), 'bytes_sent', "way = 'out' AND answered > 0"),
    of('names', 'client', 'server', 'bytes_sent', "way = 'out' AND port IN (53, 853) AND answered > 0"),
    of('admin', 'client', 'server', 'bytes_sent', `way = 'within' AND port IN (${ADMIN_PORTS}) AND opened > 0`),
    of('speaks', 'client', 'CAST(protocol AS VARCHAR)', 'bytes_sent', 'protocol NOT IN (1, 6, 17, 58) AND opened > 0'),
    of('volume', 'client', 'CAST(mod(hour, 24) AS VARCHAR)', 'bytes_sent', "way = 'out'"),
  ];
}

/**
 * What a subject did for the first time after it had been known for a while: `since_seconds` is from when the subject is known to do
 * things of the kind.
 */
export const NEW: Relation = {
  name: 'fg_new',
  sql: () => `
    SELECT kind, subject, object, first_seconds, since_seconds
    FROM (
      SELECT *, min(first_seconds) OVER (PARTITION BY kind, subject) AS since_seconds
      FROM (
        SELECT kind, subject, object, min(first_seconds) AS first_seconds FROM fg_known GROUP BY kind, subject, object
      ) AS firsts
    ) AS dated
    WHERE first_seconds - since_seconds >= ${LEARN_SECONDS}`,
};
