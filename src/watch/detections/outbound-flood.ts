/**
 * One of ours sends so many packets to somebody outside, of which so few are answered, that it takes part in an attack.
 */
import type { QueryDetection } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { many } from '../told-conversations.ts';

export const outboundFlood: QueryDetection = {
  name: 'outbound-flood',
  severity: 'high',
  meaning:
    'One of ours sent at least 300,000 packets to one public address at a port within an hour, fifty times what came back.',
  falsePositives: 'A stream that is sent over UDP without answers: video, telemetry.',
  technique: 'T1498.001',
  subject: ['client', 'server', 'port', 'protocol'],
  query: watchQuery({
    name: 'outbound-flood',
    meaning: 'clients that sent many packets outside within an hour and got few, most packets first',
    parameters: {
      packets: least('packets within an hour at least', 300_000),
      times: least('times the packets that came back at least', 50),
    },
    hourly: true,
    body: (d) => `
    SELECT interface_id, client, server, port, protocol, first_seconds, last_seconds, packets_sent, packets_back, bytes_sent
    FROM fg_edges
    WHERE way = 'out' AND packets_sent >= ${d.parameter('packets')} AND packets_sent >= packets_back * ${d.parameter('times')}
    ORDER BY packets_sent DESC, client, server, port, protocol, first_seconds`,
  }),
  fires: many(10, (at) => ({
    client: '10.0.0.5',
    server: '198.51.100.7',
    port: 80,
    protocol: 17,
    clientPort: 40_000 + at,
    at: at * 60,
    sent: [90_000, 90_000_000],
    back: null,
  })),
  stays: many(10, (at) => ({
    client: '10.0.0.5',
    server: '198.51.100.7',
    port: 443,
    clientPort: 40_000 + at,
    at: at * 60,
    sent: [90_000, 120_000_000],
    back: [30_000, 1_300_000],
  })),
};
