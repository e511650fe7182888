/**
 * Answers of the routes that explain.
 *
 * In:    a request, its question. Out: the answer as JSON; with `progress=1` in the address as lines of JSON, of which the last one
 *        is the answer or the failure.
 * Holds: whoever leaves stops what is worked on. Lines of progress keep the connection from being taken for a silent one.
 * Fails: with the error of the question; with `progress=1` that is a line.
 */
import type { ConsoleFailure } from '../../../../api/console.ts';
import type { ExplainProgress } from '../../../../api/explain-routes.ts';
import { FlowgaugeError } from '../../../../model/errors.ts';
import type { ConsoleContext } from '../context.ts';
import type { ConsoleAnswer, ConsoleRequest } from '../route.ts';
import { Refusal } from '../route.ts';
import type { AskOptions } from './explainers.ts';
import type { ExplainQuestion } from './question.ts';

/** Between two words where nothing new is to be told. */
const WORD_MILLIS = 10_000;

/** Asks. */
export async function explained(
  question: ExplainQuestion,
  request: ConsoleRequest,
  console: ConsoleContext,
): Promise<ConsoleAnswer> {
  const { dataDirectory, cacheBytes, explainers } = console;
  const work = { question, data: dataDirectory, cacheBytes, nowSeconds: console.now() / 1000 };
  return answeredBy((options) => explainers.ask(work, options), request);
}

/** The answer of whoever is asked, JSON text, as a request wants it. */
export async function answeredBy(
  ask: (options: AskOptions) => Promise<string>,
  request: ConsoleRequest,
): Promise<ConsoleAnswer> {
  const { signal } = request;
  if (request.query.get('progress') === '1')
    return {
      status: 200,
      headers: { 'content-type': 'application/x-ndjson' },
      stream: lines(signal, (onProgress, stop) => ask({ signal: AbortSignal.any([signal, stop]), onProgress })),
    };
  const json = await ask({ signal }).catch((error: unknown) => {
    // Nobody reads it, and it is no fault of ours.
    if (signal.aborted) throw new Refusal(408, 'Gone', 'Whoever asked has left.');
    throw error;
  });
  return { status: 200, headers: { 'content-type': 'application/json' }, stream: once(`${json}\n`) };
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

async function* lines(
  gone: AbortSignal,
  ask: (onProgress: (progress: ExplainProgress) => void, stop: AbortSignal) => Promise<string>,
): AsyncGenerator<string> {
  let word = Promise.withResolvers<null>();
  let progress: ExplainProgress = { stage: 'reading', files: 0, of: 0, bytes: 0 };
  const stop = new AbortController();
  const timer = setInterval(() => word.resolve(null), WORD_MILLIS);
  const asked = ask((told) => {
    progress = told;
    word.resolve(null);
  }, stop.signal).then(
    (json) => ({ line: `{"answer":${json}}\n`, fault: null }),
    (error: unknown) => ({ line: `${JSON.stringify(failureOf(error))}\n`, fault: error }),
  );
  try {
    for (;;) {
      const last = await Promise.race([asked, word.promise]);
      if (last !== null) {
        yield last.line;
        // What is ours goes into the log of the server.
        if (last.fault !== null && !(last.fault instanceof FlowgaugeError) && !gone.aborted) throw last.fault;
        return;
      }
      word = Promise.withResolvers<null>();
      yield `${JSON.stringify({ progress })}\n`;
    }
  } finally {
    clearInterval(timer);
    stop.abort();
  }
}

/** What is ours says no more than that to whoever asks. */
function failureOf(error: unknown): ConsoleFailure {
  const { code, message } =
    error instanceof FlowgaugeError
      ? error
      : { code: 'InternalError', message: 'Something went wrong here; the log of the server says more.' };
  return { error: { code, message } };
}
