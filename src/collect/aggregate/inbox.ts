/**
 * What the loops of flow tables work on beside packets and tables: what they note, and a flow batch that is being filled.
 *
 * In:    losses and rows as loops leave them. Out: the same where others want them.
 * Holds: there is one for a thread; whoever uses it is done with it before he returns.
 */
import type { FlowBatch, FlowRows } from '../../model/batch.ts';
import { flowBatchBytes } from '../../model/batch.ts';
import type { BatchMemory } from '../../model/batch-memory.ts';
import { LinearMemory } from '../../model/linear-memory.ts';
import { IN_LAST, IN_LOST, IN_OCTETS, IN_PACKETS, INBOX_BYTES } from './flow-columns.ts';

/** Notes, and the flow batch. */
export class Inbox {
  readonly memory: LinearMemory = new LinearMemory(INBOX_BYTES);
  readonly out: LinearMemory = new LinearMemory(flowBatchBytes());

  /**
   * Takes in a flow that was counted elsewhere, as a packet of a batch with its one observation.
   *
   * @param batch       nothing that is in it is wanted any more
   * @param to          place of the packet, below `PACKET_BATCH_ROWS`
   * @param lastMicros  at most the end of its window
   */
  loadFlow(batch: BatchMemory, to: number, flows: FlowRows, row: number, lastMicros: number): void {
    const { packets, observations } = batch;
    const { f64 } = this.memory;
    const family = flows.family[row]!;
    f64[to + IN_LAST] = lastMicros;
    f64[to + IN_PACKETS] = flows.packets[row]!;
    f64[to + IN_OCTETS] = flows.bytes[row]!;
    packets.atMicros[to] = flows.firstMicros[row]!;
    packets.ports[to] = flows.ports[row]!;
    if (family === 4) {
      packets.src4[to] = flows.src[row * 4]!;
      packets.dst4[to] = flows.dst[row * 4]!;
    } else {
      packets.src6.set(flows.src.subarray(row * 4, row * 4 + 4), to * 4);
      packets.dst6.set(flows.dst.subarray(row * 4, row * 4 + 4), to * 4);
    }
    packets.family[to] = family;
    packets.protocol[to] = flows.protocol[row]!;
    packets.tcpFlags[to] = flows.tcpFlags[row]!;
    observations.packet[to] = to;
    observations.decision[to] = flows.decision[row]!;
  }

  /** Packets of a flow that was taken in. */
  packetsAt(place: number): number {
    return this.memory.f64[place + IN_PACKETS]!;
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
