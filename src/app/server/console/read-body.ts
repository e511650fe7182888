/**
 * Bodies of the console's requests, checked.
 *
 * In:    parsed JSON, the schema of what is wanted. Out: the value.
 * Holds: the first thing that is wrong is named by its path, `source.port`.
 * Fails: FG_REQUEST_BODY.
 */
import { getDotPath, safeParse } from 'valibot';
import type { GenericSchema, InferOutput } from 'valibot';
import { failure } from '../../../model/errors.ts';

/** The body, as the schema has it. */
export function readBody<S extends GenericSchema>(schema: S, body: unknown): InferOutput<S> {
  const read = safeParse(schema, body, { abortPipeEarly: true });
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw failure('FG_REQUEST_BODY', getDotPath(issue) ?? 'the whole', issue.message);
}
