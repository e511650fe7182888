import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssignmentRequest, HostAssignment } from '../../api/agents.ts';
import { failure } from '../../model/errors.ts';
import { backoffMillis, poll } from './poll.ts';

const ASSIGNMENT: HostAssignment = {
  format: 1,
  version: 'v2',
  sinceMicros: 1,
  host: 'web-1',
  devices: [],
  network: { ownVpcId: '', model: {}, flowLogs: [] },
};

/** Polls a server that answers so, and ends after the last answer. */
async function pretend(answers: readonly (object | Error | null)[]) {
  const over = new AbortController();
  const asked: AssignmentRequest[] = [];
  const told: string[] = [];
  const slept: number[] = [];
  await poll({
    link: {
      url: 'https://server',
      ask: (_path, json) => {
        const answer = answers[asked.length]!;
        asked.push(json as AssignmentRequest);
        if (asked.length === answers.length) over.abort();
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
    },
    version: 'v1',
    signal: over.signal,
    assigned: ({ version }) => void told.push(`assigned ${version}`),
    problem: (error) => void told.push(String((error as { code?: string }).code)),
    reached: () => void told.push('reached'),
    random: () => 1,
    sleep: (millis) => {
      slept.push(millis);
      return Promise.resolve();
    },
  });
  return { asked, told, slept };
}

test('the wait after failures grows to a minute, and is between half of it and all by chance', () => {
  assert.deepEqual(
    [1, 2, 3, 6, 7, 99].map((failures) => backoffMillis(failures, 1)),
    [1000, 2000, 4000, 32_000, 60_000, 60_000],
  );
  assert.equal(backoffMillis(7, 0), 30_000);
});

test('a server that is gone is told of once, and once when it is back; what it has then is asked for without waiting', async () => {
  const gone = failure('FG_AGENT_UNREACHABLE', 'https://server', 'refused');
  const { asked, told, slept } = await pretend([null, gone, gone, gone, ASSIGNMENT, null, null]);
  assert.deepEqual(told, ['reached', 'FG_AGENT_UNREACHABLE', 'reached', 'assigned v2']);
  assert.deepEqual(
    asked.map(({ version, waitSeconds }) => [version, waitSeconds]),
    [
      ['v1', 0],
      ['v1', 30],
      ['v1', 0],
      ['v1', 0],
      ['v1', 0],
      ['v2', 30],
      ['v2', 30],
    ],
  );
  // The last two: polls that end at once are not asked again at once.
  assert.deepEqual(slept, [1000, 2000, 4000, 1000, 1000]);
});

test('what is no assignment is told, and the next answer is taken', async () => {
  const { told } = await pretend([{ format: 2 }, { ...ASSIGNMENT, devices: 'all' }, ASSIGNMENT, null]);
  assert.deepEqual(told, ['FG_AGENT_ANSWER', 'reached', 'assigned v2']);
});
