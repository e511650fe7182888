/**
 * What a question will read, before it is read.
 *
 * In:    a source and a range of time. Out: its parts, and their number and size by form and storage class.
 * Holds: whoever is told of the plan may refuse it, and then nothing was read.
 * Fails: FG_SOURCE_EMPTY, FG_TIME_EMPTY; as the source does; with what `onPlanned` throws.
 */
import { failure } from '../../model/errors.ts';
import type { KeptObject, ObjectCache } from './cache/object-cache.ts';
import { SMALL_BYTES } from './held-objects.ts';
import type { Note } from '../../api/note.ts';
import type { Progress } from './progress.ts';
import { ALL_TIME } from './source.ts';
import type { TablePart, TableSource, TimeRange } from './source.ts';
import { isBounded, isoOf, rangeText } from './time-range.ts';

/** How a source is read for one question. */
export type Reading = {
  /** Objects that hold nothing of it are not read, and records that do not lie in it are not in the table. */
  readonly range?: TimeRange;
  /** Told of what will be read before it is; what it throws ends the reading. */
  readonly onPlanned?: (planned: Planned) => Promise<void> | void;
  readonly onProgress?: (progress: Progress) => void;
  /** Objects that were read before; closed with the table. */
  readonly cache?: ObjectCache | null;
  /** For rows and what is made of them; more is spilled. */
  readonly memoryBytes?: number;
  /** For what is spilled; default: nearly all that the disk has. */
  readonly spillBytes?: number;
  /** Rows may come in another order than files have them. */
  readonly anyOrder?: boolean;
  /** What is known before anything is read. */
  readonly notes?: readonly Note[];
};

/** Parts of a source, and those of them that lie in the cache. */
export type PlannedParts = {
  readonly parts: readonly TablePart[];
  readonly kept: ReadonlyMap<TablePart, KeptObject>;
};

export type PlannedGroup = {
  readonly kind: TablePart['kind'];
  /** Of S3; null elsewhere. */
  readonly storageClass: string | null;
  readonly objects: number;
  readonly bytes: number;
};

export type Planned = {
  readonly objects: number;
  readonly bytes: number;
  /** Bytes that are neither on this machine nor in the cache, and how often somebody will be asked for them, at least. */
  readonly farBytes: number;
  readonly requests: number;
  /** The larger first. */
  readonly groups: readonly PlannedGroup[];
};

/** The parts of a range; one at least. */
export async function planParts(source: TableSource, reading: Reading, signal: AbortSignal): Promise<PlannedParts> {
  const { range = ALL_TIME, cache = null } = reading;
  const parts: TablePart[] = [];
  for await (const part of source.plan(range, signal, reading.onProgress))
    parts.push(cache === null ? part : cache.watched(part));
  if (parts.length === 0) throw await nothingThere(source, range, signal);
  const planned = { parts, kept: (await cache?.look(parts)) ?? new Map<TablePart, KeptObject>() };
  await reading.onPlanned?.(plannedOf(planned));
  return planned;
}

async function nothingThere(source: TableSource, range: TimeRange, signal: AbortSignal): Promise<Error> {
  const newest = isBounded(range) ? ((await source.newest?.(signal)) ?? null) : null;
  return newest === null
    ? failure('FG_SOURCE_EMPTY', source.name, source.stray().count)
    : failure('FG_TIME_EMPTY', source.name, rangeText(range), isoOf(newest));
}

/** Counts parts. */
export function plannedOf({ parts, kept }: PlannedParts): Planned {
  const groups = new Map<string, { -readonly [K in keyof PlannedGroup]: PlannedGroup[K] }>();
  let bytes = 0;
  let farBytes = 0;
  let requests = 0;
  for (const part of parts) {
    const { kind, ref, path, once } = part;
    bytes += ref.sizeBytes;
    if (path === null && once !== true && !kept.has(part)) {
      farBytes += ref.sizeBytes;
      // Of larger text the begin is asked for first.
      requests += kind === 'text' && ref.sizeBytes > SMALL_BYTES ? 2 : 1;
    }
    const storageClass = ref.storageClass ?? null;
    const key = `${kind} ${storageClass}`;
    const group = groups.get(key) ?? { kind, storageClass, objects: 0, bytes: 0 };
    groups.set(key, group);
    group.objects++;
    group.bytes += ref.sizeBytes;
  }
  return {
    objects: parts.length,
    bytes,
    farBytes,
    requests,
    groups: [...groups.values()].sort((a, b) => b.bytes - a.bytes || b.objects - a.objects),
  };
}
