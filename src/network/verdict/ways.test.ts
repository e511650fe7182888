import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPacketBatch, PORTS_UNKNOWN } from '../../model/batch.ts';
import { Connections } from './connections.ts';
import { Keys } from './keys.ts';
import type { Told } from './told-packets.ts';
import { fill } from './told-packets.ts';
import { EGRESS_AT, EGRESS_ENTRY, INGRESS_AT, INGRESS_ENTRY, Ways } from './ways.ts';

const four: Told = { src: '198.51.100.7:40000', dst: '10.0.1.5:22', tcp: 'A' };
const six: Told = { src: '[2001:db8:1::5]:53', dst: '[2001:db8::1]:5000' };
const reversed = ({ src, dst, ...rest }: Told): Told => ({ ...rest, src: dst, dst: src });

/** Ways that remember the first of the packets: interfaces 3 and 4, the entry at 4. */
function afterOne(known: Told, ...asked: Told[]): { words: Uint32Array; found: number[]; entry: number; ways: Ways } {
  const table = new Connections();
  const keys = new Keys(table);
  const ways = new Ways(table);
  const batch = createPacketBatch(64);
  fill(batch, [known, ...asked]);
  keys.find(batch, 0, 4);
  const entry = keys.add(batch, 0, 4);
  ways.approach(batch, 0, batch.rows);
  ways.remember(batch, 0, 0, 3, 4, false, 0, entry);
  const found = asked.map((_, i) => ways.find(batch, i + 1, i + 1));
  return { words: ways.words, found, entry, ways };
}

describe('ways', () => {
  it('lead the next packet with the same header to the same interfaces and entries', () => {
    for (const told of [four, six, reversed(four), reversed(six)]) {
      const { words, found, entry } = afterOne(told, { ...told, at: 1 });
      const way = found[0] ?? -1;
      assert.ok(way >= 0);
      assert.deepEqual(
        [EGRESS_AT, INGRESS_AT, EGRESS_ENTRY, INGRESS_ENTRY].map((word) => words[way + word]),
        [3, 4, 0, entry],
      );
    }
  });

  it('lead no packet that may be placed differently, nor one whose key is not whole', () => {
    for (const told of [four, six]) {
      const { found } = afterOne(
        told,
        reversed(told),
        { ...told, link: 1 },
        { ...told, vlan: 7 },
        { ...told, device: 1 },
        { ...told, side: 'sent' },
        { ...told, src: told.src.replace(/:\d+$/, ':1') },
        { ...told, protocol: 132 },
        { ...told, flags: PORTS_UNKNOWN },
      );
      assert.deepEqual(
        found,
        found.map(() => -1),
      );
    }
  });

  it('are forgotten when they are cleared', () => {
    const { ways } = afterOne(four);
    ways.clear();
    const batch = createPacketBatch(64);
    fill(batch, [four]);
    ways.approach(batch, 0, 1);
    assert.equal(ways.find(batch, 0, 0), -1);
  });
});
