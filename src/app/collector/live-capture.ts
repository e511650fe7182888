/**
 * A live capture as a collector reads it: the privileged child that writes packets into a FIFO.
 *
 * In:    a device, or `any`. Out: the FIFO, the count of drops, a way to stop.
 * Holds: the FIFO is made for this capture and taken away with it.
 * Fails: when tcpdump is missing or may not capture; the error says what to grant or install.
 */
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaptureBeside } from '../../collect/privileged/start-capture.ts';
import { makeFifo, startCapture } from '../../collect/privileged/start-capture.ts';

/** Bytes of each packet that are captured: headers, extension headers and what an ICMP error quotes. */
const SNAP_LENGTH = 256;
/** What libpcap 1.10 has room for from the kernel at once is this: many packets of a group come together. Rules copy what they say. */
const NFLOG_SNAP_LENGTH = 262_144;

/** The FIFO in its directory. */
export const FIFO_NAME = 'packets.fifo';

/** Of rejected packets. */
const REJECTS_FIFO = 'rejects.fifo';

export type LiveCapture = {
  readonly fifo: string;
  /** Of the child; tcpdump is a child of it. */
  readonly pid: number | null;
  /** The way to the child's nft, where that was asked for. */
  readonly nft: Socket | null;
  /** Packets lost by the capture so far, modulo 2^32; shared memory. */
  readonly drops: Uint32Array;
  /** Of what was started with `isHeld`: the devices of these numbers are captured from now on, and no others. */
  follow(only: readonly number[]): void;
  /** Captures a group of NFLOG beside it, into a FIFO of its own. */
  beside(group: number): Promise<CaptureBeside & { readonly fifo: string }>;
  /** Flushes and ends the capture; the reader of the FIFO comes to its end. With `now` what the kernel holds is given up. */
  stop(options?: { now: boolean }): Promise<void>;
  /** Settles when the capture has ended; rejects when nobody asked it to. */
  ended(): Promise<void>;
};

export type LiveOptions = {
  /** Where the FIFO is made; default one of its own. */
  readonly directory?: string;
  /** Who reads the FIFO, where that is not this user. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Told of lines that the child writes on its stderr; default: they go to ours. */
  readonly said?: (line: string) => void;
  /** Whether the child is to run nft too. */
  readonly withNft?: boolean;
  /** Nothing is captured until `follow`. */
  readonly isHeld?: boolean;
};

/**
 * Starts a capture.
 *
 * @param device     name of a device, or `any`
 */
export async function startLiveCapture(
  device: string,
  { directory, owner, said, withNft = false, isHeld = false }: LiveOptions = {},
): Promise<LiveCapture> {
  const made = directory ?? (await mkdtemp(join(tmpdir(), 'flowgauge-')));
  const fifo = join(made, FIFO_NAME);
  const rejects = join(made, REJECTS_FIFO);
  const remove = (): void => {
    endReaders(rejects, () => rmSync(rejects, { force: true }));
    endReaders(fifo, () => rmSync(directory === undefined ? made : fifo, { recursive: true, force: true }));
  };
  process.once('exit', remove);
  const snapLength = device.startsWith('nflog') ? NFLOG_SNAP_LENGTH : SNAP_LENGTH;
  try {
    await makeFifo(fifo, owner);
    const running = await startCapture({ devices: device, snapLength, fifo }, { said, withNft, isHeld });
    const gone = running.exited.finally(remove);
    return {
      fifo,
      pid: running.pid,
      nft: running.nft,
      drops: running.drops,
      follow: (only) => running.follow(only),
      async beside(group) {
        rmSync(rejects, { force: true });
        await makeFifo(rejects, owner);
        const order = { devices: `nflog:${group}`, snapLength: NFLOG_SNAP_LENGTH, fifo: rejects };
        const { drops, exited } = await running.beside(order);
        return { fifo: rejects, drops, exited };
      },
      stop: (options) => running.stop(options),
      async ended() {
        const error = await gone;
        if (error !== null) throw error;
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * A reader that opened the FIFO when its writer had gone already would wait for ever: it sees the end only of a writer
 * that comes and goes. Who comes after `remove` finds no FIFO.
 */
function endReaders(fifo: string, remove: () => void): void {
  let fd = -1;
  try {
    fd = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  } catch {
    // It is gone, or not ours: there is nobody to tell.
  }
  remove();
  if (fd >= 0) closeSync(fd);
}
