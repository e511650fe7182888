/**
 * Pings that carry data.
 */
import type { QueryDetection } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { many } from '../told-conversations.ts';

export const icmpTunnel: QueryDetection = {
  name: 'icmp-tunnel',
  severity: 'medium',
  meaning:
    'One of ours sent at least 5 MB of ICMP in an hour to a public address, in packets of 200 bytes or more on average.',
  falsePositives: 'Somebody who measures the largest packet that passes, for long.',
  technique: 'T1095',
  subject: ['client', 'server'],
  query: watchQuery({
    name: 'icmp-tunnel',
    meaning: 'pairs with much ICMP in large packets within an hour, most bytes first',
    parameters: {
      bytes: least('bytes in an hour at least', 5_000_000),
      each: least('bytes of a packet at least, on average', 200),
    },
    hourly: true,
    body: (d) => `
    SELECT interface_id, client, server, protocol, first_seconds, last_seconds, bytes_sent, bytes_back, packets_sent
    FROM fg_edges
    WHERE way <> 'within' AND protocol IN (1, 58) AND bytes_sent + bytes_back >= ${d.parameter('bytes')}
      AND bytes_sent + bytes_back >= (packets_sent + packets_back) * ${d.parameter('each')}
    ORDER BY bytes_sent DESC, client, server, first_seconds`,
  }),
  fires: many(60, (at) => ({
    client: '10.0.0.5',
    server: '198.51.100.7',
    port: 0,
    protocol: 1,
    at: at * 30,
    sent: [100, 120_000],
    back: [100, 120_000],
  })),
  stays: many(60, (at) => ({
    client: '10.0.0.5',
    server: '198.51.100.7',
    port: 0,
    protocol: 1,
    at: at * 30,
    sent: [60, 5040],
    back: [60, 5040],
  })),
};
