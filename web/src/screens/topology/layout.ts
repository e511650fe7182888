/**
 * Where boxes stand: VPCs with their zones and subnets at the left, gateways between, what lies outside at the right.
 *
 * In:    boxes in boxes, gateways. Out: a place for each, and the size of the whole.
 * Holds: the same boxes always stand at the same places: the order is that of kinds and labels, not that of traffic. A box lies
 *        within its parent; none overlaps one that it does not lie in. Pure.
 */
import type { TopologyAnswer, TopologyBox } from '../../../../src/api/topology.ts';

export type Rect = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
export type Placed = {
  readonly box: TopologyBox;
  readonly rect: Rect;
  /** 0: in no other. */
  readonly depth: number;
  /** Whether boxes lie in it. */
  readonly isOpen: boolean;
};
export type PlacedGateway = { readonly id: string; readonly kind: string; readonly rect: Rect };
export type Layout = {
  readonly boxes: ReadonlyMap<string, Placed>;
  readonly gateways: ReadonlyMap<string, PlacedGateway>;
  readonly width: number;
  readonly height: number;
};

const TILE = { width: 164, height: 46 };
const GAP = 12;
const HEAD = 34;
const PAD = 12;
/** Between what is inside and what is outside: room for edges and gateways. */
const AISLE = 300;
const GATEWAY = { width: 148, height: 34 };

type Size = { readonly width: number; readonly height: number };
/** A box with the places of all in it, counted from its own corner. */
type Block = Size & {
  readonly id: string;
  readonly inside: readonly { readonly block: Block; readonly x: number; readonly y: number }[];
};

const KIND_ORDER: readonly TopologyBox['kind'][] = [
  'internet',
  'aws-service',
  'peering',
  'on-premises',
  'vpc',
  'zone',
  'subnet',
  'group',
  'interface',
  'no-interface',
  'link-local',
  'multicast',
  'more',
];

/** Places all. */
export function layoutOf({ boxes, gateways }: Pick<TopologyAnswer, 'boxes' | 'gateways'>): Layout {
  const children = Map.groupBy(boxes.toSorted(inOrder), ({ parent }) => parent ?? '');
  const isInside = ({ id, kind }: TopologyBox): boolean => kind === 'vpc' || id === 'more inside';
  const roots = children.get('') ?? [];
  const blockOf = (box: TopologyBox): Block => {
    const own = children.get(box.id) ?? [];
    if (own.length === 0) return { id: box.id, ...TILE, inside: [] };
    const packed = pack(own.map(blockOf), columnsFor(box, own));
    return {
      id: box.id,
      width: Math.max(TILE.width + 2 * PAD, packed.width + 2 * PAD),
      height: packed.height + HEAD + PAD,
      inside: packed.inside.map(({ block, x, y }) => ({ block, x: x + PAD, y: y + HEAD })),
    };
  };
  const inside = pack(roots.filter(isInside).map(blockOf), roots.filter(isInside).length > 6 ? 4 : 1);
  const outside = pack(roots.filter((box) => !isInside(box)).map(blockOf), 1);
  const height = Math.max(inside.height, outside.height, gateways.length * (GATEWAY.height + GAP));
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const placed = new Map<string, Placed>();
  const put = (block: Block, x: number, y: number, depth: number): void => {
    placed.set(block.id, {
      box: byId.get(block.id)!,
      rect: { x, y, width: block.width, height: block.height },
      depth,
      isOpen: block.inside.length > 0,
    });
    for (const one of block.inside) put(one.block, x + one.x, y + one.y, depth + 1);
  };
  const middle = (part: Size): number => (height - part.height) / 2;
  for (const { block, x, y } of inside.inside) put(block, x, y + middle(inside), 0);
  const right = inside.width + AISLE;
  for (const { block, x, y } of outside.inside) put(block, right + x, y + middle(outside), 0);
  const tower = gateways.length * (GATEWAY.height + GAP) - GAP;
  const between = new Map(
    gateways.map(({ id, kind }, i): [string, PlacedGateway] => [
      id,
      {
        id,
        kind,
        rect: {
          x: inside.width + (AISLE - GATEWAY.width) / 2,
          y: (height - tower) / 2 + i * (GATEWAY.height + GAP),
          ...GATEWAY,
        },
      },
    ]),
  );
  return { boxes: placed, gateways: between, width: right + outside.width, height };
}

function inOrder(a: TopologyBox, b: TopologyBox): number {
  const kinds = KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind);
  return kinds || a.label.localeCompare(b.label, 'en', { numeric: true }) || (a.id < b.id ? -1 : 1);
}

/** Zones stand side by side; interfaces in a block that is about as wide as high; all else in one or a few columns. */
function columnsFor({ kind }: TopologyBox, own: readonly TopologyBox[]): number {
  if (kind === 'vpc' && own.some((one) => one.kind === 'zone')) return Math.min(own.length, 4);
  if (own.every((one) => one.kind === 'interface' || one.kind === 'no-interface' || one.kind === 'more'))
    return Math.min(6, Math.max(1, Math.round(Math.sqrt(own.length / 2))));
  return own.length > 8 ? 3 : own.length > 4 ? 2 : 1;
}

/** Puts blocks into columns, from left to right and from top to bottom. */
function pack(blocks: readonly Block[], columns: number): Size & { readonly inside: Block['inside'] } {
  const inside: { block: Block; x: number; y: number }[] = [];
  let [y, width] = [0, 0];
  for (let from = 0; from < blocks.length; from += columns) {
    const row = blocks.slice(from, from + columns);
    let x = 0;
    for (const block of row) {
      inside.push({ block, x, y });
      x += block.width + GAP;
    }
    width = Math.max(width, x - GAP);
    y += Math.max(...row.map(({ height }) => height)) + GAP;
  }
  return { width, height: Math.max(0, y - GAP), inside };
}

/** The next box in a direction, by where boxes stand; null where there is none. */
export function neighbour(layout: Layout, from: string, direction: 'left' | 'right' | 'up' | 'down'): string | null {
  const here = layout.boxes.get(from);
  if (here === undefined) return null;
  const at = centre(here.rect);
  const [dx, dy] = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] }[direction] as [number, number];
  let best: { readonly id: string; readonly cost: number } | null = null;
  for (const [id, { rect, isOpen }] of layout.boxes) {
    // What is open is reached by its way: in and out.
    if (id === from || isOpen) continue;
    const to = centre(rect);
    const ahead = (to.x - at.x) * dx + (to.y - at.y) * dy;
    const aside = Math.abs((to.x - at.x) * dy) + Math.abs((to.y - at.y) * dx);
    if (ahead <= 1) continue;
    const cost = ahead + 3 * aside;
    if (best === null || cost < best.cost) best = { id, cost };
  }
  return best?.id ?? null;
}

export const centre = ({ x, y, width, height }: Rect): { readonly x: number; readonly y: number } => ({
  x: x + width / 2,
  y: y + height / 2,
});

/** The path of an edge between two boxes, perhaps through a gateway. */
export function edgePath(from: Rect, to: Rect, via: Rect | null): string {
  if (from === to) {
    // Traffic inside of a box: a loop at its corner.
    const [x, y] = [from.x + from.width, from.y + Math.min(26, from.height / 2)];
    return `M ${x} ${y - 10} C ${x + 34} ${y - 26} ${x + 34} ${y + 26} ${x} ${y + 10}`;
  }
  if (via !== null) return `${curve(from, via)} ${curve(via, to)}`;
  return curve(from, to);
}

function curve(from: Rect, to: Rect): string {
  const [a, b] = [centre(from), centre(to)];
  // Beside each other edges leave at the sides, above each other at top and bottom.
  if (from.x + from.width <= to.x || to.x + to.width <= from.x) {
    const isRight = a.x < b.x;
    const [x1, x2] = isRight ? [from.x + from.width, to.x] : [from.x, to.x + to.width];
    const bend = Math.max(24, Math.abs(x2 - x1) / 2) * (isRight ? 1 : -1);
    return `M ${x1} ${a.y} C ${x1 + bend} ${a.y} ${x2 - bend} ${b.y} ${x2} ${b.y}`;
  }
  if (from.y + from.height <= to.y || to.y + to.height <= from.y) {
    const isDown = a.y < b.y;
    const [y1, y2] = isDown ? [from.y + from.height, to.y] : [from.y, to.y + to.height];
    const bend = Math.max(16, Math.abs(y2 - y1) / 2) * (isDown ? 1 : -1);
    return `M ${a.x} ${y1} C ${a.x} ${y1 + bend} ${b.x} ${y2 - bend} ${b.x} ${y2}`;
  }
  // One lies in the other.
  const inner = from.width < to.width ? from : to;
  const outer = inner === from ? to : from;
  const { x, y } = centre(inner);
  return `M ${x} ${y} L ${x} ${Math.min(outer.y + HEAD / 2, y)}`;
}
