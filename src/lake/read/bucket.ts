/**
 * A bucket laid out as AWS does it, on disk: plain, hourly, Hive and Hive hourly, mixed, with other files between.
 *
 * In:    a store, and the directory it lies in. Out: its flow log objects in key order.
 * Holds: the name of the file decides; a part of a bucket that was copied without its upper folders is read too.
 *        `_flowgauge/` and `flowgauge-lake/` are our own and no stray.
 * Fails: as the store does.
 */
import { join } from 'node:path';
import { SLOT_SECONDS } from '../../storage/object/keys.ts';
import type { Span } from '../../storage/object/folders.ts';
import type { ObjectRef } from '../../storage/object/store.ts';
import type { DirectoryStore } from '../../storage/object/stores/directory.ts';
import { mayBeFlowLog, otherFiles } from './other-files.ts';
import type { Progress } from './progress.ts';
import type { TablePart, TableSource, TimeRange } from './source.ts';

/** Name of a file in any layout; AWS writes the stamp of the slot's start. */
const FILE =
  /(?:^|\/)[^/_]+_vpcflowlogs_[^/_]+_[^/_]+_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z_[0-9a-f]+\.log(?:\.(gz|zst|zstd|parquet))?$/u;
/** The longest window: a record begins up to this before its slot. */
const WINDOW_SECONDS = 600;
/** Records that came late lie in a file of a later slot. */
const LATE_SECONDS = 3600;

/**
 * A source over a directory.
 *
 * @param name       what was given, for messages
 * @param directory  where the keys of `store` are paths
 */
export function bucketSource(name: string, store: DirectoryStore, directory: string): TableSource {
  let count = 0;
  let example: string | null = null;
  let newest: number | null = null;
  async function* plan(
    range: TimeRange,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void = () => {},
  ): AsyncGenerator<TablePart> {
    count = 0;
    example = null;
    newest = null;
    let files = 0;
    let bytes = 0;
    const wanted = stampsOf(range);
    // Where no name is AWS's, the bytes tell: null as soon as one is.
    let others: ObjectRef[] | null = [];
    for await (const ref of store.listBeside(isOfLake, signal)) {
      const file = flowLogFile(ref.key);
      if (file === null) {
        if (isOurs(ref.key)) continue;
        count++;
        example ??= ref.key;
        if (mayBeFlowLog(ref.key)) others?.push(ref);
        continue;
      }
      others = null;
      newest = Math.max(newest ?? file.slotSeconds, file.slotSeconds);
      if (!isWithin(file, wanted)) continue;
      onProgress({ stage: 'listing', files: ++files, of: 0, bytes: (bytes += ref.sizeBytes) });
      yield { ref, store, kind: file.kind, format: null, path: join(directory, ref.key) };
    }
    if (others === null) return;
    const parts = await otherFiles(others, store, (key) => join(directory, key), signal);
    if (parts.length === 0) return;
    count -= parts.length;
    example = null;
    yield* parts;
  }
  return { name, plan, stray: () => ({ count, example }), newest: async () => newest };
}

/** What the name of a flow log object says; null for any other. */
export type FlowLogFile = { readonly kind: 'text' | 'parquet'; readonly slotSeconds: number };

/** Reads the end of a key. */
export function flowLogFile(key: string): FlowLogFile | null {
  const stamp = FILE.exec(key);
  if (stamp === null) return null;
  const part = (at: number): number => Number(stamp[at]);
  const slotSeconds = Date.UTC(part(1), part(2) - 1, part(3), part(4), part(5)) / 1000;
  return { kind: stamp[6] === 'parquet' ? 'parquet' : 'text', slotSeconds };
}

/** Bookkeeping of ours, also of a data directory in which `up` has not run: neither an object of flow logs nor a stray file. */
export function isOurs(key: string): boolean {
  return /(?:^|\/)(?:_flowgauge|flowgauge-lake)\/|^(?:state|cache\/catalog)\.sqlite(?:-wal|-shm)?$|^cache\/(?:packs|use)\//u.test(
    key,
  );
}

/** Folders with nothing but our bookkeeping, or files of a lake, of which there may be many: no question looks for objects in them. */
function isOfLake(folder: string): boolean {
  return /^(?:_flowgauge|flowgauge-lake\/[0-9a-z-]+\/day=\d{4}-\d\d-\d\d)\/$/u.test(folder);
}

/**
 * Stamps of the files that may hold records of a range: records lie in the slot that their `end` falls in, or, where
 * they came late, in one up to an hour later; and they begin up to a window before their end.
 */
export function stampsOf(range: TimeRange): Span {
  return {
    startSeconds: range.startSeconds - SLOT_SECONDS + 1,
    endSeconds: range.endSeconds + WINDOW_SECONDS + LATE_SECONDS,
  };
}

/** Whether a file is one of those. */
export function isWithin({ slotSeconds }: FlowLogFile, wanted: Span): boolean {
  return slotSeconds >= wanted.startSeconds && slotSeconds < wanted.endSeconds;
}
