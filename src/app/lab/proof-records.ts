/**
 * What the flow logs of a lab tell of one conversation.
 *
 * In:    where they lie, protocol and ports. Out: sums by interface, direction, addresses and verdict.
 * Holds: open windows too; addresses are those of the packets, so that what a NAT gateway sends on is told as it was. A record
 *        that several flow logs have is taken once.
 * Fails: as asking flow logs does.
 */
import type { ProofRecord } from '../../api/proof.ts';
import type { AskOptions } from '../../query/ask.ts';
import { ask } from '../../query/ask.ts';

/** Ports are null where the protocol has none. */
export type Conversation = {
  readonly protocol: number;
  readonly sourcePort: number | null;
  readonly port: number | null;
};
export type Sums = readonly Omit<ProofRecord, 'leg'>[];

function sqlOf({ protocol, sourcePort, port }: Conversation): string {
  const ports =
    port === null
      ? ''
      : ` AND ((srcport = ${sourcePort} AND dstport = ${port}) OR (srcport = ${port} AND dstport = ${sourcePort}))`;
  const told = `interface_id, flow_direction, pkt_srcaddr, pkt_dstaddr, action, nullif(x_rule_id, '-') AS rule, x_verdict_stage, x_verdict_source`;
  return [
    `WITH told AS (SELECT DISTINCT ${told}, srcaddr, dstaddr, start, "end", packets, bytes, x_open`,
    `  FROM flow_logs WHERE protocol = ${protocol} AND flow_direction IS NOT NULL${ports})`,
    'SELECT interface_id, flow_direction, pkt_srcaddr, pkt_dstaddr, action, rule, x_verdict_stage, x_verdict_source,',
    '  sum(packets) AS packets FROM told GROUP BY ALL ORDER BY ALL',
  ].join('\n');
}

/** Asks. */
export async function recordsOf(place: string, conversation: Conversation, options: AskOptions): Promise<Sums> {
  const answer = await ask(place, sqlOf(conversation), {}, options);
  try {
    const sums: Omit<ProofRecord, 'leg'>[] = [];
    for await (const batch of answer.rows)
      for (const [interfaceId, direction, source, destination, action, ruleId, stage, verdictSource, packets] of batch)
        sums.push({
          interfaceId: String(interfaceId),
          direction: direction === 'egress' ? 'egress' : 'ingress',
          source: String(source),
          destination: String(destination),
          action: action === 'ACCEPT' ? 'ACCEPT' : 'REJECT',
          ruleId: ruleId === null ? null : String(ruleId),
          stage: stage === null ? null : String(stage),
          verdictSource: verdictSource === null ? null : String(verdictSource),
          packets: Number(packets),
        });
    return sums;
  } finally {
    await answer.close();
  }
}

/** What came to it between two looks. */
export function since(before: Sums, after: Sums): Sums {
  const keyOf = (one: Sums[number]): string => JSON.stringify({ ...one, packets: 0 });
  const was = new Map(before.map((one) => [keyOf(one), one.packets]));
  return after
    .map((one) => ({ ...one, packets: one.packets - (was.get(keyOf(one)) ?? 0) }))
    .filter(({ packets }) => packets > 0);
}
