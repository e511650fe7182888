import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWatchCounters } from '../../watch/counters.ts';
import { createWorkerStanding } from '../../watch/standing.ts';
import { createDetectionStanding } from './detection/standing.ts';
import { startWorkerServer } from './worker-server.ts';

test('a worker answers how it stands and what it has counted, and nothing else', async () => {
  const standing = createWorkerStanding(createWatchCounters());
  const server = await startWorkerServer(0, standing, null, (error) => assert.fail(error));
  try {
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    const ask = async (path: string): Promise<readonly [number, string]> => {
      const answer = await fetch(server.url + path);
      return [answer.status, await answer.text()];
    };
    assert.deepEqual(await ask('/health'), [503, '{"status":"starting","reasons":[]}\n']);
    standing.isReceiving = true;
    standing.counters.documents.created = 7;
    standing.counters.messages.dead = 2;
    assert.deepEqual(await ask('/health'), [200, '{"status":"ok","reasons":[]}\n']);
    standing.waiting.set(1, 'FG_SEARCH_UNREACHABLE').set(3, 'FG_SEARCH_UNREACHABLE');
    const [status, health] = await ask('/health');
    assert.deepEqual(
      [status, JSON.parse(health)],
      [503, { status: 'degraded', reasons: [{ reason: 'waiting', code: 'FG_SEARCH_UNREACHABLE', about: null }] }],
    );
    const [, metrics] = await ask('/metrics');
    for (const line of [
      'flowgauge_watch_documents_total{outcome="created"} 7',
      'flowgauge_watch_messages_total{outcome="dead"} 2',
      'flowgauge_watch_messages_held 0',
      'flowgauge_watch_waiting 2',
    ])
      assert.ok(metrics.split('\n').includes(line), line);
    assert.equal((await ask('/console/'))[0], 404);
  } finally {
    await server.close();
  }
});

test('how detection beside it stands is in both, and is no fault', async () => {
  const standing = createWorkerStanding(createWatchCounters());
  standing.isReceiving = true;
  const detection = {
    ...createDetectionStanding(),
    is: 'failing' as const,
    problem: { code: 'FG_LOOK_ENDED', message: '' },
  };
  const server = await startWorkerServer(0, standing, detection, (error) => assert.fail(error));
  try {
    const health = await fetch(`${server.url}/health`);
    assert.deepEqual(
      [health.status, await health.json()],
      [200, { status: 'ok', reasons: [], notes: [{ note: 'detection-failing', code: 'FG_LOOK_ENDED' }] }],
    );
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    assert.match(metrics, /^flowgauge_detect_enabled 1$/m);
    assert.match(metrics, /^flowgauge_watch_waiting 0$/m);
  } finally {
    await server.close();
  }
});
