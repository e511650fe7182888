/**
 * What somebody else's firewall rejected, for live views: flows of a generation that has ended.
 *
 * In:    the flows of a generation under numbers of decisions. Out: the newest that were rejected, and packets in numbers.
 * Holds: it costs the kernel nothing: what was rejected is known only where the two points of a hook are compared, when a generation
 *        has ended. A packet cannot be told by itself there, for at the first point nobody knows yet that it will be dropped.
 * Fails: never.
 */
import type { FlowRows } from '../../model/batch.ts';
import type { Ended, Rejects } from '../../collect/kernel/kernel-source.ts';
import { formatAddress } from '../../network/vpc/addresses.ts';
import type { Decision, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { RejectTold } from './reject-feed.ts';

/** Flows of one generation that are told; as many packets are told of 10 s where they are told one by one. */
export const MOST_TOLD = 500;

/** What was rejected, and what of it is told. */
export type ObservedRejects = { readonly told: readonly RejectTold[]; readonly count: Rejects };

/**
 * Finds them.
 *
 * @param interfaces  of the network, by number
 */
export function observedRejects(
  { rows, lost }: Pick<Ended, 'rows' | 'lost'>,
  decisions: readonly Decision[],
  { interfaces }: Pick<VpcSnapshot, 'interfaces'>,
): ObservedRejects {
  const rejected: number[] = [];
  let seen = 0;
  for (let row = 0; row < rows.rows; row++) {
    const { action, interface: at, direction } = decisions[rows.decision[row]!]!;
    if (action !== 'REJECT') continue;
    seen += rows.packets[row]!;
    if (direction !== null && interfaces[at] !== undefined) rejected.push(row);
  }
  for (const [decision, packets] of lost) if (decisions[decision]!.action === 'REJECT') seen += packets;
  const oldestFirst = rejected.toSorted((a, b) => rows.lastMicros[a]! - rows.lastMicros[b]!);
  const told = oldestFirst.slice(-MOST_TOLD).map((row) => tell(rows, row, decisions, interfaces));
  return { told, count: { seen, told: told.reduce((sum, { packets }) => sum + packets, 0) } };
}

function tell(
  rows: FlowRows,
  row: number,
  decisions: readonly Decision[],
  interfaces: VpcSnapshot['interfaces'],
): RejectTold {
  const { interface: at, direction } = decisions[rows.decision[row]!]!;
  const family = rows.family[row] === 4 ? 4 : 6;
  return {
    atMicros: rows.lastMicros[row]!,
    interfaceId: interfaces[at]!.id,
    direction: direction!,
    srcaddr: addressText(family, rows.src, row * 4),
    dstaddr: addressText(family, rows.dst, row * 4),
    srcport: rows.ports[row]! >>> 16,
    dstport: rows.ports[row]! & 0xffff,
    protocol: rows.protocol[row]!,
    tcpFlags: rows.tcpFlags[row]!,
    packets: rows.packets[row]!,
    bytes: rows.bytes[row]!,
    stage: 'host-firewall',
    ruleId: null,
  };
}

/** An address whose words begin at a place of a column. */
function addressText(family: 4 | 6, column: Uint32Array, from: number): string {
  return formatAddress({ family, words: [...column.subarray(from, from + (family === 4 ? 1 : 4))] });
}
