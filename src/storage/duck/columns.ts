/**
 * The shape of records as columns (see contracts), as DuckDB takes them.
 *
 * In:    nothing. Out: the type.
 * Holds: absent in a row is a 0 bit in `valid`, least bit first; little endian; an i64 is two words.
 */

export type RecordColumns = {
  readonly rows: number;
  /** The object or file, for error messages. */
  readonly origin: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: 'u8' | 'u16' | 'i32' | 'u32' | 'i64' | 'f64';
    readonly data: Uint8Array;
    readonly valid: Uint8Array | null;
    /** Set: `data` holds u32 indexes into it. */
    readonly dictionary: readonly string[] | null;
  }[];
};
