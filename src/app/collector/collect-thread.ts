/**
 * Runs a collection in a worker of its own, so that capture goes on while records are printed and compressed.
 *
 * In:    an assignment and an inlet. Out: the same calls that an inline collection makes, in the same order.
 * Holds: a flow batch crosses as one `ArrayBuffer` on a transfer list and comes back when printed: four for a worker.
 *        Back-pressure is that pool running dry.
 * Fails: as `collect` does; an error of the worker itself rejects `done`.
 */
import { availableParallelism } from 'node:os';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { FlowBatch, FlowBatchHead } from '../../model/batch.ts';
import { flowBatchBytes, flowBatchOver } from '../../model/batch.ts';
import type { Decision } from '../../network/vpc/snapshot.ts';
import type { Assignment, AssignmentChange } from './assignment.ts';
import type { CollectCounts, CollectEnd, Collection, CollectTables, Outlet } from './collect.ts';
import type { PostedError } from './posted-error.ts';
import type { RejectTold } from './reject-feed.ts';
import { postedError, receivedError } from './posted-error.ts';

const BUFFERS = 4;

type PostedBatch = { readonly buffer: ArrayBuffer; readonly rows: number; readonly head: FlowBatchHead };
type PostedLook<K> = {
  kind: K;
  batches: readonly PostedBatch[];
  from: number;
  decisions: readonly Decision[];
};
type FromWorker =
  | {
      kind: 'flows';
      buffer: ArrayBuffer;
      rows: number;
      head: FlowBatchHead;
      from: number;
      decisions: readonly Decision[];
    }
  | { kind: 'closed' }
  | { kind: 'rejected'; rejects: readonly RejectTold[] }
  | PostedLook<'looked'>
  | PostedLook<'changed'>
  | { kind: 'counts'; counts: CollectCounts; tables: CollectTables }
  | { kind: 'end'; counts: CollectCounts; problem: PostedError | null; devices: readonly string[] }
  | { kind: 'failed'; error: PostedError };
type ToWorker =
  | { kind: 'buffer'; buffer: ArrayBuffer }
  | { kind: 'stop' }
  | { kind: 'look' }
  | { kind: 'update'; change: AssignmentChange };

/** The printing side. Calls come one after the other: the next when the promise of the last has settled. */
export type Inlet = {
  readonly flows: (batch: FlowBatch, from: number, decisions: readonly Decision[]) => void | Promise<void>;
  readonly closed: () => void | Promise<void>;
  readonly counts: (counts: CollectCounts, tables: CollectTables) => void;
  /** Packets that the kernel rejected just now; as they come, between the other calls. */
  readonly rejected?: (rejects: readonly RejectTold[]) => void;
  /** A look at the open windows that was asked for; the batches are the caller's to keep. */
  readonly looked?: (batches: readonly FlowBatch[], from: number, decisions: readonly Decision[]) => void;
  /** An update holds from here on; `batches` is a look at the open windows where a flow log ended. */
  readonly changed?: (
    batches: readonly FlowBatch[],
    from: number,
    decisions: readonly Decision[],
  ) => void | Promise<void>;
};

/**
 * Above 1 a worker collects while this thread prints.
 *
 * @param otherwise  where FLOWGAUGE_THREADS does not say
 */
export function threadCount(otherwise: number = Math.max(2, availableParallelism())): number {
  const asked = Number(process.env['FLOWGAUGE_THREADS'] ?? Number.NaN);
  return Number.isInteger(asked) && asked > 0 ? asked : otherwise;
}

/** Wall clock in microseconds since 1970 UTC. */
export function wallMicros(): number {
  return Date.now() * 1000;
}

/**
 * Starts a collection.
 *
 * @param threads  1: in this thread; more: in a worker
 */
export async function startCollection(assignment: Assignment, inlet: Inlet, threads: number): Promise<Collection> {
  return threads === 1 ? collectInline(assignment, inlet) : collectInWorker(assignment, inlet);
}

async function collectInline(assignment: Assignment, inlet: Inlet): Promise<Collection> {
  // The printing thread of two has no use for the decoder and the tables.
  const { collect } = await import('./collect.ts');
  const queue = createQueue();
  const spare = Array.from({ length: BUFFERS }, () => new ArrayBuffer(flowBatchBytes()));
  const outlet: Outlet = {
    buffer: () => spare.pop() ?? null,
    freed: () => queue.idle(),
    flows: (batch, from, decisions) =>
      queue.push(async () => {
        await inlet.flows(batch, from, decisions);
        if (spare.length < BUFFERS) spare.push(batch.buffer);
      }),
    closed: () => queue.push(inlet.closed),
    counts: inlet.counts,
    rejected: (rejects) => inlet.rejected?.(rejects),
    looked: (batches, from, decisions) => queue.push(() => inlet.looked?.(batches, from, decisions)),
    changed: (batches, from, decisions) => queue.push(() => inlet.changed?.(batches, from, decisions)),
  };
  const collection = collect(assignment, outlet, wallMicros);
  const done = collection.done.then(async (end) => {
    await queue.idle();
    return end;
  });
  return { ...collection, done };
}

function collectInWorker(assignment: Assignment, inlet: Inlet): Collection {
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { role: 'collect', assignment },
    // The FIFO is opened by number and closed by its socket. A worker that keeps track of numbers would close it once more
    // at its end, when the number may be another file's.
    trackUnmanagedFds: false,
    // Nothing is made for a packet, so a small nursery does.
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
  const post = (message: ToWorker, transfer: ArrayBuffer[] = []): void => worker.postMessage(message, transfer);
  const queue = createQueue();
  const done = new Promise<CollectEnd>((resolve, reject) => {
    queue.failed = reject;
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the collecting worker ended with ${code}`)));
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'flows') {
        const { buffer, rows, head, from, decisions } = message;
        queue.push(async () => {
          await inlet.flows(flowBatchOver(buffer, head, rows), from, decisions);
          post({ kind: 'buffer', buffer }, [buffer]);
        });
      } else if (message.kind === 'closed') queue.push(inlet.closed);
      else if (message.kind === 'rejected') inlet.rejected?.(message.rejects);
      else if (message.kind === 'looked' || message.kind === 'changed') {
        const { kind, batches, from, decisions } = message;
        queue.push(() =>
          inlet[kind]?.(
            batches.map(({ buffer, rows, head }) => flowBatchOver(buffer, head, rows)),
            from,
            decisions,
          ),
        );
      } else if (message.kind === 'counts') inlet.counts(message.counts, message.tables);
      else if (message.kind === 'failed') queue.push(() => reject(receivedError(message.error)));
      else {
        const { counts, devices } = message;
        const problem = message.problem === null ? null : (receivedError(message.problem) as CollectEnd['problem']);
        queue.push(() => resolve({ counts, problem, devices }));
      }
    });
  });
  return {
    stop: () => post({ kind: 'stop' }),
    update: (change) => post({ kind: 'update', change }),
    look: () => post({ kind: 'look' }),
    done: done.finally(() => void worker.terminate()),
  };
}

/** Runs what is pushed one after the other. */
function createQueue(): {
  push(work: () => void | Promise<void>): void;
  idle(): Promise<void>;
  failed: (error: unknown) => void;
} {
  let tail: Promise<void> = Promise.resolve();
  let failure: unknown = null;
  const queue = {
    failed: (_error: unknown): void => {},
    push(work: () => void | Promise<void>) {
      tail = tail.then(async () => {
        if (failure !== null) return;
        try {
          await work();
        } catch (error) {
          failure = error;
          queue.failed(error);
        }
      });
    },
    async idle() {
      await tail;
      if (failure !== null) throw failure;
    },
  };
  return queue;
}

function postedBatch(batch: FlowBatch): PostedBatch {
  const { buffer, rows, snapshotVersion, windowStartSeconds, intervalSeconds, open, partial } = batch;
  return { buffer, rows, head: { snapshotVersion, windowStartSeconds, intervalSeconds, open, partial } };
}

async function serve(port: NonNullable<typeof parentPort>, assignment: Assignment): Promise<void> {
  const { collect } = await import('./collect.ts');
  const spare = Array.from({ length: BUFFERS }, () => new ArrayBuffer(flowBatchBytes()));
  let freed: (() => void) | null = null;
  const post = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  const postLook = (
    kind: 'looked' | 'changed',
    batches: readonly FlowBatch[],
    from: number,
    decisions: readonly Decision[],
  ): void =>
    post(
      { kind, batches: batches.map(postedBatch), from, decisions },
      batches.map(({ buffer }) => buffer),
    );
  const collection = collect(
    assignment,
    {
      buffer: () => spare.pop() ?? null,
      freed: () =>
        new Promise((resolve) => {
          if (spare.length > 0) resolve();
          else freed = resolve;
        }),
      flows: (batch, from, decisions) =>
        post({ kind: 'flows', ...postedBatch(batch), from, decisions }, [batch.buffer]),
      looked: (batches, from, decisions) => postLook('looked', batches, from, decisions),
      changed: (batches, from, decisions) => postLook('changed', batches, from, decisions),
      closed: () => post({ kind: 'closed' }),
      counts: (counts, tables) => post({ kind: 'counts', counts, tables }),
      rejected: (rejects) => post({ kind: 'rejected', rejects }),
    },
    wallMicros,
  );
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'buffer') {
      // More than that were made where a change could not wait for one.
      if (spare.length < BUFFERS) spare.push(message.buffer);
      freed?.();
      freed = null;
    } else if (message.kind === 'stop') collection.stop();
    else if (message.kind === 'look') collection.look();
    else collection.update(message.change);
  });
  collection.done.then(
    ({ counts, problem, devices }) =>
      post({ kind: 'end', counts, problem: problem === null ? null : postedError(problem), devices }),
    (error: unknown) => post({ kind: 'failed', error: postedError(error) }),
  );
}

if (parentPort !== null && (workerData as { role?: string } | null)?.role === 'collect')
  await serve(parentPort, (workerData as { assignment: Assignment }).assignment);
