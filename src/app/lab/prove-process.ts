/**
 * The process in which the server of a lab's `up` tries a question out.
 *
 * In:    a data directory and a question over IPC. Out: the proof as JSON, or why there is none.
 * Holds: it ends with its answer, and when whoever asked has gone.
 * Fails: by a message.
 */
import type { ProveRequest } from '../../api/proof.ts';
import { protocolOf } from '../../explain/diagnose/protocol-of.ts';
import type { PostedError } from '../collector/posted-error.ts';
import { postedError } from '../collector/posted-error.ts';
import { proveNow } from './prove-now.ts';
import { labThatRuns } from './sandbox.ts';

export type ToProver = { readonly data: string; readonly request: ProveRequest };
export type FromProver = { readonly json: string } | { readonly failed: PostedError };

async function proofOf({ data, request }: ToProver): Promise<string> {
  const { signal } = new AbortController();
  const { from, to, protocol = 'tcp', port = null, sourcePorts = null } = request;
  const question = { from, to, protocol: protocolOf(protocol), port, sourcePorts };
  return JSON.stringify(await proveNow({ lab: labThatRuns(data), question, signal }, { signal }));
}

if (import.meta.main) {
  process.on('disconnect', () => process.exit());
  const tell = (message: FromProver): void => void process.send?.(message, undefined, undefined, () => process.exit());
  process.once('message', (asked: ToProver) => {
    proofOf(asked).then(
      (json) => tell({ json }),
      (error: unknown) => tell({ failed: postedError(error) }),
    );
  });
}
