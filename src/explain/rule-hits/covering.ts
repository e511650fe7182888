/**
 * Rules that never decide anything, told by the rules alone.
 *
 * In:    rules of one group or ACL, one direction. Out: for a rule the others that together fit all that it fits; null
 *        where something is left to it.
 * Holds: addresses and ports are cut exactly, so that several rules together may cover one. A referenced group is
 *        covered by the same reference or by rules for all addresses alone: who is in it may change. Protocols are
 *        covered by themselves and by rules for all.
 */
import type { Cidr, Rule } from '../../network/vpc/snapshot.ts';
import { boundsOf } from '../../network/verdict/rule-index.ts';

/** A block and a range of ports; of a reference the id. */
type Box = { readonly peer: Cidr | string; readonly low: number; readonly high: number };

const MOST_PIECES = 4096;

/** What a rule fits, as boxes. */
function boxesOf(rule: Rule): Box[] {
  const [low, high] = boundsOf(rule);
  const { peer } = rule;
  if (peer.kind === 'cidr') return [{ peer: peer.cidr, low, high }];
  if (peer.kind === 'group') return [{ peer: peer.id, low, high }];
  return peer.entries.map((cidr) => ({ peer: cidr, low, high }));
}

/**
 * The rules that cover one: those of `others` that are needed for it, in their order.
 *
 * @param others  rules that decide before it, or admit what it admits
 */
export function coverOf(rule: Rule, others: readonly Rule[]): readonly Rule[] | null {
  const fitting = others.filter(({ protocol }) => protocol < 0 || protocol === rule.protocol);
  if (fitting.length === 0) return null;
  let left = boxesOf(rule);
  // A prefix list without entries fits nothing, and nothing is needed to cover it.
  if (left.length === 0) return null;
  const needed: Rule[] = [];
  for (const other of fitting) {
    const before = left;
    for (const box of boxesOf(other)) left = left.flatMap((piece) => without(piece, box));
    if (left.length > MOST_PIECES) return null;
    if (left.length !== before.length || left.some((piece, i) => piece !== before[i])) needed.push(other);
    if (left.length === 0) return needed;
  }
  return coverReference(left, fitting) ? fitting : null;
}

/** Pieces of references are covered where rules for all addresses of both families cover their ports. */
function coverReference(left: readonly Box[], fitting: readonly Rule[]): boolean {
  if (!left.every(({ peer }) => typeof peer === 'string')) return false;
  return left.every(({ low, high }) =>
    ([4, 6] as const).every((family) => {
      const all: Cidr = { family, words: family === 4 ? [0] : [0, 0, 0, 0], bits: 0 };
      let pieces: Box[] = [{ peer: all, low, high }];
      for (const other of fitting)
        for (const box of boxesOf(other)) pieces = pieces.flatMap((one) => without(one, box));
      return pieces.length === 0;
    }),
  );
}

/** What is left of a box without another. */
function without(box: Box, other: Box): Box[] {
  if (box.low > other.high || box.high < other.low) return [box];
  const inside = insideOf(box.peer, other.peer);
  if (inside === null) return [box];
  const pieces: Box[] = [];
  const low = Math.max(box.low, other.low);
  const high = Math.min(box.high, other.high);
  if (box.low < low) pieces.push({ ...box, high: low - 1 });
  if (box.high > high) pieces.push({ ...box, low: high + 1 });
  for (const peer of inside) pieces.push({ peer, low, high });
  return pieces;
}

/** Blocks of one peer that another does not hold; null where it holds none. */
function insideOf(peer: Cidr | string, other: Cidr | string): (Cidr | string)[] | null {
  if (typeof peer === 'string' || typeof other === 'string') return peer === other ? [] : null;
  if (peer.family !== other.family) return null;
  if (holds(other, peer)) return [];
  if (!holds(peer, other)) return null;
  // The halves along the way to the other block.
  const pieces: Cidr[] = [];
  for (let bits = peer.bits + 1; bits <= other.bits; bits++) {
    const word = (bits - 1) >> 5;
    const bit = (1 << (31 - ((bits - 1) & 31))) >>> 0;
    const words = other.words.map((value, i) => {
      const covered = Math.min(32, Math.max(0, bits - i * 32));
      const mask = covered === 0 ? 0 : (0xffffffff << (32 - covered)) >>> 0;
      return (value & mask) >>> 0;
    });
    pieces.push({
      family: peer.family,
      bits,
      words: words.map((value, i) => (i === word ? (value ^ bit) >>> 0 : value)),
    });
  }
  return pieces;
}

function holds(outer: Cidr, inner: Cidr): boolean {
  if (outer.bits > inner.bits) return false;
  return outer.words.every((value, i) => {
    const covered = Math.min(32, Math.max(0, outer.bits - i * 32));
    const mask = covered === 0 ? 0 : (0xffffffff << (32 - covered)) >>> 0;
    return (((inner.words[i] ?? 0) ^ value) & mask) === 0;
  });
}
