/**
 * Gathers the records of one flow log and slot into segments, with or without an object beside each.
 *
 * In:    runs of whole records. Out: sealed segments in the spool.
 * Holds: a segment is sealed when it is cut, or when another run would make its object larger than the cap; a single
 *        record is never cut. The same runs and cuts give the same segments.
 * Fails: with errors of the disk; the segment stays open in the spool.
 */
import type { FlowLog } from '../network/vpc/snapshot.ts';
import type { WindowAccount } from './account.ts';
import type { SealedSegment } from './destination.ts';
import { segmentId } from './object-name.ts';
import type { ObjectFacts, RecordRun, SegmentEnd, SegmentWriter } from './segment.ts';
import { countRecords, createSegment, readAccounts, readSegment } from './segment.ts';
import { sentJournal } from './sent.ts';
import type { Spool } from './spool.ts';
import { readSpoolName } from './spool.ts';

/** What all segments of a gatherer have in common. */
export type GatherOptions = {
  readonly spool: Spool;
  readonly flowLog: FlowLog;
  readonly slotSeconds: number;
  /** Bytes that a finished object may have. */
  readonly capBytes: number;
  readonly sealed: (segment: SealedSegment) => void;
  /** Does work on the disk, which may be done again from its beginning while the disk is full. */
  readonly patiently: Patiently;
};

/** Does work, perhaps more than once. */
export type Patiently = <T>(work: () => Promise<T>) => Promise<T>;

/** Does work once. */
export const once: Patiently = (work) => work();

export interface Gatherer {
  /**
   * Takes a run; kept when it is in a segment, and its text is not looked at then. Runs may be given before earlier ones
   * are kept.
   */
  add(run: RecordRun): Promise<void>;
  /** Accounts for records that have been added; kept as a run is. */
  account(accounts: readonly WindowAccount[]): Promise<void>;
  /** Seals what has been added. */
  cut(): Promise<void>;
  /** Closes its files as they are, after a failure. */
  abandon(): Promise<void>;
}

/** A segment that is being written, under its name. */
export type Open = { readonly name: string; readonly writer: SegmentWriter };

/** Begins the next segment. */
export async function beginSegment(options: GatherOptions): Promise<Open> {
  const { spool, flowLog, slotSeconds } = options;
  return options.patiently(async () => {
    const name = await spool.newName(flowLog.id, slotSeconds);
    const writer = await createSegment(spool.file(name, 'open'), { hostId: spool.hostId, flowLog, slotSeconds });
    return { name, writer };
  });
}

/** Seals a segment that has been written, and hands it over. */
export async function sealOpen(options: GatherOptions, { name, writer }: Open, object: ObjectFacts | null) {
  const { spool, patiently } = options;
  const end = await patiently(() => writer.seal(object));
  await patiently(() => spool.turn(name, 'open', 'segment'));
  options.sealed(sealedSegment(spool, name, options, end));
}

/** A sealed segment as destinations take it. */
export function sealedSegment(
  spool: Spool,
  name: string,
  of: { readonly flowLog: FlowLog; readonly slotSeconds: number },
  end: SegmentEnd,
): SealedSegment {
  const { number } = readSpoolName(name)!;
  return {
    id: segmentId(spool.hostId, of.flowLog.id, of.slotSeconds, number),
    name,
    flowLog: of.flowLog,
    slotSeconds: of.slotSeconds,
    number,
    records: end.records,
    packets: end.packets,
    lostPackets: end.lostPackets,
    crc32: end.crc32,
    after: end.after,
    accounts: () => (end.accounts === 0 ? Promise.resolve([]) : readAccounts(spool.file(name, 'segment'))),
    sent: sentJournal(spool.file(name, 'sent')),
    object: end.object === null ? null : { path: spool.file(name, 'object'), ...end.object },
    read: () => readSegment(spool.file(name, 'segment'), true),
  };
}

/** Gathers for destinations that take records. */
export function createPlainGatherer(options: GatherOptions): Gatherer {
  const { patiently } = options;
  let open: Open | null = null;
  const line = createLine();
  return {
    add: (run) =>
      line(async () => {
        const { writer } = (open ??= await beginSegment(options));
        await patiently(() => writer.append(run));
      }),
    account: (accounts) =>
      line(async () => {
        const { writer } = (open ??= await beginSegment(options));
        await patiently(() => writer.account(accounts));
      }),
    cut: () =>
      line(async () => {
        if (open === null) return;
        await sealOpen(options, open, null);
        open = null;
      }),
    abandon: async () => open?.writer.abandon(),
  };
}

/** Does work in the order in which it was asked for; after a failure everything fails with it. */
export function createLine(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    last = last.then(work);
    // Whoever asked sees the failure; the line itself must not count as unhandled.
    last.catch(() => {});
    return last;
  };
}

/** Two runs of about the same length; the run has at least two records. */
export function halve(run: RecordRun): readonly [RecordRun, RecordRun] {
  const { text } = run;
  let cut = text.indexOf(10, text.length >> 1) + 1;
  if (cut === text.length) cut = text.lastIndexOf(10, text.length - 2) + 1;
  return cutAt(run, cut, countRecords(text.subarray(0, cut)));
}

/** The first `records` records of a run, and the rest; one of the two may be empty. */
export function halveAt<R extends RecordRun>(run: R, records: number): readonly [R, R] {
  if (records >= run.records) return cutAt(run, run.text.length, run.records);
  let cut = 0;
  for (let at = 0; at < records; at++) cut = run.text.indexOf(10, cut) + 1;
  return cutAt(run, cut, records);
}

/** The packets of a run go with its last record: only their sum is known. */
function cutAt<R extends RecordRun>(run: R, cut: number, records: number): readonly [R, R] {
  const first = { ...run, text: run.text.subarray(0, cut), records };
  const second = { ...run, text: run.text.subarray(cut), records: run.records - records };
  const without = cut === run.text.length ? second : first;
  return [first, second].map((half) => (half === without ? { ...half, packets: 0, lostPackets: 0 } : half)) as [R, R];
}
