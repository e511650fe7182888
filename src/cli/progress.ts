/**
 * How far reading is, as one line that is written over.
 *
 * In:    counts. Out: the line on a terminal, at most ten times a second; nothing elsewhere.
 * Holds: bytes in a second are those of the last two seconds. A stage that has passed is not shown again: objects may
 *        still come while others are read.
 */
import type { Progress } from '../lake/read/progress.ts';
import { sizeText } from './sizes.ts';

const EVERY_MILLIS = 100;
const RATE_MILLIS = 2000;
const STAGES = ['listing', 'fetching', 'reading'] as const;

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
  let reached = 0;
  let samples: { readonly at: number; readonly bytes: number }[] = [];

  function rate(at: number, bytes: number): string {
    samples.push({ at, bytes });
    while (samples.length > 2 && samples[1]!.at <= at - RATE_MILLIS) samples.shift();
    const [from] = samples;
    const millis = at - (from?.at ?? at);
    return millis === 0 ? '' : `, ${sizeText(Math.round(((bytes - from!.bytes) / millis) * 1000))}/s`;
  }

  return {
    show({ stage = 'reading', files, of, bytes }) {
      const at = now();
      const place = STAGES.indexOf(stage);
      // The first tenth of a second shows nothing: most answers come sooner.
      if (!output.isTTY || place < reached || at - shownAt < EVERY_MILLIS) return;
      if (place > reached) samples = [];
      reached = place;
      shownAt = at;
      on = true;
      const things = `${of === 0 ? files : `${files} of ${of}`} ${(of || files) === 1 ? 'object' : 'objects'}`;
      const speed = stage === 'listing' ? '' : rate(at, bytes);
      output.write(`\r\x1b[K${stage}: ${things}, ${sizeText(bytes)}${speed}`);
    },
    end() {
      if (on) output.write('\r\x1b[K');
      on = false;
    },
  };
}
