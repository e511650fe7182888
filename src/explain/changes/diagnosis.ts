/**
 * The change that a diagnosis proposes: what `diagnose --json` printed, of two ends or of rejected records.
 *
 * In:    parsed JSON with the name of its file; which of the changes is meant. Out: the change.
 * Holds: where there is one, it is meant. Where causes propose the same it counts once. Nothing is chosen for the user.
 * Fails: FG_CHANGE_NO_FIX, FG_CHANGE_WHICH; FG_CHANGE_VALUE where a step is not one of ours.
 */
import { failure } from '../../model/errors.ts';
import type { Change } from './change.ts';
import { readOwnChange } from './own-json.ts';

type Json = Readonly<Record<string, unknown>>;
/** A change that can be replayed, and the command that would make it, for people to choose by. */
type Proposed = { readonly replay: unknown; readonly says: string };

const objectOf = (json: unknown): Json => (typeof json === 'object' && json !== null ? (json as Json) : {});
const listOf = (json: unknown): readonly unknown[] => (Array.isArray(json) ? json : []);

/** Whether JSON is a diagnosis. */
export function isDiagnosis(json: unknown): boolean {
  const { fixes, steps, causes, records } = objectOf(json);
  return [fixes, steps].every(Array.isArray) || (Array.isArray(causes) && 'rejected' in objectOf(records));
}

/** Reads the change that is meant. */
export function readDiagnosis(name: string, json: unknown, fix: string | null): Change {
  const { causes } = objectOf(json);
  const explanations = Array.isArray(causes) ? causes.map((cause) => objectOf(cause)['explanation']) : [json];
  const fixes = explanations.flatMap((one) => listOf(objectOf(one)['fixes'])).map(objectOf);
  const proposed = new Map<string, Proposed>();
  for (const { replay, awsCli } of fixes)
    if (typeof replay === 'object' && replay !== null)
      proposed.set(JSON.stringify(replay), { replay, says: listOf(awsCli).join(' && ') });
  const all = [...proposed.values()];
  if (all.length === 0) throw failure('FG_CHANGE_NO_FIX', name, fixes.length);
  const chosen =
    fix === 'all' ? all : all.length === 1 && fix === null ? all : all.filter((_, i) => String(i + 1) === fix);
  if (chosen.length === 0)
    throw failure(
      'FG_CHANGE_WHICH',
      name,
      fix,
      all.map(({ says }, i) => `${i + 1} for ${says}`),
    );
  const steps = chosen.flatMap(({ replay }) => readOwnChange(name, replay).steps);
  return { name, steps, notes: [] };
}
