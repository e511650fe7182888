/**
 * An archived range of a bucket, brought back: copies are asked for, and, once they are all there, read whole.
 *
 * In:    a bucket, a range of time. Out: how many objects of it are archived, on their way, and can be read; what is not whole.
 * Holds: every object that may hold a record of the range is looked at; the range is `restored` only when each of them can be read,
 *        so that no answer about it lacks a part unsaid. Objects whose records the lake has are let alone: no question needs them.
 *        What is restored is read to its end: its length is the listing's, gzip's checksum is right, and, where the ledger
 *        knows it, so is its SHA-256.
 * Fails: FG_RESTORE_FAILED, FG_RESTORE_WISH; as listing does; with the signal's reason.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { failure, FlowgaugeError } from '../../model/errors.ts';
import { ledgerKey, readLedgerEntry } from '../../publish/ledger.ts';
import type { ObjectRef, ObjectStore } from '../../storage/object/store.ts';
import type { S3Access } from '../../storage/object/stores/s3-connection.ts';
import { s3Restorer } from '../../storage/object/stores/s3-restore.ts';
import type { ArchiveState, Restorer, RestoreTier } from '../../storage/object/stores/s3-restore.ts';
import { lakeDays } from '../read/compacted/lake-place.ts';
import { inLanes } from '../read/lanes.ts';
import type { Progress } from '../read/progress.ts';
import { s3Folder, s3Source } from '../read/s3-bucket.ts';
import type { TimeRange } from '../read/source.ts';

export type RestoreOptions = {
  readonly range: TimeRange;
  /** How long copies stay. */
  readonly days: number;
  readonly tier: RestoreTier;
  /** False: it is looked how things stand, and nothing is asked for. */
  readonly asks: boolean;
  /** Whether what is restored is read whole. */
  readonly verifies: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
};

export type RestoreFault = {
  readonly key: string;
  readonly what: 'size' | 'checksum' | 'unreadable';
  readonly expected: string;
  readonly found: string;
};

export type RestoreReport = {
  /** `nothing-archived`: no object of the range needs it. `archived`: some do, and were not asked for. */
  readonly state: 'nothing-archived' | 'archived' | 'on-its-way' | 'restored';
  /** Objects of the range in an archive whose records the lake has not. */
  readonly objects: number;
  readonly bytes: number;
  readonly archived: number;
  /** Asked for now. */
  readonly asked: number;
  readonly onTheirWay: number;
  readonly restored: number;
  /** When the first copy goes, seconds; null: none is there, or nobody says. */
  readonly untilSeconds: number | null;
  /** Objects of the range in an archive whose records the lake has. */
  readonly inLake: number;
  /** Objects of the range that lie in no archive. */
  readonly others: number;
  /** Objects that were read whole, and how many of them were compared with the ledger; null: none was. */
  readonly verified: { readonly objects: number; readonly bytes: number; readonly byLedger: number } | null;
  readonly faults: readonly RestoreFault[];
};

const LANES = 16;

/** Looks, asks where that is wanted, and reads what is there. */
export async function restoreRange(place: string, access: S3Access, options: RestoreOptions): Promise<RestoreReport> {
  const { signal, days, tier, asks, verifies, onProgress } = options;
  const source = s3Source(place, access);
  const { store } = source;
  const restorer = s3Restorer(store.name.slice('s3://'.length), access);
  const listed = await archivedIn(source, options);
  const known = await keysInLake(store, s3Folder(place), signal);
  const wanted = listed.archived.filter(({ key }) => !known.has(key));
  if (tier === 'Expedited' && wanted.some(({ storageClass }) => storageClass === 'DEEP_ARCHIVE'))
    throw failure('FG_RESTORE_WISH', 'expedited', 'DEEP_ARCHIVE', 'standard or bulk');
  const states = await statesOf(restorer, wanted, options);
  const toAsk = wanted.filter((_, at) => states[at]!.is === 'archived');
  if (asks) {
    await inLanes(LANES, toAsk, ({ key }) => restorer.ask(key, days, tier, signal));
    // Servers that have no archive to fetch from have a copy at once.
    const now = await statesOf(restorer, toAsk, options);
    for (const [at, ref] of toAsk.entries()) states[wanted.indexOf(ref)] = now[at]!;
  }
  const count = (is: ArchiveState['is']): number => states.filter((state) => state.is === is).length;
  const until = states.flatMap((state) => (state.is === 'restored' ? (state.untilSeconds ?? []) : []));
  const archived = count('archived');
  const onTheirWay = count('on-its-way');
  const isThere = archived + onTheirWay === 0;
  const checked = isThere && verifies && wanted.length > 0 ? await verify(store, wanted, signal, onProgress) : null;
  return {
    state: wanted.length === 0 ? 'nothing-archived' : isThere ? 'restored' : onTheirWay > 0 ? 'on-its-way' : 'archived',
    objects: wanted.length,
    bytes: wanted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    archived,
    asked: asks ? toAsk.length : 0,
    onTheirWay,
    restored: wanted.length - archived - onTheirWay,
    untilSeconds: until.length === 0 ? null : until.reduce((a, b) => Math.min(a, b)),
    inLake: listed.archived.length - wanted.length,
    others: listed.others,
    verified: checked?.verified ?? null,
    faults: checked?.faults ?? [],
  };
}

/** Objects of the range: those of archives, whether a copy of them is there or not, and how many others. */
async function archivedIn(
  source: ReturnType<typeof s3Source>,
  { range, signal, onProgress }: RestoreOptions,
): Promise<{ readonly archived: readonly ObjectRef[]; readonly others: number }> {
  const archived: ObjectRef[] = [];
  let others = 0;
  try {
    for await (const { ref } of source.plan(range, signal, onProgress)) {
      if (ref.storageClass === 'GLACIER' || ref.storageClass === 'DEEP_ARCHIVE') archived.push(ref);
      else others++;
    }
  } catch (error) {
    signal.throwIfAborted();
    // Nothing of the range can be read: that is what brings people here.
    if (!(error instanceof FlowgaugeError) || error.code !== 'FG_S3_ARCHIVED') throw error;
  }
  archived.push(...(source.archived?.() ?? []));
  return { archived, others };
}

async function keysInLake(store: ObjectStore, below: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const days = await lakeDays({ store, below, pathOf: () => null }, () => true, signal);
  return new Set(
    days.flatMap(({ state: { sources, files } }) =>
      sources.flatMap(({ place, objects }) =>
        place === null
          ? objects.flatMap(({ key, file }) => (files[file]?.gone === undefined ? [`${below}${key}`] : []))
          : [],
      ),
    ),
  );
}

async function statesOf(
  restorer: Restorer,
  refs: readonly ObjectRef[],
  { signal }: RestoreOptions,
): Promise<ArchiveState[]> {
  const states: ArchiveState[] = [];
  await inLanes(LANES, refs, async ({ key }, at) => {
    states[at] = await restorer.stateOf(key, signal);
  });
  return states;
}

/** Reads objects whole. */
async function verify(
  store: ObjectStore,
  refs: readonly ObjectRef[],
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Pick<RestoreReport, 'faults'> & { readonly verified: NonNullable<RestoreReport['verified']> }> {
  const faults: RestoreFault[] = [];
  const sums = { objects: 0, bytes: 0, byLedger: 0 };
  await inLanes(LANES, refs, async (ref) => {
    const expected = await ledgerSum(store, ref.key, signal);
    const fault = await faultOf(store, ref, expected, signal);
    if (fault !== null) faults.push(fault);
    sums.objects++;
    sums.bytes += ref.sizeBytes;
    if (expected !== null) sums.byLedger++;
    onProgress({ stage: 'reading', files: sums.objects, of: refs.length, bytes: sums.bytes });
  });
  return { verified: sums, faults };
}

/** SHA-256 of an object by its ledger; null: it has no entry. */
async function ledgerSum(store: ObjectStore, key: string, signal: AbortSignal): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of store.read({ key: ledgerKey(key), sizeBytes: 0, etag: '' }, null, signal))
      chunks.push(chunk);
  } catch (error) {
    signal.throwIfAborted();
    // AWS's own objects have none, and who may read those need not be allowed to read others.
    if (error instanceof FlowgaugeError && /^FG_S3_(?:GONE|DENIED)$/u.test(error.code)) return null;
    throw error;
  }
  return readLedgerEntry(Buffer.concat(chunks).toString())?.sha256 ?? null;
}

/** What is wrong with an object; null: it is whole. */
async function faultOf(
  store: ObjectStore,
  ref: ObjectRef,
  sha256: string | null,
  signal: AbortSignal,
): Promise<RestoreFault | null> {
  const { key, sizeBytes } = ref;
  const hash = createHash('sha256');
  let bytes = 0;
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of store.read(ref, null, signal)) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  try {
    if (key.endsWith('.gz')) await pipeline(Readable.from(hashed()), createGunzip(), drain);
    else await drain(hashed());
  } catch (error) {
    signal.throwIfAborted();
    const found = error instanceof Error ? error.message : String(error);
    return { key, what: 'unreadable', expected: `${sizeBytes} bytes`, found };
  }
  if (bytes !== sizeBytes) return { key, what: 'size', expected: `${sizeBytes}`, found: `${bytes}` };
  const found = hash.digest('hex');
  return sha256 === null || found === sha256 ? null : { key, what: 'checksum', expected: sha256, found };
}

async function drain(body: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of body);
}
