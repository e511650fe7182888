/**
 * Files of the cache that this process uses, and those that it is making.
 *
 * In:    the cache's directory. Out: a directory of our own in it, with links to the files that we use.
 * Holds: a link keeps what it names, whatever other processes remove; a file with a link is one that is used. The
 *        directory of a process that has died is removed by the next one: its lock says that nobody has it.
 * Fails: with the system's error, as where a file system has no hard links.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../../storage/object/file-errors.ts';
import { giveProcessLockBack, takeProcessLock } from '../../../storage/object/process-lock.ts';

export type Holding = {
  /** For new files, and with the links. */
  readonly directory: string;
  /** Path by which we use a file; null where it is not there. */
  hold(path: string, name: string): string | null;
  /** Lets go of everything. */
  close(): void;
};

/** Lock files of processes. */
const LOCK = /^(\d+-[0-9a-f]{8})\.lock$/u;

/** Makes the directory of this process below `root`, and removes those of dead ones. */
export function openHolding(root: string): Holding {
  removeLeft(root);
  const name = `${process.pid}-${randomBytes(4).toString('hex')}`;
  const lock = join(root, `${name}.lock`);
  const directory = join(root, name);
  takeProcessLock(lock);
  mkdirSync(directory, { mode: 0o700 });
  return {
    directory,
    hold(path, as) {
      const held = join(directory, as);
      try {
        linkSync(path, held);
      } catch (error) {
        const code = codeOf(error);
        if (code === 'ENOENT') return null;
        // Held already.
        if (code !== 'EEXIST') throw error;
      }
      return held;
    },
    close() {
      rmSync(directory, { recursive: true, force: true });
      giveProcessLockBack(lock);
    },
  };
}

function removeLeft(root: string): void {
  for (const file of readdirSync(root)) {
    const name = LOCK.exec(file)?.[1];
    const lock = join(root, file);
    if (name === undefined || takeProcessLock(lock) !== null) continue;
    rmSync(join(root, name), { recursive: true, force: true });
    giveProcessLockBack(lock);
  }
}
