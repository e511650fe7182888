/**
 * Options of the cache, for every verb that has them.
 *
 * In:    a verb; what was given. Out: the verb with the options; what the cache is opened with.
 * Holds: objects of S3 are kept unless somebody says no; a directory's are not unless somebody says yes, for they are
 *        near already. FLOWGAUGE_CACHE names the directory, or is `off`.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { CacheOptions } from '../lake/read/cache/place.ts';
import { readSize } from './sizes.ts';

/** As commander gives them. */
export type CacheFlags = { cache?: boolean; cacheDir?: string; cacheSize?: number; refresh?: boolean };

const OFF = 'off';

/** The options that say where the cache is. */
export function cachePlaceOptions(command: Command): Command {
  return command.addOption(
    new Option('--cache-dir <dir>', 'the cache; default flowgauge/objects in $XDG_CACHE_HOME or ~/.cache').env(
      'FLOWGAUGE_CACHE',
    ),
  );
}

/** All of them. */
export function cacheOptions(command: Command): Command {
  command
    .option('--cache', 'keep what was read on this machine for the next question (s3:// always does)')
    .option('--no-cache', 'neither keep what was read nor use what was kept');
  return cachePlaceOptions(command)
    .addOption(
      new Option('--cache-size <size>', 'what the cache may take of the disk; default 20GB, or a tenth of what is free')
        .env('FLOWGAUGE_CACHE_SIZE')
        .argParser((text) => readSize('--cache-size', text)),
    )
    .option('--refresh', 'list folders of S3 anew that are remembered');
}

/** The directory that was named; undefined for the default one. */
export function namedDirectory({ cacheDir }: CacheFlags): string | undefined {
  return cacheDir === undefined || cacheDir === '' || cacheDir === OFF ? undefined : cacheDir;
}

/** What the cache of a place is opened with; undefined: nothing is kept. */
export function cacheFor(from: string, flags: CacheFlags): CacheOptions | undefined {
  const wanted = flags.cache ?? (from.startsWith('s3://') && flags.cacheDir !== OFF);
  if (!wanted) return undefined;
  const directory = namedDirectory(flags);
  return {
    ...(directory === undefined ? {} : { directory }),
    ...(flags.cacheSize === undefined ? {} : { sizeBytes: flags.cacheSize }),
    ...(flags.refresh === undefined ? {} : { refresh: flags.refresh }),
  };
}
