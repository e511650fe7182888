import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgram } from './main.ts';

/** Parses a command line of `query` up to where the engine would be asked. */
async function query(...words: string[]): Promise<void> {
  const program = await createProgram('query');
  await program.parseAsync(['query', ...words], { from: 'user' });
}
const trino = ['--engine', 'trino', '--server', 'http://127.0.0.1:1', '--table', 'a.b.c'];

test('an option that the engine takes no heed of is refused, with who takes it', async () => {
  for (const [words, message] of [
    [[...trino, '--from', 'logs', 'top-talkers'], /--from means nothing to --engine trino.*--engine duckdb/],
    [[...trino, '--strict', 'top-talkers'], /--strict/],
    [[...trino, '--region', 'us-east-1', 'top-talkers'], /--engine duckdb or --engine athena/],
    [['--engine', 'athena', '--table', 't', '--server', 'http://x', 'top-talkers'], /--server.*--engine trino/],
    [['--server', 'http://x', 'top-talkers'], /--server means nothing to --engine duckdb/],
    [[...trino, '-o', 'parquet', 'top-talkers'], /choose table, csv or json/],
  ] as const)
    // prettier-ignore
    await assert.rejects(query(...words), { code: 'FG_ENGINE_OPTION', message }, words.join(' '));
});

test('what an engine needs is asked for, with an example', async () => {
  for (const [words, message] of [
    [['--engine', 'trino', '--table', 'a.b.c', 'top-talkers'], /needs --server/],
    [['--engine', 'trino', '--server', 'http://127.0.0.1:1', 'top-talkers'], /needs --table/],
    [['--engine', 'athena', 'top-talkers'], /needs --table/],
  ] as const)
    // prettier-ignore
    await assert.rejects(query(...words), { code: 'FG_ENGINE_NEEDS', message });
  for (const words of [
    ['--engine', 'athena', '--table', 't', '--results', 'here', 'top-talkers'],
    [...trino, '--session', 'nothing', 'top-talkers'],
    ['--engine', 'trino', '--server', 'http://127.0.0.1:1', '--table', 'a b', 'top-talkers'],
  ])
    await assert.rejects(query(...words), { code: 'FG_ENGINE_VALUE' });
});

test('a server that is not there is told', async () => {
  await assert.rejects(query(...trino, 'top-talkers'), { code: 'FG_ENGINE_UNREACHABLE', message: /127\.0\.0\.1:1/ });
});
