/**
 * Documents that an earlier backing index of a data stream holds already.
 *
 * In:    documents that were just created under their ids in a data stream's newest index. Out: how many were there before; their new
 *        copies are removed.
 * Holds: ids are kept apart by index, so a document that comes again after a rollover would be there twice. Only where the object is older
 *        than the index can there be such; then all its ids are looked for, those that were found there too, so that a crash between
 *        writing and removing is made good by the next delivery. A copy goes only for an older one: of two workers that write to two
 *        indices at once, each would else remove the other's.
 * Fails: FG_SEARCH_REFUSED; as the client does.
 */
import { failure } from '../../model/errors.ts';
import { reasonIn } from './opensearch-client.ts';
import type { SearchClient } from './opensearch-client.ts';
import type { DocumentBatch } from '../mappings/documents.ts';

/** Ids in one question: servers answer up to 10,000 hits. */
const IDS = 5000;
const ASKED = 'filter_path=items.delete.status,items.delete.error.type,items.delete.error.reason';
/** Clocks of two services differ. */
const SLACK_SECONDS = 60;

/** Looks for them in one data stream. */
export function createEarlierCopies(
  client: SearchClient,
  stream: string,
): { remove(batch: DocumentBatch, index: string, signal: AbortSignal): Promise<number> } {
  const name = encodeURIComponent(stream);
  /** When each index was made, milliseconds since 1970 UTC. */
  const made = new Map<string, number>();

  async function ask(
    method: 'GET' | 'POST',
    path: string,
    body: object | Uint8Array<ArrayBuffer> | null,
    signal: AbortSignal,
  ): Promise<unknown> {
    const text = body === null || body instanceof Uint8Array ? body : JSON.stringify(body);
    const { status, json } = await client.request(method, path, text, signal);
    if (status !== 200)
      throw failure('FG_SEARCH_REFUSED', client.name, `${method} ${path.split('?')[0]}`, status, reasonIn(json));
    return json;
  }

  async function madeMillis(index: string, signal: AbortSignal): Promise<number> {
    const known = made.get(index);
    if (known !== undefined) return known;
    const json = await ask('GET', `/${name}/_settings/index.creation_date`, null, signal);
    const told = json as Record<string, { settings?: { index?: { creation_date?: string } } }>;
    for (const [own, { settings }] of Object.entries(told)) made.set(own, Number(settings?.index?.creation_date ?? 0));
    return made.get(index) ?? 0;
  }

  return {
    async remove(batch, index, signal) {
      const date = await madeMillis(index, signal);
      // Of the first one nothing is older.
      if (![...made.values()].some((other) => other < date)) return 0;
      if (batch.sinceSeconds !== null && (batch.sinceSeconds - SLACK_SECONDS) * 1000 > date) return 0;
      // What was written a moment before the rollover is not yet found otherwise.
      await ask('POST', `/${name}/_refresh`, null, signal);
      const ids = idsOf(batch);
      let count = 0;
      for (let from = 0; from < ids.length; from += IDS) {
        const values = ids.slice(from, from + IDS);
        const json = await ask(
          'POST',
          `/${name}/_search?filter_path=hits.hits._id,hits.hits._index`,
          { size: IDS * 2, _source: false, query: { ids: { values } } },
          signal,
        );
        const { hits } = json as { hits?: { hits?: readonly { _id: string; _index: string }[] } };
        const all = hits?.hits ?? [];
        const older = new Set<string>();
        for (const hit of all)
          if (hit._index !== index && (await madeMillis(hit._index, signal)) < date) older.add(hit._id);
        const twice = all.filter((hit) => hit._index === index && older.has(hit._id));
        if (twice.length === 0) continue;
        const lines = twice.map(({ _id }) => `${JSON.stringify({ delete: { _index: index, _id } })}\n`).join('');
        const answer = await ask('POST', `/_bulk?${ASKED}`, Buffer.from(lines), signal);
        const { items = [] } = answer as { items?: readonly { delete?: { status?: number; error?: unknown } }[] };
        const failed = items.find((item) => item.delete?.error !== undefined)?.delete;
        if (failed !== undefined)
          throw failure('FG_SEARCH_REFUSED', client.name, 'to remove a copy', failed.status ?? 0, reasonIn(failed));
        count += twice.length;
      }
      return count;
    },
  };
}

function idsOf({ lines, starts }: DocumentBatch): string[] {
  return Array.from(starts, (start) => {
    const line = Buffer.from(lines.subarray(start, lines.indexOf(10, start))).toString('latin1');
    return (JSON.parse(line) as { create: { _id: string } }).create._id;
  });
}
