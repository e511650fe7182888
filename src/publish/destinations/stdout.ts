/**
 * Standard output: records as text for whoever reads them.
 *
 * In:    text of whole records. Out: the same on the stream; a signal when nobody reads it any more.
 * Holds: a reader that has gone (`| head`) is a quiet end: no error, nothing on stderr. There is no spool.
 * Fails: with the stream's error of any other kind, such as a full disk behind a redirection.
 */
import { fstatSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { codeOf, fileFailure } from '../../storage/object/file-errors.ts';

export interface RecordOutput {
  /** Aborted when the reader has gone: stop reading packets, end with exit 0. */
  readonly unread: AbortSignal;
  /** Kept when the stream has taken the bytes, or when nobody reads them. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the watch over the reader; the stream stays open. */
  close(): void;
}

/** Seconds between two looks of the watcher. */
const LOOK_SECONDS = 0.2;

/**
 * Opens the stream for records.
 *
 * @param watchFd  the stream's descriptor, for a live source: a window may bring nothing to write for a minute, so the
 *                 reader is watched meanwhile. Null for a file, where the next write finds out.
 */
export function openStdout(stream: Writable, watchFd: number | null): RecordOutput {
  const gone = new AbortController();
  let broken: unknown = null;
  const onError = (error: unknown): void => {
    if (codeOf(error) === 'EPIPE') gone.abort();
    else broken ??= error;
  };
  // Stays for the life of the process: what is still in the stream may fail after the last write.
  stream.on('error', onError);
  const stopWatching = watchFd === null ? () => {} : watchReader(watchFd, () => gone.abort());
  return {
    unread: gone.signal,
    write(bytes) {
      if (gone.signal.aborted) return Promise.resolve();
      if (broken !== null) return Promise.reject(fileFailure(broken, 'stdout'));
      return new Promise((resolve, reject) => {
        stream.write(bytes, (error) => {
          if (!error || codeOf(error) === 'EPIPE') resolve();
          else reject(fileFailure(error, 'stdout'));
        });
      });
    },
    close: stopWatching,
  };
}

/**
 * Tells when the reading end of a pipe is closed. Node polls a pipe only while it writes, so GNU `tail` does it: following
 * a file in which nothing happens, it looks after its own output and dies of SIGPIPE. Where there is no such `tail`,
 * nothing is told and the next write finds out.
 */
function watchReader(fd: number, gone: () => void): () => void {
  if (!fstatSync(fd).isFIFO()) return () => {};
  const options = ['-f', '-s', String(LOOK_SECONDS), `--pid=${process.pid}`, '/dev/null'];
  // Loaded here: records of a file need no other process.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const watcher = spawn('tail', options, { stdio: ['ignore', fd, 'ignore'] });
  watcher.on('error', () => {});
  watcher.on('exit', (_code, signal) => {
    if (signal === 'SIGPIPE') gone();
  });
  watcher.unref();
  return () => void watcher.kill('SIGKILL');
}
