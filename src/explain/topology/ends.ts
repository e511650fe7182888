/**
 * Who is at the two ends of a row of traffic.
 *
 * In:    rows; the network as of their time. Out: numbers of ends, and at which end the row was recorded.
 * Holds: the interface that a record names is one end; the other is whoever holds the address then: by the routes of that
 *        interface where it is known, else an interface that records tell of, else what lies outside. Every row has two ends.
 *        What a network says of an interface last is what is told of it.
 */
import type { OutsideKind } from '../../api/topology.ts';
import { contains, formatAddress, formatCidr, parseAddress } from '../../network/vpc/addresses.ts';
import type { Address, RouteTarget } from '../../network/vpc/snapshot.ts';
import { INTERNET, MULTICAST, SERVICE } from '../../query/traffic-pairs.ts';
import type { PairRow } from '../../query/traffic-pairs.ts';
import type { KnownNetwork } from './known-network.ts';
import { addressOf } from './known-network.ts';

export type End = {
  readonly kind: 'interface' | OutsideKind;
  /** Id of the box. */
  readonly id: string;
  readonly label: string;
  readonly detail: string | null;
  readonly resourceId: string | null;
  /** Where it lies; null: outside, or not known. */
  readonly vpcId: string | null;
  readonly azId: string | null;
  readonly subnetId: string | null;
  readonly groupIds: readonly string[];
  /** For a filter. */
  readonly addresses: readonly string[];
  /** Whether facts tell of it. */
  readonly isKnown: boolean;
};

export type EndsOfRow = {
  readonly from: number;
  readonly to: number;
  /** Recorded by the sender's interface, not by the receiver's. */
  readonly atFrom: boolean;
  /** Gateway that the route of the recording interface leads to. */
  readonly via: string | null;
};

/** Some public address: routes to one are as to any. */
const SOME_PUBLIC = 0x01_01_01_01;

/** Finds and numbers ends. */
export class Ends {
  readonly list: End[] = [];
  /** Kinds of gateways by id. */
  readonly gateways = new Map<string, string>();
  readonly #byId = new Map<string, number>();
  /** Since when what is told of an end holds. */
  readonly #since: number[] = [];
  /** By network: of each interface one more than its end; 0 not met yet. */
  readonly #endsOf = new Map<KnownNetwork, Int32Array>();
  #network: KnownNetwork | null = null;
  #ends: Int32Array = new Int32Array(0);
  readonly #addresses = new Map<string, Address | null>();
  /** Interfaces that records tell of, by the address that is theirs; null: of several. */
  readonly #recorded = new Map<string, string | null>();
  readonly #told = new Map<string, PairRow>();

  /** @param rows  all that will be asked about */
  constructor(rows: readonly PairRow[]) {
    this.#learn(rows);
  }

  /** Interfaces that only records tell of: the address of each is the one that most of its records have on its side. */
  #learn(rows: readonly PairRow[]): void {
    const counts = new Map<string, Map<string, number>>();
    for (const row of rows) {
      const { interfaceId, src, dst, direction, flows } = row;
      if (interfaceId === null) continue;
      if (!this.#told.has(interfaceId)) this.#told.set(interfaceId, row);
      const own = counts.get(interfaceId) ?? new Map<string, number>();
      counts.set(interfaceId, own);
      const sides = direction === 'egress' ? [src] : direction === 'ingress' ? [dst] : [src, dst];
      for (const side of sides) if (!side.startsWith('@')) own.set(side, (own.get(side) ?? 0) + flows);
    }
    for (const [id, own] of counts) {
      const [address] = [...own].reduce((most, one) => (one[1] > most[1] ? one : most), ['', 0] as const);
      if (address !== '') this.#recorded.set(address, this.#recorded.has(address) ? null : id);
    }
  }

  /** An interface of a network, be there traffic or not. */
  addInterface(network: KnownNetwork, number: number): number {
    if (network !== this.#network) {
      this.#network = network;
      this.#ends = this.#endsOf.get(network) ?? new Int32Array(network.snapshot.interfaces.length);
      this.#endsOf.set(network, this.#ends);
    }
    const known = this.#ends[number] as number;
    if (known > 0) return known - 1;
    const end = this.#tell(network, number);
    this.#ends[number] = end + 1;
    return end;
  }

  #tell(network: KnownNetwork, number: number): number {
    const one = network.snapshot.interfaces[number]!;
    const { validFromMicros } = network.snapshot;
    const at = this.#byId.get(one.id);
    if (at !== undefined && (this.#since[at] as number) >= validFromMicros) return at;
    const { vpcId, azId, subnetId, instanceId } = one;
    const address = addressOf(one);
    return this.#put(
      {
        kind: 'interface',
        id: one.id,
        label: network.names.get(one.id) ?? one.id,
        detail: [address, instanceId, one.kind === 'interface' ? null : one.kind].filter(Boolean).join(' · ') || null,
        resourceId: one.id,
        vpcId,
        azId,
        subnetId,
        groupIds: one.groups.map((group) => network.snapshot.groups[group]!.id).toSorted(),
        addresses: one.addresses.map(formatAddress),
        isKnown: true,
      },
      validFromMicros,
    );
  }

  /** The ends of a row. */
  of(network: KnownNetwork, row: PairRow): EndsOfRow {
    const { interfaceId, src, dst } = row;
    const own = interfaceId === null ? 0 : (network.interfaces.get(interfaceId) ?? 0);
    if (interfaceId === null) return this.#withoutInterface(network, src, dst);
    const at = own > 0 ? this.addInterface(network, own) : this.#recordedInterface(interfaceId);
    const atFrom = this.#isSender(network, own, row);
    const peer = this.#peer(network, own, row.vpcId, atFrom ? dst : src);
    return { from: atFrom ? at : peer.end, to: atFrom ? peer.end : at, atFrom, via: peer.via };
  }

  #isSender(network: KnownNetwork, own: number, { direction, src, dst, interfaceId }: PairRow): boolean {
    if (direction !== null) return direction === 'egress';
    if (src.startsWith('@')) return false;
    if (dst.startsWith('@')) return true;
    const { holders } = network.paths;
    const holds = (text: string): boolean => {
      const address = this.#parsed(text);
      if (own === 0 || address === null) return this.#recorded.get(text) === interfaceId;
      return holders.holds(own, address.family, ...wordsOf(address));
    };
    return holds(src) || !holds(dst);
  }

  /** Records that name no interface: whoever holds the addresses. */
  #withoutInterface(network: KnownNetwork, src: string, dst: string): EndsOfRow {
    const sender = this.#holder(network, src, null);
    const from = sender ?? this.#peer(network, 0, null, src).end;
    const to = this.#peer(network, 0, null, dst).end;
    return { from, to, atFrom: sender !== null, via: null };
  }

  #peer(
    network: KnownNetwork,
    own: number,
    vpcId: string | null,
    text: string,
  ): { readonly end: number; readonly via: string | null } {
    if (text.startsWith('@')) {
      const via = text === MULTICAST ? null : this.#gateway(network, own, 4, SOME_PUBLIC, 0, 0, 0);
      return { end: this.#word(text), via };
    }
    const address = this.#parsed(text);
    if (address === null) return { end: this.#word(MULTICAST), via: null };
    const words = wordsOf(address);
    if (isLinkLocal(address)) return { end: this.#outside('link-local', 'Link-local'), via: null };
    if (own > 0) {
      const { paths, snapshot } = network;
      const near = paths.sender(own, address.family, ...words);
      if (near > 0) return { end: this.addInterface(network, near), via: null };
      const target = paths.target(own, address.family, ...words);
      if (target?.kind === 'local')
        return { end: this.#inVpc(network, snapshot.interfaces[own]!.vpc, address), via: null };
      const via = this.#gateway(network, own, address.family, ...words);
      const beyond = target === null ? null : this.#beyond(network, target, address);
      if (beyond !== null) return { end: beyond, via };
    }
    return { end: this.#holder(network, text, vpcId) ?? this.#somewhere(network, address), via: null };
  }

  /** What a route leads to; null where it does not tell. */
  #beyond(network: KnownNetwork, { kind, id, peer }: RouteTarget, address: Address): number | null {
    switch (kind) {
      case 'peering':
      case 'peering-inter-region':
        return this.#outside('peering', peer?.vpcId ?? id, id, peer?.cidrs.map(formatCidr).join(', ') ?? null);
      case 'virtual-private-gateway':
      case 'local-gateway':
      case 'transit-gateway':
        return this.#outside('on-premises', 'On premises', null, 'beyond a gateway');
      case 'gateway-endpoint':
        return this.#outside('aws-service', `Service behind ${id}`, id);
      case 'internet-gateway':
      case 'egress-only-internet-gateway':
      case 'nat-gateway':
        return isPrivate(address) ? this.#somewhere(network, address) : this.#word(INTERNET);
      default:
        return null;
    }
  }

  #gateway(network: KnownNetwork, own: number, family: number, ...words: readonly number[]): string | null {
    if (own === 0) return null;
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words;
    const target = network.paths.target(own, family, w0, w1, w2, w3);
    if (target === null || target.kind === 'local' || target.kind === 'blackhole' || target.id === '') return null;
    this.gateways.set(target.id, target.kind);
    return target.id;
  }

  /** The one interface that holds an address; null where none does, or several. */
  #holder(network: KnownNetwork, text: string, vpcId: string | null): number | null {
    const { paths, snapshot, interfaces } = network;
    const address = this.#parsed(text);
    if (address !== null) {
      const { holders } = paths;
      const held: number[] = [];
      let link = holders.find(address.family, ...wordsOf(address));
      for (; link !== 0; link = holders.next[link] as number) held.push(holders.interfaceOf[link] as number);
      const near = held.filter((one) => vpcId === null || snapshot.interfaces[one]?.vpcId === vpcId);
      const [first] = near.length > 0 ? near : held;
      if (first !== undefined && (near.length === 1 || held.length === 1)) return this.addInterface(network, first);
    }
    const recorded = this.#recorded.get(text) ?? null;
    return recorded === null || interfaces.has(recorded) ? null : this.#recordedInterface(recorded);
  }

  /** An address of which no route is known. */
  #somewhere(network: KnownNetwork, address: Address): number {
    const vpc = network.snapshot.vpcs.find(({ cidrs }) => cidrs.some((cidr) => contains(cidr, address)));
    if (vpc !== undefined) return this.#inVpc(network, vpc.number, address);
    if (isPrivate(address)) return this.#outside('on-premises', 'Other private addresses', null, null, 'private');
    return this.#word(INTERNET);
  }

  #inVpc({ snapshot }: KnownNetwork, vpc: number, address: Address): number {
    const subnet = snapshot.subnets.find(
      (one) => one.vpc === vpc && one.number > 0 && one.cidrs.some((cidr) => contains(cidr, address)),
    );
    const vpcId = snapshot.vpcs[vpc]?.id ?? null;
    const at = subnet?.id ?? vpcId ?? '';
    return this.#put({
      kind: 'no-interface',
      id: `no-interface ${at}`,
      label: 'No known interface',
      detail: 'addresses that nobody is known to hold',
      resourceId: null,
      vpcId,
      azId: subnet?.azId ?? null,
      subnetId: subnet?.id ?? null,
      groupIds: [],
      addresses: [],
      isKnown: true,
    });
  }

  #recordedInterface(id: string): number {
    const row = this.#told.get(id);
    const at = this.#byId.get(id);
    if (at !== undefined) return at;
    const address = [...this.#recorded].find(([, holder]) => holder === id)?.[0] ?? null;
    return this.#put({
      kind: 'interface',
      id,
      label: id,
      detail: address,
      resourceId: id,
      vpcId: row?.vpcId ?? null,
      azId: row?.azId ?? null,
      subnetId: row?.subnetId ?? null,
      groupIds: [],
      addresses: address === null ? [] : [address],
      isKnown: false,
    });
  }

  #word(word: string): number {
    if (word.startsWith(SERVICE)) return this.#outside('aws-service', word.slice(SERVICE.length));
    return word === INTERNET
      ? this.#outside('internet', 'Internet')
      : this.#outside('multicast', 'Multicast, broadcast');
  }

  #outside(
    kind: OutsideKind,
    label: string,
    resourceId: string | null = null,
    detail: string | null = null,
    word = '',
  ): number {
    const id = [kind, resourceId ?? (word || (kind === 'aws-service' ? label : ''))].filter(Boolean).join(' ');
    const nowhere = { vpcId: null, azId: null, subnetId: null, groupIds: [], addresses: [], isKnown: true };
    return this.#put({ kind, id, label, detail, resourceId, ...nowhere });
  }

  #put(end: End, since = 0): number {
    const at = this.#byId.get(end.id) ?? this.list.length;
    if (at === this.list.length) this.#byId.set(end.id, at);
    if ((this.#since[at] ?? -1) < since || this.list[at] === undefined) {
      this.list[at] = end;
      this.#since[at] = since;
    }
    return at;
  }

  #parsed(text: string): Address | null {
    let found = this.#addresses.get(text);
    if (found === undefined) {
      found = parseAddress(text) ?? null;
      this.#addresses.set(text, found);
    }
    return found;
  }
}

type Words = readonly [number, number, number, number];

const wordsOf = ({ words: [w0 = 0, w1 = 0, w2 = 0, w3 = 0] }: Address): Words => [w0, w1, w2, w3];

function isLinkLocal({ family, words: [w0 = 0] }: Address): boolean {
  return family === 4 ? w0 >>> 16 === 0xa9fe : w0 >>> 22 === 0x3fa;
}

/** RFC 1918, shared and loopback addresses, unique local ones. */
function isPrivate({ family, words: [w0 = 0] }: Address): boolean {
  if (family === 6) return w0 >>> 25 === 0x7e;
  const first = w0 >>> 24;
  return first === 10 || first === 127 || w0 >>> 20 === 0xac1 || w0 >>> 16 === 0xc0a8 || w0 >>> 22 === 0x191;
}
