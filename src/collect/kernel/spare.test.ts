import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesPackets, refusedLine } from '../privileged/nft-script.ts';
import { SPARE_BEGIN, SPARE_END, spareCounters, SpareRoom, spareScripts, wantedRoom } from './spare.ts';

/** Elements of scripts, in the order in which they are made, and those of them that stay. */
function elementsOf(scripts: readonly string[]): { all: number[]; kept: number[] } {
  const numbers = (text: string): number[] => text.split(', ').map(Number);
  const lines = [...scripts.join('').matchAll(/^add element inet flowgauge (\w+) \{ (.*) \}$/gm)];
  return {
    all: lines.flatMap(([, , text]) => numbers(text!)),
    kept: lines.flatMap(([, set, text]) => (set === 'n_spare_kept' ? numbers(text!) : [])),
  };
}

test('fills pages, in each of which two counters stay', () => {
  const scripts = spareScripts(0, 20_000);
  assert.equal(scripts.length, 5);
  for (const script of [SPARE_BEGIN, ...scripts, SPARE_END])
    assert.deepEqual([refusedLine(script), changesPackets(script)], [null, null]);
  const { all, kept } = elementsOf(scripts);
  assert.deepEqual(
    all,
    Array.from({ length: 20_000 }, (_, n) => n),
  );
  assert.deepEqual(
    kept,
    Array.from({ length: Math.ceil(20_000 / 128) }, (_, n) => n * 128),
  );
  assert.deepEqual(elementsOf(spareScripts(128, 257)), {
    all: Array.from({ length: 129 }, (_, n) => 128 + n),
    kept: [128, 256],
  });
  assert.deepEqual(spareScripts(0, 0), []);
});

test('where flows are few none is wanted, where they are many that of four generations, to a bound', () => {
  assert.deepEqual(
    [0, 20_000, 32_767, 32_768, 40_000, 80_000, 400_000].map((counters) => wantedRoom(counters, 393_216)),
    [0, 0, 0, 131_072, 163_840, 327_680, 393_216],
  );
  assert.equal(wantedRoom(400_000, 0), 0);
});

test('takes no more memory on many processors', () => {
  for (const processors of [1, 2, 8, 64, 512]) assert.ok(spareCounters(processors) * 16 * processors <= 2 ** 25);
  assert.equal(spareCounters(2), 393_216);
});

/** Room that is made by nobody; what would have run, turn by turn. */
function counted(run: (script: string) => Promise<void> = () => Promise.resolve()): {
  room: SpareRoom;
  turns: string[][];
} {
  const turns: string[][] = [];
  const nft = (script: string): Promise<void> => {
    turns.at(-1)!.push(script);
    return run(script);
  };
  const next = (turn: () => Promise<void>): Promise<void> => {
    turns.push([]);
    return turn();
  };
  return { room: new SpareRoom(262_144, nft, next, () => Promise.resolve()), turns };
}

test('room is made once, grows with what is wanted, and is made anew in another table', async () => {
  const { room, turns } = counted();
  room.follow(30_000);
  await room.made;
  assert.deepEqual([turns.length, room.counters], [0, 0]);
  room.follow(33_000);
  room.follow(32_800);
  room.follow(44_000);
  await room.made;
  assert.equal(room.counters, 196_608);
  assert.deepEqual(
    elementsOf(turns.flat()).all,
    Array.from({ length: 196_608 }, (_, n) => n),
  );
  assert.ok(turns.every((scripts) => scripts.length <= 8));
  assert.deepEqual([turns[0], turns.at(-1)], [[SPARE_BEGIN], [SPARE_END]]);
  room.forget();
  turns.length = 0;
  room.follow(32_768);
  await room.made;
  assert.deepEqual(
    [turns[0], turns.at(-1), elementsOf(turns.flat()).all.length],
    [[SPARE_BEGIN], [SPARE_END], 131_072],
  );
});

test('what is being made for a table that has gone is given up, and so is what fails', async () => {
  let scripts = 0;
  const { room } = counted(() => {
    if (++scripts === 3) room.forget();
    return scripts === 20 ? Promise.reject(new Error('no such table')) : Promise.resolve();
  });
  room.follow(40_000);
  await room.made;
  assert.equal(scripts, 3);
  room.follow(40_000);
  await room.made;
  assert.equal(scripts, 20);
});
