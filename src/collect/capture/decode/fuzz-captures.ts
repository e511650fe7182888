/**
 * Hostile captures without end, and what must hold of each; for tests alone.
 *
 * In:    a seed, and captures to begin from. Out: inputs one behind the other; a sentence for one that breaks a promise.
 * Holds: the same seed gives the same inputs. Each is decoded twice, in random pieces and whole: no throw, counts add up,
 *        every column within its range, both readings the same.
 * Fails: never.
 */
import { createPacketBatch, type PacketBatch, type SourceInfo } from '../../../model/batch.ts';
import { pcap, pcapng, pcapngBlocks, type Captured } from './build-captures.ts';
import { cooked, cooked2, ethernet, icmp, ip4, ip6, join, loopback, nflog, sctp, tcp, udp } from './build-frames.ts';
import { CaptureDecoder } from './decoder.ts';
import { DeviceList } from './devices.ts';
import { FrameDecoder, isLinkTypeRead } from './frames.ts';
import { clearBatch, HeaderDecoder } from './headers.ts';
import { LinkPairs } from './link-pairs.ts';
import { GIVEN } from './outcome.ts';

/** A small generator of random numbers (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000) * below);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** Packets of every kind of header, and the last few of them fragments. */
function validPackets(): Uint8Array[] {
  const segment = tcp({ srcport: 40_000, dstport: 443, flags: 0x12, payload: new Uint8Array(5) });
  const datagram = udp({ srcport: 5000, dstport: 53, payload: new Uint8Array(40) });
  const v4 = { src: '10.0.0.1', dst: '10.0.0.2' };
  const v6 = { src: 'fd00::1', dst: 'fd00::2' };
  const plain = ip4({ ...v4, protocol: 6, payload: segment });
  const plain6 = ip6({ ...v6, next: 17, payload: datagram });
  return [
    plain,
    plain6,
    ip4({ ...v4, protocol: 17, payload: datagram, options: new Uint8Array(12) }),
    ip4({ ...v4, protocol: 17, payload: datagram, id: 9, more: true }),
    ip4({ ...v4, protocol: 17, payload: new Uint8Array(24), id: 9, offset: 48 }),
    ip4({ ...v4, protocol: 1, payload: icmp({ type: 8, id: 7 }) }),
    ip4({ ...v4, protocol: 1, payload: icmp({ type: 3, code: 3, payload: plain }) }),
    ip4({ ...v4, protocol: 132, payload: sctp({ srcport: 1, dstport: 2 }), totalLength: 0 }),
    ip6({ ...v6, next: 6, payload: segment, extensions: [{ kind: 0, words: 1 }, { kind: 43 }, { kind: 60 }] }),
    ip6({ ...v6, next: 17, payload: datagram, extensions: [{ kind: 44, id: 3, more: true }] }),
    ip6({ ...v6, next: 17, payload: datagram, extensions: [{ kind: 44, id: 3, offset: 48 }] }),
    ip6({ ...v6, next: 58, payload: icmp({ type: 1, payload: plain6 }) }),
    ip6({ ...v6, next: 6, payload: segment, extensions: [{ kind: 51, words: 1 }], payloadLength: 0 }),
  ];
}

type Framing = readonly [linkType: number, bigEndian: boolean, frame: (packet: Uint8Array) => Uint8Array];

/** Every link type, and how a packet is framed in it. */
const FRAMINGS: readonly Framing[] = [
  [1, false, (packet) => ethernet(packet)],
  [1, false, (packet) => ethernet(packet, { tags: [{ type: 0x88a8, id: 5 }, { id: 6 }], pad: 60 })],
  [113, false, (packet) => cooked(packet, { packetType: 4 })],
  [276, false, (packet) => cooked2(packet, { ifindex: 3 })],
  [101, false, (packet) => packet],
  [239, false, (packet) => nflog(packet, { mark: 99, atMicros: 1.7e15, deviceIn: 2, prefix: '3:0:1:' })],
  [239, true, (packet) => nflog(packet, { mark: 99, deviceOut: 2, prefix: '3', bigEndian: true })],
  [0, false, (packet) => loopback(packet, packet[0]! >>> 4 === 4 ? 2 : 30, false)],
  [108, true, (packet) => loopback(packet, packet[0]! >>> 4 === 4 ? 2 : 24, true)],
];

/** Valid captures of every container, link type and kind of header. */
export function validCaptures(): Uint8Array[] {
  const packets = validPackets();
  const captured = (of: (packet: Uint8Array) => Uint8Array): Captured[] =>
    packets.map((packet, at) => ({ bytes: of(packet), atMicros: 1.7e15 + at * 1000 }));
  const blocks = pcapngBlocks();
  const mixed = join(
    blocks.section(),
    blocks.describe({
      options: [
        [2, new TextEncoder().encode('eth0')],
        [9, Uint8Array.of(9)],
      ],
    }),
    blocks.describe({ linkType: 276, snapLength: 128 }),
    blocks.block(5, new Uint8Array(24)),
    ...packets.map((packet, at) =>
      blocks.enhanced({ time: 1e15 + at, bytes: ethernet(packet), options: [blocks.flags(1)] }),
    ),
    blocks.simple({ bytes: ethernet(packets[0]!) }),
    blocks.obsolete({ interface: 1, time: 5, bytes: cooked2(packets[1]!) }),
  );
  return [
    ...FRAMINGS.flatMap(([linkType, bigEndian, frame]) => {
      const list = captured(frame);
      const options = { linkType, bigEndian };
      return [pcap(list, options), pcap(list, { ...options, nanos: true, snapLength: 96 }), pcapng(list, options)];
    }),
    pcap(
      captured((packet) => ethernet(packet)),
      { bigEndian: true },
    ),
    pcapng(
      captured((packet) => cooked(packet)),
      { linkType: 113, bigEndian: true },
    ),
    pcap(
      captured((packet) => ethernet(packet)),
      { modified: { ifindex: 4, packetType: 4 } },
    ),
    mixed,
  ];
}

const TELLING = [
  0, 1, 2, 3, 4, 7, 8, 12, 15, 16, 20, 28, 39, 40, 63, 64, 127, 128, 254, 255, 256, 1500, 65_535, 65_536,
];
const TELLING_WORDS = [...TELLING, 262_144, 262_145, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff, 0x0a0d_0d0a];

/** One more input: noise, or valid captures changed in a few places. */
export function nextInput(random: Random, from: readonly Uint8Array[]): Uint8Array {
  if (random.below(50) === 0) return noise(random, random.below(400));
  let input: Uint8Array = random.pick(from).slice();
  if (random.below(40) === 0) return join(input.subarray(0, 24), noise(random, random.below(400)));
  for (let changes = random.below(6); changes > 0; changes -= 1) input = changed(random, input, from);
  return input;
}

function noise(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256));
}

function changed(random: Random, input: Uint8Array, from: readonly Uint8Array[]): Uint8Array {
  const at = random.below(input.length + 1);
  switch (random.below(9)) {
    case 0:
      input[at] = random.below(256);
      return input;
    case 1:
      input[at] = input[at]! ^ (1 << random.below(8));
      return input;
    case 2:
      put(input, at, 4, random.pick(TELLING_WORDS), random.below(2) === 0);
      return input;
    case 3:
      put(input, at, 2, random.pick(TELLING), random.below(2) === 0);
      return input;
    case 4:
      input[at] = random.pick(TELLING);
      return input;
    case 5:
      return input.slice(0, at);
    case 6:
      return join(input.subarray(0, at), input.subarray(Math.min(input.length, at + random.below(60))));
    case 7:
      return join(input.subarray(0, at), noise(random, random.below(60)), input.subarray(at));
    default: {
      const other = random.pick(from);
      const cut = random.below(other.length);
      return join(input.subarray(0, at), other.subarray(cut, cut + random.below(400)));
    }
  }
}

function put(bytes: Uint8Array, at: number, width: number, value: number, big: boolean): void {
  for (let i = 0; i < width; i += 1) {
    if (at + i < bytes.length) bytes[at + i] = (value >>> ((big ? width - 1 - i : i) * 8)) & 255;
  }
}

/** A pcap file of so many Ethernet frames, some of them changed, cut, or of a pair of addresses that no other has. */
export function nextFile(random: Random, packets: number): Uint8Array {
  const valid = validPackets();
  const all = valid.map((packet) => ethernet(packet));
  const captured = Array.from({ length: packets }, (_, i): Captured => {
    const src = `02:00:00:00:00:${random
      .below(random.below(20) === 0 ? 256 : 4)
      .toString(16)
      .padStart(2, '0')}`;
    let bytes: Uint8Array = ethernet(random.pick(valid), {
      src,
      ...(random.below(9) === 0 ? { tags: [{ id: 7 }] } : {}),
    });
    for (let changes = random.below(4) === 0 ? 3 : 0; changes > 0; changes -= 1) bytes = changed(random, bytes, all);
    const originalLength = bytes.length + random.below(2) * random.below(2000);
    if (random.below(5) === 0) bytes = bytes.subarray(0, random.below(bytes.length + 1));
    return { bytes, originalLength, atMicros: i * 1234.567 };
  });
  return pcap(captured, { nanos: random.below(2) === 0 });
}

/** Kept between inputs, so that what one leaves behind shows in the next. */
const BATCHES: readonly PacketBatch[] = [1, 3, 64].map((capacity) => createPacketBatch(capacity));

/** Decodes an input twice; null, or the promise it breaks. */
export function brokenPromise(random: Random, input: Uint8Array): string | null {
  try {
    const pieces = random.below(3) === 0 ? 1 : 1 + random.below(6);
    const cuts = Array.from({ length: pieces - 1 }, () => random.below(input.length + 1)).sort((a, b) => a - b);
    const torn = read(input, cuts, random.pick(BATCHES));
    const whole = read(input, [], BATCHES[2]!);
    return torn === whole ? null : `read in pieces ${torn}, whole ${whole}`;
  } catch (error) {
    return error instanceof Broken ? error.message : `threw ${error instanceof Error ? error.stack : String(error)}`;
  }
}

class Broken extends Error {}

function must(holds: boolean, promise: string): void {
  if (!holds) throw new Broken(promise);
}

/** Everything that a reading gave, as a text that two readings can be compared by. */
function read(input: Uint8Array, cuts: readonly number[], batch: PacketBatch): string {
  const decoder = new CaptureDecoder({ name: 'input' });
  batch.rows = 0;
  let from = 0;
  let sum = 0;
  let rows = 0;
  const take = (): void => {
    for (let row = 0; row < batch.rows; row += 1) sum = Math.imul(sum, 31) + check(batch, row, decoder.info);
    rows += batch.rows;
    batch.rows = 0;
  };
  for (const to of [...cuts, input.length]) {
    // A copy, so that reading beyond a piece shows.
    decoder.push(input.slice(from, to));
    from = to;
    while (decoder.fill(batch)) take();
  }
  take();
  decoder.finish();
  const { count, info, malformedAt, problem } = decoder;
  const lost = Object.values(count.lost).reduce((a, b) => a + b, 0);
  must(count.in === count.out + count.held + lost, `in ${count.in} is not out ${count.out} and lost ${lost}`);
  must(count.out === rows, `out ${count.out} is not ${rows} rows`);
  must(malformedAt.length === Math.min(8, count.lost['malformed'] ?? 0), 'places of malformed frames');
  must(
    malformedAt.every((at) => at >= 0 && at < input.length),
    'a place beyond the input',
  );
  must(
    info.devices.every(({ linkType }) => isLinkTypeRead(linkType) || linkType <= 0xffff),
    'a device of no link type',
  );
  return JSON.stringify([rows, sum, count, malformedAt, problem?.message ?? null, info.devices, info.linkPairs.length]);
}

/** Looks at every column of a row, and gives a number made of them. */
function check(batch: PacketBatch, row: number, info: Pick<SourceInfo, 'devices' | 'linkPairs'>): number {
  const family = batch.family[row]!;
  const at = batch.atMicros[row]!;
  const flags = batch.flags[row]!;
  const quoted = batch.quoted[row]!;
  must(family === 4 || family === 6, `family ${family}`);
  must(Number.isSafeInteger(at) && at >= 0, `time ${at}`);
  must(batch.device[row]! < Math.max(1, info.devices.length), `device ${batch.device[row]}`);
  must(batch.side[row]! <= 2, `side ${batch.side[row]}`);
  must(batch.link[row]! < info.linkPairs.length, `link ${batch.link[row]}`);
  must(batch.vlan[row]! < 4096, `vlan ${batch.vlan[row]}`);
  must(batch.ipBytes[row]! >= (family === 4 ? 20 : 40), `ipBytes ${batch.ipBytes[row]}`);
  must(flags < 8, `flags ${flags}`);
  must((flags & 1) === 0 || batch.ports[row] === 0, 'ports that are not known');
  must((flags & 2) === 0 || (flags & 1) === 1, 'cut before ports that are known');
  must(quoted >= -1 && quoted < batch.quotes.rows, `quoted ${quoted} of ${batch.quotes.rows}`);
  must(quoted < 0 || (flags & 4) !== 0, 'a quotation without an error');
  must(batch.tcpFlags[row] === 0 || batch.protocol[row] === 6, 'TCP flags without TCP');
  must(family === 4 ? true : batch.src4[row] === 0 && batch.dst4[row] === 0, 'an IPv4 address in an IPv6 row');
  let sum = at % 1_000_003;
  const mix = (value: number): void => {
    sum = Math.imul(sum ^ value, 0x9e3779b1) >>> 0;
  };
  for (const column of [batch.device, batch.side, batch.family, batch.protocol, batch.src4, batch.dst4, batch.ports]) {
    mix(column[row]!);
  }
  for (const column of [batch.ipBytes, batch.tcpFlags, batch.icmp, batch.icmpId, batch.vlan, batch.link])
    mix(column[row]!);
  for (const column of [batch.flags, batch.mark]) mix(column[row]!);
  if (family === 6) {
    for (let i = row * 4; i < row * 4 + 4; i += 1) {
      mix(batch.src6[i]!);
      mix(batch.dst6[i]!);
    }
  }
  if (quoted >= 0) {
    const { quotes } = batch;
    must(quotes.family[quoted] === 4 || quotes.family[quoted] === 6, 'family of a quotation');
    must(quotes.portsKnown[quoted] === 1 || quotes.ports[quoted] === 0, 'ports of a quotation that are not known');
    for (const column of [quotes.protocol, quotes.ports, quotes.portsKnown, quotes.icmp, quotes.icmpId])
      mix(column[quoted]!);
    for (let i = 0; i < 4; i += 1) mix(quotes.src[quoted * 4 + i]! ^ quotes.dst[quoted * 4 + i]!);
  }
  return sum;
}

/**
 * Looks whether frames are read beyond their end: two decoders get the same frames, one between zeros, one between ones,
 * and must see the same.
 */
export class FrameTwins {
  readonly #frames = validPackets().flatMap((packet) =>
    FRAMINGS.map(([linkType, bigEndian, frame]) => ({ linkType, bigEndian, bytes: frame(packet) })),
  );
  readonly #all = this.#frames.map(({ bytes }) => bytes);
  #twins: readonly [FrameDecoder, FrameDecoder] | null = null;
  #turn = 0;

  /** Null, or the promise that one more frame breaks. */
  brokenPromise(random: Random): string | null {
    // New ones now and then: made-up addresses fill their tables.
    if (this.#turn % 1000 === 0) this.#twins = [newFrameDecoder(), newFrameDecoder()];
    this.#turn += 1;
    const from = random.pick(this.#frames);
    let frame: Uint8Array = from.bytes.slice();
    for (let changes = random.below(4); changes > 0; changes -= 1) frame = changed(random, frame, this.#all);
    const kept = random.below(3) === 0 ? random.below(frame.length + 1) : frame.length;
    const wire = random.below(4) === 0 ? kept : frame.length;
    const atMicros = this.#turn * 20_000;
    const [zeros, ones] = this.#twins!.map((decoder, index) => {
      const bytes = new Uint8Array(frame.length + 80).fill(index * 255);
      bytes.set(frame.subarray(0, kept), 40);
      const batch = BATCHES[index]!;
      clearBatch(batch);
      batch.atMicros[0] = atMicros;
      decoder.bigEndian = from.bigEndian;
      const outcome = decoder.frame(from.linkType, bytes, 40, 40 + kept, wire, batch, 0);
      const { list } = decoder.devices;
      return outcome === GIVEN
        ? check(batch, 0, { devices: list, linkPairs: decoder.links.pairs })
        : `outcome ${outcome} ${batch.flags[0]} ${batch.ports[0]} ${batch.quotes.rows} ${batch.link[0]} ${batch.vlan[0]}`;
    });
    if (zeros === ones) return null;
    return `link type ${from.linkType}, ${kept} of ${wire} bytes: ${zeros} between zeros, ${ones} between ones: ${hex(frame)}`;
  }
}

function newFrameDecoder(): FrameDecoder {
  return new FrameDecoder(new HeaderDecoder(), new LinkPairs(), new DeviceList(() => null));
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
