/**
 * Bytes of files and pipes, a piece at a time.
 *
 * In:    an open file or descriptor. Out: pieces in order. Holds: a piece is valid until the next one is asked for; memory
 *        stays the same however long the input is. Ending early closes what was opened.
 * Fails: with the system's error.
 */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Socket } from 'node:net';

const PIECE_BYTES = 1_048_576;

/** A regular file in few large reads; the next is under way while a piece is in use. */
export async function* filePieces(file: FileHandle): AsyncGenerator<Uint8Array, void, undefined> {
  const buffers = [new Uint8Array(PIECE_BYTES), new Uint8Array(PIECE_BYTES)] as const;
  const read = (turn: 0 | 1): Promise<number | Error> =>
    file.read(buffers[turn], 0, PIECE_BYTES, null).then(
      ({ bytesRead }) => bytesRead,
      (error: unknown) => error as Error,
    );
  let turn: 0 | 1 = 0;
  let reading = read(turn);
  try {
    for (;;) {
      const bytes = await reading;
      if (typeof bytes !== 'number') throw bytes;
      if (bytes === 0) return;
      const full = turn;
      turn = turn === 0 ? 1 : 0;
      reading = read(turn);
      yield buffers[full].subarray(0, bytes);
    }
  } finally {
    await reading;
    await file.close();
  }
}

/**
 * A pipe, FIFO or socket. It is read when bytes are there and never blocks a thread, so the process can end at any time.
 *
 * @param fd  is closed at the end
 */
export function pipeSocket(fd: number): Socket {
  return new Socket({ fd, readable: true, writable: false });
}

/** The pieces of `pipeSocket`. */
export async function* pipePieces(fd: number): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of pipeSocket(fd)) yield piece as Uint8Array;
}

/** Opens a FIFO for reading without waiting for its writer. */
export async function openFifo(path: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const fs = await import('node:fs');
  fs.open(path, constants.O_RDONLY | constants.O_NONBLOCK, (error, fd) =>
    error === null ? resolve(fd) : reject(error),
  );
  return promise;
}

/** Opens a regular file for reading. */
export function openFile(path: string): Promise<FileHandle> {
  return open(path, 'r');
}
