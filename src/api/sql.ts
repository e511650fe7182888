/**
 * SQL and saved queries of the console: `GET /api/sql/words`, `POST /api/sql`, `POST /api/sql/exports`, `GET /api/sql/exports/:id`.
 *
 * In:    nothing. Out: the types of their JSON.
 * Holds: the time range is in the address, as everywhere. An answer is lines of JSON (`SqlLine`), of which the last one is `end` or
 *        `failed`; one without is cut off.
 */
import type { ConsoleFailure } from './console.ts';
import type { Note } from './note.ts';

/** Body of `POST /api/sql`. */
export type SqlRequest = {
  /** SQL, or null where a saved query is asked. */
  readonly sql: string | null;
  /** Its name, `top-talkers`. */
  readonly saved: string | null;
  /** Texts by name; whole numbers are numbers to SQL. */
  readonly parameters: Readonly<Record<string, string>>;
};

export type SqlForm = 'csv' | 'json' | 'parquet';

/** Body of `POST /api/sql/exports`: what is to be fetched once, by `GET /api/sql/exports/:id`. */
export type SqlExportRequest = SqlRequest & { readonly form: SqlForm };
export type SqlExportTicket = { readonly id: string };

/** 64-bit and wider integers are texts where they are not exact as numbers; times are ISO 8601. */
export type SqlCell = string | number | boolean | null;

export type SqlColumn = {
  readonly name: string;
  /** DuckDB's name of the type, `BIGINT`. */
  readonly type: string;
  /** `bytes`, `packets`, `flows` where a saved query says so. */
  readonly unit: string | null;
};

export type SqlLine =
  /** What is being read; comes every few seconds whether something has changed or not. */
  | { readonly kind: 'progress'; readonly files: number; readonly of: number; readonly bytes: number }
  | { readonly kind: 'columns'; readonly columns: readonly SqlColumn[] }
  | { readonly kind: 'rows'; readonly rows: readonly (readonly SqlCell[])[] }
  | SqlEnd
  | ({ readonly kind: 'failed' } & ConsoleFailure);

export type SqlEnd = {
  readonly kind: 'end';
  readonly rows: number;
  /** What stopped it before all rows were there; null: all are. */
  readonly cut: 'rows' | 'bytes' | null;
  readonly notes: readonly Note[];
  readonly objects: number;
  readonly bytesRead: number;
  readonly badLines: number;
  readonly millis: number;
};

/** What one query may take. */
export type SqlLimits = {
  /** Rows that are shown; an export has all. */
  readonly rows: number;
  /** Bytes of rows that are shown. */
  readonly bytes: number;
  readonly seconds: number;
  readonly exportSeconds: number;
  /** For rows in memory, and on the disk where they do not fit there. */
  readonly memoryBytes: number;
  readonly spillBytes: number;
  /** Queries at a time, of one key. */
  readonly atOnce: number;
};

export type SavedWord = {
  readonly name: string;
  /** AWS's name where it is AWS's query. */
  readonly awsName: string | null;
  readonly meaning: string;
  readonly needsFields: readonly string[];
  readonly parameters: readonly {
    readonly name: string;
    readonly type: string;
    readonly meaning: string;
    /** Null: it must be given. */
    readonly default: string | null;
  }[];
  readonly sql: string;
};

/** What an editor offers. */
export type SqlWords = {
  readonly columns: readonly { readonly name: string; readonly type: string; readonly meaning: string }[];
  /** `call` as `cidr_contains(addr, '10.0.0.0/8')`. */
  readonly functions: readonly { readonly call: string; readonly gives: string }[];
  readonly saved: readonly SavedWord[];
  readonly limits: SqlLimits;
};
