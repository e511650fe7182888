/**
 * Packets of a capture as plain objects, for tests alone.
 *
 * In:    a capture's bytes, and where to cut them. Out: what was decoded.
 * Holds: a row's object has all that the batch says of it, so two readings can be compared whole.
 * Fails: never.
 */
import { createPacketBatch, type PacketBatch } from '../../../model/batch.ts';
import type { BatchMemory } from '../../../model/batch-memory.ts';
import { CaptureDecoder } from './decoder.ts';
import type { LoopedFrames } from './looped-frames.ts';

/** One packet. */
export type Row = {
  readonly atMicros: number;
  readonly device: number;
  readonly side: number;
  readonly family: number;
  readonly protocol: number;
  readonly src: string;
  readonly dst: string;
  readonly srcport: number;
  readonly dstport: number;
  readonly ipBytes: number;
  readonly tcpFlags: number;
  /** -1: none. */
  readonly icmp: number;
  readonly icmpId: number;
  readonly vlan: number;
  readonly link: string;
  readonly flags: number;
  readonly mark: number;
  readonly quoted: string | null;
};

/** Decodes a whole capture by loops where they can read it, given in pieces as large as their room. */
export function readRowsLooped(
  capture: Uint8Array,
  memory: BatchMemory,
  looped: LoopedFrames,
): { rows: Row[]; decoder: CaptureDecoder } {
  const decoder = new CaptureDecoder({ name: 'test', looped });
  const batch = memory.packets;
  const rows: Row[] = [];
  const take = (): void => {
    for (let row = 0; row < batch.rows; row += 1) rows.push(rowOf(batch, row, decoder));
    batch.rows = 0;
  };
  const { room } = looped;
  for (let from = 0; from < capture.length; from += room.length) {
    const piece = capture.subarray(from, from + room.length);
    room.set(piece);
    decoder.push(room.subarray(0, piece.length));
    while (decoder.fill(batch)) take();
  }
  decoder.finish();
  take();
  return { rows, decoder };
}

/** Decodes a whole capture, given in pieces that end at `cuts`, with batches of `capacity` rows. */
export function readRows(
  capture: Uint8Array,
  cuts: readonly number[] = [],
  capacity: number = 64,
): { rows: Row[]; decoder: CaptureDecoder } {
  const decoder = new CaptureDecoder({ name: 'test' });
  const batch = createPacketBatch(capacity);
  const rows: Row[] = [];
  const take = (): void => {
    for (let row = 0; row < batch.rows; row += 1) rows.push(rowOf(batch, row, decoder));
    batch.rows = 0;
  };
  let from = 0;
  for (const to of [...cuts, capture.length]) {
    decoder.push(capture.slice(from, to));
    from = to;
    while (decoder.fill(batch)) take();
  }
  decoder.finish();
  take();
  return { rows, decoder };
}

function rowOf(batch: PacketBatch, row: number, decoder: CaptureDecoder): Row {
  const words = row * 4;
  const is4 = batch.family[row] === 4;
  const { src, dst } = decoder.info.linkPairs[batch.link[row]!]!;
  const ports = batch.ports[row]!;
  return {
    atMicros: batch.atMicros[row]!,
    device: batch.device[row]!,
    side: batch.side[row]!,
    family: batch.family[row]!,
    protocol: batch.protocol[row]!,
    src: is4 ? text4(batch.src4[row]!) : text6(batch.src6.subarray(words, words + 4)),
    dst: is4 ? text4(batch.dst4[row]!) : text6(batch.dst6.subarray(words, words + 4)),
    srcport: ports >>> 16,
    dstport: ports & 0xffff,
    ipBytes: batch.ipBytes[row]!,
    tcpFlags: batch.tcpFlags[row]!,
    icmp: batch.icmp[row] === 0xffff ? -1 : batch.icmp[row]!,
    icmpId: batch.icmpId[row]!,
    vlan: batch.vlan[row]!,
    link: batch.link[row] === 0 ? '' : `${src}>${dst}`,
    flags: batch.flags[row]!,
    mark: batch.mark[row]!,
    quoted: batch.quoted[row]! < 0 ? null : quoteText(batch, batch.quoted[row]!),
  };
}

/** `4 17 10.0.0.1:53>10.0.0.2:99`, with `?` for ports that are not known, and type, code, id for ICMP. */
function quoteText({ quotes }: PacketBatch, row: number): string {
  const words = row * 4;
  const is4 = quotes.family[row] === 4;
  const src = is4 ? text4(quotes.src[words]!) : text6(quotes.src.subarray(words, words + 4));
  const dst = is4 ? text4(quotes.dst[words]!) : text6(quotes.dst.subarray(words, words + 4));
  const ports = quotes.ports[row]!;
  const known = quotes.portsKnown[row] === 1;
  const icmp = quotes.icmp[row] === 0xffff ? '' : ` icmp ${quotes.icmp[row]} ${quotes.icmpId[row]}`;
  const [from, to] = known ? [ports >>> 16, ports & 0xffff] : ['?', '?'];
  return `${quotes.family[row]} ${quotes.protocol[row]} ${src}:${from}>${dst}:${to}${icmp}`;
}

function text4(word: number): string {
  return [24, 16, 8, 0].map((bits) => (word >>> bits) & 255).join('.');
}

/** Four words in hexadecimal: a form that cannot hide a mistake. */
function text6(words: Uint32Array): string {
  return [...words].map((word) => word.toString(16).padStart(8, '0')).join(':');
}
