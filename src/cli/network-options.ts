/**
 * Options that say which network it is about: a model of files, or what was imported, and as known when.
 *
 * In:    a verb; what was given. Out: the verb with the options; the network over time.
 * Holds: the same names and words for every verb.
 */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { ModelHistory, ModelSource } from '../storage/state/open-model.ts';
import { dataDirectory } from './data-directory.ts';

/** As commander gives them. */
export type NetworkFlags = { vpc?: string; data: string; knownAt?: string };

/** Adds them. */
export function networkOptions(command: Command): void {
  command
    .option('--vpc <model>', 'the network as describe answers, a JSON file or a folder; it is taken to hold always')
    .addOption(
      dataDirectory(new Option('--data <dir>', 'the data directory whose imports say what the network was when')),
    )
    .addOption(new Option('--known-at <time>', 'only what was imported by then counts').conflicts('vpc'));
}

/**
 * The network over time. To be closed.
 *
 * @param knownAt  what was known by when, in words; not given: all
 * @param option   that said so
 */
export async function networkOf(
  { vpc, data }: Pick<NetworkFlags, 'vpc' | 'data'>,
  knownAt: string | undefined,
  option: string = '--known-at',
): Promise<ModelHistory> {
  const { openModelHistory } = await import('../storage/state/open-model.ts');
  return openModelHistory(await networkSource({ vpc, data, knownAt }, option));
}

/** Where the network is described, for whoever opens it. */
export async function networkSource(
  { vpc, data, knownAt }: { readonly [name in keyof NetworkFlags]?: NetworkFlags[name] | undefined },
  option: string = '--known-at',
): Promise<ModelSource> {
  const known = knownAt === undefined ? null : await secondsOf(option, knownAt);
  const until = known === null ? {} : { knownAt: Math.round(known * 1e6) };
  return { vpc, data, ...until, orNothing: option === '--learned-since' };
}

/** Where a network of one time is described: that of `at`, the newest where that is not given. */
export async function networkSourceAt({
  at,
  ...flags
}: NetworkFlags & { at?: string }): Promise<ModelSource & { readonly at?: number }> {
  const source = await networkSource(flags);
  return at === undefined ? source : { ...source, at: Math.round((await secondsOf('--at', at)) * 1e6) };
}

/** A time in words as seconds since 1970 UTC. */
export async function secondsOf(option: string, text: string): Promise<number> {
  const { instantOf } = await import('../query/asked-range.ts');
  return instantOf(option, text, Date.now() / 1000);
}
