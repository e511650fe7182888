/**
 * `flowgauge cache`: what is kept of objects that were read, whether it is sound, and away with it.
 *
 * In:    what to do. Out: a few lines, or JSON. Exit 3 where `verify` found damage.
 * Holds: questions that run meanwhile keep what they use.
 */
import type { Command } from 'commander';
import { Argument } from 'commander';
import { cachePlaceOptions, namedDirectory } from './cache-options.ts';
import type { CacheFlags } from './cache-options.ts';
import { countText } from './counts.ts';

type Flags = CacheFlags & { json?: true };

/** Adds the verb. */
export function cacheCommand(program: Command): void {
  const command = program
    .command('cache')
    .description('what `query` keeps of the objects that it read: status, verify, clear')
    .addArgument(
      new Argument('[action]', 'status says what is there, verify looks at every checksum, clear removes all')
        .choices(['status', 'verify', 'clear'])
        .default('status'),
    );
  cachePlaceOptions(command)
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  flowgauge cache
  flowgauge cache verify
  flowgauge cache clear --cache-dir /var/cache/flowgauge`,
    )
    .action(async (action: 'status' | 'verify' | 'clear', flags: Flags) => {
      const { cacheDirectory } = await import('../lake/read/cache/place.ts');
      const directory = namedDirectory(flags) ?? cacheDirectory();
      const housekeeping = await import('../lake/read/cache/housekeeping.ts');
      const found: Found | null =
        action === 'status'
          ? await housekeeping.cacheStatus(directory)
          : action === 'verify'
            ? await housekeeping.verifyCache(directory)
            : await housekeeping.clearCache(directory);
      if (flags.json === true) console.log(JSON.stringify({ directory, ...found }));
      else console.log(found === null ? `${directory}: nothing is kept` : words(directory, action, found));
      if ((found?.damaged ?? []).length > 0) process.exitCode = 3;
    });
}

type Found = {
  readonly packs: number;
  readonly bytes: number;
  readonly damaged?: readonly string[];
  readonly boundBytes?: number;
  readonly objects?: number;
  readonly rows?: number;
  readonly hits?: number;
  readonly listings?: number;
  readonly oldestMillis?: number | null;
};

function words(directory: string, action: string, found: Found): string {
  const size = megabytes(found.bytes);
  if (action === 'clear') return `${directory}: ${found.packs} packs removed, ${size}`;
  if (found.damaged !== undefined) {
    const bad = found.damaged.map((path) => `damaged and removed: ${path}`);
    return [`${directory}: ${countText(found.packs, 'pack')} looked at, ${size}, ${bad.length} damaged`, ...bad].join(
      '\n',
    );
  }
  const { oldestMillis = null } = found;
  return [
    `directory  ${directory}`,
    `packs      ${found.packs}, ${size} of ${megabytes(found.boundBytes ?? 0)} unless --cache-size says another bound`,
    `objects    ${found.objects ?? 0} with ${countText(found.rows ?? 0, 'record')}; ${countText(found.listings ?? 0, 'listing')}`,
    `used       ${found.hits ?? 0} times${oldestMillis === null ? '' : `; longest not used since ${new Date(oldestMillis).toISOString()}`}`,
  ].join('\n');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
