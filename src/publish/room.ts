/**
 * Whether the spool has room: it is bounded in bytes and in age, and leaves some of its disk to others.
 *
 * In:    what is put into it, and looks at its directory. Out: why it is full, or that it is not.
 * Holds: nothing that the spool has taken is ever removed for room: a full spool takes SKIPDATA lines only, until
 *        deliveries have made room. Between two looks what is added counts, what left does not.
 * Fails: with errors of the disk.
 */
import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { FlowgaugeError } from '../model/errors.ts';
import { codeOf } from '../storage/object/file-errors.ts';
import type { Patiently } from './gather.ts';
import type { Pace } from './pace.ts';

export type SpoolLimits = {
  /** Bytes of everything in the spool. */
  readonly maxBytes: number;
  /** Seconds that a segment may wait for its destination, counted while the process runs. */
  readonly maxAgeSeconds: number;
  /** Bytes of the disk that are left to others. */
  readonly reserveBytes: number;
};

/** What holds where nothing is configured. */
export const SPOOL_LIMITS: SpoolLimits = {
  maxBytes: 10_000_000_000,
  maxAgeSeconds: 7 * 86_400,
  reserveBytes: 64_000_000,
};

export type FullBy = 'bytes' | 'age' | 'disk';

export interface Room {
  /** As far as the last look and what came since tell. */
  readonly bytes: number;
  readonly full: FullBy | null;
  /** Text that is about to go into it. */
  took(bytes: number): void;
  /** Looks at the free part of the disk. */
  glance(): Promise<void>;
  /** Looks at everything; `waitingSeconds` is how long the oldest segment waits. */
  look(waitingSeconds: number): Promise<void>;
  /** Does work again while the disk is full, until it is not or `end` was called: then it fails. */
  readonly patiently: Patiently;
  end(): void;
}

const AGAIN_MILLIS = 1000;

/** The room of a spool's directory; it has some until somebody looked. */
export function createRoom(path: string, limits: SpoolLimits, pace: Pace): Room {
  const ending = new AbortController();
  let bytes = 0;
  let free = Infinity;
  let longest = 0;
  let waiting = 0;

  async function glance(): Promise<void> {
    const { bavail, bsize } = await statfs(path);
    free = bavail * bsize;
  }

  async function look(waitingSeconds: number): Promise<void> {
    longest = waitingSeconds;
    const sizes = await Promise.all((await readdir(path)).map((file) => sizeOf(join(path, file))));
    bytes = sizes.reduce((sum, size) => sum + size, 0);
    await glance();
  }

  return {
    get bytes() {
      return bytes;
    },
    get full() {
      if (waiting > 0 || free < limits.reserveBytes) return 'disk';
      if (bytes >= limits.maxBytes) return 'bytes';
      return longest > limits.maxAgeSeconds ? 'age' : null;
    },
    took(more) {
      bytes += more;
    },
    glance,
    look,
    async patiently(work) {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          if (!isDiskFull(error) || ending.signal.aborted) throw error;
          waiting++;
          await pace.wait(AGAIN_MILLIS, ending.signal, true);
          waiting--;
        }
      }
    },
    end: () => ending.abort(),
  };
}

/** 0 for what went away meanwhile. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

/** DuckDB has no codes for what the system says. */
function isDiskFull(error: unknown): boolean {
  if (error instanceof FlowgaugeError) return error.code === 'FG_DISK_FULL';
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return true;
  return error instanceof Error && /no space left on device/iu.test(error.message);
}
