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
import { MOST_ONLY, readCommand, type CaptureName, type CaptureOrder, type Command, type Told } from './commands.ts';
import { lacksDevice } from './tcpdump-process.ts';

/** A capture that runs. */
export type RunningCapture = {
  /** Of the process with capabilities. */
  readonly pid: number | null;
  /** The way to its nft, where that was asked for; to be handed to whoever uses it. */
  readonly nft: Socket | null;
  /** One number: packets lost by kernel and device so far, modulo 2^32. Shared memory. */
  readonly drops: Uint32Array;
  /**
   * Of what was started with `isHeld`: from now on the devices of these numbers are captured, and no others. What was captured before and goes on
   * is captured without a break.
   */
  follow(only: readonly number[]): void;
  /** Starts a capture beside it, which ends with it; rejects where tcpdump does not begin. */
  beside(order: CaptureOrder): Promise<CaptureBeside>;
  /**
   * Ends the capture; settles when the FIFO is closed and everything is written. Takes 1.2 s, so that the packets which the
   * kernel still holds come too; with `now` they are given up.
   */
  stop(options?: { now: boolean }): Promise<void>;
  /** Settles when the capture has ended: null when it was asked to, else why. Never rejects. */
  readonly exited: Promise<FlowgaugeError | null>;
};

/** One that runs beside another; `drops` and `exited` are as those of that one. */
export type CaptureBeside = Pick<RunningCapture, 'drops' | 'exited'>;

export type CaptureOptions = {
  /** Told of lines on the child's stderr; default: they go to ours. */
  readonly said?: ((line: string) => void) | undefined;
  /** Whether the child is to run nft too. */
  readonly withNft?: boolean;
  /** The FIFO is opened and nothing captured until `follow`. */
  readonly isHeld?: boolean;
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

/** Starts a capture; settles when tcpdump listens. The FIFO's reader may come before or after. */
export async function startCapture(
  order: CaptureOrder,
  { said, withNft = false, isHeld = false }: CaptureOptions = {},
): Promise<RunningCapture> {
  checkOrder(order);
  const side = captureSide(said, withNft);
  const packets = new Heard(order);
  let beside: Heard | null = null;
  const parts = new Parts(order, (command) => side.send(command));
  const hear = (told: Told): void => {
    if (told.is === 'ready')
      side.send(
        isHeld ? { do: 'hold', name: 'packets', fifo: order.fifo } : { do: 'start', name: 'packets', ...order },
      );
    else if (told.is === 'may') return;
    else if (told.name === 'packets') packets.hear(told);
    else if (told.name !== 'rejects') {
      Atomics.store(packets.drops, 0, parts.hear(told));
      if (told.is !== 'ended' || told.asked) return;
      packets.hear(told);
      side.send({ do: 'stop', name: 'packets', now: true });
    } else {
      beside?.hear(told);
      if (told.is === 'ended') beside?.gone(null);
    }
  };
  side.listen(hear, (error) => {
    packets.gone(error);
    beside?.gone(error);
  });
  await packets.listening;
  return {
    pid: side.pid,
    nft: side.nft,
    drops: packets.drops,
    follow: (only) => parts.follow(only),
    async beside(another) {
      checkOrder(another);
      beside = new Heard(another);
      side.send({ do: 'start', name: 'rejects', ...another });
      await beside.listening;
      return beside;
    },
    stop: async (options = { now: false }) => {
      side.send({ do: 'stop', name: 'packets', now: options.now });
      await packets.exited;
    },
    exited: packets.exited,
  };
}

/** The child takes no other order, and would not say so. */
function checkOrder(order: CaptureOrder): void {
  if (readCommand({ do: 'start', name: 'packets', ...order }) === null)
    throw failure('FG_CAPTURE_REFUSED', order.devices, 'that cannot be the name of a device');
}

/** Captures of some devices each, which share a FIFO. */
class Parts {
  readonly #order: CaptureOrder;
  readonly #send: (command: Command) => void;
  readonly #only = new Map<CaptureName, ReadonlySet<number>>();
  /** Packets lost, by capture; of those that have ended too. */
  readonly #drops = new Map<CaptureName, number>();
  #last = 0;

  constructor(order: CaptureOrder, send: (command: Command) => void) {
    this.#order = order;
    this.#send = send;
  }

  /** Starts one for devices that came, and stops those none of whose devices is left; who has some left has them all. */
  follow(only: readonly number[]): void {
    const wanted = new Set(only);
    for (const [name, devices] of this.#only) {
      if (![...devices].some((device) => wanted.has(device))) {
        this.#only.delete(name);
        this.#send({ do: 'stop', name, now: true });
      } else for (const device of devices) wanted.delete(device);
    }
    const came = [...wanted];
    for (let from = 0; from < came.length; from += MOST_ONLY) {
      const part = came.slice(from, from + MOST_ONLY);
      const name: CaptureName = `packets-${++this.#last}`;
      this.#only.set(name, new Set(part));
      this.#send({ do: 'start', name, ...this.#order, only: part });
    }
  }

  /** Hears of one; the packets that all have lost. */
  hear(told: Exclude<Told, { is: 'ready' | 'may' }>): number {
    if (told.is === 'drops') this.#drops.set(told.name, told.total);
    return [...this.#drops.values()].reduce((sum, drops) => sum + drops, 0);
  }
}

/** What was heard of a capture. */
class Heard implements CaptureBeside {
  readonly drops = new Uint32Array(new SharedArrayBuffer(4));
  readonly listening: Promise<void>;
  readonly exited: Promise<FlowgaugeError | null>;
  readonly #devices: string;
  readonly #listening = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<FlowgaugeError | null>();
  #listens = false;
  /** Why it ended is known; what is stopped because of that tells no other reason. */
  #isOver = false;
  #end: FlowgaugeError | null;

  constructor({ devices }: CaptureOrder) {
    this.#devices = devices;
    this.listening = this.#listening.promise;
    this.exited = this.#exited.promise;
    this.#end = failure('FG_CAPTURE_ENDED', devices, 'the process that runs it was killed');
  }

  hear(told: Exclude<Told, { is: 'ready' | 'may' }>): void {
    if (told.is === 'listening') {
      this.#listens = true;
      this.#listening.resolve();
    } else if (told.is === 'drops') Atomics.store(this.drops, 0, told.total);
    else if (this.#isOver) return;
    else if (told.asked) this.#end = null;
    else if (this.#listens) this.#end = failure('FG_CAPTURE_ENDED', this.#devices, told.words);
    else if (lacksDevice(told.words)) this.#end = failure('FG_DEVICE_UNKNOWN', this.#devices, devicesHere());
    else this.#end = failure('FG_CAPTURE_REFUSED', this.#devices, told.words);
    this.#isOver = told.is === 'ended';
  }

  /** Nothing more comes of it. */
  gone(error: Error | null): void {
    if (error !== null) this.#end = failureFrom(error, 'FG_CAPTURE_REFUSED', this.#devices, String(error));
    this.#listening.reject(this.#end ?? failure('FG_CAPTURE_ENDED', this.#devices, 'it was stopped'));
    this.#exited.resolve(this.#end);
  }
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
