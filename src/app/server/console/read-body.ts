/**
 * Bodies of the console's requests, checked.
 *
 * In:    a request; parsed JSON, the schema of what is wanted. Out: parsed JSON; the value.
 * Holds: the first thing that is wrong is named by its path, `source.port`. Nothing nests deeper than `MOST_DEPTH`: what goes
 *        through values, JSON's own printer first of all, calls itself for each step down, and fails where there is no room for it.
 * Fails: FG_REQUEST_BODY; with a `Refusal` for what is no JSON.
 */
import { getDotPath, safeParse } from 'valibot';
import type { GenericSchema, InferOutput } from 'valibot';
import { failure } from '../../../model/errors.ts';
import type { HttpRequest } from '../http.ts';
import { Refusal } from './route.ts';

/** A plan of Terraform has some 20. */
const MOST_DEPTH = 200;
const [QUOTE, ESCAPE] = [0x22, 0x5c];
/** `[` and `{`, `]` and `}`. */
const OPENS = new Set([0x5b, 0x7b]);
const CLOSES = new Set([0x5d, 0x7d]);

/** JSON, and said to be: a form of another page cannot say so. Null where there is no body. */
export function jsonBody({ body, headers }: HttpRequest): unknown {
  if (body.length === 0) return null;
  if (!/^application\/json\b/iu.test(headers['content-type'] ?? ''))
    throw new Refusal(415, 'NotJson', 'A body is application/json.');
  if (depthOf(body) > MOST_DEPTH) throw failure('FG_REQUEST_BODY', 'the whole', `it nests deeper than ${MOST_DEPTH}`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new Refusal(400, 'NotJson', 'The body is not JSON in UTF-8.');
  }
}

/** How deep lists and objects stand in each other. */
function depthOf(json: Uint8Array): number {
  let [depth, most, inText] = [0, 0, false];
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]!;
    if (byte === QUOTE) inText = !inText;
    else if (inText) at += byte === ESCAPE ? 1 : 0;
    else if (OPENS.has(byte)) most = Math.max(most, (depth += 1));
    else if (CLOSES.has(byte)) depth -= 1;
  }
  return most;
}

/** The body, as the schema has it. */
export function readBody<S extends GenericSchema>(schema: S, body: unknown): InferOutput<S> {
  const read = safeParse(schema, body, { abortPipeEarly: true });
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw failure('FG_REQUEST_BODY', getDotPath(issue) ?? 'the whole', issue.message);
}
