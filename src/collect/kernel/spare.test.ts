import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesPackets, refusedLine } from '../privileged/nft-script.ts';
import { spareCounters, spareScripts } from './spare.ts';

test('fills a set and leaves two of its counters in each page', () => {
  const scripts = spareScripts(20_000);
  const ofKind = (word: string): string => scripts.filter((script) => script.startsWith(`${word} element`)).join('');
  const [fill, thin] = [ofKind('add'), ofKind('delete')];
  assert.equal(scripts.length, 11);
  for (const script of scripts) assert.deepEqual([refusedLine(script), changesPackets(script)], [null, null]);
  const numbers = (script: string): number[] =>
    [...script.matchAll(/\{ ([\d, ]+) \}/g)].flatMap(([, list]) => list!.split(', ').map(Number));
  assert.deepEqual(numbers(fill).length, 20_000);
  const left = new Set(numbers(fill));
  for (const one of numbers(thin)) assert.ok(left.delete(one));
  assert.equal(left.size, Math.ceil(20_000 / 128));
  assert.deepEqual(spareScripts(0), []);
});

test('takes no more memory on many processors', () => {
  for (const processors of [1, 2, 8, 64, 512]) assert.ok(spareCounters(processors) * 16 * processors <= 2 ** 25);
  assert.equal(spareCounters(2), 262_144);
});
