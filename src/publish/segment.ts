/**
 * A segment: records of one flow log and one slot in a file of the spool.
 *
 * In:    blocks of records. Out: the same blocks, checked.
 * Holds: format 1 is lines of JSON with record text between them:
 *          {"segment":1,"hostId","flowLog","slotSeconds"}
 *          {"stream","bytes","records","packets","lostPackets","crc32"} and that many bytes, for each block
 *          {"sealed":true,"records","packets","lostPackets","object"}
 *          {"crc32"}                                     of everything before this line
 *        A file that ends elsewhere is not sealed; what stands in it up to its last whole record can be used.
 * Fails: `FG_SEGMENT_DAMAGED`, naming the file, where bytes are not those that were written.
 */
import { open, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { failure } from '../model/errors.ts';
import type { FlowLog } from '../network/vpc/snapshot.ts';
import { parseLogFormat } from '../record/format.ts';
import { writeAll } from '../storage/object/stores/directory.ts';
import type { RecordBlock } from './destination.ts';

/** Format number: the first thing in a segment. */
const FORMAT = 1;
const READ_BYTES = 1 << 20;

/** Sums over the records of a segment. */
export type SegmentSums = { readonly records: number; readonly packets: number; readonly lostPackets: number };
/** Size and SHA-256 of the object that was made from a segment. */
export type ObjectFacts = { readonly sizeBytes: number; readonly sha256: string };

export type SegmentHead = { readonly hostId: string; readonly flowLog: FlowLog; readonly slotSeconds: number };
type BlockHead = SegmentSums & { readonly stream: string; readonly bytes: number; readonly crc32: number };
/** The end of a sealed segment. */
export type SegmentEnd = SegmentSums & { readonly object: ObjectFacts | null; readonly crc32: number };

/** Records of a block, before they have a segment. */
export type RecordRun = SegmentSums & { readonly stream: string; readonly text: Uint8Array };

/** A segment that is being written. */
export interface SegmentWriter {
  readonly sums: SegmentSums;
  /** Bytes of record text. */
  readonly textBytes: number;
  append(run: RecordRun): Promise<void>;
  /** Writes the end and brings all to disk; the caller renames the file. */
  seal(object: ObjectFacts | null): Promise<SegmentEnd>;
  /** Closes the file as it is. */
  abandon(): Promise<void>;
}

/** Begins a segment in a new file; where it cannot be begun there is none. */
export async function createSegment(path: string, head: SegmentHead): Promise<SegmentWriter> {
  const file = await open(path, 'wx');
  let crc = 0;
  let length = 0;
  let textBytes = 0;
  const sums = { records: 0, packets: 0, lostPackets: 0 };
  // What fails half-way is written over by the next attempt: it counts when it is whole.
  const write = async (bytes: Uint8Array): Promise<void> => {
    await writeAll(file, bytes, length);
    length += bytes.length;
    crc = crc32(bytes, crc);
  };
  try {
    await write(lineOf({ segment: FORMAT, ...head }));
  } catch (error) {
    await file.close();
    await unlink(path);
    throw error;
  }
  return {
    sums,
    get textBytes() {
      return textBytes;
    },
    async append({ stream, text, records, packets, lostPackets }) {
      const block: BlockHead = { stream, bytes: text.length, records, packets, lostPackets, crc32: crc32(text) };
      await write(Buffer.concat([lineOf(block), text]));
      textBytes += text.length;
      sums.records += records;
      sums.packets += packets;
      sums.lostPackets += lostPackets;
    },
    async seal(object) {
      const end = lineOf({ sealed: true, ...sums, object });
      const check = crc32(end, crc);
      await writeAll(file, Buffer.concat([end, lineOf({ crc32: check })]), length);
      await file.sync();
      await file.close();
      return { ...sums, object, crc32: check };
    },
    abandon: () => file.close(),
  };
}

function lineOf(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

/** Head and end of a segment as it lies there; `end` is null for one that was not sealed. */
export async function lookAtSegment(path: string): Promise<{ head: SegmentHead; end: SegmentEnd | null }> {
  const reader = await createReader(path);
  try {
    const head = headIn(await reader.line(), path);
    const last = await lastLines(reader.file);
    return { head, end: last };
  } finally {
    await reader.file.close();
  }
}

/** The last two lines, where they are the end of a sealed segment. */
async function lastLines(file: FileHandle): Promise<SegmentEnd | null> {
  const { size } = await file.stat();
  const tail = Buffer.alloc(Math.min(size, 1024));
  await file.read(tail, 0, tail.length, size - tail.length);
  const lines = tail.toString('latin1').split('\n');
  if (lines.pop() !== '') return null;
  const [end, check] = lines.slice(-2).map(jsonIn);
  if (end?.['sealed'] !== true || check === undefined || typeof check['crc32'] !== 'number') return null;
  return { ...(end as unknown as SegmentEnd), crc32: check['crc32'] };
}

/**
 * The blocks of a segment.
 *
 * @param whole  true: a sealed segment, every check must hold. False: up to the last whole record of one that was not
 *               sealed; of a block that was cut the packets are those that its records tell of.
 */
export async function* readSegment(path: string, whole: boolean): AsyncGenerator<RecordBlock> {
  const reader = await createReader(path);
  try {
    const { flowLog, slotSeconds } = headIn(await reader.line(), path);
    const of = { flowLogId: flowLog.id, slotSeconds };
    for (;;) {
      const crcBefore = reader.crc;
      const line = await reader.line();
      const json = line === null ? undefined : jsonIn(line);
      if (isBlockHead(json)) {
        const head = json;
        const text = await reader.bytes(head.bytes);
        if (text.length === head.bytes && crc32(text) === head.crc32) {
          const { stream, records, packets, lostPackets } = head;
          yield { ...of, stream, text, records, packets, lostPackets };
          continue;
        }
        const kept = text.subarray(0, text.lastIndexOf(10) + 1);
        if (whole || text.length === head.bytes) throw failure('FG_SEGMENT_DAMAGED', path);
        const records = countRecords(kept);
        const packets = packetsIn(kept, flowLog.format);
        if (records > 0) yield { ...of, stream: head.stream, text: kept, records, packets, lostPackets: 0 };
        return;
      }
      if (!whole) return;
      if (typeof json?.['crc32'] === 'number' && json['crc32'] === crcBefore && reader.sealSeen) return;
      if (json?.['sealed'] !== true) throw failure('FG_SEGMENT_DAMAGED', path);
      reader.sealSeen = true;
    }
  } finally {
    await reader.file.close();
  }
}

function headIn(line: string | null, path: string): SegmentHead {
  const json = line === null ? undefined : jsonIn(line);
  const flowLog = json?.['flowLog'] as Partial<FlowLog> | null | undefined;
  // What is used before the last line has been compared is looked at here: a name may have changed too.
  const isHead =
    json?.['segment'] === FORMAT &&
    typeof json['hostId'] === 'string' &&
    typeof json['slotSeconds'] === 'number' &&
    typeof flowLog?.id === 'string';
  if (!isHead) throw failure('FG_SEGMENT_DAMAGED', path);
  return json as unknown as SegmentHead;
}

/** Whether a line announces a block: names and numbers as they are written, nothing else. */
function isBlockHead(json: Record<string, unknown> | undefined): json is BlockHead {
  if (json === undefined || typeof json['stream'] !== 'string') return false;
  const numbers = [json['bytes'], json['records'], json['packets'], json['lostPackets'], json['crc32']];
  return numbers.every((number) => Number.isSafeInteger(number) && (number as number) >= 0);
}

function jsonIn(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** How many records a text holds: each ends in a newline. */
export function countRecords(text: Uint8Array): number {
  let records = 0;
  for (let at = text.indexOf(10); at !== -1; at = text.indexOf(10, at + 1)) records++;
  return records;
}

/** Packets that records tell of; 0 where their format does not. */
export function packetsIn(text: Uint8Array, format: string): number {
  const at = parseLogFormat(format).fields.findIndex(({ name }) => name === 'packets');
  if (at === -1) return 0;
  let packets = 0;
  for (const line of Buffer.from(text).toString().split('\n')) packets += Number(line.split(' ', at + 1)[at]) || 0;
  return packets;
}

type Reader = {
  readonly file: FileHandle;
  /** Of everything given so far. */
  readonly crc: number;
  sealSeen: boolean;
  /** Up to a newline, without it; null where the file ends before one. */
  line(): Promise<string | null>;
  /** That many bytes, or what is left. */
  bytes(count: number): Promise<Uint8Array>;
};

async function createReader(path: string): Promise<Reader> {
  const file = await open(path, 'r');
  let buffer: Uint8Array = new Uint8Array(0);
  let crc = 0;
  const more = async (): Promise<boolean> => {
    const room = new Uint8Array(READ_BYTES);
    const { bytesRead } = await file.read(room, 0, room.length);
    buffer = Buffer.concat([buffer, room.subarray(0, bytesRead)]);
    return bytesRead > 0;
  };
  const give = (count: number): Uint8Array => {
    const given = buffer.subarray(0, count);
    crc = crc32(given, crc);
    buffer = buffer.subarray(count);
    return given;
  };
  return {
    file,
    get crc() {
      return crc;
    },
    sealSeen: false,
    async line() {
      let end = buffer.indexOf(10);
      while (end === -1) {
        if (!(await more())) return null;
        end = buffer.indexOf(10);
      }
      return Buffer.from(give(end + 1).subarray(0, -1)).toString();
    },
    async bytes(count) {
      while (buffer.length < count) if (!(await more())) break;
      return give(Math.min(count, buffer.length));
    },
  };
}
