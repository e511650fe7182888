/**
 * pcap and pcapng files made by hand, for tests alone.
 *
 * In:    frames with their times. Out: the file's bytes. Holds: nothing of the decoder is used.
 * Fails: never.
 */
import { be, join, le } from './build-frames.ts';

export type Captured = {
  readonly bytes: Uint8Array;
  /** Microseconds; with `nanos` too, and fractions count then. */
  readonly atMicros?: number;
  /** The length on the wire; default: as many as there are. */
  readonly originalLength?: number;
};

export type PcapOptions = {
  /** Default 1, Ethernet. */
  readonly linkType?: number;
  readonly bigEndian?: boolean;
  readonly nanos?: boolean;
  readonly snapLength?: number;
  /** Kuznetzov's form: records name ifindex and packet type. */
  readonly modified?: { readonly ifindex: number; readonly packetType: number };
};

/** A pcap file. */
export function pcap(packets: readonly Captured[], o: PcapOptions = {}): Uint8Array {
  const put = o.bigEndian === true ? be : le;
  const magic = o.modified !== undefined ? 0xa1b2cd34 : o.nanos === true ? 0xa1b23c4d : 0xa1b2c3d4;
  const records = packets.map(({ bytes, atMicros = 0, originalLength = bytes.length }) => {
    const seconds = Math.floor(atMicros / 1e6);
    const fraction = Math.round((atMicros - seconds * 1e6) * (o.nanos === true ? 1000 : 1));
    const head = put(4, seconds, fraction, bytes.length, originalLength);
    if (o.modified === undefined) return join(head, bytes);
    return join(head, put(4, o.modified.ifindex), put(2, 0), be(1, o.modified.packetType, 0), bytes);
  });
  return join(put(4, magic), put(2, 2, 4), put(4, 0, 0, o.snapLength ?? 262_144, o.linkType ?? 1), ...records);
}

/** An option of pcapng: its code and value. */
export type Option = readonly [code: number, value: Uint8Array];

/** Blocks of pcapng in one byte order. */
export function pcapngBlocks(bigEndian: boolean = false): {
  block(type: number, body: Uint8Array): Uint8Array;
  section(): Uint8Array;
  describe(o: { linkType?: number; snapLength?: number; options?: readonly Option[] }): Uint8Array;
  /** `time` is in the interface's units. */
  enhanced(o: {
    interface?: number;
    time: number;
    bytes: Uint8Array;
    originalLength?: number;
    options?: readonly Option[];
  }): Uint8Array;
  simple(o: { bytes: Uint8Array; originalLength?: number }): Uint8Array;
  obsolete(o: { interface?: number; time: number; bytes: Uint8Array }): Uint8Array;
  /** The value of option 2 of a packet block: 1 inbound, 2 outbound. */
  flags(direction: 1 | 2): Option;
} {
  const put = bigEndian ? be : le;
  const padded = (bytes: Uint8Array): Uint8Array => join(bytes, new Uint8Array((4 - (bytes.length & 3)) & 3));
  const optionsOf = (options: readonly Option[] = []): Uint8Array =>
    options.length === 0
      ? new Uint8Array(0)
      : join(...options.map(([code, value]) => join(put(2, code, value.length), padded(value))), put(2, 0, 0));
  const block = (type: number, body: Uint8Array): Uint8Array => {
    const length = 12 + body.length;
    return join(put(4, type, length), body, put(4, length));
  };
  const packet = (time: number, bytes: Uint8Array, originalLength: number): Uint8Array =>
    join(put(4, Math.floor(time / 2 ** 32), time % 2 ** 32, bytes.length, originalLength), padded(bytes));
  return {
    block,
    section: () => block(0x0a0d0d0a, join(put(4, 0x1a2b3c4d), put(2, 1, 0), put(4, 0xffff_ffff, 0xffff_ffff))),
    describe: (o) => block(1, join(put(2, o.linkType ?? 1, 0), put(4, o.snapLength ?? 0), optionsOf(o.options))),
    enhanced: (o) =>
      block(
        6,
        join(
          put(4, o.interface ?? 0),
          packet(o.time, o.bytes, o.originalLength ?? o.bytes.length),
          optionsOf(o.options),
        ),
      ),
    simple: (o) => block(3, join(put(4, o.originalLength ?? o.bytes.length), padded(o.bytes))),
    obsolete: (o) => block(2, join(put(2, o.interface ?? 0, 0), packet(o.time, o.bytes, o.bytes.length))),
    flags: (direction) => [2, put(4, direction)],
  };
}

/** A pcapng file of one section and one interface, times in microseconds. */
export function pcapng(
  packets: readonly Captured[],
  o: { linkType?: number; bigEndian?: boolean; options?: readonly Option[] } = {},
): Uint8Array {
  const blocks = pcapngBlocks(o.bigEndian);
  return join(
    blocks.section(),
    blocks.describe({ linkType: o.linkType ?? 1, options: o.options ?? [] }),
    ...packets.map(({ bytes, atMicros = 0, originalLength = bytes.length }) =>
      blocks.enhanced({ time: atMicros, bytes, originalLength }),
    ),
  );
}
