/**
 * What happens to agents in a round of the campaign.
 *
 * In:    chance. Out: a fault by name, and how it is made.
 * Holds: the same numbers give the same plan; when exactly it meets an agent is up to the machine.
 */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault, Proxy } from '../servers/proxy.ts';
import { s3Error } from '../servers/proxy.ts';

/** Numbers from 0 to below 1 that a seed settles (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const FAULTS = [
  'killed',
  'uploads refused',
  'uploads half-finished',
  'killed, uploads half-finished',
  'clock jumps',
  'two agents',
  'two agents killed, uploads refused',
  'spool full',
  'disk full',
] as const;
export type FaultName = (typeof FAULTS)[number];

/** Each write is troubled with a probability. */
export function troubleWrites(proxy: Proxy, faults: readonly Fault[], share: number, random: () => number): () => void {
  proxy.fault = ({ method }) =>
    method === 'PUT' && random() < share ? faults[Math.floor(random() * faults.length)]! : null;
  return () => {
    proxy.fault = () => null;
  };
}

export const REFUSALS: readonly Fault[] = [
  s3Error(403, 'AccessDenied'),
  s3Error(503, 'SlowDown'),
  s3Error(500, 'InternalError'),
  s3Error(400, 'ExpiredToken'),
  'reset',
];
export const HALVES: readonly Fault[] = ['half', 'lost', 'cut', 'reset'];

/** A small disk of its own. */
export function smallDisk(path: string, megabytes: number): () => void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'flowgauge-campaign', path]);
  return () => execFileSync('umount', [path]);
}

/** Fills a disk to the last byte but `leave`, for a while; several times. */
export async function fillAgain(path: string, leave: () => number, random: () => number, until: AbortSignal) {
  const filler = join(path, 'of-somebody-else');
  while (!until.aborted) {
    await wait(20 + random() * 60);
    try {
      writeFileSync(filler, Buffer.alloc(16 << 20));
    } catch {
      // As much as there was room for.
    }
    const bytes = leave();
    if (bytes > 0) execFileSync('truncate', ['-s', `-${bytes}`, filler]);
    await wait(60 + random() * 120);
    rmSync(filler, { force: true });
  }
}
