import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { changesBetween, factsAt, learnedLate } from './facts-at.ts';
import { FOREVER } from './migrations.ts';
import type { Answer } from './record-answers.ts';
import { recordAnswers } from './record-answers.ts';
import { openState, statePath } from './state-file.ts';
import type { StateFile } from './state-file.ts';

function newState(): { readonly state: StateFile; readonly end: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'flowgauge-facts-'));
  const state = openState(statePath(path), true);
  return {
    state,
    end() {
      state.close();
      rmSync(path, { recursive: true });
    },
  };
}

function stateOf(t: { after(done: () => void): void }): StateFile {
  const { state, end } = newState();
  t.after(end);
  return state;
}

type Things = Readonly<Record<string, string>>;

/** An answer about VPCs, by id the text in them. */
function answer(atMicros: number, things: Things, whole = true, scope: Partial<Answer> = {}): Answer {
  return {
    kind: 'Vpcs',
    account: '1',
    region: 'r',
    atMicros,
    whole,
    items: Object.entries(things).map(([id, text]) => ({ id, content: { VpcId: id, text } })),
    ...scope,
  };
}

/** What is known of a time, by id the text. */
function thingsAt(state: StateFile, atMicros: number, knownAtMicros = FOREVER): Things {
  const vpcs = (factsAt(state, { atMicros, knownAtMicros }).model['Vpcs'] ?? []) as { VpcId: string; text: string }[];
  return Object.fromEntries(vpcs.map(({ VpcId, text }) => [VpcId, text]));
}

const count = (state: StateFile): unknown => state.database.prepare('SELECT count(*) AS n FROM facts').get()?.['n'];

test('a repeated import of equal answers adds no fact, in whatever order their members and lists come', (t) => {
  const state = stateOf(t);
  const item = (content: unknown): Answer => ({ ...answer(10, {}), items: [{ id: 'a', content }] });
  recordAnswers(state, [item({ VpcId: 'a', Tags: [{ Key: 'x', Value: '1' }, { Key: 'y' }] })], 'one', 1);
  const [counts] = recordAnswers(
    state,
    [{ ...item({ Tags: [{ Key: 'y' }, { Value: '1', Key: 'x' }], VpcId: 'a' }), atMicros: 20 }],
    'two',
    2,
  );
  assert.deepEqual([counts?.same, counts?.changed, counts?.added, count(state)], [1, 0, 0, 1]);
});

test('however a time is written, and whether what is empty is there, makes no difference; a value does', (t) => {
  const state = stateOf(t);
  const item = (atMicros: number, more: object): Answer => ({
    ...answer(atMicros, {}),
    items: [{ id: 'a', content: { VpcId: 'a', ...more } }],
  });
  const same = [
    { AttachTime: '2026-11-23T12:05:00.000Z', AvailableIpAddressCount: 5 },
    { AttachTime: '2026-11-23T12:05:00+00:00', Tags: [], Description: '', AvailableIpAddressCount: 4 },
    { AttachTime: '2026-11-23T13:05:00+01:00', Ipv6Address: null },
  ];
  for (const [i, more] of same.entries()) recordAnswers(state, [item(i * 10, more)], '', i);
  assert.equal(count(state), 1);
  const [counts] = recordAnswers(state, [item(90, { AttachTime: '2026-11-23T12:05:01Z' })], '', 9);
  assert.equal(counts?.changed, 1);
});

test('the order of an ECS task’s containers is content', (t) => {
  const state = stateOf(t);
  const task = (...names: string[]): Answer => ({
    ...answer(10, {}, true, { kind: 'EcsTasks' }),
    items: [{ id: 't', content: { taskArn: 't', containers: names.map((runtimeId) => ({ runtimeId })) } }],
  });
  recordAnswers(state, [task('a', 'b')], 'one', 1);
  const [counts] = recordAnswers(state, [{ ...task('b', 'a'), atMicros: 20 }], 'two', 2);
  assert.equal(counts?.changed, 1);
});

test('a changed item closes the old one; one missing from a whole answer ends, from another it does not', (t) => {
  const state = stateOf(t);
  recordAnswers(state, [answer(10, { a: 'one', b: 'one', c: 'one' })], '', 1);
  recordAnswers(state, [answer(20, { a: 'two' }, false)], '', 2);
  const [counts] = recordAnswers(state, [answer(30, { a: 'two', b: 'two' })], '', 3);
  assert.deepEqual({ ...counts }, { ...counts, added: 0, changed: 1, ended: 1, same: 1, late: false });
  assert.deepEqual(thingsAt(state, 19), { a: 'one', b: 'one', c: 'one' });
  assert.deepEqual(thingsAt(state, 20), { a: 'two', b: 'one', c: 'one' });
  assert.deepEqual(thingsAt(state, FOREVER), { a: 'two', b: 'two' });
  assert.deepEqual(changesBetween(state, 0, FOREVER, FOREVER), [10, 20, 30]);
  assert.deepEqual(changesBetween(state, 11, 30, FOREVER), [20]);
});

test('kinds, accounts and regions that an answer does not tell of stay as they were', (t) => {
  const state = stateOf(t);
  recordAnswers(state, [answer(10, { a: 'one' }), answer(10, { b: 'one' }, true, { region: 'other' })], '', 1);
  recordAnswers(state, [answer(20, {}), answer(20, {}, true, { account: '2' })], '', 2);
  assert.deepEqual(thingsAt(state, 20), { b: 'one' });
});

test('a fact learned late slots into the past, changes the answer about it, and says so', (t) => {
  const state = stateOf(t);
  recordAnswers(state, [answer(10, { a: 'one', b: 'same' })], '', 1000);
  recordAnswers(state, [answer(30, { a: 'one', b: 'same' })], '', 2000);
  const [counts] = recordAnswers(state, [answer(20, { a: 'two', b: 'same' })], '', 3000);
  assert.equal(counts?.late, true);
  assert.deepEqual(
    [15, 20, 29, 30].map((at) => thingsAt(state, at)['a']),
    ['one', 'two', 'two', 'one'],
  );
  assert.equal(thingsAt(state, 25, 2999)['a'], 'one');
  const told = { kind: 'Vpcs', account: '1', region: 'r', item: 'a', recordedAtMicros: 3000 };
  assert.deepEqual(learnedLate(state, { atMicros: 25, knownAtMicros: FOREVER }), [told]);
  assert.deepEqual(learnedLate(state, { atMicros: 30, knownAtMicros: FOREVER }), []);
  assert.deepEqual(learnedLate(state, { atMicros: 25, knownAtMicros: 2999 }), []);
});

test('before the first answer its facts are taken, and told; of nothing known nothing is made', (t) => {
  const state = stateOf(t);
  assert.deepEqual(factsAt(state, { atMicros: 5, knownAtMicros: FOREVER }), { model: {}, unknownBefore: [] });
  recordAnswers(state, [answer(10, { a: 'one' })], '', 1000);
  recordAnswers(state, [answer(20, { b: 'one' }, true, { account: '2' })], '', 2000);
  const { unknownBefore } = factsAt(state, { atMicros: 15, knownAtMicros: FOREVER });
  assert.deepEqual(unknownBefore, [{ account: '2', region: 'r', atMicros: 20 }]);
  assert.deepEqual(thingsAt(state, 5), { a: 'one', b: 'one' });
  assert.deepEqual(thingsAt(state, 5, 1999), { a: 'one' });
});

test('of a thing that two accounts describe its owner’s words count', (t) => {
  const state = stateOf(t);
  const shared = (account: string, name: string): Answer => ({
    ...answer(10, {}, true, { account }),
    items: [{ id: 'a', content: { VpcId: 'a', OwnerId: '2', text: name } }],
  });
  recordAnswers(state, [shared('1', 'seen'), shared('2', 'owned'), shared('3', 'seen')], '', 1);
  assert.deepEqual(thingsAt(state, 10), { a: 'owned' });
});

test('a clock that went back does not make an import older than the one before', (t) => {
  const state = stateOf(t);
  recordAnswers(state, [answer(10, { a: 'one' })], '', 1000);
  recordAnswers(state, [answer(20, { a: 'two' })], '', 500);
  assert.deepEqual(thingsAt(state, 20, 1000), { a: 'one' });
  assert.deepEqual(thingsAt(state, 20, 1001), { a: 'two' });
});

const texts = fc.constantFrom('one', 'two', 'three');
const imports = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 12 }),
    whole: fc.boolean(),
    things: fc.dictionary(fc.constantFrom('a', 'b', 'c'), texts, { maxKeys: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
);

/** The last answer up to the time that tells of a thing, of those recorded first; before all, the first. */
function naive(sequence: readonly { at: number; whole: boolean; things: Things }[], at: number): Things {
  const sorted = sequence.map((one, i) => ({ ...one, i })).sort((a, b) => a.at - b.at || a.i - b.i);
  const time = Math.max(at, sorted[0]?.at ?? at);
  let things: Record<string, string> = {};
  for (const one of sorted.filter((each) => each.at <= time))
    things = one.whole ? { ...one.things } : { ...things, ...one.things };
  return things;
}

test('a sequence of imports in any order gives what a naive model gives, at any time and as known at any time', () => {
  fc.assert(
    fc.property(imports, (sequence) => {
      const { state, end } = newState();
      try {
        for (const [i, { at, whole, things }] of sequence.entries())
          recordAnswers(state, [answer(at, things, whole)], '', (i + 1) * 100);
        for (let known = 1; known <= sequence.length; known++)
          for (let at = 0; at <= 13; at++)
            assert.deepEqual(thingsAt(state, at, known * 100 + 50), naive(sequence.slice(0, known), at));
        const changes = changesBetween(state, 0, FOREVER, FOREVER);
        for (let at = (sequence[0]?.at ?? 0) + 1; at <= 13; at++)
          if (!changes.includes(at)) assert.deepEqual(thingsAt(state, at), thingsAt(state, at - 1));
        const twins = state.database
          .prepare(
            `SELECT count(*) AS n FROM facts a JOIN facts b USING (item, content, known_to)
             WHERE known_to = ${FOREVER} AND a.held_to = b.held_from`,
          )
          .get();
        assert.equal(twins?.['n'], 0, 'equal facts that touch are one');
      } finally {
        end();
      }
    }),
    { numRuns: 60 },
  );
});
