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

test('room is made once, grows with what is wanted, and is made anew in another table', async () => {
  const ran: string[] = [];
  const room = new SpareRoom(262_144, (script) => Promise.resolve(ran.push(script)));
  room.follow(30_000);
  await room.made;
  assert.deepEqual([ran.length, room.counters], [0, 0]);
  room.follow(33_000);
  room.follow(32_800);
  room.follow(44_000);
  await room.made;
  assert.equal(room.counters, 163_840);
  assert.deepEqual(
    elementsOf(ran).all,
    Array.from({ length: 163_840 }, (_, n) => n),
  );
  assert.equal(ran.filter((script) => script.startsWith('add set')).length, 1);
  room.forget();
  room.follow(32_768);
  await room.made;
  assert.equal(ran.filter((script) => script.startsWith('add set')).length, 2);
});

test('what is being made for a table that has gone is given up, and so is what fails', async () => {
  const ran: string[] = [];
  const room = new SpareRoom(262_144, (script) => {
    if (ran.push(script) === 3) room.forget();
    return ran.length === 5 ? Promise.reject(new Error('no such table')) : Promise.resolve();
  });
  room.follow(40_000);
  await room.made;
  assert.equal(ran.length, 3);
  room.follow(40_000);
  await room.made;
  assert.equal(ran.length, 5);
});
