import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStageCount } from '../../model/counters.ts';
import type { PublishStatus } from '../../publish/status.ts';
import { healthOf } from './health.ts';
import type { Standing } from './standing.ts';
import { createStanding } from './standing.ts';

/** Of no matter for health. */
const STAGES = {
  counts: {
    capture: createStageCount(),
    verdict: createStageCount(),
    observations: createStageCount(),
    aggregate: {},
  },
  tables: { openWindows: 0, openSince: 0, flowRows: 0, maxFlowRows: 1, tracked: 0, maxConnections: 1 },
  print: createStageCount(),
};
const NOW = 1_795_435_500_000;
const publish: PublishStatus = {
  status: 1,
  writtenMillis: NOW,
  pid: 1,
  hostId: 'h',
  count: { in: 0, out: 0, held: 0, lost: {}, notes: {} },
  spool: { maxBytes: 1, maxAgeSeconds: 1, reserveBytes: 1, bytes: 0, full: null },
  destinations: [],
  problems: [],
};
const lane = {
  destination: 's3://b/',
  segments: 1,
  records: 1,
  oldestSlotSeconds: null,
  waitingSeconds: 0,
  failures: 2,
  deliveries: 0,
  latencySeconds: 0,
  latencyCounts: [],
  nextAttemptMillis: null,
  lastDeliveredMillis: null,
  lastError: { code: 'FG_AWS_UNREACHABLE', message: 'account 123456789012 said no', atMillis: NOW },
};
const well: Standing = {
  ...createStanding(),
  capture: { is: 'running', sinceMillis: NOW },
  stages: { ...STAGES, publish },
  toldMillis: NOW,
};
const reasons = (change: Partial<Standing>, at = NOW): string[] =>
  healthOf({ ...well, ...change }, at).reasons.map(({ reason }) => reason);

test('it is well when the capture runs and the collector tells of it', () => {
  assert.deepEqual(healthOf(well, NOW), { status: 'ok', reasons: [] });
  assert.equal(healthOf({ ...well, toldMillis: null }, NOW).status, 'starting');
  assert.equal(healthOf(createStanding(), NOW).status, 'starting');
});

test('each thing that is wrong has its reason', () => {
  assert.deepEqual(reasons({ capture: { is: 'ended' } }), ['capture-ended']);
  assert.deepEqual(reasons({ capture: { is: 'demo', why: 'no tcpdump' } }), ['may-not-capture']);
  assert.deepEqual(reasons({}, NOW + 21_000), ['collector-silent']);
  assert.deepEqual(reasons({ toldMillis: null }, NOW + 21_000), ['collector-silent'], 'never told');
  const full = (by: 'bytes' | 'age' | 'disk') => ({
    stages: { ...STAGES, publish: { ...publish, spool: { ...publish.spool, full: by } } },
  });
  assert.deepEqual(reasons(full('bytes')), ['spool-full']);
  assert.deepEqual(reasons(full('age')), ['spool-full']);
  assert.deepEqual(reasons(full('disk')), ['disk-full']);
});

test('a destination that fails is named with its code, without the words of others', () => {
  const found = healthOf(
    { ...well, stages: { ...STAGES, publish: { ...publish, destinations: [{ ...lane, failures: 0 }, lane] } } },
    NOW,
  );
  assert.deepEqual(found, {
    status: 'degraded',
    reasons: [{ reason: 'destination-failing', code: 'FG_AWS_UNREACHABLE', about: 's3://b/' }],
  });
});

test('findings that are not looked for, or not told, are a note and no fault', () => {
  const detection = {
    ...createStanding().detection,
    problem: { code: 'FG_LOOK_ENDED', message: 'a secret of a path' },
    alertProblems: new Map([['ops', 'ops.example answered HTTP 403']]),
  };
  assert.deepEqual(healthOf({ ...well, detection }, NOW), {
    status: 'ok',
    reasons: [],
    notes: [
      { note: 'detection-failing', code: 'FG_LOOK_ENDED' },
      { note: 'alerts-failing', code: null, about: 'ops' },
    ],
  });
});
