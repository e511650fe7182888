/**
 * Columns of records into a DuckDB table.
 *
 * In:    `RecordColumns` in the order of the table's columns. Out: rows in the table.
 * Holds: no object is made for a row. A dictionary's strings are handed over once; rows copy DuckDB's 16-byte string
 *        headers, which point at them, and the table copies what they point at.
 * Fails: with DuckDB's error when the columns do not fit the table.
 */
import type { RecordColumn, RecordColumns, RecordWords } from '../../record/columns.ts';
import type * as Api from '@duckdb/node-api';
import type Bindings from '@duckdb/node-bindings';

type StringHeaders = { readonly vector: Bindings.Vector; readonly words: Uint32Array };
type Native = { readonly api: typeof Api; readonly raw: typeof Bindings };

/** Rows of a chunk of DuckDB: its vector size. */
const CHUNK_ROWS = 2048;
/** The table function's name. */
const FEED = 'flowgauge_feed';

const BYTES = { u8: 1, u16: 2, i32: 4, u32: 4, i64: 8, f64: 8 } as const;

/** Batches on their way into a table. */
type Feeding = {
  readonly batches: readonly AppendedRows[];
  /** Of the batch that is read: its strings, and the next row. The strings before are kept until the next batch. */
  strings: readonly (StringHeaders | null)[];
  before: readonly (StringHeaders | null)[];
  batch: number;
  from: number;
};

/** What a table takes of a batch. */
export type AppendedRows = Pick<RecordColumns, 'rows' | 'columns'>;

/**
 * Puts rows behind those that a table has, named as SQL takes it; DuckDB casts where the table's types differ. All batches
 * have the same columns.
 */
export type Feed = (table: string, batches: readonly AppendedRows[]) => Promise<void>;

/**
 * The way of columns into a connection's tables. DuckDB pulls them through a table function, so this thread copies a
 * chunk in a tenth of a millisecond and the table is built in DuckDB's; its appender builds it in the caller's.
 */
export function createFeed(native: Native, connection: Api.DuckDBConnection): Feed {
  const { api } = native;
  const fed = new Map<number, Feeding>();
  const gathered = new Uint32Array(CHUNK_ROWS * 4);
  let feeds = 0;
  connection.registerTableFunction(
    api.DuckDBTableFunction.create({
      name: FEED,
      parameterTypes: [api.BIGINT],
      bindFunction(bind) {
        const feeding = fed.get(Number(bind.getParameter(0)));
        if (feeding === undefined) {
          bind.setError(`${FEED} is not for use in SQL`);
          return;
        }
        for (const column of feeding.batches[0]!.columns) bind.addResultColumn(column.name, typeOf(api, column));
        bind.setBindData(feeding);
      },
      initFunction() {},
      mainFunction(info, output) {
        fill(native, output, info.getBindData() as Feeding, gathered);
      },
    }),
  );
  return async (table, batches) => {
    const number = ++feeds;
    fed.set(number, { batches, strings: [], before: [], batch: -1, from: 0 });
    try {
      if (batches.length > 0) await connection.run(`INSERT INTO ${table} SELECT * FROM ${FEED}(${number})`);
    } finally {
      // The strings live as long as their vectors: kept until here.
      fed.delete(number);
    }
  };
}

/** The next rows of a batch; none when all are over. */
function fill(native: Native, output: Api.DuckDBDataChunk, feeding: Feeding, gathered: Uint32Array<ArrayBuffer>): void {
  const { raw } = native;
  while (feeding.batch < 0 || feeding.from === feeding.batches[feeding.batch]!.rows) {
    feeding.batch++;
    const next = feeding.batches[feeding.batch];
    if (next === undefined) {
      feeding.batch--;
      output.rowCount = 0;
      return;
    }
    feeding.from = 0;
    feeding.before = feeding.strings;
    feeding.strings = next.columns.map(({ dictionary }) =>
      dictionary === null ? null : stringHeaders(native, dictionary),
    );
  }
  const { from, strings } = feeding;
  const records = feeding.batches[feeding.batch]!;
  const rows = Math.min(CHUNK_ROWS, records.rows - from);
  output.rowCount = rows;
  feeding.from += rows;
  for (const [at, column] of records.columns.entries()) {
    const vector = raw.data_chunk_get_vector(output.chunk, at);
    const headers = strings[at]!;
    if (headers === null) copyNumbers(raw, vector, column, from, rows);
    else {
      gather(column, headers.words, from, rows, gathered);
      raw.copy_data_to_vector(vector, 0, gathered.buffer, 0, rows * 16);
    }
    copyValidity(raw, vector, column, from, rows);
  }
}

function typeOf(api: typeof Api, column: RecordColumn): Api.DuckDBType {
  if (column.dictionary !== null) return api.VARCHAR;
  const types = {
    u8: api.UTINYINT,
    u16: api.USMALLINT,
    i32: api.INTEGER,
    u32: api.UINTEGER,
    i64: api.BIGINT,
    f64: api.DOUBLE,
  };
  return types[column.type];
}

/** Bytes of a text that fit into its header. */
const INLINE_BYTES = 12;

/**
 * DuckDB's 16-byte headers of a dictionary's texts: length, then the text, or its first four bytes and where it is. The
 * texts are handed over as one, in a vector that owns them: a call for each would cost as much as all else.
 */
function stringHeaders({ api, raw }: Native, { starts, bytes }: RecordWords): StringHeaders {
  const vector = raw.create_vector(api.BLOB.toLogicalType().logical_type, 1);
  raw.vector_assign_string_element_len(vector, 0, bytes);
  const own = raw.vector_get_data(vector, 16);
  const pointer = new DataView(own.buffer, own.byteOffset + 8, 8);
  const [low, high] = [pointer.getUint32(0, true), pointer.getUint32(4, true)];
  const count = starts.length - 1;
  const words = new Uint32Array(Math.max(1, count) * 4);
  const texts = new Uint8Array(words.buffer);
  for (let word = 0; word < count; word++) {
    const from = starts[word]!;
    const length = starts[word + 1]! - from;
    const at = word * 16;
    words[word * 4] = length;
    const inline = length <= INLINE_BYTES ? length : 4;
    for (let i = 0; i < inline; i++) texts[at + 4 + i] = bytes[from + i]!;
    if (length <= INLINE_BYTES) continue;
    const place = low + from;
    words[word * 4 + 2] = place;
    words[word * 4 + 3] = high + (place > 0xffff_ffff ? 1 : 0);
  }
  return { vector, words };
}

function copyNumbers(
  raw: typeof Bindings,
  vector: Bindings.Vector,
  column: RecordColumn,
  from: number,
  rows: number,
): void {
  const bytes = BYTES[column.type];
  const { buffer, byteOffset } = column.data;
  raw.copy_data_to_vector(vector, 0, buffer, byteOffset + from * bytes, rows * bytes);
}

function copyValidity(
  raw: typeof Bindings,
  vector: Bindings.Vector,
  column: RecordColumn,
  from: number,
  rows: number,
): void {
  if (column.valid === null) return;
  raw.vector_ensure_validity_writable(vector);
  const { buffer, byteOffset } = column.valid;
  // A chunk begins at a multiple of 2,048 rows: whole bytes.
  raw.copy_data_to_vector_validity(vector, 0, buffer, byteOffset + from / 8, Math.ceil(rows / 8));
}

function gather(column: RecordColumn, words: Uint32Array, from: number, rows: number, out: Uint32Array): void {
  const { buffer, byteOffset } = column.data;
  const indexes =
    byteOffset % 4 === 0
      ? new Uint32Array(buffer, byteOffset + from * 4, rows)
      : new Uint32Array(column.data.slice(from * 4, (from + rows) * 4).buffer);
  const entries = words.length / 4;
  for (let row = 0; row < rows; row++) {
    const index = indexes[row]!;
    // What stands in an absent row is anything; it must not reach beyond the dictionary.
    const at = index < entries ? index * 4 : 0;
    const to = row * 4;
    out[to] = words[at]!;
    out[to + 1] = words[at + 1]!;
    out[to + 2] = words[at + 2]!;
    out[to + 3] = words[at + 3]!;
  }
}
