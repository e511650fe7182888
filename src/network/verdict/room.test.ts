import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Connections, DOUBLES, FLAGS, JUDGED, LAST, STRIDE } from './connections.ts';
import { hash4 } from './conversation-hash.ts';
import { Room } from './room.ts';
import { LIVE } from './states.ts';
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
