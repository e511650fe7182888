import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPacketBatch, PORTS_UNKNOWN } from '../../model/batch.ts';
import { Connections } from './connections.ts';
import { ORIGINS_OF } from './group-columns.ts';
import { Keys } from './keys.ts';
import type { Told } from './told-packets.ts';
import { fill } from './told-packets.ts';
import { HEAD, INGRESS_SHIFT, NO_ENTRY, NOBODY, SECOND, Ways, WRONG } from './ways.ts';

const four: Told = { src: '198.51.100.7:40000', dst: '10.0.1.5:22', tcp: 'A' };
const six: Told = { src: '[2001:db8:1::5]:53', dst: '[2001:db8::1]:5000' };
const reversed = ({ src, dst, ...rest }: Told): Told => ({ ...rest, src: dst, dst: src });

type Seen = { readonly egressAt?: number; readonly ingressAt?: number; readonly isWrong?: boolean };

/** Packets that are looked for, opened and remembered at will. */
function createRoad(): {
  open(told: Told, at: number): void;
  remember(told: Told, seen: Seen): void;
  find(told: Told): number;
  ways: Ways;
  table: Connections;
} {
  const table = new Connections();
  const keys = new Keys(table);
  const ways = new Ways(table, keys.column(ORIGINS_OF), keys.memories.plain);
  const batch = createPacketBatch(1);
  const look = (told: Told): void => {
    fill(batch, [told]);
    keys.batch.load(batch);
    if (keys.approach(0, 1) > 0) ways.number(batch, 0, 1);
    keys.find(batch, 0, 0);
  };
  return {
    open(told, at) {
      look(told);
      keys.add(batch, 0, at);
    },
    remember(told, { egressAt = 0, ingressAt = 0, isWrong = false }) {
      look(told);
      ways.remember(keys.head, keys.turned, 0, egressAt, ingressAt, isWrong);
    },
    find(told) {
      look(told);
      return ways.find(keys.head, keys.turned, 0);
    },
    ways,
    table,
  };
}

describe('ways', () => {
  it('lead the next packet of the conversation that comes the same way to the same interfaces', () => {
    for (const told of [four, six, reversed(four), reversed(six)]) {
      const road = createRoad();
      road.open(told, 3);
      road.open(told, 4);
      road.remember(told, { egressAt: 4, ingressAt: 3 });
      road.remember(reversed(told), { egressAt: 3, isWrong: true });
      assert.equal(road.find({ ...told, at: 1 }), SECOND | (HEAD << INGRESS_SHIFT));
      assert.equal(road.find({ ...reversed(told), at: 1 }), HEAD | WRONG);
    }
  });

  it('name one interface that has no entry, until the conversation gets another', () => {
    const road = createRoad();
    road.open(four, 3);
    road.remember(four, { egressAt: 3, ingressAt: 70_000 });
    road.remember(reversed(four), { egressAt: 70_000 });
    assert.equal(road.find(four), HEAD | (NO_ENTRY << INGRESS_SHIFT));
    assert.equal(road.find(reversed(four)), NO_ENTRY | (NOBODY << INGRESS_SHIFT));
    road.remember(four, { egressAt: 5 });
    assert.equal(road.find(four), HEAD | (NO_ENTRY << INGRESS_SHIFT));
    road.open(four, 70_000);
    assert.deepEqual([road.find(four), road.find(reversed(four))], [-1, -1]);
    road.remember(four, { egressAt: 3, ingressAt: 70_000 });
    assert.equal(road.find(four), HEAD | (SECOND << INGRESS_SHIFT));
  });

  it('are two where packets are seen at two devices in turn', () => {
    const road = createRoad();
    road.open(four, 3);
    road.open(four, 4);
    road.remember({ ...four, device: 1 }, { egressAt: 3 });
    road.remember({ ...four, device: 2 }, { ingressAt: 4 });
    assert.equal(road.find({ ...four, device: 1 }), HEAD);
    assert.equal(road.find({ ...four, device: 2 }), SECOND << INGRESS_SHIFT);
  });

  it('lead no packet that may be placed differently, nor one whose key is not whole', () => {
    for (const told of [four, six]) {
      const others: readonly Told[] = [
        reversed(told),
        { ...told, link: 1 },
        { ...told, vlan: 7 },
        { ...told, device: 1 },
        { ...told, side: 'sent' },
        { ...told, src: told.src.replace(/:\d+$/, ':1') },
        { ...told, protocol: 132 },
        { ...told, flags: PORTS_UNKNOWN },
      ];
      const road = createRoad();
      road.open(told, 3);
      road.remember(told, { ingressAt: 3 });
      assert.deepEqual(
        others.map((other) => road.find(other)),
        others.map(() => -1),
      );
    }
  });

  it('are forgotten when they are cleared', () => {
    const road = createRoad();
    road.open(four, 3);
    road.remember(four, { ingressAt: 3 });
    road.ways.clear();
    assert.equal(road.find(four), -1);
  });

  it('stay apart when there were more origins than have numbers', () => {
    const road = createRoad();
    road.open(four, 3);
    road.remember(four, { ingressAt: 3 });
    for (let link = 1; link < 80_000; link++) road.find({ ...four, link });
    assert.equal(road.find(four), -1);
    for (let link = 70_000; link < 71_000; link++) {
      assert.equal(road.find({ ...four, link }), -1);
      road.remember({ ...four, link }, { ingressAt: 3 });
      assert.equal(road.find({ ...four, link }), HEAD << INGRESS_SHIFT);
    }
  });
});
