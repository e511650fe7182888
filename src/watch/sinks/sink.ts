/**
 * Where documents go.
 *
 * In:    documents as lines of a bulk request. Out: what became of them.
 * Holds: a document is made with its id or was there already: written twice is written once. What a sink refuses it says why, by document;
 *        what may pass it tries again itself, and waits where its server has no room.
 * Fails: with the sink's own errors, then nothing is known of the batch and all of it may be written again; the signal's reason.
 */
import type { DocumentBatch } from '../mappings/documents.ts';

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
