/**
 * Whole numbers of options.
 *
 * In:    a text. Out: the number. Fails: FG_SETTING where it is none, or out of bounds.
 */
import { failure } from '../model/errors.ts';

/** Reads a number between two, both included. */
export function readNumber(option: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/u.test(text) || number < least || number > most)
      throw failure('FG_SETTING', option, text, `a whole number from ${least} to ${most}`);
    return number;
  };
}
