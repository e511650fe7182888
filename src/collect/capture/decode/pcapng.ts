/**
 * The pcapng container: sections of blocks.
 *
 * In:    bytes that begin with a section header. Out: rows of a batch.
 * Holds: several sections, each in its own byte order; several interfaces, each with its own link type and time scale;
 *        enhanced, simple and obsolete packet blocks. Other blocks are passed over, however long. A simple block has no
 *        time: it gets that of the packet before it (0 for the first). A frame of an interface whose link type is not read
 *        is counted `not-ip` and remembered in `unread`. A frame whose interface was never described, or whose record is
 *        longer than its block, is malformed.
 * Fails: never; stops where the two lengths of a block differ, at one below 12 bytes, and at a block that must be held and
 *        claims more than 16 MiB.
 */
import { SIDE_RECEIVED, SIDE_SENT, SIDE_UNKNOWN, type PacketBatch } from '../../../model/batch.ts';
import { ContainerReader, RECORD_LIMIT, type Reading } from './container.ts';
import { isLinkTypeRead } from './frames.ts';
import { readInterfaceBlock, timeOf, type TimeScale } from './interface-block.ts';
import { GIVEN, MALFORMED, NOT_IP, type Outcome } from './outcome.ts';

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
/** Of a section; many may describe one device. */
const INTERFACES_AT_MOST = 65_535;

type Interface = {
  readonly device: number;
  readonly linkType: number;
  readonly isRead: boolean;
  readonly snapLength: number;
  readonly time: TimeScale;
};

/** Whether four bytes begin a pcapng file. */
export function isPcapng(b0: number, b1: number, b2: number, b3: number): boolean {
  return b0 === 0x0a && b1 === 0x0d && b2 === 0x0d && b3 === 0x0a;
}

export class PcapngReader extends ContainerReader {
  /** First link type met that is not read, and where; null where all are. */
  unread: { linkType: number; at: number } | null = null;
  #bigEndian = false;
  #interfaces: Interface[] = [];
  #lastMicros = 0;
  /** Bytes of a block that is passed over still to come, then the length that must stand behind them. */
  #skip = 0;
  #trailer = 0;

  constructor(reading: Reading) {
    super(reading);
    this.needs = 12;
  }

  get isInside(): boolean {
    return this.#trailer !== 0;
  }

  get within(): string {
    return 'a block';
  }

  take(bytes: Uint8Array, start: number, end: number, batch: PacketBatch): number {
    let at = start;
    while (batch.rows < batch.capacity && this.stop === null) {
      if (this.#trailer !== 0) {
        const skipped = Math.min(this.#skip, end - at);
        at += skipped;
        this.#skip -= skipped;
        if (this.#skip > 0 || end - at < 4) {
          this.needs = this.#skip > 0 ? 1 : 4;
          break;
        }
        if (this.#differs(bytes, at, this.#trailer)) break;
        this.#trailer = 0;
        at += 4;
      }
      if (end - at < 12) {
        this.needs = 12;
        break;
      }
      const type = this.#blockType(bytes, at);
      if (this.stop !== null) break;
      const length = padded(this.#u32(bytes, at + 4));
      if (length < (type === SECTION ? 28 : 12)) {
        this.corrupt(this.base + at, `a block of ${length} bytes, which is too short for one`);
        break;
      }
      if (!isKept(type)) {
        this.#trailer = length;
        this.#skip = length - 12;
        at += 8;
        continue;
      }
      if (length > RECORD_LIMIT) {
        this.corrupt(this.base + at, `a block of ${length} bytes, and none is longer than ${RECORD_LIMIT}`);
        break;
      }
      if (at + length > end) {
        this.needs = length;
        break;
      }
      if (this.#differs(bytes, at + length - 4, length)) break;
      this.#block(type, bytes, at, at + length - 4, batch);
      at += length;
    }
    return at;
  }

  /** The block's type; a section header sets the byte order of everything behind it. */
  #blockType(bytes: Uint8Array, at: number): number {
    const type = this.#u32(bytes, at);
    if (type !== SECTION) return type;
    const order = ((bytes[at + 8]! << 24) | (bytes[at + 9]! << 16) | (bytes[at + 10]! << 8) | bytes[at + 11]!) >>> 0;
    if (order !== 0x1a2b3c4d && order !== 0x4d3c2b1a) {
      this.corrupt(this.base + at + 8, `the byte order 0x${order.toString(16)}, which is none`);
      return type;
    }
    this.#bigEndian = order === 0x1a2b3c4d;
    return type;
  }

  #differs(bytes: Uint8Array, at: number, length: number): boolean {
    const behind = this.#u32(bytes, at);
    if (padded(behind) === length) return false;
    this.corrupt(this.base + at, `a block that is ${length} bytes long by its head and ${behind} by its foot`);
    return true;
  }

  #block(type: number, bytes: Uint8Array, at: number, end: number, batch: PacketBatch): void {
    const body = at + 8;
    if (type === ENHANCED_PACKET) this.#packet(bytes, at, end, batch, false);
    else if (type === SIMPLE_PACKET) this.#simple(bytes, at, end, batch);
    else if (type === OBSOLETE_PACKET) this.#packet(bytes, at, end, batch, true);
    else if (type === SECTION) {
      const major = this.#u16(bytes, body + 4);
      if (major !== 1) this.corrupt(this.base + body + 4, `version ${major} of pcapng, and 1 is the only one`);
      this.#interfaces = [];
      this.reading.frames.bigEndian = this.#bigEndian;
    } else if (body + 8 <= end) {
      this.#interface(bytes, body, end);
    } else {
      this.corrupt(this.base + at, `an interface block of ${end + 4 - at} bytes, which is too short for one`);
    }
  }

  #interface(bytes: Uint8Array, body: number, end: number): void {
    const read = readInterfaceBlock(
      bytes,
      body,
      end,
      (bytes, at) => this.#u16(bytes, at),
      (bytes, at) => this.#u32(bytes, at),
    );
    const { device, snapLength, time } = read;
    const position = this.reading.frames.devices.add(device);
    if (position < 0 || this.#interfaces.length >= INTERFACES_AT_MOST) {
      this.corrupt(this.base + body - 8, 'more than 65,535 interfaces');
      return;
    }
    const isRead = isLinkTypeRead(device.linkType);
    if (!isRead && this.unread === null) this.unread = { linkType: device.linkType, at: this.base + body };
    this.#interfaces.push({ device: position, linkType: device.linkType, isRead, snapLength, time });
    if (snapLength > this.reading.snapLength) this.reading.snapLength = snapLength;
  }

  /** An enhanced or an obsolete packet block; they differ in how they name the interface. */
  #packet(bytes: Uint8Array, at: number, end: number, batch: PacketBatch, obsolete: boolean): void {
    const body = at + 8;
    const data = body + 20;
    const kept = data <= end ? this.#u32(bytes, body + 12) : -1;
    const number = obsolete ? this.#u16(bytes, body) : this.#u32(bytes, body);
    const from = this.#interfaces[number];
    if (kept < 0 || data + kept > end || from === undefined) {
      this.#count(MALFORMED, at, batch);
      return;
    }
    const atMicros = timeOf(this.#u32(bytes, body + 4), this.#u32(bytes, body + 8), from.time);
    if (atMicros < 0) {
      this.#count(MALFORMED, at, batch);
      return;
    }
    this.#lastMicros = atMicros;
    const original = this.#u32(bytes, body + 16);
    const options = data + ((kept + 3) & ~3);
    const side = options + 8 <= end ? this.#side(bytes, options, end) : SIDE_UNKNOWN;
    this.#frame(from, bytes, at, data, kept, original, side, batch);
  }

  #simple(bytes: Uint8Array, at: number, end: number, batch: PacketBatch): void {
    const data = at + 12;
    const from = this.#interfaces[0];
    if (data > end || from === undefined) {
      this.#count(MALFORMED, at, batch);
      return;
    }
    const original = this.#u32(bytes, at + 8);
    const kept = from.snapLength === 0 ? original : Math.min(original, from.snapLength);
    if (data + kept > end) this.#count(MALFORMED, at, batch);
    else this.#frame(from, bytes, at, data, kept, original, SIDE_UNKNOWN, batch);
  }

  #frame(
    from: Interface,
    bytes: Uint8Array,
    at: number,
    data: number,
    kept: number,
    original: number,
    side: number,
    batch: PacketBatch,
  ): void {
    if (!from.isRead) {
      this.#count(NOT_IP, at, batch);
      return;
    }
    const row = batch.rows;
    batch.atMicros[row] = this.#lastMicros;
    const wire = original > kept ? original : kept;
    const outcome = this.reading.frames.frame(from.linkType, bytes, data, data + kept, wire, batch, row);
    if (outcome === GIVEN) {
      if (batch.device[row] === 0) batch.device[row] = from.device;
      if (side !== SIDE_UNKNOWN) batch.side[row] = side;
    }
    this.#count(outcome, at, batch);
  }

  #count(outcome: Outcome, at: number, batch: PacketBatch): void {
    if (outcome === GIVEN) batch.rows += 1;
    else this.lose(outcome, this.base + at);
    this.countFrames(1, outcome === GIVEN ? 1 : 0);
  }

  /** Direction in the flags option (2) of a packet block: 1 inbound, 2 outbound. */
  #side(bytes: Uint8Array, options: number, end: number): number {
    let p = options;
    while (p + 4 <= end) {
      const code = this.#u16(bytes, p);
      const length = this.#u16(bytes, p + 2);
      if (code === 0) return SIDE_UNKNOWN;
      if (code === 2 && length === 4 && p + 8 <= end) {
        const direction = this.#u32(bytes, p + 4) & 3;
        if (direction === 1) return SIDE_RECEIVED;
        return direction === 2 ? SIDE_SENT : SIDE_UNKNOWN;
      }
      p += 4 + ((length + 3) & ~3);
    }
    return SIDE_UNKNOWN;
  }

  #u16(bytes: Uint8Array, at: number): number {
    return this.#bigEndian ? (bytes[at]! << 8) | bytes[at + 1]! : (bytes[at + 1]! << 8) | bytes[at]!;
  }

  #u32(bytes: Uint8Array, at: number): number {
    return this.#bigEndian
      ? ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
      : ((bytes[at + 3]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 1]! << 8) | bytes[at]!) >>> 0;
  }
}

/** Some writers leave the padding out of the length; it is there all the same. */
function padded(length: number): number {
  return length + ((4 - (length & 3)) & 3);
}

function isKept(type: number): boolean {
  return (
    type === ENHANCED_PACKET ||
    type === SIMPLE_PACKET ||
    type === OBSOLETE_PACKET ||
    type === INTERFACE ||
    type === SECTION
  );
}
