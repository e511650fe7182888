/**
 * A directory as a store: a key is a path below it.
 *
 * In:    keys and bytes. Out: files.
 * Holds: an object is written aside under a name that listings ignore, brought to disk, then linked to its name, which
 *        fails where the name is taken: no half object is ever seen and none is overwritten.
 * Fails: a key that would leave the directory is `FG_KEY_REFUSED`; a full disk, a directory that may not be written and
 *        a file in a directory's place have their own errors.
 */
import { randomBytes } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { link, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failure } from '../../../model/errors.ts';
import { codeOf, fileFailure } from '../file-errors.ts';
import type { ObjectRef, ObjectStore } from '../store.ts';

const TEMPORARY = /^\.flowgauge-[0-9a-f]+\.tmp$/u;
const READ_BYTES = 1 << 20;

/** A directory can be listed without some of its folders: what lies in them is not looked at. */
export type DirectoryStore = ObjectStore & {
  /** All other objects, in key order; a folder's key ends in a slash. */
  listBeside(isPassedOver: (folder: string) => boolean, signal: AbortSignal): AsyncIterable<ObjectRef>;
};

/** A store over a directory, which is made with its first object. */
export function directoryStore(root: string): DirectoryStore {
  return {
    name: root,
    list: (prefix, after, signal) => listBelow(root, prefix, after, signal),
    listBeside: (isPassedOver, signal) => walk(root, '', '', null, signal, isPassedOver),
    read: (ref, range, signal) => readFile(pathOf(root, ref.key), range, signal),
    put: (key, body, sizeBytes, signal) => put(root, key, body, sizeBytes, signal),
    async remove(keys) {
      for (const key of keys) {
        const path = pathOf(root, key);
        await unlink(path).catch((error: unknown) => {
          if (codeOf(error) !== 'ENOENT') throw fileFailure(error, path);
        });
      }
    },
  };
}

function pathOf(root: string, key: string): string {
  const parts = key.split('/');
  if (key.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw failure('FG_KEY_REFUSED', key);
  }
  return join(root, ...parts);
}

async function put(
  root: string,
  key: string,
  body: AsyncIterable<Uint8Array>,
  sizeBytes: number,
  signal: AbortSignal,
): Promise<ObjectRef> {
  const path = pathOf(root, key);
  const folder = dirname(path);
  const aside = join(folder, `.flowgauge-${randomBytes(8).toString('hex')}.tmp`);
  try {
    const made = await mkdir(folder, { recursive: true });
    try {
      await writeAside(aside, body, sizeBytes, signal);
      await nameIt(aside, path, root, key);
    } finally {
      await unlink(aside).catch(ignoreMissing);
    }
    await syncFolders(folder, made);
    return refOf(key, await stat(path));
  } catch (error) {
    throw fileFailure(error, path);
  }
}

async function writeAside(
  aside: string,
  body: AsyncIterable<Uint8Array>,
  sizeBytes: number,
  signal: AbortSignal,
): Promise<void> {
  const file = await open(aside, 'wx');
  try {
    let written = 0;
    for await (const bytes of body) {
      signal.throwIfAborted();
      await writeAll(file, bytes);
      written += bytes.length;
    }
    if (written !== sizeBytes) throw new Error(`object has ${written} bytes where ${sizeBytes} were announced`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Writes every byte: one call may write fewer. `position`: where in the file; not given: behind what was written last. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position?: number): Promise<void> {
  for (let from = 0; from < bytes.length;) {
    const at = position === undefined ? null : position + from;
    from += (await file.write(bytes, from, bytes.length - from, at)).bytesWritten;
  }
}

/** Gives the file its name unless the name is taken by other bytes. */
async function nameIt(aside: string, path: string, root: string, key: string): Promise<void> {
  try {
    await link(aside, path);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') {
      if (!(await sameBytes(aside, path))) throw failure('FG_OBJECT_DIFFERS', key, root);
    } else if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS') {
      // A file system without hard links. Between the look and the renaming nobody else writes: names are ours alone.
      const taken = await stat(path).catch(ignoreMissing);
      if (taken === undefined) await rename(aside, path);
      else if (!(await sameBytes(aside, path))) throw failure('FG_OBJECT_DIFFERS', key, root);
    } else throw error;
  }
}

async function sameBytes(a: string, b: string): Promise<boolean> {
  const [first, second] = [await open(a, 'r'), await open(b, 'r')];
  try {
    if ((await first.stat()).size !== (await second.stat()).size) return false;
    const [left, right] = [Buffer.alloc(READ_BYTES), Buffer.alloc(READ_BYTES)];
    for (let at = 0; ;) {
      const { bytesRead } = await first.read(left, 0, READ_BYTES, at);
      if (bytesRead === 0) return true;
      const other = await second.read(right, 0, bytesRead, at);
      if (other.bytesRead !== bytesRead || left.compare(right, 0, bytesRead, 0, bytesRead) !== 0) return false;
      at += bytesRead;
    }
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
}

/** Brings the new name to disk, and those of the directories that were made for it. */
async function syncFolders(folder: string, firstMade: string | undefined): Promise<void> {
  const last = firstMade === undefined ? folder : dirname(firstMade);
  for (let at = folder; ; at = dirname(at)) {
    await syncDirectory(at);
    if (at === last || at === dirname(at)) return;
  }
}

/** Brings a directory's names to disk. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function* readFile(
  path: string,
  range: { readonly start: number; readonly end: number } | null,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw fileFailure(error, path);
  });
  try {
    let at = range?.start ?? 0;
    const end = range?.end ?? Number.POSITIVE_INFINITY;
    while (at < end) {
      signal.throwIfAborted();
      const buffer = new Uint8Array(Math.min(READ_BYTES, end - at));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function* listBelow(
  root: string,
  prefix: string,
  after: string | null,
  signal: AbortSignal,
): AsyncGenerator<ObjectRef> {
  const cut = prefix.lastIndexOf('/') + 1;
  const folder = prefix.slice(0, cut);
  if (folder !== '') pathOf(root, folder.slice(0, -1));
  yield* walk(root, folder, prefix, after, signal);
}

async function* walk(
  root: string,
  folder: string,
  prefix: string,
  after: string | null,
  signal: AbortSignal,
  isPassedOver: (folder: string) => boolean = () => false,
): AsyncGenerator<ObjectRef> {
  signal.throwIfAborted();
  for (const { key, entry } of await entriesOf(root, folder)) {
    if (!key.startsWith(prefix)) continue;
    if (entry.isDirectory()) {
      if (isPassedOver(key)) continue;
      // Everything below comes before `after`, unless `after` is itself below.
      if (after !== null && compareKeys(key, after) < 0 && !after.startsWith(key)) continue;
      yield* walk(root, key, prefix, after, signal, isPassedOver);
      continue;
    }
    if (after !== null && compareKeys(key, after) <= 0) continue;
    const found = await stat(join(root, key)).catch((error: unknown) => {
      // Gone since, or a link that leads nowhere.
      if (['ENOENT', 'ELOOP'].includes(codeOf(error))) return null;
      throw fileFailure(error, join(root, key));
    });
    if (found?.isFile() === true) yield refOf(key, found);
  }
}

/** Entries in key order: a directory's key ends in a slash. A directory that is not there has none. */
async function entriesOf(root: string, folder: string): Promise<{ key: string; entry: Dirent }[]> {
  const path = join(root, folder);
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw fileFailure(error, path);
  });
  return entries
    .filter((entry) => !TEMPORARY.test(entry.name))
    .map((entry) => ({ key: `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`, entry }))
    .sort((a, b) => compareKeys(a.key, b.key));
}

function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function refOf(key: string, found: { size: number; mtimeMs: number; ino: number }): ObjectRef {
  return { key, sizeBytes: found.size, etag: `${found.ino}-${found.size}-${found.mtimeMs}` };
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
  return undefined;
}
