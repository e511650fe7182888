/**
 * The network as the facts have it now, compiled.
 *
 * In:    a context. Out: its snapshot. Holds: it is compiled again only where facts have changed. Flow logs that begin at a
 *        time to come are in it already.
 * Fails: FG_STATE_*, FG_MODEL_*.
 */
import { compileSnapshot, readModel } from '../../../network/vpc/model.ts';
import type { VpcSnapshot } from '../../../network/vpc/snapshot.ts';
import { modelOf } from '../../../storage/state/facts-at.ts';
import type { ConsoleContext } from './context.ts';

const known = new WeakMap<ConsoleContext, { readonly revision: number; readonly snapshot: VpcSnapshot }>();

/** The snapshot. */
export function currentNetwork(context: ConsoleContext): VpcSnapshot {
  const { facts, state } = context.control;
  facts.refresh();
  const before = known.get(context);
  if (before?.revision === facts.revision) return before.snapshot;
  const model = readModel([{ name: state.path, json: modelOf(facts.all(), context.now() * 1000) }]);
  const snapshot = compileSnapshot(model, { version: 1, atMicros: 0 });
  known.set(context, { revision: facts.revision, snapshot });
  return snapshot;
}
