/**
 * Frames of every link type that is read, into rows of a batch.
 *
 * In:    a frame's bytes, its link type, its length on the wire. Out: an outcome (`outcome.ts`).
 * Holds: rule P1. VLAN tags are passed over, the outermost one's id is kept; tunnels are not opened. A row that was not
 *        GIVEN is as it was but for its time. Side: 2 for what the device sent, 1 for what came in for it, as broadcast
 *        or multicast; 0 for what came in for others, which is ingress of nobody here.
 * Fails: never; the link type was asked about with `isLinkTypeRead`.
 */
import { SIDE_RECEIVED, SIDE_SENT, SIDE_UNKNOWN, type PacketBatch } from '../../../model/batch.ts';
import type { DeviceList } from './devices.ts';
import { clearRow, type HeaderDecoder } from './headers.ts';
import type { LinkPairs } from './link-pairs.ts';
import { nflogFrame } from './nflog.ts';
import { ARP, CUT, GIVEN, MALFORMED, NOT_IP, type Outcome } from './outcome.ts';

export const LINK_LOOPBACK = 0;
export const LINK_ETHERNET = 1;
export const LINK_RAW_BSD = 12;
export const LINK_RAW_OPENBSD = 14;
export const LINK_RAW = 101;
export const LINK_OPENBSD_LOOPBACK = 108;
export const LINK_COOKED = 113;
export const LINK_IPV4 = 228;
export const LINK_IPV6 = 229;
export const LINK_NFLOG = 239;
export const LINK_COOKED_2 = 276;

const READ: ReadonlySet<number> = new Set([
  LINK_LOOPBACK,
  LINK_ETHERNET,
  LINK_RAW_BSD,
  LINK_RAW_OPENBSD,
  LINK_RAW,
  LINK_OPENBSD_LOOPBACK,
  LINK_COOKED,
  LINK_IPV4,
  LINK_IPV6,
  LINK_NFLOG,
  LINK_COOKED_2,
]);

/** Whether frames of a LINKTYPE_ number can be read. */
export function isLinkTypeRead(linkType: number): boolean {
  return READ.has(linkType);
}

/** Side of a Linux packet type: 0 for us, 1 broadcast, 2 multicast, 3 for another host, 4 sent by us. */
export function sideOfPacketType(type: number): number {
  if (type === 4) return SIDE_SENT;
  return type <= 2 ? SIDE_RECEIVED : SIDE_UNKNOWN;
}

export class FrameDecoder {
  readonly headers: HeaderDecoder;
  readonly links: LinkPairs;
  readonly devices: DeviceList;
  /** Byte order of the machine that captured: NFLOG and BSD loopback headers are written in it. */
  bigEndian = false;

  constructor(headers: HeaderDecoder, links: LinkPairs, devices: DeviceList) {
    this.headers = headers;
    this.links = links;
    this.devices = devices;
  }

  /** A frame of any link type that is read. */
  frame(
    linkType: number,
    bytes: Uint8Array,
    at: number,
    end: number,
    wire: number,
    batch: PacketBatch,
    row: number,
  ): Outcome {
    switch (linkType) {
      case LINK_ETHERNET:
        return this.ethernet(bytes, at, end, wire, batch, row);
      case LINK_COOKED_2:
        return this.#cooked2(bytes, at, end, wire, batch, row);
      case LINK_COOKED:
        return this.#cooked(bytes, at, end, wire, batch, row);
      case LINK_NFLOG:
        return nflogFrame(this, bytes, at, end, wire, batch, row);
      case LINK_LOOPBACK:
      case LINK_OPENBSD_LOOPBACK:
        return this.#loopback(bytes, at, end, wire, batch, row);
      case LINK_IPV4:
        return this.headers.ip4(bytes, at, end, wire, batch, row);
      case LINK_IPV6:
        return this.headers.ip6(bytes, at, end, wire, batch, row);
      default:
        return this.ip(bytes, at, end, wire, batch, row);
    }
  }

  /** An Ethernet frame, its tags too. */
  ethernet(bytes: Uint8Array, at: number, end: number, wire: number, batch: PacketBatch, row: number): Outcome {
    if (end - at < 14) return end - at < wire ? CUT : MALFORMED;
    const type = (bytes[at + 12]! << 8) | bytes[at + 13]!;
    let outcome: Outcome;
    if (type === 0x0800) outcome = this.headers.ip4(bytes, at + 14, end, wire - 14, batch, row);
    else outcome = this.#typed(type, bytes, at + 14, end, wire - 14, batch, row);
    if (outcome === GIVEN) batch.link[row] = this.links.ofEthernet(bytes, at);
    return outcome;
  }

  /** What an EtherType announces; `at` is behind the type. */
  #typed(
    etherType: number,
    bytes: Uint8Array,
    at: number,
    end: number,
    wire: number,
    batch: PacketBatch,
    row: number,
  ): Outcome {
    let type = etherType;
    let p = at;
    let vlan = 0;
    while (type === 0x8100 || type === 0x88a8 || type === 0x9100) {
      if (p + 4 > end) return end - at < wire ? CUT : MALFORMED;
      // An id of 0 is a priority and no VLAN.
      if (vlan === 0) vlan = ((bytes[p]! & 0x0f) << 8) | bytes[p + 1]!;
      type = (bytes[p + 2]! << 8) | bytes[p + 3]!;
      p += 4;
    }
    let outcome: Outcome;
    if (type === 0x0800) outcome = this.headers.ip4(bytes, p, end, wire - (p - at), batch, row);
    else if (type === 0x86dd) outcome = this.headers.ip6(bytes, p, end, wire - (p - at), batch, row);
    else return type === 0x0806 ? ARP : NOT_IP;
    if (outcome === GIVEN && vlan !== 0) batch.vlan[row] = vlan;
    return outcome;
  }

  /** Linux cooked, version 1: packet type, ARPHRD, address length, address, EtherType. */
  #cooked(bytes: Uint8Array, at: number, end: number, wire: number, batch: PacketBatch, row: number): Outcome {
    if (end - at < 16) return end - at < wire ? CUT : MALFORMED;
    const type = (bytes[at + 14]! << 8) | bytes[at + 15]!;
    const outcome = this.#typed(type, bytes, at + 16, end, wire - 16, batch, row);
    if (outcome !== GIVEN) return outcome;
    batch.side[row] = sideOfPacketType((bytes[at]! << 8) | bytes[at + 1]!);
    if (bytes[at + 4] === 0 && bytes[at + 5] === 6) batch.link[row] = this.links.ofSender(bytes, at + 6);
    return GIVEN;
  }

  /** Linux cooked, version 2: EtherType, ifindex, ARPHRD, packet type, address length, address. */
  #cooked2(bytes: Uint8Array, at: number, end: number, wire: number, batch: PacketBatch, row: number): Outcome {
    if (end - at < 20) return end - at < wire ? CUT : MALFORMED;
    const type = (bytes[at]! << 8) | bytes[at + 1]!;
    const outcome = this.#typed(type, bytes, at + 20, end, wire - 20, batch, row);
    if (outcome !== GIVEN) return outcome;
    const ifindex = ((bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!) >>> 0;
    const device = this.devices.ofIndex(ifindex, LINK_COOKED_2);
    if (device < 0) {
      clearRow(batch, row);
      return MALFORMED;
    }
    batch.device[row] = device;
    batch.side[row] = sideOfPacketType(bytes[at + 10]!);
    if (bytes[at + 11] === 6) batch.link[row] = this.links.ofSender(bytes, at + 12);
    return GIVEN;
  }

  /** BSD loopback: four bytes of address family, in the order of the host (0) or of the network (108). */
  #loopback(bytes: Uint8Array, at: number, end: number, wire: number, batch: PacketBatch, row: number): Outcome {
    if (end - at < 4) return end - at < wire ? CUT : MALFORMED;
    // A family is below 256, so one end of the four bytes holds it and says which order it is.
    const family = bytes[at]! | bytes[at + 3]!;
    if (bytes[at + 1] !== 0 || bytes[at + 2] !== 0) return NOT_IP;
    if (family === 2) return this.headers.ip4(bytes, at + 4, end, wire - 4, batch, row);
    // AF_INET6: NetBSD and OpenBSD 24, FreeBSD 28, macOS 30, Linux 10, Windows 23.
    if (family === 24 || family === 28 || family === 30 || family === 10 || family === 23) {
      return this.headers.ip6(bytes, at + 4, end, wire - 4, batch, row);
    }
    return NOT_IP;
  }

  /** A packet whose version says what it is. */
  ip(bytes: Uint8Array, at: number, end: number, wire: number, batch: PacketBatch, row: number): Outcome {
    if (at >= end) return wire > 0 ? CUT : MALFORMED;
    if (bytes[at]! >>> 4 === 4) return this.headers.ip4(bytes, at, end, wire, batch, row);
    if (bytes[at]! >>> 4 === 6) return this.headers.ip6(bytes, at, end, wire, batch, row);
    return MALFORMED;
  }
}
