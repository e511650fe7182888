/**
 * Ports as options give them.
 *
 * In:    the text of an option. Out: numbers.
 * Fails: FG_DIAGNOSE_NUMBER.
 */
import { failure } from '../model/errors.ts';

/** A port. */
export function portIn(option: string, text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 65536;
  if (number > 65535) throw failure('FG_DIAGNOSE_NUMBER', option, text);
  return number;
}
