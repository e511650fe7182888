/**
 * The listing of a bucket, as little of it as a range of time needs.
 *
 * In:    a store that knows folders, a prefix, the stamps that are wanted. Out: all objects that lie there.
 * Holds: folders are listed side by side; those of other days, other services and other times are not. A folder that
 *        may not be listed is counted. Folders above AWS's layout are looked into, so many and no more.
 * Fails: as the store does, but for folders that may not be listed.
 */
import { FlowgaugeError } from '../../model/errors.ts';
import { dayFolders, folderOf, serviceFolder } from '../../storage/object/folders.ts';
import type { Folder, Span } from '../../storage/object/folders.ts';
import type { FolderStore, ObjectRef } from '../../storage/object/store.ts';

/** What a walk came by. */
export type Walked = {
  readonly objects: ObjectRef[];
  /** Folders that may not be listed, and the first error. */
  readonly denied: string[];
  deniedBy: FlowgaugeError | null;
  /** Folders that were not looked into, for there were too many above AWS's layout. */
  readonly left: string[];
};

/** Listings under way at one time. */
const LANES = 16;
/** Up to so many days are asked for by name; for more it is asked which there are. */
const DAYS_BY_NAME = 35;
/** Folders above AWS's layout that are looked into. */
const FOLDERS_ABOVE = 1000;
/** Objects in one of them, after which the others are not looked at if none was a flow log. */
const OBJECTS_ABOVE = 10_000;

/**
 * Walks.
 *
 * @param prefix    '' or with `/` at its end
 * @param wanted    stamps of files
 * @param isWanted  tells flow log objects by their key
 * @param onListed  told of each object as it is found
 */
export async function walkBucket(
  store: FolderStore,
  prefix: string,
  wanted: Span,
  isWanted: (key: string) => boolean,
  signal: AbortSignal,
  onListed: (ref: ObjectRef) => void = () => {},
): Promise<Walked> {
  const walked: Walked = { objects: [], denied: [], deniedBy: null, left: [] };
  const found = (ref: ObjectRef): void => {
    walked.objects.push(ref);
    onListed(ref);
  };
  const waiting: string[] = [];
  let above = 0;

  const add = (folder: string): void => {
    const { kind, span } = folderOf(folder);
    if (kind === 'other' || (span !== null && !touches(span, wanted))) return;
    if (kind === 'above' && above++ >= FOLDERS_ABOVE) walked.left.push(folder);
    else waiting.push(folder);
  };

  async function visit(folder: string): Promise<void> {
    const known = folderOf(folder);
    if (known.kind === 'account') waiting.push(serviceFolder(folder, known.hive));
    else if (known.kind === 'region' && daysOf(wanted) <= DAYS_BY_NAME)
      for (const day of dayFolders(folder, known.hive, wanted)) waiting.push(day);
    else if (isWhole(known, wanted)) for await (const ref of store.list(folder, null, signal)) found(ref);
    else await look(folder, known.kind === 'above');
  }

  async function look(folder: string, isAbove: boolean): Promise<void> {
    let seen = 0;
    let hasLogs = false;
    for await (const page of store.listFolder(folder, signal)) {
      for (const ref of page.objects) {
        // What marks a folder in some programs.
        if (ref.key.endsWith('/')) continue;
        found(ref);
        hasLogs ||= isWanted(ref.key);
      }
      for (const each of page.folders) add(each);
      seen += page.objects.length;
      if (isAbove && seen >= OBJECTS_ABOVE && !hasLogs) {
        walked.left.push(folder);
        return;
      }
    }
  }

  await drain(waiting, prefix, signal, async (folder) => {
    try {
      await visit(folder);
    } catch (error) {
      if (!(error instanceof FlowgaugeError) || error.code !== 'FG_S3_DENIED') throw error;
      walked.denied.push(folder);
      walked.deniedBy ??= error;
    }
  });
  walked.objects.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return walked;
}

/**
 * Works on what waits, a few at a time, while more may come. The first error stops it; the signal does so at once, and
 * nobody waits for a request that is between two attempts.
 */
async function drain(
  waiting: string[],
  first: string,
  signal: AbortSignal,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  waiting.push(first);
  const running = new Set<Promise<void>>();
  const errors: unknown[] = [];
  const { promise: aborted, resolve: abort } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => abort(), { once: true });
  while (running.size > 0 || (waiting.length > 0 && errors.length === 0)) {
    while (waiting.length > 0 && running.size < LANES && errors.length === 0) {
      const task: Promise<void> = work(waiting.shift()!)
        .catch((error: unknown) => {
          errors.push(error);
        })
        .finally(() => running.delete(task));
      running.add(task);
    }
    await Promise.race([...running, aborted]);
    signal.throwIfAborted();
  }
  if (errors.length > 0) throw errors[0];
}

function touches(span: Span, wanted: Span): boolean {
  return span.endSeconds > wanted.startSeconds && span.startSeconds < wanted.endSeconds;
}

function daysOf({ startSeconds, endSeconds }: Span): number {
  return (endSeconds - startSeconds) / 86_400;
}

/** Whether all that lies below may be taken at once: a day as a whole, a month too. */
function isWhole({ kind, span }: Folder, wanted: Span): boolean {
  if (span === null) return false;
  if (kind === 'hour') return true;
  if (kind === 'year') return false;
  return span.startSeconds >= wanted.startSeconds && span.endSeconds <= wanted.endSeconds;
}

/** Listings after which it is not looked any further for the newest object. */
const NEWEST_LISTINGS = 300;

/**
 * Finds the newest flow log object: of each region the newest year, of it the newest month, and so on.
 *
 * @param stampOf  stamp of a flow log object by its key, seconds; null for other objects
 * @returns its stamp; null where there is none, it may not be looked for, or there are too many folders
 */
export async function newestStamp(
  store: FolderStore,
  prefix: string,
  stampOf: (key: string) => number | null,
  signal: AbortSignal,
): Promise<number | null> {
  let listings = 0;
  const later = (a: number | null, b: number | null): number | null => (a === null || (b !== null && b > a) ? b : a);

  async function look(folder: string): Promise<number | null> {
    const known = folderOf(folder);
    if (known.kind === 'other' || ++listings > NEWEST_LISTINGS) return null;
    if (known.kind === 'account') return look(serviceFolder(folder, known.hive));
    let newest: number | null = null;
    const dated: string[] = [];
    const others: string[] = [];
    try {
      for await (const page of store.listFolder(folder, signal)) {
        for (const { key } of page.objects) newest = later(newest, stampOf(key));
        for (const each of page.folders) (folderOf(each).span === null ? others : dated).push(each);
      }
    } catch (error) {
      if (!(error instanceof FlowgaugeError) || error.code !== 'FG_S3_DENIED') throw error;
    }
    for (const each of others) newest = later(newest, await look(each));
    const startOf = (each: string): number => folderOf(each).span?.startSeconds ?? 0;
    for (const each of dated.sort((a, b) => startOf(b) - startOf(a))) {
      const found = await look(each);
      newest = later(newest, found);
      // An older folder has only older ones.
      if (found !== null) break;
    }
    return newest;
  }

  return look(prefix);
}
