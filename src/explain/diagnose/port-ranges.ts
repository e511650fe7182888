/**
 * Ranges of ports, asked as few times as there can be different answers.
 *
 * In:    a range, and the rules that could tell its ports apart. Out: the answer for each piece of it.
 */
import type { PortRange } from '../../api/explanation.ts';
import type { Rule } from '../../network/vpc/snapshot.ts';

export type Piece<T> = { readonly from: number; readonly to: number; readonly answer: T };

/** Cuts a range where a rule begins or ends, and asks about the first port of each piece. */
export function overPorts<T>([from, to]: PortRange, rules: readonly Rule[], ask: (port: number) => T): Piece<T>[] {
  const starts = new Set([from]);
  for (const { fromPort, toPort } of rules) {
    if (fromPort > from && fromPort <= to) starts.add(fromPort);
    if (toPort >= from && toPort < to) starts.add(toPort + 1);
  }
  const sorted = [...starts].sort((a, b) => a - b);
  return sorted.map((start, i) => ({ from: start, to: (sorted[i + 1] ?? to + 1) - 1, answer: ask(start) }));
}

/** The ranges of the pieces for which something holds; those that touch are one. */
export function rangesWhere<T>(pieces: readonly Piece<T>[], holds: (answer: T) => boolean): PortRange[] {
  const ranges: [number, number][] = [];
  for (const { from, to, answer } of pieces) {
    if (!holds(answer)) continue;
    const last = ranges.at(-1);
    if (last && last[1] + 1 === from) last[1] = to;
    else ranges.push([from, to]);
  }
  return ranges;
}
