/**
 * What is done for the lake of `up`, as its settings file says.
 *
 * In:    its members `compact` and `retention`. Out: settings, and how often.
 * Holds: nothing is compacted, and nothing removed, where nobody asked for it; retention asks for compaction.
 * Fails: with the words that `wrong` makes an error of.
 */
import type { TendSettings } from './tend.ts';

/** What is done, and how often. */
export type KeepingSettings = TendSettings & {
  readonly isOn: boolean;
  /** From the end of a run to the begin of the next one. */
  readonly everySeconds: number;
};

type Json = Readonly<Record<string, unknown>>;
type Wrong = (why: string) => Error;

const COMPACT = [
  'enabled',
  'dest',
  'by',
  'settleSeconds',
  'rollups',
  'everySeconds',
  'expireSeconds',
  'memoryBytes',
] as const;
const RETENTION = ['days', 'rollupDays'] as const;
const PERIODS = ['size', 'hour', 'day'] as const;
const DAY_SECONDS = 86_400;
const EVERY_SECONDS = 900;
const SETTLE_SECONDS = 1800;
/** A day of some million records; more is sorted on the disk. */
const MEMORY_BYTES = 500e6;
const LEAST_MEMORY_BYTES = 100e6;
const MOST_DAYS = 36_500;

/**
 * Reads them.
 *
 * @param wrong  makes the error for a setting that cannot be used
 */
export function keepingOf(
  { compact, retention }: { readonly compact?: unknown; readonly retention?: unknown },
  wrong: Wrong,
): KeepingSettings {
  const job = reader(compact, 'compact', COMPACT, wrong);
  const kept = reader(retention, 'retention', RETENTION, wrong);
  const days = kept.number('days', 1, MOST_DAYS);
  const rollupDays = kept.number('rollupDays', 1, MOST_DAYS);
  if (retention !== undefined && days === undefined) throw wrong('retention has no days');
  if (days !== undefined && rollupDays !== undefined && rollupDays < days)
    throw wrong(`retention.rollupDays is ${rollupDays}, and sums are not kept for a shorter time than their records (${days} days)`); // prettier-ignore
  const isOn = job.flag('enabled') ?? days !== undefined;
  if (days !== undefined && !isOn) throw wrong('retention needs compact.enabled: nothing goes that no lake has');
  const dest = job.text('dest') ?? null;
  const expireSeconds = job.number('expireSeconds', 0, MOST_DAYS * DAY_SECONDS) ?? null;
  return {
    isOn,
    everySeconds: job.number('everySeconds', 1, DAY_SECONDS) ?? EVERY_SECONDS,
    dest,
    by: job.among('by', PERIODS) ?? 'size',
    settleSeconds: job.number('settleSeconds', 0, 7 * DAY_SECONDS) ?? SETTLE_SECONDS,
    rollups: job.flag('rollups') ?? true,
    expireSeconds,
    retention:
      days === undefined
        ? null
        : {
            recordsSeconds: days * DAY_SECONDS,
            rollupsSeconds: rollupDays === undefined ? null : rollupDays * DAY_SECONDS,
          },
    memoryBytes: job.number('memoryBytes', LEAST_MEMORY_BYTES, Number.MAX_SAFE_INTEGER) ?? MEMORY_BYTES,
  };
}

function reader<K extends string>(value: unknown, place: string, known: readonly K[], wrong: Wrong) {
  if (value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value)))
    throw wrong(`${place} is no object`);
  const json = (value ?? {}) as Json;
  const stranger = Object.keys(json).find((key) => !(known as readonly string[]).includes(key));
  if (stranger !== undefined) throw wrong(`${place} has no setting "${stranger}", it has ${known.join(', ')}`);
  const one = <T>(key: K, fits: (given: unknown) => given is T, wanted: string): T | undefined => {
    const given = json[key];
    if (given === undefined || fits(given)) return given;
    throw wrong(`${place}.${key} is ${JSON.stringify(given)}, not ${wanted}`);
  };
  return {
    flag: (key: K) => one(key, (given) => typeof given === 'boolean', 'true or false'),
    text: (key: K) => one(key, (given): given is string => typeof given === 'string' && given !== '', 'a text'),
    among: <T extends string>(key: K, words: readonly T[]) =>
      one(key, (given): given is T => words.includes(given as T), `one of ${words.join(', ')}`),
    number: (key: K, least: number, most: number) =>
      one(
        key,
        (given): given is number => Number.isInteger(given) && Number(given) >= least && Number(given) <= most,
        `a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`,
      ),
  };
}
