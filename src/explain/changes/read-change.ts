/**
 * A change, whatever form its file has.
 *
 * In:    the bytes of a file. Out: the change.
 * Holds: the content tells the form, not the name.
 * Fails: FG_CHANGE_FORM, FG_CHANGE_VALUE; FG_CHANGE_UNREADABLE where it is no JSON.
 */
import { failure, failureFrom } from '../../model/errors.ts';
import type { Change } from './change.ts';
import { isOwnChange, readOwnChange } from './own-json.ts';
import { isPlan, readPlan } from './terraform-plan.ts';

/** Reads a change. */
export function readChange(name: string, text: string): Change {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw failureFrom(error, 'FG_CHANGE_UNREADABLE', name, error instanceof Error ? error.message : String(error));
  }
  if (isOwnChange(json)) return readOwnChange(name, json);
  if (isPlan(json)) return readPlan(name, json);
  throw failure('FG_CHANGE_FORM', name);
}
