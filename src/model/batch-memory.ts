/**
 * The packets and observations at hand, in memory that loops read and write.
 *
 * In:    batches. Out: the same as columns of one memory, at the places below.
 * Holds: a batch that was made here is not copied when it is loaded. Whoever has a source of his own makes a memory for it;
 *        all others share one of the thread, load it and are done with it before they return.
 * Fails: with a RangeError for a batch that is larger than a memory.
 */
import type { ObservationBatch, PacketBatch } from './batch.ts';
import { createPacketBatch, PACKET_BATCH_ROWS } from './batch.ts';
import { LinearMemory } from './linear-memory.ts';

/** Columns of packets and of observations, counted in their elements. */
const P = PACKET_BATCH_ROWS;
export const IN_AT = 0;
export const IN_SRC = P * 2;
export const IN_DST = P * 3;
export const IN_PORTS = P * 4;
export const IN_BYTES = P * 5;
export const IN_LINK = P * 6;
export const IN_SRC6 = P * 8;
export const IN_DST6 = P * 12;
export const OB_DECISION = P * 16;
export const OB_PACKET = P * 36;
export const IN_DEVICE = P * 38;
export const IN_ICMP = P * 39;
export const IN_ICMP_ID = P * 40;
export const IN_VLAN = P * 41;
export const IN_SIDE = P * 84;
export const IN_FAMILY = P * 85;
export const IN_PROTOCOL = P * 86;
export const IN_TCP = P * 87;
export const IN_FLAGS = P * 88;
const BYTES = P * 89;

/** Columns that loops work on, and batches over them. */
export class BatchMemory {
  readonly memory: LinearMemory = new LinearMemory(BYTES);
  readonly #packets: PacketBatch;
  readonly #observations: ObservationBatch;

  constructor() {
    const { u8, u16, i32, f64 } = this.memory;
    const { buffer } = u8;
    const bytes = (at: number): Uint8Array => u8.subarray(at, at + P);
    const halves = (at: number): Uint16Array => u16.subarray(at, at + P);
    const words = (at: number, each: number = 1): Uint32Array =>
      new Uint32Array(buffer, at * i32.BYTES_PER_ELEMENT, P * each);
    this.#packets = {
      ...createPacketBatch(),
      atMicros: f64.subarray(IN_AT, IN_AT + P),
      src4: words(IN_SRC),
      dst4: words(IN_DST),
      ports: words(IN_PORTS),
      ipBytes: words(IN_BYTES),
      link: words(IN_LINK),
      src6: words(IN_SRC6, 4),
      dst6: words(IN_DST6, 4),
      device: halves(IN_DEVICE),
      icmp: halves(IN_ICMP),
      icmpId: halves(IN_ICMP_ID),
      vlan: halves(IN_VLAN),
      side: bytes(IN_SIDE),
      family: bytes(IN_FAMILY),
      protocol: bytes(IN_PROTOCOL),
      tcpFlags: bytes(IN_TCP),
      flags: bytes(IN_FLAGS),
    };
    this.#observations = {
      rows: 0,
      packet: u16.subarray(OB_PACKET, OB_PACKET + P * 2),
      decision: words(OB_DECISION, 2),
    };
  }

  /** The batch of packets that lies here. */
  get packets(): PacketBatch {
    return this.#packets;
  }

  /** The batch of observations that lies here. */
  get observations(): ObservationBatch {
    return this.#observations;
  }

  /** Takes in packets that lie elsewhere. */
  load(from: PacketBatch): void {
    const to = this.#packets;
    if (from.atMicros.buffer === to.atMicros.buffer) return;
    const { rows } = from;
    if (rows > P) throw new RangeError(`a batch of ${rows} packets`);
    to.atMicros.set(from.atMicros.subarray(0, rows));
    to.src4.set(from.src4.subarray(0, rows));
    to.dst4.set(from.dst4.subarray(0, rows));
    to.ports.set(from.ports.subarray(0, rows));
    to.ipBytes.set(from.ipBytes.subarray(0, rows));
    to.link.set(from.link.subarray(0, rows));
    to.src6.set(from.src6.subarray(0, rows * 4));
    to.dst6.set(from.dst6.subarray(0, rows * 4));
    to.device.set(from.device.subarray(0, rows));
    to.icmp.set(from.icmp.subarray(0, rows));
    to.icmpId.set(from.icmpId.subarray(0, rows));
    to.vlan.set(from.vlan.subarray(0, rows));
    to.side.set(from.side.subarray(0, rows));
    to.family.set(from.family.subarray(0, rows));
    to.protocol.set(from.protocol.subarray(0, rows));
    to.tcpFlags.set(from.tcpFlags.subarray(0, rows));
    to.flags.set(from.flags.subarray(0, rows));
  }

  /** Takes in observations that lie elsewhere. */
  loadObservations(from: ObservationBatch): void {
    const to = this.#observations;
    if (from.packet.buffer === to.packet.buffer) return;
    to.packet.set(from.packet.subarray(0, from.rows));
    to.decision.set(from.decision.subarray(0, from.rows));
  }

  /** Gives the first observations out, to where they are not already. */
  give(rows: number, to: ObservationBatch): void {
    const from = this.#observations;
    to.rows = rows;
    if (to.packet.buffer === from.packet.buffer) return;
    to.packet.set(from.packet.subarray(0, rows));
    to.decision.set(from.decision.subarray(0, rows));
  }
}

let shared: BatchMemory | null = null;

/** The one that a thread shares. */
export function sharedBatchMemory(): BatchMemory {
  return (shared ??= new BatchMemory());
}
