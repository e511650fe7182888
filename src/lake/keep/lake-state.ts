/**
 * Changing a lake: a new state of a day, and away with what no state names.
 *
 * In:    a place, states. Out: manifests, files below its lake folder.
 * Holds: a state is entered in one step, or not at all: the next number of its day is free for one writer only. Files are there
 *        before a state names them. One process of this machine changes a directory at a time; of two that change a bucket one
 *        is refused when it enters its state.
 * Fails: FG_LAKE_BUSY; as the store does.
 */
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FlowgaugeError, failure, failureFrom } from '../../model/errors.ts';
import { giveProcessLockBack, takeProcessLock } from '../../storage/object/process-lock.ts';
import type { FoundDay, LakePlace } from '../read/compacted/lake-place.ts';
import {
  LAKE_FOLDER,
  MANIFEST_FOLDER,
  manifestBytes,
  manifestKey,
  placeBytes,
  placeKey,
} from '../read/compacted/manifest.ts';
import type { LakeDay, PlaceWord } from '../read/compacted/manifest.ts';
import { ROLLUPS } from './rollups.ts';
import type { WrittenFile } from './write-period.ts';

/** Files of a bucket that nobody entered are let alone so long: somebody may be about to. */
const LEFT_AFTER_MILLIS = 3_600_000;
/** What a store of a directory leaves where it was killed. */
const ASIDE = /^\.flowgauge-[0-9a-f]+\.tmp$/u;

/** Takes the lake of a directory for this process; gives what lets it go. A bucket has no lock. */
export function lockLake({ store, below, pathOf }: LakePlace): () => void {
  const path = pathOf(`${below}${MANIFEST_FOLDER}lock`);
  if (path === null) return () => {};
  mkdirSync(dirname(path), { recursive: true });
  const holder = takeProcessLock(path);
  if (holder !== null) throw failure('FG_LAKE_BUSY', store.name, `process ${holder}`);
  return () => giveProcessLockBack(path);
}

/** Enters a state of a day behind the one that was found; older ones go, the last but one excepted. */
export async function enterDay(
  { store, below }: LakePlace,
  state: LakeDay,
  found: Pick<FoundDay, 'number' | 'manifests'>,
  signal: AbortSignal,
): Promise<FoundDay> {
  const number = found.number + 1;
  const key = `${below}${manifestKey(state.day, number)}`;
  const bytes = manifestBytes(state);
  try {
    await store.put(key, once(bytes), bytes.length, signal);
  } catch (error) {
    if (!(error instanceof FlowgaugeError) || error.code !== 'FG_OBJECT_DIFFERS') throw error;
    throw failureFrom(error, 'FG_LAKE_BUSY', store.name, 'another process');
  }
  const before = `${below}${manifestKey(state.day, found.number)}`;
  const old = found.manifests.filter((each) => each !== before);
  if (old.length > 0) await store.remove(old, signal);
  return { state, number, manifests: [...(found.manifests.includes(before) ? [before] : []), key] };
}

/** Enters that another place belongs together with one; again does no harm. */
export async function enterPlace({ store, below }: LakePlace, word: PlaceWord, signal: AbortSignal): Promise<void> {
  const bytes = placeBytes(word);
  await store.put(`${below}${placeKey(word)}`, once(bytes), bytes.length, signal);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Puts a file of this machine. */
export async function putFile(
  { store, below }: LakePlace,
  key: string,
  { path, sizeBytes }: WrittenFile,
  signal: AbortSignal,
): Promise<void> {
  const body = createReadStream(path, { highWaterMark: 1 << 20 });
  try {
    await store.put(`${below}${key}`, body as AsyncIterable<Uint8Array>, sizeBytes, signal);
  } finally {
    body.destroy();
  }
}

/** Removes files of a day that its state does not name: a process that wrote them was killed before it entered them. */
export async function removeUnnamed(
  { store, below, pathOf }: LakePlace,
  { state }: FoundDay,
  nowMillis: number,
  signal: AbortSignal,
): Promise<number> {
  const named = new Set(
    state.files.flatMap(({ key, rollups, gone }) => [key, ...rollups.map((each) => each.key), ...(gone?.remove ?? [])]),
  );
  const unnamed: string[] = [];
  for (const kind of ['records', ...ROLLUPS.map(({ name }) => name)]) {
    const folder = `${below}${LAKE_FOLDER}${kind}/day=${state.day}/`;
    for await (const { key, lastModifiedMillis } of store.list(folder, null, signal)) {
      if (named.has(key.slice(below.length))) continue;
      if (pathOf(key) !== null || (lastModifiedMillis ?? nowMillis) < nowMillis - LEFT_AFTER_MILLIS) unnamed.push(key);
    }
    removeAside(pathOf(folder));
  }
  removeAside(pathOf(`${below}${MANIFEST_FOLDER}${state.day}`));
  if (unnamed.length > 0) await store.remove(unnamed, signal);
  return unnamed.length;
}

function removeAside(folder: string | null): void {
  if (folder === null) return;
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    // Nothing was written there yet.
    return;
  }
  for (const name of names) if (ASIDE.test(name)) rmSync(join(folder, name), { force: true });
}
