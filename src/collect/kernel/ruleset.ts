/**
 * A set of rules for `nft` as data, and as the script that makes it of what is there.
 *
 * In:    sets, maps, counters and chains by name. Out: one script, which nft takes as one transaction.
 * Holds: what is there and the same is left alone: flow tables keep their counts, connections their marks. Chains that changed
 *        are flushed and filled again, so that a packet meets the old rules or the new ones and never a mixture. Elements of maps
 *        are only added.
 */
import { TABLE } from '../privileged/nft-script.ts';

export type Ruleset = {
  /** `set`, `map` or `counter`, and what stands in braces. */
  readonly objects: ReadonlyMap<string, { readonly kind: 'set' | 'map' | 'counter'; readonly body: string }>;
  /** Of sets and maps that have elements from the start; flow tables are not here. */
  readonly elements: ReadonlyMap<string, readonly string[]>;
  /** `base`: type, hook and priority of a base chain. */
  readonly chains: ReadonlyMap<string, { readonly base: string | null; readonly rules: readonly string[] }>;
};

/** A set of rules under construction. */
export class Rules implements Ruleset {
  readonly objects = new Map<string, { kind: 'set' | 'map' | 'counter'; body: string }>();
  readonly elements = new Map<string, string[]>();
  readonly chains = new Map<string, { base: string | null; rules: string[] }>();

  add(kind: 'set' | 'map' | 'counter', name: string, body: string = ''): void {
    this.objects.set(name, { kind, body });
  }

  chain(name: string, rules: readonly string[], base: string | null = null): void {
    this.chains.set(name, { base, rules: [...rules] });
  }
}

/**
 * The script that turns one set of rules into another.
 *
 * @param before  what the kernel has; null: nothing, or what a process left that has gone
 */
export function scriptOf(next: Ruleset, before: Ruleset | null): string {
  const lines: string[] = before === null ? [`add table ${TABLE}`] : [];
  for (const [name, { kind, body }] of next.objects)
    if (before?.objects.get(name) === undefined)
      lines.push(`add ${kind} ${TABLE} ${name}${body === '' ? '' : ` { ${body} }`}`);
  for (const [name, { base }] of next.chains)
    if (before?.chains.get(name) === undefined)
      lines.push(`add chain ${TABLE} ${name}${base === null ? '' : ` { ${base} }`}`);
  const fill: string[] = [];
  for (const [name, { rules }] of next.chains) {
    const had = before?.chains.get(name)?.rules;
    if (had !== undefined && had.length === rules.length && had.every((rule, i) => rule === rules[i])) continue;
    if (had === undefined || had.length > 0) lines.push(`flush chain ${TABLE} ${name}`);
    for (const rule of rules) fill.push(`add rule ${TABLE} ${name} ${rule}`);
  }
  const gone = before === null ? [] : [...before.chains.keys()].filter((name) => !next.chains.has(name));
  for (const name of gone) lines.push(`flush chain ${TABLE} ${name}`);
  for (const [name, { kind }] of next.objects) {
    if (kind === 'counter') continue;
    const wanted = next.elements.get(name) ?? [];
    const had = before?.elements.get(name) ?? [];
    const known = new Set(had);
    const isWanted = new Set(wanted);
    const left = kind === 'set' ? had.filter((one) => !isWanted.has(one)) : [];
    if (before === null && kind === 'set' && next.elements.has(name)) lines.push(`flush set ${TABLE} ${name}`);
    if (left.length > 0) lines.push(`delete element ${TABLE} ${name} { ${left.join(', ')} }`);
    const added = wanted.filter((one) => !known.has(one));
    if (added.length > 0) lines.push(`add element ${TABLE} ${name} { ${added.join(', ')} }`);
  }
  lines.push(...fill);
  if (before !== null) {
    // Maps first: their elements may lead to chains.
    for (const [name, { kind }] of before.objects)
      if (!next.objects.has(name)) lines.push(`delete ${kind} ${TABLE} ${name}`);
    for (const name of gone) lines.push(`delete chain ${TABLE} ${name}`);
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Text of a piece; what nft makes of it is some six times as long, and a user's socket takes 208 KiB. */
const PIECE_LENGTH = 16_384;

/**
 * The script of a table that is not there as yet, in pieces for a socket that does not take it whole; to be run one after the
 * other. Its base chains come with the last one: until then no packet meets any of it.
 *
 * @param script  of `scriptOf`, with nothing before
 */
export function piecesOf(script: string, rules: Ruleset): string[] {
  const isBase = (line: string): boolean => {
    const [, kind, , , name = ''] = line.split(' ');
    return (kind === 'chain' || kind === 'rule') && (rules.chains.get(name)?.base ?? null) !== null;
  };
  const pieces: string[] = [];
  const last: string[] = [];
  let piece = '';
  for (const line of script.split('\n').filter(Boolean)) {
    if (isBase(line)) last.push(line);
    else if (piece !== '' && piece.length + line.length > PIECE_LENGTH) {
      pieces.push(piece);
      piece = `${line}\n`;
    } else piece += `${line}\n`;
  }
  return [...pieces, piece, `${last.join('\n')}\n`].filter((one) => one.trim() !== '');
}
