/**
 * Fuzzes the control API: `bin/node test/fuzz/calls.ts --seconds 60 --seed N`. Sequences of calls that make and unmake networks, each over
 * a state of its own.
 *
 * In:    how long, and a seed (printed; default: the clock). Out: a line every ten seconds, then how often each action was done; exit 1 when a promise is broken.
 * Holds: what `random-runs.fixture.ts` looks at holds after each sequence. The same seed gives the same sequences but for the ids.
 * Fails: with exit 1, naming the seed and the sequence.
 */
import { parseArgs } from 'node:util';
import { ACTIONS } from '../../src/control/ec2/actions/list.ts';
import { pretendEc2 } from '../../src/control/ec2/ec2.fixture.ts';
import { callsOf, Pool } from '../../src/control/ec2/random-calls.fixture.ts';
import { assertKept, newTally, runCalls } from '../../src/control/ec2/random-runs.fixture.ts';
import { Random } from '../record/fuzz-lines.ts';

const TELL_MILLIS = 10_000;
const LONGEST = 1000;
const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const millis = Number(values.seconds ?? 60) * 1000;

const random = new Random(seed);
const tally = newTally();
const done = (): number => [...tally.done.values()].reduce((sum, count) => sum + count, 0);
const started = performance.now();
let told = started;
let sequences = 0;
console.log(`calls: seed ${seed}`);

function* steps(count: number): Generator<{ op: number; numbers: number[] }> {
  for (let i = 0; i < count; i++)
    yield { op: random.next(10_000), numbers: Array.from({ length: 8 }, () => random.next(10_000)) };
}

while (process.exitCode === undefined && performance.now() - started < millis) {
  const ec2 = await pretendEc2();
  sequences++;
  try {
    const pool = new Pool();
    await runCalls(ec2, pool, callsOf(pool, steps(20 + random.next(LONGEST))), tally);
    assertKept(ec2);
  } catch (error) {
    console.error(`calls: sequence ${sequences} of seed ${seed}:`, error);
    process.exitCode = 1;
  } finally {
    await ec2.close();
  }
  if (performance.now() - told > TELL_MILLIS) {
    told = performance.now();
    console.log(`calls: ${sequences} sequences, ${done()} calls done, ${tally.refused} refused`);
  }
}
console.log([...tally.done].map(([name, count]) => `${name} ${count}`).join(', '));
const never = ACTIONS.filter(({ name, access }) => access === 'write' && !tally.done.has(name)).map(({ name }) => name);
console.log(`never done: ${never.length === 0 ? 'none' : never.join(', ')}`);
console.log(`calls: ${sequences} sequences, ${done()} calls done, ${tally.refused} refused`);
