/**
 * The conversations of the flow logs in one place.
 *
 * In:    a place as `query` takes it. Out: what some work makes of its conversations, and the notes of reading.
 * Holds: the table and what it spilled are gone afterwards; the signal ends what runs.
 * Fails: as stitching, reading the source and the work do.
 */
import { openFlowTable } from '../../lake/read/flow-table.ts';
import type { Note } from '../../api/note.ts';
import type { AskOptions } from '../../query/ask.ts';
import { openPlace } from '../../query/ask.ts';
import { refuseUnread } from '../../query/strict.ts';
import type { Conversations, OwnAddresses } from './conversations.ts';
import { stitch } from './conversations.ts';

/**
 * Works on them.
 *
 * @param asker  for messages: the verb that asks
 */
export async function withConversations<T>(
  from: string,
  asker: string,
  own: OwnAddresses | null,
  options: AskOptions,
  work: (conversations: Conversations) => Promise<T>,
): Promise<{ readonly result: T; readonly notes: readonly Note[] }> {
  const signal = options.signal ?? new AbortController().signal;
  const { source, reading } = await openPlace(from, options);
  const table = await openFlowTable(source, signal, [], reading);
  const stop = (): void => table.duck.interrupt();
  signal.addEventListener('abort', stop);
  try {
    const conversations = await stitch(table, asker, {
      signal,
      own,
      ...(options.memoryBytes === undefined ? {} : { memoryBytes: options.memoryBytes }),
      ...(reading.onProgress === undefined ? {} : { onProgress: reading.onProgress }),
    });
    if (options.strict === true) refuseUnread(table.notes);
    return { result: await work(conversations), notes: table.notes };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await table.close();
  }
}
