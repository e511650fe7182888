/**
 * The pcap container: a header of 24 bytes, then records.
 *
 * In:    bytes after which a magic was recognised. Out: rows of a batch.
 * Holds: both byte orders; microseconds, nanoseconds (cut to microseconds); the modified form of Kuznetzov, whose records
 *        name device and packet type. The original length is never taken below the kept one. A header in place of a record begins
 *        another capture in the same bytes: tcpdumps that share a pipe each write one.
 * Fails: never; stops at a record that claims more than 262,144 bytes (or the file's snap length, where that is more, up
 *        to 16 MiB), at an unknown version, and at a link type that is not read.
 */
import type { PacketBatch } from '../../../model/batch.ts';
import { ContainerReader, FRAME_LIMIT, RECORD_LIMIT, type Reading } from './container.ts';
import { isLinkTypeRead, LINK_ETHERNET, sideOfPacketType } from './frames.ts';
import { GIVEN, MALFORMED, type Outcome } from './outcome.ts';

const FILE_HEADER = 24;

/** Whether four bytes begin a pcap file. */
export function isPcap(b0: number, b1: number, b2: number, b3: number): boolean {
  const big = ((b0 << 24) | (b1 << 16) | (b2 << 8) | b3) >>> 0;
  const little = ((b3 << 24) | (b2 << 16) | (b1 << 8) | b0) >>> 0;
  return isMagic(big) || isMagic(little);
}

function isMagic(word: number): boolean {
  return word === 0xa1b2c3d4 || word === 0xa1b23c4d || word === 0xa1b2cd34;
}

export class PcapReader extends ContainerReader {
  #bigEndian = false;
  #nanos = false;
  #modified = false;
  #linkType = -1;
  #limit = FRAME_LIMIT;
  #device = 0;

  constructor(reading: Reading) {
    super(reading);
    this.needs = FILE_HEADER;
  }

  get isInside(): boolean {
    return this.#linkType < 0;
  }

  get within(): string {
    return this.#linkType < 0 ? 'its file header' : 'a packet';
  }

  take(bytes: Uint8Array, start: number, end: number, batch: PacketBatch): number {
    let at = start;
    if (this.#linkType < 0) {
      if (end - at < FILE_HEADER) {
        this.needs = FILE_HEADER;
        return at;
      }
      this.#fileHeader(bytes, at);
      if (this.stop !== null) return at;
      at += FILE_HEADER;
    }
    if (this.#modified) return this.#modifiedRecords(bytes, at, end, batch);
    return this.#inLoops(bytes, at, end, batch) ?? this.#records(bytes, at, end, batch, Infinity);
  }

  #fileHeader(bytes: Uint8Array, at: number): void {
    const big = u32(bytes, at, true);
    this.#bigEndian = isMagic(big);
    const magic = this.#bigEndian ? big : u32(bytes, at, false);
    this.#nanos = magic === 0xa1b23c4d;
    this.#modified = magic === 0xa1b2cd34;
    this.reading.frames.bigEndian = this.#bigEndian;
    const major = this.#bigEndian ? (bytes[at + 4]! << 8) | bytes[at + 5]! : (bytes[at + 5]! << 8) | bytes[at + 4]!;
    if (major !== 2) {
      this.corrupt(this.base + at + 4, `version ${major} of pcap, and 2 is the only one`);
      return;
    }
    const snapLength = u32(bytes, at + 16, this.#bigEndian);
    // The upper bits say how long the frame check sequence is.
    const linkType = u32(bytes, at + 20, this.#bigEndian) & 0x03ff_ffff;
    if (!isLinkTypeRead(linkType)) {
      this.stop = { kind: 'link-type', at: this.base + at + 20, linkType };
      return;
    }
    this.#linkType = linkType;
    this.#limit = Math.min(Math.max(snapLength, FRAME_LIMIT), RECORD_LIMIT);
    this.reading.snapLength = snapLength;
    const device = this.reading.device;
    if (device !== null && this.#device === 0) this.#device = this.reading.frames.devices.add(device);
  }

  /** What loops cannot read is read a record at a time; null where there are none for this file. */
  #inLoops(bytes: Uint8Array, start: number, end: number, batch: PacketBatch): number | null {
    const { looped, frames } = this.reading;
    if (looped === null || !looped.canRead(bytes, batch)) return null;
    if (this.#linkType !== LINK_ETHERNET || this.#bigEndian || this.#device !== 0) return null;
    const records = { isNanos: this.#nanos, limit: this.#limit, links: frames.links };
    let at = start;
    while (batch.rows < batch.capacity) {
      const { rows } = batch;
      at = looped.read(bytes, at, end, batch, records);
      this.countFrames(batch.rows - rows, batch.rows - rows);
      const next = this.#records(bytes, at, end, batch, 1);
      if (next === at) break;
      at = next;
    }
    return at;
  }

  /** @param most  records to read at most */
  #records(bytes: Uint8Array, start: number, end: number, batch: PacketBatch, most: number): number {
    const frames = this.reading.frames;
    const bigEndian = this.#bigEndian;
    const perMicro = this.#nanos ? 1000 : 1;
    const linkType = this.#linkType;
    const limit = this.#limit;
    const device = this.#device;
    const atMicros = batch.atMicros;
    const capacity = batch.capacity;
    let at = start;
    let row = batch.rows;
    const firstRow = row;
    let read = 0;
    while (row < capacity && read < most) {
      const body = at + 16;
      if (body > end) {
        this.needs = 16;
        break;
      }
      const kept = u32(bytes, at + 8, bigEndian);
      if (kept === 0 && this.#isHeader(bytes, at)) {
        this.needs = FILE_HEADER;
        if (end - at < FILE_HEADER) break;
        this.#fileHeader(bytes, at);
        if (this.stop === null) at += FILE_HEADER;
        if (this.stop !== null || this.#linkType !== linkType) break;
        continue;
      }
      if (kept > limit) {
        this.#tooLong(at, kept);
        break;
      }
      const next = body + kept;
      if (next > end) {
        this.needs = 16 + kept;
        break;
      }
      const fraction = u32(bytes, at + 4, bigEndian);
      atMicros[row] = u32(bytes, at, bigEndian) * 1e6 + (perMicro === 1 ? fraction : (fraction / perMicro) >>> 0);
      const original = u32(bytes, at + 12, bigEndian);
      const wire = original > kept ? original : kept;
      const outcome: Outcome =
        linkType === LINK_ETHERNET
          ? frames.ethernet(bytes, body, next, wire, batch, row)
          : frames.frame(linkType, bytes, body, next, wire, batch, row);
      if (outcome === GIVEN) {
        if (device !== 0) batch.device[row] = device;
        row += 1;
      } else {
        this.lose(outcome, this.base + at);
      }
      read += 1;
      at = next;
    }
    batch.rows = row;
    this.countFrames(read, row - firstRow);
    return at;
  }

  /** Whether sixteen bytes begin a header of this file's kind: no packet has none of its bytes, and these seconds. */
  #isHeader(bytes: Uint8Array, at: number): boolean {
    const magic = this.#nanos ? 0xa1b23c4d : 0xa1b2c3d4;
    return u32(bytes, at, this.#bigEndian) === magic && u32(bytes, at + 12, this.#bigEndian) === 0;
  }

  /** Records with ifindex, EtherType and packet type behind the usual sixteen bytes. */
  #modifiedRecords(bytes: Uint8Array, start: number, end: number, batch: PacketBatch): number {
    const frames = this.reading.frames;
    let at = start;
    while (batch.rows < batch.capacity) {
      const body = at + 24;
      if (body > end) {
        this.needs = 24;
        break;
      }
      const kept = u32(bytes, at + 8, this.#bigEndian);
      if (kept > this.#limit) {
        this.#tooLong(at, kept);
        break;
      }
      if (body + kept > end) {
        this.needs = 24 + kept;
        break;
      }
      const row = batch.rows;
      batch.atMicros[row] = u32(bytes, at, this.#bigEndian) * 1e6 + u32(bytes, at + 4, this.#bigEndian);
      const wire = Math.max(u32(bytes, at + 12, this.#bigEndian), kept);
      const device = frames.devices.ofIndex(u32(bytes, at + 16, this.#bigEndian), this.#linkType);
      const outcome: Outcome =
        device < 0 ? MALFORMED : frames.frame(this.#linkType, bytes, body, body + kept, wire, batch, row);
      if (outcome === GIVEN) {
        batch.device[row] = device;
        batch.side[row] = sideOfPacketType(bytes[at + 22]!);
        batch.rows += 1;
      } else {
        this.lose(outcome, this.base + at);
      }
      this.countFrames(1, batch.rows - row);
      at = body + kept;
    }
    return at;
  }

  #tooLong(at: number, kept: number): void {
    this.corrupt(this.base + at, `a packet of ${kept} bytes, and none is longer than ${this.#limit}`);
  }
}

function u32(bytes: Uint8Array, at: number, bigEndian: boolean): number {
  return bigEndian
    ? ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
    : ((bytes[at + 3]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 1]! << 8) | bytes[at]!) >>> 0;
}
