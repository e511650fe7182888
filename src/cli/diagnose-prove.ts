/**
 * `flowgauge diagnose --prove`: a question about two ends, tried out in a lab.
 *
 * In:    the question, the data directory of a lab that runs. Out: the proof, for people or as JSON.
 * Holds: exit 4 where the model, the kernel and the records do not agree; else as without `--prove`.
 * Fails: FG_LAB_NONE; as `prove` does.
 */
import { labThatRuns } from '../app/lab/sandbox.ts';
import type { DiagnoseQuestion } from '../explain/diagnose/diagnose.ts';
import type { VpcSnapshot } from '../network/vpc/snapshot.ts';
import { interruptible } from './interruptible.ts';
import { networkOf } from './network-options.ts';
import type { ReadingFlags } from './source-options.ts';
import { askOptionsOf } from './source-options.ts';

export type ProveFlags = ReadingFlags & {
  readonly data: string;
  readonly json?: boolean;
  readonly terraform?: boolean;
};

/** Records of windows that may have packets of it, those before it too: the same ones each time it is looked. */
const BEFORE_SECONDS = 300;
const AFTER_SECONDS = 3600;
const DIFFERENT = 4;

/** Tries it and prints. */
export async function proveEnds(question: Omit<DiagnoseQuestion, 'atMicros'>, flags: ProveFlags): Promise<number> {
  const lab = labThatRuns(flags.data);
  const { prove } = await import('../app/lab/prove.ts');
  return interruptible(async (stop) => {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const range = { startSeconds: nowSeconds - BEFORE_SECONDS, endSeconds: nowSeconds + AFTER_SECONDS };
    const asking = { ...(await askOptionsOf(lab.directory, flags, stop)), range };
    const proof = await stop.atOnce(
      prove({
        lab,
        network: () => networkNow(lab.directory),
        question,
        asking,
        signal: stop.signal,
      }),
    );
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

async function networkNow(data: string): Promise<{ readonly snapshot: VpcSnapshot; readonly changedMicros: number }> {
  const network = await networkOf({ data }, undefined);
  try {
    const changedMicros = network.versions(0, Infinity).at(-1) ?? 0;
    return { snapshot: network.at(Math.max(Date.now() * 1000, changedMicros)), changedMicros };
  } finally {
    network.close();
  }
}
