import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failure } from '../../model/errors.ts';
import { logEvents, logFailure } from './event-log.ts';

type Line = readonly [level: string, event: string, fields: Readonly<Record<string, unknown>>];

function logged() {
  const lines: Line[] = [];
  const log = (...line: Line): void => void lines.push(line);
  return { lines, log, show: logEvents(log) };
}

test('a problem has its code, and is a warning where the surroundings may mend it', () => {
  const { lines, show } = logged();
  show({ kind: 'problem', code: 'FG_AWS_UNREACHABLE', message: 'a' });
  show({ kind: 'problem', code: 'FG_HTTP_HANDLER', message: 'b' });
  const reason = { reason: 'destination-failing', code: 'FG_AWS_THROTTLED', about: 's3://b/', message: 'c' } as const;
  show({ kind: 'health', status: 'degraded', reasons: [reason] });
  assert.deepEqual(
    lines.map(([level, event, { code }]) => [level, event, code]),
    [
      ['warn', 'problem', 'FG_AWS_UNREACHABLE'],
      ['error', 'problem', 'FG_HTTP_HANDLER'],
      ['warn', 'health', undefined],
    ],
  );
  assert.deepEqual(lines[2]![2]['reasons'], [reason]);
});

test('the console is told without what logs in', () => {
  const { lines, show } = logged();
  show({ kind: 'console', url: 'http://127.0.0.1:8350/console/', link: () => assert.fail('a link was made') });
  assert.deepEqual(lines, [['info', 'console', { url: 'http://127.0.0.1:8350/console/' }]]);
});

test('the error that ends it is told with its code, one of no code with where it was', () => {
  const { lines, log } = logged();
  logFailure(log, failure('FG_PORT_IN_USE', '127.0.0.1', 8350));
  logFailure(log, new TypeError('oh'));
  assert.deepEqual(
    lines.map(([level, event, { code }]) => [level, event, code]),
    [
      ['error', 'failed', 'FG_PORT_IN_USE'],
      ['error', 'failed', null],
    ],
  );
  assert.match(String(lines[1]![2]['stack']), /event-log\.test/);
});
