/**
 * Records of conversations, told in a few words: what detections' tests are made of.
 *
 * In:    who spoke to whom, when, how much. Out: the records that one interface has of it.
 * Holds: the interface is the server's where the client is public, the client's where the server is, else the one that is told.
 *        Times are seconds from noon of a day; what is negative was before.
 * Fails: never.
 */
import type { TestRecord } from './detection.ts';

export type Told = {
  readonly client: string;
  readonly server: string;
  readonly port: number;
  readonly clientPort?: number;
  readonly protocol?: number;
  readonly at?: number;
  readonly lasts?: number;
  /** Packets and bytes. */
  readonly sent?: readonly [number, number];
  /** Null: nobody answered. */
  readonly back?: readonly [number, number] | null;
  readonly action?: 'ACCEPT' | 'REJECT';
  /** Of the answer, where it is another. */
  readonly backAction?: 'ACCEPT' | 'REJECT';
  /** Between two private addresses: whose interface it is. */
  readonly seenBy?: 'client' | 'server';
};

const SYN_FIN = 3;
const SYN_ACK_FIN = 19;

/** The records of a conversation. */
export function conversation(told: Told): TestRecord[] {
  const { client, server, port, clientPort = 40_000, protocol = 6, at = 0, lasts = 10, action = 'ACCEPT' } = told;
  const { sent = [10, 1200], back = [10, 2400], backAction = 'ACCEPT', seenBy = 'server' } = told;
  const isServers = isPrivate(server) && (!isPrivate(client) || seenBy === 'server');
  const both = { interface_id: isServers ? 'eni-a' : 'eni-b', protocol, start: at, end: at + lasts };
  const hasPorts = protocol === 6 || protocol === 17;
  const [from, to] = hasPorts ? [clientPort, port] : [0, 0];
  const records: TestRecord[] = [
    {
      ...both,
      srcaddr: client,
      dstaddr: server,
      srcport: from,
      dstport: to,
      packets: sent[0],
      bytes: sent[1],
      action,
      tcp_flags: protocol === 6 ? SYN_FIN : 0,
      flow_direction: isServers ? 'ingress' : 'egress',
    },
  ];
  if (back !== null && action === 'ACCEPT')
    records.push({
      ...both,
      srcaddr: server,
      dstaddr: client,
      srcport: to,
      dstport: from,
      packets: back[0],
      bytes: back[1],
      action: backAction,
      tcp_flags: protocol === 6 ? SYN_ACK_FIN : 0,
      flow_direction: isServers ? 'egress' : 'ingress',
    });
  return records;
}

/** Of RFC 1918: those are ours. */
function isPrivate(address: string): boolean {
  return /^(?:10|192\.168|172\.16)\./.test(address);
}

/** The records of so many conversations. */
export function many(count: number, told: (at: number) => Told): TestRecord[] {
  return Array.from({ length: count }, (_, at) => conversation(told(at))).flat();
}

/** What somebody did on each of the four days before: who is known. */
export function before(told: Told): TestRecord[] {
  return many(4, (at) => ({ ...told, at: (told.at ?? 0) - (at + 1) * 86_400 }));
}

/** A record without traffic, as NODATA and SKIPDATA are. */
export const NO_TRAFFIC: TestRecord = {
  interface_id: 'eni-a',
  srcaddr: '-',
  dstaddr: '-',
  srcport: '-',
  dstport: '-',
  protocol: '-',
  packets: '-',
  bytes: '-',
  action: '-',
  tcp_flags: '-',
  flow_direction: '-',
};
