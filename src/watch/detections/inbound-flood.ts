/**
 * So many packets come to one of ours, and so few go back, that it is no conversation.
 */
import type { QueryDetection } from '../detection.ts';
import { least, watchQuery } from '../detection.ts';
import { many } from '../told-conversations.ts';

export const inboundFlood: QueryDetection = {
  name: 'inbound-flood',
  severity: 'high',
  meaning:
    'One of ours got at least 300,000 packets from public addresses at a port within an hour, ten times what it sent back.',
  falsePositives: 'A service that takes a stream over UDP, such as telemetry.',
  technique: 'T1498.001',
  subject: ['server', 'port', 'protocol'],
  query: watchQuery({
    name: 'inbound-flood',
    meaning: 'servers that got many packets from outside within an hour and sent few, most packets first',
    parameters: {
      packets: least('packets within an hour at least', 300_000),
      times: least('times the packets that went back at least', 10),
    },
    hourly: true,
    body: (d) => `
    SELECT min(interface_id) AS interface_id, server, port, protocol, min(first_seconds) AS first_seconds, max(last_seconds) AS last_seconds,
      sum(packets_sent + packets_refused) AS packets, sum(packets_back) AS packets_back, count(DISTINCT client) AS clients
    FROM fg_edges
    WHERE way = 'in'
    GROUP BY server, port, protocol, hour
    HAVING sum(packets_sent + packets_refused) >= ${d.parameter('packets')}
      AND sum(packets_sent + packets_refused) >= sum(packets_back) * ${d.parameter('times')}
    ORDER BY packets DESC, server, port, protocol, first_seconds`,
  }),
  fires: many(200, (at) => ({
    client: `198.51.${at}.7`,
    server: '10.0.0.5',
    port: 443,
    clientPort: 2000 + at,
    at: at % 60,
    sent: [4000, 170_000],
    back: [2, 88],
  })),
  stays: [
    // Somebody brings a large file: what arrives is confirmed.
    ...many(60, (at) => ({
      client: '198.51.100.7',
      server: '10.0.0.5',
      port: 443,
      at: at * 60,
      lasts: 55,
      sent: [90_000, 130_000_000],
      back: [30_000, 1_300_000],
    })),
    // A day's probes.
    ...many(900, (at) => ({
      client: `198.51.${at % 250}.7`,
      server: '10.0.0.6',
      port: 22,
      clientPort: 2000 + at,
      at: at * 4,
      back: null,
      action: 'REJECT',
    })),
  ],
};
