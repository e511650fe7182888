/**
 * Folders of a bucket that were listed before.
 *
 * In:    a store and the stamps that are wanted. Out: the store, which answers from memory where that is right.
 * Holds: a folder is not asked for again where all that is wanted of it was a day old when it was listed: AWS adds
 *        nothing to it any more. A listing that shows objects in an archive is not remembered, for they may be restored.
 * Fails: as the store does.
 */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { folderOf } from '../../../storage/object/folders.ts';
import type { Span } from '../../../storage/object/folders.ts';
import type { FolderStore, ObjectRef } from '../../../storage/object/store.ts';
import type { Catalog } from './catalog.ts';

/** Behind the end of what is wanted; late files come within the hour. */
const SETTLED_SECONDS = 86_400;

type Page = { readonly objects: readonly ObjectRef[]; readonly folders: readonly string[] };

/**
 * The store with a memory.
 *
 * @param wanted   stamps of the files that are asked for
 * @param refresh  ask anew, and remember that
 */
export function rememberedFolders(
  store: FolderStore,
  catalog: Pick<Catalog, 'listing' | 'rememberListing'>,
  wanted: Span,
  refresh: boolean,
): FolderStore {
  /** The listing, where it was made late enough. */
  function remembered(prefix: string, recursive: boolean): Page | null {
    if (refresh) return null;
    const found = catalog.listing(prefix, recursive);
    if (found === null) return null;
    const end = Math.min(wanted.endSeconds, folderOf(prefix).span?.endSeconds ?? Number.POSITIVE_INFINITY);
    if ((end + SETTLED_SECONDS) * 1000 > found.listedMillis) return null;
    return JSON.parse(zstdDecompressSync(found.body).toString('utf8')) as Page;
  }

  function remember(prefix: string, recursive: boolean, page: Page): void {
    const begin = folderOf(prefix).span?.startSeconds ?? Number.NEGATIVE_INFINITY;
    // Whatever is asked of a young folder is young.
    if ((begin + SETTLED_SECONDS) * 1000 > Date.now()) return;
    if (page.objects.some(({ archived }) => archived === true)) return;
    try {
      catalog.rememberListing(prefix, recursive, zstdCompressSync(JSON.stringify(page)));
    } catch {
      // As on a full disk: it is listed again the next time.
    }
  }

  return {
    ...store,
    async *list(prefix, after, signal) {
      if (after !== null) {
        yield* store.list(prefix, after, signal);
        return;
      }
      const known = remembered(prefix, true);
      if (known !== null) {
        yield* known.objects;
        return;
      }
      const objects: ObjectRef[] = [];
      for await (const ref of store.list(prefix, null, signal)) {
        objects.push(ref);
        yield ref;
      }
      remember(prefix, true, { objects, folders: [] });
    },
    async *listFolder(prefix, signal) {
      const known = remembered(prefix, false);
      if (known !== null) {
        yield known;
        return;
      }
      const objects: ObjectRef[] = [];
      const folders: string[] = [];
      for await (const page of store.listFolder(prefix, signal)) {
        for (const ref of page.objects) objects.push(ref);
        for (const folder of page.folders) folders.push(folder);
        yield page;
      }
      remember(prefix, false, { objects, folders });
    },
  };
}
