/**
 * Starts a capture in the process with capabilities and speaks to it.
 *
 * In:    which devices, how much of a packet, and the FIFO. Out: a running capture.
 * Holds: `drops` may be read by any thread while it grows.
 * Fails: FG_CAPTURE_REFUSED when tcpdump does not begin, FG_DEVICE_UNKNOWN where the device is not there; later `exited` gives FG_CAPTURE_ENDED when it ends unasked.
 */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { failure, failureFrom, type FlowgaugeError } from '../../model/errors.ts';
import { captureSide } from './capture-side.ts';
import { readCommand, type CaptureOrder, type Told } from './commands.ts';
import { lacksDevice } from './tcpdump-process.ts';

/** A capture that runs. */
export type RunningCapture = {
  /** Of the process with capabilities. */
  readonly pid: number | null;
  /** The way to its nft, where that was asked for; to be handed to whoever uses it. */
  readonly nft: Socket | null;
  /** One number: packets lost by kernel and device so far, modulo 2^32. Shared memory. */
  readonly drops: Uint32Array;
  /** Makes tcpdump write out what it holds. It does so by itself twice a second. */
  flush(): void;
  /**
   * Ends the capture; settles when the FIFO is closed and everything is written. Takes 1.2 s, so that the packets which the
   * kernel still holds come too; with `now` they are given up.
   */
  stop(options?: { now: boolean }): Promise<void>;
  /** Settles when the capture has ended: null when it was asked to, else why. Never rejects. */
  readonly exited: Promise<FlowgaugeError | null>;
};

/** Makes a FIFO that only its owner may open. */
export async function makeFifo(path: string, owner?: { readonly uid: number; readonly gid: number }): Promise<void> {
  try {
    await promisify(execFile)('mkfifo', ['-m', '600', '--', path]);
    if (owner !== undefined) await chown(path, owner.uid, owner.gid);
  } catch (error) {
    throw failureFrom(error, 'FG_FIFO_FAILED', path, error instanceof Error ? error.message.trim() : String(error));
  }
}

/**
 * Starts a capture; settles when tcpdump listens. The FIFO's reader may come before or after.
 *
 * @param said     told of lines on the child's stderr; default: they go to ours
 * @param withNft  whether it is to run nft too
 */
export async function startCapture(
  order: CaptureOrder,
  said?: (line: string) => void,
  withNft = false,
): Promise<RunningCapture> {
  // The child takes no such order, and would not say so.
  if (readCommand({ do: 'start', ...order }) === null)
    throw failure('FG_CAPTURE_REFUSED', order.devices, 'that cannot be the name of a device');
  const drops = new Uint32Array(new SharedArrayBuffer(4));
  const side = captureSide(said, withNft);
  const listening = Promise.withResolvers<void>();
  const exited = Promise.withResolvers<FlowgaugeError | null>();
  let listens = false;
  let end: FlowgaugeError | null = failure('FG_CAPTURE_ENDED', order.devices, 'the process that runs it was killed');
  const hear = (told: Told): void => {
    if (told.is === 'ready') side.send({ do: 'start', ...order });
    else if (told.is === 'listening') {
      listens = true;
      listening.resolve();
    } else if (told.is === 'drops') Atomics.store(drops, 0, told.total);
    else if (told.is === 'may') return;
    else if (told.asked) end = null;
    else if (listens) end = failure('FG_CAPTURE_ENDED', order.devices, told.words);
    else if (lacksDevice(told.words)) end = failure('FG_DEVICE_UNKNOWN', order.devices, devicesHere());
    else end = failure('FG_CAPTURE_REFUSED', order.devices, told.words);
  };
  const gone = (error: Error | null): void => {
    if (error !== null) end = failureFrom(error, 'FG_CAPTURE_REFUSED', order.devices, String(error));
    listening.reject(end ?? failure('FG_CAPTURE_ENDED', order.devices, 'it was stopped'));
    exited.resolve(end);
  };
  side.listen(hear, gone);
  await listening.promise;
  return {
    pid: side.pid,
    nft: side.nft,
    drops,
    flush: () => side.send({ do: 'flush' }),
    stop: async (options = { now: false }) => {
      side.send({ do: 'stop', now: options.now });
      await exited.promise;
    },
    exited: exited.promise,
  };
}

/** Devices that are named where one is missing; a host of many containers has hundreds. */
const NAMED_AT_MOST = 12;

function devicesHere(): readonly string[] {
  let names: string[] = [];
  try {
    names = readdirSync('/sys/class/net').toSorted();
  } catch {
    // Without that folder the message names none.
  }
  const more = names.length - NAMED_AT_MOST;
  return more > 0 ? [...names.slice(0, NAMED_AT_MOST), `${more} more`] : names;
}
