/**
 * A look at the newest flow logs of a data directory or another place, as `up` and a worker take one again and again.
 *
 * In:    the directory, the place where that is another one, the time, how far back. Out: findings kept in its state file, alerts queued for whoever is told, the baselines
 *        gone on; what to tell of the look.
 * Holds: a look begins at a whole hour, so an hourly row is whole in it. A near look is of the hour before and this one, and asks what
 *        looks at hours; a long look is of a day, and asks all. What a look finds again is one finding: one that saw less of the
 *        past moves its end and takes nothing away. Windows that are open count. What was read is kept in the directory's cache.
 * Fails: FG_DETECTION_UNKNOWN, FG_PARAMETER_*; as reading flow logs, network and state do. That there is no record is no error.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DetectReport, Finding, NotAsked, Severity } from '../api/findings.ts';
import type { SourceOptions } from '../lake/read/open-source.ts';
import { FlowgaugeError } from '../model/errors.ts';
import type { S3Access } from '../storage/object/stores/s3-connection.ts';
import { openFindings } from '../storage/state/findings.ts';
import type { Told } from '../storage/state/findings.ts';
import { openModelHistory } from '../storage/state/open-model.ts';
import type { ModelHistory } from '../storage/state/open-model.ts';
import { openState, statePath } from '../storage/state/state-file.ts';
import { chosen } from './choose.ts';
import { detect } from './detect.ts';
import type { DetectOptions } from './detect.ts';
import { widened } from './findings.ts';
import { OPEN_SECONDS } from './open-findings.ts';

const HOUR_SECONDS = 3600;
/** Whole hours before this one. */
const HOURS = { near: 1, long: 24 } as const;
/** Of what was read; the console's queries have the same cache, and the same bound. */
const CACHE_BYTES = 4e9;

/** Which detections, and their parameters, as the settings of `up` say. */
export type LookSettings = {
  /** Names; null: all. */
  readonly only: readonly string[] | null;
  readonly except: readonly string[];
  /** Texts by detection and name. */
  readonly parameters: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

/** Where records lie that are not the directory's own; it must go through JSON. */
export type LookPlace = {
  /** A bucket on disk or in S3. */
  readonly from: string;
  readonly access: S3Access;
  /** Log format of text without header line; null: its lines tell. */
  readonly format: string | null;
  /** A model's file or folder; null: what was imported into the directory. */
  readonly vpc: string | null;
};

export type LookOptions = LookSettings & {
  /** Null: the bucket of the directory, with its open windows. */
  readonly place: LookPlace | null;
  readonly reach: keyof typeof HOURS;
  readonly nowSeconds: number;
  /** For rows and what is made of them; more is spilled. */
  readonly memoryBytes: number;
  readonly receivers: readonly Told[];
  readonly signal: AbortSignal;
};

/** What to tell of a look. */
export type Looked = {
  readonly findings: number;
  /** Of them, those that were not kept before. */
  readonly fresh: readonly Pick<Finding, 'id' | 'detection' | 'severity'>[];
  readonly told: number;
  /** Findings that are not suppressed now. */
  readonly open: Readonly<Record<Severity, number>>;
  readonly asked: number;
  readonly notAsked: readonly NotAsked[];
};

/** Looks. */
export async function look(data: string, options: LookOptions): Promise<Looked> {
  const { place, reach, nowSeconds, memoryBytes, parameters, receivers, signal } = options;
  const from = place?.from ?? data;
  const wanted = wantedOf(options, reach === 'near');
  const network = await networkOf(data, place?.vpc ?? null);
  try {
    const startSeconds = (Math.floor(nowSeconds / HOUR_SECONDS) - HOURS[reach]) * HOUR_SECONDS;
    const report = await found(from, {
      only: wanted,
      parameters: Object.fromEntries(Object.entries(parameters).filter(([name]) => wanted.includes(name))),
      data,
      ...(network === null ? {} : { network }),
      range: { startSeconds, endSeconds: nowSeconds + 1 },
      source: sourceOf(place),
      cache: { directory: join(data, 'cache'), sizeBytes: CACHE_BYTES },
      memoryBytes,
      signal,
    });
    const kept = keep(data, report.findings, from, nowSeconds, receivers);
    return { ...kept, findings: report.findings.length, asked: report.asked, notAsked: report.notAsked };
  } finally {
    network?.close();
  }
}

function sourceOf(place: LookPlace | null): SourceOptions {
  if (place === null) return {};
  const { access, format } = place;
  return { access, ...(format === null ? {} : { format }) };
}

async function found(
  from: string,
  options: DetectOptions & { readonly only: readonly string[] },
): Promise<Pick<DetectReport, 'findings' | 'asked' | 'notAsked'>> {
  const nothing = { findings: [], asked: 0, notAsked: [] };
  if (options.only.length === 0) return nothing;
  try {
    return (await detect(from, options)).report;
  } catch (error) {
    // No record lies in the time that was looked at.
    if (error instanceof FlowgaugeError && /^FG_(?:SOURCE|TIME)_EMPTY$/u.test(error.code)) return nothing;
    throw error;
  }
}

/** Names of what is asked. */
function wantedOf({ only, except }: LookSettings, isNear: boolean): readonly string[] {
  chosen(except);
  return chosen(only ?? undefined)
    .filter((one) => !except.includes(one.name) && (!isNear || ('query' in one && one.query.hourly)))
    .map(({ name }) => name);
}

function keep(
  data: string,
  findings: readonly Finding[],
  from: string,
  nowSeconds: number,
  receivers: readonly Told[],
): Pick<Looked, 'fresh' | 'told' | 'open'> {
  const state = openState(statePath(data), false);
  try {
    const kept = openFindings(state);
    return state.transaction(() => {
      const known = findings.map(({ id }) => kept.find(id, nowSeconds));
      const whole = findings.map((finding, at) => widened(known[at] ?? null, finding));
      const { told } = kept.keep(whole, from, nowSeconds, receivers);
      const fresh = findings.filter((_, at) => known[at] === null);
      return {
        fresh: fresh.map(({ id, detection, severity }) => ({ id, detection, severity })),
        told,
        open: kept.open(nowSeconds - OPEN_SECONDS, nowSeconds),
      };
    });
  } finally {
    state.close();
  }
}

/** The network over time; null where none is known. */
async function networkOf(data: string, vpc: string | null): Promise<ModelHistory | null> {
  if (vpc !== null) return openModelHistory({ vpc });
  if (!existsSync(statePath(data))) return null;
  try {
    return await openModelHistory({ data });
  } catch (error) {
    if (error instanceof FlowgaugeError && error.code === 'FG_STATE_EMPTY') return null;
    throw error;
  }
}
