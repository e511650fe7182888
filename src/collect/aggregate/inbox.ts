/**
 * What the loops of flow tables work on beside the tables: the batch at hand, and a flow batch that is being filled.
 *
 * In:    batches of packets with their observations. Out: the same in the loops' memory.
 * Holds: there is one for a thread; whoever uses it is done with it before he returns.
 */
import type { FlowBatch, FlowRows, ObservationBatch, PacketBatch } from '../../model/batch.ts';
import { flowBatchBytes, PACKET_BATCH_ROWS } from '../../model/batch.ts';
import { LinearMemory } from '../../model/linear-memory.ts';
import {
  IN_AT,
  IN_BYTES,
  IN_DECISION,
  IN_DST,
  IN_DST6,
  IN_FAMILY,
  IN_LAST,
  IN_LOST,
  IN_OCTETS,
  IN_PACKET,
  IN_PACKETS,
  IN_PORTS,
  IN_PROTOCOL,
  IN_SRC,
  IN_SRC6,
  IN_TCP,
  INBOX_BYTES,
} from './flow-loops.ts';

/** The batch at hand in the loops' memory. */
export class Inbox {
  readonly memory: LinearMemory = new LinearMemory(INBOX_BYTES);
  readonly out: LinearMemory = new LinearMemory(flowBatchBytes());
  readonly #words = new Uint32Array(this.memory.u8.buffer);

  /** Takes a batch in, of `PACKET_BATCH_ROWS` packets at most. */
  load(packets: PacketBatch, observations: ObservationBatch): void {
    const { rows } = packets;
    const { u8, u16, f64 } = this.memory;
    const words = this.#words;
    if (rows > PACKET_BATCH_ROWS) throw new RangeError(`a batch of ${rows} packets`);
    f64.set(packets.atMicros.subarray(0, rows), IN_AT);
    words.set(packets.src4.subarray(0, rows), IN_SRC);
    words.set(packets.dst4.subarray(0, rows), IN_DST);
    words.set(packets.ports.subarray(0, rows), IN_PORTS);
    words.set(packets.ipBytes.subarray(0, rows), IN_BYTES);
    words.set(packets.src6.subarray(0, rows * 4), IN_SRC6);
    words.set(packets.dst6.subarray(0, rows * 4), IN_DST6);
    u8.set(packets.family.subarray(0, rows), IN_FAMILY);
    u8.set(packets.protocol.subarray(0, rows), IN_PROTOCOL);
    u8.set(packets.tcpFlags.subarray(0, rows), IN_TCP);
    u16.set(observations.packet.subarray(0, observations.rows), IN_PACKET);
    words.set(observations.decision.subarray(0, observations.rows), IN_DECISION);
  }

  /**
   * Takes in a flow that was counted elsewhere, at a place below `PACKET_BATCH_ROWS`.
   *
   * @param lastMicros  at most the end of its window
   */
  loadFlow(to: number, flows: FlowRows, row: number, lastMicros: number): void {
    const { u8, f64 } = this.memory;
    const words = this.#words;
    const family = flows.family[row]!;
    f64[to + IN_AT] = flows.firstMicros[row]!;
    f64[to + IN_LAST] = lastMicros;
    f64[to + IN_PACKETS] = flows.packets[row]!;
    f64[to + IN_OCTETS] = flows.bytes[row]!;
    words[to + IN_DECISION] = flows.decision[row]!;
    words[to + IN_PORTS] = flows.ports[row]!;
    if (family === 4) {
      words[to + IN_SRC] = flows.src[row * 4]!;
      words[to + IN_DST] = flows.dst[row * 4]!;
    } else
      for (let word = 0; word < 4; word++) {
        words[to * 4 + word + IN_SRC6] = flows.src[row * 4 + word]!;
        words[to * 4 + word + IN_DST6] = flows.dst[row * 4 + word]!;
      }
    u8[to + IN_FAMILY] = family;
    u8[to + IN_PROTOCOL] = flows.protocol[row]!;
    u8[to + IN_TCP] = flows.tcpFlags[row]!;
  }

  /** Of a flow that was taken in. */
  flowAt(place: number): { readonly decision: number; readonly packets: number } {
    return { decision: this.#words[place + IN_DECISION]!, packets: this.memory.f64[place + IN_PACKETS]! };
  }

  /** What was noted as lost. */
  lostAt(noted: number): number {
    return this.memory.i32[IN_LOST + noted]!;
  }

  /** Adds losses that were noted to those of their interfaces. */
  tellLost(count: number, lost: Float64Array): void {
    for (let i = 0; i < count; i++) {
      const at = this.memory.i32[IN_LOST + i]!;
      lost[at] = lost[at]! + 1;
    }
  }

  /** Copies what was given out into a batch that has the same columns. */
  copyOut(batch: FlowBatch): void {
    new Uint8Array(batch.buffer).set(this.out.u8.subarray(0, flowBatchBytes()));
  }
}

let made: Inbox | null = null;

/** The one of this thread. */
export function theInbox(): Inbox {
  return (made ??= new Inbox());
}
