/**
 * Which chains of somebody else this host has, and so where packets must be counted twice.
 *
 * In:    what `nft list chains` prints, and the tables of iptables-legacy. Out: needs; whether our own table stands.
 * Holds: chains that only translate addresses (type nat) drop nothing and need no pair; they say that connections are tracked. Chains of
 *        bridges, ARP and devices are not on a packet's way through these hooks. iptables-legacy has its chains in the hooks
 *        of its tables whether they hold rules or not.
 * Fails: never.
 */
import { TABLE } from '../../privileged/nft-script.ts';
import type { Hook, Needs } from './stages.ts';

const HOOKS: readonly Hook[] = ['prerouting', 'input', 'forward', 'output', 'postrouting'];

/** Hooks of each table of iptables-legacy; `nat` has none that drop. */
const LEGACY: Readonly<Record<string, readonly Hook[]>> = {
  raw: ['prerouting', 'output'],
  mangle: HOOKS,
  filter: ['input', 'forward', 'output'],
  security: ['input', 'forward', 'output'],
};

export type Found = {
  readonly needs: Needs;
  /** Base chains of our own table; empty where it is gone. */
  readonly own: ReadonlySet<string>;
};

/**
 * Looks.
 *
 * @param chains  what `nft list chains` prints
 * @param legacy  names of tables of iptables-legacy and ip6tables-legacy; null where that cannot be known
 */
export function foreignChains(chains: string, legacy: readonly string[] | null): Found {
  const pairs = new Set<Hook>(legacy === null ? HOOKS : legacy.flatMap((table) => LEGACY[table] ?? []));
  const own = new Set<string>();
  let nat = legacy?.includes('nat') === true;
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
      else pairs.add(hook);
    }
  }
  return { needs: { pairs, nat }, own };
}
