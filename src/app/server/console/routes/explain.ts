/**
 * Routes that say what the network is, why traffic passes or does not, and what a change would do.
 *
 * In:    requests. Out: questions to the processes that explain, and their answers.
 * Holds: nothing is changed by any of them: whoever may read may ask.
 * Fails: FG_REQUEST_BODY, FG_REQUEST_QUERY; as the question does.
 */
import * as v from 'valibot';
import type {
  DiagnoseRequest,
  NoRecordRequest,
  RejectsRequest,
  ReplayRequest,
  RuleHitsRequest,
  SuggestRequest,
} from '../../../../api/explain-routes.ts';
import { failure } from '../../../../model/errors.ts';
import { explained } from '../explain/explained.ts';
import type { ExplainQuestion } from '../explain/question.ts';
import { readBody } from '../read-body.ts';
import type { ConsoleRequest, ConsoleRoute } from '../route.ts';
import { timeOf } from '../route.ts';

const MOST_TEXT = 10_000;
/** Fields of bodies. */
export const TEXT = v.pipe(v.string(), v.minLength(1), v.maxLength(MOST_TEXT));
const whole = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
export const PORT = v.nullish(whole(0, 65_535));
export const PORTS = v.nullish(v.tuple([whole(0, 65_535), whole(0, 65_535)]));
/** Until the year 9999. */
const seconds = v.pipe(v.number(), v.minValue(0), v.maxValue(253_402_300_799));

const REJECTS = v.strictObject({
  filter: v.optional(v.pipe(v.string(), v.maxLength(MOST_TEXT))),
  newSince: v.optional(seconds),
  limit: v.optional(whole(0, 1000)),
}) satisfies v.GenericSchema<unknown, RejectsRequest>;

const DIAGNOSE = v.union([
  v.strictObject({ record: TEXT, format: v.optional(TEXT) }),
  v.strictObject({
    from: TEXT,
    to: TEXT,
    protocol: v.optional(TEXT),
    port: PORT,
    sourcePorts: PORTS,
    at: v.nullish(seconds),
    evidence: v.optional(v.boolean()),
  }),
]) satisfies v.GenericSchema<unknown, DiagnoseRequest>;

const REPLAY = v.strictObject({
  change: v.unknown(),
  fix: v.optional(TEXT),
  at: v.nullish(seconds),
}) satisfies v.GenericSchema<unknown, ReplayRequest>;

const SUGGEST = v.strictObject({
  group: TEXT,
  limit: v.optional(whole(1, 9999)),
  widen: v.nullish(v.strictObject({ bits4: whole(0, 32), bits6: v.optional(whole(0, 128)) })),
}) satisfies v.GenericSchema<unknown, SuggestRequest>;

const RULE_HITS = v.strictObject({
  ids: v.optional(v.array(TEXT)),
}) satisfies v.GenericSchema<unknown, RuleHitsRequest>;

const NO_RECORD = v.strictObject({
  of: TEXT,
  peer: v.nullish(TEXT),
  protocol: v.nullish(TEXT),
  port: PORT,
}) satisfies v.GenericSchema<unknown, NoRecordRequest>;

type OfRecords = Exclude<ExplainQuestion, { kind: 'network' | 'topology' | 'storage' | 'cost' }>;

/** A route whose body is a question about the records of the address's range. */
function asks<K extends OfRecords['kind'], S extends v.GenericSchema>(
  kind: K,
  schema: S,
  questionOf: (request: v.InferOutput<S>) => Extract<OfRecords, { kind: K }>['request'],
): ConsoleRoute {
  return {
    method: 'POST',
    path: `/api/${kind}`,
    role: 'read',
    handle: (request, console) => {
      const range = timeOf(request, console.now());
      const question = { kind, range, request: questionOf(readBody(schema, request.body)) } as OfRecords;
      return explained(question, request, console);
    },
  };
}

const same = <T>(request: T): T => request;

/** The routes. */
export const EXPLAIN_ROUTES: readonly ConsoleRoute[] = [
  {
    method: 'GET',
    path: '/api/network',
    role: 'read',
    handle: (request, console) => explained({ kind: 'network', at: atOf(request) }, request, console),
  },
  asks('rejects', REJECTS, same),
  asks('diagnose', DIAGNOSE, same),
  asks('replay', REPLAY, same),
  asks('suggest', SUGGEST, same),
  asks('rule-hits', RULE_HITS, same),
  asks('why-no-record', NO_RECORD, same),
];

/** The time of `at`, seconds; null where it is not given: the newest. */
function atOf({ query }: ConsoleRequest): number | null {
  const given = query.get('at');
  if (given === null) return null;
  if (/^\d{1,11}(?:\.\d{1,6})?$/u.test(given)) return Number(given);
  throw failure('FG_REQUEST_QUERY', 'at', given, 'seconds since 1970');
}
