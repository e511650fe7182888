/**
 * IP headers, and what stands behind them, into a row of a batch.
 *
 * In:    bytes from the IP version on, how far they were kept (`end`) and how many there were on the wire (`wire`).
 * Out:   an outcome; GIVEN when the row's family, protocol, addresses, ports, ipBytes, TCP flags, ICMP columns, flags and
 *        quoted header are written. The row's `atMicros` was written before; every other column is as `clearBatch` left it.
 * Holds: rules P2 and P3. A row that was not GIVEN is as it was. Later IPv4 and IPv6 fragments take protocol, ports and
 *        ICMP type from their first one. Where extension headers were cut away the protocol is the last header's number.
 * Fails: never; no byte is read at or beyond `end`.
 */
import {
  CUT_BEFORE_PORTS,
  ICMP_ERROR,
  NO_ICMP,
  PORTS_UNKNOWN,
  type PacketBatch,
  type QuotedHeaders,
} from '../../../model/batch.ts';
import { FragmentTable } from './fragments.ts';
import { CUT, GIVEN, MALFORMED, type Outcome } from './outcome.ts';

const ICMP4 = 1;
const TCP = 6;
const UDP = 17;
const ICMP6 = 58;
const SCTP = 132;

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const DESTINATION_OPTIONS = 60;

/** Makes every column but `atMicros`, `family`, `protocol` and the IPv6 addresses what a row has unless told otherwise. */
export function clearBatch(batch: PacketBatch): void {
  batch.rows = 0;
  batch.quotes.rows = 0;
  batch.device.fill(0);
  batch.side.fill(0);
  batch.src4.fill(0);
  batch.dst4.fill(0);
  batch.ports.fill(0);
  batch.tcpFlags.fill(0);
  batch.icmp.fill(NO_ICMP);
  batch.icmpId.fill(0);
  batch.vlan.fill(0);
  batch.link.fill(0);
  batch.flags.fill(0);
  batch.quoted.fill(-1);
  batch.mark.fill(0);
}

/** Takes back a row that was GIVEN. */
export function clearRow(batch: PacketBatch, row: number): void {
  if (batch.quoted[row]! >= 0) batch.quotes.rows = batch.quoted[row]!;
  batch.src4[row] = 0;
  batch.dst4[row] = 0;
  batch.ports[row] = 0;
  batch.tcpFlags[row] = 0;
  batch.icmp[row] = NO_ICMP;
  batch.icmpId[row] = 0;
  batch.vlan[row] = 0;
  batch.flags[row] = 0;
  batch.quoted[row] = -1;
}

export class HeaderDecoder {
  readonly #fragments = new FragmentTable();
  /** What the walk over IPv6 extension headers found. */
  #protocol = 0;
  #fragmentAt = -1;
  #wasCut = false;

  /** An IPv4 packet. */
  ip4(bytes: Uint8Array, at: number, end: number, wire: number, batch: PacketBatch, row: number): Outcome {
    const have = end - at;
    if (have < 20) return have < wire && wire >= 20 && (have < 1 || bytes[at]! >>> 4 === 4) ? CUT : MALFORMED;
    const first = bytes[at]!;
    if (first >>> 4 !== 4) return MALFORMED;
    const header = (first & 15) << 2;
    if (header < 20) return MALFORMED;
    const total = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const size = total === 0 ? wire : total;
    if (size < header || (have < header && have >= wire)) return MALFORMED;

    const protocol = bytes[at + 9]!;
    batch.family[row] = 4;
    batch.protocol[row] = protocol;
    batch.ipBytes[row] = size;
    batch.src4[row] = (bytes[at + 12]! << 24) | (bytes[at + 13]! << 16) | (bytes[at + 14]! << 8) | bytes[at + 15]!;
    batch.dst4[row] = (bytes[at + 16]! << 24) | (bytes[at + 17]! << 16) | (bytes[at + 18]! << 8) | bytes[at + 19]!;

    const packetEnd = at + size;
    const limit = packetEnd < end ? packetEnd : end;
    const wasCut = have < wire && end < packetEnd;
    const fragment = ((bytes[at + 6]! & 0x3f) << 8) | bytes[at + 7]!;
    if (fragment === 0) {
      this.#transport(bytes, at + header, limit, wasCut, protocol, batch, row);
      return GIVEN;
    }
    const key = this.#fragments.key;
    key.fill(0);
    key[0] = batch.src4[row]!;
    key[1] = batch.dst4[row]!;
    key[8] = (bytes[at + 4]! << 8) | bytes[at + 5]!;
    key[9] = (4 << 8) | protocol;
    if ((fragment & 0x1fff) === 0) this.#firstFragment(bytes, at + header, limit, wasCut, protocol, batch, row);
    else this.#laterFragment(protocol, batch, row);
    return GIVEN;
  }

  /** An IPv6 packet. */
  ip6(bytes: Uint8Array, at: number, end: number, wire: number, batch: PacketBatch, row: number): Outcome {
    const have = end - at;
    if (have < 40) return have < wire && wire >= 40 && (have < 1 || bytes[at]! >>> 4 === 6) ? CUT : MALFORMED;
    if (bytes[at]! >>> 4 !== 6) return MALFORMED;
    const length = (bytes[at + 4]! << 8) | bytes[at + 5]!;
    const size = length === 0 ? wire : length + 40;
    const packetEnd = at + size;
    const limit = packetEnd < end ? packetEnd : end;
    this.#wasCut = have < wire && end < packetEnd;
    const behind = this.#walk(bytes, at + 40, limit, bytes[at + 6]!);
    if (behind < 0) return MALFORMED;

    const protocol = this.#protocol;
    batch.family[row] = 6;
    batch.protocol[row] = protocol;
    batch.ipBytes[row] = size;
    const words = row << 2;
    readWords(bytes, at + 8, batch.src6, words);
    readWords(bytes, at + 24, batch.dst6, words);

    const fragmentAt = this.#fragmentAt;
    const offset = fragmentAt < 0 ? 0 : (bytes[fragmentAt + 2]! << 8) | (bytes[fragmentAt + 3]! & 0xf9);
    if (offset === 0) {
      this.#transport(bytes, behind, limit, this.#wasCut, protocol, batch, row);
      return GIVEN;
    }
    const key = this.#fragments.key;
    for (let i = 0; i < 4; i += 1) {
      key[i] = batch.src6[words + i]!;
      key[4 + i] = batch.dst6[words + i]!;
    }
    key[8] =
      (bytes[fragmentAt + 4]! << 24) |
      (bytes[fragmentAt + 5]! << 16) |
      (bytes[fragmentAt + 6]! << 8) |
      bytes[fragmentAt + 7]!;
    key[9] = 6 << 8;
    if (offset < 8) this.#firstFragment(bytes, behind, limit, this.#wasCut, protocol, batch, row);
    else this.#laterFragment(protocol, batch, row);
    return GIVEN;
  }

  /**
   * Walks the headers that rule P2 passes over. Sets `#protocol`, and `#fragmentAt` where a fragment header stands.
   * Gives where the protocol's own header begins (`limit` where it was cut away), or -1 where a header runs past a
   * packet that was not cut. Behind a later fragment's header there are no headers, only data.
   */
  #walk(bytes: Uint8Array, at: number, limit: number, next: number): number {
    this.#fragmentAt = -1;
    let p = at;
    while (next === HOP_BY_HOP || next === ROUTING || next === FRAGMENT || next === DESTINATION_OPTIONS) {
      this.#protocol = next;
      if (p + 8 > limit) return this.#wasCut ? limit : -1;
      const length = next === FRAGMENT ? 8 : (bytes[p + 1]! + 1) << 3;
      if (next === FRAGMENT && this.#fragmentAt < 0) {
        this.#fragmentAt = p;
        if (((bytes[p + 2]! << 8) | (bytes[p + 3]! & 0xf8)) !== 0) {
          this.#protocol = bytes[p]!;
          return p + 8;
        }
      }
      next = bytes[p]!;
      p += length;
      if (p > limit) {
        if (!this.#wasCut) return -1;
        this.#protocol = next;
        return limit;
      }
    }
    this.#protocol = next;
    return p;
  }

  #firstFragment(
    bytes: Uint8Array,
    at: number,
    limit: number,
    wasCut: boolean,
    protocol: number,
    batch: PacketBatch,
    row: number,
  ): void {
    this.#transport(bytes, at, limit, wasCut, protocol, batch, row);
    if ((batch.flags[row]! & PORTS_UNKNOWN) !== 0) {
      this.#fragments.forget();
      return;
    }
    const icmp = batch.icmp[row]!;
    const word = icmp === NO_ICMP ? batch.ports[row]! : (icmp << 16) | batch.icmpId[row]!;
    this.#fragments.remember(batch.atMicros[row]!, protocol, word);
  }

  #laterFragment(protocol: number, batch: PacketBatch, row: number): void {
    const family = batch.family[row]!;
    if (!this.#fragments.find(batch.atMicros[row]!)) {
      const named = hasPorts(protocol) || isIcmp(protocol, family) || (family === 6 && isExtension(protocol));
      if (named) batch.flags[row] = PORTS_UNKNOWN;
      return;
    }
    const first = this.#fragments.foundProtocol;
    const word = this.#fragments.foundWord;
    batch.protocol[row] = first;
    if (!isIcmp(first, family)) {
      batch.ports[row] = word;
      return;
    }
    batch.icmp[row] = word >>> 16;
    batch.icmpId[row] = word & 0xffff;
    if (isIcmpError(first, word >>> 24)) batch.flags[row] = ICMP_ERROR;
  }

  #transport(
    bytes: Uint8Array,
    at: number,
    limit: number,
    wasCut: boolean,
    protocol: number,
    batch: PacketBatch,
    row: number,
  ): void {
    if (protocol === TCP || protocol === UDP || protocol === SCTP) {
      if (at + 4 <= limit) {
        batch.ports[row] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
        if (protocol === TCP && at + 14 <= limit) batch.tcpFlags[row] = bytes[at + 13]!;
      } else {
        batch.flags[row] = wasCut ? PORTS_UNKNOWN | CUT_BEFORE_PORTS : PORTS_UNKNOWN;
      }
    } else if (isIcmp(protocol, batch.family[row]!)) {
      if (at + 2 <= limit) this.#icmp(bytes, at, limit, wasCut, protocol, batch, row);
      else batch.flags[row] = wasCut ? PORTS_UNKNOWN | CUT_BEFORE_PORTS : PORTS_UNKNOWN;
    } else if (wasCut && batch.family[row] === 6 && isExtension(protocol)) {
      batch.flags[row] = PORTS_UNKNOWN | CUT_BEFORE_PORTS;
    }
  }

  #icmp(
    bytes: Uint8Array,
    at: number,
    limit: number,
    wasCut: boolean,
    protocol: number,
    batch: PacketBatch,
    row: number,
  ): void {
    const type = bytes[at]!;
    batch.icmp[row] = (type << 8) | bytes[at + 1]!;
    if (isIcmpError(protocol, type)) {
      batch.flags[row] = ICMP_ERROR;
      if (at + 8 < limit) batch.quoted[row] = this.#quote(bytes, at + 8, limit, batch.quotes);
    } else if (hasIdentifier(protocol, type)) {
      if (at + 6 <= limit) batch.icmpId[row] = (bytes[at + 4]! << 8) | bytes[at + 5]!;
      else batch.flags[row] = wasCut ? PORTS_UNKNOWN | CUT_BEFORE_PORTS : PORTS_UNKNOWN;
    }
  }

  /** The header that an ICMP error quotes as a new row of `quotes`; -1 where its addresses are not there. */
  #quote(bytes: Uint8Array, at: number, limit: number, quotes: QuotedHeaders): number {
    const row = quotes.rows;
    const words = row << 2;
    const family = bytes[at]! >>> 4;
    let protocol: number;
    let behind: number;
    let later = false;
    if (family === 4) {
      const header = (bytes[at]! & 15) << 2;
      if (at + 20 > limit || header < 20) return -1;
      protocol = bytes[at + 9]!;
      behind = at + header;
      later = (((bytes[at + 6]! & 0x1f) << 8) | bytes[at + 7]!) !== 0;
      quotes.src.fill(0, words, words + 4);
      quotes.dst.fill(0, words, words + 4);
      quotes.src[words] = (bytes[at + 12]! << 24) | (bytes[at + 13]! << 16) | (bytes[at + 14]! << 8) | bytes[at + 15]!;
      quotes.dst[words] = (bytes[at + 16]! << 24) | (bytes[at + 17]! << 16) | (bytes[at + 18]! << 8) | bytes[at + 19]!;
    } else if (family === 6) {
      if (at + 40 > limit) return -1;
      this.#wasCut = true;
      behind = this.#walk(bytes, at + 40, limit, bytes[at + 6]!);
      protocol = this.#protocol;
      const fragmentAt = this.#fragmentAt;
      later = fragmentAt >= 0 && ((bytes[fragmentAt + 2]! << 8) | (bytes[fragmentAt + 3]! & 0xf8)) !== 0;
      readWords(bytes, at + 8, quotes.src, words);
      readWords(bytes, at + 24, quotes.dst, words);
    } else {
      return -1;
    }
    quotes.family[row] = family;
    quotes.protocol[row] = protocol;
    quotes.ports[row] = 0;
    quotes.icmp[row] = NO_ICMP;
    quotes.icmpId[row] = 0;
    quotes.portsKnown[row] = 1;
    if (hasPorts(protocol)) {
      if (later || behind + 4 > limit) quotes.portsKnown[row] = 0;
      else {
        quotes.ports[row] =
          (bytes[behind]! << 24) | (bytes[behind + 1]! << 16) | (bytes[behind + 2]! << 8) | bytes[behind + 3]!;
      }
    } else if (isIcmp(protocol, family)) {
      if (later || behind + 2 > limit) quotes.portsKnown[row] = 0;
      else {
        quotes.icmp[row] = (bytes[behind]! << 8) | bytes[behind + 1]!;
        if (hasIdentifier(protocol, bytes[behind]!)) {
          if (behind + 6 > limit) quotes.portsKnown[row] = 0;
          else quotes.icmpId[row] = (bytes[behind + 4]! << 8) | bytes[behind + 5]!;
        }
      }
    } else if (family === 6 && isExtension(protocol)) {
      quotes.portsKnown[row] = 0;
    }
    quotes.rows = row + 1;
    return row;
  }
}

function readWords(bytes: Uint8Array, at: number, words: Uint32Array, to: number): void {
  for (let i = 0, p = at; i < 4; i += 1, p += 4) {
    words[to + i] = (bytes[p]! << 24) | (bytes[p + 1]! << 16) | (bytes[p + 2]! << 8) | bytes[p + 3]!;
  }
}

function hasPorts(protocol: number): boolean {
  return protocol === TCP || protocol === UDP || protocol === SCTP;
}

function isIcmp(protocol: number, family: number): boolean {
  return family === 4 ? protocol === ICMP4 : protocol === ICMP6;
}

function isExtension(protocol: number): boolean {
  return protocol === HOP_BY_HOP || protocol === ROUTING || protocol === FRAGMENT || protocol === DESTINATION_OPTIONS;
}

/** Errors of ICMP: unreachable, source quench, redirect, time exceeded, parameter problem; of ICMPv6: 1 to 4, the assigned. */
function isIcmpError(protocol: number, type: number): boolean {
  if (protocol === ICMP6) return type >= 1 && type <= 4;
  return type === 3 || type === 4 || type === 5 || type === 11 || type === 12;
}

/** Echo, timestamp and information messages carry an identifier; of ICMPv6 only echo. */
function hasIdentifier(protocol: number, type: number): boolean {
  if (protocol === ICMP6) return type === 128 || type === 129;
  return type === 0 || type === 8 || (type >= 13 && type <= 16);
}
