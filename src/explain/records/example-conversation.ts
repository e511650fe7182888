/**
 * The conversation that a record is of: who began it, and where its records are found.
 *
 * In:    a record. Out: its ends, from the one that opened it; the SQL that finds the rejected records that are like it.
 * Holds: who opened it is told as attribution tells it: by flags, then by the lower port. The SQL names only columns that the
 *        record has, and what the record says stands in it as a value, never as SQL.
 */
import type { ExampleRecord } from '../../api/rejects.ts';
import { quoteText } from '../../storage/duck/quote.ts';
import { isByOpener, kindOf } from './read-columns.ts';
import { ABSENT } from './record-rows.ts';

export type ExampleConversation = {
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
  /** Of the service; null where the protocol has none or the record does not tell. */
  readonly port: number | null;
  /** Of the end that opened it. */
  readonly clientPort: number | null;
  /** Which of its packets the record counts. */
  readonly leg: 'request' | 'reply';
};

/** The conversation; null where the record tells no protocol. */
export function conversationOf(example: ExampleRecord): ExampleConversation | null {
  const { srcport, dstport, protocol, tcpFlags } = example;
  if (protocol === null) return null;
  const src = example.pktSrcaddr ?? example.srcaddr;
  const dst = example.pktDstaddr ?? example.dstaddr;
  const kind = kindOf(protocol, tcpFlags ?? ABSENT, srcport ?? ABSENT, dstport ?? ABSENT);
  const isBack = !isByOpener(kind, srcport ?? 0, dstport ?? 0);
  const hasPorts = protocol === 6 || protocol === 17;
  return {
    from: isBack ? dst : src,
    to: isBack ? src : dst,
    protocol,
    port: hasPorts ? (isBack ? srcport : dstport) : null,
    clientPort: hasPorts ? (isBack ? dstport : srcport) : null,
    leg: isBack ? 'reply' : 'request',
  };
}

/** Rejected records between the same ends, to or from the same port, at the same interface. */
export function likeSql(example: ExampleRecord): string {
  const conversation = conversationOf(example);
  const [source, destination] = [
    example.pktSrcaddr === null ? 'srcaddr' : 'pkt_srcaddr',
    example.pktDstaddr === null ? 'dstaddr' : 'pkt_dstaddr',
  ];
  const { port = null, leg = 'request' } = conversation ?? {};
  const conditions = [
    "action = 'REJECT'",
    example.interfaceId === null ? null : `interface_id = ${quoteText(example.interfaceId)}`,
    `${source} = ${quoteText(example.pktSrcaddr ?? example.srcaddr)}`,
    `${destination} = ${quoteText(example.pktDstaddr ?? example.dstaddr)}`,
    example.protocol === null ? null : `protocol = ${example.protocol}`,
    port === null ? null : `${leg === 'reply' ? 'srcport' : 'dstport'} = ${port}`,
  ];
  return `SELECT * FROM flow_logs WHERE ${conditions.filter((one) => one !== null).join(' AND ')}`;
}
