/**
 * Where documents go.
 *
 * In:    documents as lines of a bulk request. Out: what became of them.
 * Holds: a document is made with its id or was there already: written twice is written once. What a sink refuses it says why, by document;
 *        what may pass it tries again itself, and waits where its server has no room.
 * Fails: with the sink's own errors, then nothing is known of the batch and all of it may be written again; the signal's reason.
 */

/** Documents of one object, in the order of its records. */
export type DocumentBatch = {
  readonly count: number;
  /** For each a line that creates it under its id, and the document's line. */
  readonly lines: Uint8Array<ArrayBuffer>;
  /** Where each begins in `lines`. */
  readonly starts: Int32Array;
  /** When their object was put where it lies: none of them can be older in a sink. Seconds since 1970 UTC; null not known. */
  readonly sinceSeconds: number | null;
};

/** Why a document was not taken, and never will be as it is. */
export type Refusal = { readonly position: number; readonly reason: string };

export type SinkAnswer = {
  /** Documents that are new. */
  readonly created: number;
  /** Documents that were there under their id. */
  readonly existing: number;
  readonly refused: readonly Refusal[];
};

export type Sink = {
  /** For messages. */
  readonly name: string;
  /** Writes; `lines` are read until the promise is kept. */
  write(documents: DocumentBatch, signal: AbortSignal): Promise<SinkAnswer>;
};
