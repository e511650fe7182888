/**
 * What has arrived at a live capture's FIFO and was not taken yet.
 *
 * In:    the FIFO. Out: its bytes in order, in pieces that stay as they are. Holds: it is read in turns, as `Pace` says, and not while
 *        4 MiB are at hand. Its end is seen after a pause at the latest.
 * Fails: never; what cannot be read has ended.
 */
import { Socket } from 'node:net';
import { FIFO_BYTES, Pace } from './pace.ts';

/** The child is not read from while this much is at hand. */
const AT_HAND_BYTES = 4_194_304;

/** Bytes of one FIFO. */
export class Arrival {
  isOver = false;
  readonly #socket: Socket;
  readonly #pace = new Pace();
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;
  #isFull = false;
  #pause: NodeJS.Timeout | null = null;
  #wake: (() => void) | null = null;

  /** @param fd  is closed at the end */
  constructor(fd: number) {
    // One place for all reads: a place of its own for each would be 64 KiB for what is mostly less.
    const onread = {
      buffer: new Uint8Array(FIFO_BYTES),
      callback: (bytes: number, room: Uint8Array): boolean => this.#came(room.slice(0, bytes)),
    };
    this.#socket = new Socket({ fd, readable: true, writable: false, onread });
    const over = (): void => {
      this.isOver = true;
      this.#wake?.();
    };
    this.#socket.on('end', over);
    this.#socket.on('error', over);
    this.#socket.on('close', over);
    this.#socket.resume();
  }

  take(): Uint8Array | null {
    const piece = this.#pieces.shift();
    if (piece === undefined) return null;
    this.#bytes -= piece.length;
    if (this.#isFull && this.#bytes < AT_HAND_BYTES / 2) {
      this.#isFull = false;
      if (this.#pause === null) this.#socket.resume();
    }
    return piece;
  }

  /** Waits for more bytes or the end; false when neither came in time. */
  async within(millis: number): Promise<boolean> {
    if (this.#pieces.length > 0 || this.isOver) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), millis);
    this.#wake = () => resolve(true);
    const came = await promise;
    clearTimeout(timer);
    this.#wake = null;
    return came;
  }

  /** Packets were lost: no pauses for a while. */
  lost(): void {
    this.#pace.lost(performance.now());
  }

  close(): void {
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#socket.destroy();
  }

  /** Whether to read on at once. */
  #came(piece: Uint8Array): boolean {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    this.#isFull = this.#bytes > AT_HAND_BYTES;
    const wait = this.#pace.after(piece.length, performance.now());
    if (wait > 0)
      this.#pause = setTimeout(() => {
        this.#pause = null;
        if (!this.#isFull) this.#socket.resume();
      }, wait);
    this.#wake?.();
    return wait === 0 && !this.#isFull;
  }
}
