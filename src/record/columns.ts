/**
 * Records as columns: what the text parser gives, what Parquet is made of.
 *
 * In:    nothing. Out: the types.
 * Holds: absent in a row (`-`) is a 0 bit in `valid`, least bit first; what stands in `data` there is anything. Numbers
 *        are little endian, an i64 is two words and no BigInt is made. All views are of one `ArrayBuffer`, which is
 *        posted with a transfer list and may be given back to the parser.
 */

/** Distinct texts, one behind the other in UTF-8. */
export type RecordWords = {
  /** Where each begins in `bytes`, and behind the last its end. */
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
};

/** One column. */
export type RecordColumn = {
  /** The column's name: the field's with underscores. */
  readonly name: string;
  readonly type: 'u8' | 'u16' | 'i32' | 'u32' | 'i64' | 'f64';
  /** `rows` values. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** Null where no row is absent. */
  readonly valid: Uint8Array<ArrayBuffer> | null;
  /** Set: `data` holds u32 indexes into it. */
  readonly dictionary: RecordWords | null;
};

/** Rows of one origin. */
export type RecordColumns = {
  readonly rows: number;
  /** The object or file, for error messages. */
  readonly origin: string;
  readonly columns: readonly RecordColumn[];
  readonly buffer: ArrayBuffer;
};

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The texts of a dictionary, by index. */
export function textsOf({ starts, bytes }: RecordWords): string[] {
  return Array.from({ length: starts.length - 1 }, (_, at) =>
    decoder.decode(bytes.subarray(starts[at], starts[at + 1])),
  );
}

/** A dictionary of these texts. */
export function wordsOf(texts: readonly string[]): RecordWords {
  const starts = new Uint32Array(texts.length + 1);
  const parts = texts.map((text) => encoder.encode(text));
  for (const [at, part] of parts.entries()) starts[at + 1] = starts[at]! + part.length;
  const bytes = new Uint8Array(starts.at(-1)!);
  for (const [at, part] of parts.entries()) bytes.set(part, starts[at]);
  return { starts, bytes };
}
