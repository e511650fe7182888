/**
 * A directory for one question, that goes with it.
 *
 * In:    nothing. Out: its path, on a disk where there is one; only the user may look into it.
 * Holds: it is taken away when the question is done, and with the program where that leaves at once, as by Ctrl-C. What a
 *        program left that was killed is taken away by a later one.
 * Fails: with the system's error when it cannot be taken away.
 */
import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { spillDirectory } from '../../storage/duck/memory.ts';

const NAME = /^flowgauge-query-(\d+)-[0-9a-f]{8}$/;
/** A process that cannot be seen may be one of another container with the same directory: whatever it reads, it writes. */
const LEFT_AFTER_MILLIS = 86_400_000;
/** Looking through a directory of many files takes as long as a small question. */
const LOOK_EVERY_MILLIS = 3_600_000;

/** Those of this process that are in use. */
const used = new Set<string>();
/** When this process last looked for what others left, by directory. */
const looked = new Map<string, number>();

/** A new one. */
export function scratchDirectory(): { readonly path: string; remove(): Promise<void> } {
  const directory = spillDirectory();
  lookForLeft(directory, Date.now());
  const path = join(directory, `flowgauge-query-${process.pid}-${randomBytes(4).toString('hex')}`);
  if (used.size === 0) process.on('exit', removeAll);
  used.add(path);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch {
    // Where it cannot be made, what needs it says so.
  }
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true });
      if (used.delete(path) && used.size === 0) process.off('exit', removeAll);
    },
  };
}

/** Takes away what a process left that was killed. */
export function removeScratchOf(pid: number): void {
  const directory = spillDirectory();
  for (const name of namesIn(directory))
    if (NAME.exec(name)?.[1] === String(pid)) rmSync(join(directory, name), { recursive: true, force: true });
}

function removeAll(): void {
  for (const path of used) rmSync(path, { recursive: true, force: true });
}

/** Takes away what programs left that are no more, once an hour. */
export function lookForLeft(directory: string, nowMillis: number): void {
  const last = looked.get(directory);
  if (last !== undefined && nowMillis - last < LOOK_EVERY_MILLIS) return;
  looked.set(directory, nowMillis);
  removeLeft(directory, nowMillis);
}

/** Takes away what programs left that are no more. */
function removeLeft(directory: string, nowMillis: number): void {
  for (const name of namesIn(directory)) {
    const pid = NAME.exec(name)?.[1];
    if (pid === undefined) continue;
    const path = join(directory, name);
    try {
      // Others may write into the directory of temporary files: what is theirs may change while it is removed.
      const { uid, mtimeMs } = lstatSync(path);
      const before = nowMillis - LEFT_AFTER_MILLIS;
      // Where many were killed of late, looking into each takes longer than a question.
      if (uid !== process.getuid?.() || mtimeMs >= before || isAlive(Number(pid))) continue;
      if (newestIn(path) < before) rmSync(path, { recursive: true, force: true });
    } catch {
      // Somebody else takes it away just now.
    }
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code !== 'ESRCH';
  }
}

/** When something in a directory was written last. */
function newestIn(path: string): number {
  const below = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return Math.max(...['.', ...below].map((name) => statSync(join(path, name)).mtimeMs));
}
