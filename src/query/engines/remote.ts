/**
 * A question to flow logs in a table of an engine elsewhere.
 *
 * In:    a bound question, and how the engine is asked. Out: its answer, whose rows are streamed.
 * Holds: the engine tells the columns of the table first; which decide how a saved query is written. Macros and parameters are
 *        written out. What a table does not hold is noted, as for files.
 * Fails: FG_QUERY_*, FG_PARAMETER_*, FG_ENGINE_*.
 */
import { failure } from '../../model/errors.ts';
import { ALL_TIME } from '../../lake/read/source.ts';
import type { TimeRange } from '../../lake/read/source.ts';
import { capabilityOf } from '../capability.ts';
import type { Dialect } from '../dialect.ts';
import type { Answer, BoundQuestion, Cell, Engine } from '../engine.ts';
import { expandSql, withTable } from '../expand.ts';
import { heldFields } from '../held-fields.ts';
import { fieldsOfTable, flowLogsOver } from './remote-table.ts';
import type { RemoteColumn } from './remote-table.ts';

/** A dialect that knows which range is asked, for queries that count a record where it begins. */
export function ofRange(d: Dialect, range: TimeRange | null): Dialect {
  if (range === null || !Number.isFinite(range.startSeconds)) return d;
  return { ...d, beganInRange: `${d.seconds('start')} >= ${range.startSeconds}` };
}

/** One statement that runs. */
export type RemoteRows = {
  readonly columns: readonly RemoteColumn[];
  readonly pages: AsyncGenerator<readonly (readonly Cell[])[]>;
  bytesScanned(): number;
  close(): Promise<void>;
};

export type Remote = {
  readonly name: 'trino' | 'athena';
  readonly dialect: Dialect;
  /** The table, quoted. */
  readonly table: string;
  readonly range: TimeRange | null;
  ask(sql: string, signal: AbortSignal): Promise<RemoteRows>;
};

/** The SQL that the engine is asked, and what the table lacks for it. */
export type RemoteSql = Pick<Answer, 'notes'> & { readonly sql: string };

/** Asks for the columns, and writes the SQL. */
export async function writeRemote(remote: Remote, question: BoundQuestion, signal: AbortSignal): Promise<RemoteSql> {
  // No row is read for it.
  const empty = await remote.ask(`SELECT * FROM ${remote.table} LIMIT 0`, signal);
  for await (const _ of empty.pages);
  const { sql, notes } = settled(question, empty.columns, remote);
  const { dialect, table, range } = remote;
  const expanded = expandSql(sql, dialect, question.parameters, question.saved?.name ?? 'the SQL');
  return {
    sql: withTable(expanded, dialect.table, flowLogsOver(table, empty.columns, range ?? ALL_TIME, dialect)),
    notes,
  };
}

/** An engine that asks `remote`. */
export function remoteEngine(remote: Remote): Engine {
  return {
    name: remote.name,
    dialect: remote.dialect,
    async run(question, signal) {
      const { sql, notes } = await writeRemote(remote, question, signal);
      const running = await remote.ask(sql, signal);
      return {
        columns: running.columns.map(({ name, type }) => ({
          name,
          type: type.toUpperCase(),
          unit: question.saved === null ? null : (/^(bytes|packets|flows)(?:_|$)/u.exec(name)?.[1] ?? null),
        })),
        rows: running.pages,
        notes,
        formats: [],
        stats: () => ({ objects: 0, bytesRead: running.bytesScanned(), badLines: 0 }),
        close: () => running.close(),
      };
    },
  };
}

/** A saved query as the table can be asked it. A table says which columns it has, not which of its files hold them. */
function settled({ sql, saved }: BoundQuestion, columns: readonly RemoteColumn[], { table }: Remote): RemoteSql {
  if (saved === null) return { sql, notes: [] };
  const coverage = fieldsOfTable(columns);
  const { missing, notes } = capabilityOf(saved, coverage);
  if (missing.length > 0) throw failure('FG_ENGINE_FIELDS', saved.name, missing, table);
  return { sql: saved.sql(heldFields({ files: 2, holding: (column) => coverage.holding(column) })), notes };
}
