/**
 * Queries of the console, each in a process of its own, as the server has them.
 *
 * In:    a question. Out: its answer as bytes that are streamed.
 * Holds: a few at a time of one key, and of all keys. A query that takes too long, or more memory than DuckDB's bound and what a
 *        process needs besides, is killed; so is one whose asker has gone. What is killed is told in the answer, where the form
 *        has room for that, else the answer is cut off.
 * Fails: FG_SQL_BUSY before anything runs; FG_SQL_TIME, FG_SQL_MEMORY, FG_SQL_ENDED; with the error of the query.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { SqlExportRequest, SqlForm, SqlLimits, SqlLine, SqlRequest } from '../../../../api/sql.ts';
import { removeScratchOf } from '../../../../lake/read/scratch.ts';
import type { FlowgaugeError } from '../../../../model/errors.ts';
import { failure } from '../../../../model/errors.ts';
import { memoryBudget } from '../../../../storage/duck/memory.ts';
import { receivedError } from '../../../collector/posted-error.ts';
import type { SqlBegin, SqlJob } from './sql-job.ts';
import { SQL, sqlFile } from './sql-process.ts';

/** Of what this machine has, so that two queries leave room for the rest. */
const MEMORY_SHARE = 0.4;

/** What one query may take. */
export const SQL_LIMITS: SqlLimits = {
  rows: 100_000,
  bytes: 64_000_000,
  seconds: 120,
  exportSeconds: 900,
  memoryBytes: Math.floor(Math.min(1e9, memoryBudget() * MEMORY_SHARE)),
  spillBytes: 4e9,
  atOnce: 2,
};

/** Of all keys together. */
const MOST_AT_ONCE = 4;
/** A process without DuckDB's rows: Node, its heap, threads. */
const BESIDES_BYTES = 768e6;
const LOOK_MILLIS = 500;
const BEGUN_MILLIS = 20_000;
const TICKET_MILLIS = 60_000;
const MOST_TICKETS = 64;

/** One that asks: `from` and `to` are seconds since 1970 UTC. */
export type SqlAsked = {
  readonly keyId: string;
  readonly range: { readonly from: number; readonly to: number };
  readonly signal: AbortSignal;
};

type Ticket = { readonly keyId: string; readonly range: SqlAsked['range']; readonly request: SqlExportRequest };

export type SqlRunner = {
  readonly limits: SqlLimits;
  /** The answer as lines of JSON (`SqlLine`); whatever happens there is a last one. */
  lines(request: SqlRequest, asked: SqlAsked): AsyncGenerator<Uint8Array | string>;
  /** The answer as a file. An error of the first 20 s is thrown, one that comes later cuts the file off. */
  file(request: SqlRequest, form: SqlForm, asked: SqlAsked): Promise<AsyncGenerator<Uint8Array>>;
  /** Keeps what is to be fetched, for a minute. */
  addTicket(ticket: Ticket): string;
  /** What was kept, once, for the key that asked; null where there is nothing. */
  takeTicket(id: string, keyId: string): Ticket | null;
};

/**
 * None runs yet.
 *
 * @param from         where flow logs lie
 * @param begunMillis  how long an error of a file is waited for
 */
export function createSqlRunner(from: string, given: Partial<SqlLimits> = {}, begunMillis = BEGUN_MILLIS): SqlRunner {
  const limits = { ...SQL_LIMITS, ...given };
  /** Keys of the queries that run. */
  const running: string[] = [];
  const tickets = new Map<string, Ticket>();

  function enter(keyId: string): void {
    if (running.filter((one) => one === keyId).length >= limits.atOnce) throw failure('FG_SQL_BUSY', limits.atOnce);
    if (running.length >= MOST_AT_ONCE) throw failure('FG_SQL_BUSY', MOST_AT_ONCE);
    running.push(keyId);
  }
  const leave = (keyId: string): void => void running.splice(running.indexOf(keyId), 1);

  /** Starts a process; pieces of its answer are read from it. `left` is called when it has ended. */
  function start(job: SqlJob, seconds: number, signal: AbortSignal, left: () => void): Running {
    // Ctrl-C is for the server, which ends it. The heap of V8 holds a batch of rows, and no more.
    const child = spawn(process.execPath, ['--max-old-space-size=512', sqlFile, SQL], {
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify(job));
    let why: FlowgaugeError | null = null;
    const end = (reason: FlowgaugeError | null): void => {
      why ??= reason;
      child.kill('SIGKILL');
    };
    const onGone = (): void => end(null);
    signal.addEventListener('abort', onGone);
    if (signal.aborted) onGone();
    const most = limits.memoryBytes + BESIDES_BYTES;
    const look = setInterval(() => {
      if (residentBytes(child) > most) end(failure('FG_SQL_MEMORY', most));
    }, LOOK_MILLIS);
    const timer = setTimeout(() => end(failure('FG_SQL_TIME', seconds)), seconds * 1000);
    const ended = once(child, 'close')
      .then(([code, killed]: unknown[]) => (code === 0 ? null : (why ?? endedBy(code, killed))))
      .catch((error: unknown) => failure('FG_SQL_ENDED', error instanceof Error ? error.message : String(error)))
      .finally(() => {
        signal.removeEventListener('abort', onGone);
        clearInterval(look);
        clearTimeout(timer);
        if (child.pid !== undefined) removeScratchOf(child.pid);
        left();
      });
    return { output: child.stdout, ended, end: () => end(null) };
  }

  return {
    limits,
    async *lines(request, { keyId, range, signal }) {
      let process: Running;
      try {
        enter(keyId);
        process = start({ request, form: 'lines', from, range, limits }, limits.seconds, signal, () => leave(keyId));
      } catch (error) {
        yield failedLine(error as FlowgaugeError);
        return;
      }
      let last = '\n'.charCodeAt(0);
      try {
        for await (const piece of process.output as AsyncIterable<Uint8Array>) {
          last = piece.at(-1) ?? last;
          yield piece;
        }
        const failed = await process.ended;
        if (failed !== null) yield `${last === NEWLINE ? '' : '\n'}${failedLine(failed)}`;
      } finally {
        process.end();
      }
    },
    async file(request, form, { keyId, range, signal }) {
      enter(keyId);
      const process = start({ request, form, from, range, limits }, limits.exportSeconds, signal, () => leave(keyId));
      const pieces = (process.output as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
      try {
        const first = firstLine(process, pieces);
        // An answer begins within a minute, or the server takes it for none.
        const soon = await Promise.race([first, wait(begunMillis, null, { ref: false })]);
        if (soon === null) first.catch(() => {});
        return rest(process, pieces, soon ?? first);
      } catch (error) {
        process.end();
        throw error;
      }
    },
    addTicket(ticket) {
      const id = randomBytes(16).toString('base64url');
      for (const oldest of tickets.keys()) {
        if (tickets.size < MOST_TICKETS) break;
        tickets.delete(oldest);
      }
      tickets.set(id, ticket);
      setTimeout(() => tickets.delete(id), TICKET_MILLIS).unref();
      return id;
    },
    takeTicket(id, keyId) {
      const found = tickets.get(id);
      if (found === undefined || found.keyId !== keyId) return null;
      tickets.delete(id);
      return found;
    },
  };
}

type Running = {
  readonly output: NodeJS.ReadableStream;
  /** Why it ended, where that was not by itself. */
  readonly ended: Promise<FlowgaugeError | null>;
  readonly end: () => void;
};

const NEWLINE = 10;

function endedBy(code: unknown, signal: unknown): FlowgaugeError {
  return failure('FG_SQL_ENDED', typeof signal === 'string' ? signal : `exit ${String(code)}`);
}

function failedLine({ code, message }: FlowgaugeError): string {
  return `${JSON.stringify({ kind: 'failed', error: { code, message } } satisfies SqlLine)}\n`;
}

/** What follows the line that says whether there is an answer. */
async function firstLine(process: Running, pieces: AsyncIterator<Buffer>): Promise<Buffer> {
  let text = Buffer.alloc(0);
  for (;;) {
    const at = text.indexOf(NEWLINE);
    if (at >= 0) {
      const { error } = JSON.parse(text.subarray(0, at).toString()) as SqlBegin;
      if (error !== null) throw receivedError(error);
      return text.subarray(at + 1);
    }
    const next = await pieces.next();
    if (next.done === true) throw (await process.ended) ?? failure('FG_SQL_ENDED', 'it said nothing');
    text = Buffer.concat([text, next.value]);
  }
}

async function* rest(
  process: Running,
  pieces: AsyncIterator<Buffer>,
  first: Buffer | Promise<Buffer>,
): AsyncGenerator<Uint8Array> {
  try {
    yield await first;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
    const failed = await process.ended;
    if (failed !== null) throw failed;
  } finally {
    process.end();
  }
}

/** Bytes of memory that a process has; 0 where nobody can say. */
function residentBytes({ pid }: ChildProcess): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
