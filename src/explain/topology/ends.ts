/**
 * Who is at the two ends of a row of traffic.
 *
 * In:    traffic; the network as of the time of a row. Out: numbers of ends, and at which end the row was recorded.
 * Holds: the interface that a record names is one end; the other is whoever holds the address then: by the routes of that
 *        interface where it is known, else an interface that records tell of, else what lies outside. Every row has two ends.
 *        What a network says of an interface last is what is told of it. Whom an address is to interfaces of one VPC and route
 *        table is worked out once: of many rows few are new.
 */
import type { OutsideKind } from '../../api/topology.ts';
import { contains, formatAddress, formatCidr, parseAddress } from '../../network/vpc/addresses.ts';
import type { Address, RouteTarget } from '../../network/vpc/snapshot.ts';
import type { KnownNetwork } from './known-network.ts';
import { addressOf } from './known-network.ts';
import { NumberPairs } from './number-pairs.ts';
import type { Traffic } from './traffic.ts';
import { EGRESS, INTERNET, MULTICAST, SERVICE } from './traffic.ts';

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

/** Filled again for the next row. */
export type EndsOfRow = {
  from: number;
  to: number;
  /** Recorded by the sender's interface, not by the receiver's. */
  atFrom: boolean;
  /** Gateway that the route of the recording interface leads to. */
  via: string | null;
};

type Peer = { readonly end: number; readonly via: string | null };

/** What was worked out for a network. */
type Met = {
  readonly network: KnownNetwork;
  /** By position in the traffic's interfaces: the interface's number, 0 where the network does not know it. */
  readonly numberOf: Int32Array;
  /** By number of an interface: one more than its end; 0 not met yet. */
  readonly endOf: Int32Array;
  /** By number of an interface, and by position of one that is not known: from where it looks. */
  readonly views: Int32Array;
  readonly recordedViews: Int32Array;
  readonly viewNumbers: Map<string, number>;
  /** By view and address, and of each pair of them who it is. */
  readonly looks: NumberPairs;
  readonly peers: Peer[];
};

/** Some public address: routes to one are as to any. */
const SOME_PUBLIC = 0x01_01_01_01;

/** Finds and numbers ends. */
export class Ends {
  readonly list: End[] = [];
  /** Kinds of gateways by id. */
  readonly gateways = new Map<string, string>();
  readonly #traffic: Traffic;
  readonly #byId = new Map<string, number>();
  /** Since when what is told of an end holds. */
  readonly #since: number[] = [];
  readonly #met = new Map<KnownNetwork, Met>();
  #last: Met | null = null;
  /** By position in the traffic's ends; undefined: not looked at yet. */
  readonly #addresses: (Address | null | undefined)[];
  /** 1: it is no address. */
  readonly #isWord: Uint8Array;
  /** Interfaces that records tell of by their address, both by position; null: of several. */
  readonly #recorded = new Map<number, number | null>();
  readonly #found: EndsOfRow = { from: 0, to: 0, atFrom: false, via: null };

  constructor(traffic: Traffic) {
    this.#traffic = traffic;
    this.#addresses = Array.from({ length: traffic.ends.length });
    this.#isWord = Uint8Array.from(traffic.ends, (end) => (end.startsWith('@') ? 1 : 0));
    for (const [at, { id, address }] of traffic.interfaces.entries())
      if (id !== null && address !== null) this.#recorded.set(address, this.#recorded.has(address) ? null : at);
  }

  #meet(network: KnownNetwork): Met {
    if (this.#last?.network === network) return this.#last;
    let met = this.#met.get(network);
    if (met === undefined) {
      const { interfaces: known, snapshot } = network;
      met = {
        network,
        numberOf: Int32Array.from(this.#traffic.interfaces, ({ id }) => (id === null ? 0 : (known.get(id) ?? 0))),
        endOf: new Int32Array(snapshot.interfaces.length),
        views: new Int32Array(snapshot.interfaces.length),
        recordedViews: new Int32Array(this.#traffic.interfaces.length),
        viewNumbers: new Map(),
        looks: new NumberPairs(),
        peers: [],
      };
      this.#met.set(network, met);
    }
    this.#last = met;
    return met;
  }

  /** An interface of a network, be there traffic or not. */
  addInterface(network: KnownNetwork, number: number): number {
    const { endOf } = this.#meet(network);
    const known = endOf[number] as number;
    if (known > 0) return known - 1;
    const end = this.#tell(network, number);
    endOf[number] = end + 1;
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

  /** The ends of a row, until the next is asked for. */
  of(network: KnownNetwork, row: number): EndsOfRow {
    const { at, direction, src, dst, interfaces } = this.#traffic;
    const met = this.#meet(network);
    const position = at[row] as number;
    const from = src[row] as number;
    const to = dst[row] as number;
    if (interfaces[position]!.id === null) return this.#withoutInterface(network, from, to);
    const number = met.numberOf[position] as number;
    const own = number > 0 ? this.addInterface(network, number) : this.#recordedInterface(position);
    const told = direction[row] as number;
    const atFrom = told !== 0 ? told === EGRESS : this.#isSender(network, number, position, from, to);
    const peer = this.#peerOf(met, number, position, atFrom ? to : from);
    const found = this.#found;
    found.from = atFrom ? own : peer.end;
    found.to = atFrom ? peer.end : own;
    found.atFrom = atFrom;
    found.via = peer.via;
    return found;
  }

  #isSender(network: KnownNetwork, own: number, position: number, src: number, dst: number): boolean {
    if (this.#isWord[src] === 1) return false;
    if (this.#isWord[dst] === 1) return true;
    return this.#holds(network, own, position, src) || !this.#holds(network, own, position, dst);
  }

  #holds({ paths: { holders } }: KnownNetwork, own: number, position: number, end: number): boolean {
    const address = this.#parsed(end);
    if (own === 0 || address === null) return this.#recorded.get(end) === position;
    const { family, words } = address;
    return holders.holds(own, family, words[0] as number, words[1] ?? 0, words[2] ?? 0, words[3] ?? 0);
  }

  /** Records that name no interface: whoever holds the addresses. */
  #withoutInterface(network: KnownNetwork, src: number, dst: number): EndsOfRow {
    const sender = this.#isWord[src] === 1 ? null : this.#holder(network, src, null);
    const found = this.#found;
    found.from = sender ?? this.#peer(network, 0, null, src).end;
    found.to = this.#peer(network, 0, null, dst).end;
    found.atFrom = sender !== null;
    found.via = null;
    return found;
  }

  /** Who an address is to an interface: the same to all of its VPC and route table, or of its VPC where it is not known. */
  #peerOf(met: Met, own: number, position: number, end: number): Peer {
    const { network, views, recordedViews, looks, peers } = met;
    let view = (own > 0 ? views[own] : recordedViews[position]) as number;
    if (view === 0) {
      view = this.#viewOf(met, own, position);
      if (own > 0) views[own] = view;
      else recordedViews[position] = view;
    }
    const look = looks.numberOf(view, end);
    const known = peers[look];
    if (known !== undefined) return known;
    const { vpcId } = own > 0 ? network.snapshot.interfaces[own]! : this.#traffic.interfaces[position]!;
    const peer = this.#peer(network, own, vpcId, end);
    peers[look] = peer;
    return peer;
  }

  #viewOf({ network: { snapshot }, viewNumbers }: Met, own: number, position: number): number {
    const one = snapshot.interfaces[own];
    const name =
      own > 0 && one !== undefined
        ? `${one.vpc} ${snapshot.subnets[one.subnet]?.routeTable ?? 0}`
        : `recorded ${this.#traffic.interfaces[position]!.vpcId}`;
    const known = viewNumbers.get(name) ?? viewNumbers.size + 1;
    viewNumbers.set(name, known);
    return known;
  }

  #peer(network: KnownNetwork, own: number, vpcId: string | null, at: number): Peer {
    const text = this.#traffic.ends[at] as string;
    if (text.startsWith('@')) {
      const via = text === MULTICAST ? null : this.#gateway(network, own, 4, SOME_PUBLIC, 0, 0, 0);
      return { end: this.#word(text), via };
    }
    const address = this.#parsed(at);
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
    return { end: this.#holder(network, at, vpcId) ?? this.#somewhere(network, address), via: null };
  }

  /** What a route leads to; null where it does not tell. */
  #beyond(network: KnownNetwork, { kind, id, peer, peerVpc }: RouteTarget, address: Address): number | null {
    switch (kind) {
      case 'peering':
      case 'peering-inter-region':
        // In a VPC that is known too nobody holds it.
        if (peerVpc !== undefined && peerVpc > 0) return this.#inVpc(network, peerVpc, address);
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
  #holder(network: KnownNetwork, at: number, vpcId: string | null): number | null {
    const { paths, snapshot } = network;
    const address = this.#parsed(at);
    if (address !== null) {
      const { holders } = paths;
      const held: number[] = [];
      let link = holders.find(address.family, ...wordsOf(address));
      for (; link !== 0; link = holders.next[link] as number) held.push(holders.interfaceOf[link] as number);
      const near = held.filter((one) => vpcId === null || snapshot.interfaces[one]?.vpcId === vpcId);
      const [first] = near.length > 0 ? near : held;
      if (first !== undefined && (near.length === 1 || held.length === 1)) return this.addInterface(network, first);
    }
    const recorded = this.#recorded.get(at) ?? null;
    if (recorded === null || (this.#meet(network).numberOf[recorded] as number) > 0) return null;
    return this.#recordedInterface(recorded);
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

  #recordedInterface(position: number): number {
    const { id, vpcId, subnetId, azId, address: at } = this.#traffic.interfaces[position]!;
    const known = this.#byId.get(id!);
    if (known !== undefined) return known;
    const address = at === null ? null : (this.#traffic.ends[at] ?? null);
    return this.#put({
      kind: 'interface',
      id: id!,
      label: id!,
      detail: address,
      resourceId: id,
      vpcId,
      azId,
      subnetId,
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

  #parsed(end: number): Address | null {
    const known = this.#addresses[end];
    if (known !== undefined) return known;
    return (this.#addresses[end] = parseAddress(this.#traffic.ends[end] as string));
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
