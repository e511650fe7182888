/**
 * How far reading is, as one line that is written over.
 *
 * In:    counts. Out: the line on a terminal, at most ten times a second; nothing elsewhere.
 */
import type { Progress } from '../lake/read/load-text.ts';

const EVERY_MILLIS = 100;

/** The line; `end` wipes it. */
export function createProgress(output: NodeJS.WriteStream): {
  readonly show: (progress: Progress) => void;
  readonly end: () => void;
} {
  let shownAt = performance.now();
  let on = false;
  return {
    show({ files, of, bytes }) {
      const now = performance.now();
      // The first tenth of a second shows nothing: most answers come sooner.
      if (!output.isTTY || now - shownAt < EVERY_MILLIS) return;
      shownAt = now;
      on = true;
      output.write(`\r\x1b[Kreading: ${files} of ${of} files, ${(bytes / 1e6).toFixed(1)} MB`);
    },
    end() {
      if (on) output.write('\r\x1b[K');
      on = false;
    },
  };
}
