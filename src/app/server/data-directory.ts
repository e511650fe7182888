/**
 * The directory in which `up` keeps everything: bucket, spool, host id, lock.
 *
 * In:    a path. Out: the directory, locked for this process, and who it belongs to.
 * Holds: one `up` for a directory; the lock of a process that has died is taken over. Run through sudo everything
 *        belongs to the calling user, and this process becomes that user when told to.
 * Fails: when another `up` holds the lock (its pid is named), or the directory cannot be written.
 */
import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { failure, failureFrom } from '../../model/errors.ts';
import { hostIdIn } from '../collector/host-id.ts';

/** Directories of a data directory. */
export type DataDirectory = {
  readonly path: string;
  readonly bucket: string;
  readonly spool: string;
  readonly demo: string;
  /** For the FIFO of the capture; emptied at start. */
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
    if (owner !== null) chownSync(made, owner.uid, owner.gid);
    return made;
  };
  const directory = (name: string): string => {
    const at = join(root, name);
    mkdirSync(at, { recursive: true });
    return own(at);
  };
  try {
    directory('');
    lock(join(root, 'lock'), own);
    rmSync(join(root, 'run'), { recursive: true, force: true });
    return {
      path: root,
      bucket: directory('bucket'),
      spool: directory('spool'),
      demo: join(root, 'demo'),
      run: directory('run'),
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
      release: () => rmSync(join(root, 'lock'), { force: true }),
    };
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('FG_')) throw error;
    throw failureFrom(error, 'FG_DATA_DIRECTORY', root, error instanceof Error ? error.message : String(error));
  }
}

function callingUser(): Owner | null {
  const uid = Number(process.env['SUDO_UID'] ?? 0);
  const gid = Number(process.env['SUDO_GID'] ?? 0);
  return process.getuid?.() === 0 && Number.isInteger(uid) && uid > 0 && Number.isInteger(gid) ? { uid, gid } : null;
}

function lock(path: string, own: (path: string) => string): void {
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      own(path);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const pid = Number(readFileSync(path, 'utf8'));
      if (isRunning(pid)) throw failure('FG_DATA_DIRECTORY_LOCKED', path, pid);
      rmSync(path, { force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function ownHostId(path: string, own: (path: string) => string): string {
  const id = hostIdIn(path);
  own(path);
  return id;
}
