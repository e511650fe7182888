/**
 * Parameters that ask for what is not part of flowgauge: better refused than passed over in silence.
 *
 * In:    a request, the names of such parameters. Out: nothing. Fails: `UnsupportedOperation` where one is given.
 */
import { vpcError } from './vpc-errors.ts';

/** Refuses a request that gives one of these members; `false` and 0 ask for nothing. */
export function refuseParameters(input: object, names: readonly string[]): void {
  const given: Readonly<Record<string, unknown>> = { ...input };
  for (const name of names) {
    const value = given[name];
    if (value !== undefined && value !== false && value !== 0) throw vpcError('notHere', name);
  }
}
