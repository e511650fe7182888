/**
 * A data stream, index or alias of OpenSearch or Elasticsearch.
 *
 * In:    documents. Out: which are new, which were there, which are refused and why.
 * Holds: documents are created under their ids, so one that is there stays as it is. What the server has no room for is sent again, and only
 *        that, with growing pauses. A request that is too large is halved. What an earlier backing index of a data stream holds is not
 *        held twice (`earlier-copies.ts`).
 * Fails: FG_SEARCH_REFUSED where the request as a whole is refused; as the client does.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { failure } from '../../model/errors.ts';
import { createEarlierCopies } from './earlier-copies.ts';
import { reasonIn } from './opensearch-client.ts';
import type { SearchClient } from './opensearch-client.ts';
import type { DocumentBatch } from '../mappings/documents.ts';
import type { Refusal, Sink, SinkAnswer } from './sink.ts';

export const FLOWS_STREAM = 'flowgauge-flows';

export type SearchSinkOptions = {
  readonly client: SearchClient;
  /** Data stream, index or alias. */
  readonly target?: string;
  /** Called before a pause because of documents that the server has no room for. */
  readonly paused?: (status: number) => void;
  /** For tests. */
  readonly pause?: (millis: number, signal: AbortSignal) => Promise<void>;
};

type Item = { readonly status: number; readonly _index?: string; readonly error?: unknown };

/** How often documents that the server has no room for are sent, in all. */
const ATTEMPTS = 8;
const FIRST_PAUSE_MILLIS = 500;
const LONGEST_PAUSE_MILLIS = 30_000;
const ASKED =
  'filter_path=errors,items.create.status,items.create._index,items.create.error.type,items.create.error.reason';
const THERE = 409;
const TOO_LARGE = 413;

/** Makes the sink. */
export function searchSink({ client, target = FLOWS_STREAM, paused, pause }: SearchSinkOptions): Sink {
  const rest = pause ?? ((millis: number, signal: AbortSignal) => wait(millis, undefined, { signal }));
  const path = `/${encodeURIComponent(target)}/_bulk?${ASKED}`;
  const earlier = createEarlierCopies(client, target);

  async function write(batch: DocumentBatch, signal: AbortSignal): Promise<SinkAnswer> {
    let [created, existing] = [0, 0];
    const refused: Refusal[] = [];
    // A rollover may come between two attempts.
    const indexes = new Set<string>();
    let left = Array.from({ length: batch.count }, (_, position) => position);
    for (let attempt = 1; left.length > 0; attempt++) {
      const { status, json } = await client.request('POST', path, linesOf(batch, left), signal);
      if (status === TOO_LARGE && left.length > 1) return halves(batch, left, { created, existing, refused }, signal);
      const items = itemsOf(json, left.length);
      if (status !== 200 || items === null) {
        if (status === TOO_LARGE)
          refused.push({ position: left[0]!, reason: 'the document is larger than the server takes' });
        else throw failure('FG_SEARCH_REFUSED', client.name, `documents for ${target}`, status, reasonIn(json));
        break;
      }
      const again: number[] = [];
      let last = 0;
      for (const [at, position] of left.entries()) {
        const { status: own, error, _index } = items[at]!;
        if (_index !== undefined && _index !== target) indexes.add(_index);
        if (own === 200 || own === 201) created++;
        else if (own === THERE) existing++;
        else if (own === 429 || own >= 500) {
          again.push(position);
          last = own;
        } else refused.push({ position, reason: reasonIn({ error }) });
      }
      left = again;
      if (left.length === 0) break;
      if (attempt === ATTEMPTS)
        throw failure('FG_SEARCH_BUSY', client.name, last, `${left.length} of ${batch.count} documents had no room`);
      paused?.(last);
      await rest(Math.min(FIRST_PAUSE_MILLIS * 2 ** (attempt - 1), LONGEST_PAUSE_MILLIS), signal);
    }
    let twice = 0;
    for (const index of indexes) twice += await earlier.remove(batch, index, signal);
    return { created: Math.max(0, created - twice), existing: existing + Math.min(created, twice), refused };
  }

  /** Each half for itself. */
  async function halves(
    batch: DocumentBatch,
    left: readonly number[],
    before: SinkAnswer,
    signal: AbortSignal,
  ): Promise<SinkAnswer> {
    const middle = left.length >> 1;
    const all = { created: before.created, existing: before.existing, refused: [...before.refused] };
    for (const part of [left.slice(0, middle), left.slice(middle)]) {
      const answer = await write(partOf(batch, part), signal);
      all.created += answer.created;
      all.existing += answer.existing;
      all.refused.push(...answer.refused.map(({ position, reason }) => ({ position: part[position]!, reason })));
    }
    return all;
  }

  return { name: `${client.name}/${target}`, write };
}

/** Lines of some of the documents. */
function linesOf(batch: DocumentBatch, positions: readonly number[]): Uint8Array<ArrayBuffer> {
  if (positions.length === batch.count) return batch.lines;
  const parts = positions.map((at) =>
    batch.lines.subarray(batch.starts[at], batch.starts[at + 1] ?? batch.lines.length),
  );
  const lines = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    lines.set(part, end);
    end += part.length;
  }
  return lines;
}

function partOf(batch: DocumentBatch, positions: readonly number[]): DocumentBatch {
  const starts = new Int32Array(positions.length);
  let end = 0;
  for (const [at, position] of positions.entries()) {
    starts[at] = end;
    end += (batch.starts[position + 1] ?? batch.lines.length) - batch.starts[position]!;
  }
  return { ...batch, count: positions.length, starts, lines: linesOf(batch, positions) };
}

/** What is said of each document; null where the answer is none of a bulk request. */
function itemsOf(json: unknown, count: number): readonly Item[] | null {
  const { items } = (json ?? {}) as { readonly items?: readonly { readonly create?: Item }[] };
  if (!Array.isArray(items) || items.length !== count) return null;
  const told = items.map(({ create }) => create);
  return told.every((item) => typeof item?.status === 'number') ? (told as readonly Item[]) : null;
}
