/**
 * Records of others tell of traffic with an interface of ours that has no flow log.
 */
import { network } from '../../network/verdict/told-network.ts';
import type { RuleDetection } from '../detection.ts';
import { least } from '../detection.ts';
import { many } from '../told-conversations.ts';

/** eni-a has a flow log, eni-b, which has two addresses, has none. */
const { NetworkInterfaces, ...rest } = network([], undefined, {
  FlowLogs: [
    {
      FlowLogId: 'fl-0a',
      ResourceId: 'eni-a',
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::logs',
      MaxAggregationInterval: 60,
      FlowLogStatus: 'ACTIVE',
      LogFormat: '${version} ${account-id}',
    },
  ],
}) as { NetworkInterfaces: { NetworkInterfaceId: string }[] };
const NETWORK = {
  ...rest,
  NetworkInterfaces: NetworkInterfaces.map((one) =>
    one.NetworkInterfaceId === 'eni-b' ? { ...one, Ipv6Addresses: [{ Ipv6Address: '2600:1f18:4a:700::205' }] } : one,
  ),
};

export const interfaceNotCovered: RuleDetection = {
  name: 'interface-not-covered',
  severity: 'medium',
  meaning: 'An interface of ours that no flow log covers has traffic: the records of others name its address.',
  falsePositives: 'An interface that is meant to have none.',
  technique: 'T1562.008',
  subject: ['interface_id'],
  asks: 'interface-not-covered',
  parameters: { least: least('records of others at least', 5) },
  network: [[-900_000, NETWORK]],
  fires: many(6, (at) => ({
    client: '10.0.2.5',
    server: '10.0.1.5',
    port: 5432,
    clientPort: 41_000 + at,
    at: at * 60,
  })),
  stays: many(6, (at) => ({
    client: '198.51.100.7',
    server: '10.0.1.5',
    port: 443,
    clientPort: 41_000 + at,
    at: at * 60,
  })),
};
