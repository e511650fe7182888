import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Connections } from './connections.ts';
import { BOUND, DOUBLES, FLAGS, JUDGED, LAST, STRIDE } from './entry-words.ts';
import { hash4 } from './conversation-hash.ts';
import { Room } from './room.ts';
import { deadline, LIVE, passed, RST, STATE } from './states.ts';
import { HOST, network, seen } from './told-network.ts';
import { createScene } from './told-packets.ts';
import type { Told } from './told-packets.ts';

const UDP_KEY = 256 + 17;

/** A table with a room that remembers for ever what was judged. */
function createTable(most: number): { table: Connections; room: Room; add: (at: number, isLive: boolean) => void } {
  const table = new Connections();
  const room = new Room(table, most, () => Infinity);
  let next = 1;
  return {
    table,
    room,
    add(at, isLive) {
      room.prepare(at);
      const entry = table.add4(0, hash4(UDP_KEY & 255, next, next + 1, 0), UDP_KEY, next, next + 1, 0);
      next++;
      table.words[entry * STRIDE + FLAGS] = isLive ? LIVE : 0;
      table.doubles[entry * DOUBLES + (isLive ? LAST : JUDGED)] = at;
      if (isLive) room.opened(entry, at, true);
    },
  };
}

describe('room', () => {
  it('bounds what is only remembered to as many places as connections have', () => {
    const { table, room, add } = createTable(1000);
    for (let i = 0; i < 20_000; i++) add(1e9 + i, false);
    assert.ok(table.size <= 2000, String(table.size));
    assert.equal(room.evicted, 0);
  });

  it('takes no connection for what is remembered', () => {
    const { table, room, add } = createTable(1000);
    for (let i = 0; i < 900; i++) add(1e9, true);
    for (let i = 0; i < 20_000; i++) add(1e9 + i, false);
    let live = 0;
    for (let entry = 1; entry < table.end; entry++)
      if (((table.words[entry * STRIDE + FLAGS] ?? 0) & LIVE) !== 0) live++;
    assert.equal(live, 900);
    assert.equal(room.evicted, 0);
  });

  it('sweeps out what is over instead of growing', () => {
    const { table, add } = createTable(1_000_000);
    const before = table.capacity;
    for (let i = 0; i < 50_000; i++) add(1e9 + i * 2e6, true);
    assert.equal(table.capacity, before);
  });

  it('grows when a sweep would give little', () => {
    const { table, room, add } = createTable(1_000_000);
    for (let i = 0; i < 50_000; i++) add(1e9 + i, true);
    assert.equal(table.size, 50_000);
    assert.equal(room.evicted, 0);
  });
});

describe('at the bound', () => {
  /** By entry: what is a connection at a time, but for one entry. */
  function living(table: Connections, clock: number, but: number): number[] {
    const found: number[] = [];
    for (let entry = 1; entry < table.end; entry++)
      if (entry !== but && deadline(table, entry) >= clock) found.push(entry);
    return found;
  }

  it('the one idle longest leaves, of several the one opened first, and nobody before the bound', () => {
    const step = fc.record({
      what: fc.constantFrom('open', 'open', 'open', 'pass', 'reset', 'again'),
      which: fc.nat(1000),
      protocol: fc.constantFrom(6, 17, 17, 1),
      micros: fc.constantFrom(0, 0, 1, 1e6, 7e6, 40e6),
      late: fc.constantFrom(0, 0, 3e6, 200e6),
      byLoops: fc.boolean(),
    });
    let evicted = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 600 }), fc.constantFrom(1, 20, 60), (steps, most) => {
        const table = new Connections();
        const room = new Room(table, most, () => -Infinity, 4);
        let clock = 1e9;
        let next = 1;
        for (const { what, which, protocol, micros, late, byLoops } of steps) {
          clock += micros;
          const now = clock - late;
          const there = living(table, clock, 0);
          const entry = there[which % Math.max(1, there.length)] ?? 0;
          if (what === 'pass' || what === 'reset') {
            if (entry !== 0 && passed(table, entry, which & 1, now, what === 'pass' ? 0 : RST)) room.closing(entry);
            continue;
          }
          const ended: number[] = [];
          for (let one = 1; one < table.end; one++)
            if (table.words[one * STRIDE] !== 0 && deadline(table, one) < clock) ended.push(one);
          const found = what === 'again' ? (ended[which % Math.max(1, ended.length)] ?? 0) : 0;
          const mayLoops = found === 0 && table.hasRoom && table.size + 1 <= (table.words[BOUND]! | 0);
          if (found === 0) room.prepare(clock);
          next++;
          const opened = found || table.add4(0, hash4(protocol, next, next + 1, 0), 256 + protocol, next, next + 1, 0);
          table.words[opened * STRIDE + FLAGS] = (table.words[opened * STRIDE + FLAGS]! & ~STATE) | LIVE;
          for (let i = LAST; i < DOUBLES; i++) table.doubles[opened * DOUBLES + i] = 0;
          table.serials[opened] = table.nextOpening();
          passed(table, opened, 0, now, 0);
          const before = living(table, clock, opened);
          const lastOf = (one: number): number => table.doubles[one * DOUBLES + LAST]!;
          const leaves = before.toSorted((a, b) => lastOf(a) - lastOf(b) || table.serials[a]! - table.serials[b]!)[0];
          if (byLoops && mayLoops) assert.ok(before.length < most);
          else room.opened(opened, clock, found === 0);
          const wanted =
            before.length < most || (byLoops && mayLoops) ? before : before.filter((one) => one !== leaves);
          if (wanted.length < before.length) evicted++;
          assert.deepEqual(living(table, clock, opened), wanted);
        }
      }),
      { numRuns: 150 },
    );
    assert.ok(evicted > 1000, String(evicted));
  });
});

describe('one packet from far ahead', () => {
  it('sweeps out no connection', () => {
    const scene = createScene(network([['sgr-1', 'sg-a', 'in', 'udp', 53, 53, '198.51.100.0/24']]));
    const ask = (at: number, port: number): Told => ({ at, src: `${HOST}:${port}`, dst: '10.0.1.5:53' });
    const last = 4094;
    for (let port = 1; port <= last; port++) scene.see(ask(1000, port));
    scene.see(ask(1e9, 60_000), ask(1e9, 60_001), ask(1000, 60_002));
    for (const port of [1, 2000, last])
      assert.match(seen(scene, { at: 1010, src: '10.0.1.5:53', dst: `${HOST}:${port}` }), /ACCEPT/);
  });
});
