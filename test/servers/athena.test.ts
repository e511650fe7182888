import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { AthenaClient, GetQueryExecutionCommand, StopQueryExecutionCommand } from '@aws-sdk/client-athena';
import { boundQuestion } from '../../src/query/ask.ts';
import { athena } from '../../src/query/engines/athena.ts';
import { remoteEngine } from '../../src/query/engines/remote.ts';
import { startMoto } from './moto.ts';
import { NotHere } from './server.ts';
import type { S3Server } from './server.ts';

let moto: S3Server | null = null;
let why = '';
try {
  moto = await startMoto();
} catch (error) {
  if (!(error instanceof NotHere) || process.env['CI'] === 'true') throw error;
  why = error.message;
}

const never = new AbortController().signal;
const COLUMNS = [
  ['address', 'varchar'],
  ['bytes', 'bigint'],
  ['packets', 'bigint'],
  ['share', 'double'],
  ['open', 'boolean'],
  ['first_seen', 'timestamp'],
] as const;
const TABLE = ['srcaddr', 'dstaddr', 'packets', 'bytes', 'start', 'end'];

suite('Athena, as moto plays it', { skip: why !== '' && why }, () => {
  let client: AthenaClient;
  before(() => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' });
    client = new AthenaClient({ endpoint: moto!.endpoint, region: 'us-east-1' });
  });
  after(async () => {
    client.destroy();
    await moto!.stop();
  });

  const place = () =>
    athena({
      access: { endpoint: moto!.endpoint, region: 'us-east-1' },
      table: 'logs.flow_logs',
      workgroup: 'primary',
      resultsAt: 's3://results/here/',
      range: { startSeconds: 1_795_000_000, endSeconds: 1_795_003_600 },
      pause: async () => {},
    });

  /** What the next queries give: rows under columns, the first row the names, as Athena has it. */
  async function give(
    ...results: (readonly [readonly (readonly [string, string])[], readonly (readonly (string | null)[])[]])[]
  ) {
    const answer = await fetch(`${moto!.endpoint}/moto-api/static/athena/query-results`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        account_id: '123456789012',
        region: 'us-east-1',
        results: results.map(([columns, rows]) => ({
          rows: [columns.map(([name]) => name), ...rows].map((row) => ({
            Data: row.map((value) => (value === null ? {} : { VarCharValue: value })),
          })),
          column_info: columns.map(([name, type]) => ({
            CatalogName: 'hive',
            SchemaName: '',
            TableName: '',
            Name: name,
            Label: name,
            Type: type,
            Precision: type === 'varchar' ? 2147483647 : 19,
            Scale: 0,
            Nullable: 'UNKNOWN',
            CaseSensitive: false,
          })),
        })),
      }),
    });
    assert.equal(answer.status, 201);
  }

  test('asks for the columns, then the saved query over them, and reads its values by type', async () => {
    await give(
      [TABLE.map((name) => [name, /addr/u.test(name) ? 'varchar' : 'bigint'] as const), []],
      [
        COLUMNS,
        [
          ['10.0.1.5', '9007199254740993', '12', '0.5', 'true', '2026-11-22 15:00:00.000'],
          ['address', '7', null, null, 'false', null],
        ],
      ],
    );
    const remote = place();
    const answer = await remoteEngine(remote).run(boundQuestion('top-talkers', { limit: '5' }, remote.dialect), never);
    const rows: unknown[] = [];
    for await (const batch of answer.rows) rows.push(...batch);
    assert.deepEqual(rows, [
      ['10.0.1.5', 9007199254740993n, 12, 0.5, true, '2026-11-22T15:00:00Z'],
      ['address', 7, null, null, false, null],
    ]);
    assert.deepEqual(answer.stats(), { objects: 0, bytesRead: 0, badLines: 0 });
    const asked = await lastQuery();
    assert.match(asked.Query!, /^WITH flow_logs AS \(/u);
    assert.match(asked.Query!, /FROM "logs"."flow_logs"/u);
    assert.match(asked.Query!, /"start" < 1795003600/u);
    assert.match(asked.Query!, /LIMIT 5$/u);
    assert.equal(asked.WorkGroup, 'primary');
    assert.match(asked.ResultConfiguration!.OutputLocation!, /^s3:\/\/results\/here\//u);
  });

  async function lastQuery() {
    const { ListQueryExecutionsCommand } = await import('@aws-sdk/client-athena');
    const { QueryExecutionIds: ids = [] } = await client.send(new ListQueryExecutionsCommand({}));
    const { QueryExecution: execution } = await client.send(
      new GetQueryExecutionCommand({ QueryExecutionId: ids.at(-1)! }),
    );
    return execution!;
  }

  test('the signal stops the query there, and one that somebody stopped is told', async () => {
    const transition = { progression: 'manual', times: 3 };
    await fetch(`${moto!.endpoint}/moto-api/state-manager/set-transition`, {
      method: 'POST',
      body: JSON.stringify({ model_name: 'athena::execution', transition }),
    });
    const stop = new AbortController();
    const remote = athena({
      access: { endpoint: moto!.endpoint, region: 'us-east-1' },
      table: 'flow_logs',
      workgroup: null,
      resultsAt: 's3://results/here/',
      range: null,
      pause: async () => {
        stop.abort();
        stop.signal.throwIfAborted();
      },
    });
    await assert.rejects(remote.ask('SELECT 1', stop.signal), { name: 'AbortError' });
    assert.equal((await lastQuery()).Status?.State, 'CANCELLED');

    const other = athena({
      access: { endpoint: moto!.endpoint, region: 'us-east-1' },
      table: 'flow_logs',
      workgroup: null,
      resultsAt: 's3://results/here/',
      range: null,
      pause: async () => {
        const { QueryExecutionId: id } = await lastQuery();
        await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id! }));
      },
    });
    await assert.rejects(other.ask('SELECT 1', never), { code: 'FG_ENGINE_CANCELLED' });
  });

  test('a workgroup that is not there is told', async () => {
    const remote = athena({
      access: { endpoint: moto!.endpoint, region: 'us-east-1', attempts: 1 },
      table: 'flow_logs',
      workgroup: 'nobody',
      resultsAt: null,
      range: null,
    });
    await assert.rejects(remote.ask('SELECT 1', never), {
      code: 'FG_ENGINE_SQL',
      message: /WorkGroup does not exist/u,
    });
  });
});
