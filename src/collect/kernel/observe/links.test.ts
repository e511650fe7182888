import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grownSince, LinkTable, listLinks } from './links.ts';

const link = (index: number, name: string, received = 0, sent = 0) => ({ index, name, received, sent });

test('a number is the device that had it all through the generation', () => {
  const table = new LinkTable();
  table.turn([link(2, 'eth0'), link(3, 'veth1')]);
  const { nameOf } = table.turn([link(2, 'eth0'), link(3, 'veth2'), link(4, 'new')]);
  assert.deepEqual([2, 3, 4, 5].map(nameOf), ['eth0', null, 'new', null]);
  assert.equal(table.turn([link(4, 'new')]).nameOf(2), 'eth0', 'a device that has gone still had its packets');
});

test('what goes from the model keeps its interface until its packets are told', () => {
  const table = new LinkTable();
  table.tie(new Map([[1, 'eth0']]));
  table.tie(new Map([[2, 'eth1']]));
  assert.deepEqual(
    ['eth0', 'eth1', 'eth2', null].map((name) => table.interfaceOf(name)),
    [1, 2, 0, 0],
  );
  table.forgetGone();
  assert.equal(table.interfaceOf('eth0'), 0);
  table.tie(new Map([[1, 'eth0']]));
  table.tie(new Map());
  table.tie(new Map([[1, 'eth0']]));
  table.forgetGone();
  assert.equal(table.interfaceOf('eth0'), 1, 'one that came back is not forgotten');
});

test('packets since a look are those of the same device', () => {
  const before = [link(2, 'eth0', 10, 5), link(3, 'veth1', 100, 100)];
  assert.deepEqual(grownSince(before, [link(2, 'eth0', 17, 5), link(3, 'veth9', 4, 2)]), [
    { name: 'eth0', received: 7, sent: 0 },
    { name: 'veth9', received: 4, sent: 2 },
  ]);
});

test('reads the devices of this host', { skip: process.platform === 'linux' ? false : 'needs Linux' }, () => {
  const lo = listLinks().find(({ name }) => name === 'lo');
  assert.ok(lo !== undefined && lo.index > 0 && lo.received >= 0);
});
