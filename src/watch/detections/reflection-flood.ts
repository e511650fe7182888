/**
 * Answers that nobody asked for, from servers that amplify.
 */
import type { QueryDetection } from '../detection.ts';
import { least, ports, watchQuery } from '../detection.ts';
import { many } from '../told-conversations.ts';

export const reflectionFlood: QueryDetection = {
  name: 'reflection-flood',
  severity: 'high',
  meaning:
    'One of ours got at least 50,000 packets within an hour, from 20 servers or more at a port that amplifies, and had asked none of them.',
  falsePositives: 'Where flow logs lack the way out, answers look as if nobody had asked.',
  technique: 'T1498.002',
  subject: ['client', 'port'],
  query: watchQuery({
    name: 'reflection-flood',
    meaning: 'who got answers that nobody asked for within an hour, most packets first',
    parameters: {
      packets: least('packets within an hour at least', 50_000),
      servers: least('servers at least', 20),
      ports: ports('ports that amplify', '17,19,53,69,111,123,137,161,389,520,1900,3702,5353,11211'),
    },
    hourly: true,
    body: (d) => `
    SELECT min(interface_id) AS interface_id, client, port, 17 AS protocol, min(first_seconds) AS first_seconds, max(last_seconds) AS last_seconds,
      sum(packets_back + answer_packets_refused) AS packets, count(DISTINCT server) AS servers
    FROM fg_edges
    WHERE way = 'out' AND protocol = 17 AND opened = 0 AND ${d.among('port', 'ports')}
    GROUP BY client, port, hour
    HAVING sum(packets_back + answer_packets_refused) >= ${d.parameter('packets')} AND count(DISTINCT server) >= ${d.parameter('servers')}
    ORDER BY packets DESC, client, port, first_seconds`,
  }),
  fires: many(40, (at) => ({
    client: `198.51.100.${at}`,
    server: '10.0.0.5',
    port: 40_000,
    clientPort: 123,
    protocol: 17,
    at,
    sent: [3000, 1_400_000],
    back: null,
    action: at % 2 === 0 ? 'REJECT' : 'ACCEPT',
  })),
  stays: many(40, (at) => ({
    client: '10.0.0.5',
    server: `198.51.100.${at}`,
    port: 53,
    clientPort: 40_000,
    protocol: 17,
    at,
    sent: [3000, 210_000],
    back: [3000, 1_400_000],
  })),
};
