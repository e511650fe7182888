/**
 * What `--from` names.
 *
 * In:    a path, `s3://bucket/prefix`, `cloudwatch://group`; `-` is standard input. Out: the source of its kind.
 * Holds: of the data directory of `up` its bucket is meant, and its open windows while it runs.
 * Fails: FG_SOURCE_MISSING, FG_SOURCE_UNREADABLE.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../../model/errors.ts';
import { directoryStore } from '../../storage/object/stores/directory.ts';
import { parseLogFormat } from '../../record/format.ts';
import type { LogFormat } from '../../record/format.ts';
import type { S3Access } from '../../storage/object/stores/s3-connection.ts';
import { bucketSource } from './bucket.ts';
import { withLake } from './compacted/lake-source.ts';
import type { OpenPlaces, OtherPlace } from './compacted/lake-source.ts';
import type { LakePlace } from './compacted/lake-place.ts';
import { fileSource, streamSource } from './file.ts';
import { LOG_GROUP, logGroupSource } from './log-group.ts';
import { withOpenWindows } from './open-windows.ts';
import { s3Folder, s3Source } from './s3-bucket.ts';
import type { Listings } from './s3-bucket.ts';
import type { TableSource } from './source.ts';

/** How a place that is not on this machine is reached; the rest takes no heed of it. */
export type SourceOptions = {
  readonly access?: S3Access;
  /** Log format of text that has no header line. */
  readonly format?: string;
  /** False: the open windows of a running `up` are left out. */
  readonly open?: boolean;
  /** What is remembered of listings of S3. */
  readonly listings?: Listings;
};

/** The source at a path. */
export async function openSource(path: string, options: SourceOptions = {}): Promise<TableSource> {
  const source = await sourceAt(path, options);
  return options.format === undefined ? source : withFormat(source, parseLogFormat(options.format));
}

/** The source, whose text is of this format where no header says another. */
function withFormat(source: TableSource, format: LogFormat): TableSource {
  return {
    ...source,
    async *plan(...asked) {
      for await (const part of source.plan(...asked)) yield { ...part, format };
    },
  };
}

async function sourceAt(path: string, { access, listings, open = true }: SourceOptions): Promise<TableSource> {
  if (path.startsWith('s3://')) {
    const source = s3Source(path, access, listings);
    const place = { store: source.store, below: s3Folder(path), pathOf: () => null };
    return withLake(source, place, otherPlaces(access));
  }
  if (path.startsWith(LOG_GROUP)) return logGroupSource(path, access);
  if (path === '-') return streamSource('standard input', process.stdin);
  const kind = await kindOf(path);
  if (kind === null) throw failure('FG_SOURCE_MISSING', path);
  if (kind === 'file') return fileSource(path, directoryStore);
  if (kind === 'stream') return streamSource(path, createReadStream(path));
  const bucket = join(path, 'bucket');
  if ((await kindOf(bucket)) !== 'directory') return directorySource(path, path, access);
  return withOpenWindows(directorySource(path, bucket, access), path, open);
}

/** A bucket on disk, with the lake that it may have. */
function directorySource(name: string, directory: string, access: S3Access = {}): TableSource {
  const store = directoryStore(directory);
  const place = { store, below: '', pathOf: (key: string) => join(directory, key) };
  return withLake(bucketSource(name, store, directory), place, otherPlaces(access));
}

function otherPlaces(access: S3Access | undefined): OpenPlaces {
  return {
    objects: (place) => otherPlace(place, access),
    lake: (place, reach) => otherLake(place, { ...reach, ...access }),
  };
}

/** A lake at another place, by the name that the place of its objects has for it. */
async function otherLake(place: string, access: S3Access): Promise<LakePlace> {
  if (place.startsWith('s3://'))
    return { store: s3Source(place, access).store, below: s3Folder(place), pathOf: () => null };
  if ((await kindOf(place)) !== 'directory') throw failure('FG_SOURCE_MISSING', place);
  return { store: directoryStore(place), below: '', pathOf: (key) => join(place, key) };
}

/** Objects of another place that a lake was made of, by the name that the lake has for it. */
async function otherPlace(place: string, access: S3Access = {}): Promise<OtherPlace> {
  if (place.startsWith('s3://')) return { source: s3Source(place, access), below: s3Folder(place) };
  if ((await kindOf(place)) !== 'directory') throw failure('FG_SOURCE_MISSING', place);
  return { source: bucketSource(place, directoryStore(place), place), below: '' };
}

async function kindOf(path: string): Promise<'directory' | 'file' | 'stream' | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  if (found.isDirectory()) return 'directory';
  // A pipe, as `<(…)` of a shell gives one, is read once.
  return found.isFile() ? 'file' : 'stream';
}
