/**
 * What a question needs of files of a lake that lie elsewhere, in copies that have nothing else.
 *
 * In:    parts of a lake, columns and rows that are needed. Out: for each a file whose end lists the row groups that may have such
 *        rows; the pages of those columns lie where they do in the whole file, and between them are holes.
 * Holds: a row that may be needed is never left out: only row groups are of which the bounds of a column say so, or its filter. Whoever
 *        reads a hole gets zeros, which are no header of a page: an error, never a value. A small file, one of which most is needed, and
 *        one that is not as Parquet has it, is left to whoever fetches whole files.
 * Fails: with an error of the disk; with the signal's reason. A file that a store does not give is left out.
 * @see   Apache Parquet format 2.10: FileMetaData, ColumnMetaData
 */
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RowGroup } from 'hyparquet';
import { MAGIC } from '../../../record/parquet-frame.ts';
import { fileFailure, isOfDisk } from '../../../storage/object/file-errors.ts';
import { inLanes } from '../lanes.ts';
import type { TablePart } from '../source.ts';
import { mayBeIn } from './bloom-filter.ts';
import { withGroups } from './footer-groups.ts';

/** What a question needs of a file. */
export type Needed = {
  /** Columns, as the file has them. */
  readonly names: ReadonlySet<string>;
  /** Rows that have all of the texts of one of these, by column; null: all rows. */
  readonly rows: readonly ReadonlyMap<string, string>[] | null;
};

/** A copy, and how many bytes were fetched for it. */
export type FetchedPieces = { readonly path: string; readonly bytes: number };

type Span = { readonly start: number; readonly end: number };
type Fetched = { readonly span: Span; readonly bytes: Buffer };
/** `spans`: pieces that are still to come; null where the file is to be fetched whole. */
type Copy = { readonly part: TablePart; readonly path: string; bytes: number; spans: readonly Span[] | null };

/** Requests at one time. */
const LANES = 16;
/** A file of no more comes with one request. */
const WHOLE_BYTES = 1 << 20;
/** Fetched first: the end of an hour of two million records has 40 kB. */
const END_BYTES = 1 << 16;
/** What lies between two pieces is fetched along where it takes no longer than another request. */
const GAP_BYTES = 1 << 18;
/** More than this share of a file is the whole file. */
const MOST_SHARE = 0.75;
/** Filters are fetched where they are less than this share of the pages that they may spare. */
const FILTER_SHARE = 0.25;
/** The end's own length, and the mark behind it. */
const CLOSING_BYTES = 8;

/**
 * Fetches.
 *
 * @param directory  for the copies; made here
 * @returns          those of which a copy has all that is needed
 */
export async function fetchNeeded(
  parts: readonly TablePart[],
  needed: Needed,
  directory: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<TablePart, FetchedPieces>> {
  const copies = parts
    .filter(({ ref }) => ref.sizeBytes > WHOLE_BYTES)
    .map((part, at): Copy => ({ part, path: join(directory, `${at}.pieces`), bytes: 0, spans: null }));
  if (copies.length === 0) return new Map();
  await mkdir(directory, { recursive: true });

  /** Does something for a copy; one that fails is for somebody else to fetch whole. */
  async function tryFor(copy: Copy, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      signal.throwIfAborted();
      if (isOfDisk(error)) throw fileFailure(error, copy.path);
      copy.spans = null;
    }
  }

  await inLanes(LANES, copies, (copy) => tryFor(copy, () => begin(copy, needed, signal)));
  const pieces = copies.flatMap((copy) => (copy.spans ?? []).map((span) => ({ copy, span })));
  await inLanes(LANES, pieces, ({ copy, span }) =>
    tryFor(copy, async () => {
      if (copy.spans === null) return;
      const bytes = await fetchInto(copy.path, copy.part, span, signal);
      copy.bytes += bytes;
    }),
  );
  for (const { path, spans } of copies) if (spans === null) await rm(path, { force: true });
  return new Map(
    copies.flatMap(({ part, path, bytes, spans }) => (spans === null ? [] : [[part, { path, bytes }] as const])),
  );
}

/** Makes the copy with its end, and says what is to come; nothing where the whole should. */
async function begin(copy: Copy, needed: Needed, signal: AbortSignal): Promise<void> {
  const { part, path } = copy;
  const { sizeBytes } = part.ref;
  let at = sizeBytes - END_BYTES;
  let bytes = await bytesOf(part, { start: at, end: sizeBytes }, signal);
  const from = sizeBytes - CLOSING_BYTES - footerBytes(bytes);
  if (from < 0) throw new Error('it is shorter than it says');
  if (from < at) {
    bytes = Buffer.concat([await bytesOf(part, { start: from, end: at }, signal), bytes]);
    at = from;
  }
  copy.bytes = bytes.length;
  const early: Fetched[] = [];
  const { footer, pieces } = await shareOf(bytes.subarray(from - at), needed, async (spans) => {
    for (const span of joined(spans)) early.push({ span, bytes: await bytesOf(part, span, signal) });
    return early;
  });
  copy.bytes += early.reduce((sum, fetched) => sum + fetched.bytes.length, 0);
  const spans = joined(pieces.filter((piece) => piece.start < at && bytesAt(early, piece) === null));
  if (spans.reduce((sum, { start, end }) => sum + end - start, copy.bytes) > sizeBytes * MOST_SHARE) return;
  const file = await open(path, 'wx', 0o600);
  try {
    await file.write(MAGIC, 0, MAGIC.length, 0);
    for (const { span, bytes: own } of early) await file.write(own, 0, own.length, span.start);
    await file.write(bytes, 0, from - at, at);
    await file.write(footer, 0, footer.length, from);
  } finally {
    await file.close();
  }
  copy.spans = spans.map(({ start, end }) => ({ start, end: Math.min(end, at) }));
}

/** Length of what stands before the last eight bytes. */
function footerBytes(end: Buffer): number {
  if (!end.subarray(-MAGIC.length).equals(MAGIC)) throw new Error('it does not end as Parquet does');
  return end.readUInt32LE(end.length - CLOSING_BYTES);
}

/**
 * The end of the copy, and where what it needs lies.
 *
 * @param end    the footer with its length and mark
 * @param fetch  brings pieces of the file
 */
async function shareOf(
  end: Buffer,
  { names, rows }: Needed,
  fetch: (spans: readonly Span[]) => Promise<readonly Fetched[]>,
): Promise<{ footer: Uint8Array; pieces: Span[] }> {
  const { parquetMetadata } = await import('hyparquet');
  const { buffer, byteOffset, byteLength } = end;
  const { row_groups: groups } = parquetMetadata((buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength));
  const stays = rows === null ? groups.map(() => true) : await groupsOf(groups, names, rows, fetch);
  const kept = groups.filter((_, at) => stays[at]);
  const pieces = kept.flatMap((group) => piecesOf(group, names));
  if (kept.length === groups.length) return { footer: end, pieces };
  const count = kept.reduce((sum, { num_rows: number }) => sum + Number(number), 0);
  const footer = withGroups(end.subarray(0, -CLOSING_BYTES), stays, count);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return { footer: Buffer.concat([footer, length, MAGIC]), pieces };
}

/** Of each row group whether it may have a row with all texts of one of `rows`. */
async function groupsOf(
  groups: readonly RowGroup[],
  names: Needed['names'],
  rows: NonNullable<Needed['rows']>,
  fetch: (spans: readonly Span[]) => Promise<readonly Fetched[]>,
): Promise<boolean[]> {
  const asked = groups.map((group) => {
    const ways = rows.filter((texts) => mayHave(group, texts));
    const filters = ways.map((texts) => [...texts].flatMap(([name, text]) => filterOf(group, name, text)));
    const spans = filters.flat().map(({ span }) => span);
    const pages = bytesIn(piecesOf(group, names).filter((piece) => !spans.some(({ start }) => start === piece.start)));
    // A way of which there is no filter is not to be shut.
    const pays = filters.every((own) => own.length > 0) && bytesIn(spans) < pages * FILTER_SHARE;
    return { may: ways.length > 0, filters: ways.length > 0 && pays ? filters : [] };
  });
  const spans = asked.flatMap(({ filters }) => filters.flat().map(({ span }) => span));
  const fetched = spans.length === 0 ? [] : await fetch(spans);
  const isIn = ({ span, text }: Filter): boolean => {
    const bytes = bytesAt(fetched, span);
    return bytes === null || mayBeIn(bytes, text);
  };
  return asked.map(({ may, filters }) => may && (filters.length === 0 || filters.some((own) => own.every(isIn))));
}

/** Where a filter lies, and the text that it is asked for. */
type Filter = { readonly span: Span; readonly text: string };

/** The filter of a column of a row group, if it has one. */
function filterOf({ columns }: RowGroup, name: string, text: string): Filter[] {
  const about = columns.find(({ meta_data: each }) => each?.path_in_schema[0] === name)?.meta_data;
  const { bloom_filter_offset: offset, bloom_filter_length: length } = about ?? {};
  if (about?.type !== 'BYTE_ARRAY' || offset === undefined || length === undefined) return [];
  return [{ span: { start: Number(offset), end: Number(offset) + length }, text }];
}

function bytesIn(spans: readonly Span[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** The bytes of a piece that was fetched; null where it was not, or not all of it. */
function bytesAt(fetched: readonly Fetched[], { start, end }: Span): Buffer | null {
  const found = fetched.find(({ span }) => span.start <= start && end <= span.end);
  return found?.bytes.subarray(start - found.span.start, end - found.span.start) ?? null;
}

/** Whether a row of a group may have all of some texts, by the least and greatest of its columns. */
function mayHave({ columns }: RowGroup, texts: ReadonlyMap<string, string>): boolean {
  return [...texts].every(([name, text]) => {
    const about = columns.find(({ meta_data: each }) => each?.path_in_schema[0] === name)?.meta_data?.statistics;
    const { min_value: least, max_value: greatest } = about ?? {};
    if (typeof least !== 'string' || typeof greatest !== 'string') return true;
    // What was cut, or is no UTF-8, says nothing.
    const isCut = about?.is_min_value_exact === false || about?.is_max_value_exact === false;
    if (isCut || `${least}${greatest}`.includes('\ufffd')) return true;
    return compareBytes(least, text) <= 0 && compareBytes(text, greatest) <= 0;
  });
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Pieces that are near each other as one. */
function joined(pieces: readonly Span[]): Span[] {
  const spans: Span[] = [];
  for (const { start, end } of pieces.toSorted((a, b) => a.start - b.start)) {
    const last = spans.at(-1);
    if (last !== undefined && start <= last.end + GAP_BYTES)
      spans[spans.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    else spans.push({ start, end });
  }
  return spans;
}

/** Pages of a row group, and the filters by which a reader leaves it out. */
function piecesOf({ columns }: RowGroup, names: ReadonlySet<string>): Span[] {
  return columns.flatMap(({ meta_data: about }) => {
    if (about === undefined) throw new Error('it does not say where its columns are');
    if (!names.has(about.path_in_schema[0] ?? '')) return [];
    const data = Number(about.data_page_offset);
    const start = Math.min(data, Number(about.dictionary_page_offset ?? data) || data);
    const pages = { start, end: start + Number(about.total_compressed_size) };
    const { bloom_filter_offset: filter, bloom_filter_length: length } = about;
    if (filter === undefined) return [pages];
    if (length === undefined) throw new Error('it does not say how long its filters are');
    return [pages, { start: Number(filter), end: Number(filter) + length }];
  });
}

async function bytesOf({ store, ref }: TablePart, span: Span, signal: AbortSignal): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(ref, span, signal)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  checkLength(bytes.length, span);
  return bytes;
}

/** Not every server knows ranges: one gives the whole object. */
function checkLength(bytes: number, { start, end }: Span): void {
  if (bytes !== end - start) throw new Error(`${bytes} bytes came in place of ${end - start}`);
}

/** Puts a piece where it belongs; gives its length. */
async function fetchInto(path: string, { store, ref }: TablePart, span: Span, signal: AbortSignal): Promise<number> {
  const file = await open(path, 'r+');
  let at = span.start;
  try {
    for await (const chunk of store.read(ref, span, signal)) {
      if (at + chunk.length > span.end) break;
      await file.write(chunk, 0, chunk.length, at);
      at += chunk.length;
    }
  } finally {
    await file.close();
  }
  checkLength(at - span.start, span);
  return at - span.start;
}
