/**
 * What happens in `up`, as events of a log.
 *
 * In:    events of `up`. Out: the same with a level and fields, for `log.ts`.
 * Holds: whatever is wrong has its `FG_` code in `code`. Counts are told at `debug`; `/metrics` has them too.
 */
import { ERRORS, FlowgaugeError } from '../../model/errors.ts';
import type { ErrorCode } from '../../model/errors.ts';
import type { Log, LogLevel } from '../log.ts';
import type { UpEvent } from './up.ts';

/** Writes each event. */
export function logEvents(log: Log): (event: UpEvent) => void {
  return (event) => {
    const { kind } = event;
    if (kind === 'problem') log(levelOf(event.code), kind, { code: event.code, message: event.message });
    else if (kind === 'health') log(event.status === 'ok' ? 'info' : 'warn', kind, { ...event, kind: undefined });
    else if (kind === 'child-said') log('warn', kind, { process: event.process, text: event.text });
    else if (kind === 'may-not-capture') log('warn', kind, { reason: event.reason, directory: event.directory });
    else if (kind === 'console') log('info', kind, { url: event.url });
    else if (kind === 'published') log('info', kind, event.published);
    else if (kind === 'counts') log('debug', kind, { ...event.counts });
    else if (kind === 'ended') log('info', kind, { ...event.counts });
    else if (kind !== 'settings' && kind !== 'answer') log('info', kind, { ...event, kind: undefined });
  };
}

/** Writes the error that ended it. */
export function logFailure(log: Log, error: unknown): void {
  const code = error instanceof FlowgaugeError ? error.code : null;
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && code === null ? { stack: error.stack } : {};
  log('error', 'failed', { code, message, ...stack });
}

/** What the surroundings do may pass; all else is for somebody to look at. */
function levelOf(code: string): LogLevel {
  return Object.hasOwn(ERRORS, code) && ERRORS[code as ErrorCode].owner === 'surroundings' ? 'warn' : 'error';
}
