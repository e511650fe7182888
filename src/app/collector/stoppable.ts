/**
 * An iteration that can be stopped while it waits for its next value.
 *
 * In:    an async iterable, and a stop. Out: its values until it ends or is stopped.
 * Holds: a stop during a wait ends the iteration at once; its source is told, and not waited for (a pipe on which nothing
 *        comes would never answer).
 * Fails: as the iterable does.
 */

export type Stop = {
  /** Asks to stop; once is enough. */
  readonly ask: () => void;
  readonly asked: boolean;
  /** Called when it is asked; null while nobody waits. */
  wake: (() => void) | null;
};

/** A stop that nobody has asked for. */
export function createStop(): Stop {
  const stop = {
    asked: false,
    wake: null as (() => void) | null,
    ask: (): void => {
      stop.asked = true;
      stop.wake?.();
    },
  };
  return stop;
}

/** The values of an iterable until it ends or `stop` is asked for. */
export async function* stoppable<T>(values: AsyncIterable<T>, stop: Stop): AsyncGenerator<T> {
  const iterator = values[Symbol.asyncIterator]();
  let waiting = false;
  try {
    while (!stop.asked) {
      waiting = true;
      const next = await new Promise<IteratorResult<T> | null>((resolve, reject) => {
        stop.wake = () => resolve(null);
        iterator.next().then(resolve, reject);
      });
      stop.wake = null;
      if (next === null) return;
      waiting = false;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    const ended = iterator.return?.();
    if (waiting) ended?.catch(() => {});
    else await ended;
  }
}
