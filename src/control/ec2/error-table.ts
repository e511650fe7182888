/**
 * Tables of errors by theme: what is wrong, AWS's code and words, and where these are known from.
 *
 * In:    a table. Out: a function that makes an error of one of its entries.
 * Holds: `known` is as in `flow-log-errors.ts`: recorded from AWS, its guide or model, reports of users, another emulator, or ours
 *        where nobody has seen AWS's (`unverified`). The docs are made from these tables.
 */
import { Ec2Error } from './errors.ts';

/** One error. */
export type ErrorEntry = {
  readonly code: string;
  readonly known: 'recorded' | 'model' | 'reported' | 'emulated' | 'unverified';
  readonly when: string;
  readonly text: (...facts: never[]) => string;
};
export type ErrorTable = Readonly<Record<string, ErrorEntry>>;

/** A line of a table. */
export function entry<F extends (...facts: never[]) => string>(
  code: string,
  known: ErrorEntry['known'],
  when: string,
  text: F,
): { readonly code: string; readonly known: ErrorEntry['known']; readonly when: string; readonly text: F } {
  return { code, known, when, text };
}

/** What makes the errors of a table. */
export function errorsOf<T extends ErrorTable>(
  table: T,
): <N extends keyof T>(name: N, ...facts: Parameters<T[N]['text']>) => Ec2Error {
  return (name, ...facts) => {
    const { code, text } = table[name]!;
    return new Ec2Error(code, (text as (...facts: unknown[]) => string)(...facts));
  };
}
