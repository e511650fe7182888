import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveRejects } from '../../api/live-rejects.ts';
import { reject } from './live-rejects.fixture.ts';
import { NewestRejects, rejectsStanding } from './live-rejects.ts';
import { createStanding } from './standing.ts';

const FED = { isFed: true, why: null, each: 'packet', leftOut: 0 } as const;
const numbers = ({ rejects }: LiveRejects): number[] => rejects.map(({ number }) => number);

test('whoever asks gets what came since, once, and is told what is not kept any more', () => {
  const newest = new NewestRejects(5, 3);
  assert.deepEqual(newest.after(0, FED), { ...FED, startedMillis: 5, newest: 0, passed: 0, rejects: [] });
  newest.add([reject(1), reject(2)]);
  assert.deepEqual(numbers(newest.after(0, FED)), [1, 2]);
  newest.add([reject(3), reject(4), reject(5)]);
  const { passed, newest: last, ...answer } = newest.after(1, FED);
  assert.deepEqual([numbers({ passed, newest: last, ...answer }), passed, last], [[3, 4, 5], 1, 5]);
  assert.deepEqual(numbers(newest.after(4, FED)), [5]);
  assert.deepEqual(numbers(newest.after(5, FED)), []);
  assert.deepEqual(numbers(newest.after(77, FED)), [3, 4, 5], 'a number of another run');
});

test('what more was rejected than is told is counted, and why nothing is told is said', () => {
  const standing = createStanding();
  assert.deepEqual([rejectsStanding(standing).isFed, /--enforce/.test(rejectsStanding(standing).why!)], [false, true]);
  const drops = new Uint32Array(new SharedArrayBuffer(4));
  const tables = (found: object) => ({ tables: found }) as unknown as NonNullable<(typeof standing)['stages']>;
  const kernel = (rejects: { seen: number; told: number } | null, how = 'enforce') =>
    tables({ kernel: { rejects, how } });
  standing.rejectFeed = { why: null, drops };
  standing.stages = kernel({ seen: 500, told: 120 });
  drops[0] = 3;
  assert.deepEqual(rejectsStanding(standing), { ...FED, leftOut: 383 });
  standing.stages = kernel(null);
  assert.match(rejectsStanding(standing).why!, /nfnetlink_log/);
  const observing = createStanding();
  observing.stages = kernel({ seen: 70, told: 50 }, 'observe');
  assert.deepEqual(rejectsStanding(observing), { ...FED, each: 'flow', leftOut: 20 });
  observing.stages = tables({ notObserved: { code: 'FG_NFT_FAILED', message: 'no nft' } });
  const { isFed, why, each } = rejectsStanding(observing);
  assert.deepEqual([isFed, why, each], [false, 'the firewall of this host is not observed: no nft', null]);
});
