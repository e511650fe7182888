import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStanding } from './standing.ts';
import { healthTeller } from './tell-health.ts';

test('tells each change once, and not that it has started well', () => {
  const standing = createStanding();
  const told: string[] = [];
  let now = 0;
  const look = healthTeller(
    standing,
    ({ status, reasons }) => told.push([status, ...reasons.map(({ reason }) => reason)].join(' ')),
    () => now,
  );
  look();
  standing.capture = { is: 'running', sinceMillis: 0 };
  standing.toldMillis = 0;
  look();
  assert.deepEqual(told, []);
  now = 30_000;
  look();
  look();
  assert.deepEqual(told, ['degraded collector-silent']);
  standing.toldMillis = now;
  look();
  look();
  standing.capture = { is: 'ended' };
  look();
  assert.deepEqual(told, ['degraded collector-silent', 'ok', 'degraded capture-ended']);
});
