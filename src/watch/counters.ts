/**
 * What the pipeline counts: messages, objects, records, documents.
 *
 * In:    nothing. Out: counts that others raise.
 * Holds: of objects: read + partly + gone + other are all that were begun and ended. Of documents: created + existing + refused are all that a sink
 *        answered for; a document that a second delivery brings again is existing.
 */

export type WatchCounters = {
  readonly messages: { received: number; done: number; again: number; dead: number; ignoredEvents: number };
  readonly objects: { read: number; partly: number; gone: number; other: number };
  readonly records: { read: number; noData: number; skipData: number; badLines: number; fieldsLeftOut: number };
  readonly documents: { created: number; existing: number; refused: number };
  /** Requests to the search server that it had no room for. */
  backPressure: number;
};

/** A count of nothing yet. */
export function createWatchCounters(): WatchCounters {
  return {
    messages: { received: 0, done: 0, again: 0, dead: 0, ignoredEvents: 0 },
    objects: { read: 0, partly: 0, gone: 0, other: 0 },
    records: { read: 0, noData: 0, skipData: 0, badLines: 0, fieldsLeftOut: 0 },
    documents: { created: 0, existing: 0, refused: 0 },
    backPressure: 0,
  };
}
