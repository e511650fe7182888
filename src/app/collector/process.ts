/**
 * The collector as a process of its own, started by `up`: this host's traffic to objects.
 *
 * In:    one `start` over IPC, then the capture's drops and each change of the network. Out: counts once a second, what was published, how it ended.
 * Holds: it ends when its capture ends, which is when its parent says so or has gone; it then closes its windows and leaves
 *        complete files. It has no privileges: the capture is another process.
 * Fails: `failed` over IPC, exit 1; what was not published is in the spool.
 */
import { fileURLToPath } from 'node:url';
import type { StageCount } from '../../model/counters.ts';
import type { Reach } from '../../publish/destinations/list.ts';
import type { SpoolLimits } from '../../publish/room.ts';
import type { PublishStatus } from '../../publish/status.ts';
import type { CollectCounts, CollectTables } from './collect.ts';
import type { Network } from './coverage.ts';
import type { KernelAssignment } from './open-kernel.ts';
import type { PostedError } from './posted-error.ts';
import { postedError } from './posted-error.ts';
import type { RejectTold } from './reject-feed.ts';
import type { Published } from './sinks.ts';

/** This file, for `fork`; with `COLLECT` as its argument it serves its parent. */
export const collectorFile: string = fileURLToPath(import.meta.url);
export const COLLECT = 'collect';

export type CollectorStart = {
  readonly kind: 'start';
  readonly hostId: string;
  readonly fifo: string;
  /** The socket on which queries ask for the open windows. */
  readonly openWindows: string;
  readonly bucket: string;
  readonly spool: string;
  /** Where it is kept how far it has come. */
  readonly run: string;
  /** As it is now. */
  readonly network: Network;
  readonly reach: Reach;
  readonly limits: Partial<SpoolLimits>;
  /** Null: nothing is enforced or observed. Else the stream to nft is the descriptor `NFT_FD`. */
  readonly kernel: Omit<KernelAssignment, 'fd'> | null;
};

/** What all stages count, as it is told once a second. */
export type StageCounts = {
  readonly counts: CollectCounts;
  readonly tables: CollectTables;
  readonly print: StageCount;
  readonly publish: PublishStatus;
};

export type ToCollector =
  | CollectorStart
  | { readonly kind: 'network'; readonly network: Network }
  /** Packets that the capture lost so far, modulo 2^32; it runs at this time, microseconds since 1970 UTC. */
  | { readonly kind: 'drops'; readonly total: number; readonly atMicros: number }
  /** It was asked to stop: the capture is about to end, and nothing is missing afterwards. */
  | { readonly kind: 'asked' }
  /** Whoever captured is gone, and left its tcpdump behind: read no more. */
  | { readonly kind: 'stop' };

export type FromCollector =
  | ({ readonly kind: 'counts' } & StageCounts)
  | { readonly kind: 'published'; readonly published: Published }
  /** Packets that the kernel rejected just now. */
  | { readonly kind: 'rejects'; readonly rejects: readonly RejectTold[] }
  /** A destination is not as it should be. */
  | { readonly kind: 'problem'; readonly code: string; readonly message: string }
  | { readonly kind: 'ended'; readonly counts: CollectCounts; readonly problem: PostedError | null }
  | { readonly kind: 'failed'; readonly error: PostedError };

/** Networks as they come: what came before somebody listens waits. */
export type Networks = { push(network: Network): void; listen(to: (network: Network) => void): void };

/** An empty one. */
export function createNetworks(): Networks {
  const waiting: Network[] = [];
  let listener: ((network: Network) => void) | null = null;
  return {
    push(network) {
      if (listener === null) waiting.push(network);
      else listener(network);
    },
    listen(to) {
      listener = to;
      waiting.splice(0).forEach(to);
    },
  };
}

/** Serves the parent over IPC. */
function serve(): void {
  /** Once the parent has gone nobody needs to know; what is under way is brought to its end. */
  const tell = (message: FromCollector): void => {
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
  const drops = new Uint32Array(new SharedArrayBuffer(4));
  const networks = createNetworks();
  const stop = Promise.withResolvers<void>();
  let asked = false;
  let aliveMicros = Date.now() * 1000;
  process.on('message', (message: ToCollector) => {
    if (message.kind === 'drops') {
      Atomics.store(drops, 0, message.total);
      // What comes after the end of a capture that was killed is missing, also while windows are closed.
      aliveMicros = message.atMicros;
      return;
    }
    if (message.kind === 'network') {
      networks.push(message.network);
      return;
    }
    if (message.kind === 'asked') {
      asked = true;
      return;
    }
    if (message.kind === 'stop') {
      stop.resolve();
      return;
    }
    import('./collect-host.ts')
      .then(({ collectHost }) =>
        collectHost(
          message,
          networks,
          drops,
          { stop: stop.promise, asked: () => asked, alive: () => aliveMicros },
          tell,
        ),
      )
      .catch((error: unknown) => {
        process.exitCode = 1;
        tell({ kind: 'failed', error: postedError(error) });
      })
      .finally(() => {
        if (process.connected) process.disconnect();
      });
  });
  // The capture ends when its parent has gone, and with it this process, once its windows are closed.
  process.on('disconnect', () => {});
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
}

if (process.send !== undefined && process.argv[2] === COLLECT) serve();
