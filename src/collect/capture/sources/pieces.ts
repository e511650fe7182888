/**
 * Bytes of files and pipes, a piece at a time.
 *
 * In:    an open file or descriptor. Out: pieces in order. Holds: a piece is valid until the next one is asked for; memory
 *        stays the same however long the input is. Ending early closes what was opened.
 * Fails: with the system's error.
 */
import { constants, readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';

/** Bytes of the longest piece of a file: what stays in the processor's cache until it is used. */
export const PIECE_BYTES = 524_288;

/**
 * A regular file. The thread that uses the bytes reads them, for what another one read would lie in another cache; from a
 * disk the system reads ahead. The event loop has a turn between two pieces.
 *
 * @param room  where each piece is put, `PIECE_BYTES` long
 */
export async function* filePieces(file: FileHandle, room: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for (;;) {
      const bytes = readSync(file.fd, room, 0, room.length, null);
      if (bytes === 0) return;
      yield room.subarray(0, bytes);
      await setImmediate();
    }
  } finally {
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
