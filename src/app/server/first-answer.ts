/**
 * The answer that `up` gives by itself, once there are records.
 *
 * In:    where they are. Out: an event with the answer.
 * Fails: with the error of the question.
 */
import { ask } from '../../query/ask.ts';
import type { UpEvent } from './up.ts';

const FIRST_QUESTION = 'top-talkers';

/** Asks, and shows the answer. */
export async function answerFirst(
  from: string,
  demo: boolean,
  show: (event: UpEvent) => void | Promise<void>,
): Promise<void> {
  const answer = await ask(from, FIRST_QUESTION, {});
  await show({ kind: 'answer', demo, question: FIRST_QUESTION, answer });
}
