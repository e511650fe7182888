import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { athena } from './athena.ts';

type Replies = Readonly<Record<string, (asked: Record<string, unknown>) => object>>;

before(() => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' });
});
const never = new AbortController().signal;

/** A server that answers each action, and what it was asked. */
async function pretend(context: TestContext, replies: Replies) {
  const actions: string[] = [];
  const server = createServer((request, answer) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      const action = String(request.headers['x-amz-target']).split('.')[1]!;
      const asked = JSON.parse(body) as Record<string, unknown> & { readonly NextToken?: string };
      actions.push(asked.NextToken === undefined ? action : `${action} ${asked.NextToken}`);
      answer.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      answer.end(JSON.stringify(replies[action]?.(asked) ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const remote = athena({
    access: { endpoint, region: 'eu-west-1' },
    table: 'logs.flow_logs',
    workgroup: null,
    resultsAt: null,
    range: null,
    pause: async () => {},
  });
  return { remote, actions };
}

const state = (State: string, more: object = {}) => ({ QueryExecution: { Status: { State, ...more }, Statistics: { DataScannedInBytes: 1234 } } }); // prettier-ignore
const rows = (...values: string[]) => values.map((value) => ({ Data: [{ VarCharValue: value }] }));
const ResultSetMetadata = { ColumnInfo: [{ Name: 'n', Type: 'bigint' }] };

test('fetches the rows page by page; only the first page begins with the names', async (context) => {
  const states = ['QUEUED', 'RUNNING', 'SUCCEEDED'];
  const { remote, actions } = await pretend(context, {
    StartQueryExecution: () => ({ QueryExecutionId: 'q-1' }),
    GetQueryExecution: () => state(states.shift()!),
    GetQueryResults: ({ NextToken: token }) =>
      token === undefined
        ? { NextToken: 'two', ResultSet: { ResultSetMetadata, Rows: rows('n', '1', '2') } }
        : { ResultSet: { ResultSetMetadata, Rows: rows('3') } },
  });
  const answer = await remote.ask('SELECT n', never);
  const found: unknown[] = [];
  for await (const batch of answer.pages) found.push(...batch);
  assert.deepEqual(found, [[1], [2], [3]]);
  assert.equal(answer.bytesScanned(), 1234);
  assert.deepEqual(actions, ['StartQueryExecution', ...Array<string>(3).fill('GetQueryExecution'), 'GetQueryResults', 'GetQueryResults two']); // prettier-ignore
});

test('why a query failed is told by whose it is', async (context) => {
  for (const [more, code, message] of [
    [{ StateChangeReason: "SYNTAX_ERROR: line 1:8: Column 'x'" }, 'FG_ENGINE_SQL', /Column 'x'/],
    [{ AthenaError: { ErrorCategory: 2, ErrorMessage: 'line 1:2: no' } }, 'FG_ENGINE_SQL', /question: no;/],
    [{ StateChangeReason: 'Query exhausted resources' }, 'FG_ENGINE_FAILED', /q-1: Query exhausted resources/],
  ] as const) {
    const { remote } = await pretend(context, {
      StartQueryExecution: () => ({ QueryExecutionId: 'q-1' }),
      GetQueryExecution: () => state('FAILED', more),
    });
    await assert.rejects(remote.ask('SELECT n', never), { code, message });
  }
});
