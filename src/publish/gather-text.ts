/**
 * Gathers records into segments with a `.log.gz` beside each, compressed while it is gathered.
 *
 * In:    runs of whole records. Out: sealed segments and their gzip files: the header line, then the records.
 * Holds: runs are compressed side by side, each primed with the one before it, and taken in order. One that does not fit
 *        any more begins the next object; one that alone is too large is halved.
 * Fails: with errors of the disk; the segment stays open in the spool.
 */
import { crc32 } from 'node:zlib';
import { headerLine, parseLogFormat } from '../record/format.ts';
import { crcOfBoth } from '../storage/object/crc.ts';
import { createGzipMember, deflatePart, discard, GZIP_FRAME_BYTES, partTail } from '../storage/object/gzip.ts';
import type { WindowAccount } from './account.ts';
import type { Gatherer, GatherOptions, Open } from './gather.ts';
import { beginSegment, createLine, halve, sealOpen } from './gather.ts';
import { createObjectFile } from './object-file.ts';
import type { MakeObject } from './pieces.ts';
import type { ObjectFacts, RecordRun } from './segment.ts';

/** A gzip file that is being written. */
type TextObject = {
  readonly sizeBytes: number;
  /** The next part: its text's checksum and length, and what is written. */
  append(textCrc: number, textBytes: number, compressed: Uint8Array): Promise<void>;
  finish(): Promise<ObjectFacts>;
  abandon(): Promise<void>;
};

/** A segment and its object, which begins with the first record; `last` is the tail that the next run is primed with. */
type OpenText = Open & { object: TextObject | null; last: Uint8Array | null };

/** The first line of a text file, with its newline. */
export function headerOf(format: string): Uint8Array {
  return Buffer.from(`${headerLine(parseLogFormat(format))}\n`);
}

/**
 * A gatherer for text objects.
 *
 * @param threads  1: each run is compressed when it is added, in this thread
 */
export function createTextGatherer(options: GatherOptions, threads: number): Gatherer {
  const { patiently } = options;
  const header = headerOf(options.flowLog.format);
  const line = createLine();
  let open: OpenText | null = null;
  /** The tail of the run that was added last; null where the next one begins an object. */
  let before: Uint8Array | null = null;

  const compress = async (run: RecordRun, primed: Uint8Array | null): Promise<Uint8Array> => {
    if (primed !== null) return deflatePart(run.text, primed, threads);
    const whole = Buffer.concat([header, run.text]);
    const compressed = await deflatePart(whole, null, threads);
    discard(whole);
    return compressed;
  };

  /** `tail` is the run's; `primed` is what `compressed` was made behind: it holds only if that still is what stands before. */
  async function take(
    run: RecordRun,
    tail: Uint8Array,
    primed: Uint8Array | null,
    compressed: Uint8Array,
  ): Promise<void> {
    const last = open === null ? null : open.last;
    if (primed !== last) discard(compressed);
    const bytes = primed === last ? compressed : await compress(run, last);
    if (open !== null && open.object !== null && open.object.sizeBytes + bytes.length > options.capBytes) {
      await seal();
      return take(run, tail, last, bytes);
    }
    if (last === null && GZIP_FRAME_BYTES + bytes.length > options.capBytes && run.records > 1) {
      const [first, second] = halve(run);
      // Compressed again, both of them: nothing stands behind the whole run's own tail.
      await take(first, partTail(first.text), tail, bytes);
      return take(second, partTail(second.text), tail, bytes);
    }
    const into = (open ??= await begin());
    const object = (into.object ??= await patiently(() => createTextObject(options.spool.file(into.name, 'object'))));
    const textCrc = await patiently(() => into.writer.append(run));
    if (last !== null) await patiently(() => object.append(textCrc, run.text.length, bytes));
    else {
      const crc = crcOfBoth(crc32(header), textCrc, run.text.length);
      await patiently(() => object.append(crc, header.length + run.text.length, bytes));
    }
    discard(bytes);
    into.last = tail;
  }

  async function begin(): Promise<OpenText> {
    return { ...(await beginSegment(options)), object: null, last: null };
  }

  async function account(accounts: readonly WindowAccount[]): Promise<void> {
    const { writer } = (open ??= await begin());
    await patiently(() => writer.account(accounts));
  }

  async function seal(): Promise<void> {
    if (open === null) return;
    const { object } = open;
    await sealOpen(options, open, object && (await patiently(() => object.finish())));
    open = null;
  }

  return {
    add(run) {
      const primed = before;
      // A copy: whoever gave the run has its bytes back when it is kept.
      const tail = partTail(run.text);
      before = tail;
      const compressed = compress(run, primed);
      compressed.catch(() => {});
      return line(async () => take(run, tail, primed, await compressed));
    },
    account: (accounts) => line(() => account(accounts)),
    cut() {
      before = null;
      return line(seal);
    },
    async abandon() {
      await open?.writer.abandon();
      await open?.object?.abandon();
    },
  };
}

/** Makes the text object of a sealed segment: the bytes that gathering made, block by block. */
export function textMaker(format: string, threads: number): MakeObject {
  const header = headerOf(format);
  return async (blocks, path) => {
    const object = await createTextObject(path);
    let before: Uint8Array | null = null;
    for await (const { text } of blocks) {
      const whole: Uint8Array = before === null ? Buffer.concat([header, text]) : text;
      await object.append(crc32(whole), whole.length, await deflatePart(whole, before, threads));
      before = text;
    }
    return object.finish();
  };
}

async function createTextObject(path: string): Promise<TextObject> {
  const member = createGzipMember();
  const file = await createObjectFile(path, member.head);
  return {
    get sizeBytes() {
      return member.sizeBytes;
    },
    async append(textCrc, textBytes, compressed) {
      await file.write(compressed);
      member.add(textCrc, textBytes, compressed);
    },
    async finish() {
      await file.write(member.tail());
      return file.finish();
    },
    abandon: () => file.abandon(),
  };
}
