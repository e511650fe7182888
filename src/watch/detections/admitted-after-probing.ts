/**
 * Somebody outside is refused at many ports and then has a conversation at another: the scan found something.
 */
import type { QueryDetection } from '../detection.ts';
import { least, ports, watchQuery } from '../detection.ts';
import { conversation, many } from '../told-conversations.ts';

export const admittedAfterProbing: QueryDetection = {
  name: 'admitted-after-probing',
  severity: 'medium',
  meaning:
    'A public address was refused at least 20 times at different ports and, on the same day, one of ours sent it data from another port.',
  falsePositives: 'A partner whose program tries ports in turn. Ports that are meant to be public are left out.',
  technique: 'T1190',
  subject: ['client', 'server'],
  query: watchQuery({
    name: 'admitted-after-probing',
    meaning: 'clients that were refused at many ports and answered at another on the same day, most bytes first',
    parameters: {
      least: least('pairs of server and port that refused it at least', 20),
      bytes: least('bytes that it was sent at least', 2000),
      public: ports('ports that are meant to be public', '25,53,80,123,443,465,587,993'),
    },
    body: (d) => `
    SELECT min(found.interface_id) AS interface_id, found.client, found.server, min(found.port) AS port, min(found.protocol) AS protocol,
      min(found.first_seconds) AS first_seconds, max(found.last_seconds) AS last_seconds, max(probes.refusals) AS ports_that_refused,
      sum(found.bytes_back) AS bytes_back
    FROM fg_edges AS found
    JOIN (
      SELECT client, ${d.whole('hour', '24')} AS day, count(DISTINCT server || ' ' || CAST(port AS VARCHAR)) AS refusals
      FROM fg_edges
      WHERE way = 'in' AND refused > 0
      GROUP BY client, 2
      HAVING count(DISTINCT server || ' ' || CAST(port AS VARCHAR)) >= ${d.parameter('least')}
    ) AS probes ON probes.client = found.client AND probes.day = ${d.whole('found.hour', '24')}
    WHERE found.way = 'in' AND found.answered > 0 AND found.bytes_back >= ${d.parameter('bytes')} AND NOT ${d.among('found.port', 'public')}
    GROUP BY found.client, found.server, probes.day
    ORDER BY bytes_back DESC, found.client, found.server`,
  }),
  fires: [
    ...many(25, (at) => ({
      client: '198.51.100.7',
      server: '10.0.0.5',
      port: 1000 + at,
      at,
      back: null,
      action: 'REJECT',
    })),
    ...conversation({ client: '198.51.100.7', server: '10.0.0.5', port: 8081, at: 600, back: [30, 24_000] }),
  ],
  stays: [
    ...many(25, (at) => ({
      client: '198.51.100.7',
      server: '10.0.0.5',
      port: 1000 + at,
      at,
      back: null,
      action: 'REJECT',
    })),
    ...conversation({ client: '198.51.100.7', server: '10.0.0.5', port: 443, at: 600, back: [30, 24_000] }),
    ...conversation({ client: '198.51.100.8', server: '10.0.0.5', port: 8081, at: 600, back: [30, 24_000] }),
  ],
};
