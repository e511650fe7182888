/**
 * One of ours is refused on its way out again and again: something on it wants what your rules do not allow.
 */
import type { QueryDetection } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { many } from '../told-conversations.ts';

export const outboundRejects: QueryDetection = {
  name: 'outbound-rejects',
  severity: 'medium',
  meaning: 'One of ours was refused on its way to at least 30 different public addresses and ports within an hour.',
  falsePositives: 'A program that updates itself from many mirrors, after a rule was closed.',
  technique: 'T1071',
  subject: ['client'],
  query: watchQuery({
    name: 'outbound-rejects',
    meaning: 'clients that were refused on their way out, most servers and ports first',
    parameters: { least: least('different servers and ports at least', 30) },
    hourly: true,
    body: (d) => `
    SELECT min(interface_id) AS interface_id, client, min(first_seconds) AS first_seconds, max(last_seconds) AS last_seconds,
      count(DISTINCT server || ' ' || CAST(port AS VARCHAR)) AS servers_and_ports, count(DISTINCT server) AS servers, sum(refused) AS records
    FROM fg_edges
    WHERE way = 'out' AND refused > 0
    GROUP BY client, hour
    HAVING count(DISTINCT server || ' ' || CAST(port AS VARCHAR)) >= ${d.parameter('least')}
    ORDER BY servers_and_ports DESC, client, first_seconds`,
  }),
  fires: many(40, (at) => ({
    client: '10.0.0.5',
    server: `198.51.${at}.7`,
    port: 6667,
    clientPort: 40_000 + at,
    at: at * 30,
    back: null,
    action: 'REJECT',
  })),
  stays: many(90, (at) => ({
    client: '10.0.0.5',
    server: '198.51.100.7',
    port: 123,
    protocol: 17,
    clientPort: 40_000 + at,
    at: at * 30,
    back: null,
    action: 'REJECT',
  })),
};
