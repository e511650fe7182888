/**
 * What an earlier process left in the spool.
 *
 * In:    a spool. Out: its sealed segments, for delivery.
 * Holds: a segment that was not sealed is cut at its last whole record and sealed, with accounts for records that have
 *        none; for a capture file it is removed instead, as reading the file again makes it anew. One with a wrong
 *        checksum is set aside and never deleted.
 * Fails: with errors of the disk.
 */
import type { StageCount } from '../model/counters.ts';
import { FlowgaugeError } from '../model/errors.ts';
import type { FlowLog } from '../network/vpc/snapshot.ts';
import type { Destination, SealedSegment } from './destination.ts';
import { once, sealedSegment } from './gather.ts';
import { objectMaker } from './object-makers.ts';
import { FILE_HOST } from './object-name.ts';
import { dropPieces, finishSplit, sealPieces } from './pieces.ts';
import { lookAtSegment, readSegment } from './segment.ts';
import type { Spool, SpoolSuffix } from './spool.ts';

export type Recovery = {
  readonly spool: Spool;
  readonly capBytes: number;
  readonly threads: number;
  readonly count: StageCount;
  readonly problems: FlowgaugeError[];
  readonly destinationOf: (flowLog: FlowLog) => Destination;
  readonly deliver: (segment: SealedSegment, destination: Destination, leftover: boolean) => void;
};

/** Brings everything in the spool on its way. */
export async function recover(recovery: Recovery): Promise<void> {
  const { spool } = recovery;
  for (const name of await spool.named('split')) await orSetAside(recovery, name, 'split', () => again(recovery, name));
  for (const name of await spool.named('open')) await orSetAside(recovery, name, 'open', () => seal(recovery, name));
  await spool.dropOrphans();
  for (const name of await spool.named('segment')) {
    await orSetAside(recovery, name, 'segment', async () => {
      const { head, end } = await lookAtSegment(spool.file(name, 'segment'));
      let records = 0;
      for await (const block of readSegment(spool.file(name, 'segment'), true)) records += block.records;
      recovery.count.in += records;
      recovery.count.held += records;
      const segment = sealedSegment(spool, name, head, end!);
      recovery.deliver(segment, recovery.destinationOf(head.flowLog), true);
    });
  }
}

async function again({ spool }: Recovery, name: string): Promise<void> {
  if (spool.hostId === FILE_HOST) await removeOpen(spool, name, 'split');
  else await finishSplit(spool, name);
}

async function seal({ spool, capBytes, threads }: Recovery, name: string): Promise<void> {
  if (spool.hostId === FILE_HOST) return removeOpen(spool, name, 'open');
  const { flowLog, slotSeconds } = (await lookAtSegment(spool.file(name, 'open'))).head;
  const options = { spool, flowLog, slotSeconds, capBytes, sealed: () => {}, patiently: once };
  await sealPieces(options, name, objectMaker(flowLog, threads), true);
}

async function removeOpen(spool: Spool, name: string, suffix: SpoolSuffix): Promise<void> {
  await dropPieces(spool, name);
  await spool.drop(name, 'object');
  await spool.drop(name, suffix);
}

async function orSetAside(
  { spool, problems }: Recovery,
  name: string,
  suffix: SpoolSuffix,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof FlowgaugeError) || error.code !== 'FG_SEGMENT_DAMAGED') throw error;
    problems.push(error);
    await spool.turn(name, suffix, 'damaged');
  }
}
