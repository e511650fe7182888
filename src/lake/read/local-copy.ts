/**
 * Objects that a reader has to open by their path, brought to this machine.
 *
 * In:    parts; those that lie elsewhere have no path. Out: the same parts, each with a path.
 * Holds: several are fetched at one time, and a copy is whole. What the cache has is not fetched; what is fetched it
 *        keeps as it is.
 * Fails: an object that cannot be fetched is noted and left out; a full disk is an error.
 */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileFailure, isOfDisk } from '../../storage/object/file-errors.ts';
import { inLanes } from './lanes.ts';
import type { KeptObject, ObjectCache } from './cache/object-cache.ts';
import type { Note } from '../../api/note.ts';
import type { TablePart } from './source.ts';
import { whyUnread } from './forms/packing.ts';

/** Objects fetched at one time. */
const LANES = 16;

/**
 * Brings parts here.
 *
 * @param directory  for the copies; made where one is needed, removed by whoever owns it
 * @param kept       parts that the cache has
 */
export async function bringHere(
  parts: readonly TablePart[],
  directory: string,
  notes: Note[],
  signal: AbortSignal,
  cache: ObjectCache | null = null,
  kept: ReadonlyMap<TablePart, KeptObject> = new Map(),
): Promise<TablePart[]> {
  const here: (TablePart | null)[] = parts.map((part) => ({ ...part, path: kept.get(part)?.pack?.path ?? part.path }));
  const away = parts.flatMap((part, at) => (here[at]?.path === null ? [{ part, at }] : []));
  if (away.length === 0) return here.filter((part) => part !== null);
  await mkdir(directory, { recursive: true });
  const problems: (Note | undefined)[] = [];
  await inLanes(LANES, away, async ({ part, at }) => {
    const path = join(cache?.directory ?? directory, `${at}.${part.kind}`);
    try {
      const body = Readable.from(part.store.read(part.ref, null, signal), { objectMode: false });
      await pipeline(body, createWriteStream(path), { signal });
      here[at] = { ...part, path };
      await keep(cache, part, path, notes);
    } catch (error) {
      signal.throwIfAborted();
      if (isOfDisk(error)) throw fileFailure(error, path);
      here[at] = null;
      problems[at] = { kind: 'unreadable', file: part.ref.key, why: whyUnread(error) };
    }
  });
  notes.push(...problems.filter((note) => note !== undefined));
  return here.filter((part) => part !== null);
}

/** Where the cache cannot keep it, the copy serves this answer. */
async function keep(cache: ObjectCache | null, part: TablePart, path: string, notes: Note[]): Promise<void> {
  if (cache === null || part.ref.etag === '') return;
  try {
    const object = { part, id: cache.reserve(1), rows: 0, header: null, headerless: false, notes: [] };
    await cache.keep(path, 0, [object]);
  } catch (error) {
    if (notes.some(({ kind }) => kind === 'cache-off')) return;
    notes.push({ kind: 'cache-off', file: cache.root, why: whyUnread(error) });
  }
}
