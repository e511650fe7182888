/**
 * Packets and frames made by hand, for tests alone.
 *
 * In:    fields. Out: bytes, right in every length and number unless a field says otherwise (checksums are 0).
 * Holds: nothing of the decoder is used, so a mistake there is not repeated here.
 * Fails: throws on an address that is none.
 */

/** The bytes of parts, one behind the other. */
export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Numbers as big-endian bytes: `be(2, 0x0800)`. */
export function be(width: 1 | 2 | 4 | 8, ...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(width * values.length);
  values.forEach((value, index) => {
    let rest = value;
    for (let i = width - 1; i >= 0; i -= 1) {
      bytes[index * width + i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  });
  return bytes;
}

/** Numbers as little-endian bytes. */
export function le(width: 1 | 2 | 4 | 8, ...values: readonly number[]): Uint8Array {
  return join(...values.map((value) => be(width, value).reverse()));
}

/** `10.0.0.1` as four bytes. */
export function address4(text: string): Uint8Array {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) throw new Error(`no address: ${text}`);
  return Uint8Array.from(parts);
}

/** `fd00::1` as sixteen bytes. */
export function address6(text: string): Uint8Array {
  const [head = '', tail] = text.split('::');
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  const before = groups(head);
  const behind = tail === undefined ? [] : groups(tail);
  const zeros = tail === undefined ? 0 : 8 - before.length - behind.length;
  const all = [...before, ...Array<number>(zeros).fill(0), ...behind];
  if (all.length !== 8 || all.some(Number.isNaN)) throw new Error(`no address: ${text}`);
  return be(2, ...all);
}

/** `02:00:00:00:00:01` as six bytes. */
export function mac(text: string): Uint8Array {
  return Uint8Array.from(text.split(':').map((part) => parseInt(part, 16)));
}

export type Ports = { readonly srcport: number; readonly dstport: number };

/** A TCP segment of 20 bytes and its payload. */
export function tcp(o: Ports & { flags?: number; payload?: Uint8Array }): Uint8Array {
  const header = join(be(2, o.srcport, o.dstport), be(4, 1, 2), be(1, 0x50, o.flags ?? 0x10), be(2, 65_535, 0, 0));
  return join(header, o.payload ?? new Uint8Array(0));
}

/** A UDP datagram. */
export function udp(o: Ports & { payload?: Uint8Array }): Uint8Array {
  const payload = o.payload ?? new Uint8Array(0);
  return join(be(2, o.srcport, o.dstport, 8 + payload.length, 0), payload);
}

/** An SCTP packet: the common header and its payload. */
export function sctp(o: Ports & { payload?: Uint8Array }): Uint8Array {
  return join(be(2, o.srcport, o.dstport), be(4, 7, 0), o.payload ?? new Uint8Array(0));
}

/** An ICMP or ICMPv6 message: eight bytes and what follows (an error's quoted packet). */
export function icmp(o: {
  type: number;
  code?: number;
  id?: number;
  sequence?: number;
  payload?: Uint8Array;
}): Uint8Array {
  const header = join(be(1, o.type, o.code ?? 0), be(2, 0, o.id ?? 0, o.sequence ?? 0));
  return join(header, o.payload ?? new Uint8Array(0));
}

export type Ip4 = {
  readonly src: string;
  readonly dst: string;
  readonly protocol: number;
  readonly payload: Uint8Array;
  /** Options, a multiple of four bytes. */
  readonly options?: Uint8Array;
  readonly id?: number;
  readonly more?: boolean;
  /** Of a fragment, in bytes: a multiple of eight. */
  readonly offset?: number;
  readonly version?: number;
  /** Instead of the right ones. */
  readonly totalLength?: number;
  readonly headerWords?: number;
};

/** An IPv4 packet. */
export function ip4(o: Ip4): Uint8Array {
  const options = o.options ?? new Uint8Array(0);
  const words = o.headerWords ?? 5 + options.length / 4;
  const total = o.totalLength ?? 20 + options.length + o.payload.length;
  const fragment = (o.more === true ? 0x2000 : 0) | ((o.offset ?? 0) / 8);
  return join(
    be(1, ((o.version ?? 4) << 4) | words, 0),
    be(2, total, o.id ?? 0, fragment),
    be(1, 64, o.protocol),
    be(2, 0),
    address4(o.src),
    address4(o.dst),
    options,
    o.payload,
  );
}

/** An extension header of IPv6; `fragment` takes `offset`, `more` and `id`, the others `words` of eight bytes behind the first. */
export type Extension = {
  readonly kind: 0 | 43 | 44 | 60 | 51;
  readonly words?: number;
  readonly offset?: number;
  readonly more?: boolean;
  readonly id?: number;
};

export type Ip6 = {
  readonly src: string;
  readonly dst: string;
  readonly next: number;
  readonly payload: Uint8Array;
  readonly extensions?: readonly Extension[];
  readonly version?: number;
  /** Instead of the right one; 0 for a jumbo or offloaded packet. */
  readonly payloadLength?: number;
};

/** An IPv6 packet; `next` is the protocol behind the extension headers. */
export function ip6(o: Ip6): Uint8Array {
  const extensions = o.extensions ?? [];
  const parts = extensions.map((extension, index) => {
    const next = extensions[index + 1]?.kind ?? o.next;
    if (extension.kind === 44) {
      const bits = (extension.offset ?? 0) | (extension.more === true ? 1 : 0);
      return join(be(1, next, 0), be(2, bits), be(4, extension.id ?? 0));
    }
    const words = extension.words ?? 0;
    // The authentication header counts in words of four bytes, less two.
    if (extension.kind === 51) return join(be(1, next, words * 2), new Uint8Array(6 + words * 8));
    return join(be(1, next, words), new Uint8Array(6 + words * 8));
  });
  const behind = join(...parts, o.payload);
  return join(
    be(1, (o.version ?? 6) << 4, 0, 0, 0),
    be(2, o.payloadLength ?? behind.length),
    be(1, extensions[0]?.kind ?? o.next, 64),
    address6(o.src),
    address6(o.dst),
    behind,
  );
}

export const MAC_A = '02:00:00:00:00:0a';
export const MAC_B = '02:00:00:00:00:0b';
export const ETHERTYPE_4 = 0x0800;
export const ETHERTYPE_6 = 0x86dd;

/** The EtherType of an IP packet. */
export function etherTypeOf(packet: Uint8Array): number {
  return packet[0]! >>> 4 === 6 ? ETHERTYPE_6 : ETHERTYPE_4;
}

export type Tag = { readonly type?: number; readonly id: number };

/** An Ethernet frame; tags outermost first; `pad` fills it to so many bytes. */
export function ethernet(
  packet: Uint8Array,
  o: { src?: string; dst?: string; tags?: readonly Tag[]; type?: number; pad?: number } = {},
): Uint8Array {
  const tags = (o.tags ?? []).map((tag) => be(2, tag.type ?? 0x8100, tag.id));
  const type = be(2, o.type ?? etherTypeOf(packet));
  const frame = join(mac(o.dst ?? MAC_B), mac(o.src ?? MAC_A), ...tags, type, packet);
  return join(frame, new Uint8Array(Math.max(0, (o.pad ?? 0) - frame.length)));
}

/** A Linux cooked frame, version 1 (link type 113). */
export function cooked(
  packet: Uint8Array,
  o: { packetType?: number; src?: string | null; type?: number } = {},
): Uint8Array {
  const sender = o.src === null ? new Uint8Array(0) : mac(o.src ?? MAC_A);
  return join(
    be(2, o.packetType ?? 0, 1, sender.length),
    join(sender, new Uint8Array(8 - sender.length)),
    be(2, o.type ?? etherTypeOf(packet)),
    packet,
  );
}

/** A Linux cooked frame, version 2 (link type 276). */
export function cooked2(
  packet: Uint8Array,
  o: { packetType?: number; src?: string | null; type?: number; ifindex?: number } = {},
): Uint8Array {
  const sender = o.src === null ? new Uint8Array(0) : mac(o.src ?? MAC_A);
  return join(
    be(2, o.type ?? etherTypeOf(packet), 0),
    be(4, o.ifindex ?? 1),
    be(2, 1),
    be(1, o.packetType ?? 0, sender.length),
    join(sender, new Uint8Array(8 - sender.length)),
    packet,
  );
}

/** A BSD loopback frame (link types 0 and 108). */
export function loopback(packet: Uint8Array, family: number, bigEndian: boolean): Uint8Array {
  return join(bigEndian ? be(4, family) : le(4, family), packet);
}

/** An NFLOG frame (link type 239). */
export function nflog(
  packet: Uint8Array,
  o: {
    family?: number;
    mark?: number;
    atMicros?: number;
    deviceIn?: number;
    deviceOut?: number;
    prefix?: string;
    bigEndian?: boolean;
  } = {},
): Uint8Array {
  const host = o.bigEndian === true ? be : le;
  const triple = (type: number, value: Uint8Array): Uint8Array =>
    join(host(2, 4 + value.length, type), value, new Uint8Array((4 - (value.length & 3)) & 3));
  const parts = [be(1, o.family ?? (etherTypeOf(packet) === ETHERTYPE_6 ? 10 : 2), 0), be(2, 5)];
  parts.push(triple(1, join(be(2, etherTypeOf(packet)), be(1, 2, 0))));
  if (o.prefix !== undefined) parts.push(triple(10, join(new TextEncoder().encode(o.prefix), be(1, 0))));
  if (o.mark !== undefined) parts.push(triple(2, be(4, o.mark)));
  if (o.atMicros !== undefined) parts.push(triple(3, be(8, Math.floor(o.atMicros / 1e6), o.atMicros % 1e6)));
  if (o.deviceIn !== undefined) parts.push(triple(4, be(4, o.deviceIn)));
  if (o.deviceOut !== undefined) parts.push(triple(5, be(4, o.deviceOut)));
  parts.push(triple(9, packet));
  return join(...parts);
}
