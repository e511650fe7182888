/**
 * A bucket laid out as AWS does it, on disk: plain, hourly, Hive and Hive hourly, mixed, with other files between.
 *
 * In:    a store, and the directory it lies in. Out: its flow log objects in key order.
 * Holds: the name of the file decides; a part of a bucket that was copied without its upper folders is read too.
 *        `_flowgauge/` is our own and no stray.
 * Fails: as the store does.
 */
import { join } from 'node:path';
import { SLOT_SECONDS } from '../../storage/object/keys.ts';
import type { ObjectStore } from '../../storage/object/store.ts';
import type { TablePart, TableSource, TimeRange } from './source.ts';

/** Name of a file in any layout; AWS writes the stamp of the slot's start. */
const FILE =
  /(?:^|\/)[^/_]+_vpcflowlogs_[^/_]+_[^/_]+_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z_[0-9a-f]+\.log\.(?:(gz)|parquet)$/u;

/**
 * A source over a directory.
 *
 * @param name       what was given, for messages
 * @param directory  where the keys of `store` are paths
 */
export function bucketSource(name: string, store: ObjectStore, directory: string): TableSource {
  let count = 0;
  let example: string | null = null;
  async function* plan(range: TimeRange, signal: AbortSignal): AsyncGenerator<TablePart> {
    count = 0;
    example = null;
    for await (const ref of store.list('', null, signal)) {
      const match = FILE.exec(ref.key);
      if (match === null) {
        if (/(?:^|\/)_flowgauge\//u.test(ref.key)) continue;
        count++;
        example ??= ref.key;
        continue;
      }
      if (!mayHold(match, range)) continue;
      const kind = match[6] === undefined ? 'parquet' : 'text';
      yield { ref, store, kind, format: null, path: join(directory, ref.key) };
    }
  }
  return { name, plan, stray: () => ({ count, example }) };
}

/** Records lie in the slot that their `end` falls in, and begin up to a window before it. */
function mayHold(stamp: RegExpExecArray, range: TimeRange): boolean {
  const part = (at: number): number => Number(stamp[at]);
  const slot = Date.UTC(part(1), part(2) - 1, part(3), part(4), part(5)) / 1000;
  return slot + SLOT_SECONDS > range.startSeconds && slot - 600 < range.endSeconds;
}
