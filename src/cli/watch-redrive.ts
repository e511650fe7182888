/**
 * Runs `watch redrive`.
 *
 * In:    the flags. Out: dead messages and why, or how many were sent back; exit 0.
 * Fails: FG_WATCH_NO_DEAD_LETTER, FG_WATCH_SAME_QUEUE, FG_WATCH_CODE; as the queues do.
 */
import { ERRORS, failure } from '../model/errors.ts';
import { nearNames } from '../query/near.ts';
import { deadMessages, redrive } from '../watch/redrive.ts';
import { countText } from './counts.ts';
import { interruptible } from './interruptible.ts';
import { shown } from './text-width.ts';
import { queuesOf } from './watch-worker.ts';
import type { RedriveFlags } from './watch.ts';

/** Does it. */
export function redriveQueue(flags: RedriveFlags): Promise<number> {
  if (flags.only !== undefined && !Object.hasOwn(ERRORS, flags.only))
    throw failure('FG_WATCH_CODE', flags.only, nearNames(flags.only, Object.keys(ERRORS)));
  return interruptible(async ({ signal }) => {
    const { queue, deadLetter } = await queuesOf(flags);
    if (deadLetter === null) throw failure('FG_WATCH_NO_DEAD_LETTER', flags.queue);
    const wanted = ({ code }: { readonly code: string | null }): boolean =>
      flags.only === undefined || code === flags.only;
    if (flags.list !== true) {
      const done = await redrive(deadLetter, queue, wanted, signal);
      const text = `${countText(done.moved, 'message')} sent back, ${done.kept} left\n`;
      process.stdout.write(flags.json === true ? `${JSON.stringify(done)}\n` : text);
      return 0;
    }
    let count = 0;
    for await (const message of deadMessages(deadLetter, signal)) {
      if (!wanted(message)) continue;
      count++;
      const { id, code, reason, time } = message;
      const text = `${id}  ${time ?? '-'}  ${code ?? 'moved by SQS'}\n  ${shown(reason ?? 'it was received too often')}\n`;
      process.stdout.write(flags.json === true ? `${JSON.stringify(message)}\n` : text);
    }
    if (count === 0 && flags.json !== true) process.stdout.write('no message\n');
    return 0;
  });
}
