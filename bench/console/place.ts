/**
 * A data directory whose answers are timed: records and facts of one network.
 *
 * In:    a directory, how many records and interfaces. Out: the range of the records, and what the console's questions are
 *        worked out with; how long a piece of work takes.
 * Holds: the cache is that of the console. CPU is that of this process.
 */
import { join } from 'node:path';
import type { Working } from '../../src/app/server/console/explain/working.ts';
import { writeBucket } from './bucket.ts';
import { writeNetwork } from './network.ts';

export const HOURS = 6;
export const CACHE_BYTES = 4e9;

export type TimedPlace = { readonly range: { readonly from: number; readonly to: number }; readonly working: Working };

/** Writes it. */
export async function timedPlace(data: string, records: number, interfaces: number): Promise<TimedPlace> {
  const to = Math.floor(Date.now() / 1000);
  const from = to - HOURS * 3600 - 600;
  await writeNetwork(data, interfaces, from);
  writeBucket(join(data, 'bucket'), { records, interfaces, hours: HOURS, untilSeconds: to });
  const { signal } = new AbortController();
  const question = { kind: 'network', at: null } as const;
  const working = { question, data, cacheBytes: CACHE_BYTES, nowSeconds: to, signal, onProgress: () => {} };
  return { range: { from, to }, working };
}

export type Run = { readonly wall: number; readonly cpu: number; readonly records: number };

/** Times a piece of work, which says how many records it answered from; seconds. */
export async function timed(work: () => Promise<number>): Promise<Run> {
  const before = process.cpuUsage();
  const began = performance.now();
  const records = await work();
  const { user, system } = process.cpuUsage(before);
  return { records, wall: (performance.now() - began) / 1000, cpu: (user + system) / 1e6 };
}
