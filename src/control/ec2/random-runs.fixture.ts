/**
 * For tests: runs sequences of random calls, and looks at what must hold.
 *
 * In:    calls; where they go. Out: how often each action was done.
 * Holds: no answer is a fault of ours; no call but its own deletion changes a flow log, its tags apart; afterwards nothing names what is
 *        gone, and a server that starts now knows what this one knows.
 */
import assert from 'node:assert/strict';
import { ACCOUNT } from './ec2.fixture.ts';
import type { Pretended } from './ec2.fixture.ts';
import { assertWhole, factsIn } from './facts.fixture.ts';
import { form } from './random-calls.fixture.ts';
import type { Call, Pool } from './random-calls.fixture.ts';

/** How often each action was done; those that were refused are in `refused`. */
export type Tally = { readonly done: Map<string, number>; refused: number };

export const newTally = (): Tally => ({ done: new Map(), refused: 0 });

/** A flow log without what may change. */
function fixed(log: object): string {
  return JSON.stringify({ ...log, Tags: null });
}

/** Calls one after the other; what an answer names can be used by the next. */
export async function runCalls(ec2: Pretended, pool: Pool, calls: Iterable<Call>, tally: Tally): Promise<void> {
  const logs = new Map<string, string>();
  for (const call of calls) {
    const { status, body } = await ec2.send(form(call));
    assert.ok(status < 500, `${form(call)}: ${body}`);
    if (status === 200) {
      tally.done.set(call.action, (tally.done.get(call.action) ?? 0) + 1);
      pool.learn(body);
    } else tally.refused++;
    for (const log of ec2.current(ACCOUNT)['FlowLogs'] ?? []) {
      const id = String(log['FlowLogId']);
      assert.equal(fixed(log), logs.get(id) ?? fixed(log), `changed by ${form(call)}`);
      logs.set(id, fixed(log));
    }
  }
}

/** What is known is whole, and what is on disk. */
export function assertKept(ec2: Pretended): void {
  const onDisk = factsIn(ec2.path);
  assertWhole(onDisk);
  assert.deepEqual(ec2.current(ACCOUNT), onDisk);
}
