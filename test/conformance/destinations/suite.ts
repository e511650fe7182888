/**
 * What every destination does, whatever happens to it: one suite for all of them, on servers of our own and of others.
 *
 * In:    a destination, what is in it, and how to trouble it. Out: tests.
 * Holds: whatever happened, the same segment delivered again leaves each record there once (rule D4). A destination that
 *        takes records may have some twice, no more than it says.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowgaugeError } from '../../../src/model/errors.ts';
import type { ErrorCode } from '../../../src/model/errors.ts';
import type { FlowLog } from '../../../src/network/vpc/snapshot.ts';
import type { Delivery, Destination, SealedSegment } from '../../../src/publish/destination.ts';
import type { Sealed } from './segments.ts';
import { sealed } from './segments.ts';

/** A trouble that is made; the answer ends it. */
type Trouble = () => Promise<() => void | Promise<void>>;

/** A destination with what is needed to test it. */
export type Subject = {
  readonly name: string;
  readonly exactlyOnce: boolean;
  readonly flowLog: FlowLog;
  readonly slotSeconds: number;
  /** As a new process would make it. */
  destination(): Destination;
  /** Every record that is there. */
  records(): Promise<readonly string[]>;
  /** By what happens: the trouble, and the codes that it may be told with. */
  readonly troubles: Readonly<Record<string, { readonly make: Trouble; readonly codes: readonly ErrorCode[] }>>;
};

const never = new AbortController().signal;
/** Enough for several batches of every kind. */
const RECORDS = 1700;
let from = 0;

/**
 * Adds the tests of a destination.
 *
 * @param open  the subject; null where its server is not to be had, which `t.skip` was told
 */
export function conformance(open: (t: { skip(why: string): void }) => Promise<Subject | null>): void {
  const about = (words: string, work: (subject: Subject, made: Sealed) => Promise<void>): void => {
    test(words, async (t) => {
      const subject = await open(t);
      if (subject === null) return;
      // Records that no other test of this place has.
      from += RECORDS;
      const made = await sealed(subject.flowLog, subject.slotSeconds, RECORDS, from);
      try {
        await work(subject, made);
      } finally {
        made.remove();
      }
    });
  };

  about('takes every record of a segment, and says how many', async (subject, { segments, lines }) => {
    const deliveries = await all(segments, subject.destination());
    assert.deepEqual(await ownOf(subject, lines), [...lines].sort());
    const said = deliveries.flatMap(({ objects }) => objects).reduce((sum, { records }) => sum + records, 0);
    assert.equal(said, lines.length);
    assert.ok(deliveries.every(({ possibleDuplicates }) => possibleDuplicates === 0));
  });

  about('delivered twice leaves the same result, also by another process', async (subject, { segments, lines }) => {
    const one = subject.destination();
    const first = await all(segments, one);
    assert.deepEqual(await all(segments, one), first);
    assert.deepEqual(await all(segments, subject.destination()), first);
    assert.deepEqual(await ownOf(subject, lines), [...lines].sort());
  });

  about('says that all is well, and what is not', async (subject) => {
    assert.equal(await subject.destination().check(never), null);
    const gone = subject.troubles['it is gone'];
    if (gone === undefined) return;
    const end = await gone.make();
    const problem = await subject.destination().check(never);
    await end();
    assert.ok(problem === null || gone.codes.some((code) => code === problem.code), problem?.code);
  });

  for (const trouble of TROUBLES)
    about(`${trouble}: the same segment goes afterwards`, async (subject, { segments, lines }) => {
      const known = subject.troubles[trouble];
      if (known === undefined) return;
      const destination = subject.destination();
      const end = await known.make();
      let told: unknown = null;
      for (const segment of segments) {
        told ??= await destination.deliver(segment, never).then(
          () => null,
          (error: unknown) => error,
        );
      }
      assert.ok(told instanceof FlowgaugeError, `told: ${String(told)}`);
      assert.ok(known.codes.includes(told.code), `${told.code}: ${told.message}`);
      await end();
      const deliveries = await patiently(segments, destination);
      const there = await ownOf(subject, lines);
      const twice = there.length - lines.length;
      const maybe = deliveries.reduce((sum, { possibleDuplicates }) => sum + possibleDuplicates, 0);
      assert.deepEqual([...new Set(there)], [...lines].sort());
      assert.ok(twice <= maybe, `${twice} records are there twice, ${maybe} are told`);
      if (subject.exactlyOnce) assert.deepEqual([twice, maybe], [0, 0]);
    });
}

/** What happens, in words. */
export const TROUBLES = [
  'a write is refused',
  'a write is slow',
  'a write breaks off half-way',
  'its answer is lost',
  'it is throttled',
  'the credentials expire',
  'its disk is full',
  'it is gone',
] as const;

async function all(segments: readonly SealedSegment[], destination: Destination): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const segment of segments) deliveries.push(await destination.deliver(segment, never));
  return deliveries;
}

/** As a lane does, without its pauses: what the surroundings refuse is tried again. */
async function patiently(segments: readonly SealedSegment[], destination: Destination): Promise<Delivery[]> {
  for (let times = 0; ; times++) {
    try {
      return await all(segments, destination);
    } catch (error) {
      if (!(error instanceof FlowgaugeError) || error.owner !== 'surroundings' || times === 5) throw error;
    }
  }
}

async function ownOf(subject: Subject, lines: readonly string[]): Promise<string[]> {
  const own = new Set(lines);
  return (await subject.records()).filter((line) => own.has(line)).sort();
}
