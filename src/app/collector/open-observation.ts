/**
 * Begins to observe this host's firewall for a collection.
 *
 * In:    the stream to the process that runs nft, the network as it is now. Out: a feed that has begun; where this host
 *        cannot be observed and need not be, why.
 * Holds: nothing of what is counted is kept on disk: a table that a killed process has left is made anew, and what it had counted lacks.
 * Fails: FG_OBSERVE_MISSING where it must be.
 */
import { Socket } from 'node:net';
import { cpus } from 'node:os';
import { listLinks } from '../../collect/kernel/observe/links.ts';
import { ObservedTables } from '../../collect/kernel/observe/observed-tables.ts';
import { packetsReceived } from '../../collect/kernel/received.ts';
import { spareCounters } from '../../collect/kernel/spare.ts';
import { nftOver } from '../../collect/privileged/remote-nft.ts';
import { failureFrom, FlowgaugeError } from '../../model/errors.ts';
import type { DecisionTable } from '../../network/verdict/decisions.ts';
import { KernelFeed } from './kernel-feed.ts';
import type { KernelNetwork } from './kernel-feed.ts';
import { writeObservationStatus } from './observation-status.ts';
import { observedRejects } from './observed-rejects.ts';
import type { KernelAssignment, NotObserved, OpenedKernel } from './open-kernel.ts';
import type { RejectTold } from './reject-feed.ts';

/** Sets that share the flows of a protocol at each point; more of them, and all scripts of nft take longer (ADR 36). */
export const SHARDS = 4;

/**
 * Opens it.
 *
 * @param tell  told of what was rejected in each generation
 */
export async function openObservation(
  { fd, seconds, isRequired, directory }: KernelAssignment,
  network: KernelNetwork,
  decisions: DecisionTable,
  now: () => number,
  tell: (rejects: readonly RejectTold[]) => void,
): Promise<OpenedKernel | NotObserved> {
  const { nft, list } = nftOver(new Socket({ fd }));
  const tables = new ObservedTables({
    nft,
    list,
    links: listLinks,
    decisions,
    shards: SHARDS,
    spare: spareCounters(cpus().length),
    now,
  });
  try {
    await tables.load(network.snapshot, network.ties);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (isRequired) throw failureFrom(error, 'FG_OBSERVE_MISSING', message);
    writeObservationStatus(directory, message);
    return { notObserved: { code: error instanceof FlowgaugeError ? error.code : '', message } };
  }
  writeObservationStatus(directory, null);
  const feed = new KernelFeed({
    how: 'observe',
    source: tables,
    seconds,
    now,
    fromMicros: now(),
    received: packetsReceived,
    tell: (ended, of) => {
      const { told, count } = observedRejects(ended, decisions.list, of);
      if (told.length > 0) tell(told);
      return count;
    },
  });
  feed.begin(network);
  return { feed, gapMicros: null, found: [], keep: () => {}, end: () => {} };
}
