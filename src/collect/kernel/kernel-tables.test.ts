import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSnapshot, readModel } from '../../network/vpc/model.ts';
import { network } from '../../network/verdict/told-network.ts';
import { createDecisionTable } from '../../network/verdict/decisions.ts';
import type { ListSets } from '../privileged/list-sets.ts';
import { RESET_COUNTERS } from '../privileged/nft-script.ts';
import type { Nft } from '../privileged/run-nft.ts';
import { DecisionBook } from './book.ts';
import { KernelTables } from './kernel-tables.ts';

const SET = 'udp4_a_0';

/** A kernel with one flow in a set, and its counter. */
function kernel() {
  const state = { packets: 0, counted: 0, isTorn: false, flushed: 0, scripts: [] as string[] };
  const nft: Nft = (script, hear) => {
    state.scripts.push(script);
    if (script.includes(`flush set inet flowgauge ${SET}\n`)) {
      state.flushed += state.packets;
      state.packets = 0;
    }
    if (script !== RESET_COUNTERS) return Promise.resolve();
    const told = state.counted;
    // They are 0 in the kernel, whatever becomes of the words.
    state.counted = 0;
    if (state.isTorn) return Promise.reject(new Error('nft was killed'));
    hear?.(`table inet flowgauge {\n\tcounter n_udp4_a {\n\t\tpackets ${told} bytes ${told * 60}\n\t}\n}\n`);
    return Promise.resolve();
  };
  const list: ListSets = (names, { text }) => {
    if (names.includes(SET) && state.packets > 0)
      text(
        `table inet flowgauge {\n\tset ${SET} {\n\t\telements = { 0x40 . 10.0.0.1 . 10.0.0.2 . 1 . 2 counter packets ${state.packets} bytes 60 expires 1h }\n\t}\n}\n`,
      );
    return Promise.resolve();
  };
  return { state, nft, list };
}

test('what a generation has counted is read also where the words of its counters were lost, and is said not to be sure', async () => {
  const { state, nft, list } = kernel();
  const snapshot = compileSnapshot(readModel([{ name: 'test', json: network([]) }]), { version: 1, atMicros: 0 });
  let now = 0;
  const tables = new KernelTables(nft, new DecisionBook(createDecisionTable()), 1, () => (now += 1000), { list });
  await tables.load(snapshot, new Map([[1, 'veth1']]));
  [state.packets, state.counted] = [5, 5];
  state.isTorn = true;
  await assert.rejects(tables.end(), /nft was killed/);
  state.isTorn = false;
  const ends = [await tables.end(), await tables.end(), await tables.end(), await tables.end()];
  assert.equal(
    ends.reduce((sum, { rows }) => sum + (rows.rows === 0 ? 0 : rows.packets[0]!), 0),
    5,
    `${state.flushed} were thrown away`,
  );
  // Both generations were counted by what was lost.
  assert.deepEqual(
    ends.map(({ isUnsure }) => isUnsure),
    [true, true, false, false],
  );
});

test('sets in which nothing was counted are left as they are, until their element of a known time is old', async () => {
  const { state, nft, list } = kernel();
  const snapshot = compileSnapshot(readModel([{ name: 'test', json: network([]) }]), { version: 1, atMicros: 0 });
  let now = 0;
  const tables = new KernelTables(nft, new DecisionBook(createDecisionTable()), 1, () => (now += 1000), { list });
  await tables.load(snapshot, new Map([[1, 'veth1']]));
  /** What an end changes in sets of flows, beside turning to the other generation. */
  const changedBy = async (): Promise<string[]> => {
    state.scripts = [];
    await tables.end();
    const lines = state.scripts.flatMap((script) => script.split('\n'));
    return [
      ...new Set(
        lines.flatMap(
          (line) => /^(flush set|add element) inet flowgauge (\w+4_[ab]_0\w*|over_[ab])/u.exec(line)?.[0] ?? [],
        ),
      ),
    ].map((line) => line.replace(' inet flowgauge', ''));
  };
  [state.packets, state.counted] = [5, 5];
  assert.deepEqual(await changedBy(), [
    'flush set udp4_a_0',
    'flush set udp4_a_0_last',
    'add element udp4_a_0',
    'add element udp4_a_0_last',
  ]);
  assert.deepEqual(await changedBy(), [], 'generation b had none');
  assert.deepEqual(await changedBy(), []);
  now += 1_900_000_000;
  const aged = await changedBy();
  assert.deepEqual(
    aged.filter((line) => line.startsWith('flush')),
    [],
    'what came late stays for the next end',
  );
  assert.ok(aged.includes('add element tcp4_b_0') && aged.includes('add element udp4_b_0_last'), aged.join(', '));
});
