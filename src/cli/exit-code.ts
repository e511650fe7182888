/**
 * The exit code of an error.
 *
 * In:    anything that was thrown. Out: 2 where the command line is wrong, else 1.
 */
import { FlowgaugeError } from '../model/errors.ts';

/** The code. */
export function exitCodeOf(error: unknown): 1 | 2 {
  return error instanceof FlowgaugeError && error.owner === 'command-line' ? 2 : 1;
}
