/**
 * What the tests of publishing share: records, and a publisher over a directory.
 *
 * In:    records by number. Out: objects, read back.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { FlowgaugeError } from '../model/errors.ts';
import type { FlowLog } from '../network/vpc/snapshot.ts';
import { DEFAULT_FORMAT } from '../record/format.ts';
import { reserve } from '../record/text-block.ts';
import type { ObjectStore } from '../storage/object/store.ts';
import { directoryStore } from '../storage/object/stores/directory.ts';
import type { WindowAccount } from './account.ts';
import { bucketDestination } from './destinations/bucket.ts';
import type { Pace } from './pace.ts';
import type { Publisher, PublisherOptions, PublishReport } from './publisher.ts';
import { openPublisher } from './publisher.ts';

export const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-publish-'));
after(() => rmSync(scratch, { recursive: true }));
let directories = 0;
/** A directory that is removed at the end. */
export const newDirectory = (): string => join(scratch, String(++directories));
export const SLOT = Date.UTC(2026, 10, 23, 12, 5) / 1000;

export type Layout = { fileFormat: 'plain-text' | 'parquet'; hive: boolean; hourly: boolean };
export const PLAIN: Layout = { fileFormat: 'plain-text', hive: false, hourly: false };

/** A flow log into the bucket `local`. */
export function flowLog(layout: Layout = PLAIN, format: string = DEFAULT_FORMAT): FlowLog {
  return {
    id: 'fl-0123456789abcdef0',
    accountId: '123456789012',
    region: 'us-east-1',
    resourceId: 'vpc-1',
    interfaces: [1],
    tagKeys: [],
    traffic: 'ALL',
    intervalSeconds: 60,
    format,
    destination: { type: 's3', bucket: 'local', prefix: 'team', ...layout },
    tags: {},
    createdSeconds: null,
  };
}

/** Record `n`: one in seventeen is NODATA. */
export function recordLine(n: number): string {
  const address = `10.${n % 3}.${(n * 7) % 256}.${(n * 13) % 251}`;
  const end = SLOT + (n % 300);
  if (n % 17 === 0) return `2 123456789012 eni-0123456789abcdef0 - - - - - - - ${end - 5} ${end} - NODATA`;
  return `2 123456789012 eni-0123456789abcdef0 ${address} 192.0.2.9 ${1024 + (n % 50_000)} 443 6 ${n} ${n * 1500} ${end - 5} ${end} ACCEPT OK`;
}

/** Prints records, each of two packets, or of those that `packetsOf` says. */
export function print(
  publisher: Publisher,
  lines: readonly string[],
  slotSeconds: number = SLOT,
  stream = '',
  packetsOf: (line: string) => number = () => 2,
): void {
  const block = publisher.block(0, slotSeconds, stream);
  for (const line of lines) {
    const bytes = Buffer.from(`${line}\n`);
    reserve(block, bytes.length).set(bytes, block.length);
    block.length += bytes.length;
    block.records++;
    block.packets += packetsOf(line);
  }
}

/** The packets that a record tells of. */
export const told = (line: string): number => Number(line.split(' ')[8]) || 0;

/** What a source that counted these records and nothing else accounts for: one interface, by minute. */
export function accountsOf(lines: readonly string[]): readonly WindowAccount[] {
  const windows = Map.groupBy(lines, (line) => Math.floor(Number(line.split(' ')[10]) / 60) * 60);
  return [...windows].map(([windowSeconds, own]) => {
    const packets = own.reduce((sum, line) => sum + told(line), 0);
    const noData = own.filter((line) => line.endsWith('NODATA')).length;
    const of = { interfaceId: 'eni-0123456789abcdef0', windowSeconds, seconds: 60 };
    return { ...of, counted: packets, records: own.length, packets, filtered: 0, lost: {}, noData, skipData: 0 };
  });
}

/** Records `from` and following. */
export const numbers = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, at) => recordLine(from + at));

type Made = { directory: string; store: ObjectStore; publisher: Publisher };

/** A publisher over a directory of its own. */
export async function begin(
  options: {
    directory?: string;
    layout?: Layout;
    format?: string;
    hostId?: string;
    waitMillis?: number;
    capBytes?: number;
    store?: ObjectStore;
    threads?: number;
    isLocal?: () => boolean;
    limits?: PublisherOptions['limits'];
    pace?: Pace;
  } = {},
): Promise<Made> {
  const directory = options.directory ?? newDirectory();
  const store = options.store ?? directoryStore(directory);
  const publisher = await openPublisher({
    flowLogs: [flowLog(options.layout, options.format)],
    hostId: options.hostId ?? 'file',
    spoolDir: join(directory, '_flowgauge', 'spool'),
    waitMillis: options.waitMillis,
    destinationOf: () => bucketDestination(store),
    capBytes: options.capBytes ?? 75_000_000,
    threads: options.threads ?? 2,
    ...(options.isLocal === undefined ? {} : { isLocal: options.isLocal }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.pace === undefined ? {} : { pace: options.pace }),
  });
  return { directory, store, publisher };
}

/** Publishes batches of records. */
export async function write(
  options: Parameters<typeof begin>[0],
  batches: readonly string[][],
): Promise<PublishReport> {
  const { publisher } = await begin(options);
  for (const batch of batches) {
    print(publisher, batch);
    await publisher.gather();
  }
  return publisher.close();
}

/** Files by their path below a directory. */
export function filesBelow(directory: string): Map<string, Buffer> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(paths.map((path) => [path.slice(directory.length + 1), readFileSync(path)]));
}

/** Records of a text object. */
export function linesOf(gzip: Uint8Array): string[] {
  const [header, ...lines] = gunzipSync(gzip).toString().trimEnd().split('\n');
  assert.match(header!, /^version account-id /);
  return lines;
}

/** Tells an error of ours by its code. */
export const coded = (code: string) => (error: unknown) => error instanceof FlowgaugeError && error.code === code;
