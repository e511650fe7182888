/**
 * Answers of the console's routes as HTTP has them.
 *
 * In:    JSON, a stream, events; an error. Out: an `HttpAnswer`.
 * Holds: whole numbers above 2^53 are printed as texts, so that no reader rounds them. Streams of events say a word every 15 s,
 *        and end when `isGood` says no: a session that is over is told nothing more.
 */
import type { ConsoleFailure } from '../../../api/console.ts';
import { Ec2Error } from '../../../control/ec2/errors.ts';
import type { ErrorOwner } from '../../../model/errors.ts';
import { ERRORS, FlowgaugeError } from '../../../model/errors.ts';
import type { HttpAnswer } from '../http.ts';
import type { ConsoleAnswer, ConsoleEvent } from './route.ts';
import { Refusal } from './route.ts';

const HEARTBEAT_MILLIS = 15_000;

/** JSON; whole numbers are numbers where they are exact, texts else. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, found: unknown) =>
    typeof found !== 'bigint'
      ? found
      : found >= Number.MIN_SAFE_INTEGER && found <= Number.MAX_SAFE_INTEGER
        ? Number(found)
        : String(found),
  );
}

/** An answer with JSON. */
export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: status === 204 ? '' : `${jsonText(value)}\n`,
  };
}

/** As HTTP has it. */
export function httpAnswer(answer: ConsoleAnswer, isGood: () => boolean, gone: AbortSignal): HttpAnswer {
  if ('json' in answer) return jsonAnswer(answer.status, answer.json);
  if ('stream' in answer) return { status: answer.status, headers: answer.headers, body: '', stream: answer.stream };
  const headers = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };
  return { status: 200, headers, body: ': ok\n\n', stream: eventLines(answer.events, isGood, gone) };
}

async function* eventLines(
  events: AsyncIterable<ConsoleEvent>,
  isGood: () => boolean,
  gone: AbortSignal,
): AsyncGenerator<string> {
  const from = events[Symbol.asyncIterator]();
  const stop = Promise.withResolvers<'gone'>();
  const onGone = (): void => stop.resolve('gone');
  gone.addEventListener('abort', onGone);
  if (gone.aborted) onGone();
  let beat = Promise.withResolvers<'beat'>();
  const timer = setInterval(() => beat.resolve('beat'), HEARTBEAT_MILLIS);
  try {
    let next = from.next();
    for (;;) {
      const came = await Promise.race([next, beat.promise, stop.promise]);
      if (came === 'gone' || !isGood()) return;
      if (came === 'beat') {
        beat = Promise.withResolvers<'beat'>();
        yield ': still here\n\n';
        continue;
      }
      if (came.done === true) return;
      yield eventText(came.value);
      next = from.next();
    }
  } finally {
    clearInterval(timer);
    gone.removeEventListener('abort', onGone);
    void from.return?.()?.catch(() => null);
  }
}

function eventText({ event, data, id }: ConsoleEvent): string {
  // JSON has no line ends outside of texts, and in texts they are escaped.
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${jsonText(data)}\n\n`;
}

const STATUS: Readonly<Record<ErrorOwner, number>> = {
  'command-line': 400,
  content: 400,
  surroundings: 409,
  ours: 500,
};

/** The answer that an error is; null: it is none, and a fault of ours. */
export function failureAnswer(error: unknown): HttpAnswer | null {
  if (error instanceof FlowgaugeError)
    return refusalAnswer(STATUS[ERRORS[error.code].owner], error.code, error.message);
  if (error instanceof Refusal || error instanceof Ec2Error)
    return refusalAnswer(error.status, error.code, error.message);
  return null;
}

/** An answer that is an error. */
export function refusalAnswer(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return jsonAnswer(status, { error: { code, message } } satisfies ConsoleFailure, headers);
}
