/**
 * Takes over the kernel's table for a collection, and keeps beside the spool what a next one has to know of it.
 *
 * In:    the stream to the process that runs nft, a directory, the network as it is now. Out: a feed that has begun; what another
 *        process had counted that ended without a word; from when on flows are gathered.
 * Holds: numbers of decisions are on disk before the kernel has them. What was read by a process that was killed and was in
 *        windows that were still open is lost with it: those windows say SKIPDATA. Of a process that ended in order nothing is left.
 * Fails: FG_ENFORCE_MISSING with why the table cannot be made; FG_KERNEL_BOOK, FG_KERNEL_NUMBERS.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { CountedFlows } from '../../collect/aggregate/add-flows.ts';
import { DecisionBook } from '../../collect/kernel/book.ts';
import { notFollowed } from '../../collect/kernel/compile.ts';
import type { Ended } from '../../collect/kernel/kernel-source.ts';
import { KernelTables } from '../../collect/kernel/kernel-tables.ts';
import { packetsReceived } from '../../collect/kernel/received.ts';
import { spareCounters } from '../../collect/kernel/spare.ts';
import { nftOver } from '../../collect/privileged/remote-nft.ts';
import { failure, failureFrom, FlowgaugeError } from '../../model/errors.ts';
import type { DecisionTable } from '../../network/verdict/decisions.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { KernelFeed } from './kernel-feed.ts';
import type { KernelNetwork } from './kernel-feed.ts';
import type { KernelStatus } from './kernel-status.ts';
import { keepKernelStatus, readKernelStatus, writeKernelStatus } from './kernel-status.ts';

/** What a collection is told of the kernel. */
export type KernelAssignment = {
  /** Whether it judges, or counts what somebody else's rules do. */
  readonly how: 'enforce' | 'observe';
  /** False: where it cannot be, packets are captured instead. */
  readonly isRequired: boolean;
  /** Of the stream to the process that runs nft. */
  readonly fd: number;
  /** Length of a generation at most. */
  readonly seconds: number;
  /** Where book and status are kept. */
  readonly directory: string;
  /** The FIFO in which rejected packets are told one by one; null: they are not. */
  readonly rejects: string | null;
};

/** Many small sets are read faster than few large ones; with more than these all scripts of nft take longer (ADR 36). */
export const SHARDS = 16;
const BOOK = 'kernel-book.json';
/** A window that has closed is in the spool by then. */
const TO_SPOOL_MICROS = 5_000_000;

/** Why the firewall of this host cannot be observed. */
export type NotObserved = { readonly notObserved: { readonly code: string; readonly message: string } };

export type OpenedKernel = {
  readonly feed: KernelFeed;
  /** To be given first. */
  readonly found: readonly CountedFlows[];
  /** Since when there is a gap; null: there is none. */
  readonly gapMicros: number | null;
  /** Writes how it stands; `openSince` is the start of the oldest window that is open, in seconds. */
  keep(openSince: number): void;
  /** All that was counted is in records. */
  end(): void;
};

/**
 * Opens it.
 *
 * @param decisions  empty as yet
 */
export async function openKernel(
  { fd, seconds, directory, rejects }: KernelAssignment,
  network: KernelNetwork,
  decisions: DecisionTable,
  now: () => number,
): Promise<OpenedKernel> {
  const { snapshot, ties } = network;
  const book = new DecisionBook(decisions);
  const path = join(directory, BOOK);
  const keep = (current: DecisionBook, of: VpcSnapshot): void => {
    writeFileSync(`${path}.new`, JSON.stringify(current.keep(of)));
    renameSync(`${path}.new`, path);
  };
  const { nft, list } = nftOver(new Socket({ fd }));
  const tables = new KernelTables(nft, book, SHARDS, now, {
    keep,
    list,
    spare: spareCounters(cpus().length),
    tellsRejects: rejects !== null,
  });
  const before = readKernelStatus(directory);
  const gapMicros = before === null || before.hasEnded ? null : before.openSince * 1e6;
  const kept = gapMicros === null ? null : readJson(path);
  let left: Ended[] = [];
  try {
    if (kept !== null) {
      book.takeUp(kept, snapshot);
      left = await tables.takeUp();
    }
    await tables.load(snapshot, ties);
  } catch (error) {
    if (error instanceof FlowgaugeError && error.code !== 'FG_NFT_FAILED') throw error;
    throw failureFrom(error, 'FG_ENFORCE_MISSING', error instanceof Error ? error.message : String(error));
  }
  const options = { seconds, now, fromMicros: now(), received: packetsReceived };
  // Whoever made a change waits for it.
  const holds = (): void => keepKernelStatus(directory, statusOf(false));
  const feed = new KernelFeed({ how: 'enforce', source: tables, holds, ...options });
  if (tables.tellsRejects) feed.standing.rejects = { seen: 0, told: 0 };
  feed.begin(network);
  let lastOpen = gapMicros === null ? Math.floor(now() / 1e6) : gapMicros / 1e6;
  let next = { openSince: lastOpen, atMicros: now() };
  const statusOf = (hasEnded: boolean): KernelStatus => {
    const { interfaces, inForceMicros, generations, problem } = feed.standing;
    return {
      format: 1,
      pid: process.pid,
      writtenMillis: Math.floor(now() / 1000),
      hasEnded,
      openSince: lastOpen,
      interfaces,
      inForceMicros,
      generations,
      problem: problem?.message ?? null,
      notFollowed: notFollowed(feed.network ?? snapshot),
      count: feed.count,
    };
  };
  writeKernelStatus(directory, statusOf(false));
  return {
    feed,
    gapMicros,
    found: left.map(({ rows, lost, endMicros, untilMicros, errorMicros }) => ({
      rows,
      lost,
      span: { fromMicros: gapMicros ?? endMicros, toMicros: endMicros },
      untilMicros,
      errorMicros,
      incomplete: [],
    })),
    keep(openSince) {
      if (openSince > next.openSince) next = { openSince, atMicros: now() };
      // What closed just now may not be in the spool yet.
      if (now() - next.atMicros > TO_SPOOL_MICROS) lastOpen = Math.max(lastOpen, next.openSince);
      keepKernelStatus(directory, statusOf(false));
    },
    end: () => keepKernelStatus(directory, statusOf(feed.standing.problem === null)),
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw failure('FG_KERNEL_BOOK');
  }
}
