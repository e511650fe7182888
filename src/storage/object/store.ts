/**
 * Where objects lie: what a directory and S3 have in common.
 *
 * In:    keys and bytes. Out: keys in order, and the bytes again.
 * Holds: an object is whole or not there. A key that exists keeps its bytes: `put` of the same bytes is done, of others
 *        fails. Keys are compared by their UTF-8 bytes.
 * Fails: with `FG_…` errors of the surroundings that name the place; `FG_OBJECT_DIFFERS` when a key has other bytes.
 */

/** An object as a listing shows it. */
export type ObjectRef = {
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly lastModifiedMillis?: number;
  /** Of S3: `STANDARD`, `GLACIER`, … */
  readonly storageClass?: string;
  /** It lies in an archive and cannot be read before somebody restores it. */
  readonly archived?: true;
};

export interface ObjectStore {
  /** For messages: a directory's path, or `s3://bucket`. */
  readonly name: string;
  /** Objects whose key begins with `prefix` and comes after `after`, in key order. */
  list(prefix: string, after: string | null, signal: AbortSignal): AsyncIterable<ObjectRef>;
  /** The bytes, or those of `[start, end)`. Ending early closes what was opened. */
  read(
    ref: ObjectRef,
    range: { readonly start: number; readonly end: number } | null,
    signal: AbortSignal,
  ): AsyncIterable<Uint8Array>;
  /**
   * Stores an object of exactly `sizeBytes`; one with these bytes already there is success. A piece of the body is used up
   * when the next is asked for: it may come in the same array.
   */
  put(key: string, body: AsyncIterable<Uint8Array>, sizeBytes: number, signal: AbortSignal): Promise<ObjectRef>;
  /** Fails as `put` would, and leaves nothing. Not there: only `put` can tell. */
  tryPut?(key: string, signal: AbortSignal): Promise<void>;
  /** Removes objects; one that is not there is success. */
  remove(keys: readonly string[], signal: AbortSignal): Promise<void>;
}

/** A store that can be asked what lies right in a folder, so that folders nobody needs are not listed. */
export interface FolderStore extends ObjectStore {
  /** Pages of the objects whose key has no `/` behind `prefix`, and of the folders that the others lie in, `/` at their end. */
  listFolder(
    prefix: string,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly objects: readonly ObjectRef[]; readonly folders: readonly string[] }>;
}
