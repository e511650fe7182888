/**
 * Puts sealed segments in the place of one that is open: one, cut at its last whole record, after a crash; several,
 * where its object would be larger than the cap.
 *
 * In:    the name of an open segment. Out: sealed ones with the same records, each once.
 * Holds: the pieces count from the moment in which the open file is renamed to `.split`; a crash before it leaves the
 *        open file, one after it leaves pieces that `finishSplit` names. The same records give the same pieces.
 * Fails: with errors of the disk; nothing is lost then.
 */
import { codeOf } from '../storage/object/file-errors.ts';
import type { WindowAccount } from './account.ts';
import { createCutAccounts } from './cut-accounts.ts';
import type { RecordBlock, SealedSegment } from './destination.ts';
import { halveAt, sealedSegment } from './gather.ts';
import type { GatherOptions } from './gather.ts';
import type { ObjectFacts, SegmentPart } from './segment.ts';
import { createSegment, lookAtSegment, readSegment, segmentParts } from './segment.ts';
import type { Spool } from './spool.ts';

/** Makes an object of blocks in a file. Their texts are its own: it may discard them. */
export type MakeObject = (blocks: AsyncIterable<RecordBlock>, path: string) => Promise<ObjectFacts>;

/** Aim a little below the cap: pieces of equal record counts differ in size. */
const AIM = 0.97;

/**
 * Seals what an open segment holds.
 *
 * @param make   null for destinations that take records
 * @param isCut  its process was killed: records that it did not account for are accounted for here
 */
export async function sealPieces(
  options: GatherOptions,
  name: string,
  make: MakeObject | null,
  isCut: boolean,
): Promise<void> {
  const { spool, flowLog, slotSeconds } = options;
  await dropPieces(spool, name);
  let records = 0;
  let accounts = 0;
  const cut = createCutAccounts(flowLog.format, slotSeconds);
  for await (const part of segmentParts(spool.file(name, 'open'), false)) {
    if ('accounts' in part) {
      accounts += part.accounts.length;
      cut.covered();
    } else {
      records += part.records;
      if (isCut) cut.add(part.text);
    }
  }
  const split = { ...options, name, make: records === 0 ? null : make, records, last: cut.accounts() };
  if (records + accounts > 0) await pieces(split, 0, records, 0);
  await spool.turn(name, 'open', 'split');
  for (const segment of await finishSplit(spool, name)) options.sealed(segment);
}

/** An open segment that becomes pieces; `last` are the accounts behind all its records. */
type Split = GatherOptions & {
  readonly name: string;
  readonly make: MakeObject | null;
  readonly records: number;
  readonly last: readonly WindowAccount[];
};

/** Writes the pieces for records `[from, to)`; returns the number of the next piece. */
async function pieces(split: Split, from: number, to: number, piece: number): Promise<number> {
  const { spool, flowLog, slotSeconds, capBytes, name, make } = split;
  const path = spool.file(name, `part${piece}`);
  const writer = await createSegment(path, { hostId: spool.hostId, flowLog, slotSeconds });
  for await (const part of rangeOf(segmentParts(spool.file(name, 'open'), false), from, to)) {
    if ('accounts' in part) await writer.account(part.accounts);
    else await writer.append(part);
  }
  if (to === split.records && split.last.length > 0) await writer.account(split.last);
  const facts = make === null ? null : await make(readSegment(path, false), spool.file(name, `part${piece}.object`));
  if (facts === null || facts.sizeBytes <= capBytes || to - from === 1) {
    await writer.seal(facts);
    return piece + 1;
  }
  await writer.abandon();
  await spool.drop(name, `part${piece}`);
  const count = Math.min(to - from, Math.max(2, Math.ceil(facts.sizeBytes / (capBytes * AIM))));
  let next = piece;
  for (let at = 0; at < count; at++) {
    const begin = from + Math.floor(((to - from) * at) / count);
    const end = from + Math.floor(((to - from) * (at + 1)) / count);
    next = await pieces(split, begin, end, next);
  }
  return next;
}

/**
 * The records `[from, to)` of a segment, and the accounts behind each of them. The packets of a block that is cut go with
 * its last record.
 */
async function* rangeOf(parts: AsyncIterable<SegmentPart>, from: number, to: number): AsyncGenerator<SegmentPart> {
  let at = 0;
  for await (const block of parts) {
    if ('accounts' in block) {
      if ((at > from || from === 0) && at <= to) yield block;
      continue;
    }
    if (at >= to) return;
    const end = at + block.records;
    if (end > from && at < to) {
      const [head] = halveAt(block, Math.min(to, end) - at);
      const [, wanted] = halveAt(head, Math.max(from, at) - at);
      yield wanted;
    }
    at = end;
  }
}

/** Gives the pieces of a split segment their names. Called again after a crash it goes on where it was. */
export async function finishSplit(spool: Spool, name: string): Promise<readonly SealedSegment[]> {
  const segments: SealedSegment[] = [];
  for (const piece of await spool.parts(name)) {
    const path = spool.file(name, `part${piece}`);
    const { head, end } = await lookAtSegment(path);
    const toName = piece === 0 ? name : await spool.newName(head.flowLog.id, head.slotSeconds);
    await spool.rename(name, `part${piece}`, toName, 'segment');
    // Objects are not brought to disk: one that a crash took is made again from its segment.
    if (end?.object) await spool.rename(name, `part${piece}.object`, toName, 'object').catch(ignoreMissing);
    segments.push(sealedSegment(spool, toName, head, end!));
  }
  await spool.drop(name, 'split');
  return segments;
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

/** Removes pieces of an attempt that did not come to its end. */
export async function dropPieces(spool: Spool, name: string): Promise<void> {
  for (const piece of await spool.parts(name)) {
    await spool.drop(name, `part${piece}.object`);
    await spool.drop(name, `part${piece}`);
  }
}
