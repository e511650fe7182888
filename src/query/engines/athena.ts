/**
 * Athena over a table of records.
 *
 * In:    how AWS is reached, a table of its catalogue, where results go. Out: an engine.
 * Holds: a query is started, looked after with growing pauses, and its rows are fetched page by page. Leaving before the end, or
 *        the signal, stops the query there. Athena's SQL is Trino's; its values come as text and are read by type.
 * Fails: FG_ENGINE_*, FG_AWS_*.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pauseFor } from 'node:timers/promises';
import type { AthenaClient, ColumnInfo, QueryExecution, Row } from '@aws-sdk/client-athena';
import { FlowgaugeError, failure, failureFrom } from '../../model/errors.ts';
import type { TimeRange } from '../../lake/read/source.ts';
import { FALLBACK_REGION, clientSettings, endpointOf } from '../../storage/object/aws-client.ts';
import type { AwsAccess } from '../../storage/object/aws-client.ts';
import { awsFailure, problemOf } from '../../storage/object/aws-errors.ts';
import { ATHENA } from '../dialect.ts';
import type { Cell } from '../engine.ts';
import { ofRange } from './remote.ts';
import type { Remote, RemoteRows } from './remote.ts';
import { tableName } from './remote-table.ts';
import { cellOf } from './trino-client.ts';

export type AthenaPlace = {
  readonly access: AwsAccess;
  /** `database.table`, or with its catalogue in front. */
  readonly table: string;
  readonly workgroup: string | null;
  /** `s3://bucket/prefix/` for results; null: the workgroup says. */
  readonly resultsAt: string | null;
  readonly range: TimeRange | null;
  /** Milliseconds; the clock of tests stands still. */
  readonly pause?: (millis: number, signal: AbortSignal) => Promise<void>;
};

const FIRST_PAUSE_MILLIS = 100;
const LONGEST_PAUSE_MILLIS = 2000;
/** The most that Athena gives at one time. */
const PAGE_ROWS = 1000;
const CANCEL_MILLIS = 5000;

/** Athena, for `remoteEngine`. */
export function athena(place: AthenaPlace): Remote {
  const pause = place.pause ?? ((millis, stop) => pauseFor(millis, undefined, { signal: stop }));
  let client: Promise<AthenaClient> | null = null;
  let where = 'AWS';

  async function connect(): Promise<AthenaClient> {
    const { AthenaClient: Client } = await import('@aws-sdk/client-athena');
    const settings = clientSettings(place.access, undefined);
    const probe = new Client(settings);
    const region = await probe.config.region().catch(() => FALLBACK_REGION);
    probe.destroy();
    const endpoint = await endpointOf(place.access, 'athena');
    where = endpoint ?? `AWS, region ${region}`;
    return new Client({ ...settings, region, ...(endpoint === null ? {} : { endpoint }) });
  }

  function told(error: unknown, id: string | null, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    if (error instanceof FlowgaugeError) return error;
    const common = awsFailure(error, `Athena's ${place.table}`, where);
    if (common !== null) return common;
    const { code, message } = problemOf(error);
    const text = `${code} ${message}`.trim().slice(0, 300);
    return code === 'InvalidRequestException'
      ? failureFrom(error, 'FG_ENGINE_SQL', 'Athena', text)
      : failureFrom(error, 'FG_ENGINE_FAILED', 'Athena', id ?? '(not started)', text);
  }

  /** Not to be aborted: a query whose id nobody knows cannot be stopped. */
  async function start(sql: string): Promise<string> {
    const { StartQueryExecutionCommand } = await import('@aws-sdk/client-athena');
    const asked = await (client ??= connect());
    const { QueryExecutionId: id } = await asked.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        // The same request tried again starts nothing new.
        ClientRequestToken: randomUUID(),
        ...(place.workgroup === null ? {} : { WorkGroup: place.workgroup }),
        ...(place.resultsAt === null ? {} : { ResultConfiguration: { OutputLocation: place.resultsAt } }),
      }),
    );
    if (id === undefined || id === '') throw failure('FG_ENGINE_FAILED', 'Athena', '-', 'it started none');
    return id;
  }

  /** Best effort: whoever cancels has gone already. */
  async function stop(id: string): Promise<void> {
    const { StopQueryExecutionCommand } = await import('@aws-sdk/client-athena');
    const asked = await client!;
    const abortSignal = AbortSignal.timeout(CANCEL_MILLIS);
    await asked.send(new StopQueryExecutionCommand({ QueryExecutionId: id }), { abortSignal }).catch(() => {});
  }

  async function untilDone(id: string, signal: AbortSignal): Promise<QueryExecution> {
    const { GetQueryExecutionCommand } = await import('@aws-sdk/client-athena');
    const asked = await client!;
    for (let millis = FIRST_PAUSE_MILLIS; ; millis = Math.min(millis * 1.5, LONGEST_PAUSE_MILLIS)) {
      const command = new GetQueryExecutionCommand({ QueryExecutionId: id });
      const { QueryExecution: execution = {} } = await asked.send(command, { abortSignal: signal });
      const { State: state, StateChangeReason: reason, AthenaError: error } = execution.Status ?? {};
      if (state === 'SUCCEEDED') return execution;
      if (state === 'CANCELLED') throw failure('FG_ENGINE_CANCELLED', 'Athena', id);
      if (state === 'FAILED') {
        const text = (error?.ErrorMessage ?? reason ?? 'it does not say why').replace(/^line \d+:\d+: /u, '');
        // 2 is what was asked, 1 Athena itself, 3 what lies in between.
        throw error?.ErrorCategory === 2 || /^[A-Z_]*(?:SYNTAX_ERROR|NOT_FOUND|TYPE_MISMATCH)/u.test(text)
          ? failure('FG_ENGINE_SQL', 'Athena', text.slice(0, 300))
          : failure('FG_ENGINE_FAILED', 'Athena', id, text.slice(0, 300));
      }
      await pause(millis, signal);
    }
  }

  async function ask(sql: string, signal: AbortSignal): Promise<RemoteRows> {
    let id: string | null = null;
    let isRunning = true;
    let stopping: Promise<void> | null = null;
    const close = async (): Promise<void> => {
      signal.removeEventListener('abort', onAbort);
      if (isRunning && id !== null) await (stopping ??= stop(id));
    };
    const onAbort = (): void => void close();
    signal.addEventListener('abort', onAbort);
    try {
      id = await start(sql);
      signal.throwIfAborted();
      const { Statistics: statistics } = await untilDone(id, signal);
      isRunning = false;
      const { GetQueryResultsCommand } = await import('@aws-sdk/client-athena');
      const asked = await client!;
      const fetchPage = (token: string | undefined) =>
        asked.send(
          new GetQueryResultsCommand({
            QueryExecutionId: id!,
            MaxResults: PAGE_ROWS,
            ...(token === undefined ? {} : { NextToken: token }),
          }),
          { abortSignal: signal },
        );
      let page = await fetchPage(undefined);
      const columns = page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
      async function* pages(): AsyncGenerator<readonly (readonly Cell[])[]> {
        // The first row repeats the names.
        let skip = 1;
        try {
          for (;;) {
            const rows = (page.ResultSet?.Rows ?? []).slice(skip);
            skip = 0;
            if (rows.length > 0) yield rows.map((row) => cellsOf(row, columns));
            const { NextToken: token } = page;
            if (token === undefined || token === '') return;
            page = await fetchPage(token);
          }
        } catch (error) {
          throw told(error, id, signal);
        } finally {
          await close();
        }
      }
      return {
        columns: columns.map(({ Name: name = '', Type: type = '' }) => ({ name, type })),
        pages: pages(),
        bytesScanned: () => statistics?.DataScannedInBytes ?? 0,
        close,
      };
    } catch (error) {
      await close();
      throw told(error, id, signal);
    }
  }

  const { access: _, table, range } = place;
  return { name: 'athena', dialect: ofRange(ATHENA, range), table: tableName(table, 3), range, ask };
}

function cellsOf({ Data: data = [] }: Row, columns: readonly ColumnInfo[]): Cell[] {
  return columns.map(({ Type: type = '', Precision: digits, Scale: scale }, at) => {
    const text = data[at]?.VarCharValue;
    if (text === undefined) return null;
    if (/^(?:tinyint|smallint|integer|int|bigint)$/u.test(type)) return exactNumber(text);
    if (/^(?:double|float|real)$/u.test(type)) return Number(text);
    if (type === 'boolean') return text === 'true';
    return cellOf(text, type === 'decimal' ? `decimal(${digits ?? 38},${scale ?? 0})` : type);
  });
}

function exactNumber(text: string): Cell {
  if (!/^-?\d+$/u.test(text)) return text;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}
