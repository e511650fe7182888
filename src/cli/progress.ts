/**
 * How far reading is, as one line that is written over.
 *
 * In:    counts. Out: the line on a terminal, at most ten times a second; nothing elsewhere.
 */
import type { Progress } from '../lake/read/load-text.ts';

const EVERY_MILLIS = 100;

/**
 * The line; `end` wipes it.
 *
 * @param now  milliseconds on a clock that goes forward
 */
export function createProgress(
  output: { readonly isTTY: boolean; write(text: string): boolean },
  now: () => number = () => performance.now(),
): {
  readonly show: (progress: Progress) => void;
  readonly end: () => void;
} {
  let shownAt = now();
  let on = false;
  return {
    show({ files, of, bytes }) {
      const at = now();
      // The first tenth of a second shows nothing: most answers come sooner.
      if (!output.isTTY || at - shownAt < EVERY_MILLIS) return;
      shownAt = at;
      on = true;
      output.write(`\r\x1b[Kreading: ${files} of ${of} files, ${(bytes / 1e6).toFixed(1)} MB`);
    },
    end() {
      if (on) output.write('\r\x1b[K');
      on = false;
    },
  };
}
