/**
 * Flow logs in a bucket of S3: `s3://bucket/prefix`.
 *
 * In:    the place, and how to reach it. Out: the flow log objects of a range of time.
 * Holds: only the folders of the range are listed. What may not be listed, lies in an archive, or lies in another region
 *        than was said is noted. A key of one object is read as one file, by its first bytes.
 * Fails: FG_S3_PLACE; as the store does where nothing can be read.
 */
import { failure } from '../../model/errors.ts';
import type { Span } from '../../storage/object/folders.ts';
import type { FolderStore, ObjectRef, ObjectStore } from '../../storage/object/store.ts';
import { s3Store } from '../../storage/object/stores/s3.ts';
import type { S3Store } from '../../storage/object/stores/s3.ts';
import type { S3Access } from '../../storage/object/stores/s3-connection.ts';
import { newestStamp, walkBucket } from './bucket-walk.ts';
import type { Walked } from './bucket-walk.ts';
import { flowLogFile, isOurs, isWithin, stampsOf } from './bucket.ts';
import { heldObjects } from './held-objects.ts';
import { mayBeFlowLog, otherFiles } from './other-files.ts';
import type { Note } from '../../api/note.ts';
import type { Progress } from './progress.ts';
import type { TablePart, TableSource, TimeRange } from './source.ts';
import { isBounded } from './time-range.ts';

/** Bucket, or ARN of an access point, and what stands behind it. */
const PLACE = /^s3:\/\/(arn:aws[\w-]*:s3:[^/]*:accesspoint[/:][^/]+|[^/:]+)(?:\/(.*))?$/su;

/** Objects without a name of AWS's that are listed at most. */
const OTHER_OBJECTS = 100_000;

/** A source over a bucket, whose store counts what is asked. */
export type S3Source = TableSource & { readonly store: S3Store };

/** A store whose folders need not be listed again, for the stamps that are wanted. */
export type Listings = (store: FolderStore, wanted: Span) => FolderStore;

/**
 * The source of a place.
 *
 * @param place     `s3://bucket`, `s3://bucket/prefix/` or `s3://bucket/key`
 * @param listings  what is remembered of them
 */
export function s3Source(place: string, access: S3Access = {}, listings: Listings = (store) => store): S3Source {
  const [, bucket, prefix = ''] = PLACE.exec(place) ?? [];
  if (bucket === undefined) throw failure('FG_S3_PLACE', place);
  const store = s3Store(bucket, access);
  let parts = 0;
  let tell: (progress: Progress) => void = () => {};
  const reading = heldObjects(
    countedStore(store, (files, bytes) => tell({ stage: 'fetching', files, of: parts, bytes })),
  );
  const folder = folderOf(prefix);
  const notes: Note[] = [];
  const archived: ObjectRef[] = [];
  let stray = { count: 0, example: null as string | null };

  async function* plan(
    range: TimeRange,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void = () => {},
  ): AsyncGenerator<TablePart> {
    tell = onProgress;
    parts = 0;
    notes.length = 0;
    archived.length = 0;
    stray = { count: 0, example: null };
    const single = await oneObject(store, prefix, signal);
    if (single !== null) {
      noteRedirect();
      parts = 1;
      yield single;
      return;
    }
    const wanted = stampsOf(range);
    const listed = { files: 0, bytes: 0 };
    const walked = await walkBucket(
      listings(store, wanted),
      folder,
      wanted,
      (key) => flowLogFile(key) !== null,
      signal,
      ({ key, sizeBytes }) => {
        const file = flowLogFile(key);
        if (file === null || !isWithin(file, wanted)) return;
        listed.files++;
        listed.bytes += sizeBytes;
        onProgress({ stage: 'listing', ...listed, of: 0 });
      },
    );
    noteRedirect();
    await lookBelow(walked, folder, signal);
    noteWalk(walked);
    // Where no name is AWS's, the bytes tell: null as soon as one is.
    let others: ObjectRef[] | null = [];
    for (const ref of walked.objects) {
      const file = flowLogFile(ref.key);
      if (file === null) {
        if (isOurs(ref.key) || ref.key.endsWith('/')) continue;
        stray = { count: stray.count + 1, example: stray.example ?? ref.key };
        if (mayBeFlowLog(ref.key)) others?.push(ref);
        continue;
      }
      others = null;
      if (isWithin(file, wanted)) {
        if (ref.archived === true) {
          archived.push(ref);
          continue;
        }
        parts++;
        yield { ref, store: reading, kind: file.kind, format: null, path: null };
      }
    }
    // Where a range lists few folders, objects of other times may lie in those that it does not list.
    if (others !== null && others.length > 0 && isBounded(range) && (await newest(signal)) !== null) others = null;
    if (others !== null && others.length > 0) {
      const readable = others.filter((ref) => ref.archived !== true);
      const found = await otherFiles(readable, reading, () => null, signal);
      if (found.length > 0) {
        archived.push(...others.filter((ref) => ref.archived === true));
        stray = { count: stray.count - others.length, example: null };
        parts += found.length;
        yield* found;
      }
    }
    notes.push(...archivedNotes(archived));
    if (parts > 0) return;
    if (archived[0] !== undefined) throw failure('FG_S3_ARCHIVED', `${store.name}/${archived[0].key}`);
    if (walked.deniedBy !== null) throw walked.deniedBy;
  }

  /** Exports have a folder for each interface: where there were too many and no name is AWS's, all that lies there is listed. */
  async function lookBelow(walked: Walked, folder: string, signal: AbortSignal): Promise<void> {
    if (walked.left.length === 0 || walked.objects.some(({ key }) => flowLogFile(key) !== null)) return;
    const all: ObjectRef[] = [];
    for await (const ref of store.list(folder, null, signal)) {
      if (flowLogFile(ref.key) !== null || all.length === OTHER_OBJECTS) return;
      all.push(ref);
    }
    walked.objects.length = 0;
    for (const ref of all) walked.objects.push(ref);
    walked.left.length = 0;
  }

  function noteRedirect(): void {
    const redirect = store.redirect();
    if (redirect !== null) notes.push({ kind: 'region', file: store.name, ...redirect });
  }

  function noteWalk({ denied, deniedBy, left }: Walked): void {
    if (denied[0] !== undefined)
      notes.push({
        kind: 'denied',
        file: `${store.name}/${denied[0]}`,
        folders: denied.length,
        why: deniedBy?.message ?? '',
      });
    if (left[0] !== undefined)
      notes.push({ kind: 'not-searched', file: `${store.name}/${left[0]}`, folders: left.length });
  }

  function newest(signal: AbortSignal): Promise<number | null> {
    return newestStamp(store, folder, (key) => flowLogFile(key)?.slotSeconds ?? null, signal);
  }

  return { name: place, store, plan, stray: () => stray, notes: () => notes, archived: () => archived, newest };
}

/** What there is to say of objects in an archive: one note, or none. */
export function archivedNotes(archived: readonly ObjectRef[]): Note[] {
  const [first] = archived;
  if (first === undefined) return [];
  const bytes = archived.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const storageClass = first.storageClass ?? '';
  return [{ kind: 'archived', file: first.key, files: archived.length, bytes, storageClass }];
}

/** What the keys of a place begin with: '' or a prefix with a slash at its end. */
export function s3Folder(place: string): string {
  return folderOf(PLACE.exec(place)?.[2] ?? '');
}

function folderOf(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}

/**
 * The store, whose readers are counted.
 *
 * @param onRead  told how many objects came whole, and how many bytes, so far
 */
function countedStore<S extends ObjectStore>(store: S, onRead: (objects: number, bytes: number) => void): S {
  let objects = 0;
  let bytes = 0;
  async function* read(...[ref, range, signal]: Parameters<ObjectStore['read']>): AsyncGenerator<Uint8Array> {
    for await (const chunk of store.read(ref, range, signal)) {
      bytes += chunk.length;
      onRead(objects, bytes);
      yield chunk;
    }
    if (range === null) onRead(++objects, bytes);
  }
  return { ...store, read };
}

/** The object itself, where the place names one: then there is no folder of that name to look into. */
async function oneObject(store: S3Store, key: string, signal: AbortSignal): Promise<TablePart | null> {
  if (key === '' || key.endsWith('/') || !/\.[a-z0-9]+$/iu.test(key)) return null;
  const ref = await store.find(key, signal);
  if (ref === null) return null;
  if (ref.archived === true) throw failure('FG_S3_ARCHIVED', `${store.name}/${key}`);
  let head: Uint8Array = new Uint8Array();
  for await (const chunk of store.read(ref, { start: 0, end: 4 }, signal)) head = Buffer.concat([head, chunk]);
  const kind = Buffer.from(head).toString('latin1') === 'PAR1' ? 'parquet' : 'text';
  return { ref, store, kind, format: null, path: null };
}
