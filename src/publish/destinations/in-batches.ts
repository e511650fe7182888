/**
 * Sends a segment in batches, to destinations that take records and answer for each.
 *
 * In:    a segment, the batches it is always cut into, and how one is sent. Out: what was taken.
 * Holds: a batch that was confirmed is never sent again, nor are the entries of a batch that were taken; the journal of
 *        the segment remembers both. Each attempt is noted before it is made (rule D4).
 * Fails: with the error of the attempt; `FG_BATCH_PARTLY` where some entries are left. Called again it goes on.
 */
import { failure } from '../../model/errors.ts';
import { isThrottled, problemOf } from '../../storage/object/aws-errors.ts';
import type { Delivery, SealedSegment } from '../destination.ts';

/** What came of an attempt, by positions in what was sent. */
export type BatchAnswer = {
  readonly left: readonly number[];
  readonly why: string;
  /** Records that will never be taken, by cause. */
  readonly refused: Readonly<Record<string, number>>;
};

/** Whether the service answered, and took nothing. */
function tookNothing(error: unknown): boolean {
  const { status } = problemOf(error);
  return (status >= 400 && status < 500) || isThrottled(error);
}

/**
 * Sends what is left of a segment.
 *
 * @param batches  the entries of each batch; the same whenever the segment is read
 * @param fails    the error of the catalogue for one of the service
 */
export async function sendInBatches<E>(
  place: string,
  segment: SealedSegment,
  batches: AsyncIterable<readonly E[]>,
  send: (entries: readonly E[]) => Promise<BatchAnswer>,
  fails: (error: unknown) => unknown,
): Promise<Delivery> {
  let sent = await segment.sent.read();
  let number = 0;
  for await (const entries of batches) {
    if (number++ < sent.batches) continue;
    const wanted = sent.left ?? entries.map((_, at) => at);
    await segment.sent.note({ asked: wanted.length });
    let answer: BatchAnswer;
    try {
      answer = await send(wanted.map((at) => entries[at]!));
    } catch (error) {
      if (tookNothing(error)) await segment.sent.note({ left: sent.left });
      throw fails(error);
    }
    const left = answer.left.map((at) => wanted[at]!);
    await segment.sent.note({ left, refused: answer.refused });
    if (left.length > 0) throw failure('FG_BATCH_PARTLY', place, left.length, wanted.length, answer.why);
    sent = { ...sent, left: null };
  }
  const { refused, possibleDuplicates } = await segment.sent.read();
  const lost = Object.values(refused).reduce((sum, records) => sum + records, 0);
  const records = segment.records - lost;
  const objects = segment.records === 0 ? [] : [{ key: place, sizeBytes: 0, sha256: '', records }];
  return { objects, refused, possibleDuplicates };
}
