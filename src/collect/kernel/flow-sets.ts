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
import { hashOf } from './flow-hash.ts';
import { hex } from './matches.ts';
import type { Rules } from './ruleset.ts';

export type Generation = 'a' | 'b';
export const GENERATIONS: readonly Generation[] = ['a', 'b'];

/** Elements that a set takes. */
export const SIZE = 65_536;

/** Elements of what found no room that are made beforehand. */
const MOST_READY = 4096;

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
  /** Elements that a set takes, one of which is ours (`markElement`). */
  readonly size: number;
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

/** What has sets of its own: each protocol in each family. */
export function flowKinds(shards: number): FlowKind[] {
  return PROTOCOLS.flatMap(([word, protocol]) =>
    ([4, 6] as const).map((family) => ({
      name: `${word}${family}`,
      family,
      protocol,
      shards: protocol === 6 || protocol === 17 ? shards : 1,
    })),
  );
}

/**
 * The flow tables of a host.
 *
 * @param shards  sets that share the flows of TCP and UDP over IPv4 and IPv6
 * @param size    of each set
 */
export function flowTables(shards: number, size: number = SIZE): FlowTables {
  return {
    size,
    kinds: flowKinds(shards),
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
    // Compared one by one, for to look into a map takes as long as five of these (ADR 50).
    ...PROTOCOLS.filter(([, protocol]) => protocol !== 0).map(
      ([word, protocol]) => `meta l4proto ${protocol} goto ${word}_${generation}`,
    ),
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

/** The fields of a packet by which its flow is counted, behind the first one. */
export function tupleOf({ name, family, protocol }: FlowKind): string {
  const ip = family === 4 ? 'ip' : 'ip6';
  const word = name.slice(0, -1);
  return `${ip} saddr . ${ip} daddr . ${protocol === 0 ? 'meta l4proto' : `${word} sport . ${word} dport`}`;
}

/**
 * What a set of flows is.
 *
 * @param first  type of the first field of its keys
 */
export function setBody({ family, protocol }: FlowKind, first: string, size: number): string {
  const fields = `${first} . ipv${family}_addr . ipv${family}_addr . ${protocol === 0 ? 'inet_proto' : 'inet_service . inet_service'}`;
  return `type ${fields}; size ${size}; flags dynamic,timeout; counter; timeout 1h;`;
}

/** What a set with the last packets is: its elements live from the last packet on, not from the first. */
export function lastBody(size: number): string {
  return `type mark; size ${size}; flags dynamic,timeout; timeout 1h;`;
}

/** Leads each flow to one of several chains. */
export function shardMap(kind: FlowKind, chains: readonly string[]): string {
  const leads = chains.map((chain, i) => `${i} : goto ${chain}`).join(', ');
  return `jhash ${tupleOf(kind)} mod ${chains.length} seed 0x1 vmap { ${leads} }`;
}

/** Adds the sets of a kind; the line that leads to them. */
function addKind(tables: FlowTables, generation: Generation, kind: FlowKind, to: Rules): string {
  const sets = tables.sets(generation, kind);
  const tuple = tupleOf(kind);
  for (const { name, last } of sets) {
    to.add('set', name, setBody(kind, 'mark', tables.size));
    to.add('set', last, lastBody(tables.size));
    to.chain(`c_${name}`, [
      // Finding an element counts in it too.
      `meta mark . ${tuple} @${name} goto c_${last}`,
      `add @${name} { meta mark . ${tuple} } return`,
      // Reached only where the element could not be made.
      `update @${tables.over(generation)} { meta mark & 0xffffffc0 }`,
    ]);
    to.chain(`c_${last}`, [`update @${last} { ${hashOf(`meta mark . ${tuple}`)} }`]);
  }
  const counter = tables.counter(generation, kind);
  to.add('counter', counter);
  const into =
    sets.length === 1
      ? `goto c_${sets[0]!.name}`
      : shardMap(
          kind,
          sets.map(({ name }) => `c_${name}`),
        );
  return `meta nfproto ipv${kind.family} counter name ${counter} ${into}`;
}

/**
 * The commands that put an element with a key that no packet has into a set: from it the times of the others are told.
 *
 * @param kind  null: into a set with last packets
 */
export function markElement(name: string, kind: FlowKind | null): string {
  const address = kind?.family === 4 ? '0.0.0.0' : '::';
  const tuple = kind === null ? '' : ` . ${address} . ${address} . ${kind.protocol === 0 ? '0' : '0 . 0'}`;
  const element = `element ${TABLE} ${name} { 0x0${tuple} }`;
  // One that stands since a reading failed tells an older time.
  return ['add', 'delete', 'add'].map((word) => `${word} ${element}`).join('\n');
}

/**
 * The commands that put that element into sets of a generation while they are empty: into one that is full it can be put only
 * in its own place.
 */
export function markScript(
  tables: FlowTables,
  generation: Generation,
  kinds: readonly FlowKind[] = tables.kinds,
): string {
  const lines = kinds.flatMap((kind) =>
    tables.sets(generation, kind).flatMap(({ name, last }) => [markElement(name, kind), markElement(last, null)]),
  );
  return lines.map((line) => `${line}\n`).join('');
}

/** The script that ends a generation and begins this one, in one transaction. */
export function swapScript(next: Generation): string {
  return `flush chain ${TABLE} ${ACCOUNT}\nadd rule ${TABLE} ${ACCOUNT} jump acct_${next}\n`;
}

/** The script that empties sets. */
export function emptyScript(names: readonly string[]): string {
  return names.map((name) => `flush set ${TABLE} ${name}\n`).join('');
}

/**
 * The script that puts elements into a set of what found no room, so that these need no memory when they are needed. '' where
 * there are too many: then they are made as they come.
 *
 * @param words  first fields of keys
 */
export function overScript(name: string, words: readonly number[]): string {
  if (words.length === 0 || words.length > MOST_READY) return '';
  return `add element ${TABLE} ${name} { ${words.join(', ')} }\n`;
}
