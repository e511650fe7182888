/**
 * Where records lie, and which of it a question has to read.
 *
 * In:    a range of time. Out: the objects that may hold records of it, each with what is known of its form.
 * Holds: an object that may hold such a record is never left out; what is no flow log object is counted.
 * Fails: with the errors of the store, or FG_SOURCE_MISSING.
 */
import type { Note } from '../../api/note.ts';
import type { LakeFile } from './compacted/manifest.ts';
import type { Progress } from './progress.ts';
import type { LogFormat } from '../../record/format.ts';
import type { ObjectRef, ObjectStore } from '../../storage/object/store.ts';

/** `[startSeconds, endSeconds)` since 1970 UTC. */
export type TimeRange = { readonly startSeconds: number; readonly endSeconds: number };

/** Everything. */
export const ALL_TIME: TimeRange = { startSeconds: Number.NEGATIVE_INFINITY, endSeconds: Number.POSITIVE_INFINITY };

export type TablePart = {
  readonly ref: ObjectRef;
  readonly store: ObjectStore;
  readonly kind: 'text' | 'parquet' | 'compacted' | 'rollup';
  /** Null: the file's own header or schema says. */
  readonly format: LogFormat | null;
  /** The file on this machine, for a reader that opens files itself; null where the bytes come from elsewhere. */
  readonly path: string | null;
  /** The bytes come once, as on standard input. */
  readonly once?: true;
  /** Its name says nothing: it counts as stray where its bytes are no flow log either. */
  readonly byBytes?: true;
  /** Records of windows that are still open: they come again, whole, in an object. */
  readonly open?: true;
  /** Of a file of a lake: what its manifest says of it. */
  readonly lake?: LakeFile;
};

export interface TableSource {
  /** For messages: what was given with `--from`. */
  readonly name: string;
  /**
   * In a fixed order. Ending early ends the listing.
   *
   * @param onProgress  told how far listing and, later, fetching is
   */
  plan(range: TimeRange, signal: AbortSignal, onProgress?: (progress: Progress) => void): AsyncIterable<TablePart>;
  /** Files that lie there and are no flow log objects, as far as planning has come; one of them by name. */
  stray(): { readonly count: number; readonly example: string | null };
  /** What else the reader of an answer has to know about the place, once planning has ended. */
  notes?(): readonly Note[];
  /** Objects of what was planned that lie in an archive; its notes count all of them. */
  archived?(): readonly ObjectRef[];
  /** Stamp of the newest flow log object of any time, seconds; null where there is none. To be asked after planning. */
  newest?(signal: AbortSignal): Promise<number | null>;
  /** It tells records of open windows from others, also where none are there. */
  readonly marksOpen?: true;
}
