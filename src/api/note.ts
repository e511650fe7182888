/**
 * What the reader of an answer has to know besides: what was left out, taken for something, or found broken.
 *
 * In:    nothing. Out: the types. Wording is made in `cli/` and `web/`.
 * Holds: nothing that lay in the source is missing in an answer without a note.
 */

/** A line that could not be read; it is counted and left out. */
export type BadLine = {
  readonly origin: string;
  /** From 1, the header included. */
  readonly line: number;
  readonly cause: 'field-count' | 'not-a-number' | 'too-large' | 'not-text' | 'too-long';
  /** The field at which reading stopped; null where there was none. */
  readonly field: string | null;
};

/** `file` is the object's key, or the path that was given. */
export type Note =
  /** Lines that are no records of their file's format; they are not in the answer. */
  | { readonly kind: 'bad-lines'; readonly file: string; readonly count: number; readonly first: BadLine }
  /** Values of a column that are no numbers; they are NULL in the answer. */
  | { readonly kind: 'bad-values'; readonly file: string; readonly column: string; readonly count: number }
  /** Files without header, whose records can only have this format: `${version} …`. */
  | { readonly kind: 'no-header'; readonly file: string; readonly files: number; readonly format: string }
  /** A file that was not read to its end, or not at all. */
  | { readonly kind: 'unreadable'; readonly file: string; readonly why: string }
  /** Files between the objects that are none. */
  | { readonly kind: 'stray'; readonly file: string; readonly files: number }
  /**
   * A field that a saved query asks for and that `files` of the `of` files do not hold. `instead` says what was done where
   * it is missing; null: their records lack it in the answer, or are not there.
   */
  | {
      readonly kind: 'field-missing';
      readonly field: string;
      readonly files: number;
      readonly of: number;
      readonly instead: string | null;
    }
  /** A field of a file that no version defines, kept as text. */
  | { readonly kind: 'unknown-field'; readonly file: string; readonly field: string }
  /** Folders of a bucket that may not be listed: what lies there is not in the answer. */
  | { readonly kind: 'denied'; readonly file: string; readonly folders: number; readonly why: string }
  /** Objects that would have to be restored first: they are not in the answer. */
  | {
      readonly kind: 'archived';
      readonly file: string;
      readonly files: number;
      readonly bytes: number;
      readonly storageClass: string;
    }
  /** A bucket that lies in another region than was asked, and was asked there. */
  | { readonly kind: 'region'; readonly file: string; readonly from: string; readonly to: string }
  /** A range of time was asked for, and these files' format has neither `start` nor `end`: all their records are in the answer. */
  | { readonly kind: 'no-times'; readonly file: string; readonly files: number }
  /** No record lies in the range that was asked for; when the newest that was looked at ended, seconds. */
  | { readonly kind: 'none-in-range'; readonly newestSeconds: number }
  /** `up` runs, and its open windows are not in the answer. */
  | { readonly kind: 'open-windows'; readonly why: string }
  /** What was read is not kept, or not all of it; the answer is the same. */
  | { readonly kind: 'cache-off'; readonly file: string; readonly why: string }
  /** A file of the cache that is not as it was written: its objects were read anew. */
  | { readonly kind: 'cache-damaged'; readonly file: string; readonly why: string }
  /** Folders above AWS's layout that nobody looked into: there were too many. */
  | { readonly kind: 'not-searched'; readonly file: string; readonly folders: number }
  /** A lake was made of objects of another place, `file`, which cannot be read: what is not compacted yet is not in the answer. */
  | { readonly kind: 'lake-apart'; readonly file: string; readonly why: string }
  /** Records that retention took away, and that no sums stand for in this answer: so many, between these seconds, are not in it. */
  | {
      readonly kind: 'retired';
      readonly file: string;
      readonly files: number;
      readonly records: number;
      readonly firstSeconds: number;
      readonly lastSeconds: number;
    };
