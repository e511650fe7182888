/**
 * Which interfaces have records, by the flow logs that cover them.
 *
 * In:    a snapshot. Out: for each interface its flow logs, and whether all of its traffic is in one of them.
 * Holds: one that keeps what was accepted and another that keeps what was rejected are together all.
 */
import type { FlowLog, VpcSnapshot } from './snapshot.ts';

export type InterfaceCoverage = {
  /** `none`: no flow log has records of it. */
  readonly covered: 'all' | 'accepted' | 'rejected' | 'none';
  readonly flowLogs: readonly FlowLog[];
};

/** By number of the interface; at 0 is nobody. */
export function flowLogCoverage({ interfaces, flowLogs }: VpcSnapshot): InterfaceCoverage[] {
  const covering = interfaces.map((): FlowLog[] => []);
  for (const flowLog of flowLogs) for (const number of flowLog.interfaces) covering[number]?.push(flowLog);
  return covering.map((logs) => ({ covered: coveredBy(logs), flowLogs: logs }));
}

function coveredBy(logs: readonly FlowLog[]): InterfaceCoverage['covered'] {
  const has = (traffic: FlowLog['traffic']): boolean => logs.some((log) => log.traffic === traffic);
  if (has('ALL') || (has('ACCEPT') && has('REJECT'))) return 'all';
  return has('ACCEPT') ? 'accepted' : has('REJECT') ? 'rejected' : 'none';
}
