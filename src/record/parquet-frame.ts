/**
 * What stands around the values of a Parquet file: headers of pages, and the footer that lists the row groups.
 *
 * In:    where column chunks are and what is in them. Out: bytes.
 * Holds: all columns are optional, of INT_32, INT_64 or UTF8 text.
 * Fails: never.
 *
 * @see Apache Parquet format 2.10: PageHeader, FileMetaData
 */
import { putValue } from './thrift.ts';
import type { ThriftField, ThriftValue } from './thrift.ts';

/** A column of the file; `word` is text. */
export type RowColumn = { readonly name: string; readonly type: 'i32' | 'i64' | 'word' };

/** The values of a column in a row group. */
export type Chunk = {
  readonly at: number;
  readonly bytes: number;
  /** Bytes before they were compressed, headers included. */
  readonly plainBytes: number;
  /** Where its data page begins, which is behind its dictionary if it has one. */
  readonly data: number;
  readonly hasDictionary: boolean;
  /** Null where nobody looked. */
  readonly bounds: Bounds | null;
};

/** What a reader may know without reading: rows without value, and the smallest and the largest value as Parquet writes them. */
export type Bounds = {
  readonly absent: number;
  readonly range: { readonly min: Uint8Array; readonly max: Uint8Array } | null;
};

export type Group = { readonly rows: number; readonly chunks: readonly Chunk[] };

/** What begins and ends a file. */
export const MAGIC: Uint8Array = Uint8Array.of(80, 65, 82, 49);
/** Bytes of a page's header at most. */
export const HEADER_BYTES = 64;

/** Parquet's numbers of types, encodings, kinds of pages, ways to compress. */
const TYPES = { i32: 1, i64: 2, word: 6 } as const;
const CONVERTED = { i32: 17, i64: 18, word: 0 } as const;
const CODECS = { none: 0, gzip: 2 } as const;
const OPTIONAL = 1;
const PLAIN = 0;
const RLE = 3;
const DICTIONARY = 8;
const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;

/** The header of a data page: rows, whether its values are indexes into a dictionary, and its size before and in the file. */
export function dataHeader(rows: number, isIndexes: boolean, plainBytes: number, bytes: number): number[] {
  const about: ThriftField[] = [
    [1, rows],
    [2, isIndexes ? DICTIONARY : PLAIN],
    [3, RLE],
    [4, RLE],
  ];
  return header(DATA_PAGE, plainBytes, bytes, [5, { struct: about }]);
}

/** The header of a page that holds a dictionary of so many values. */
export function dictionaryHeader(count: number, plainBytes: number, bytes: number): number[] {
  const about: ThriftField[] = [
    [1, count],
    [2, PLAIN],
  ];
  return header(DICTIONARY_PAGE, plainBytes, bytes, [7, { struct: about }]);
}

function header(kind: number, plainBytes: number, bytes: number, about: ThriftField): number[] {
  const out: number[] = [];
  putValue(out, { struct: [[1, kind], [2, plainBytes], [3, bytes], about] });
  return out;
}

/** All that stands behind the last row group. */
export function footerOf(
  columns: readonly RowColumn[],
  groups: readonly Group[],
  codec: keyof typeof CODECS,
  createdBy: string,
): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  putValue(out, fileOf(columns, groups, codec, createdBy));
  const size = out.length;
  out.push(size & 255, (size >> 8) & 255, (size >> 16) & 255, size >> 24, ...MAGIC);
  return Uint8Array.from(out);
}

function fileOf(
  columns: readonly RowColumn[],
  groups: readonly Group[],
  codec: keyof typeof CODECS,
  createdBy: string,
): ThriftValue {
  const schema = columns.map(({ name, type }): ThriftValue => {
    const common: ThriftField[] = [
      [1, TYPES[type]],
      [3, OPTIONAL],
      [4, name],
      [6, CONVERTED[type]],
    ];
    // The same said in the newer way, which some readers want for text.
    return { struct: type === 'word' ? [...common, [10, { struct: [[1, { struct: [] }]] }]] : common };
  });
  const root: ThriftValue = {
    struct: [
      [4, 'records'],
      [5, columns.length],
    ],
  };
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  // Smallest and largest are by the order of the type: without this nobody may trust them.
  const typeOrder: ThriftValue = { struct: [[1, { struct: [] }]] };
  return {
    struct: [
      [1, 1],
      [2, { list: [root, ...schema] }],
      [3, { long: rows }],
      [4, { list: groups.map((group) => groupOf(columns, group, CODECS[codec])) }],
      [6, createdBy],
      [7, { list: columns.map(() => typeOrder) }],
    ],
  };
}

function groupOf(columns: readonly RowColumn[], { rows, chunks }: Group, codec: number): ThriftValue {
  const all = chunks.map(({ at, bytes, plainBytes, data, hasDictionary, bounds }, index): ThriftValue => {
    const { name, type } = columns[index]!;
    const about: ThriftField[] = [
      [1, TYPES[type]],
      [2, { list: hasDictionary ? [PLAIN, RLE, DICTIONARY] : [PLAIN, RLE] }],
      [3, { list: [name] }],
      [4, codec],
      [5, { long: rows }],
      [6, { long: plainBytes }],
      [7, { long: bytes }],
      [9, { long: data }],
    ];
    if (hasDictionary) about.push([11, { long: at }]);
    if (bounds !== null) about.push([12, statisticsOf(bounds)]);
    return {
      struct: [
        [2, { long: at }],
        [3, { struct: about }],
      ],
    };
  });
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.plainBytes, 0);
  return {
    struct: [
      [1, { list: all }],
      [2, { long: bytes }],
      [3, { long: rows }],
    ],
  };
}

function statisticsOf({ absent, range }: Bounds): ThriftValue {
  const nulls: ThriftField = [3, { long: absent }];
  return { struct: range === null ? [nulls] : [nulls, [5, range.max], [6, range.min]] };
}
