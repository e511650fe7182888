/**
 * A place for odd files, and the answer to a question about them as short text.
 *
 * In:    files. Out: rows with `-` for NULL, and notes in a few words.
 */
import { buildBucket } from '../../../src/lake/read/build-bucket.ts';
import type { BuiltBucket } from '../../../src/lake/read/build-bucket.ts';
import type { Note } from '../../../src/api/note.ts';
import type { SourceOptions } from '../../../src/lake/read/open-source.ts';
import { ask } from '../../../src/query/ask.ts';
import type { Answer } from '../../../src/query/engine.ts';

export const DEFAULT_HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
/** A record of the default format, and its values as a table prints them. */
export const RECORD =
  '2 012345678901 eni-0a1b2c3d 10.0.1.5 10.0.2.9 40000 443 6 10 840 1795435500 1795435559 ACCEPT OK';
export const REJECTED =
  '2 012345678901 eni-0a1b2c3d4e5f60718 203.0.113.9 10.0.1.5 55555 22 6 1 40 1795435502 1795435502 REJECT OK';
export const NODATA = '2 012345678901 eni-0a1b2c3d - - - - - - - 1795435500 1795435559 - NODATA';
/** Every column of the default format. */
export const EVERY_COLUMN =
  'SELECT version, account_id, interface_id, srcaddr, dstaddr, srcport, dstport, protocol, packets, bytes, start, "end", action, log_status FROM flow_logs';

export type Reading = { readonly rows: readonly string[]; readonly notes: readonly string[] };

/** Asks, and gives the rows in the order in which they came. */
export async function reading(from: string, sql: string, source: SourceOptions = {}, strict = false): Promise<Reading> {
  return readingOf(await ask(from, sql, {}, { source, strict }));
}

/** The rows and notes of an answer. */
export async function readingOf(answer: Answer): Promise<Reading> {
  const rows: string[] = [];
  for await (const batch of answer.rows)
    for (const row of batch) rows.push(row.map((value) => (value === null ? '-' : String(value))).join(' '));
  return { rows, notes: answer.notes.map(noteOf) };
}

function noteOf(note: Note): string {
  switch (note.kind) {
    case 'bad-lines':
      return `${note.count} bad in ${note.file}: line ${note.first.line} ${note.first.field ?? 'whole'} ${note.first.cause}`;
    case 'bad-values':
      return `${note.count} bad of ${note.column} in ${note.file}`;
    case 'no-header':
      return `assumed ${note.format.split(' ').length} fields in ${note.files} from ${note.file}`;
    case 'unreadable':
      return `unread ${note.file}: ${note.why}`;
    case 'unknown-field':
      return `unknown ${note.field} in ${note.file}`;
    case 'stray':
      return `stray ${note.files} as ${note.file}`;
    default:
      return note.kind;
  }
}

/** Runs a test in a directory of its own. */
export function inBucket(work: (bucket: BuiltBucket) => Promise<void>): () => Promise<void> {
  return async () => {
    const bucket = buildBucket();
    try {
      await work(bucket);
    } finally {
      bucket.remove();
    }
  };
}
