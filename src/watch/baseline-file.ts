/**
 * What is known of the past, in a file of a data directory: `baselines/known.parquet` (ADR 42).
 *
 * In:    the directory; a database with `fg_stored` and `fg_known`. Out: the file, read and written.
 * Holds: a file is written aside and renamed, so a reader sees the old one or the new one. Days older than 35 before the newest are
 *        let go. What is learned twice is known once, whatever the order of runs.
 * Fails: as writing a file does.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileFailure } from '../storage/object/file-errors.ts';
import type { Duck } from '../storage/duck/duck.ts';
import { quoteText } from '../storage/duck/quote.ts';
import { KNOWN_COLUMNS } from './known.ts';

/** Days of which something is kept. */
const DAYS = 35;

export type BaselineFile = {
  /** Files that SQL of ours reads and writes. */
  readonly paths: readonly string[];
  /** SQL of what is there; null: nothing. */
  readonly stored: string | null;
  /** Writes `fg_known`. */
  write(duck: Pick<Duck, 'run'>): Promise<void>;
};

/** The file of a data directory, which is made where it is not. */
export function baselineFile(data: string): BaselineFile {
  const directory = join(data, 'baselines');
  const path = join(directory, 'known.parquet');
  const aside = join(directory, `known-${process.pid}.parquet`);
  const columns = KNOWN_COLUMNS.map(([name]) => name).join(', ');
  return {
    paths: [path, aside],
    stored: existsSync(path) ? `SELECT ${columns} FROM read_parquet(${quoteText(path)})` : null,
    async write(duck) {
      try {
        mkdirSync(directory, { recursive: true });
        await duck.run(
          `COPY (SELECT ${columns} FROM fg_known WHERE day > (SELECT max(day) FROM fg_known) - ${DAYS} ORDER BY ALL)
           TO ${quoteText(aside)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`,
        );
        renameSync(aside, path);
      } catch (error) {
        throw fileFailure(error, path);
      } finally {
        rmSync(aside, { force: true });
      }
    },
  };
}
