/**
 * The manifest of a lake: which files of sorted Parquet hold the records of which objects, day by day.
 *
 * In:    the state of a day. Out: its bytes, and back; the keys of all that a lake has.
 * Holds: a day has one manifest, of which each change is a new number; the highest counts. An object that a manifest names is
 *        in exactly one of its files, and is never read beside it. Keys are relative to the place of the lake; those of
 *        objects to the place that they lie in, which may be another one.
 * Fails: FG_LAKE_NEWER for a format of a later version, FG_LAKE_DAMAGED for what is none.
 */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as v from 'valibot';
import type { Note } from '../../../api/note.ts';
import { failure, failureFrom } from '../../../model/errors.ts';

/**
 * The highest format that this program writes and reads. 1: files and objects. 2: of some files the records are gone. 3: objects of the
 * place are gone, and their records in a lake elsewhere. What is written has the lowest one that says it all, so that older programs
 * read what they can, and refuse what they would take for damage, or would not see.
 */
export const LAKE_FORMAT = 3;
const [FIRST_FORMAT, GONE_FORMAT, AWAY_FORMAT] = [1, 2, LAKE_FORMAT] as const;

/** Where files of records and roll-ups lie, below the place of the lake. No name of it begins with `_`: engines would pass over it. */
export const LAKE_FOLDER = 'flowgauge-lake/';
/** Where manifests lie. */
export const MANIFEST_FOLDER = '_flowgauge/lake/';
/** Where it stands of which other places it has objects, and which lakes elsewhere have objects of this one. */
export const PLACE_FOLDER = '_flowgauge/lake/places/';

/**
 * Integer columns that a file of records has besides those of its objects: IPv4 addresses as numbers, for ranges. The
 * destination has none: rows are not sorted by it, so it would leave nothing out, and it took an eighth of the file.
 */
export const NUMBER_COLUMNS = [{ name: 'src_ip', of: 'srcaddr' }] as const;

/** The column of a roll-up with hashes of groups; its rows with the most packets come first. Equal groups of all files have equal ones. */
export const GROUP_HASH = 'group_hash';

const seconds = v.nullable(v.number());
const name = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const stored = { key: name, sizeBytes: count, sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)) };

/** Sums of a file's records. */
const rollup = v.object({
  ...stored,
  /** Which of the roll-ups it is. */
  name,
  rows: count,
  /** Columns that its rows are told apart by, besides the span. */
  dimensions: v.array(name),
  /** Length of the spans that `start` lies in. */
  stepSeconds: count,
  /** Which records it is of: all, or those with action REJECT. */
  only: v.nullable(v.literal('rejected')),
  /** Columns that each row has a hash of. An older program passes over the word and over the column. */
  hashed: v.exactOptional(v.array(name)),
});

const file = v.object({
  ...stored,
  records: count,
  /** Sums over its records: what a check compares. */
  packets: count,
  bytes: count,
  /** Stamps of its objects: the first, and the end of the period that it is of. */
  startSeconds: v.number(),
  endSeconds: v.number(),
  /** Of its records' `start` and `end`; null where one has none. */
  firstStart: seconds,
  lastStart: seconds,
  firstEnd: seconds,
  lastEnd: seconds,
  /** How many objects had which columns. */
  coverage: v.array(v.object({ objects: count, columns: v.array(name) })),
  /** What there was to say of its objects when they were read. */
  notes: v.array(v.looseObject({ kind: v.string() })),
  rollups: v.array(rollup),
  /** Retention took its records away: when that was entered, and files of it that are still to be removed. */
  gone: v.optional(v.object({ at: v.number(), remove: v.array(name) })),
});

const object = v.object({
  key: name,
  sizeBytes: count,
  etag: v.string(),
  /** Which of the files has its records. */
  file: count,
  /** When that was, seconds. */
  at: v.number(),
  /** Whether it was removed since. */
  expired: v.boolean(),
});

const format = v.picklist([FIRST_FORMAT, GONE_FORMAT]);

const day = v.object({
  format,
  day: v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d$/u)),
  files: v.array(file),
  /** By the place that they lie in; null: that of the lake. */
  sources: v.array(v.object({ place: v.nullable(v.string()), objects: v.array(object) })),
});

export type LakeRollup = v.InferOutput<typeof rollup>;
export type LakeFile = Omit<v.InferOutput<typeof file>, 'notes'> & { readonly notes: readonly Note[] };
export type LakeObject = v.InferOutput<typeof object>;
export type LakeDay = Omit<v.InferOutput<typeof day>, 'files'> & { readonly files: readonly LakeFile[] };

/** The bytes of a manifest. */
export function manifestBytes(state: LakeDay): Uint8Array {
  return gzipSync(JSON.stringify({ ...state, format: formatOf(state) }));
}

function formatOf({ files }: Pick<LakeDay, 'files'>): LakeDay['format'] {
  return files.some(({ gone }) => gone !== undefined) ? GONE_FORMAT : FIRST_FORMAT;
}

/**
 * The state that a manifest has.
 *
 * @param origin  for messages
 */
export function readManifest(bytes: Uint8Array, origin: string): LakeDay {
  const state = checked(
    day,
    jsonOf(() => gunzipSync(bytes).toString(), origin),
    origin,
  );
  // Notes are of the program that wrote them; a later one may have kinds of its own.
  return state as unknown as LakeDay;
}

function jsonOf(text: () => string, origin: string): unknown {
  try {
    return JSON.parse(text());
  } catch (error) {
    throw failureFrom(error, 'FG_LAKE_DAMAGED', origin, error instanceof Error ? error.message : String(error));
  }
}

function checked<S extends v.GenericSchema>(schema: S, parsed: unknown, origin: string): v.InferOutput<S> {
  const told = typeof parsed === 'object' && parsed !== null && 'format' in parsed ? parsed.format : null;
  if (typeof told === 'number' && told > LAKE_FORMAT) throw failure('FG_LAKE_NEWER', origin, told, LAKE_FORMAT);
  const read = v.safeParse(schema, parsed);
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw failure('FG_LAKE_DAMAGED', origin, `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
}

/**
 * A place that belongs together with this one. `objects`: another one that the lake has objects of. `lake`: another one with a lake that has
 * the records of objects that were here, and that calls this place `as`; `reach`: how its bucket is reached, where that is not as usual.
 */
export type PlaceWord =
  | { readonly kind: 'objects'; readonly place: string }
  | { readonly kind: 'lake'; readonly place: string; readonly as: string; readonly reach: PlaceReach };

/** What says so. */
export function placeBytes(word: PlaceWord): Uint8Array {
  const { place } = word;
  const said =
    word.kind === 'objects'
      ? { format: FIRST_FORMAT, place }
      : { format: AWAY_FORMAT, lake: place, place: word.as, reach: word.reach };
  return Buffer.from(`${JSON.stringify(said)}\n`);
}

/** The key of that. */
export function placeKey(word: PlaceWord): string {
  const { kind, place } = word;
  const hash = createHash('sha256').update(kind === 'objects' ? place : JSON.stringify(word));
  return `${PLACE_FOLDER}${hash.digest('hex').slice(0, 16)}.json`;
}

const objectsWord = v.object({ format: v.literal(FIRST_FORMAT), place: v.string() });
const reach = v.object({
  profile: v.exactOptional(v.string()),
  region: v.exactOptional(v.string()),
  endpoint: v.exactOptional(v.string()),
  pathStyle: v.exactOptional(v.boolean()),
  requestPayer: v.exactOptional(v.boolean()),
});
const lakeWord = v.object({ format: v.literal(AWAY_FORMAT), lake: v.string(), place: v.string(), reach });
/** No secrets: who reads has credentials of its own. */
export type PlaceReach = v.InferOutput<typeof reach>;

/** The place that such an object names. */
export function readPlace(bytes: Uint8Array, origin: string): PlaceWord {
  const parsed = jsonOf(() => Buffer.from(bytes).toString(), origin);
  const read = checked(v.variant('format', [objectsWord, lakeWord]), parsed, origin);
  return 'lake' in read
    ? { kind: 'lake', place: read.lake, as: read.place, reach: read.reach }
    : { kind: 'objects', place: read.place };
}

/** A day without a file. */
export function emptyDay(of: string): LakeDay {
  return { format: FIRST_FORMAT, day: of, files: [], sources: [] };
}

/** When the youngest record of a file is surely over, seconds. */
export function overAt({ endSeconds, lastEnd }: Pick<LakeFile, 'endSeconds' | 'lastEnd'>): number {
  return Math.max(endSeconds, lastEnd ?? endSeconds);
}

/** The UTC day that a second lies in. */
export function dayOf(atSeconds: number): string {
  return new Date(atSeconds * 1000).toISOString().slice(0, 10);
}

/** The key of a manifest. */
export function manifestKey(of: string, number: number): string {
  return `${MANIFEST_FOLDER}${of}/${String(number).padStart(8, '0')}.json.gz`;
}

/** What the key of a manifest says, at the end of a longer one too; null for any other. */
export function readManifestKey(key: string): { readonly day: string; readonly number: number } | null {
  const [, of, number] = /(?:^|\/)_flowgauge\/lake\/(\d{4}-\d\d-\d\d)\/(\d{8,})\.json\.gz$/u.exec(key) ?? [];
  return of === undefined ? null : { day: of, number: Number(number) };
}

/**
 * The key of a file of records, or of a roll-up.
 *
 * @param kind  `records`, or the roll-up's name
 * @param stem  what tells the files of a day apart
 */
export function lakeKey(kind: string, of: string, stem: string): string {
  return `${LAKE_FOLDER}${kind}/day=${of}/${stem}.parquet`;
}
