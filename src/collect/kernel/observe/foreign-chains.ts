/**
 * Which chains of somebody else this host has, and so where packets must be counted twice.
 *
 * In:    the chains of nft and the tables of iptables-legacy (`CHAINS`). Out: needs; whether our own table stands.
 * Holds: chains that only translate addresses (type nat) drop nothing and need no pair; they say that connections are tracked. Chains of
 *        bridges, ARP and devices are not on a packet's way through these hooks. iptables-legacy has its chains in the hooks
 *        of its tables whether they hold rules or not. Where these cannot be known, connections may be translated without our
 *        knowing: then pairs stand in `input` and `forward` alone, between which nothing is.
 * Fails: never.
 */
import { LEGACY, TABLE } from '../../privileged/nft-script.ts';
import type { Hook, Needs } from './stages.ts';

const HOOKS: readonly Hook[] = ['prerouting', 'input', 'forward', 'output', 'postrouting'];

/** Hooks of each table of iptables-legacy; `nat` has none that drop. */
const HOOKS_OF: Readonly<Record<string, readonly Hook[]>> = {
  raw: ['prerouting', 'output'],
  mangle: HOOKS,
  filter: ['input', 'forward', 'output'],
  security: ['input', 'forward', 'output'],
};

const UNKNOWN: readonly Hook[] = ['input', 'forward'];

export type Found = {
  readonly needs: Needs;
  /** Base chains of our own table; empty where it is gone. */
  readonly own: ReadonlySet<string>;
};

/** Looks; `chains` is what is printed for them. */
export function foreignChains(chains: string): Found {
  const told =
    chains
      .split('\n')
      .find((line) => line.startsWith(LEGACY))
      ?.slice(LEGACY.length) ?? '?';
  const legacy = told.split(' ');
  const isKnown = told !== '?';
  const pairs = new Set<Hook>(isKnown ? legacy.flatMap((table) => HOOKS_OF[table] ?? []) : UNKNOWN);
  const own = new Set<string>();
  let nat = isKnown && legacy.includes('nat');
  let table = '';
  let chain = '';
  for (const line of chains.split('\n')) {
    const [, tableName] = /^table (\S+ \S+) \{/.exec(line) ?? [];
    table = tableName ?? table;
    const [, chainName] = /^\tchain (\S+) \{/.exec(line) ?? [];
    chain = chainName ?? chain;
    const [, type, word] = /^\t\ttype (\w+) hook (\w+) /.exec(line) ?? [];
    const hook = HOOKS.find((one) => one === word);
    if (hook === undefined) continue;
    if (table === TABLE) own.add(chain);
    else if (/^(?:ip|ip6|inet) /.test(table)) {
      if (type === 'nat') nat = true;
      else if (isKnown || UNKNOWN.includes(hook)) pairs.add(hook);
    }
  }
  return { needs: { pairs, nat }, own };
}
