/**
 * Flow tables in the kernel: which sets count what, and how a generation of them is swapped for the other.
 *
 * In:    how many sets share the load. Out: sets, counters and chains of two generations, and the scripts that swap and empty
 *        them.
 * Holds: each observation is counted once: in a set of its protocol and family, or, where that has no room, by decision in the
 *        set `over`; the counter of its kind has both. The first packet of a flow is when its element was made, the last when
 *        its twin in the second set was refreshed: both are read from what is left of the element's hour. nft 1.0.6 lists at most five
 *        fields, so each protocol has sets of its own. Sets are read in time that grows with the square of their size: above
 *        20,000 flows in a generation there should be more of them.
 */
import { TABLE } from '../privileged/nft-script.ts';
import { MARK_FIN, MARK_RST, MARK_SYN, MARK_SYN_ACK } from './book.ts';
import { hex } from './matches.ts';
import { Rules } from './ruleset.ts';

export type Generation = 'a' | 'b';
export const GENERATIONS: readonly Generation[] = ['a', 'b'];

/** Elements that a set takes. */
const SIZE = 65_536;

/** Where observations are counted, with the mark in which their decision stands. */
export const ACCOUNT = 'acct_now';

/** A protocol and family that has sets of its own; `protocol` 0: all others, without ports. */
export type FlowKind = {
  readonly name: string;
  readonly family: 4 | 6;
  readonly protocol: number;
  readonly shards: number;
};

export type FlowSet = { readonly kind: FlowKind; readonly name: string; readonly last: string };

/** Sets for each protocol. */
export type FlowTables = {
  readonly kinds: readonly FlowKind[];
  /** Of a generation and kind: pairs of a set with the counts and one with the last packets. */
  sets(generation: Generation, kind: FlowKind): readonly FlowSet[];
  counter(generation: Generation, kind: FlowKind): string;
  over(generation: Generation): string;
};

const PROTOCOLS = [
  ['tcp', 6],
  ['udp', 17],
  ['sctp', 132],
  ['rest', 0],
] as const;

/**
 * The flow tables of a host.
 *
 * @param shards  sets that share the flows of TCP and UDP over IPv4 and IPv6
 */
export function flowTables(shards: number): FlowTables {
  const kinds = PROTOCOLS.flatMap(([word, protocol]) =>
    ([4, 6] as const).map((family) => ({
      name: `${word}${family}`,
      family,
      protocol,
      shards: protocol === 6 || protocol === 17 ? shards : 1,
    })),
  );
  return {
    kinds,
    sets: (generation, kind) =>
      Array.from({ length: kind.shards }, (_, shard) => ({
        kind,
        name: `${kind.name}_${generation}_${shard}`,
        last: `${kind.name}_${generation}_${shard}_last`,
      })),
    counter: (generation, kind) => `n_${kind.name}_${generation}`,
    over: (generation) => `over_${generation}`,
  };
}

/** Adds the tables to a set of rules; what is in them is the kernel's. */
export function addFlowTables(tables: FlowTables, to: Rules): void {
  for (const generation of GENERATIONS) addGeneration(tables, generation, to);
  to.chain(ACCOUNT, [`jump acct_${GENERATIONS[0]}`]);
}

function addGeneration(tables: FlowTables, generation: Generation, to: Rules): void {
  const over = tables.over(generation);
  to.add('set', over, `type mark; size ${SIZE}; flags dynamic; counter;`);
  to.chain(`acct_${generation}`, [
    `meta l4proto vmap { 6 : goto tcp_${generation}, 17 : goto udp_${generation}, 132 : goto sctp_${generation} }`,
    `goto rest_${generation}`,
  ]);
  const flag = (flags: string, mark: number): string =>
    `tcp flags & ${flags} == ${flags} meta mark set meta mark or ${hex(mark)}`;
  to.chain(`tcp_${generation}`, [
    `tcp flags & (fin|syn|rst) == 0x0 goto tcpk_${generation}`,
    flag('fin', MARK_FIN),
    flag('syn', MARK_SYN),
    flag('rst', MARK_RST),
    flag('(syn|ack)', MARK_SYN_ACK),
    `goto tcpk_${generation}`,
  ]);
  for (const [word] of PROTOCOLS) {
    const kinds = tables.kinds.filter(({ name }) => name.startsWith(word));
    to.chain(
      `${word === 'tcp' ? 'tcpk' : word}_${generation}`,
      kinds.map((kind) => addKind(tables, generation, kind, to)),
    );
  }
}

/** Adds the sets of a kind; the line that leads to them. */
function addKind(tables: FlowTables, generation: Generation, kind: FlowKind, to: Rules): string {
  const sets = tables.sets(generation, kind);
  const ip = kind.family === 4 ? 'ip' : 'ip6';
  const word = kind.name.slice(0, -1);
  const ends = `${ip} saddr . ${ip} daddr`;
  const ports = kind.protocol === 0 ? 'meta l4proto' : `${word} sport . ${word} dport`;
  const type = `type mark . ipv${kind.family}_addr . ipv${kind.family}_addr . ${kind.protocol === 0 ? 'inet_proto' : 'inet_service . inet_service'}; size ${SIZE}; flags dynamic,timeout;`;
  // Of the first set from the first packet on, of its twin from the last.
  const life = 'timeout 1h;';
  for (const { name, last } of sets) {
    to.add('set', name, `${type} counter; ${life}`);
    to.add('set', last, `${type} ${life}`);
    to.chain(`c_${name}`, [
      `add @${name} { meta mark . ${ends} . ${ports} } goto c_${last}`,
      // Reached only where the element could not be made.
      `update @${tables.over(generation)} { meta mark & 0xffffffc0 }`,
    ]);
    to.chain(`c_${last}`, [`update @${last} { meta mark . ${ends} . ${ports} }`]);
  }
  const counter = tables.counter(generation, kind);
  to.add('counter', counter);
  const into =
    sets.length === 1
      ? `goto c_${sets[0]!.name}`
      : `jhash ${ends} . ${ports} mod ${sets.length} seed 0x1 vmap { ${sets.map(({ name }, i) => `${i} : goto c_${name}`).join(', ')} }`;
  return `meta nfproto ipv${kind.family} counter name ${counter} ${into}`;
}

/** While it has elements, somebody reads what is counted, and the table judges. */
const WATCH = 'alive_now';

/**
 * Adds the chain that leads on while somebody watches; else packets pass, and are counted apart.
 *
 * @returns its name
 */
export function addWatch(to: Rules, counter: string, next: string): string {
  to.add('set', WATCH, 'type nf_proto; flags timeout;');
  to.chain('h_watch', [`meta nfproto != @${WATCH} counter name ${counter} accept`, `goto ${next}`]);
  return 'h_watch';
}

/**
 * The script that keeps the table judging. For so long, for a process that has ended without a word must not go on dropping
 * packets; generations end at least every ten seconds.
 */
export const ALIVE: string = [
  `flush set ${TABLE} ${WATCH}`,
  `add element ${TABLE} ${WATCH} { ipv4 timeout 30s, ipv6 timeout 30s }`,
  '',
].join('\n');

/** A key that no packet has: its element tells when a generation ended. */
export const END_KEY = '0x00000000';

/** The script that ends a generation and begins the other, in one transaction. */
export function swapScript(tables: FlowTables, ended: Generation, next: Generation): string {
  const lines = [`flush chain ${TABLE} ${ACCOUNT}`, `add rule ${TABLE} ${ACCOUNT} jump acct_${next}`];
  for (const kind of tables.kinds) {
    const address = kind.family === 4 ? '0.0.0.0' : '::';
    const key = `0x0 . ${address} . ${address} . ${kind.protocol === 0 ? '0' : '0 . 0'}`;
    for (const { name, last } of tables.sets(ended, kind))
      // One that a reading left which failed tells an older time.
      for (const set of [name, last])
        for (const word of ['add', 'delete', 'add']) lines.push(`${word} element ${TABLE} ${set} { ${key} }`);
  }
  return `${lines.join('\n')}\n`;
}

/** The script that empties sets. */
export function emptyScript(names: readonly string[]): string {
  return names.map((name) => `flush set ${TABLE} ${name}\n`).join('');
}
