/**
 * The records of the saved queries' fixture as tables of an engine, and what each query answers over them.
 *
 * In:    nothing. Out: files to put into a bucket, the columns of their tables, the cases that a Python script computed.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { askIntoParquet } from '../../src/query/ask.ts';
import { FIELDS, columnName } from '../../src/record/fields/list.ts';

const RECORDS = join(import.meta.dirname, '../fixtures/saved-queries');

export type Case = {
  readonly query: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The one file that is asked; null: all of them. */
  readonly over: string | null;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
};

export const CASES = JSON.parse(readFileSync(join(RECORDS, 'answers/answers.json'), 'utf8')) as readonly Case[];

export type LakeTable = {
  readonly name: string;
  readonly kind: 'text' | 'parquet';
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly files: readonly { readonly name: string; readonly bytes: Buffer }[];
};

/** The tables of a case: of one file as text and as Parquet, of all as Parquet. */
export function tablesOf(over: string | null): readonly string[] {
  return over === null ? ['all_parquet'] : [`${wordOf(over)}_text`, `${wordOf(over)}_parquet`];
}

/** Makes the files. */
export async function lakeTables(): Promise<readonly LakeTable[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-lake-tables-'));
  try {
    const tables: LakeTable[] = [];
    const all: { name: string; bytes: Buffer }[] = [];
    const names = new Set<string>();
    for (const log of readdirSync(RECORDS).filter((name) => name.endsWith('.log'))) {
      const text = readFileSync(join(RECORDS, log));
      const fields = text.toString('utf8').split('\n')[0]!.split(' ');
      const path = join(scratch, `${log}.parquet`);
      await askIntoParquet(join(RECORDS, log), 'SELECT * EXCLUDE (start_time, end_time) FROM flow_logs', {}, path);
      const parquet = { name: basename(path), bytes: readFileSync(path) };
      for (const field of fields) names.add(field);
      all.push(parquet);
      tables.push(
        { name: `${wordOf(log)}_text`, kind: 'text', columns: columnsOf(fields), files: [{ name: log, bytes: text }] },
        { name: `${wordOf(log)}_parquet`, kind: 'parquet', columns: columnsOf(fields), files: [parquet] },
      );
    }
    return [...tables, { name: 'all_parquet', kind: 'parquet', columns: columnsOf([...names]), files: all }];
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function wordOf(log: string): string {
  return log.replace(/\.log$/u, '').replaceAll('-', '_');
}

function columnsOf(fields: readonly string[]): LakeTable['columns'] {
  return fields.map((name) => ({
    name: columnName(name),
    type: FIELDS.find((field) => field.name === name)!.column.toLowerCase(),
  }));
}
