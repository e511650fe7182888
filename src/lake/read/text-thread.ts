/**
 * Threads that read text files: unpacking, parsing, and writing the rows. The caller's thread only waits.
 *
 * In:    files by path, or chunks of text. Out: the end of each text; files of rows.
 * Holds: a thread writes files of its own. Four chunks that were given are on their way, so memory does not grow with the
 *        texts.
 * Fails: a thread that ends or breaks rejects all that it had to do.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { FlowgaugeError } from '../../model/errors.ts';
import type { RecordColumns } from '../../record/columns.ts';
import { BATCH_ROWS } from '../../record/duckdb-places.ts';
import { parseLogFormat } from '../../record/format.ts';
import { createParser } from '../../record/parse.ts';
import { ownLines } from './forms/own-lines.ts';
import { recordLines } from './forms/text-form.ts';
import type { TextLook } from './forms/text-form.ts';
import { createInflater } from '../../storage/object/inflate.ts';
import type { Inflater } from '../../storage/object/inflate.ts';
import { createGate } from './gate.ts';
import type { TextEnd } from './read-text.ts';
import { readText } from './read-text.ts';
import { createRowFiles } from './row-file.ts';
import type { RowTarget, WrittenRows } from './row-file.ts';
import { textOfFile } from './stored-file.ts';
import type { TextRange } from './text-range.ts';
import { bytesOfRange } from './text-range.ts';

const ROLE = 'read-text';
/** Chunks of a file that are on their way. */
const ON_THE_WAY = 4;
/** Bytes of a file that are read before that is told. */
const TOLD_BYTES = 1 << 22;
/** Files of a thread at one time: one is read, the next waits. */
const FILES = 2;

/** A text that a thread reads. */
export type TextJob = Pick<TextLook, 'form' | 'header'> & {
  readonly origin: string;
  /** Format of lines without header, as text. */
  readonly format: string | null;
  readonly columns: readonly string[];
  /** The file; null: its record lines are given in chunks. */
  readonly path: string | null;
  readonly range: TextRange | null;
  readonly target: RowTarget;
};

type ToThread =
  | { kind: 'job'; id: number; job: TextJob }
  | { kind: 'chunk'; id: number; bytes: Uint8Array }
  | { kind: 'chunks-end'; id: number; error: PostedError | null }
  | { kind: 'finish'; id: number };
type FromThread =
  | { kind: 'bytes'; id: number; count: number }
  | { kind: 'end'; id: number; end: TextEnd }
  | { kind: 'finished'; id: number; written: WrittenRows }
  | { kind: 'failed'; id: number; error: PostedError };
/** Clones of errors lose their class. */
type PostedError = { readonly code: string | null; readonly message: string; readonly stack: string };

function postedError(error: unknown): PostedError {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  return { code, message, stack };
}

function receivedError({ code, message, stack }: PostedError): Error {
  if (code?.startsWith('FG_') === true) return new FlowgaugeError(code as FlowgaugeError['code'], message);
  const error = Object.assign(new Error(message), code === null ? {} : { code });
  error.stack = stack;
  return error;
}

export interface TextThreads {
  /**
   * Reads a text in the thread that has least to do.
   *
   * @param onBytes  bytes that were read
   * @param chunks   where it has no path
   */
  read(job: TextJob, onBytes: (count: number) => void, chunks: AsyncIterable<Uint8Array> | null): Promise<TextEnd>;
  /** Ends the files of rows so far, when all texts have been read; gives what each thread wrote. */
  finish(): Promise<WrittenRows[]>;
  /** Texts that are read or wait in a thread at one time. */
  readonly lanes: number;
  /** Ends the threads, whatever they do. */
  close(): Promise<void>;
}

type Waiting = {
  readonly onBytes: (count: number) => void;
  readonly onEnd: (end: TextEnd) => void;
  readonly onFinished: (written: WrittenRows) => void;
  readonly reject: (error: unknown) => void;
  /** Called when a chunk was read, and when none is wanted any more. */
  chunkRead: () => void;
  over: () => void;
};
type Thread = {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  failed: Error | null;
};

/**
 * Starts threads.
 *
 * @param start  makes a thread; for tests
 */
export function startTextThreads(count: number, start: (number: number) => Worker = startWorker): TextThreads {
  const threads = Array.from({ length: count }, (_, at) => watch(start(at)));
  let ids = 0;
  const nothing = (): void => {};
  return {
    lanes: count * FILES,
    async read(job, onBytes, chunks) {
      const thread = threads.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a));
      if (thread.failed !== null) throw thread.failed;
      const id = ++ids;
      const waiting = Promise.withResolvers<TextEnd>();
      const entry: Waiting = {
        onBytes,
        onEnd: waiting.resolve,
        onFinished: nothing,
        reject: waiting.reject,
        chunkRead: nothing,
        over: nothing,
      };
      thread.waiting.set(id, entry);
      post(thread, { kind: 'job', id, job });
      const giving = chunks === null ? null : giveChunks(thread, id, entry, chunks);
      try {
        return await waiting.promise;
      } finally {
        thread.waiting.delete(id);
        entry.over();
        await giving;
      }
    },
    async finish() {
      const written = threads.map(async (thread) => {
        if (thread.failed !== null) throw thread.failed;
        const id = ++ids;
        const { promise, resolve, reject } = Promise.withResolvers<WrittenRows>();
        const entry = { onBytes: nothing, onEnd: nothing, chunkRead: nothing, over: nothing };
        thread.waiting.set(id, { ...entry, onFinished: resolve, reject });
        post(thread, { kind: 'finish', id });
        try {
          return await promise;
        } finally {
          thread.waiting.delete(id);
        }
      });
      return Promise.all(written);
    },
    async close() {
      for (const thread of threads) fail(thread, new Error('the threads that read were ended'));
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

function startWorker(number: number): Worker {
  return new Worker(new URL(import.meta.url), {
    workerData: { role: ROLE, number },
    // No object is made for a record.
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
}

function post(thread: Thread, message: ToThread, transfer: ArrayBuffer[] = []): void {
  if (thread.failed === null) thread.worker.postMessage(message, transfer);
}

function fail(thread: Thread, error: Error): void {
  thread.failed ??= error;
  for (const { reject, over } of thread.waiting.values()) {
    reject(error);
    over();
  }
}

function watch(worker: Worker): Thread {
  const thread: Thread = { worker, waiting: new Map(), failed: null };
  worker.on('error', (error) => fail(thread, error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => fail(thread, new Error(`a thread that read files ended with ${code}`)));
  worker.on('message', (message: FromThread) => {
    const waiting = thread.waiting.get(message.id);
    if (waiting === undefined) return;
    if (message.kind === 'bytes') {
      waiting.chunkRead();
      waiting.onBytes(message.count);
    } else if (message.kind === 'end') waiting.onEnd(message.end);
    else if (message.kind === 'finished') waiting.onFinished(message.written);
    else waiting.reject(receivedError(message.error));
  });
  return thread;
}

async function giveChunks(
  thread: Thread,
  id: number,
  entry: Waiting,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  const gate = createGate(ON_THE_WAY);
  entry.chunkRead = () => gate.leave();
  entry.over = () => gate.open();
  const isOver = (): boolean => thread.failed !== null || !thread.waiting.has(id);
  let error: PostedError | null = null;
  try {
    for await (const chunk of chunks) {
      if (isOver()) return;
      if (chunk.length === 0) continue;
      // A chunk belongs to whoever gave it. (`slice` of a Buffer copies nothing.)
      const bytes = new Uint8Array(chunk);
      post(thread, { kind: 'chunk', id, bytes }, [bytes.buffer]);
      await gate.enter();
    }
  } catch (thrown) {
    error = postedError(thrown);
  }
  if (!isOver()) post(thread, { kind: 'chunks-end', id, error });
}

/** The thread's side. */
function serve(port: NonNullable<typeof parentPort>, number: number): void {
  const jobs = new Map<number, ChunkQueue>();
  const files = createRowFiles(String(number));
  const inflaters: Inflater[] = [];
  const post = (message: FromThread): void => port.postMessage(message);
  // Nobody aborts here: the whole thread is ended.
  const { signal } = new AbortController();

  async function run(id: number, job: TextJob): Promise<void> {
    const { origin, format, columns, path, range, header, target } = job;
    const parser = createParser({
      format: format === null ? null : parseLogFormat(format),
      columns,
      origin,
      ...(target.database === null ? {} : { rowsPerBatch: BATCH_ROWS }),
      ...(range === null || range.first === null ? {} : { first: range.first }),
    });
    const chunks = createChunkQueue();
    jobs.set(id, chunks);
    const inflater = inflaters.pop() ?? createInflater();
    let untold = 0;
    const tell = (): void => {
      post({ kind: 'bytes', id, count: untold });
      untold = 0;
    };
    const taker = {
      batch: (batch: RecordColumns) => files.write(target, batch.rows, batch.columns),
      bytes(count: number) {
        untold += count;
        // A message takes as long as to read 50 kB. Who gives chunks waits for it.
        if (path === null || untold >= TOLD_BYTES) tell();
      },
    };
    let otherHeader = false;
    const onOther = (): void => {
      otherHeader = true;
    };
    const text =
      path === null
        ? chunks.read()
        : range === null || header === null
          ? recordLines(job, textOfFile(path, inflater, signal))
          : ownLines(header, bytesOfRange(path, range), onOther);
    const end = await readText(text, parser, taker, signal);
    // Until here something of its memory may have been in use.
    inflaters.push(inflater);
    if (untold > 0) tell();
    post({ kind: 'end', id, end: { ...end, otherHeader } });
  }

  port.on('message', (message: ToThread) => {
    const { id } = message;
    if (message.kind === 'job') {
      run(id, message.job)
        .catch((error: unknown) => post({ kind: 'failed', id, error: postedError(error) }))
        .finally(() => jobs.delete(id));
    } else if (message.kind === 'chunk') jobs.get(id)?.push(message.bytes);
    else if (message.kind === 'chunks-end') {
      jobs.get(id)?.end(message.error === null ? null : receivedError(message.error));
    } else {
      try {
        post({ kind: 'finished', id, written: files.close() });
      } catch (error) {
        post({ kind: 'failed', id, error: postedError(error) });
      }
    }
  });
}

type ChunkQueue = {
  push(chunk: Uint8Array): void;
  end(error: Error | null): void;
  read(): AsyncGenerator<Uint8Array>;
};

function createChunkQueue(): ChunkQueue {
  const chunks: Uint8Array[] = [];
  let ended: { readonly error: Error | null } | null = null;
  let come = Promise.withResolvers<void>();
  const wake = (): void => {
    come.resolve();
    come = Promise.withResolvers();
  };
  return {
    push(chunk) {
      chunks.push(chunk);
      wake();
    },
    end(error) {
      ended = { error };
      wake();
    },
    async *read() {
      for (;;) {
        const next = chunks.shift();
        if (next !== undefined) yield next;
        else if (ended !== null) {
          if (ended.error !== null) throw ended.error;
          return;
        } else await come.promise;
      }
    },
  };
}

const given = workerData as { role?: string; number?: number } | null;
if (parentPort !== null && given?.role === ROLE) serve(parentPort, given.number ?? 0);
