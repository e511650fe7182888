/**
 * A capture's bytes into packets, in whatever pieces they come.
 *
 * In:    `push` pieces, `finish` at the end. Out: `fill` writes packets into a batch.
 * Holds: the container (pcap, pcapng) is recognised by its first four bytes. Cutting the bytes anywhere gives the same
 *        packets: a record that a cut goes through is put together in a small buffer, all others are read where they are.
 *        in = out + the sum of lost, whenever `fill` has returned.
 * Fails: never throws on bytes; `problem` says why reading ended before the bytes did, and what was read stays read.
 */
import type { PacketBatch, SourceDevice, SourceInfo } from '../../../model/batch.ts';
import { createStageCount, type StageCount } from '../../../model/counters.ts';
import { failure, type FlowgaugeError } from '../../../model/errors.ts';
import type { ContainerReader, Reading } from './container.ts';
import { DeviceList, type DescribeDevice } from './devices.ts';
import { FrameDecoder } from './frames.ts';
import { clearBatch, HeaderDecoder } from './headers.ts';
import { LinkPairs } from './link-pairs.ts';
import type { LoopedFrames } from './looped-frames.ts';
import { isPcap, PcapReader } from './pcap.ts';
import { isPcapng, PcapngReader } from './pcapng.ts';

const MAGIC_BYTES = 4;

export type DecoderOptions = {
  /** What messages call the capture. */
  readonly name: string;
  /** The device that all frames come from, where the container cannot say so (a live capture of one device). */
  readonly device?: SourceDevice;
  /** What a kernel index of a frame stands for; default: a device that has nothing but its index. */
  readonly describe?: DescribeDevice;
  /** False: link-layer addresses are not wanted; `link` of every packet is 0. */
  readonly links?: boolean;
  /** Reads what of the pieces lies in its room. */
  readonly looped?: LoopedFrames;
};

export class CaptureDecoder {
  readonly count: StageCount = createStageCount();
  problem: FlowgaugeError | null = null;
  readonly #name: string;
  readonly #reading: Reading;
  #reader: ContainerReader | null = null;
  #piece: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  /** Offset in the capture of the piece's first byte. */
  #base = 0;
  #carry = new Uint8Array(4096);
  #carried = 0;

  constructor(options: DecoderOptions) {
    this.#name = options.name;
    const frames = new FrameDecoder(
      new HeaderDecoder(),
      new LinkPairs(options.links ?? true),
      new DeviceList(options.describe ?? ((): null => null)),
    );
    this.#reading = {
      frames,
      count: this.count,
      malformedAt: [],
      device: options.device ?? null,
      looped: options.looped ?? null,
      snapLength: 0,
    };
    const reading = this.#reading;
    this.info = {
      name: options.name,
      devices: frames.devices.list,
      linkPairs: frames.links.pairs,
      get snapLength() {
        return reading.snapLength;
      },
    };
  }

  /** What the capture is; grows while it is read. */
  readonly info: SourceInfo;

  /** Byte offsets (of the unpacked capture) of the first malformed frames, eight at most. */
  get malformedAt(): readonly number[] {
    return this.#reading.malformedAt;
  }

  /** Gives the next piece. It must stay as it is until `fill` gives false; the one before must be used up. */
  push(bytes: Uint8Array): void {
    this.#base += this.#end;
    this.#piece = bytes;
    this.#at = 0;
    this.#end = bytes.length;
  }

  /**
   * Writes packets behind the batch's rows; an empty batch is cleared first.
   *
   * @returns true: the batch is full; false: the pushed bytes are used up, or a problem ended the reading
   */
  fill(batch: PacketBatch): boolean {
    if (batch.rows === 0) clearBatch(batch);
    while (this.problem === null) {
      if (batch.rows === batch.capacity) return true;
      if (this.#carried > 0) {
        if (!this.#fillFromCarry(batch)) break;
      } else if (this.#at === this.#end) {
        break;
      } else {
        this.#fillFromPiece(batch);
      }
    }
    this.#note();
    return batch.rows === batch.capacity;
  }

  /** Says that no more bytes come. */
  finish(): void {
    if (this.problem !== null) return;
    const reader = this.#reader;
    if (reader === null) {
      this.problem =
        this.#carried === 0
          ? failure('FG_CAPTURE_EMPTY', this.#name)
          : failure('FG_CAPTURE_UNKNOWN', this.#name, hex(this.#carry, this.#carried));
      return;
    }
    const at = this.#base + this.#end;
    if (this.#carried > 0 || reader.isInside) {
      this.problem = failure('FG_CAPTURE_TRUNCATED', this.#name, reader.within, at, this.count.out);
    } else if (reader instanceof PcapngReader && reader.unread !== null) {
      this.problem = failure('FG_CAPTURE_LINK_TYPE', this.#name, reader.unread.linkType, reader.unread.at);
    }
  }

  #fillFromPiece(batch: PacketBatch): void {
    const reader = this.#recognise(this.#piece, this.#at, this.#end);
    if (reader !== null) {
      reader.base = this.#base;
      this.#at = reader.take(this.#piece, this.#at, this.#end, batch);
      this.#stop(reader);
    }
    if (this.problem !== null || batch.rows === batch.capacity || this.#at === this.#end) return;
    this.#carryOver(this.#end - this.#at);
  }

  /** Puts the record together that the cut before this piece went through; false when more bytes must come. */
  #fillFromCarry(batch: PacketBatch): boolean {
    const needs = this.#reader === null ? MAGIC_BYTES : this.#reader.needs;
    if (this.#carried < needs) this.#carryOver(Math.min(needs - this.#carried, this.#end - this.#at));
    if (this.#carried < needs) return false;
    const reader = this.#recognise(this.#carry, 0, this.#carried);
    if (reader === null) return true;
    reader.base = this.#base + this.#at - this.#carried;
    const used = reader.take(this.#carry, 0, this.#carried, batch);
    this.#stop(reader);
    this.#carry.copyWithin(0, used, this.#carried);
    this.#carried -= used;
    return true;
  }

  #carryOver(bytes: number): void {
    const total = this.#carried + bytes;
    if (total > this.#carry.length) {
      const larger = new Uint8Array(Math.max(total, this.#carry.length * 2));
      larger.set(this.#carry.subarray(0, this.#carried));
      this.#carry = larger;
    }
    this.#carry.set(this.#piece.subarray(this.#at, this.#at + bytes), this.#carried);
    this.#carried = total;
    this.#at += bytes;
  }

  #recognise(bytes: Uint8Array, at: number, end: number): ContainerReader | null {
    if (this.#reader !== null || end - at < MAGIC_BYTES) return this.#reader;
    const b0 = bytes[at]!;
    const b1 = bytes[at + 1]!;
    const b2 = bytes[at + 2]!;
    const b3 = bytes[at + 3]!;
    if (isPcap(b0, b1, b2, b3)) this.#reader = new PcapReader(this.#reading);
    else if (isPcapng(b0, b1, b2, b3)) this.#reader = new PcapngReader(this.#reading);
    else this.problem = failure('FG_CAPTURE_UNKNOWN', this.#name, hex(bytes.subarray(at), MAGIC_BYTES));
    return this.#reader;
  }

  #stop(reader: ContainerReader): void {
    const stop = reader.stop;
    if (stop === null) return;
    this.problem =
      stop.kind === 'corrupt'
        ? failure('FG_CAPTURE_CORRUPT', this.#name, stop.at, stop.what, this.count.out)
        : failure('FG_CAPTURE_LINK_TYPE', this.#name, stop.linkType, stop.at);
  }

  #note(): void {
    const unnumbered = this.#reading.frames.links.unnumbered;
    if (unnumbered > 0) this.count.notes['link-pairs-full'] = unnumbered;
  }
}

function hex(bytes: Uint8Array, length: number): string {
  let text = '';
  for (let i = 0; i < Math.min(length, MAGIC_BYTES); i += 1) text += bytes[i]!.toString(16).padStart(2, '0');
  return text;
}
