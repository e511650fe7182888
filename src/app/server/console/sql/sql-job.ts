/**
 * What the server and the process of a query say to each other.
 *
 * In:    nothing. Out: the type of what is asked, on standard input; the answer is on standard output as the form has it.
 * Holds: the form `lines` is `SqlLine` of the console's contract. The others begin with a line of JSON, `SqlBegin`, that says
 *        whether there is an answer at all.
 */
import type { SqlForm, SqlLimits, SqlRequest } from '../../../../api/sql.ts';
import type { PostedError } from '../../../collector/posted-error.ts';

export type SqlJob = {
  readonly request: SqlRequest;
  readonly form: 'lines' | SqlForm;
  /** Where flow logs lie. */
  readonly from: string;
  /** Seconds since 1970 UTC, `[from, to)`. */
  readonly range: { readonly from: number; readonly to: number };
  readonly limits: SqlLimits;
};

export type SqlBegin = { readonly error: PostedError | null };
