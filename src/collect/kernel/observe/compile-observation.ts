/**
 * The rules that count packets on their way past somebody else's firewall, and do nothing else.
 *
 * In:    the points that count, the generation that does. Out: a set of rules for the table of flowgauge.
 * Holds: every verdict is `return`, `goto` or `jump`, every policy `accept`; no mark, no priority, no header is set. A rule looks at a
 *        connection only where addresses are translated. A packet is in one set of its point, or, where that has no room, in
 *        `over`; the counter of its kind has both. The first field of a key is the device's number with a bit that no device
 *        has, so that nft prints numbers whatever a device is called, and with the TCP flags: it lists at most five fields.
 *        Later fragments have no ports. What no flow log has (rule P6 for the host's own network) is left out, and counted
 *        where packets are accepted. All that goes through `lo` is left out.
 * Fails: never.
 */
import { MARK_FIN, MARK_RST, MARK_SYN, MARK_SYN_ACK } from '../book.ts';
import type { FlowKind, Generation } from '../flow-sets.ts';
import type { KeyWord } from '../flow-elements.ts';
import { hashOf } from '../flow-hash.ts';
import { flowKinds, GENERATIONS, lastBody, setBody, shardMap, tupleOf } from '../flow-sets.ts';
import { hex } from '../matches.ts';
import type { GenerationSets } from '../read-generation.ts';
import type { Ruleset } from '../ruleset.ts';
import { Rules } from '../ruleset.ts';
import type { Point, Stage } from './stages.ts';
import { pointsOf } from './stages.ts';

/** Counter of what is left out. */
export const NEVER_LOGGED = 'n_never_logged';

const OURS = 0x100_0000;
const FLAGS_SHIFT = 25;

/** How the first field of keys is read: number of a device, and flags. */
export const DEVICE_WORD: KeyWord = {
  subject: (word) => word & (OURS - 1),
  flags: (word) => word >>> FLAGS_SHIFT,
  timed: (word) => word & (2 * OURS - 1),
};

/** The first field of a key without flags. */
export function deviceKey(index: number): number {
  return OURS + index;
}

export type SetSizes = {
  /** Sets that share the flows of TCP and UDP at a point. */
  readonly shards: number;
  /** Elements that a set takes. */
  readonly size: number;
};

/** Names of what a point has in a generation. */
export function setsOf({ name, times }: Point, generation: Generation, { shards }: SetSizes): GenerationSets {
  return {
    kinds: flowKinds(shards).map((kind) => ({
      kind,
      counter: `n_${name}_${kind.name}_${generation}`,
      sets: Array.from({ length: kind.shards }, (_, shard) => {
        const set = `${name}_${kind.name}_${generation}_${shard}`;
        return { name: set, last: times ? `${set}_last` : null };
      }),
    })),
    over: `${name}_over_${generation}`,
  };
}

/**
 * Compiles.
 *
 * @param nat     whether addresses are translated here
 * @param active  the generation that counts
 */
export function compileObservation(
  stages: readonly Stage[],
  nat: boolean,
  active: Generation,
  sizes: SetSizes,
): Ruleset {
  const rules = new Rules();
  rules.add('counter', NEVER_LOGGED);
  const accepting = new Set(stages.filter(({ accepts }) => accepts).map(({ late }) => late.name));
  const points = pointsOf(stages);
  for (const point of points) {
    for (const generation of GENERATIONS)
      new PointChains(point, generation, nat, accepting.has(point.name), sizes, rules).add();
    rules.chain(`${point.name}_now`, [`jump ${point.name}_${active}`]);
  }
  const bases = Map.groupBy(points, ({ hook, priority }) => `h_${hook}_${priority < 0 ? 'early' : 'late'}`);
  for (const [base, here] of bases) {
    const { hook, priority, device } = here[0]!;
    const loopback = hook === 'forward' ? [] : [`${device}name "lo" return`];
    rules.chain(
      base,
      [...loopback, ...here.map(({ name }) => `jump ${name}_now`)],
      `type filter hook ${hook} priority ${priority}; policy accept;`,
    );
  }
  return rules;
}

/** Chains and sets of one point in one generation. */
class PointChains {
  readonly #point: Point;
  readonly #generation: Generation;
  readonly #nat: boolean;
  readonly #accepts: boolean;
  readonly #sizes: SetSizes;
  readonly #rules: Rules;

  constructor(point: Point, generation: Generation, nat: boolean, accepts: boolean, sizes: SetSizes, rules: Rules) {
    this.#point = point;
    this.#generation = generation;
    this.#nat = nat;
    this.#accepts = accepts;
    this.#sizes = sizes;
    this.#rules = rules;
  }

  add(): void {
    const { name } = this.#point;
    const of = (word: string): string => `${name}_${word}_${this.#generation}`;
    const rest = of('rest');
    this.#rules.chain(`${name}_${this.#generation}`, [
      // Without tracking fragments come one by one, and the later ones have no ports where these would be.
      `ip frag-off & 0x1fff != 0x0 goto ${rest}`,
      `frag frag-off != 0x0 goto ${rest}`,
      ...Object.entries({ tcp: 6, udp: 17, icmp: 58, sctp: 132 }).map(
        ([word, protocol]) => `meta l4proto ${protocol} goto ${of(word)}`,
      ),
      `goto ${rest}`,
    ]);
    const hide = this.#accepts ? `counter name ${NEVER_LOGGED} return` : 'return';
    this.#rules.chain(of('icmp'), [`icmpv6 type { 130-137, 143 } ${hide}`, `goto ${rest}`]);
    const dhcp = ['67-68', '546-547'].map((ports) => `udp sport ${ports} udp dport ${ports} ${hide}`);
    const { kinds, over } = setsOf(this.#point, this.#generation, this.#sizes);
    this.#rules.add(
      'set',
      over,
      `type iface_index; size ${this.#sizes.size}; flags dynamic,timeout; counter; timeout 1h;`,
    );
    for (const [word, own] of Map.groupBy(kinds, ({ kind }) => kind.name.slice(0, -1)))
      this.#rules.chain(of(word), [...(word === 'udp' ? dhcp : []), ...own.map((one) => this.#addKind(one, over))]);
  }

  /** Adds sets and chains of a kind; the line that leads to them. */
  #addKind({ kind, counter, sets }: GenerationSets['kinds'][number], over: string): string {
    const { size } = this.#sizes;
    this.#rules.add('counter', counter);
    for (const { name } of sets) {
      this.#rules.add('set', name, setBody(kind, 'iface_index', size));
      // Of every late point too: whether it has times may change, its sets stay.
      this.#rules.add('set', `${name}_last`, lastBody(size));
      this.#rules.chain(`c_${name}_last`, this.#point.times ? this.#time(kind, name) : []);
      const flags = kind.protocol === 6 ? this.#addFlags(kind, name, over) : [];
      this.#rules.chain(`c_${name}`, [...flags, ...this.#count(kind, name, 0, over)]);
    }
    const chains = sets.map(({ name }) => `c_${name}`);
    const into = chains.length === 1 ? `goto ${chains[0]}` : shardMap(kind, chains);
    return `meta nfproto ipv${kind.family} counter name ${counter} ${into}`;
  }

  /** Packets with flags that records have are counted apart, by flags: these begin and end connections. */
  #addFlags(kind: FlowKind, set: string, over: string): string[] {
    const leads: string[] = [];
    for (const ack of [0, 0x10])
      for (let low = 1; low < 8; low++) {
        const bits =
          (low & 1 ? MARK_FIN : 0) |
          (low & 2 ? MARK_SYN : 0) |
          (low & 4 ? MARK_RST : 0) |
          (low & 2 && ack ? MARK_SYN_ACK : 0);
        const chain = `c_${set}_f${bits}`;
        leads.push(`${hex(low | ack)} : goto ${chain}`);
        this.#rules.chain(chain, this.#count(kind, set, bits, over));
      }
    this.#rules.chain(`c_${set}_flags`, [`tcp flags & (fin|syn|rst|ack) vmap { ${leads.join(', ')} }`]);
    return [`tcp flags & (fin|syn|rst) != 0x0 goto c_${set}_flags`];
  }

  /** The lines that count a packet with given flags. */
  #count(kind: FlowKind, set: string, flags: number, over: string): string[] {
    const word = `${this.#point.device} | ${hex(OURS + flags * 2 ** FLAGS_SHIFT)}`;
    const lines = (match: string, tuple: string): string[] => [
      // Finding an element counts in it too; the last packet is a second one.
      ...(this.#point.times ? [`${match}${word} . ${tuple} @${set} goto c_${set}_last`] : []),
      `${match}add @${set} { ${word} . ${tuple} } return`,
    ];
    return [
      ...this.#tuples(kind).flatMap(([match, tuple]) => lines(match, tuple)),
      `update @${over} { ${this.#point.device} | ${hex(OURS)} }`,
    ];
  }

  /** The lines that keep when the last packet of a flow came, whatever its flags. */
  #time(kind: FlowKind, set: string): string[] {
    return this.#tuples(kind).map(
      ([match, tuple]) =>
        `${match}update @${set}_last { ${hashOf(`${this.#point.device} | ${hex(OURS)} . ${tuple}`)} } return`,
    );
  }

  /** By which tuples flows are counted: the first whose match fits. */
  #tuples(kind: FlowKind): [match: string, tuple: string][] {
    return [...this.#translated(kind), ['', tupleOf(kind)]];
  }

  /** Of translated connections: what to match, and the tuple in place of the header's. */
  #translated({ family, protocol }: FlowKind): [match: string, tuple: string][] {
    const { addresses } = this.#point;
    if (!this.#nat || addresses === 'header') return [];
    const ip = family === 4 ? 'ip' : 'ip6';
    return (['original', 'reply'] as const).flatMap((direction): [string, string][] => {
      const is = `ct status snat,dnat ct direction ${direction} `;
      // A source that is to be translated is its own still, a destination is what the other direction comes from.
      const other = direction === 'original' ? 'reply' : 'original';
      const from = `ct ${direction} ${ip} saddr`;
      const to = addresses === 'sent' ? `ct ${direction} ${ip} daddr` : `ct ${other} ${ip} saddr`;
      const toPort = addresses === 'sent' ? `ct ${direction} proto-dst` : `ct ${other} proto-src`;
      if (protocol !== 0)
        return [[`${is}meta l4proto ${protocol} `, `${from} . ${to} . ct ${direction} proto-src . ${toPort}`]];
      // An ICMP error belongs to the connection that it quotes; only one of its own addresses is translated with that.
      const error: [string, string] =
        addresses === 'sent'
          ? [`${is}ct state related `, `${ip} saddr . ${to} . meta l4proto`]
          : [
              `ct status ${direction === 'original' ? 'snat' : 'dnat'} ct direction ${direction} ct state related `,
              `${from} . ${ip} daddr . meta l4proto`,
            ];
      return [[`${is}ct state != related `, `${from} . ${to} . meta l4proto`], error];
    });
  }
}
