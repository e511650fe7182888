/**
 * The log of a process that runs for long: one line of JSON for each event.
 *
 * In:    events with a level and fields. Out: lines `{"time", "level", "event", …}`; time is UTC with Z.
 * Holds: a line is one event and an event one line, whatever its fields hold; secrets are taken out. Events below the
 *        chosen level are not written. A reader that has gone loses lines, and ends nothing.
 * Fails: `FG_SETTING` for a setting that is none.
 */
import { failure } from '../model/errors.ts';
import { redactedValue } from './redact.ts';

export const LOG_FORMATS = ['text', 'json'] as const;
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type LogFormat = (typeof LOG_FORMATS)[number];
export type LogLevel = (typeof LOG_LEVELS)[number];

/** As far as one of file, environment and command line says it. */
export type LogSettings = { readonly format?: LogFormat; readonly level?: LogLevel };

export type Log = (level: LogLevel, event: string, fields: Readonly<Record<string, unknown>>) => void;

/**
 * A log.
 *
 * @param least  events below it are not written
 * @param write  takes a line with its end
 */
export function createLog(least: LogLevel, write: (line: string) => void, now: () => number = Date.now): Log {
  const from = LOG_LEVELS.indexOf(least);
  return (level, event, fields) => {
    if (LOG_LEVELS.indexOf(level) < from) return;
    const time = new Date(now()).toISOString();
    write(`${JSON.stringify({ time, level, event, ...(redactedValue(fields) as object) })}\n`);
  };
}

/** The log of this process, on stderr. */
export function stderrLog(least: LogLevel): Log {
  process.stderr.on('error', () => {});
  return createLog(least, (line) => void process.stderr.write(line));
}

/** What `FLOWGAUGE_LOG_FORMAT` and `FLOWGAUGE_LOG_LEVEL` say; an empty one says nothing. */
export function logSettingsOf(environment: Readonly<Record<string, string | undefined>>): LogSettings {
  const { FLOWGAUGE_LOG_FORMAT: format, FLOWGAUGE_LOG_LEVEL: level } = environment;
  return {
    ...(format ? { format: oneOf(LOG_FORMATS, format, 'FLOWGAUGE_LOG_FORMAT') } : {}),
    ...(level ? { level: oneOf(LOG_LEVELS, level, 'FLOWGAUGE_LOG_LEVEL') } : {}),
  };
}

/** What `--log-format` and `--log-level` say. */
export function logFlagsOf(format: string | undefined, level: string | undefined): LogSettings {
  return {
    ...(format === undefined ? {} : { format: oneOf(LOG_FORMATS, format, '--log-format') }),
    ...(level === undefined ? {} : { level: oneOf(LOG_LEVELS, level, '--log-level') }),
  };
}

function oneOf<T extends string>(known: readonly T[], given: string, name: string): T {
  const found = known.find((one) => one === given);
  if (found === undefined) throw failure('FG_SETTING', name, given, `one of ${known.join(', ')}`);
  return found;
}
