/**
 * A segment: records of one flow log and one slot in a file of the spool.
 *
 * In:    blocks of records. Out: the same blocks, checked.
 * Holds: format 2 is lines of JSON with record text between them:
 *          {"segment":2,"hostId","flowLog","slotSeconds"}
 *          {"stream","bytes","records","packets","lostPackets","crc32"} and that many bytes, for each block
 *          {"accounts","bytes","crc32"} and that many bytes of accounts, a line each: of windows whose records stand before
 *          {"sealed":true,"records","packets","lostPackets","accounts","after","object"}
 *          {"crc32"}                                     of everything before this line
 *        Format 1, without accounts, is read too.
 *        A file that ends elsewhere is not sealed; what stands in it up to its last whole record can be used.
 * Fails: `FG_SEGMENT_DAMAGED`, naming the file, where bytes are not those that were written.
 */
import { open, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { failure } from '../model/errors.ts';
import type { FlowLog } from '../network/vpc/snapshot.ts';
import { parseLogFormat } from '../record/format.ts';
import { crcOfBoth } from '../storage/object/crc.ts';
import { writeAll } from '../storage/object/stores/directory.ts';
import type { WindowAccount } from './account.ts';
import { readAccount, writtenAccount } from './account.ts';
import type { RecordBlock } from './destination.ts';

/** Format number: the first thing in a segment. */
const FORMAT = 2;
const OLD_FORMAT = 1;
/** Read at once for lines: what stands between them is read where it belongs, or left out. */
const AHEAD_BYTES = 1 << 15;

/** Sums over the records of a segment. */
export type SegmentSums = { readonly records: number; readonly packets: number; readonly lostPackets: number };
/** Size and SHA-256 of the object that was made from a segment. */
export type ObjectFacts = { readonly sizeBytes: number; readonly sha256: string };

export type SegmentHead = { readonly hostId: string; readonly flowLog: FlowLog; readonly slotSeconds: number };
type BlockHead = SegmentSums & { readonly stream: string; readonly bytes: number; readonly crc32: number };
type AccountsHead = { readonly accounts: number; readonly bytes: number; readonly crc32: number };
/** What a segment has of accounts: how many, and how many records stand behind the last, which a later segment accounts for. */
export type Accounted = { readonly accounts: number; readonly after: number };
/** The end of a sealed segment. */
export type SegmentEnd = SegmentSums & Accounted & { readonly object: ObjectFacts | null; readonly crc32: number };

/** Records of a block, before they have a segment. */
export type RecordRun = SegmentSums & { readonly stream: string; readonly text: Uint8Array };

/** A segment that is being written. */
export interface SegmentWriter {
  readonly sums: SegmentSums;
  /** Bytes of record text. */
  readonly textBytes: number;
  /** Gives the checksum of the run's text. */
  append(run: RecordRun): Promise<number>;
  /** Accounts of windows whose records have been appended, here or to an earlier segment. */
  account(accounts: readonly WindowAccount[]): Promise<void>;
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
  const accounted = { accounts: 0, after: 0 };
  // What fails half-way is written over by the next attempt: it counts when it is whole.
  const write = async (line: Uint8Array, text: Uint8Array, textCrc: number): Promise<void> => {
    await writeAll(file, line, length);
    await writeAll(file, text, length + line.length);
    length += line.length + text.length;
    crc = crcOfBoth(crc32(line, crc), textCrc, text.length);
  };
  try {
    await write(lineOf({ segment: FORMAT, ...head }), new Uint8Array(0), 0);
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
      const textCrc = crc32(text);
      const block: BlockHead = { stream, bytes: text.length, records, packets, lostPackets, crc32: textCrc };
      await write(lineOf(block), text, textCrc);
      textBytes += text.length;
      sums.records += records;
      sums.packets += packets;
      sums.lostPackets += lostPackets;
      accounted.after += records;
      return textCrc;
    },
    async account(accounts) {
      const text = Buffer.concat(accounts.map((account) => lineOf(writtenAccount(account))));
      const head: AccountsHead = { accounts: accounts.length, bytes: text.length, crc32: crc32(text) };
      await write(lineOf(head), text, head.crc32);
      accounted.accounts += accounts.length;
      accounted.after = 0;
    },
    async seal(object) {
      const end = lineOf({ sealed: true, ...sums, ...accounted, object });
      const check = crc32(end, crc);
      await writeAll(file, Buffer.concat([end, lineOf({ crc32: check })]), length);
      await file.sync();
      await file.close();
      return { ...sums, ...accounted, object, crc32: check };
    },
    abandon: () => file.close(),
  };
}

function lineOf(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

/** Head and end of a segment as it lies there; `end` is null for one that was not sealed. */
export async function lookAtSegment(path: string): Promise<{ head: SegmentHead; end: SegmentEnd | null }> {
  const reader = await createReader(path, false);
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
  const sealed = end as unknown as Omit<SegmentEnd, keyof Accounted> & Partial<Accounted>;
  // One of the older format has no accounts, of none of its records.
  const { accounts = 0, after = sealed.records } = sealed;
  return { ...sealed, accounts, after, crc32: check['crc32'] };
}

/** A part of a segment, in the order of writing. */
export type SegmentPart = RecordBlock | { readonly accounts: readonly WindowAccount[] };

/** Its records alone: see `segmentParts`. */
export async function* readSegment(path: string, whole: boolean): AsyncGenerator<RecordBlock> {
  for await (const part of segmentParts(path, whole)) if (!('accounts' in part)) yield part;
}

/** The accounts of a sealed segment: its records are stepped over. */
export async function readAccounts(path: string): Promise<readonly WindowAccount[]> {
  const all: WindowAccount[] = [];
  const reader = await createReader(path, false);
  try {
    headIn(await reader.line(), path);
    for (;;) {
      const line = await reader.line();
      const json = line === null ? undefined : jsonIn(line);
      if (isBlockHead(json)) reader.step(json.bytes);
      else if (isAccountsHead(json)) all.push(...accountsIn(json, await reader.bytes(json.bytes), path));
      else if (json?.['sealed'] === true) return all;
      else throw failure('FG_SEGMENT_DAMAGED', path);
    }
  } finally {
    await reader.file.close();
  }
}

function accountsIn(head: AccountsHead, text: Uint8Array, path: string): WindowAccount[] {
  const lines = Buffer.from(text).toString().split('\n').slice(0, -1);
  const all = lines.map((line) => readAccount(jsonIn(line)));
  const isWhole = text.length === head.bytes && crc32(text) === head.crc32 && all.length === head.accounts;
  if (!isWhole || all.includes(null)) throw failure('FG_SEGMENT_DAMAGED', path);
  return all.filter((account) => account !== null);
}

/**
 * The parts of a segment.
 *
 * @param whole  true: a sealed segment, every check must hold. False: up to the last whole record of one that was not
 *               sealed; of a block that was cut the packets are those that its records tell of.
 */
export async function* segmentParts(path: string, whole: boolean): AsyncGenerator<SegmentPart> {
  const reader = await createReader(path, whole);
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
      if (isAccountsHead(json)) {
        const text = await reader.bytes(json.bytes);
        // A crash cut it: it accounts for nothing.
        if (!whole && text.length < json.bytes) return;
        yield { accounts: accountsIn(json, text, path) };
        continue;
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
    (json?.['segment'] === FORMAT || json?.['segment'] === OLD_FORMAT) &&
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

function isAccountsHead(json: Record<string, unknown> | undefined): json is AccountsHead {
  const numbers = [json?.['accounts'], json?.['bytes'], json?.['crc32']];
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
  /** Of everything given so far, if it is asked for. */
  readonly crc: number;
  sealSeen: boolean;
  /** Up to a newline, without it; null where the file ends before one. */
  line(): Promise<string | null>;
  /** That many bytes, or what is left. */
  bytes(count: number): Promise<Uint8Array>;
  /** Leaves out that many bytes; the checksum is of no use then. */
  step(count: number): void;
};

/** @param isSummed  whether `crc` is asked for */
async function createReader(path: string, isSummed: boolean): Promise<Reader> {
  const file = await open(path, 'r');
  /** What was read and not given is `ahead[from, to)`. */
  let ahead = new Uint8Array(AHEAD_BYTES);
  let [from, to] = [0, 0];
  let crc = 0;
  /** Where the next bytes are read. */
  let position = 0;
  const more = async (): Promise<boolean> => {
    if (from > 0) ahead.copyWithin(0, from, to);
    [from, to] = [0, to - from];
    if (to === ahead.length) {
      const longer = new Uint8Array(ahead.length * 2);
      longer.set(ahead);
      ahead = longer;
    }
    const { bytesRead } = await file.read(ahead, to, ahead.length - to, position);
    position += bytesRead;
    to += bytesRead;
    return bytesRead > 0;
  };
  const sum = (bytes: Uint8Array): void => {
    if (isSummed) crc = crc32(bytes, crc);
  };
  return {
    file,
    get crc() {
      return crc;
    },
    sealSeen: false,
    async line() {
      let end = ahead.subarray(0, to).indexOf(10, from);
      while (end === -1) {
        if (!(await more())) return null;
        end = ahead.subarray(0, to).indexOf(10, from);
      }
      const given = ahead.subarray(from, end + 1);
      from = end + 1;
      sum(given);
      return Buffer.from(given.subarray(0, -1)).toString();
    },
    async bytes(count) {
      // What a damaged line announces may be more than there is, or than memory.
      const size = Math.min(count, to - from + Math.max(0, (await file.stat()).size - position));
      const given = new Uint8Array(size);
      let length = Math.min(size, to - from);
      given.set(ahead.subarray(from, from + length));
      from += length;
      while (length < size) {
        const { bytesRead } = await file.read(given, length, size - length, position);
        if (bytesRead === 0) break;
        position += bytesRead;
        length += bytesRead;
      }
      const all = given.subarray(0, length);
      sum(all);
      return all;
    },
    step(count) {
      position += Math.max(0, count - (to - from));
      from += Math.min(count, to - from);
    },
  };
}
