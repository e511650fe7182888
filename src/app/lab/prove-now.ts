/**
 * A question about two hosts of a lab, tried out with the network as it is now.
 *
 * In:    a lab, the question, how flow logs are read. Out: the proof.
 * Holds: the command line and the console prove by this.
 * Fails: as `prove` does.
 */
import type { Proof } from '../../api/proof.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { AskOptions } from '../../query/ask.ts';
import { openModelHistory } from '../../storage/state/open-model.ts';
import type { ProveOptions } from './prove.ts';
import { prove } from './prove.ts';

/** Records of windows that may have packets of it, those before it too: the same ones each time it is looked. */
const BEFORE_SECONDS = 300;
const AFTER_SECONDS = 3600;

/** Tries it. */
export function proveNow(
  { lab, question, signal }: Pick<ProveOptions, 'lab' | 'question' | 'signal'>,
  asking: AskOptions,
): Promise<Proof> {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const range = { startSeconds: nowSeconds - BEFORE_SECONDS, endSeconds: nowSeconds + AFTER_SECONDS };
  return prove({ lab, question, signal, network: () => networkNow(lab.directory), asking: { ...asking, range } });
}

async function networkNow(data: string): Promise<VpcSnapshot> {
  const network = await openModelHistory({ data });
  try {
    return network.at(Math.max(Date.now() * 1000, network.versions(0, Infinity).at(-1) ?? 0));
  } finally {
    network.close();
  }
}
