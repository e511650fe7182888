/**
 * DuckDB, opened safely.
 *
 * In:    SQL with parameters. Out: rows in batches with the names and types of their columns.
 * Holds: nothing is downloaded or loaded into DuckDB; SQL reaches no file outside `directories` (none by default) and
 *        cannot change that. The native module is loaded when the first database is opened, on main threads only.
 * Fails: with `FG_DUCKDB_MISSING` where the native module cannot load; `FG_MEMORY` where neither memory nor the room to
 *        spill is enough; with DuckDB's own error for the SQL.
 *        SQL of other people: `DuckOptions.directories` still permits COPY and ATTACH inside them, so ask `kindOf` first.
 */
import { dirname } from 'node:path';
import { failureFrom } from '../../model/errors.ts';
import { freeBytesOf } from './memory.ts';
import { numberBatches } from './number-batches.ts';
import type { NumberBatch } from './number-batches.ts';
import { quoteName, quoteText } from './quote.ts';
import type * as Api from '@duckdb/node-api';

export { quoteName, quoteText };

/** A value of an answer. 64-bit integers are numbers where exact, else bigints; dates, lists and the like are text. */
export type DuckValue = string | number | bigint | boolean | null;
/** A parameter of a statement, by position. */
export type DuckParameter = string | number | bigint | boolean | null;

export type DuckRows = {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Batches of rows as they are made; ending early lets the rest go. */
  readonly batches: AsyncIterable<readonly (readonly DuckValue[])[]>;
};

export type DuckOptions = {
  /** File of the database; in memory without it. */
  readonly path?: string;
  readonly readOnly?: boolean;
  /** What SQL may read and write besides: directories (with all below) and single files. */
  readonly directories?: readonly string[];
  readonly files?: readonly string[];
  /** Threads of its own; default `FLOWGAUGE_THREADS`, else what DuckDB chooses. */
  readonly threads?: number;
  /** Rows may come in another order than they were read in, which takes less time and memory. */
  readonly anyOrder?: boolean;
  /** The end of a Parquet file is read once, not for each statement: files stay as they are while the database is open. */
  readonly keepsFooters?: boolean;
  readonly memoryLimitBytes?: number;
  /** Where it may spill; without it a query that needs more memory fails. */
  readonly tempDirectory?: string;
  /** At most so much of it; default: nearly all that its disk has. */
  readonly spillBytes?: number;
};

export interface Duck {
  /** Runs statements; gives the number of rows that the last one changed. */
  run(sql: string, parameters?: readonly DuckParameter[]): Promise<number>;
  /** Runs statements and streams the rows of the last one. One stream at a time. */
  rows(sql: string, parameters?: readonly DuckParameter[]): Promise<DuckRows>;
  /** Runs one statement and streams its rows as columns of numbers: unsigned ones of at most 32 bits and DOUBLE, none NULL. */
  numbers(sql: string, parameters?: readonly DuckParameter[]): Promise<AsyncIterable<NumberBatch>>;
  /** All rows of a small answer. */
  all(sql: string, parameters?: readonly DuckParameter[]): Promise<readonly (readonly DuckValue[])[]>;
  /** How many statements, and the kind of each (`SELECT`, `COPY`, …), without running one. */
  kindOf(sql: string): Promise<readonly string[]>;
  /** Ends the running statement with an error; nothing runs: nothing happens. */
  interrupt(): void;
  /** Interrupts, waits for what runs, closes. Twice does no harm. */
  close(): Promise<void>;
}

/** How long an interrupted statement has before it is interrupted again. */
const INTERRUPT_AGAIN_MILLIS = 20;

/** The native module, once. Its failure is not kept: a later call tries again. */
async function loadNative(): Promise<typeof Api> {
  try {
    return await import('@duckdb/node-api');
  } catch (cause) {
    throw failureFrom(cause, 'FG_DUCKDB_MISSING', `${process.platform}-${process.arch}`);
  }
}

/** Opens a database. Close it before the process ends: leaving with a query running waits for the query. */
export async function openDuck(options: DuckOptions = {}): Promise<Duck> {
  const api = await loadNative();
  const instance = await api.DuckDBInstance.create(options.path ?? ':memory:', settingsOf(options));
  const connection = await instance.connect();
  for (const sql of fences(options)) await connection.run(sql);
  await connection.run(LOCK);
  return createDuck(api, instance, connection, options);
}

function settingsOf(options: DuckOptions): Record<string, string> {
  const threads = options.threads ?? Number(process.env['FLOWGAUGE_THREADS'] ?? 0);
  return {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_unsigned_extensions: 'false',
    // It knows a file that was written over by its time, which moves in steps: within one it gives what it had kept.
    enable_external_file_cache: 'false',
    temp_directory: options.tempDirectory ?? '',
    ...(options.tempDirectory === undefined
      ? {}
      : { max_temp_directory_size: `${Math.min(spillBytes(options.tempDirectory), options.spillBytes ?? Infinity)}B` }),
    ...(Number.isInteger(threads) && threads > 0 ? { threads: String(threads) } : {}),
    ...(options.memoryLimitBytes === undefined ? {} : { memory_limit: `${options.memoryLimitBytes}B` }),
    ...(options.anyOrder === true ? { preserve_insertion_order: 'false' } : {}),
    ...(options.readOnly === true ? { access_mode: 'READ_ONLY' } : {}),
  };
}

/** Of the disk's room some is left to others. */
const SPILL_SHARE = 0.9;

/** The directory is made when it is needed: the nearest one above says what room there is. */
function spillBytes(directory: string): number {
  for (let at = directory; ; at = dirname(at)) {
    const free = freeBytesOf(at);
    if (free > 0 || at === dirname(at)) return Math.floor(free * SPILL_SHARE);
  }
}

function fences(options: DuckOptions): string[] {
  const list = (paths: readonly string[]): string => `[${paths.map(quoteText).join(', ')}]`;
  const directories = (options.directories ?? []).map((path) => (path.endsWith('/') ? path : `${path}/`));
  return [
    "SET TimeZone = 'UTC'",
    ...(options.keepsFooters === true ? ['SET parquet_metadata_cache = true'] : []),
    ...(directories.length === 0 ? [] : [`SET allowed_directories = ${list(directories)}`]),
    ...(options.files === undefined || options.files.length === 0
      ? []
      : [`SET allowed_paths = ${list(options.files)}`]),
    'SET enable_external_access = false',
  ];
}

const LOCK = 'SET lock_configuration = true';

function createDuck(
  api: typeof Api,
  instance: Api.DuckDBInstance,
  connection: Api.DuckDBConnection,
  options: DuckOptions,
): Duck {
  const running = new Set<Promise<unknown>>();
  let closed = false;
  let closing: Promise<void> | null = null;
  const track = async <T>(work: Promise<T>): Promise<T> => {
    running.add(work);
    try {
      return await work;
    } catch (error) {
      throw memoryProblem(error, options) ?? error;
    } finally {
      running.delete(work);
    }
  };
  const bound = (parameters: readonly DuckParameter[] | undefined): Api.DuckDBValue[] | undefined =>
    parameters === undefined || parameters.length === 0 ? undefined : [...parameters];

  async function rows(sql: string, parameters?: readonly DuckParameter[]): Promise<DuckRows> {
    const result = await track(connection.stream(sql, bound(parameters)));
    const types = result.columnTypes();
    const columns = result.columnNames().map((name, at) => ({ name, type: types[at]!.toString() }));
    async function* batches(): AsyncGenerator<readonly (readonly DuckValue[])[]> {
      for (;;) {
        const chunk = await track(result.fetchChunk());
        if (chunk === null || chunk.rowCount === 0) return;
        yield chunk.convertRows((value) => plainValue(value));
      }
    }
    return { columns, batches: batches() };
  }

  const duck: Duck = {
    async run(sql, parameters) {
      return (await track(connection.run(sql, bound(parameters)))).rowsChanged;
    },
    rows,
    async numbers(sql, parameters) {
      return numberBatches(await track(connection.stream(sql, bound(parameters))), track);
    },
    async all(sql, parameters) {
      const every: (readonly DuckValue[])[] = [];
      for await (const batch of (await rows(sql, parameters)).batches) for (const row of batch) every.push(row);
      return every;
    },
    async kindOf(sql) {
      const statements = await track(connection.extractStatements(sql));
      const kinds: string[] = [];
      for (let at = 0; at < statements.count; at++) {
        const prepared = await track(statements.prepare(at));
        kinds.push(api.StatementType[prepared.statementType]);
        prepared.destroySync();
      }
      return kinds;
    },
    interrupt() {
      const meant = [...running];
      const again = (): void => {
        if (closed || !meant.some((work) => running.has(work))) return;
        connection.interrupt();
        // A statement that has been asked for but not begun does not notice the first call.
        setTimeout(again, INTERRUPT_AGAIN_MILLIS);
      };
      again();
    },
    close: () => (closing ??= close()),
  };
  async function close(): Promise<void> {
    duck.interrupt();
    while (running.size > 0) await Promise.allSettled(running);
    closed = true;
    connection.closeSync();
    instance.closeSync();
  }
  return duck;
}

/** An error of DuckDB about memory, or about the room for what does not fit there, as ours; null for any other. */
function memoryProblem(error: unknown, { memoryLimitBytes, tempDirectory }: DuckOptions): Error | null {
  if (
    !(error instanceof Error) ||
    !/out of memory|failed to (?:offload|pin|allocate)|std::bad_alloc/iu.test(error.message)
  )
    return null;
  const limit = memoryLimitBytes === undefined ? null : memoryLimitBytes;
  const isRoom = /max_temp_directory_size|No space left/u.test(error.message);
  return failureFrom(error, 'FG_MEMORY', limit, isRoom ? (tempDirectory ?? null) : null);
}

/** What people and scripts can print. */
function plainValue(value: Api.DuckDBValue): DuckValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (typeof value !== 'bigint') return value.toString();
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}
