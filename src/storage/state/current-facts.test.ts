import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import fc from 'fast-check';
import { openCurrentFacts } from './current-facts.ts';
import type { CurrentFacts, Item } from './current-facts.ts';
import { changesBetween, factsAt } from './facts-at.ts';
import { openKeys } from './keys.ts';
import { recordAnswers } from './record-answers.ts';
import { openState } from './state-file.ts';
import type { StateFile } from './state-file.ts';

const [ACCOUNT, OTHER, REGION] = ['111122223333', '444455556666', 'eu-west-1'];
let directory: string;
let state: StateFile;
let facts: CurrentFacts;

function addAccount(account: string): void {
  const key = {
    id: `AKIA${account}`,
    account,
    role: 'operate',
    host: null,
    secret: 's',
    token: null,
    createdMicros: 1,
  } as const;
  openKeys(state).add({ ...key, expiresMicros: null, usedMicros: null, revokedMicros: null });
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'flowgauge-facts-'));
  state = openState(join(directory, 'state.sqlite'), true);
  addAccount(ACCOUNT);
  facts = openCurrentFacts(state);
});
afterEach(() => {
  state.close();
  rmSync(directory, { recursive: true });
});

const put = (at: number, id: string, item: Item, account = ACCOUNT): number =>
  facts.change(
    at,
    () => facts.scope(account, REGION).put('Vpcs', id, item),
    () => {},
  ).atMicros;
const remove = (at: number, id: string): number =>
  facts.change(
    at,
    () => facts.scope(ACCOUNT, REGION).remove('Vpcs', id),
    () => {},
  ).atMicros;
const list = (from: CurrentFacts = facts): readonly Item[] => from.scope(ACCOUNT, REGION).list('Vpcs');
const known = (at: number, knownAt = Infinity): readonly unknown[] =>
  factsAt(state, { atMicros: at, knownAtMicros: knownAt }).model['Vpcs'] ?? [];

test('what was is still there to be asked for, and before the first change there was nothing', () => {
  put(1000, 'vpc-1', { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' });
  put(2000, 'vpc-1', { VpcId: 'vpc-1', CidrBlock: '10.1.0.0/16' });
  remove(3000, 'vpc-1');
  assert.deepEqual(known(999), []);
  assert.deepEqual(known(1000), [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }]);
  assert.deepEqual(known(1999), [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }]);
  assert.deepEqual(known(2000), [{ VpcId: 'vpc-1', CidrBlock: '10.1.0.0/16' }]);
  assert.deepEqual(known(3000), []);
  assert.deepEqual(known(9999, 1500), [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }], 'as it was believed then');
  assert.deepEqual(changesBetween(state, 0, 9999, Infinity), [1000, 2000, 3000]);
  assert.deepEqual(factsAt(state, { atMicros: 0, knownAtMicros: Infinity }).unknownBefore, []);
});

test('time does not stand still nor go back between two changes', () => {
  const first = put(5000, 'vpc-1', { VpcId: 'vpc-1' });
  const second = put(5000, 'vpc-2', { VpcId: 'vpc-2' });
  const third = remove(1, 'vpc-1');
  assert.deepEqual([first, second, third], [5000, 5001, 5002]);
});

test('a change that fails leaves nothing, neither in memory nor on disk', () => {
  put(1, 'vpc-1', { VpcId: 'vpc-1', OwnerId: 'a' });
  const before = list();
  assert.equal(facts.scope(ACCOUNT, REGION).where('Vpcs', 'OwnerId', 'a').length, 1);
  const scope = facts.scope(ACCOUNT, REGION);
  const broken = (where: 'work' | 'record') => () =>
    facts.change(
      2,
      () => {
        scope.put('Vpcs', 'vpc-1', { VpcId: 'vpc-1', OwnerId: 'b' });
        scope.put('Vpcs', 'vpc-2', { VpcId: 'vpc-2', OwnerId: 'a' });
        scope.remove('Vpcs', 'vpc-1');
        assert.deepEqual(scope.where('Vpcs', 'OwnerId', 'a'), [{ VpcId: 'vpc-2', OwnerId: 'a' }], 'seen within it');
        if (where === 'work') throw new Error('no');
      },
      () => {
        throw new Error('no');
      },
    );
  for (const where of ['work', 'record'] as const) {
    assert.throws(broken(where), { message: 'no' });
    assert.deepEqual(list(), before);
    assert.deepEqual(scope.where('Vpcs', 'OwnerId', 'a'), before);
    assert.deepEqual(list(openCurrentFacts(state)), before);
  }
});

test('an index of a member of a member follows each change', () => {
  const scope = facts.scope(ACCOUNT, REGION);
  const of = (vpc: string): unknown[] => scope.where('Vpcs', 'Peer.VpcId', vpc).map((item) => item['VpcId']);
  put(1, 'vpc-1', { VpcId: 'vpc-1', Peer: { VpcId: 'vpc-8' } });
  put(2, 'vpc-2', { VpcId: 'vpc-2' });
  assert.deepEqual([of('vpc-8'), of('vpc-9')], [['vpc-1'], []]);
  put(3, 'vpc-1', { VpcId: 'vpc-1', Peer: { VpcId: 'vpc-9' } });
  put(4, 'vpc-2', { VpcId: 'vpc-2', Peer: { VpcId: 'vpc-9' } });
  assert.deepEqual([of('vpc-8'), of('vpc-9')], [[], ['vpc-1', 'vpc-2']]);
  put(5, 'vpc-1', { VpcId: 'vpc-1', Peer: 'vpc-9' });
  remove(6, 'vpc-2');
  assert.deepEqual([of('vpc-8'), of('vpc-9')], [[], []]);
});

test('what another process has changed is seen', () => {
  const other = openState(state.path, false);
  const others = openCurrentFacts(other);
  others.change(
    7,
    () => others.scope(ACCOUNT, REGION).put('Vpcs', 'vpc-9', { VpcId: 'vpc-9' }),
    () => {},
  );
  other.close();
  assert.deepEqual(list(), []);
  facts.refresh();
  assert.deepEqual(list(), [{ VpcId: 'vpc-9' }]);
  const later = put(3, 'vpc-1', { VpcId: 'vpc-1' });
  assert.equal(later, 8, 'after the other one');
});

test('facts that were imported are read and never written', async () => {
  const vpc = { id: 'vpc-1', content: { VpcId: 'vpc-1', OwnerId: OTHER } };
  await recordAnswers(
    state,
    [{ kind: 'Vpcs', account: OTHER, region: REGION, atMicros: 1, whole: true, items: [vpc] }],
    'f',
    2,
  );
  facts = openCurrentFacts(state);
  assert.deepEqual(facts.find('Vpcs', 'vpc-1'), { account: OTHER, region: REGION, item: vpc.content });
  assert.throws(() => put(5, 'vpc-1', { VpcId: 'vpc-1' }, OTHER), { code: 'FG_ACCOUNT_IMPORTED' });
  assert.deepEqual(known(9), [vpc.content]);
});

test('an item is read back as it was put, beside an imported one that says the same', async () => {
  const vpc = { id: 'vpc-1', content: { VpcId: 'vpc-1', Tags: [] } };
  await recordAnswers(
    state,
    [{ kind: 'Vpcs', account: OTHER, region: REGION, atMicros: 1, whole: true, items: [vpc] }],
    'f',
    2,
  );
  facts = openCurrentFacts(state);
  put(5, 'vpc-1', { VpcId: 'vpc-1' });
  assert.deepEqual(list(openCurrentFacts(state)), [{ VpcId: 'vpc-1' }]);
});

const soon = (at: number, id: string, item: Item, record: () => void = () => {}): Promise<unknown> =>
  facts.changeSoon(at, () => facts.scope(ACCOUNT, REGION).put('Vpcs', id, item), record);
/** What another process sees. */
function elsewhere(): readonly Item[] {
  const other = openState(state.path, false);
  const seen = list(openCurrentFacts(other));
  other.close();
  return seen;
}

test('changes that come together are on disk together, and none is acknowledged before', async () => {
  const calls = [soon(1, 'vpc-1', { VpcId: 'vpc-1' }), soon(1, 'vpc-2', { VpcId: 'vpc-2' })];
  assert.equal(list().length, 2, 'in memory at once');
  assert.deepEqual(elsewhere(), [], 'and not on disk');
  await facts.settled();
  assert.equal(elsewhere().length, 2);
  await Promise.all(calls);
  await facts.settled();
});

test('a change that comes a turn later goes with those that came before', async () => {
  const first = soon(1, 'vpc-1', { VpcId: 'vpc-1' });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(elsewhere(), []);
  const second = soon(2, 'vpc-2', { VpcId: 'vpc-2' });
  await first;
  assert.equal(elsewhere().length, 2);
  await second;
});

test('where nothing was made nobody else waits for the file', async () => {
  const fails = soon(1, 'vpc-1', { VpcId: 'vpc-1' }, () => {
    throw new Error('no');
  });
  await assert.rejects(fails, { message: 'no' });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(state.database.isTransaction, false);
});

test('a change that fails leaves those that came with it', async () => {
  const first = soon(1, 'vpc-1', { VpcId: 'vpc-1' });
  const failing = soon(1, 'vpc-2', { VpcId: 'vpc-2' }, () => {
    throw new Error('no');
  });
  const last = soon(1, 'vpc-3', { VpcId: 'vpc-3' });
  await assert.rejects(failing, { message: 'no' });
  await Promise.all([first, last]);
  assert.deepEqual(elsewhere(), [{ VpcId: 'vpc-1' }, { VpcId: 'vpc-3' }]);
  assert.deepEqual(list(), elsewhere());
});

test('where the disk takes none of them each is told, and memory is as the disk is', async () => {
  put(1, 'vpc-0', { VpcId: 'vpc-0' });
  const first = soon(1, 'vpc-1', { VpcId: 'vpc-1' });
  const breaking = soon(1, 'vpc-2', { VpcId: 'vpc-2' }, () =>
    // What is only found out when the transaction ends.
    state.database.exec(`PRAGMA defer_foreign_keys = ON;
      INSERT INTO mentions (answer, item) VALUES (999999, 'nothing')`),
  );
  for (const one of [first, breaking, facts.settled()]) await assert.rejects(one, { code: 'FG_STATE_UNREADABLE' });
  facts.refresh();
  assert.deepEqual(list(), [{ VpcId: 'vpc-0' }]);
  assert.deepEqual(elsewhere(), list());
  await soon(2, 'vpc-1', { VpcId: 'vpc-1' });
  assert.equal(elsewhere().length, 2, 'and it goes on');
});

test('a change that may not wait takes those that came before it along', async () => {
  const first = soon(1, 'vpc-1', { VpcId: 'vpc-1' });
  put(1, 'vpc-2', { VpcId: 'vpc-2' });
  assert.equal(elsewhere().length, 2);
  await first;
});

test('one change may be the first of two accounts', () => {
  addAccount(OTHER);
  facts = openCurrentFacts(state);
  facts.change(
    5,
    () => {
      for (const account of [ACCOUNT, OTHER]) facts.scope(account, REGION).put('Vpcs', 'vpc-1', { OwnerId: account });
    },
    () => {},
  );
  assert.equal(known(5).length, 1, 'one thing that both describe');
  assert.deepEqual(known(4), []);
});

test('after any changes memory, a new reading and the history agree', () => {
  const ids = ['vpc-1', 'vpc-2', 'vpc-3'];
  const step = fc.record({
    id: fc.constantFrom(...ids),
    content: fc.option(fc.record({ A: fc.array(fc.nat(2), { maxLength: 3 }), B: fc.constantFrom('', 'x', 'y') })),
    fails: fc.boolean(),
  });
  let at = 10;
  fc.assert(
    fc.property(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 6 }), (changes) => {
      const scope = facts.scope(ACCOUNT, REGION);
      for (const steps of changes) {
        at += 10;
        try {
          facts.change(
            at,
            () => {
              for (const { id, content, fails } of steps) {
                if (content === null) scope.remove('Vpcs', id);
                else scope.put('Vpcs', id, { VpcId: id, ...content });
                if (fails) throw new Error('undone');
              }
            },
            () => {},
          );
        } catch (error) {
          assert.equal((error as Error).message, 'undone');
        }
        const byId = (items: readonly unknown[]): unknown[] =>
          (items as readonly Item[]).toSorted((a, b) => (String(a['VpcId']) < String(b['VpcId']) ? -1 : 1));
        assert.deepEqual(list(), byId(list()), 'ascending');
        assert.deepEqual(list(openCurrentFacts(state)), list());
        assert.deepEqual(byId(known(at + 5)), list());
        for (const value of ['', 'x', 'y'])
          assert.deepEqual(byId(scope.where('Vpcs', 'B', value)), byId(list().filter((item) => item['B'] === value)));
      }
    }),
    { numRuns: 30 },
  );
});
