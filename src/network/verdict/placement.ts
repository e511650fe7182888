/**
 * At which interfaces a packet is seen (rules P4, P5, P6).
 *
 * In:    a row of a batch. Out: the interface that it leaves by, the one that it enters by, or why neither.
 * Holds: a packet that touches no interface is `foreign` before anything else; then `never-logged`, `no-direction`,
 *        `not-own-source`. With devices the check holds for a multicast or broadcast that comes in too.
 *        A next hop that is the sender itself is no receiver.
 * Fails: FG_ADDRESS_SHARED where nothing tells which of several holders a packet belongs to: the run stops.
 */
import type { PacketBatch, SourceInfo } from '../../model/batch.ts';
import { SIDE_RECEIVED, SIDE_SENT } from '../../model/batch.ts';
import { failure } from '../../model/errors.ts';
import { formatAddress } from '../vpc/addresses.ts';
import type { Holders } from '../vpc/holders.ts';
import type { Paths } from '../vpc/path.ts';
import type { VpcSnapshot } from '../vpc/snapshot.ts';
import { bindDevices, interfacesByMac } from './devices.ts';
import type { JudgeOptions } from './judge.ts';
import { KINDS, NeverLogged } from './never-logged.ts';

/** Why a packet is seen nowhere: the keys of the count, by number; 0 it is seen. */
export const CAUSES = [
  '',
  'foreign',
  'no-direction',
  'not-own-source',
  ...KINDS.slice(1).map((kind) => `never-logged/${kind}`),
] as const;
const SEEN = 0;
const FOREIGN = 1;
const NO_DIRECTION = 2;
const NOT_OWN_SOURCE = 3;
const NEVER_LOGGED = 3;
/**
 * Tag of an interface whose device is the other end of its wire: the host's end of the veth of a container, or of a host of
 * the lab. What such a device receives the interface has sent.
 */
export const DEVICE_TAG = 'flowgauge:device';
export const FAR_END = 'far-end';

/** Devices and MACs of a source that were looked up before: interface by position. */
type Looked = { numbers: Int32Array; count: number };

function grown(looked: Looked, count: number): Int32Array {
  if (count <= looked.numbers.length) return looked.numbers;
  const numbers = new Int32Array(count * 2);
  numbers.set(looked.numbers);
  looked.numbers = numbers;
  return numbers;
}

function isGroupAddress(packets: PacketBatch, row: number): boolean {
  if (packets.family[row] !== 4) return (packets.dst6[row * 4] as number) >>> 24 === 0xff;
  const dst = packets.dst4[row] as number;
  return dst >>> 28 === 14 || dst === 0xffffffff;
}

/** Places the packets of one source in one snapshot. */
export class Placement {
  /** Of the packet placed last: 0 none. */
  egressAt = 0;
  ingressAt = 0;
  /** Of the packet placed last: its receiver does not hold the destination and checks that. */
  isReceiverWrong = false;
  readonly #options: JudgeOptions;
  readonly #snapshot: VpcSnapshot;
  readonly #paths: Paths;
  readonly holders: Holders;
  readonly #macs: ReadonlyMap<string, number>;
  readonly hidden: NeverLogged;
  readonly #checks: Uint8Array;
  readonly #far: Uint8Array;
  readonly named: Uint8Array;
  readonly #vpcOf: Uint32Array;
  /** By VLAN id; 0 none. */
  readonly #vlans = new Int32Array(4096);
  #devices: Looked = { numbers: new Int32Array(16), count: 0 };
  #sources: Looked = { numbers: new Int32Array(16), count: 0 };
  #destinations: Looked = { numbers: new Int32Array(16), count: 0 };
  #hasDevices = false;
  #tied: readonly number[] | null = null;

  constructor(snapshot: VpcSnapshot, paths: Paths, options: JudgeOptions) {
    this.#snapshot = snapshot;
    this.#paths = paths;
    this.holders = paths.holders;
    this.named = paths.named;
    this.#options = options;
    this.#macs = interfacesByMac(snapshot);
    this.hidden = new NeverLogged(snapshot);
    this.#hasDevices = options.namedOnly === true;
    this.#checks = Uint8Array.from(snapshot.interfaces, (one) => (one.sourceDestCheck ? 1 : 0));
    this.#far = Uint8Array.from(snapshot.interfaces, (one) => (one.interfaceTags[DEVICE_TAG] === FAR_END ? 1 : 0));
    this.#vpcOf = Uint32Array.from(snapshot.interfaces, (one) => one.vpc);
    for (const [vlan, vpcId] of options.vlans) {
      const vpc = snapshot.vpcs.find((one) => one.number > 0 && one.id === vpcId);
      if (!vpc) throw failure('FG_OPTION_NOT_IN_MODEL', `--vlan ${vlan}=${vpcId}`, vpcId);
      this.#vlans[vlan] = vpc.number;
    }
  }

  /** Interfaces that devices of the capture are tied to, ascending; null where it has none (rule P4). */
  get tied(): readonly number[] | null {
    return this.#tied;
  }

  /** Packets are placed by devices (rule P4). */
  get isByDevices(): boolean {
    return this.#hasDevices;
  }

  /** By pair of link addresses: the interface of the sender; valid below `linkCount`. */
  get senders(): Int32Array {
    return this.#sources.numbers;
  }

  get linkCount(): number {
    return this.#sources.count;
  }

  /** Looks up what the source has named since the last batch. */
  learn(source: SourceInfo): void {
    const devices = this.#devices;
    if (source.devices.length > devices.count) {
      const found = bindDevices(this.#snapshot, this.holders, this.#macs, source, this.#options, devices.count);
      grown(devices, source.devices.length).set(found, devices.count);
      devices.count = source.devices.length;
      this.#hasDevices ||= found.some((number) => number !== 0);
      if (this.#hasDevices)
        this.#tied = [...new Set([...(this.#tied ?? []), ...found])]
          .filter((number) => number !== 0)
          .sort((a, b) => a - b);
    }
    const pairs = source.linkPairs;
    if (pairs.length <= this.#sources.count) return;
    const added = pairs.slice(this.#sources.count);
    const numberOf = (mac: string): number => this.#macs.get(mac) ?? 0;
    grown(this.#sources, pairs.length).set(
      added.map((pair) => numberOf(pair.src)),
      this.#sources.count,
    );
    grown(this.#destinations, pairs.length).set(
      added.map((pair) => numberOf(pair.dst)),
      this.#sources.count,
    );
    this.#sources.count = pairs.length;
  }

  /** Sets `egressAt`, `ingressAt` and `isReceiverWrong`; the position in `CAUSES` of why not. */
  place(packets: PacketBatch, row: number): number {
    return this.#hasDevices ? this.#atDevice(packets, row) : this.#inNetwork(packets, row);
  }

  #holderLink(packets: PacketBatch, row: number, ofSource: boolean): number {
    if (packets.family[row] === 4)
      return this.holders.find4((ofSource ? packets.src4[row] : packets.dst4[row]) as number);
    const words = ofSource ? packets.src6 : packets.dst6;
    const at = row * 4;
    return this.holders.find6(
      words[at] as number,
      words[at + 1] as number,
      words[at + 2] as number,
      words[at + 3] as number,
    );
  }

  #isHolder(link: number, interfaceNumber: number): boolean {
    const { interfaceOf, next } = this.holders;
    let at = link;
    while (at !== 0 && interfaceOf[at] !== interfaceNumber) at = next[at] as number;
    return at !== 0;
  }

  /** Rule P4. */
  #atDevice(packets: PacketBatch, row: number): number {
    const at = this.#devices.numbers[packets.device[row] as number] as number;
    if (at === 0) return FOREIGN;
    const kind = this.hidden.mayBe(packets, row) ? this.hidden.kind(packets, row, at) : 0;
    if (kind !== 0) return NEVER_LOGGED + kind;
    const sourceLink = this.#holderLink(packets, row, true);
    const destinationLink = this.#holderLink(packets, row, false);
    const ownsSource = this.#isHolder(sourceLink, at);
    const ownsDestination = this.#isHolder(destinationLink, at);
    const isEgress = this.#leaves(packets, row, at, ownsSource, ownsDestination);
    if (isEgress === null) return NO_DIRECTION;
    const otherLink = isEgress ? destinationLink : sourceLink;
    const between = this.hidden.kindBetween(at, this.holders.interfaceOf[otherLink] as number);
    if (between !== 0) return NEVER_LOGGED + between;
    const isOwn = isEgress ? ownsSource : ownsDestination;
    if (!isOwn && this.#checks[at] === 1) return NOT_OWN_SOURCE;
    this.egressAt = isEgress ? at : 0;
    this.ingressAt = isEgress ? 0 : at;
    this.isReceiverWrong = false;
    return SEEN;
  }

  #leaves(
    packets: PacketBatch,
    row: number,
    at: number,
    ownsSource: boolean,
    ownsDestination: boolean,
  ): boolean | null {
    const side = packets.side[row];
    if (side === SIDE_SENT) return this.#far[at] === 0;
    if (side === SIDE_RECEIVED) return this.#far[at] === 1;
    if (ownsSource) return true;
    if (ownsDestination) return false;
    const link = packets.link[row] as number;
    if (this.#sources.numbers[link] === at) return true;
    return this.#destinations.numbers[link] === at ? false : null;
  }

  /** Rule P5. */
  #inNetwork(packets: PacketBatch, row: number): number {
    const { interfaceOf, next } = this.holders;
    const sourceLink = this.#holderLink(packets, row, true);
    const destinationLink = isGroupAddress(packets, row) ? 0 : this.#holderLink(packets, row, false);
    // A link without a next one, 0 too, needs no choice.
    const holder =
      next[sourceLink] === 0 ? (interfaceOf[sourceLink] as number) : this.#chosen(packets, row, sourceLink, true, 0);
    const sender = holder === 0 ? (this.#sources.numbers[packets.link[row] as number] as number) : holder;
    const held =
      next[destinationLink] === 0
        ? (interfaceOf[destinationLink] as number)
        : this.#chosen(packets, row, destinationLink, false, sender);
    // Where nobody holds the destination a next hop is what a route names.
    const receiver = held === 0 && this.named[sender] === 1 ? this.#nextHop(packets, row, sender) : held;
    if (sender === 0 && receiver === 0) return FOREIGN;
    const kind = this.#kindAt(packets, row, sender, receiver);
    if (kind !== 0) return NEVER_LOGGED + kind;
    if (sender !== 0 && holder === 0 && this.#checks[sender] === 1) return NOT_OWN_SOURCE;
    this.egressAt = sender;
    this.ingressAt = receiver;
    this.isReceiverWrong = held === 0 && receiver !== 0 && this.#checks[receiver] === 1;
    return SEEN;
  }

  #kindAt(packets: PacketBatch, row: number, sender: number, receiver: number): number {
    const hidden = this.hidden;
    if (hidden.mayBe(packets, row)) {
      const atSender = sender === 0 ? 0 : hidden.kind(packets, row, sender);
      const kind = atSender !== 0 || receiver === 0 ? atSender : hidden.kind(packets, row, receiver);
      if (kind !== 0) return kind;
    }
    return sender === 0 || receiver === 0 ? 0 : hidden.kindBetween(sender, receiver);
  }

  #nextHop(packets: PacketBatch, row: number, sender: number): number {
    if (isGroupAddress(packets, row)) return 0;
    const at = row * 4;
    const { dst6 } = packets;
    const packed =
      packets.family[row] === 4
        ? this.#paths.look(sender, 4, packets.dst4[row] as number, 0, 0, 0)
        : this.#paths.look(
            sender,
            6,
            dst6[at] as number,
            dst6[at + 1] as number,
            dst6[at + 2] as number,
            dst6[at + 3] as number,
          );
    const hop = Math.floor(packed / 16);
    return hop === sender ? 0 : hop;
  }

  /** Of several holders the one that MAC, VLAN or the sender's VPC point to. */
  #chosen(packets: PacketBatch, row: number, link: number, ofSource: boolean, sender: number): number {
    const { interfaceOf, next } = this.holders;
    const first = interfaceOf[link] as number;
    const pair = packets.link[row] as number;
    const byMac = (ofSource ? this.#sources : this.#destinations).numbers[pair] as number;
    if (byMac !== 0 && this.#isHolder(link, byMac)) return byMac;
    const byVlan = this.#holderInVpc(link, this.#vlans[packets.vlan[row] as number] as number);
    if (byVlan !== 0) return byVlan;
    const bySender = this.#holderInVpc(link, this.#vpcOf[sender] as number);
    if (bySender !== 0) return bySender;
    const [one, other] = [first, interfaceOf[next[link] as number] ?? 0].map(
      (number) => this.#snapshot.interfaces[number]?.id ?? '',
    );
    throw failure('FG_ADDRESS_SHARED', addressText(packets, row, ofSource), one ?? '', other ?? '');
  }

  #holderInVpc(link: number, vpc: number): number {
    if (vpc === 0) return 0;
    const { interfaceOf, next } = this.holders;
    let at = link;
    while (at !== 0 && this.#vpcOf[interfaceOf[at] as number] !== vpc) at = next[at] as number;
    return at === 0 ? 0 : (interfaceOf[at] as number);
  }
}

function addressText(packets: PacketBatch, row: number, ofSource: boolean): string {
  if (packets.family[row] === 4)
    return formatAddress({ family: 4, words: [(ofSource ? packets.src4[row] : packets.dst4[row]) ?? 0] });
  return formatAddress({
    family: 6,
    words: [...(ofSource ? packets.src6 : packets.dst6).subarray(row * 4, row * 4 + 4)],
  });
}
