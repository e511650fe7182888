/**
 * The network that a host's collector follows, compiled from described things.
 *
 * In:    a model, the flow logs with whose they are, the network before. Out: a snapshot that keeps the numbers of the one before.
 * Holds: the one way from facts to a collector, on the server's own host and on an agent's.
 * Fails: FG_MODEL_*.
 */
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';

export type NetworkFacts = {
  /** What messages call them. */
  readonly name: string;
  /** As `aws ec2 describe-*` answers, with `FlowLogs`. */
  readonly model: Readonly<Record<string, readonly unknown[]>>;
  /** By id of the flow log. */
  readonly owners: ReadonlyMap<string, { readonly accountId: string; readonly region: string }>;
  /** The VPC of a host's own (rule P6). */
  readonly ownVpcId: string;
  readonly atMicros: number;
};

/** Compiles. */
export function compileNetwork(
  { name, model, owners, ownVpcId, atMicros }: NetworkFacts,
  before: VpcSnapshot | undefined,
): VpcSnapshot {
  const made = compileSnapshot(readModel([{ name, json: model }]), {
    version: (before?.version ?? 0) + 1,
    atMicros,
    ...(before === undefined ? {} : { before }),
  });
  return {
    ...made,
    vpcs: made.vpcs.map((vpc) => (vpc.id === ownVpcId ? { ...vpc, hidesNeverLogged: false } : vpc)),
    flowLogs: made.flowLogs.map((flowLog) => ({ ...flowLog, ...owners.get(flowLog.id) })),
  };
}
