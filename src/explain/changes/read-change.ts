/**
 * A change, whatever form its file has.
 *
 * In:    the bytes of a file. Out: the change.
 * Holds: the content tells the form, not the name.
 * Fails: FG_CHANGE_FORM, FG_CHANGE_VALUE, those of a diagnosis; FG_CHANGE_NOT_JSON.
 */
import { failure, failureFrom } from '../../model/errors.ts';
import type { Change } from './change.ts';
import { isDiagnosis, readDiagnosis } from './diagnosis.ts';
import { isOwnChange, readOwnChange } from './own-json.ts';
import { isPlan, readPlan } from './terraform-plan.ts';

/**
 * Reads a change.
 *
 * @param fix  which of the changes that a diagnosis proposes, as `--fix` says it; null where it was not given
 */
export function readChange(name: string, text: string, fix: string | null = null): Change {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw failureFrom(error, 'FG_CHANGE_NOT_JSON', name, error instanceof Error ? error.message : String(error));
  }
  if (isDiagnosis(json)) return readDiagnosis(name, json, fix);
  if (fix !== null) throw failure('FG_CHANGE_FIX', name);
  if (isOwnChange(json)) return readOwnChange(name, json);
  if (isPlan(json)) return readPlan(name, json);
  throw failure('FG_CHANGE_FORM', name);
}
