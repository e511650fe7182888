/**
 * One of ours asks a server of names outside for so much, in such long questions, that it is no asking.
 */
import type { QueryDetection } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { many } from '../told-conversations.ts';

export const dnsTunnel: QueryDetection = {
  name: 'dns-tunnel',
  severity: 'high',
  meaning:
    'One of ours sent at least 5 MB in an hour to the DNS port of a public address, in questions of 120 bytes or more on average.',
  falsePositives: 'A resolver of yours that forwards much with encryption on port 853; a transfer of a zone.',
  technique: 'T1071.004',
  subject: ['client', 'server'],
  query: watchQuery({
    name: 'dns-tunnel',
    meaning: 'clients that sent much to a server of names outside within an hour, most bytes first',
    parameters: {
      bytes: least('bytes sent in an hour at least', 5_000_000),
      each: least('bytes of a packet at least, on average', 120),
    },
    hourly: true,
    body: (d) => `
    SELECT interface_id, client, server, port, protocol, first_seconds, last_seconds, bytes_sent, packets_sent, bytes_back
    FROM fg_edges
    WHERE way = 'out' AND port IN (53, 853, 5353) AND bytes_sent >= ${d.parameter('bytes')} AND bytes_sent >= packets_sent * ${d.parameter('each')}
    ORDER BY bytes_sent DESC, client, server, port, first_seconds`,
  }),
  fires: many(60, (at) => ({
    client: '10.0.0.5',
    server: '198.51.100.7',
    port: 53,
    protocol: 17,
    clientPort: 40_000 + at,
    at: at * 30,
    sent: [500, 110_000],
    back: [500, 60_000],
  })),
  stays: [
    // A busy resolver.
    ...many(200, (at) => ({
      client: '10.0.0.5',
      server: '198.51.100.7',
      port: 53,
      protocol: 17,
      clientPort: 40_000 + at,
      at: at * 10,
      sent: [500, 35_000],
      back: [500, 110_000],
    })),
    ...many(20, (at) => ({
      client: '10.0.0.6',
      server: '198.51.100.7',
      port: 53,
      protocol: 17,
      clientPort: 40_000 + at,
      at: at * 10,
      sent: [3, 600],
    })),
  ],
};
