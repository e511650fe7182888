/**
 * Buckets made by hand, for tests.
 *
 * In:    lines, SQL, bytes. Out: files below a directory of their own, under AWS's keys.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openDuck, quoteText } from '../../storage/duck/duck.ts';
import type { ObjectName } from '../../storage/object/keys.ts';
import { objectKey } from '../../storage/object/keys.ts';

export type BuiltBucket = {
  readonly directory: string;
  /** Writes a file anywhere below; gives its path. */
  file(name: string, content: string | Uint8Array): string;
  /** Writes a text object; gives its key. */
  text(lines: readonly string[], name?: Partial<ObjectName>): string;
  /** Writes the rows of a query as a Parquet object; gives its key. */
  parquet(sql: string, name?: Partial<ObjectName>): Promise<string>;
  remove(): void;
};

/** 2026-11-23 12:05 UTC. */
export const SLOT_SECONDS = 1_795_435_500;

/** An empty bucket. */
export function buildBucket(): BuiltBucket {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-bucket-'));
  let objects = 0;
  const keyOf = (fileFormat: ObjectName['fileFormat'], name: Partial<ObjectName>): string =>
    objectKey({
      prefix: '',
      organization: null,
      accountId: '123456789012',
      region: 'us-east-1',
      flowLogId: 'fl-0123456789abcdef0',
      slotSeconds: SLOT_SECONDS,
      hash: (++objects).toString(16).padStart(8, '0'),
      fileFormat,
      hive: false,
      hourly: false,
      ...name,
    });
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  return {
    directory,
    file,
    text(lines, name = {}) {
      const key = keyOf('plain-text', name);
      file(key, gzipSync(lines.map((line) => `${line}\n`).join('')));
      return key;
    },
    async parquet(sql, name = {}) {
      const key = keyOf('parquet', name);
      const path = file(key, '');
      const duck = await openDuck({ files: [path], threads: 1 });
      await duck.run(`COPY (${sql}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION gzip, USE_TMP_FILE false)`);
      await duck.close();
      return key;
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
