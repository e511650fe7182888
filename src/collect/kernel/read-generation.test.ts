import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowTables } from './flow-sets.ts';
import type { GenerationSets } from './read-generation.ts';
import { Counters, readGenerations } from './read-generation.ts';

const [tcp, , udp] = flowTables(1).kinds;
const SETS: GenerationSets = {
  kinds: [
    { kind: tcp!, counter: 'n_tcp', sets: [{ name: 'tcp_a', last: 'tcp_a_last' }] },
    { kind: udp!, counter: 'n_udp', sets: [{ name: 'udp_a', last: null }] },
  ],
  over: 'over_a',
};

/** Counters as nft prints them. */
async function countersWith(...packets: readonly [tcp: number, udp: number][]): Promise<Counters> {
  const counters = new Counters();
  for (const [of, other] of packets)
    await counters.read((script, hear) => {
      assert.equal(script, 'reset counters table inet flowgauge\n');
      const text = (name: string, count: number): string =>
        `\tcounter ${name} {\n\t\tpackets ${count} bytes ${count * 60}\n\t}\n`;
      hear?.(`table inet flowgauge {\n${text('n_tcp', of)}${text('n_udp', other)}}\n`);
      return Promise.resolve();
    });
  return counters;
}

/** A reader that finds so many packets with each reading. */
function listing(found: readonly number[]): { asked: string[][]; list: Parameters<typeof readGenerations>[1]['list'] } {
  const asked: string[][] = [];
  return {
    asked,
    list: (names, { text }) => {
      const packets = found[asked.length]!;
      asked.push([...names]);
      text(`table inet flowgauge {\n\tset tcp_a {\n\t\telements = { `);
      text(`0x40 . 10.0.0.1 . 10.0.0.2 . 1 . 2 counter packets ${packets} bytes 60 expires 1h }\n\t}\n}\n`);
      return Promise.resolve();
    },
  };
}

test('sets whose counter did not grow are not read, and none where none grew', async () => {
  const { asked, list } = listing([3]);
  const [read] = await readGenerations([SETS], { list, counters: await countersWith([3, 0]), endMicros: 0 });
  assert.deepEqual([read!.unread, read!.elements.rows.rows], [0, 1]);
  assert.deepEqual(asked, [['tcp_a', 'tcp_a_last', 'over_a']]);
  const quiet = listing([]);
  const nothing = await readGenerations([SETS], { ...quiet, counters: await countersWith([0, 0]), endMicros: 0 });
  assert.deepEqual([nothing[0]!.unread, quiet.asked.length], [0, 0]);
});

test('what differs from its counter is read again, until it is all there', async () => {
  const { asked, list } = listing([3, 4, 7]);
  const [read] = await readGenerations([SETS], { list, counters: await countersWith([7, 0]), endMicros: 0 });
  assert.deepEqual([read!.unread, read!.elements.packets, asked.length], [0, 7, 3]);
});

test('what two readings do not find is unread', async () => {
  const { asked, list } = listing([5, 5, 7]);
  const [read] = await readGenerations([SETS], { list, counters: await countersWith([7, 0]), endMicros: 0 });
  assert.deepEqual([read!.unread, read!.elements.packets, asked.length], [2, 5, 2]);
});

test('counters that begin at 0 with each reading are summed up', async () => {
  const counters = await countersWith([3, 1], [4, 0]);
  assert.deepEqual([counters.grown('n_tcp'), counters.grown('n_udp')], [7, 1]);
  counters.settle(['n_tcp']);
  assert.deepEqual([counters.grown('n_tcp'), counters.grown('n_udp')], [0, 1]);
});

test('of what another process has left all is read, whatever it has done with the counters', async () => {
  const { asked, list } = listing([3]);
  const counters = await countersWith([0, 0]);
  const [read] = await readGenerations([SETS], { list, counters, endMicros: 0, everything: true });
  assert.deepEqual([read!.elements.packets, asked], [3, [['tcp_a', 'tcp_a_last', 'udp_a', 'over_a']]]);
});
