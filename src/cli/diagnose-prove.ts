/**
 * `flowgauge diagnose --prove`: a question about two ends, tried out in a lab.
 *
 * In:    the question, the data directory of a lab that runs. Out: the proof, for people or as JSON.
 * Holds: exit 4 where the model, the kernel and the records do not agree; else as without `--prove`.
 * Fails: FG_LAB_NONE; as `proveNow` does.
 */
import { labThatRuns } from '../app/lab/sandbox.ts';
import type { DiagnoseQuestion } from '../explain/diagnose/diagnose.ts';
import { interruptible } from './interruptible.ts';
import type { ReadingFlags } from './source-options.ts';
import { askOptionsOf } from './source-options.ts';

export type ProveFlags = ReadingFlags & {
  readonly data: string;
  readonly json?: boolean;
  readonly terraform?: boolean;
};

const DIFFERENT = 4;

/** Tries it and prints. */
export async function proveEnds(question: Omit<DiagnoseQuestion, 'atMicros'>, flags: ProveFlags): Promise<number> {
  const lab = labThatRuns(flags.data);
  const { proveNow } = await import('../app/lab/prove-now.ts');
  return interruptible(async (stop) => {
    const asking = await askOptionsOf(lab.directory, flags, stop);
    const proof = await stop.atOnce(proveNow({ lab, question, signal: stop.signal }, asking));
    stop.progress.end();
    if (flags.json === true) console.log(JSON.stringify(proof, null, 2));
    else {
      const { proofText } = await import('./proof-text.ts');
      console.log(proofText(proof, process.stdout, flags.terraform === true));
    }
    if (!proof.agree) return DIFFERENT;
    const { outcome } = proof.model;
    return outcome === 'blocked' || outcome === 'unanswered' ? 3 : 0;
  });
}
