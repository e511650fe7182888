/**
 * The windows that a running `up` has open, as rows beside the objects that it has written.
 *
 * In:    the source over its bucket, its data directory. Out: the same source with one part more while `up` runs.
 * Holds: a record is there once: as part of an open window or in an object, never both and never neither. `up` counts what
 *        it does with its bucket; when the count has changed while the objects were listed, both are asked for again.
 *        Where `up` does not run nothing changes.
 * Fails: as the source does; what is wrong with asking `up` is noted.
 */
import { closeSync, openSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '../../storage/object/file-errors.ts';
import type { ObjectStore } from '../../storage/object/store.ts';
import type { Note } from '../../api/note.ts';
import type { TablePart, TableSource } from './source.ts';

/** Where below a data directory `up` listens; HTTP. */
export const OPEN_WINDOWS_SOCKET: string = join('run', 'open-windows.sock');
/** Its resource: records of open windows as text, header line first. */
export const OPEN_WINDOWS_PATH = '/open-windows';
/** The header that counts what `up` has done with its bucket. */
export const BUCKET_CHANGES = 'x-bucket-changes';

/** How often it is asked again when a window has closed meanwhile; they close once a minute. */
const ATTEMPTS = 4;
/** `up` answers within a second or so: it looks between two batches of packets. */
const SILENT_MILLIS = 10_000;
/** What fits into a socket's address, less the end. */
const LONGEST_PATH = 100;

/**
 * The source, with open windows.
 *
 * @param directory  the data directory
 * @param asks       false: they are left out, though columns are the same
 */
export function withOpenWindows(source: TableSource, directory: string, asks: boolean): TableSource {
  const path = join(directory, OPEN_WINDOWS_SOCKET);
  let problem: Note | null = null;
  return {
    ...source,
    marksOpen: true,
    async *plan(range, signal, onProgress) {
      for (let attempt = 0; ; attempt++) {
        let open: OpenWindows | null = null;
        if (attempt < ATTEMPTS) problem = null;
        if (asks && attempt < ATTEMPTS)
          open = await askUp(path, 'GET', signal).catch((error: unknown) => noteProblem(error, signal));
        const parts: TablePart[] = [];
        for await (const part of source.plan(range, signal, onProgress)) parts.push(part);
        if (open !== null) {
          const now = await askUp(path, 'HEAD', signal).catch((error: unknown) => noteProblem(error, signal));
          if (now?.changes !== open.changes) {
            if (attempt === ATTEMPTS - 1)
              problem = { kind: 'open-windows', why: 'windows closed each time while the objects were listed' };
            continue;
          }
          parts.push(partOf(open.text));
        }
        yield* parts;
        return;
      }
    },
    notes: () => [...(source.notes?.() ?? []), ...(problem === null ? [] : [problem])],
  };

  function noteProblem(error: unknown, signal: AbortSignal): null {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    problem = { kind: 'open-windows', why: `\`up\` did not give them (${why})` };
    return null;
  }
}

/**
 * The windows that are open now, as text, header line first.
 *
 * @param directory  the data directory
 * @param mostBytes  more is not read
 * @returns null where no `up` is running
 */
export async function lookAtOpenWindows(
  directory: string,
  mostBytes: number,
  signal: AbortSignal,
): Promise<Buffer | 'too-much' | null> {
  const found = await askUp(join(directory, OPEN_WINDOWS_SOCKET), 'GET', signal, mostBytes);
  return found === null ? null : found.text.length > mostBytes ? 'too-much' : found.text;
}

type OpenWindows = { readonly changes: string; readonly text: Buffer };

/** Asks; null where no `up` is running. Behind `mostBytes` reading ends. */
async function askUp(
  path: string,
  method: 'GET' | 'HEAD',
  signal: AbortSignal,
  mostBytes: number = Infinity,
): Promise<OpenWindows | null> {
  const reached = socketPath(path);
  if (reached === null) return null;
  try {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    // Imported as a module it brings all of `fetch` and WebSocket along, 20 ms of every question.
    const { request } = process.getBuiltinModule('node:http');
    const options = { socketPath: reached.path, path: OPEN_WINDOWS_PATH, method, agent: false, timeout: SILENT_MILLIS };
    const asked = request({ ...options, signal }, resolve);
    asked.on('error', reject);
    asked.on('timeout', () => asked.destroy(new Error(`nothing came for ${SILENT_MILLIS / 1000} s`)));
    asked.end();
    const answer = await promise;
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      if ((bytes += chunk.length) > mostBytes) break;
    }
    if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode}`);
    return { changes: String(answer.headers[BUCKET_CHANGES] ?? ''), text: Buffer.concat(chunks) };
  } catch (error) {
    // No socket, or one that a process left that has died.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ECONNREFUSED') return null;
    throw error;
  } finally {
    reached.close();
  }
}

/**
 * How a socket is named: its path, or, where that is longer than a socket's address, by its directory, held open.
 *
 * @returns null where the directory cannot be opened
 */
export function socketPath(path: string): { readonly path: string; close(): void } | null {
  if (Buffer.byteLength(path) <= LONGEST_PATH) return { path, close() {} };
  try {
    const directory = openSync(dirname(path), 'r');
    return { path: `/proc/self/fd/${directory}/${basename(path)}`, close: () => closeSync(directory) };
  } catch {
    return null;
  }
}

function partOf(text: Buffer): TablePart {
  const nothing = (): never => {
    throw new Error('open windows are only read');
  };
  const ref = { key: 'open windows', sizeBytes: text.length, etag: '' };
  const store: ObjectStore = {
    name: 'up',
    list: nothing,
    async *read() {
      yield text;
    },
    put: nothing,
    remove: nothing,
  };
  return { ref, store, kind: 'text', format: null, path: null, once: true, open: true };
}
