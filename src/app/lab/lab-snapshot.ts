/**
 * The network of the lab at this moment.
 *
 * In:    facts of the state file. Out: a snapshot of all but flow logs, which decide nothing.
 * Holds: given the one before, interfaces and rules keep their numbers.
 * Fails: FG_MODEL_*.
 */
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { CurrentFacts } from '../../storage/state/current-facts.ts';
import { modelOf } from '../../storage/state/facts-at.ts';

/** Compiles it. */
export function labSnapshot(facts: CurrentFacts, before: VpcSnapshot | undefined, atMicros: number): VpcSnapshot {
  const json = modelOf(
    [...facts.all()].filter(({ kind }) => kind !== 'FlowLogs'),
    atMicros,
  );
  return compileSnapshot(readModel([{ name: 'the lab', json }]), {
    version: (before?.version ?? 0) + 1,
    atMicros,
    ...(before === undefined ? {} : { before }),
  });
}
