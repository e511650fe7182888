/**
 * Errors as they cross a thread or a process: clones of errors lose their class.
 *
 * In:    an error. Out: plain data, and the error again.
 * Holds: an error of the catalogue keeps its code and words; any other keeps words and stack.
 */
import { FlowgaugeError } from '../../model/errors.ts';

/** An error as it crosses a thread: clones of errors lose their class. */
export type PostedError = { readonly code: string | null; readonly message: string; readonly stack: string };

/** The error to post. */
export function postedError(error: unknown): PostedError {
  const known = error instanceof FlowgaugeError ? error.code : null;
  return {
    code: known,
    message: error instanceof Error ? error.message : String(error),
    stack: error instanceof Error ? (error.stack ?? '') : '',
  };
}

/** The error that was posted. */
export function receivedError(posted: PostedError): Error {
  if (posted.code !== null) return new FlowgaugeError(posted.code as FlowgaugeError['code'], posted.message);
  const error = new Error(posted.message);
  error.stack = posted.stack;
  return error;
}
