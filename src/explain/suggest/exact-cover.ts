/**
 * Rules that admit exactly what is needed, as few as can be found.
 *
 * In:    addresses by port, of one protocol and family. Out: rectangles whose union is just these points.
 * Holds: nothing is widened: blocks and ranges have no address and no port that is not needed. Three ways are tried, and the
 *        one with the fewest rules is taken: by port, by address, and for small ones the largest rectangles first.
 */
import { maskWord } from '../../network/vpc/addresses.ts';
import type { Address, Cidr } from '../../network/vpc/snapshot.ts';
import type { Rect } from './rect.ts';
import { admits, compareBlocks, covers } from './rect.ts';

/** Points up to which the third way is tried. */
const SMALL = 600;

/** Blocks that hold exactly some addresses. */
export function blocksOf(addresses: readonly Address[]): readonly Cidr[] {
  const full = addresses[0]?.family === 6 ? 128 : 32;
  const sorted = addresses.map((one): Cidr => ({ ...one, bits: full })).sort(compareBlocks);
  const stack: Cidr[] = [];
  for (const one of sorted) {
    let block = one;
    for (;;) {
      const last = stack.at(-1);
      if (last === undefined) break;
      if (covers(last, block)) {
        block = stack.pop() as Cidr;
        break;
      }
      const parent = { ...last, bits: last.bits - 1 };
      const words = last.words.map((word, i) => (word & maskWord(parent.bits, i)) >>> 0);
      // Two halves of one block, the lower first.
      if (last.bits !== block.bits || last.bits === 0 || !covers({ ...parent, words }, block)) break;
      stack.pop();
      block = { ...parent, words };
    }
    stack.push(block);
  }
  return stack;
}

/** Runs of consecutive numbers. */
export function runsOf(numbers: readonly number[]): readonly (readonly [from: number, to: number])[] {
  const runs: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && number <= last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}

const textOf = (address: Address): string => address.words.join('.');

function rect(protocol: number, from: number, to: number, cidr: Cidr, sources: number): Rect {
  return { protocol, from, to, peer: { kind: 'block', cidr }, sources };
}

type ByPort = ReadonlyMap<number, readonly Address[]>;

/** How many addresses a block has that nothing was added to. */
function sizeOf(cidr: Cidr): number {
  return 2 ** ((cidr.family === 4 ? 32 : 128) - cidr.bits);
}

function byPort(protocol: number, points: ByPort): Rect[] {
  const alike = new Map<string, { ports: number[]; blocks: readonly Cidr[] }>();
  for (const [port, addresses] of points) {
    const blocks = blocksOf(addresses);
    const key = blocks.map((block) => `${block.words.join('.')}/${block.bits}`).join(' ');
    const known = alike.get(key) ?? { ports: [], blocks };
    known.ports.push(port);
    alike.set(key, known);
  }
  return [...alike.values()].flatMap(({ ports, blocks }) =>
    runsOf(ports).flatMap(([from, to]) => blocks.map((block) => rect(protocol, from, to, block, sizeOf(block)))),
  );
}

function byAddress(protocol: number, points: ByPort): Rect[] {
  const portsOf = new Map<string, { address: Address; ports: number[] }>();
  for (const [port, addresses] of points)
    for (const address of addresses) {
      const key = textOf(address);
      const known = portsOf.get(key) ?? { address, ports: [] };
      known.ports.push(port);
      portsOf.set(key, known);
    }
  const byRun = new Map<string, { from: number; to: number; addresses: Address[] }>();
  for (const { address, ports } of portsOf.values())
    for (const [from, to] of runsOf(ports)) {
      const known = byRun.get(`${from}-${to}`) ?? { from, to, addresses: [] };
      known.addresses.push(address);
      byRun.set(`${from}-${to}`, known);
    }
  return [...byRun.values()].flatMap(({ from, to, addresses }) =>
    blocksOf(addresses).map((block) => rect(protocol, from, to, block, sizeOf(block))),
  );
}

/** The largest rectangles first, then those that others make superfluous are left out. */
function byLargest(protocol: number, points: ByPort): Rect[] {
  const units = [...points].flatMap(([port, addresses]) =>
    addresses.map((address) => ({ port, cidr: { ...address, bits: address.family === 4 ? 32 : 128 } as Cidr })),
  );
  const blocks = new Map<string, Cidr>();
  for (const addresses of points.values())
    for (const block of [
      ...blocksOf(addresses),
      ...addresses.map((one): Cidr => ({ ...one, bits: one.family === 4 ? 32 : 128 })),
    ])
      for (const part of [block, ...halvesOf(block, 3)]) blocks.set(`${part.words.join('.')}/${part.bits}`, part);
  const candidates = [...blocks.values()].flatMap((block) => {
    const ports = [...points].flatMap(([port, addresses]) =>
      addresses.filter((address) => covers(block, { ...address, bits: address.family === 4 ? 32 : 128 })).length ===
      sizeOf(block)
        ? [port]
        : [],
    );
    return runsOf(ports).map(([from, to]) => rect(protocol, from, to, block, sizeOf(block)));
  });
  const holds = candidates.map((one) =>
    units.flatMap(({ port, cidr }, at) => (admits(one, rect(protocol, port, port, cidr, 1)) ? [at] : [])),
  );
  const left = new Set(units.keys());
  const taken: number[] = [];
  while (left.size > 0) {
    let best = -1;
    let most = 0;
    for (const [at, own] of holds.entries()) {
      const count = own.filter((unit) => left.has(unit)).length;
      if (count > most) {
        most = count;
        best = at;
      }
    }
    taken.push(best);
    for (const unit of holds[best] ?? []) left.delete(unit);
  }
  const needed = new Set(taken);
  for (const at of taken) {
    const others = new Set([...needed].filter((one) => one !== at).flatMap((one) => holds[one] ?? []));
    if ((holds[at] ?? []).every((unit) => others.has(unit))) needed.delete(at);
  }
  return [...needed].map((at) => candidates[at] as Rect);
}

/** The halves of a block, their halves, and so on. */
function halvesOf(block: Cidr, depth: number): Cidr[] {
  const full = block.family === 4 ? 32 : 128;
  if (depth === 0 || block.bits >= full) return [];
  const bits = block.bits + 1;
  const bit = (0x8000_0000 >>> ((bits - 1) & 31)) >>> 0;
  const upper = block.words.map((word, i) => (i === (bits - 1) >>> 5 ? (word | bit) >>> 0 : word));
  return [
    { ...block, bits },
    { ...block, bits, words: upper },
  ].flatMap((half) => [half, ...halvesOf(half, depth - 1)]);
}

/** Covers the points of one protocol and family. */
export function exactCover(protocol: number, points: ByPort): readonly Rect[] {
  const ways = [byPort(protocol, points), byAddress(protocol, points)];
  const units = [...points.values()].reduce((sum, addresses) => sum + addresses.length, 0);
  if (units <= SMALL) ways.push(byLargest(protocol, points));
  return ways.reduce((best, way) => (way.length < best.length ? way : best));
}
