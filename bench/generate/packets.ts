/**
 * Writes a capture file of made traffic.
 *
 * In:    a network, a number of packets, a seed, a snap length. Out: the bytes of a pcap file (microseconds, Ethernet),
 *        in chunks that are valid until the next.
 * Holds: 60,000 flows are open at any time; a packet belongs to one of them at random, or (bursty) to one of 24 trains.
 *        Every length and checksum is right; payload is zeros. TCP flows begin with a SYN and end with two FINs or a RST.
 *        The same input gives the same bytes.
 */
import { ICMP, TCP, UDP, createFlows } from './flows.ts';
import type { Flow } from './flows.ts';
import type { BenchNetwork } from './network.ts';
import { createRandom } from './random.ts';

export type TrafficOptions = {
  readonly packets: number;
  readonly seed: number;
  /** Bytes of a frame that are kept; 0 all. */
  readonly snapLength: number;
  readonly bursty: boolean;
  /** Packets stand evenly over this time. */
  readonly seconds: number;
};

export type TrafficSummary = {
  packets: number;
  ipBytes: number;
  fileBytes: number;
  flows: number;
  rejectedFlows: number;
  /** Packets whose sender is an interface of the network. */
  packetsFromInside: number;
};

/** 2026-01-01 00:00:00 UTC, where a 600 s window begins. */
export const START_SECONDS = 1_767_225_600;

const OPEN_FLOWS = 60_000;
const CHUNK = 1 << 20;
const LARGEST_FRAME = 1600;
/** Ethernet, IP and ports of one direction. */
const TEMPLATE = 64;
const TRAINS = 24;
const RECENT = 1024;

const FIN = 1;
const SYN = 2;
const RST = 4;
const PSH = 8;
const ACK = 16;
/** SYN: MSS 1460, SACK, timestamps, no operation, window scale 7. Others: two no operations, timestamps. */
const SYN_OPTIONS = [0x0204, 0x05b4, 0x0402, 0x080a, 0, 0, 0, 0, 0x0103, 0x0307] as const;
const DATA_OPTIONS = [0x0101, 0x080a, 0, 0, 0, 0] as const;

/** Writes the file through `write`, which must have used the bytes when it returns. */
export function writeTraffic(
  network: BenchNetwork,
  options: TrafficOptions,
  write: (chunk: Uint8Array) => void,
): TrafficSummary {
  const draw = createFlows(network, options.seed);
  const random = createRandom(options.seed * 2 + 3);
  const macs = network.interfaces.map((i) => macBytes(i.mac));
  const routers = network.subnets.map((s) => macBytes(s.routerMac));
  const summary: TrafficSummary = {
    packets: 0,
    ipBytes: 0,
    fileBytes: 0,
    flows: 0,
    rejectedFlows: 0,
    packetsFromInside: 0,
  };
  const snap = options.snapLength === 0 ? LARGEST_FRAME : options.snapLength;
  const slots = Math.min(OPEN_FLOWS, Math.max(1, options.packets >>> 1));

  const left = new Uint32Array(slots);
  const sent = new Uint32Array(slots);
  const protocols = new Uint8Array(slots);
  const six = new Uint8Array(slots);
  const oneWay = new Uint8Array(slots);
  /** 1: the client is an interface of the network, 2: the server is. */
  const inside = new Uint8Array(slots);
  const sums = new Uint32Array(slots);
  const portPairs = new Uint32Array(slots);
  const sequence = new Uint32Array(slots * 2);
  const templates = new Uint8Array(slots * 2 * TEMPLATE);

  const out = new Uint8Array(CHUNK + LARGEST_FRAME + 16);
  let at = 0;

  const put16 = (offset: number, value: number): void => {
    out[offset] = value >>> 8;
    out[offset + 1] = value;
  };
  const put32 = (offset: number, value: number): void => {
    out[offset] = value >>> 24;
    out[offset + 1] = value >>> 16;
    out[offset + 2] = value >>> 8;
    out[offset + 3] = value;
  };
  const putLittle32 = (offset: number, value: number): void => {
    out[offset] = value;
    out[offset + 1] = value >>> 8;
    out[offset + 2] = value >>> 16;
    out[offset + 3] = value >>> 24;
  };

  const fileHead = (): void => {
    putLittle32(0, 0xa1b2c3d4);
    out.set([2, 0, 4, 0], 4);
    putLittle32(8, 0);
    putLittle32(12, 0);
    putLittle32(16, options.snapLength === 0 ? 262_144 : options.snapLength);
    putLittle32(20, 1);
    at = 24;
  };

  const linkOf = (index: number, other: number): Uint8Array => {
    const subnet = network.interfaces[index < 0 ? other : index]?.subnet ?? 0;
    return (index < 0 ? routers[subnet] : macs[index]) as Uint8Array;
  };
  const sameSubnet = (flow: Flow): boolean =>
    flow.client >= 0 &&
    flow.server >= 0 &&
    network.interfaces[flow.client]?.subnet === network.interfaces[flow.server]?.subnet;

  /** Ethernet, IP and ports of one direction; lengths, id and checksum are set for each packet. */
  const template = (o: number, flow: Flow, reverse: boolean): void => {
    const from = reverse ? flow.server : flow.client;
    const to = reverse ? flow.client : flow.server;
    const direct = from < 0 || to < 0 || sameSubnet(flow);
    templates.set(direct ? linkOf(to, from) : linkOf(-1, from), o);
    templates.set(linkOf(from, to), o + 6);
    const src = reverse ? flow.serverAddress : flow.clientAddress;
    const dst = reverse ? flow.clientAddress : flow.serverAddress;
    const view = new DataView(templates.buffer, o);
    const v6 = flow.family === 6;
    view.setUint16(12, v6 ? 0x86dd : 0x0800);
    view.setUint32(14, v6 ? 0x60000000 : 0x45000000);
    if (v6) view.setUint16(20, ((flow.protocol === ICMP ? 58 : flow.protocol) << 8) | 64);
    else {
      view.setUint16(20, 0x4000);
      view.setUint16(22, (64 << 8) | flow.protocol);
    }
    const words = v6 ? 4 : 1;
    const srcAt = v6 ? 22 : 26;
    for (let w = 0; w < words; w++) {
      view.setUint32(srcAt + w * 4, src[w] as number);
      view.setUint32(srcAt + (words + w) * 4, dst[w] as number);
    }
    view.setUint16(v6 ? 54 : 34, reverse ? flow.serverPort : flow.clientPort);
    view.setUint16(v6 ? 56 : 36, reverse ? flow.clientPort : flow.serverPort);
  };

  const begin = (slot: number, running: boolean): void => {
    const flow = draw(running);
    summary.flows++;
    if (flow.rejected) summary.rejectedFlows++;
    left[slot] = flow.packets;
    sent[slot] = 0;
    protocols[slot] = flow.protocol;
    six[slot] = flow.family === 6 ? 1 : 0;
    oneWay[slot] = flow.rejected ? 1 : 0;
    inside[slot] = (flow.client >= 0 ? 1 : 0) | (flow.server >= 0 ? 2 : 0);
    const words = flow.family === 6 ? 4 : 1;
    let sum = 0;
    for (let w = 0; w < words; w++) {
      for (const address of [flow.clientAddress[w] as number, flow.serverAddress[w] as number]) {
        sum += (address >>> 16) + (address & 0xffff);
      }
    }
    sums[slot] = sum;
    portPairs[slot] = ((flow.clientPort << 16) | flow.serverPort) >>> 0;
    sequence[slot * 2] = random.u32();
    sequence[slot * 2 + 1] = random.u32();
    template(slot * 2 * TEMPLATE, flow, false);
    template((slot * 2 + 1) * TEMPLATE, flow, true);
  };

  const payloadBytes = (): number => {
    const share = random.below(100);
    return share < 28 ? 0 : share < 55 ? 64 : share < 86 ? 500 : 1400;
  };

  let milliseconds = 0;

  /** TCP from its sequence number on; gives its length. `ports` are in the template. */
  const tcp = (slot: number, reverse: boolean, flags: number, payload: number, o: number): number => {
    const options = (flags & SYN) !== 0 ? SYN_OPTIONS : DATA_OPTIONS;
    const length = 20 + options.length * 2 + payload;
    const mine = slot * 2 + (reverse ? 1 : 0);
    const seq = sequence[mine] as number;
    const ack = (flags & ACK) !== 0 ? (sequence[mine ^ 1] as number) : 0;
    const ports = portPairs[slot] as number;
    const offsetAndFlags = ((length - payload) << 10) | flags;
    let sum = (sums[slot] as number) + TCP + length + (ports >>> 16) + (ports & 0xffff) + offsetAndFlags + 501;
    sum += (seq >>> 16) + (seq & 0xffff) + (ack >>> 16) + (ack & 0xffff);
    put32(o + 4, seq);
    put32(o + 8, ack);
    put16(o + 12, offsetAndFlags);
    put16(o + 14, 501);
    put16(o + 18, 0);
    const stampAt = (flags & SYN) !== 0 ? 4 : 2;
    for (let w = 0; w < options.length; w++) {
      let word = options[w] as number;
      if (w === stampAt) word = milliseconds >>> 16;
      if (w === stampAt + 1) word = milliseconds & 0xffff;
      put16(o + 20 + w * 2, word);
      sum += word;
    }
    put16(o + 16, checksum(sum));
    sequence[mine] = seq + payload + ((flags & (SYN | FIN)) !== 0 && oneWay[slot] === 0 ? 1 : 0);
    return length;
  };

  const udp = (slot: number, payload: number, o: number): number => {
    const length = 8 + payload;
    const ports = portPairs[slot] as number;
    const sum = (sums[slot] as number) + UDP + length + length + (ports >>> 16) + (ports & 0xffff);
    put16(o + 4, length);
    put16(o + 6, checksum(sum) || 0xffff);
    return length;
  };

  const icmp = (slot: number, reverse: boolean, o: number): number => {
    const length = 8 + 56;
    const v6 = six[slot] === 1;
    const type = v6 ? (reverse ? 129 : 128) : reverse ? 0 : 8;
    const id = (portPairs[slot] as number) >>> 16;
    const number = ((sent[slot] as number) >>> 1) & 0xffff;
    put16(o, type << 8);
    put16(o + 4, id);
    put16(o + 6, number);
    put16(o + 2, checksum((type << 8) + id + number + (v6 ? (sums[slot] as number) + 58 + length : 0)));
    return length;
  };

  const emit = (slot: number, micros: number): void => {
    const n = sent[slot] as number;
    const rest = left[slot] as number;
    const protocol = protocols[slot] as number;
    const single = oneWay[slot] === 1;
    let reverse = !single && n > 0 && random.below(100) < 45;
    let flags = ACK;
    let payload = 0;
    if (protocol === TCP) {
      if (n === 0 || single) flags = SYN;
      else if (n === 1) {
        reverse = true;
        flags = SYN | ACK;
      } else if (n === 2) reverse = false;
      else if (rest <= 2) {
        reverse = rest === 1;
        flags = rest === 1 && (portPairs[slot] as number) % 20 === 0 ? RST | ACK : FIN | ACK;
      } else {
        payload = payloadBytes();
        if (payload > 0) flags |= PSH;
      }
    } else if (protocol === UDP) payload = payloadBytes() || 32;
    else reverse = !single && (n & 1) === 1;

    const from = (slot * 2 + (reverse ? 1 : 0)) * TEMPLATE;
    const o = at + 16;
    const v6 = six[slot] === 1;
    const ipHeader = v6 ? 40 : 20;
    const l4 = o + 14 + ipHeader;
    for (let b = 0; b < ipHeader + 18; b++) out[o + b] = templates[from + b] as number;
    // Zeros where this frame ends beyond what the headers below write: the chunk was used before.
    if (payload > 0 || protocol === ICMP) out.fill(0, l4 + 8, l4 + 64 + payload);
    let length: number;
    if (protocol === TCP) length = tcp(slot, reverse, flags, payload, l4);
    else if (protocol === UDP) length = udp(slot, payload, l4);
    else length = icmp(slot, reverse, l4);

    if (v6) put16(o + 18, length);
    else {
      const total = 20 + length;
      const id = (n * 2 + (reverse ? 1 : 0)) & 0xffff;
      put16(o + 16, total);
      put16(o + 18, id);
      put16(o + 24, checksum(0x4500 + total + id + 0x4000 + ((64 << 8) | protocol) + (sums[slot] as number)));
    }
    const frame = 14 + ipHeader + length;
    const kept = frame < snap ? frame : snap;
    putLittle32(at, START_SECONDS + Math.floor(micros / 1_000_000));
    putLittle32(at + 4, micros % 1_000_000);
    putLittle32(at + 8, kept);
    putLittle32(at + 12, frame);
    at = o + kept;
    summary.ipBytes += ipHeader + length;
    if (((inside[slot] as number) & (reverse ? 2 : 1)) !== 0) summary.packetsFromInside++;
    sent[slot] = n + 1;
    if (rest === 1) begin(slot, false);
    else left[slot] = rest - 1;
  };

  const trainSlot = new Uint32Array(TRAINS);
  const trainLeft = new Uint32Array(TRAINS);
  const recent = new Uint32Array(RECENT);
  /** Bursty: half of the trains are of a flow that had one lately. Mean length 12 packets. */
  const nextOfTrain = (): number => {
    const train = random.below(TRAINS);
    if (trainLeft[train] === 0) {
      const place = random.below(RECENT);
      const slot = random.below(2) === 0 ? (recent[place] as number) : random.below(slots);
      recent[place] = slot;
      trainSlot[train] = slot;
      trainLeft[train] = Math.ceil(-12 * Math.log(random.unit()));
    }
    trainLeft[train] = (trainLeft[train] as number) - 1;
    return trainSlot[train] as number;
  };

  for (let slot = 0; slot < slots; slot++) begin(slot, true);
  for (let i = 0; i < RECENT; i++) recent[i] = random.below(slots);
  fileHead();
  const microsPerPacket = (options.seconds * 1_000_000) / options.packets;
  for (let packet = 0; packet < options.packets; packet++) {
    const micros = Math.floor(packet * microsPerPacket);
    milliseconds = Math.floor(micros / 1000) | 0;
    emit(options.bursty ? nextOfTrain() : random.below(slots), micros);
    if (at >= CHUNK) {
      write(out.subarray(0, at));
      summary.fileBytes += at;
      at = 0;
    }
  }
  write(out.subarray(0, at));
  summary.fileBytes += at;
  summary.packets = options.packets;
  return summary;
}

function checksum(sum: number): number {
  let folded = (sum >>> 16) + (sum & 0xffff);
  folded = (folded >>> 16) + (folded & 0xffff);
  return ~folded & 0xffff;
}

function macBytes(text: string): Uint8Array {
  return Uint8Array.from(text.split(':'), (part) => Number.parseInt(part, 16));
}
