/**
 * Where the cache lies and how large it may be.
 *
 * In:    the environment, the disk. Out: a directory and a bound.
 * Holds: a bound that nobody gave leaves the disk room: a tenth of what is free, and never more than 20 GB.
 */
import { statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** What a user says of the cache; what is not set is found. */
export type CacheOptions = {
  readonly directory?: string;
  readonly sizeBytes?: number;
  /** Listings that are remembered are asked for again. */
  readonly refresh?: boolean;
};

const MOST_BYTES = 20e9;
const SHARE_OF_FREE = 0.1;

/** The directory where nobody names another. */
export function cacheDirectory(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const xdg = env['XDG_CACHE_HOME'];
  // A relative one is to be ignored, says the XDG Base Directory Specification.
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.cache');
  return join(base, 'flowgauge', 'objects');
}

/**
 * The bound where nobody gave one.
 *
 * @param heldBytes  what the cache has already: to it that is as good as free
 */
export async function boundFor(directory: string, heldBytes: number): Promise<number> {
  return Math.min(MOST_BYTES, Math.floor(((await freeBytes(directory)) + heldBytes) * SHARE_OF_FREE));
}

/** Free bytes of the disk that a directory lies on, or would. */
export async function freeBytes(directory: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch (error) {
    const above = dirname(directory);
    if (above === directory) throw error;
    return freeBytes(above);
  }
}
