/**
 * A live capture: the pcap stream that a tcpdump child writes into a FIFO.
 *
 * In:    the FIFO's path. Out: a `CaptureSource` that ends when the child closes the FIFO.
 * Holds: a batch at least once a second, with no rows if need be, and of few packets 0.2 s after they came. Small reads do not
 *        each make a batch: a batch is given when it is full or the bytes at hand are used up. Devices are named from the host's
 *        own when they are first seen.
 * Fails: throws FG_CAPTURE_UNREADABLE when the FIFO cannot be opened; a stream that ends inside a packet is `problem`.
 */
import { createPacketBatch, type PacketBatch, type SourceDevice } from '../../../model/batch.ts';
import { failureFrom, type FlowgaugeError } from '../../../model/errors.ts';
import { CaptureDecoder } from '../decode/decoder.ts';
import { listDevices } from '../devices.ts';
import type { CaptureSource } from '../source.ts';
import { Arrival } from './arrival.ts';
import { openFifo } from './pieces.ts';

const BATCH_MILLIS = 1000;

export type PacketStreamOptions = {
  /** Packets that the capture lost so far, modulo 2^32: `drops` of `startCapture`, shared with its thread. */
  readonly drops?: Uint32Array;
  /** The device's name where the capture is of one device, whose frames do not say it; default: frames name it. */
  readonly device?: string;
};

/**
 * Opens the stream; its writer may come later.
 *
 * @param path  the FIFO
 * @param name  what messages call the capture
 */
export async function openPacketStream(
  path: string,
  name: string,
  options: PacketStreamOptions = {},
): Promise<CaptureSource> {
  try {
    return new PacketStream(await openFifo(path), name, options);
  } catch (error) {
    throw failureFrom(error, 'FG_CAPTURE_UNREADABLE', path, String(error));
  }
}

/** What a kernel index stands for on this host. */
function describe(ifindex: number, linkType: number): SourceDevice | null {
  const device = listDevices().find((one) => one.ifindex === ifindex);
  if (device === undefined) return null;
  const { name, mac, addresses } = device;
  return { name, ifindex, mac, addresses: addresses.map(({ address }) => address), linkType };
}

/** The one device of a capture; its link type is not known before the first byte and is taken to be Ethernet. */
function single(name: string): SourceDevice {
  const found = listDevices().find((one) => one.name === name);
  const known = found === undefined ? null : describe(found.ifindex, 1);
  return known ?? { name, ifindex: 0, mac: null, addresses: [], linkType: 1 };
}

class PacketStream implements CaptureSource {
  readonly live = true;
  readonly #decoder: CaptureDecoder;
  readonly #fd: number;
  readonly #drops: Uint32Array | null;
  #dropsTaken = 0;
  problem: FlowgaugeError | null = null;

  constructor(fd: number, name: string, options: PacketStreamOptions) {
    this.#fd = fd;
    this.#drops = options.drops ?? null;
    this.#decoder = new CaptureDecoder({
      name,
      describe,
      ...(options.device === undefined ? {} : { device: single(options.device) }),
    });
  }

  get info(): CaptureDecoder['info'] {
    return this.#decoder.info;
  }

  get count(): CaptureDecoder['count'] {
    return this.#decoder.count;
  }

  get malformedAt(): readonly number[] {
    return this.#decoder.malformedAt;
  }

  takeDrops(): number {
    const now = this.#lost();
    const taken = (now - this.#dropsTaken) >>> 0;
    this.#dropsTaken = now;
    return taken;
  }

  #lost(): number {
    return this.#drops === null ? 0 : Atomics.load(this.#drops, 0);
  }

  async *batches(batch: PacketBatch = createPacketBatch()): AsyncGenerator<PacketBatch, void, undefined> {
    const decoder = this.#decoder;
    const arrival = new Arrival(this.#fd);
    let anyBytes = false;
    let lost = this.#lost();
    try {
      for (;;) {
        if (lost !== (lost = this.#lost())) arrival.lost();
        batch.rows = 0;
        let full = decoder.fill(batch);
        while (!full) {
          const piece = arrival.take();
          if (piece === null) break;
          anyBytes = true;
          decoder.push(piece);
          full = decoder.fill(batch);
        }
        if (decoder.problem !== null) {
          if (batch.rows > 0) yield batch;
          break;
        }
        if (batch.rows === 0 && arrival.isOver) break;
        if (batch.rows > 0 || !(await arrival.within(BATCH_MILLIS))) yield batch;
      }
    } finally {
      arrival.close();
    }
    if (anyBytes) decoder.finish();
    this.problem = decoder.problem;
  }
}
