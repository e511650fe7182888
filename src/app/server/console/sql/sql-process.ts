/**
 * The process of one query of the console.
 *
 * In:    a `SqlJob` on standard input. Out: the answer on standard output, as fast as it is read.
 * Holds: one process for each query: it can be ended whatever DuckDB does, and takes nobody along. It is nice, for capture goes
 *        before. It ends with its parent: nobody reads what it writes then.
 * Fails: as the query does, as a line of the answer; exit 0 then too.
 */
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ConsoleFailure } from '../../../../api/console.ts';
import type { SqlLine } from '../../../../api/sql.ts';
import { failure, FlowgaugeError } from '../../../../model/errors.ts';
import { removeScratchOf, scratchDirectory } from '../../../../lake/read/scratch.ts';
import { csvLines, jsonLines } from '../../../../query/answer-lines.ts';
import { ask, askIntoParquet } from '../../../../query/ask.ts';
import type { AskOptions } from '../../../../query/ask.ts';
import type { Answer } from '../../../../query/engine.ts';
import { postedError } from '../../../collector/posted-error.ts';
import { jsonText } from '../answer.ts';
import type { SqlBegin, SqlJob } from './sql-job.ts';

/** This file; with `SQL` as its argument it answers what stands on its standard input. */
export const sqlFile: string = fileURLToPath(import.meta.url);
export const SQL = 'sql';

/** Below what captures and serves. */
const NICE = 5;
const PROGRESS_MILLIS = 250;
/** How often it is looked whether the parent is still there. */
const PARENT_MILLIS = 2000;
/** A line comes at least so often, so that nobody takes a long query for a dead one. */
const WORD_MILLIS = 10_000;

async function write(text: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

const line = (of: SqlLine): Promise<void> => write(`${jsonText(of)}\n`);

function askFor(job: SqlJob, more: AskOptions): Promise<Answer> {
  const { sql, saved, parameters } = job.request;
  return ask(job.from, questionOf(sql, saved), parameters, { ...optionsOf(job), ...more });
}

function questionOf(sql: string | null, saved: string | null): string {
  const question = (sql ?? saved ?? '').trim();
  if (sql === null) return question;
  // One word would be taken for the name of a saved query.
  return /\s/u.test(question) ? question : `${question}\n;`;
}

function optionsOf({ range, limits }: SqlJob): AskOptions {
  return {
    range: { startSeconds: range.from, endSeconds: range.to },
    memoryBytes: limits.memoryBytes,
    spillBytes: limits.spillBytes,
  };
}

async function answerLines(job: SqlJob): Promise<void> {
  const from = performance.now();
  let progress: SqlLine = { kind: 'progress', files: 0, of: 0, bytes: 0 };
  let told = 0;
  const word = setInterval(() => void line(progress), WORD_MILLIS);
  try {
    const answer = await askFor(job, {
      onProgress: ({ files, of, bytes }) => {
        progress = { kind: 'progress', files, of, bytes };
        if (performance.now() - told < PROGRESS_MILLIS) return;
        told = performance.now();
        void line(progress);
      },
    });
    await line({ kind: 'columns', columns: answer.columns });
    const { rows, cut } = await showRows(answer, job.limits);
    const { notes } = answer;
    const { objects, bytesRead, badLines } = answer.stats();
    const millis = Math.round(performance.now() - from);
    await line({ kind: 'end', rows, cut, notes, objects, bytesRead, badLines, millis });
  } catch (error) {
    await line({ kind: 'failed', ...failureOf(error) });
  } finally {
    clearInterval(word);
  }
}

/** Writes rows until one of the limits is reached; how many, and which it was. */
async function showRows(
  answer: Answer,
  limits: SqlJob['limits'],
): Promise<{ readonly rows: number; readonly cut: 'rows' | 'bytes' | null }> {
  let rows = 0;
  let bytes = 0;
  for await (const batch of answer.rows) {
    const shown = batch.slice(0, limits.rows - rows);
    const text = `${jsonText({ kind: 'rows', rows: shown })}\n`;
    bytes += Buffer.byteLength(text);
    if (bytes > limits.bytes) return { rows, cut: 'bytes' };
    rows += shown.length;
    if (shown.length > 0) await write(text);
    if (shown.length < batch.length) return { rows, cut: 'rows' };
  }
  return { rows, cut: null };
}

const begin = (error: unknown): Promise<void> =>
  write(`${JSON.stringify({ error: error === null ? null : postedError(error) } satisfies SqlBegin)}\n`);

async function answerText(job: SqlJob): Promise<void> {
  let answer: Answer;
  try {
    answer = await askFor(job, {});
  } catch (error) {
    await begin(error);
    return;
  }
  await begin(null);
  for await (const text of (job.form === 'csv' ? csvLines : jsonLines)(answer)) await write(text);
}

async function answerParquet(job: SqlJob): Promise<void> {
  const { sql, saved, parameters } = job.request;
  const scratch = scratchDirectory();
  try {
    const path = join(scratch.path, 'answer.parquet');
    try {
      await askIntoParquet(job.from, questionOf(sql, saved), parameters, path, optionsOf(job));
    } catch (error) {
      await begin(error);
      return;
    }
    await begin(null);
    for await (const piece of createReadStream(path)) await write(piece as Uint8Array);
    await rm(path, { force: true });
  } finally {
    await scratch.remove();
  }
}

/** What is ours says no more than that to whoever asks. */
function failureOf(error: unknown): ConsoleFailure {
  const known =
    error instanceof FlowgaugeError
      ? error
      : failure('FG_SQL_ENDED', error instanceof Error ? error.message : String(error));
  return { error: { code: known.code, message: known.message } };
}

/** At once: leaving as usual waits for what DuckDB does. */
function leave(): void {
  removeScratchOf(process.pid);
  process.kill(process.pid, 'SIGKILL');
}

async function serve(): Promise<void> {
  setPriority(NICE);
  // Nobody reads any more: the parent has gone, or has given this up.
  process.stdout.on('error', leave);
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && leave(), PARENT_MILLIS).unref();
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  process.on('SIGTERM', leave);
  const job = JSON.parse(await textOf(process.stdin)) as SqlJob;
  if (job.form === 'lines') await answerLines(job);
  else if (job.form === 'parquet') await answerParquet(job);
  else await answerText(job);
}

if (process.argv[2] === SQL) await serve();
