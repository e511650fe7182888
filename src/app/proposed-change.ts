/**
 * The network before and after a proposed change.
 *
 * In:    the paths of a change, and where the model is. Out: two snapshots, the second compiled after the first, and what was left out.
 * Holds: what is in both has the same numbers. Of two folders of describe answers neither needs a model beside.
 * Fails: FG_CHANGE_UNREADABLE and the errors of reading changes and models.
 */
import { readFile, stat } from 'node:fs/promises';
import type { ChangeNote } from '../api/change.ts';
import { applyChange } from '../explain/changes/apply.ts';
import { readChange } from '../explain/changes/read-change.ts';
import { failure, failureFrom } from '../model/errors.ts';
import { compileSnapshot } from '../network/vpc/model.ts';
import type { Model } from '../network/vpc/model.ts';
import type { VpcSnapshot } from '../network/vpc/snapshot.ts';
import { readModelAt } from '../storage/state/model-files.ts';
import type { ModelSource } from '../storage/state/open-model.ts';
import { openFacts } from '../storage/state/open-model.ts';

export type ChangedNetwork = {
  readonly before: VpcSnapshot;
  readonly after: VpcSnapshot;
  readonly notes: readonly ChangeNote[];
};

/**
 * Reads and applies it.
 *
 * @param paths   of one change, or of two models
 * @param source  where the present network is described; of two models it is the first
 * @param fix     which of the changes that a diagnosis proposes; null where it was not said
 */
export async function changedNetwork(
  paths: readonly string[],
  source: ModelSource & { readonly at?: number },
  fix: string | null = null,
): Promise<ChangedNetwork> {
  const [first = '', second] = paths;
  if (second !== undefined && fix !== null) throw failure('FG_CHANGE_FIX', paths.join(' '));
  if (second !== undefined) return compiled(await readModelAt(first), await readModelAt(second), []);
  const change = readChange(first, await textAt(first), fix);
  const facts = await openFacts(source);
  const applied = applyChange(facts, change);
  return compiled(facts, applied.model, applied.notes);
}

function compiled(before: Model, after: Model, notes: readonly ChangeNote[]): ChangedNetwork {
  const present = compileSnapshot(before, { version: 1, atMicros: 0 });
  return { before: present, after: compileSnapshot(after, { version: 2, atMicros: 0, before: present }), notes };
}

async function textAt(path: string): Promise<string> {
  try {
    if ((await stat(path)).isDirectory())
      throw failure('FG_CHANGE_UNREADABLE', path, 'it is a folder, and a second one is missing');
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'owner' in error) throw error;
    throw failureFrom(error, 'FG_CHANGE_UNREADABLE', path, error instanceof Error ? error.message : String(error));
  }
}
