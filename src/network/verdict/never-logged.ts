/**
 * What AWS never logs (rule P6).
 *
 * In:    a packet and an interface that it is seen at. Out: the kind, 0 where it is logged.
 * Holds: by address whatever the ports: any packet to or from it. DHCP, ND and MLD by protocol come first. In the
 *        host's own model nothing but these is left out; ARP never gets here.
 */
import type { PacketBatch } from '../../model/batch.ts';
import { CUT_BEFORE_PORTS, PORTS_UNKNOWN } from '../../model/batch.ts';
import type { VpcSnapshot } from '../vpc/snapshot.ts';

/** Names of the kinds by number. */
export const KINDS = ['', 'dhcp', 'nd', 'mld', 'dns', 'metadata', 'time', 'licence', 'router', 'endpoint-nlb'] as const;
const [DHCP, ND, MLD, DNS, METADATA, TIME, LICENCE, ROUTER, ENDPOINT_NLB] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

const LINK_LOCAL = 0xa9fe;
/** First word of addresses of fd00:ec2::/64. */
const SIX_WORD = 0xfd000ec2;
const ENDPOINT = 1;
const LOAD_BALANCER = 2;

const LINK_LOCAL_WORDS = [0xa9fea9fd, 0xa9fea9fe, 0xa9fea97b, 0xa9fea9fa, 0xa9fea9fb];
const LINK_LOCAL_KINDS = [DNS, METADATA, TIME, LICENCE, LICENCE];

function linkLocalKind(word: number): number {
  return LINK_LOCAL_KINDS[LINK_LOCAL_WORDS.indexOf(word)] ?? 0;
}

/** fd00:ec2::253, ::254 and ::123. */
function sixKind(words: Uint32Array, at: number): number {
  if (words[at] !== SIX_WORD || words[at + 1] !== 0 || words[at + 2] !== 0) return 0;
  const last = words[at + 3];
  return last === 0x253 ? DNS : last === 0x254 ? METADATA : last === 0x123 ? TIME : 0;
}

function protocolKind(packets: PacketBatch, row: number): number {
  const protocol = packets.protocol[row] as number;
  if (protocol === 17) {
    if (((packets.flags[row] as number) & (PORTS_UNKNOWN | CUT_BEFORE_PORTS)) !== 0) return 0;
    const ports = packets.ports[row] as number;
    const source = ports >>> 16;
    const destination = ports & 0xffff;
    const isFour = (source === 67 || source === 68) && (destination === 67 || destination === 68);
    const isSix = (source === 546 || source === 547) && (destination === 546 || destination === 547);
    return isFour || isSix ? DHCP : 0;
  }
  if (protocol !== 58) return 0;
  const type = (packets.icmp[row] as number) >> 8;
  if (type >= 133 && type <= 137) return ND;
  return (type >= 130 && type <= 132) || type === 143 ? MLD : 0;
}

/** Of the hash of an address that says which bit is its own: so many are left out, of 32. Few addresses share a bit. */
export const ADDRESS_SHIFT = 16;

function bitOf(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> ADDRESS_SHIFT;
}

/** What is left out at the interfaces of one snapshot. */
export class NeverLogged {
  readonly #hides: Uint8Array;
  /** VPC base + 2 of each IPv4 block, by VPC. */
  readonly #resolvers: readonly Uint32Array[];
  readonly #vpcOf: Uint32Array;
  /** Base + 1 of the subnet's IPv4 block; 0 where not known. */
  readonly #router: Uint32Array;
  readonly #role: Uint8Array;
  readonly hasRoles: boolean;
  /** Bits of the IPv4 addresses that are left out at some interface. */
  readonly bits = new Uint32Array(2 ** (32 - ADDRESS_SHIFT - 5));

  constructor({ interfaces, vpcs, subnets }: VpcSnapshot) {
    this.#hides = Uint8Array.from(interfaces, (one) => (vpcs[one.vpc]?.hidesNeverLogged ? 1 : 0));
    this.#vpcOf = Uint32Array.from(interfaces, (one) => one.vpc);
    this.#resolvers = vpcs.map((vpc) =>
      Uint32Array.from(
        vpc.cidrs.filter((cidr) => cidr.family === 4),
        (cidr) => (cidr.words[0] ?? 0) + 2,
      ),
    );
    this.#router = Uint32Array.from(interfaces, (one) => {
      const block = subnets[one.subnet]?.cidrs.find((cidr) => cidr.family === 4);
      return block ? (block.words[0] ?? 0) + 1 : 0;
    });
    this.#role = Uint8Array.from(interfaces, (one) =>
      one.kind === 'vpc_endpoint' ? ENDPOINT : one.kind === 'network_load_balancer' ? LOAD_BALANCER : 0,
    );
    this.hasRoles = this.#role.some((role) => role !== 0);
    for (const word of [...LINK_LOCAL_WORDS, ...this.#resolvers.flatMap((words) => [...words]), ...this.#router]) {
      const bit = bitOf(word);
      this.bits[bit >>> 5] = (this.bits[bit >>> 5] as number) | (1 << (bit & 31));
    }
  }

  /** False: the packet is logged at whichever interface; what most packets are told. */
  mayBe(packets: PacketBatch, row: number): boolean {
    const protocol = packets.protocol[row] as number;
    if ((protocol === 17 || protocol === 58) && protocolKind(packets, row) !== 0) return true;
    if (packets.family[row] !== 4) return packets.src6[row * 4] === SIX_WORD || packets.dst6[row * 4] === SIX_WORD;
    const src = bitOf(packets.src4[row] as number);
    const dst = bitOf(packets.dst4[row] as number);
    const bits = this.bits;
    return ((((bits[src >>> 5] as number) >>> (src & 31)) | ((bits[dst >>> 5] as number) >>> (dst & 31))) & 1) !== 0;
  }

  /** The kind that a packet is at an interface. */
  kind(packets: PacketBatch, row: number, at: number): number {
    const byProtocol = protocolKind(packets, row);
    if (byProtocol !== 0 || this.#hides[at] === 0) return byProtocol;
    if (packets.family[row] !== 4) {
      const six = sixKind(packets.src6, row * 4);
      return six === 0 ? sixKind(packets.dst6, row * 4) : six;
    }
    const src = packets.src4[row] as number;
    const dst = packets.dst4[row] as number;
    const resolvers = this.#resolvers[this.#vpcOf[at] as number] as Uint32Array;
    for (let i = 0; i < resolvers.length; i++) if (resolvers[i] === src || resolvers[i] === dst) return DNS;
    if (src >>> 16 === LINK_LOCAL || dst >>> 16 === LINK_LOCAL) {
      const kind = linkLocalKind(src);
      if (kind !== 0) return kind;
      const other = linkLocalKind(dst);
      if (other !== 0) return other;
    }
    const router = this.#router[at] as number;
    return router !== 0 && (router === src || router === dst) ? ROUTER : 0;
  }

  /** The kind of a packet between two interfaces: an endpoint and a Network Load Balancer. */
  kindBetween(one: number, other: number): number {
    if (!this.hasRoles) return 0;
    const roles = (this.#role[one] as number) | ((this.#role[other] as number) << 2);
    const isBetween = roles === (ENDPOINT | (LOAD_BALANCER << 2)) || roles === (LOAD_BALANCER | (ENDPOINT << 2));
    return isBetween && this.#hides[one] === 1 ? ENDPOINT_NLB : 0;
  }
}
