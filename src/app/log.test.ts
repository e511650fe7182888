import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLog, logSettingsOf } from './log.ts';
import type { LogLevel } from './log.ts';

const AT = Date.UTC(2026, 10, 23, 12, 5, 1, 7);

function written(least: LogLevel = 'debug') {
  const lines: string[] = [];
  return {
    lines,
    log: createLog(
      least,
      (line) => lines.push(line),
      () => AT,
    ),
  };
}

test('an event is one line of JSON with its time, level, name and fields, whatever they hold', () => {
  fc.assert(
    fc.property(fc.string(), fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (event, fields) => {
      const { lines, log } = written();
      log('info', event, { fields });
      assert.match(lines[0]!, /^[^\n\r]*\n$/u);
      const found = JSON.parse(lines[0]!) as Record<string, unknown>;
      assert.deepEqual([found['time'], found['level'], found['event']], ['2026-11-23T12:05:01.007Z', 'info', event]);
      assert.deepEqual(Object.keys(found), ['time', 'level', 'event', 'fields']);
    }),
  );
});

test('what is below the level is not written', () => {
  const { lines, log } = written('warn');
  for (const level of ['debug', 'info', 'warn', 'error'] as const) log(level, level, {});
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { event: string }).event),
    ['warn', 'error'],
  );
});

test('secrets are taken out of fields', () => {
  const { lines, log } = written();
  log('error', 'problem', { message: 'via http://u:hunter2hunter2@proxy/', session_token: 'abc' });
  assert.doesNotMatch(lines[0]!, /hunter2|abc/u);
});

test('the environment says format and level, or is refused', () => {
  assert.deepEqual(logSettingsOf({ FLOWGAUGE_LOG_FORMAT: 'json', FLOWGAUGE_LOG_LEVEL: '' }), { format: 'json' });
  assert.throws(() => logSettingsOf({ FLOWGAUGE_LOG_LEVEL: 'loud' }), {
    code: 'FG_SETTING',
    message: /FLOWGAUGE_LOG_LEVEL is "loud", not one of debug, info, warn, error/,
  });
});
