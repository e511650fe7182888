import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesPackets, refusedLine } from '../privileged/nft-script.ts';
import { spareCounters, SpareRoom, spareScripts, wantedRoom } from './spare.ts';

/** Elements of scripts, and those of them that stay. */
function elementsOf(scripts: readonly string[]): { all: number[]; kept: number[] } {
  const all = scripts
    .filter((script) => script.startsWith('add element'))
    .flatMap((script) => /\{ (.*) \}/.exec(script)![1]!.split(', '));
  return {
    all: all.map((one) => Number.parseInt(one, 10)),
    kept: all.filter((one) => !one.endsWith(' timeout 1s')).map(Number),
  };
}

test('fills a set, in which two counters of each page stay', () => {
  const scripts = spareScripts(0, 20_000);
  assert.equal(scripts.length, 21);
  for (const script of scripts) assert.deepEqual([refusedLine(script), changesPackets(script)], [null, null]);
  const { all, kept } = elementsOf(scripts);
  assert.deepEqual(
    all,
    Array.from({ length: 20_000 }, (_, n) => n),
  );
  assert.deepEqual(
    kept,
    Array.from({ length: Math.ceil(20_000 / 128) }, (_, n) => n * 128),
  );
  assert.deepEqual(spareScripts(0, 0), []);
});

test('adds to the room that there is', () => {
  const scripts = spareScripts(4096, 8192);
  assert.ok(scripts.every((script) => script.startsWith('add element')));
  const { all } = elementsOf(scripts);
  assert.deepEqual([all.length, all[0], all.at(-1)], [4096, 4096, 8191]);
});

test('where flows are few none is wanted, where they are many that of three generations, to a bound', () => {
  assert.deepEqual(
    [0, 20_000, 32_767, 32_768, 40_000, 80_000, 400_000].map((counters) => wantedRoom(counters, 262_144)),
    [0, 0, 0, 98_304, 131_072, 262_144, 262_144],
  );
  assert.equal(wantedRoom(400_000, 0), 0);
});

test('takes no more memory on many processors', () => {
  for (const processors of [1, 2, 8, 64, 512]) assert.ok(spareCounters(processors) * 16 * processors <= 2 ** 25);
  assert.equal(spareCounters(2), 262_144);
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
  assert.equal(room.counters, 163_840);
  assert.deepEqual(
    elementsOf(turns.flat()).all,
    Array.from({ length: 163_840 }, (_, n) => n),
  );
  assert.ok(turns.every((scripts) => scripts.length <= 16));
  assert.equal(turns.flat().filter((script) => script.startsWith('add set')).length, 1);
  room.forget();
  room.follow(32_768);
  await room.made;
  assert.equal(turns.flat().filter((script) => script.startsWith('add set')).length, 2);
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
