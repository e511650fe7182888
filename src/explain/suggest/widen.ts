/**
 * Fewer rules that admit a little more.
 *
 * In:    rules, how many there may be of each family, and how far blocks may be widened. Out: rules within that number that admit as
 *        little more as was found; null where there are none.
 * Holds: what the rules admit that were given the new ones admit. Few rules are searched with several tries kept at each
 *        step; of many the neighbours are joined first, the cheapest before the others.
 */
import type { Rect, Widening } from './rect.ts';
import { admits, areaOf, compareBlocks, joined, joinedAll, unionOf } from './rect.ts';

/** Rules that may be there for IPv4 and for IPv6; one that refers to a group counts as both. */
export type Room = { readonly four: number; readonly six: number };

/** Tries that are kept at each step, and rules up to which there are several. */
const TRIES = 40;
const FEW = 40;
/** Rules up to which what two of them admit is counted once. */
const COUNTED_TOGETHER = 12;
/** Rules from which on only neighbours are joined. */
const MANY = 160;
/** Rules that are not searched: whole blocks of them are joined, or nothing is. */
const TOO_MANY = 400;

/** How many rules of each family there are. */
export function countsOf(rules: readonly Rect[]): Room {
  let four = 0;
  let six = 0;
  for (const { peer } of rules) {
    if (peer.kind === 'group' || peer.cidr.family === 4) four++;
    if (peer.kind === 'group' || peer.cidr.family === 6) six++;
  }
  return { four, six };
}

/** Whether rules are no more than there may be. */
export function fits(rules: readonly Rect[], room: Room): boolean {
  const { four, six } = countsOf(rules);
  return four <= room.four && six <= room.six;
}

type Try = { readonly rules: readonly Rect[]; readonly area: number };

function tryOf(rules: readonly Rect[]): Try {
  return {
    rules,
    area: rules.length <= COUNTED_TOGETHER ? unionOf(rules) : rules.reduce((sum, one) => sum + areaOf(one), 0),
  };
}

/** Whether it helps to join two. */
function helps(one: Rect, counts: Room, room: Room): boolean {
  if (one.peer.kind === 'group') return true;
  return one.peer.cidr.family === 4 ? counts.four > room.four : counts.six > room.six;
}

function nextOf(from: Try, room: Room, widening: Widening): Try[] {
  const counts = countsOf(from.rules);
  const next: Try[] = [];
  for (const [i, a] of from.rules.entries()) {
    if (!helps(a, counts, room)) continue;
    for (let j = i + 1; j < from.rules.length; j++) {
      const both = joined(a, from.rules[j] as Rect, widening);
      if (both !== null) next.push(tryOf([both, ...from.rules.filter((one) => !admits(both, one))]));
    }
  }
  return next;
}

function keyOf(rules: readonly Rect[]): string {
  return rules
    .map(({ protocol, from, to, peer }) =>
      peer.kind === 'group'
        ? `${protocol} ${from}-${to} ${peer.group.id} ${[...peer.used].join('.')}`
        : `${protocol} ${from}-${to} ${peer.cidr.words.join('.')}/${peer.cidr.bits}`,
    )
    .sort()
    .join();
}

function search(starts: readonly (readonly Rect[])[], room: Room, widening: Widening): readonly Rect[] | null {
  let tries = starts.map(tryOf);
  let best: Try | null = null;
  while (tries.length > 0) {
    const next = new Map<string, Try>();
    for (const one of tries) {
      if (fits(one.rules, room)) {
        if (best === null || one.area < best.area || (one.area === best.area && one.rules.length < best.rules.length))
          best = one;
        continue;
      }
      for (const other of nextOf(one, room, widening))
        if (best === null || other.area < best.area) next.set(keyOf(other.rules), other);
    }
    // Those with fewer rules have less to join yet, and are kept beside those that admit less.
    tries = [...next.values()].sort((a, b) => a.area - b.area || a.rules.length - b.rules.length).slice(0, TRIES);
  }
  return best?.rules ?? null;
}

/** Joins the cheapest of all pairs, one after the other. */
function greedily(given: readonly Rect[], room: Room, widening: Widening, enough: number): readonly Rect[] {
  let rules = given;
  while (!fits(rules, room) && rules.length > enough) {
    const counts = countsOf(rules);
    let best: Rect | null = null;
    let least = Infinity;
    const areas = rules.map(areaOf);
    for (const [i, a] of rules.entries()) {
      if (!helps(a, counts, room)) continue;
      for (let j = i + 1; j < rules.length; j++) {
        const both = joined(a, rules[j] as Rect, widening);
        if (both === null) continue;
        const more = areaOf(both) - (areas[i] as number) - (areas[j] as number);
        if (more < least) {
          least = more;
          best = both;
        }
      }
    }
    if (best === null) return rules;
    const both = best;
    rules = [both, ...rules.filter((one) => !admits(both, one))];
  }
  return rules;
}

/** Joins neighbours with the same ports, the smallest blocks around two first, until there are few. */
function joinNeighbours(given: readonly Rect[], widening: Widening, enough: number): readonly Rect[] {
  const alike = new Map<string, Rect[]>();
  const others: Rect[] = [];
  for (const one of given) {
    if (one.peer.kind === 'group') others.push(one);
    else {
      const key = `${one.protocol} ${one.from}-${one.to} ${one.peer.cidr.family}`;
      const list = alike.get(key) ?? [];
      list.push(one);
      alike.set(key, list);
    }
  }
  const lists = [...alike.values()].map((list) => list.sort((a, b) => blockOrder(a, b)));
  let count = given.length;
  // From the smallest blocks to the largest: what is joined at one length is one rule at the next.
  for (let bits = 127; bits >= 0 && count > enough; bits--)
    for (const list of lists) {
      for (let at = 0; at + 1 < list.length && count > enough;) {
        const both = joined(list[at] as Rect, list[at + 1] as Rect, widening);
        const isNow =
          both !== null && both.peer.kind === 'block' && both.peer.cidr.bits >= lengthAt(bits, both.peer.cidr.family);
        if (isNow) {
          list.splice(at, 2, both);
          count--;
          if (at > 0) at--;
        } else at++;
      }
    }
  return [...others, ...lists.flat()];
}

/** The same share of the free bits for both families. */
function lengthAt(bits: number, family: 4 | 6): number {
  return family === 6 ? bits : bits - 96;
}

function blockOrder(a: Rect, b: Rect): number {
  return a.peer.kind === 'block' && b.peer.kind === 'block' ? compareBlocks(a.peer.cidr, b.peer.cidr) : 0;
}

/**
 * Finds them.
 *
 * @param covers  sets of rules that admit what is needed, each; a search begins with all of them
 */
export function widened(covers: readonly (readonly Rect[])[], room: Room, widening: Widening): readonly Rect[] | null {
  const starts = covers.flatMap((rules) => {
    const fewer = rules.length > MANY ? joinNeighbours(rules, widening, MANY) : rules;
    // What neighbours did not make fewer stays too many.
    return fewer.length > TOO_MANY ? [] : [greedily(fewer, room, widening, FEW)];
  });
  const small = starts.filter((rules) => rules.length <= FEW || fits(rules, room));
  const found = search(small, room, widening);
  if (found !== null) return found;
  let rules = starts[0] ?? covers[0] ?? [];
  for (;;) {
    if (rules.length <= TOO_MANY) rules = greedily(rules, room, widening, 0);
    if (fits(rules, room)) return rules;
    const next = joinMost(rules, widening);
    if (next === null) return null;
    rules = next;
  }
}

/**
 * Joins all blocks that have their ports alike, of those where that may be the most: with enough sources a block may stand for
 * everybody, and no two of its parts could.
 */
function joinMost(rules: readonly Rect[], widening: Widening): readonly Rect[] | null {
  const alike = Map.groupBy(
    rules.filter(({ peer }) => peer.kind === 'block'),
    ({ protocol, from, to, peer }) => `${protocol} ${from}-${to} ${peer.kind === 'block' ? peer.cidr.family : ''}`,
  );
  for (const list of [...alike.values()].sort((a, b) => b.length - a.length)) {
    const [first, ...others] = list;
    const all = first === undefined || others.length === 0 ? null : joinedAll(first, others, widening);
    if (all !== null) return [all, ...rules.filter((one) => !admits(all, one))];
  }
  return null;
}
