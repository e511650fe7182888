import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TopologyBox } from '../../../../src/api/topology.ts';
import { edgePath, layoutOf, neighbour } from './layout.ts';
import type { Layout, Rect } from './layout.ts';

const SUMS = { bytes: 0, packets: 0, flows: 0, rejects: 0 };
const box = (id: string, kind: TopologyBox['kind'], parent: string | null = null): TopologyBox => ({
  id,
  kind,
  parent,
  label: id,
  detail: null,
  resourceId: null,
  interfaces: 1,
  stands: 0,
  sums: SUMS,
  filter: null,
  addresses: [],
});

/** Two VPCs, zones, subnets with different numbers of interfaces, and what is outside. */
function network(): TopologyBox[] {
  const boxes = [box('internet', 'internet'), box('aws-service S3', 'aws-service'), box('more outside', 'more')];
  for (const vpc of ['vpc-1', 'vpc-2']) {
    boxes.push(box(vpc, 'vpc'));
    for (const zone of ['a', 'b', 'c']) {
      boxes.push(box(`${vpc} ${zone}`, 'zone', vpc));
      for (let s = 0; s < 3; s++) {
        const subnet = `${vpc} ${zone} ${s}`;
        boxes.push(box(subnet, 'subnet', `${vpc} ${zone}`));
        for (let n = 0; n < s * 7; n++) boxes.push(box(`${subnet} ${n}`, 'interface', subnet));
        if (s === 2) boxes.push(box(`more ${subnet}`, 'more', subnet));
      }
    }
  }
  return boxes;
}
const GATEWAYS = ['igw-1', 'nat-1', 'vgw-1'].map((id) => ({ id, kind: 'internet-gateway' }));

const within = (a: Rect, b: Rect): boolean =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
const meet = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test('a box lies within its parent, and none overlaps another beside it', () => {
  const layout = layoutOf({ boxes: network(), gateways: GATEWAYS });
  const all = [...layout.boxes.values()];
  assert.equal(all.length, network().length);
  for (const { box: one, rect } of all) {
    const around = one.parent === null ? null : layout.boxes.get(one.parent)!;
    if (around !== null) assert.ok(within(rect, around.rect), one.id);
    for (const other of all)
      if (other.box.id !== one.id && other.box.parent === one.parent)
        assert.ok(!meet(rect, other.rect), `${one.id} ${other.box.id}`);
  }
  for (const { rect, id } of layout.gateways.values()) for (const one of all) assert.ok(!meet(rect, one.rect), id);
});

test('the same boxes stand at the same places, whatever the order in which they come', () => {
  const rects = ({ boxes }: Layout): object => Object.fromEntries([...boxes].map(([id, { rect }]) => [id, rect]));
  const boxes = network();
  assert.deepEqual(
    rects(layoutOf({ boxes: boxes.toReversed(), gateways: [] })),
    rects(layoutOf({ boxes, gateways: [] })),
  );
});

test('arrows lead from box to box until there is none', () => {
  const layout = layoutOf({ boxes: network(), gateways: [] });
  const seen = new Set<string>();
  let at: string | null = 'vpc-1 a 0';
  while (at !== null && !seen.has(at)) {
    seen.add(at);
    at = neighbour(layout, at, 'right');
  }
  assert.ok([...seen].some((id) => id === 'internet' || id === 'aws-service S3' || id === 'more outside'));
  assert.equal(neighbour(layout, [...seen].at(-1)!, 'right'), null);
  assert.equal(neighbour(layout, 'nothing', 'left'), null);
});

test('an edge has a path beside, above, inside, through a gateway and to itself', () => {
  const at = (x: number, y: number, width = 10, height = 10): Rect => ({ x, y, width, height });
  const here = at(0, 0);
  assert.match(edgePath(here, at(100, 0), null), /^M 10 5 C/u);
  assert.match(edgePath(here, at(0, 100), null), /^M 5 10 C/u);
  assert.match(edgePath(at(20, 50), at(0, 0, 200, 200), null), /^M 25 55 L/u);
  assert.match(edgePath(here, here, null), /C 44/u);
  assert.equal(edgePath(here, at(100, 0), at(50, 0)).match(/M/gu)?.length, 2);
});
