/**
 * One of ours speaks a protocol that it never spoke before and that few need.
 */
import type { QueryDetection } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { LEARN_SECONDS } from '../known.ts';
import { before, conversation } from '../told-conversations.ts';

export const oddProtocol: QueryDetection = {
  name: 'odd-protocol',
  severity: 'low',
  meaning:
    'An address that is known for three days or more sent accepted packets of a protocol other than TCP, UDP and ICMP for the first time.',
  falsePositives: 'A new tunnel: GRE, ESP, IP in IP.',
  technique: 'T1095',
  subject: ['client', 'server', 'protocol'],
  query: watchQuery({
    name: 'odd-protocol',
    meaning: 'pairs that speak a protocol that nobody of them is known to speak, most bytes first',
    parameters: { bytes: least('bytes of a day at least', 1000) },
    body: (d) => `
    SELECT min(edges.interface_id) AS interface_id, edges.client, edges.server, edges.protocol, min(edges.first_seconds) AS first_seconds,
      max(edges.last_seconds) AS last_seconds, sum(edges.bytes_sent + edges.bytes_back) AS bytes
    FROM fg_edges AS edges
    JOIN (
      SELECT subject, object, min(first_seconds) AS first_seconds FROM fg_known WHERE kind = 'speaks' GROUP BY subject, object
    ) AS firsts ON firsts.subject = edges.client AND firsts.object = CAST(edges.protocol AS VARCHAR)
    JOIN (
      SELECT subject, min(first_seconds) AS since_seconds FROM fg_known WHERE kind IN ('serves', 'peer', 'volume') GROUP BY subject
    ) AS known ON known.subject IN (edges.client, edges.server)
    WHERE edges.protocol NOT IN (1, 6, 17, 58) AND edges.opened + edges.answered > 0
      AND firsts.first_seconds - known.since_seconds >= ${LEARN_SECONDS} AND edges.first_seconds < firsts.first_seconds + 86400
    GROUP BY edges.client, edges.server, edges.protocol
    HAVING sum(edges.bytes_sent + edges.bytes_back) >= ${d.parameter('bytes')}
    ORDER BY bytes DESC, edges.client, edges.server, edges.protocol`,
  }),
  fires: [
    ...before({ client: '10.0.0.5', server: '203.0.113.9', port: 443 }),
    ...conversation({ client: '10.0.0.5', server: '198.51.100.7', port: 0, protocol: 47 }),
  ],
  stays: [
    ...before({ client: '10.0.0.5', server: '203.0.113.9', port: 443 }),
    ...before({ client: '10.0.0.5', server: '198.51.100.7', port: 0, protocol: 47 }),
    ...conversation({ client: '10.0.0.5', server: '198.51.100.7', port: 0, protocol: 47 }),
    ...conversation({
      client: '10.0.0.6',
      server: '198.51.100.7',
      port: 0,
      protocol: 50,
      back: null,
      action: 'REJECT',
    }),
  ],
};
