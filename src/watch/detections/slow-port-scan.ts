/**
 * A scan so slow that no hour of it stands out: one port a minute, all day.
 */
import type { QueryDetection } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { many } from '../told-conversations.ts';

export const slowPortScan: QueryDetection = {
  name: 'slow-port-scan',
  severity: 'medium',
  meaning:
    'A public address tried at least 150 ports of one of our addresses in a day, slowly, over four hours or more.',
  falsePositives: 'Surveys of the internet that come back all day; a partner whose ports change.',
  technique: 'T1046',
  subject: ['client', 'server'],
  query: watchQuery({
    name: 'slow-port-scan',
    meaning: 'clients that tried many ports of one server over a day without haste, most ports first',
    parameters: {
      least: least('ports without an answer at least', 150),
      hours: least('hours of the day at least', 4),
    },
    body: (d) => `
    SELECT min(interface_id) AS interface_id, client, server, min(first_seconds) AS first_seconds, max(last_seconds) AS last_seconds,
      count(DISTINCT port) AS ports_without_answer, count(DISTINCT hour) AS hours
    FROM fg_edges
    WHERE way = 'in' AND protocol IN (6, 17) AND (refused > 0 OR answered = 0 OR (protocol = 6 AND started > 0 AND greeted = 0))
    GROUP BY client, server, ${d.whole('hour', '24')}
    HAVING count(DISTINCT port) >= ${d.parameter('least')} AND count(DISTINCT hour) >= ${d.parameter('hours')}
    ORDER BY ports_without_answer DESC, client, server, first_seconds`,
  }),
  fires: many(300, (at) => ({
    client: '198.51.100.7',
    server: '10.0.0.5',
    port: 1000 + at * 13,
    at: at * 60,
    back: null,
    action: 'REJECT',
  })),
  stays: [
    ...many(100, (at) => ({
      client: '198.51.100.7',
      server: '10.0.0.5',
      port: 1000 + at,
      at: at * 300,
      back: null,
      action: 'REJECT',
    })),
    // One port again and again is no scan.
    ...many(400, (at) => ({
      client: '198.51.100.8',
      server: '10.0.0.5',
      port: 22,
      clientPort: 30_000 + at,
      at: at * 60,
      back: null,
      action: 'REJECT',
    })),
  ],
};
