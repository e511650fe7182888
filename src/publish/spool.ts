/**
 * The spool: the directory that holds segments until their destination has confirmed them.
 *
 * In:    segments being written. Out: sealed ones, under names that are never used twice; what an earlier run left.
 * Holds: `NAME.open` is being written, `NAME.segment` is sealed, `NAME.object` is the object made from it, `NAME.damaged`
 *        failed its check and is never deleted. `NAME.sent` is what a destination has of it already. Only one process uses a spool.
 *        `NAME.partN` are the pieces of a segment whose object was too large; they count once `NAME.split` has replaced
 *        `NAME.open`.
 * Fails: `FG_SPOOL_BUSY` when another process has it; errors of the disk, which leave everything as it is.
 */
import { mkdir, open, readFile, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { failure } from '../model/errors.ts';
import { codeOf, fileFailure } from '../storage/object/file-errors.ts';
import { giveProcessLockBack, takeProcessLock } from '../storage/object/process-lock.ts';
import { syncDirectory } from '../storage/object/stores/directory.ts';
import { FILE_HOST } from './object-name.ts';

/** How often it is looked whether one that has it has ended. */
const LOOK_MILLIS = 50;

/** What a file in the spool is. */
export type SpoolSuffix =
  | 'open'
  | 'segment'
  | 'object'
  | 'split'
  | 'damaged'
  | 'sent'
  | `part${number}`
  | `part${number}.object`;

/** A name in the spool, taken apart. */
export type SpoolName = { readonly flowLogId: string; readonly slotSeconds: number; readonly number: number };

export interface Spool {
  readonly path: string;
  readonly hostId: string;
  /** A name for a new segment. */
  newName(flowLogId: string, slotSeconds: number): Promise<string>;
  file(name: string, suffix: SpoolSuffix): string;
  /** Renames and brings the new name to disk. */
  turn(name: string, from: SpoolSuffix, to: SpoolSuffix): Promise<void>;
  /** As `turn`, to another name. */
  rename(name: string, from: SpoolSuffix, toName: string, to: SpoolSuffix): Promise<void>;
  drop(name: string, suffix: SpoolSuffix): Promise<void>;
  /** Names of files with a suffix, in order. */
  named(suffix: 'open' | 'segment' | 'split' | 'damaged'): Promise<readonly string[]>;
  /** How many pieces of a split segment still lie there: those with these numbers. */
  parts(name: string): Promise<readonly number[]>;
  /** Removes objects and journals whose segments are gone. */
  dropOrphans(): Promise<void>;
  /** Removes everything but damaged segments: what a capture file makes again. */
  clear(): Promise<void>;
  /** Gives it back; removes it when nothing is in it. */
  close(): Promise<void>;
}

/** The name of a segment's files. */
export function spoolName(name: SpoolName): string {
  return `${name.flowLogId}_${name.slotSeconds}_${name.number}`;
}

/** What a name says; null for names of others. */
export function readSpoolName(name: string): SpoolName | null {
  const match = /^(.+)_(\d+)_(\d+)$/u.exec(name);
  if (match === null) return null;
  return { flowLogId: match[1]!, slotSeconds: Number(match[2]), number: Number(match[3]) };
}

/**
 * Takes a spool for this process; its directory is made where it is missing.
 *
 * @param waitMillis  so long one that has it is waited for
 */
export async function openSpool(path: string, hostId: string, waitMillis: number = 0): Promise<Spool> {
  const lock = join(path, 'lock');
  try {
    const until = performance.now() + waitMillis;
    for (;;) {
      // Whoever gives it back takes it away where nothing is in it.
      await mkdir(path, { recursive: true });
      const holder = takeProcessLock(lock);
      if (holder === null) break;
      if (performance.now() >= until) throw failure('FG_SPOOL_BUSY', path, holder);
      await wait(LOOK_MILLIS);
    }
  } catch (error) {
    throw fileFailure(error, path);
  }
  const counter = hostId === FILE_HOST ? countEachSlot() : await countForEver(path);
  const spool: Spool = {
    path,
    hostId,
    async newName(flowLogId, slotSeconds) {
      // It becomes the name of a file here: nothing else may come of it.
      if (!/^[^/\p{Cc}]+$/u.test(flowLogId)) throw failure('FG_KEY_REFUSED', flowLogId);
      return spoolName({ flowLogId, slotSeconds, number: await counter(flowLogId, slotSeconds) });
    },
    file: (name, suffix) => join(path, `${name}.${suffix}`),
    turn: (name, from, to) => spool.rename(name, from, name, to),
    async rename(name, from, toName, to) {
      await rename(spool.file(name, from), spool.file(toName, to));
      await syncDirectory(path);
    },
    drop: (name, suffix) => rm(spool.file(name, suffix), { force: true }),
    async named(suffix) {
      const ends = `.${suffix}`;
      const names = (await readdir(path))
        .filter((file) => file.endsWith(ends))
        .map((file) => file.slice(0, -ends.length));
      return names.filter((name) => readSpoolName(name) !== null).sort(inOrder);
    },
    async parts(name) {
      const begin = `${name}.part`;
      const files = (await readdir(path)).filter((file) => file.startsWith(begin) && !file.endsWith('.object'));
      return files.map((file) => Number(file.slice(begin.length))).sort((a, b) => a - b);
    },
    async dropOrphans() {
      const files = new Set(await readdir(path));
      for (const file of files) {
        const name = file.replace(/\.(?:object|sent)$/u, '');
        const whole = files.has(name) || files.has(`${name}.segment`) || files.has(`${name}.open`);
        if (file !== name && !whole) await unlink(join(path, file));
      }
    },
    async clear() {
      for (const file of await readdir(path)) {
        if (file !== 'lock' && !file.endsWith('.damaged')) await rm(join(path, file), { recursive: true });
      }
    },
    async close() {
      giveProcessLockBack(lock);
      // Left where anything is in it, the counter of a host included.
      for (const directory of hostId === FILE_HOST ? [path, dirname(path)] : []) {
        await rmdir(directory).catch(ignoreNotEmpty);
      }
    },
  };
  return spool;
}

function ignoreNotEmpty(error: unknown): void {
  if (!['ENOTEMPTY', 'EEXIST', 'ENOENT', 'EBUSY', 'EACCES', 'EPERM'].includes(codeOf(error))) throw error;
}

function inOrder(a: string, b: string): number {
  const [left, right] = [readSpoolName(a)!, readSpoolName(b)!];
  return (
    left.slotSeconds - right.slotSeconds || (left.flowLogId < right.flowLogId ? -1 : 1) || left.number - right.number
  );
}

/** Numbers of a capture file: from 0 in each slot of each flow log, so that a second run has the same. */
function countEachSlot(): (flowLogId: string, slotSeconds: number) => Promise<number> {
  const next = new Map<string, number>();
  return (flowLogId, slotSeconds) => {
    const key = `${flowLogId} ${slotSeconds}`;
    const number = next.get(key) ?? 0;
    next.set(key, number + 1);
    return Promise.resolve(number);
  };
}

/** Numbers of a host: one count that survives the process. It is on disk before a number is used. */
async function countForEver(path: string): Promise<() => Promise<number>> {
  const file = join(path, 'next-number');
  let next = await readFile(file, 'utf8').then(Number, (error: unknown) => {
    if (codeOf(error) === 'ENOENT') return 0;
    throw fileFailure(error, file);
  });
  if (!Number.isSafeInteger(next) || next < 0) throw failure('FG_SPOOL_COUNTER', file);
  let kept: Promise<void> = Promise.resolve();
  return async () => {
    const number = next++;
    // One that failed, as on a full disk, does not keep the next from being tried.
    const before = kept.catch(() => {});
    kept = before.then(async () => {
      const aside = await open(`${file}.tmp`, 'w');
      try {
        await aside.writeFile(`${number + 1}\n`);
        await aside.sync();
      } finally {
        await aside.close();
      }
      await rename(`${file}.tmp`, file);
      await syncDirectory(path);
    });
    await kept;
    return number;
  };
}
