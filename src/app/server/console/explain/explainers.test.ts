import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { network } from '../../../../network/verdict/told-network.ts';
import { recordAnswers } from '../../../../storage/state/record-answers.ts';
import { openState, statePath } from '../../../../storage/state/state-file.ts';
import { createExplainers } from './explainers.ts';
import type { ExplainWork } from './question.ts';

const directory = mkdtempSync(join(tmpdir(), 'flowgauge-explainers-'));
after(() => rmSync(directory, { recursive: true }));
const state = openState(statePath(directory), true);
const vpcs = (network([]) as { Vpcs: { VpcId: string }[] }).Vpcs;
await recordAnswers(
  state,
  [
    {
      kind: 'Vpcs',
      account: '210987654321',
      region: 'us-east-1',
      atMicros: 1,
      whole: true,
      items: vpcs.map((content) => ({ id: content.VpcId, content })),
    },
  ],
  'a test',
  1,
);
state.close();

const ASK: ExplainWork = { question: { kind: 'network', at: null }, data: directory, cacheBytes: 0, nowSeconds: 1 };
const signal = new AbortController().signal;

describe('processes that explain', () => {
  test('answer one question after the other, more than there are processes', async (context) => {
    const explainers = createExplainers({ processes: 1 });
    context.after(() => explainers.close());
    const answers = await Promise.all([1, 2, 3].map(() => explainers.ask(ASK, { signal })));
    for (const json of answers) assert.equal((JSON.parse(json) as { vpcs: object[] }).vpcs.length, 1);
  });

  test('whoever leaves is told at once, and the next question is answered', async (context) => {
    const explainers = createExplainers({ processes: 1, graceMillis: 1 });
    context.after(() => explainers.close());
    const leaving = new AbortController();
    const left = explainers.ask(ASK, { signal: leaving.signal });
    const waiting = explainers.ask(ASK, { signal });
    leaving.abort();
    await assert.rejects(left, { name: 'AbortError' });
    assert.match(await waiting, /vpc-1/);
    await assert.rejects(async () => explainers.ask(ASK, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  });

  test('one that is asked about for too long is killed, and that is said', async (context) => {
    const explainers = createExplainers({ processes: 1, mostMillis: 0, graceMillis: 0 });
    context.after(() => explainers.close());
    await assert.rejects(explainers.ask(ASK, { signal }), { code: 'FG_EXPLAINER_ENDED', message: /SIGKILL/ });
  });

  test('too many that wait are refused; closing fails those that wait', async () => {
    const explainers = createExplainers({ processes: 1, waiting: 1 });
    const asked = [1, 2].map(() => assert.rejects(explainers.ask(ASK, { signal }), { code: 'FG_EXPLAINER_ENDED' }));
    await assert.rejects(explainers.ask(ASK, { signal }), { code: 'FG_EXPLAINERS_BUSY' });
    explainers.close();
    await Promise.all(asked);
    await assert.rejects(explainers.ask(ASK, { signal }), { code: 'FG_EXPLAINER_ENDED' });
  });

  test('a question that cannot be told fails alone, and takes no process away', async (context) => {
    const explainers = createExplainers({ processes: 1 });
    context.after(() => explainers.close());
    const depth = 20_000;
    const change: unknown = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    const deep: ExplainWork = {
      ...ASK,
      question: { kind: 'replay', range: { from: 0, to: 1 }, request: { change } },
    };
    const refused = { name: 'RangeError' };
    await assert.rejects(explainers.ask(deep, { signal }), refused);
    // One that waits is given when another answer comes: nobody but who asked is there to take what is thrown then.
    const first = explainers.ask(ASK, { signal });
    await assert.rejects(explainers.ask(deep, { signal }), refused);
    assert.match(await first, /vpc-1/);
    assert.match(await explainers.ask(ASK, { signal }), /vpc-1/);
  });

  test('a question that fails keeps its code, and the process goes on', async (context) => {
    const explainers = createExplainers({ processes: 1 });
    context.after(() => explainers.close());
    const bad: ExplainWork = { ...ASK, data: join(directory, 'nowhere') };
    await assert.rejects(explainers.ask(bad, { signal }), { code: 'FG_STATE_MISSING' });
    assert.match(await explainers.ask(ASK, { signal }), /vpc-1/);
  });
});
