/**
 * A file that says which process has a directory.
 *
 * In:    the file's path. Out: it is ours, or who has it.
 * Holds: the file has its words from the moment it is there, so no other process takes it for one that was left. A
 *        process is known by its number and the time it started: the number of a dead one, given again (as in a container
 *        that is started anew), holds nothing. One process cannot take a lock twice.
 * Fails: with the system's error.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { codeOf } from './file-errors.ts';

/** Locks that this process has. */
const ours = new Set<string>();

/**
 * Takes the lock; one that a dead process left is taken over.
 *
 * @return  null when it is ours, else the number of the process that has it
 */
export function takeProcessLock(path: string): number | null {
  const words = `${process.pid} ${startOf(process.pid) ?? ''}\n`;
  for (;;) {
    if (makeWhole(path, words)) {
      ours.add(path);
      return null;
    }
    const found = read(path);
    if (found === null) continue;
    const holder = liveHolder(found, path);
    if (holder !== null) return holder;
    removeLeft(path, found);
  }
}

/** The process that has a lock; null where none that lives has it. */
export function processLockHolder(path: string): number | null {
  const found = read(path);
  return found === null ? null : liveHolder(found, path);
}

/** Gives the lock back. Where this user may not remove it any more it is left: its process ends. */
export function giveProcessLockBack(path: string): void {
  if (!ours.delete(path)) return;
  try {
    rmSync(path, { force: true });
  } catch (error) {
    if (codeOf(error) !== 'EACCES' && codeOf(error) !== 'EPERM') throw error;
  }
}

/** Makes the file with its words in one step; false where there is one. */
function makeWhole(path: string, words: string): boolean {
  const aside = `${path}.${process.pid}`;
  rmSync(aside, { force: true });
  writeFileSync(aside, words, { flag: 'wx', mode: 0o644 });
  try {
    linkSync(aside, path);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return false;
    // A file system without hard links: the words come a moment later.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS')
      return writeNew(path, words);
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function writeNew(path: string, words: string): boolean {
  try {
    writeFileSync(path, words, { flag: 'wx', mode: 0o644 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** What the file says; null when it has gone. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function liveHolder(words: string, path: string): number | null {
  const [number = '', started = ''] = words.trim().split(' ');
  const pid = Number(number);
  if (!Number.isInteger(pid) || pid < 1) return null;
  if (pid === process.pid) return ours.has(path) ? pid : null;
  const start = startOf(pid);
  if (start !== null && started !== '') return start === started ? pid : null;
  return isRunning(pid) ? pid : null;
}

/** Takes the file of a dead process away, unless another process has put its own there meanwhile. */
function removeLeft(path: string, words: string): void {
  const away = `${path}.${process.pid}.left`;
  try {
    renameSync(path, away);
    if (readFileSync(away, 'utf8') !== words) linkSync(away, path);
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(away, { force: true });
  }
}

/** When a process started, in the kernel's ticks; null where there is none, or no /proc. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
