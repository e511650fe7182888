/**
 * What the manifests of a place say.
 *
 * In:    a store, and what the keys of the place begin with. Out: the newest state of each day.
 * Holds: a state is whole: it was read from one manifest. A manifest that a newer one replaced while it was looked at is passed
 *        over. A place without a lake costs one listing.
 * Fails: as the store does; FG_LAKE_NEWER, FG_LAKE_DAMAGED.
 */
import { FlowgaugeError } from '../../../model/errors.ts';
import type { ObjectRef, ObjectStore } from '../../../storage/object/store.ts';
import { inLanes } from '../lanes.ts';
import { MANIFEST_FOLDER, PLACE_FOLDER, readManifest, readManifestKey, readPlace } from './manifest.ts';
import type { LakeDay, PlaceWord } from './manifest.ts';

/** A place that may have a lake. */
export type LakePlace = {
  readonly store: ObjectStore;
  /** What all keys begin with: '' or a prefix that ends in a slash. */
  readonly below: string;
  /** Where a key of the store lies on this machine; null elsewhere. */
  readonly pathOf: (key: string) => string | null;
};

/** The newest state of a day, and all of its manifests that are there. */
export type FoundDay = { readonly state: LakeDay; readonly number: number; readonly manifests: readonly string[] };

/** Manifests read at one time. */
const LANES = 16;
/** How often a day is looked at again whose manifest went meanwhile. */
const ATTEMPTS = 6;

/** Whether a place has a lake: whether there is a manifest, or a word of another place. */
export async function hasLake({ store, below }: LakePlace, signal: AbortSignal): Promise<boolean> {
  for await (const _ of store.list(`${below}${MANIFEST_FOLDER}`, null, signal)) return true;
  return false;
}

/**
 * The days of a place, in their order.
 *
 * @param isWanted  whether a day matters, `2026-11-23`
 */
export async function lakeDays(
  { store, below }: LakePlace,
  isWanted: (day: string) => boolean,
  signal: AbortSignal,
): Promise<FoundDay[]> {
  const prefix = `${below}${MANIFEST_FOLDER}`;
  const found: FoundDay[] = [];
  const listed = await manifestsBelow(store, prefix, isWanted, signal);
  await inLanes(LANES, [...listed], async ([day, first], at) => {
    let refs = first;
    for (let attempt = 0; ; attempt++) {
      const newest = refs.reduce((a, b) => (numberOf(b) > numberOf(a) ? b : a));
      try {
        const state = await stateOf(store, newest, signal);
        found[at] = { state, number: numberOf(newest), manifests: refs.map(({ key }) => key) };
        return;
      } catch (error) {
        signal.throwIfAborted();
        const isLake = error instanceof FlowgaugeError && error.code.startsWith('FG_LAKE_');
        if (isLake || attempt === ATTEMPTS) throw error;
        const again = (await manifestsBelow(store, `${prefix}${day}/`, isWanted, signal)).get(day) ?? [];
        // The same as before: it is there, and cannot be read.
        if (again.length === 0 || again.some(({ key }) => key === newest.key)) throw error;
        refs = again;
      }
    }
  });
  return found;
}

/** States that were read last, the latest at the end: who asks again reads no manifest twice. */
const lately = new Map<string, { readonly state: LakeDay; readonly bytes: number }>();
/** Of manifests as they lie there; what is made of one takes some thirty times as much. */
const LATELY_BYTES = 1 << 20;
let latelyBytes = 0;

/** What a manifest says; another object under its key has another etag. */
async function stateOf(store: ObjectStore, ref: ObjectRef, signal: AbortSignal): Promise<LakeDay> {
  const origin = `${store.name}/${ref.key}`;
  const name = `${origin} ${ref.etag}`;
  const known = lately.get(name);
  if (known !== undefined) {
    lately.delete(name);
    lately.set(name, known);
    return known.state;
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(ref, null, signal)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const state = readManifest(bytes, origin);
  if (ref.etag === '' || bytes.length > LATELY_BYTES) return state;
  latelyBytes += bytes.length - (lately.get(name)?.bytes ?? 0);
  lately.set(name, { state, bytes: bytes.length });
  for (const [oldest, { bytes: own }] of lately) {
    if (latelyBytes <= LATELY_BYTES) break;
    lately.delete(oldest);
    latelyBytes -= own;
  }
  return state;
}

/** Places that belong together with this one. */
export async function otherPlaces({ store, below }: LakePlace, signal: AbortSignal): Promise<PlaceWord[]> {
  const places: PlaceWord[] = [];
  for await (const ref of store.list(`${below}${PLACE_FOLDER}`, null, signal)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of store.read(ref, null, signal)) chunks.push(chunk);
    places.push(readPlace(Buffer.concat(chunks), `${store.name}/${ref.key}`));
  }
  return places;
}

function numberOf({ key }: ObjectRef): number {
  return readManifestKey(key)?.number ?? 0;
}

async function manifestsBelow(
  store: ObjectStore,
  prefix: string,
  isWanted: (day: string) => boolean,
  signal: AbortSignal,
): Promise<Map<string, ObjectRef[]>> {
  const days = new Map<string, ObjectRef[]>();
  for await (const ref of store.list(prefix, null, signal)) {
    const said = readManifestKey(ref.key);
    if (said === null || !isWanted(said.day)) continue;
    const refs = days.get(said.day) ?? [];
    days.set(said.day, refs);
    refs.push(ref);
  }
  return days;
}
