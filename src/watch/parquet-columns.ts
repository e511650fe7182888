/**
 * A Parquet file of records as columns, without the database.
 *
 * In:    its bytes by range. Out: batches of columns as the text parser has them, in the order of the file's rows.
 * Holds: columns are found by name, as `lake/read` does: `-` and null are absent, an account that is a number has its twelve digits, a time is
 *        seconds. A value that is none of its field's type is absent. One column of a row group is decoded at a time; a batch has at most
 *        `BATCH_ROWS` rows. What would need more memory than that bound is refused before it is read.
 * Fails: ParquetProblem, with what is wrong with the file; as reading the bytes does.
 */
import type { Compressors, DecodedArray, FileMetaData, SchemaTree } from 'hyparquet';
import { columnName, fieldNamed } from '../record/fields/list.ts';
import { wordsOf } from '../record/columns.ts';
import type { RecordColumn, RecordColumns } from '../record/columns.ts';

/** Why a file cannot be read; `isOther`: it is something else than a flow log. */
export class ParquetProblem extends Error {
  readonly isOther: boolean;
  constructor(message: string, isOther = false) {
    super(message);
    this.isOther = isOther;
  }
}

/** The bytes of a file. */
export type FileBytes = {
  readonly byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
};

type ColumnType = 'VARCHAR' | 'INTEGER' | 'BIGINT';
type Wanted = { readonly stored: string; readonly name: string; readonly type: ColumnType };

/** Rows of a batch; row groups have 122,880 rows, or a million. */
const BATCH_ROWS = 131_072;
/** Of what is read or unpacked in one go: a column of a row group, the footer. */
const MOST_BYTES = 256 << 20;

/** Batches of the records. */
export async function* parquetColumns(file: FileBytes, origin: string): AsyncGenerator<RecordColumns> {
  const { parquetMetadataAsync, parquetScan, parquetSchema } = await import('hyparquet');
  const bounded = {
    byteLength: file.byteLength,
    slice(start: number, end: number = file.byteLength) {
      if (end - start > MOST_BYTES)
        throw new ParquetProblem(`a part of it has ${end - start} bytes, more than are read in one go`);
      return file.slice(start, end);
    },
  };
  const compressors = await unpackers();
  const metadata = await told(() => parquetMetadataAsync(bounded));
  const wanted = wantedOf(parquetSchema(metadata));
  checkSizes(metadata);
  const scan = await told(() =>
    parquetScan({ file: bounded, metadata, columns: wanted.map(({ stored }) => stored), compressors }),
  );
  let from = 0;
  for (const group of metadata.row_groups) {
    const end = from + Number(group.num_rows);
    for (; from < end; from += BATCH_ROWS) {
      const [rowStart, rowEnd] = [from, Math.min(end, from + BATCH_ROWS)];
      const columns: RecordColumn[] = [];
      for (const one of wanted) {
        const values = await told(() => scan.readColumn({ column: one.stored, rowStart, rowEnd }));
        columns.push(columnOf(one, values, rowEnd - rowStart));
      }
      yield { rows: rowEnd - rowStart, origin, columns, buffer: new ArrayBuffer(0) };
    }
    from = end;
  }
}

/** What the library throws is about the file; what comes of reading its bytes is not. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ParquetProblem) throw error;
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
    const isOfBytes = code !== null && !/^Z_|^ZSTD_|^ERR_(?:BUFFER|OUT_OF|ZSTD)/u.test(code);
    if (isOfBytes || (error instanceof Error && error.name === 'AbortError')) throw error;
    throw new ParquetProblem(error instanceof Error ? error.message : String(error));
  }
}

function wantedOf(schema: SchemaTree): Wanted[] {
  const wanted: Wanted[] = [];
  for (const { element, children } of schema.children) {
    const field = fieldNamed(element.name.toLowerCase().replaceAll('_', '-'));
    if (children.length > 0 || element.repetition_type === 'REPEATED') {
      if (field !== undefined) throw new ParquetProblem(`its field ${field.name} is no single value`);
      continue;
    }
    const name = field === undefined ? columnName(element.name).toLowerCase() : columnName(field.name);
    if (wanted.some((one) => one.name === name))
      throw new ParquetProblem(`it has the field ${name} twice, and nothing says which is meant`);
    wanted.push({ stored: element.name, name, type: field?.column ?? 'VARCHAR' });
  }
  if (!wanted.some(({ name }) => fieldNamed(name.replaceAll('_', '-')) !== undefined))
    throw new ParquetProblem('no column of it is a flow log field', true);
  return wanted;
}

function checkSizes({ row_groups: groups }: FileMetaData): void {
  for (const { columns } of groups)
    for (const { meta_data: about } of columns) {
      const bytes = Number(about?.total_uncompressed_size ?? 0);
      if (bytes > MOST_BYTES)
        throw new ParquetProblem(`a column of a row group has ${bytes} bytes, more than are read in one go`);
    }
}

async function unpackers(): Promise<Compressors> {
  const { brotliDecompressSync, gunzipSync, zstdDecompressSync } = await import('node:zlib');
  const { snappyUncompress } = await import('hyparquet');
  const most = (bytes: number): { maxOutputLength: number } => ({
    maxOutputLength: Math.max(1, Math.min(bytes, MOST_BYTES)),
  });
  return {
    // Its own would take as much memory as the page claims.
    SNAPPY(input, bytes) {
      if (bytes > MOST_BYTES)
        throw new ParquetProblem(`a page of it claims ${bytes} bytes, more than are read in one go`);
      const page = new Uint8Array(bytes);
      snappyUncompress(input, page);
      return page;
    },
    GZIP: (input, bytes) => gunzipSync(input, most(bytes)),
    ZSTD: (input, bytes) => zstdDecompressSync(input, most(bytes)),
    BROTLI: (input, bytes) => brotliDecompressSync(input, most(bytes)),
  };
}

function columnOf({ name, type }: Wanted, values: DecodedArray, rows: number): RecordColumn {
  if (values.length !== rows)
    throw new ParquetProblem(`its column ${name} has ${values.length} values for ${rows} rows`);
  const valid = new Uint8Array((rows + 7) >> 3);
  const mark = (row: number): void => {
    valid[row >> 3]! |= 1 << (row & 7);
  };
  if (type === 'VARCHAR') {
    const numbers = new Map<string, number>();
    const data = new Uint32Array(rows);
    for (let row = 0; row < rows; row++) {
      const text = textOf(name, values[row]);
      if (text === null) continue;
      let number = numbers.get(text);
      if (number === undefined) numbers.set(text, (number = numbers.size));
      data[row] = number;
      mark(row);
    }
    return { name, type: 'u32', data: new Uint8Array(data.buffer), valid, dictionary: wordsOf([...numbers.keys()]) };
  }
  const data = type === 'INTEGER' ? new Int32Array(rows) : new BigInt64Array(rows);
  const most = type === 'INTEGER' ? 2n ** 31n - 1n : 2n ** 63n - 1n;
  for (let row = 0; row < rows; row++) {
    const value = wholeOf(values[row]);
    if (value === null || value > most || value < 0n) continue;
    if (data instanceof Int32Array) data[row] = Number(value);
    else data[row] = value;
    mark(row);
  }
  return { name, type: type === 'INTEGER' ? 'i32' : 'i64', data: new Uint8Array(data.buffer), valid, dictionary: null };
}

function textOf(name: string, value: unknown): string | null {
  if (value === null || value === undefined || value === '-' || value === '') return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'number') {
    const digits = String(value);
    // As a number an account has lost its leading zeros; it has twelve digits always.
    return name.endsWith('account_id') && /^\d{1,12}$/u.test(digits) ? digits.padStart(12, '0') : digits;
  }
  return value instanceof Date
    ? value.toISOString()
    : JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
}

function wholeOf(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null;
  // Other writers have times where AWS has seconds.
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : BigInt(Math.floor(value.getTime() / 1000));
  const digits = typeof value === 'string' ? /^\+?(\d{1,19})(?:\.0*)?$/u.exec(value)?.[1] : undefined;
  return digits === undefined ? null : BigInt(digits);
}
