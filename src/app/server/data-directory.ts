/**
 * The directory in which `up` keeps everything: bucket, spool, host id, lock.
 *
 * In:    a path. Out: the directory, locked for this process, and who it belongs to.
 * Holds: one `up` for a directory; the lock of a process that has died is taken over. Run through sudo everything
 *        belongs to the calling user, and this process becomes that user when told to.
 * Fails: when another `up` holds the lock (its pid is named), or the directory cannot be written.
 */
import { lchownSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { failure, failureFrom } from '../../model/errors.ts';
import { giveProcessLockBack, takeProcessLock } from '../../storage/object/process-lock.ts';
import { hostIdIn } from '../collector/host-id.ts';
import { FIFO_NAME } from '../collector/live-capture.ts';

/** Directories of a data directory. */
export type DataDirectory = {
  readonly path: string;
  readonly bucket: string;
  readonly spool: string;
  readonly demo: string;
  /** For the FIFO of the capture; one that was left is removed at start. */
  readonly run: string;
  /** 32 hex digits, made once. */
  readonly hostId: string;
  /** Who called sudo; null where nobody did. */
  readonly owner: Owner | null;
  /** Becomes that user; nothing where there is none. */
  dropPrivileges(): void;
  release(): void;
};

/** A user and its group. */
export type Owner = { readonly uid: number; readonly gid: number };

/** Opens and locks a data directory, making it where it does not exist. */
export function openDataDirectory(path: string): DataDirectory {
  const root = resolve(path);
  const owner = callingUser();
  const own = (made: string): string => {
    // Not what a link names: that may be anything.
    if (owner !== null) lchownSync(made, owner.uid, owner.gid);
    return made;
  };
  const lock = join(root, 'lock');
  let locked = false;
  /** Only what is made here comes to belong to the user: a directory that was there may be any of the system's. */
  const directory = (name: string): string => {
    const at = join(root, name);
    const first = mkdirSync(at, { recursive: true });
    if (first !== undefined) for (let made = at; made.length >= first.length; made = dirname(made)) own(made);
    return at;
  };
  try {
    directory('');
    const holder = takeProcessLock(lock);
    if (holder !== null) throw failure('FG_DATA_DIRECTORY_LOCKED', lock, holder);
    locked = true;
    own(lock);
    const run = directory('run');
    // The directory may be one that has other things in it: no more goes than what we make.
    rmSync(join(run, FIFO_NAME), { force: true });
    return {
      path: root,
      bucket: directory('bucket'),
      spool: directory('spool'),
      demo: join(root, 'demo'),
      run,
      hostId: ownHostId(join(root, 'host-id'), own),
      owner,
      dropPrivileges() {
        if (owner === null) return;
        process.setgroups?.([owner.gid]);
        process.setgid?.(owner.gid);
        process.setuid?.(owner.uid);
        // What children read of the user must be the user's too.
        delete process.env['NODE_COMPILE_CACHE'];
      },
      release: () => giveProcessLockBack(lock),
    };
  } catch (error) {
    if (locked) giveProcessLockBack(lock);
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('FG_')) throw error;
    throw failureFrom(error, 'FG_DATA_DIRECTORY', root, error instanceof Error ? error.message : String(error));
  }
}

function callingUser(): Owner | null {
  const uid = Number(process.env['SUDO_UID'] ?? 0);
  const gid = Number(process.env['SUDO_GID'] ?? 0);
  return process.getuid?.() === 0 && Number.isInteger(uid) && uid > 0 && Number.isInteger(gid) ? { uid, gid } : null;
}

function ownHostId(path: string, own: (path: string) => string): string {
  const id = hostIdIn(path);
  own(path);
  return id;
}
