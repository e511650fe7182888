/**
 * One of ours sends outside in an hour far more than at the same hour of any day before.
 */
import type { QueryDetection } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { before, many } from '../told-conversations.ts';

export const unusualUpload: QueryDetection = {
  name: 'unusual-upload',
  severity: 'medium',
  meaning:
    'One of ours sent outside in an hour at least 200 MB, and five times what it sent at the same hour, or one beside it, on any of three or more days before.',
  falsePositives: 'A copy that is made for once; a backup at another hour than usual.',
  technique: 'T1048',
  subject: ['client'],
  query: watchQuery({
    name: 'unusual-upload',
    meaning: 'clients that sent far more outside in an hour than at that hour of the days before, most bytes first',
    parameters: {
      bytes: least('bytes sent in the hour at least', 200_000_000),
      times: least('times the most of the same hour of days before at least', 5),
      days: least('days before of which something is known at least', 3),
    },
    hourly: true,
    body: (d) => `
    SELECT edges.interface_id, edges.client, edges.first_seconds, edges.last_seconds, edges.bytes_sent,
      coalesce(max(CASE WHEN mod(abs(CAST(past.object AS INTEGER) - mod(edges.hour, 24)) + 1, 24) <= 2 THEN past.amount END), 0) AS bytes_usual,
      count(DISTINCT past.day) AS days_known
    FROM (
      SELECT min(interface_id) AS interface_id, client, hour, sum(bytes_sent) AS bytes_sent, min(first_seconds) AS first_seconds,
        max(last_seconds) AS last_seconds
      FROM fg_edges
      WHERE way = 'out'
      GROUP BY client, hour
      HAVING sum(bytes_sent) >= ${d.parameter('bytes')}
    ) AS edges
    JOIN fg_known AS past ON past.kind = 'volume' AND past.subject = edges.client AND past.day < ${d.whole('edges.hour', '24')}
    GROUP BY edges.interface_id, edges.client, edges.hour, edges.first_seconds, edges.last_seconds, edges.bytes_sent
    HAVING count(DISTINCT past.day) >= ${d.parameter('days')}
      AND edges.bytes_sent >= ${d.parameter('times')} * coalesce(max(CASE WHEN mod(abs(CAST(past.object AS INTEGER) - mod(edges.hour, 24)) + 1, 24) <= 2 THEN past.amount END), 0)
    ORDER BY bytes_sent DESC, edges.client, edges.first_seconds`,
  }),
  fires: [
    ...before({ client: '10.0.0.5', server: '203.0.113.9', port: 443, sent: [900, 900_000] }),
    ...many(6, (at) => ({
      client: '10.0.0.5',
      server: '203.0.113.9',
      port: 443,
      at: at * 60,
      sent: [90_000, 50_000_000],
    })),
  ],
  stays: [
    // The backup of every night.
    ...before({ client: '10.0.0.5', server: '203.0.113.9', port: 443, sent: [90_000, 290_000_000] }),
    ...many(6, (at) => ({
      client: '10.0.0.5',
      server: '203.0.113.9',
      port: 443,
      at: at * 60,
      sent: [90_000, 50_000_000],
    })),
    // Nothing is known of this one.
    ...many(6, (at) => ({
      client: '10.0.0.6',
      server: '203.0.113.9',
      port: 443,
      at: at * 60,
      sent: [90_000, 50_000_000],
    })),
  ],
};
