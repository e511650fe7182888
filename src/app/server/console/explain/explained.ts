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
import type { ExplainQuestion } from './question.ts';

/** Between two words where nothing new is to be told. */
const WORD_MILLIS = 10_000;

/** Asks. */
export async function explained(
  question: ExplainQuestion,
  request: ConsoleRequest,
  console: ConsoleContext,
): Promise<ConsoleAnswer> {
  const { dataDirectory, explainers } = console;
  const work = { question, data: dataDirectory, nowSeconds: console.now() / 1000 };
  const { signal } = request;
  if (request.query.get('progress') === '1')
    return {
      status: 200,
      headers: { 'content-type': 'application/x-ndjson' },
      stream: lines((onProgress, stop) =>
        explainers.ask(work, { signal: AbortSignal.any([signal, stop]), onProgress }),
      ),
    };
  const json = await explainers.ask(work, { signal });
  return { status: 200, headers: { 'content-type': 'application/json' }, stream: once(`${json}\n`) };
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

async function* lines(
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
    (json) => `{"answer":${json}}\n`,
    (error: unknown) => `${JSON.stringify(failureOf(error))}\n`,
  );
  try {
    for (;;) {
      const line = await Promise.race([asked, word.promise]);
      if (line !== null) {
        yield line;
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
