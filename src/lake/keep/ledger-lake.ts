/**
 * Objects of the ledger whose records a lake has: what stands for them.
 *
 * In:    the place of a lake, entries of a day, the objects of theirs that are gone. Out: the files that stand for these, and what does
 *        not hold of them.
 * Holds: a file is read whole and has its checksum; where each of its objects has an entry, it has as many records as these say.
 *        What retention took away stands for nothing, and is no fault.
 * Fails: as the store does; FG_LAKE_NEWER, FG_LAKE_DAMAGED.
 */
import { join } from 'node:path';
import type { LedgerEntry } from '../../publish/ledger.ts';
import type { ObjectStore } from '../../storage/object/store.ts';
import { lakeDays } from '../read/compacted/lake-place.ts';
import type { LakeDay, LakeFile, LakeObject } from '../read/compacted/manifest.ts';
import type { TablePart } from '../read/source.ts';
import { checksumOf } from './expire.ts';

/** What does not hold about one object, or about a file of a lake (`lake`: it is not as the manifest has it). */
export type LedgerFault = {
  readonly key: string;
  readonly what: 'no-entry' | 'missing' | 'size' | 'checksum' | 'records' | 'packets' | 'unreadable' | 'lake';
  readonly expected: string;
  readonly found: string;
};

/** A lake that was made of the objects of a ledger. */
export type LedgerLake = {
  readonly store: ObjectStore;
  /** What all of its keys begin with. */
  readonly below: string;
  /** What the lake calls the place of the objects; null: its own place. */
  readonly source: string | null;
};

/** An object as the lake knows it. */
export type FoundInLake = { readonly object: LakeObject; readonly file: LakeFile; readonly day: LakeDay };

/** A file that stands for objects that are gone. */
export type StandingFile = {
  readonly part: TablePart;
  /** Of all objects whose records it has. */
  readonly keys: ReadonlySet<string>;
  readonly flowLogIds: ReadonlySet<string>;
  /** Every record of it is accounted for by entries that were read. */
  readonly isAccounted: boolean;
};

/** All objects that the lake has, or had, the records of, by their whole keys. */
export async function lakeObjects(
  { store, below, source }: LedgerLake,
  objectsBelow: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FoundInLake>> {
  const found = new Map<string, FoundInLake>();
  for (const { state: day } of await lakeDays({ store, below, pathOf: () => null }, () => true, signal))
    for (const { place, objects } of day.sources)
      for (const object of place === source ? objects : []) {
        const file = day.files[object.file];
        if (file !== undefined) found.set(`${objectsBelow}${object.key}`, { object, file, day });
      }
  return found;
}

/** The files that stand for objects, each compared. */
export async function filesFor(
  lake: LedgerLake,
  gone: readonly FoundInLake[],
  entries: readonly LedgerEntry[],
  compacted: ReadonlyMap<string, FoundInLake>,
  signal: AbortSignal,
): Promise<{ readonly files: readonly StandingFile[]; readonly faults: readonly LedgerFault[] }> {
  if (gone.length === 0) return { files: [], faults: [] };
  const byFile = Map.groupBy(
    entries.filter(({ key }) => key !== null && compacted.has(key)),
    ({ key }) => compacted.get(key!)!.file,
  );
  const files: StandingFile[] = [];
  const faults: LedgerFault[] = [];
  for (const [file, own] of Map.groupBy(gone, (each) => each.file)) {
    const of = byFile.get(file) ?? [];
    const part = partOf(lake, file);
    const { day } = own[0]!;
    const at = day.files.indexOf(file);
    const objects = day.sources.reduce((sum, each) => sum + each.objects.filter((one) => one.file === at).length, 0);
    const records = of.reduce((sum, entry) => sum + entry.records, 0);
    let isWhole = file.gone === undefined && objects === of.length && of.every(({ ledger }) => ledger > 1);
    if (file.gone === undefined) {
      const found = await checksumOf(part, signal);
      if (found !== file.sha256) {
        isWhole = false;
        faults.push({ key: part.ref.key, what: 'lake', expected: file.sha256, found: found || 'no file' });
      } else if (objects === of.length && records !== file.records)
        faults.push({ key: part.ref.key, what: 'records', expected: `${records}`, found: `${file.records}` });
    }
    files.push({
      part,
      keys: new Set(of.flatMap(({ key }) => key ?? [])),
      flowLogIds: new Set(of.map(({ flowLogId }) => flowLogId)),
      isAccounted: isWhole,
    });
  }
  return { files, faults };
}

function partOf({ store, below }: LedgerLake, file: LakeFile): TablePart {
  const key = `${below}${file.key}`;
  const path = store.name.startsWith('s3://') ? null : join(store.name, key);
  return { ref: { key, sizeBytes: file.sizeBytes, etag: file.sha256 }, store, kind: 'compacted', format: null, path, lake: file }; // prettier-ignore
}
