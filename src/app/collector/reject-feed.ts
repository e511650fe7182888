/**
 * Reads the packets that the kernel tells as rejected, for live views.
 *
 * In:    the FIFO into which tcpdump writes a group of NFLOG; decisions and the network, as they grow. Out: what each packet was, and
 *        which rule rejected it.
 * Holds: the kernel limits how many they are. No record is made of them. A mark that is no reject of ours is passed over: whoever
 *        may use nft can log to any group.
 * Fails: never: one that cannot be read ends.
 */
import type { LiveReject } from '../../api/live-rejects.ts';
import { openPacketStream } from '../../collect/capture/sources/tcpdump.ts';
import { MARK_FLAGS } from '../../collect/kernel/book.ts';
import type { PacketBatch } from '../../model/batch.ts';
import type { DecisionTable } from '../../network/verdict/decisions.ts';
import { formatAddress } from '../../network/vpc/addresses.ts';
import type { Decision, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { Stop } from './stoppable.ts';
import { stoppable } from './stoppable.ts';

/** One without the number that whoever keeps it gives it. */
export type RejectTold = Omit<LiveReject, 'number'>;

export type RejectFeedOptions = {
  readonly fifo: string;
  readonly decisions: DecisionTable;
  /** As it is now: its numbers are those of the decisions. */
  readonly network: () => VpcSnapshot;
  readonly tell: (rejects: readonly RejectTold[]) => void;
};

/** Reads until the FIFO ends, or it is to stop. */
export async function followRejects({ fifo, decisions, network, tell }: RejectFeedOptions, stop: Stop): Promise<void> {
  try {
    const source = await openPacketStream(fifo, 'rejected packets');
    for await (const packets of stoppable(source.batches(), stop)) {
      const told: RejectTold[] = [];
      for (let row = 0; row < packets.rows; row++) {
        const decision = decisions.list[packets.mark[row]! >>> MARK_FLAGS];
        const reject = decision === undefined ? null : rejectOf(packets, row, decision, network());
        if (reject !== null) told.push(reject);
      }
      if (told.length > 0) tell(told);
    }
  } catch {
    // Whoever runs tcpdump says why it has ended.
  }
}

function rejectOf(
  packets: PacketBatch,
  row: number,
  { interface: at, direction, action, stage, rule }: Decision,
  { interfaces, rules }: VpcSnapshot,
): RejectTold | null {
  if (action !== 'REJECT' || direction === null || interfaces[at] === undefined) return null;
  if (stage === 'host-firewall' || stage === 'closed' || stage === 'not-judged') return null;
  const family = packets.family[row] === 4 ? 4 : 6;
  const address = (four: Uint32Array, six: Uint32Array): string =>
    formatAddress({ family, words: family === 4 ? [four[row]!] : [...six.subarray(row * 4, row * 4 + 4)] });
  const ports = packets.ports[row]!;
  return {
    atMicros: packets.atMicros[row]!,
    interfaceId: interfaces[at].id,
    direction,
    srcaddr: address(packets.src4, packets.src6),
    dstaddr: address(packets.dst4, packets.dst6),
    srcport: ports >>> 16,
    dstport: ports & 0xffff,
    protocol: packets.protocol[row]!,
    tcpFlags: packets.tcpFlags[row]!,
    packets: 1,
    bytes: packets.ipBytes[row]!,
    stage,
    ruleId: rule === 0 ? 'default-deny' : (rules[rule]?.id ?? ''),
  };
}
