import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { contains, hostCidr, parseCidr } from '../vpc/addresses.ts';
import type { Address, Cidr } from '../vpc/snapshot.ts';
import { Memberships } from './memberships.ts';
import type { Candidate } from './rule-index.ts';
import { NOT_KNOWN, RuleTables } from './rule-index.ts';

function block(family: 4 | 6, bits: number, at: number): Cidr {
  const address = family === 4 ? `10.0.${at >> 8}.${at & 255}` : `2001:db8::${(at >> 8).toString(16)}:${at & 255}`;
  const found = parseCidr(`${address}/${bits}`);
  assert.ok(found);
  return found;
}

const BITS = { 4: [0, 8, 22, 24, 27, 30, 32], 6: [0, 32, 96, 112, 120, 127, 128] };
const family = fc.constantFrom(4 as const, 6 as const);
const place = fc.nat(1023);
const peer = fc.oneof({ weight: 5, arbitrary: fc.tuple(fc.nat(6), place) }, fc.integer({ min: 1, max: 6 }));
const candidate = (reach: number) =>
  fc.record({
    low: fc.nat(300),
    reach: fc.nat(reach),
    isFirm: fc.boolean(),
    peer,
    answer: fc.integer({ min: 1, max: 9 }),
  });
const members = fc.array(fc.array(fc.tuple(fc.constantFrom(1, 3, 5, 6, 6, 6), place), { maxLength: 5 }), {
  minLength: 6,
  maxLength: 6,
});

/** The first that fits, by asking all. */
function byScan(
  list: readonly Candidate[],
  groups: readonly (readonly Cidr[])[],
  remote: Address,
  axis: number,
): number {
  const fits = (one: Candidate): boolean => {
    if (axis === NOT_KNOWN ? !one.fitsUnknown : axis < one.low || axis > one.high) return false;
    const blocks = typeof one.peer === 'number' ? (groups[one.peer - 1] ?? []) : [one.peer];
    return blocks.some((cidr) => contains(cidr, remote));
  };
  return list.find(fits)?.answer ?? 0;
}

function bitsOf({ peer }: Candidate): number {
  return typeof peer === 'number' ? 128 : peer.bits === 32 && peer.family === 4 ? 128 : peer.bits;
}

function check(most: number, reach: number, numRuns: number, isByLength = false): void {
  const questions = fc.array(fc.tuple(place, fc.integer({ min: NOT_KNOWN, max: 700 })), {
    minLength: 60,
    maxLength: 60,
  });
  fc.assert(
    fc.property(
      family,
      fc.array(candidate(reach), { minLength: most >>> 1, maxLength: most }),
      members,
      questions,
      (of, told, held, asked) => {
        const made = (bits: number, at: number): Cidr => block(of, BITS[of][bits] ?? 0, at);
        const groups = held.map((list) => list.map(([bits, at]) => made(bits, at)));
        const list = told.map((one): Candidate => ({
          answer: one.answer,
          low: one.low,
          high: one.low + one.reach,
          fitsUnknown: one.isFirm,
          peer: typeof one.peer === 'number' ? one.peer : made(...one.peer),
        }));
        if (isByLength) list.sort((a, b) => bitsOf(b) - bitsOf(a));
        const memberships = new Memberships(of, groups);
        const tables = new RuleTables();
        const table = tables.add(of, list);
        for (const [at, axis] of asked) {
          const remote = made(6, at);
          const words = Uint32Array.from([0, 1, 2, 3], (i) => remote.words[i] ?? 0);
          memberships.look(words, 0);
          const members = memberships.entry === 0 ? null : memberships;
          const found = table === 0 ? 0 : tables.find(table, members, words, 0, axis);
          assert.equal(found, byScan(list, groups, remote, axis));
        }
      },
    ),
    { numRuns },
  );
}

describe('a table of rules', () => {
  it('finds the first candidate that fits, as asking all of them does', () => {
    check(12, 20, 200);
  });

  it('does so where the longest prefix decides and a group counts as a host, as in groups', () => {
    check(12, 20, 200, true);
    check(60, 20, 40, true);
  });

  it('does so where lists are long enough to be searched by prefix', () => {
    check(300, 300, 20);
  });

  it('does so where many candidates reach far and are put into tables of their own', () => {
    check(420, 300, 8);
  });

  it('needs no more room for ranges that all overlap than in proportion to them', () => {
    const peers = Array.from({ length: 2000 }, (_, i) => block(4, 32, i % 1024));
    const list = peers.map((one, i): Candidate => ({
      answer: i + 1,
      low: i,
      high: 40_000 + i,
      fitsUnknown: true,
      peer: one,
    }));
    const before = process.memoryUsage().arrayBuffers;
    const tables = new RuleTables();
    const table = tables.add(4, list);
    const words = Uint32Array.of(hostCidr(block(4, 32, 5)).words[0] ?? 0, 0, 0, 0);
    const found = [4, 5, 1029, 40_005, 40_006, 41_029, 41_030].map((axis) => tables.find(table, null, words, 0, axis));
    assert.ok(process.memoryUsage().arrayBuffers - before < 8_000_000);
    assert.deepEqual(found, [0, 6, 6, 6, 1030, 1030, 0]);
  });
});
