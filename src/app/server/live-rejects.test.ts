import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LiveRejects } from '../../api/live-rejects.ts';
import { addKey, revokeKey } from '../../control/keys.ts';
import { ALGORITHM, canonicalRequest, scopeText, sha256, signatureOf, signingKey } from '../../storage/object/sigv4.ts';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import type { AccessKey } from '../../storage/state/keys.ts';
import { openState } from '../../storage/state/state-file.ts';
import type { RejectTold } from '../collector/reject-feed.ts';
import { NewestRejects, rejectRoute, rejectsStanding } from './live-rejects.ts';
import { createStanding } from './standing.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const ACCOUNT = '111122223333';
const reject = (srcport: number): RejectTold => ({
  atMicros: 1.7e15 + srcport,
  interfaceId: 'eni-1',
  direction: 'ingress',
  srcaddr: '10.0.0.1',
  dstaddr: '10.0.0.2',
  srcport,
  dstport: 22,
  protocol: 6,
  tcpFlags: 2,
  bytes: 60,
  stage: 'sg-ingress',
  ruleId: 'default-deny',
});
const FED = { isFed: true, why: null, leftOut: 0 };
const numbers = ({ rejects }: LiveRejects): number[] => rejects.map(({ number }) => number);

/** Headers of a request without a body. */
function signed({ id, secret }: AccessKey, url: string, method: string): Record<string, string> {
  const time = NOW.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers = [
    ['host', 'server:8350'],
    ['x-amz-date', time],
  ] as const;
  const [path = '', query = ''] = url.split('?');
  const canonical = canonicalRequest({ method, path, query, headers, bodyHash: sha256('') });
  const scope = { day: time.slice(0, 8), region: 'us-east-1', service: 'flowgauge' };
  const signature = signatureOf(signingKey(secret, scope), scope, time, canonical);
  const authorization = `${ALGORITHM} Credential=${id}/${scopeText(scope)}, SignedHeaders=host;x-amz-date, Signature=${signature}`;
  return { ...Object.fromEntries(headers), authorization };
}

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
  const kernel = (rejects: { seen: number; told: number } | null) =>
    ({ tables: { kernel: { rejects } } }) as unknown as NonNullable<(typeof standing)['stages']>;
  standing.rejectFeed = { why: null, drops };
  standing.stages = kernel({ seen: 500, told: 120 });
  drops[0] = 3;
  assert.deepEqual(rejectsStanding(standing), { isFed: true, why: null, leftOut: 383 });
  standing.stages = kernel(null);
  assert.match(rejectsStanding(standing).why!, /nfnetlink_log/);
});

test('a key that may read is asked for, and no agent, no method and no nonsense is answered', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-rejects-'));
  const state = openState(join(directory, 'state.sqlite'), true);
  try {
    const read = addKey(state, { account: ACCOUNT, role: 'read', forSeconds: null }, NOW);
    const agent = addKey(state, { account: ACCOUNT, role: 'agent', host: 'web-1', forSeconds: null }, NOW);
    const newest = new NewestRejects(5);
    newest.add([reject(1), reject(2)]);
    const options = { state, facts: openCurrentFacts(state), newest, standing: () => FED, now: () => NOW.getTime() };
    const route = rejectRoute(options);
    const ask = async (key: AccessKey | null, path = '/api/rejects/live?after=1', method = 'GET') => {
      const headers = key === null ? {} : signed(key, path, method);
      const { status, body } = await route({ method, url: path, headers, body: new Uint8Array() });
      return { status, json: JSON.parse(String(body)) as LiveRejects & { code?: string } };
    };
    const { status, json } = await ask(read);
    assert.deepEqual([status, numbers(json), json.newest], [200, [2], 2]);
    for (const [key, path, method, code] of [
      [null, undefined, undefined, 'MissingAuthenticationToken'],
      [agent, undefined, undefined, 'AccessDenied'],
      [read, '/api/rejects/live?after=-1', undefined, 'ValidationError'],
      [read, undefined, 'POST', 'MethodNotAllowed'],
    ] as const)
      assert.equal((await ask(key, path, method)).json.code, code);
    revokeKey(state, read.id, NOW);
    assert.equal((await ask(read)).status, 403);
  } finally {
    state.close();
    rmSync(directory, { recursive: true });
  }
});
