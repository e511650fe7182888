/**
 * Proofs for the console of a lab's `up`.
 *
 * In:    the data directory of an `up`. Out: whether it is in a lab, whose hosts there are; proofs.
 * Holds: one proof at a time, in a process of its own: what comes meanwhile waits in order. Whoever leaves ends theirs, and the
 *        packets' counters go with the process.
 * Fails: FG_EXPLAINERS_BUSY; FG_EXPLAINER_ENDED; as `prove` does.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ProveRequest } from '../../api/proof.ts';
import { failure } from '../../model/errors.ts';
import { receivedError } from '../collector/posted-error.ts';
import type { Prover } from '../server/console/prover.ts';
import type { FromProver, ToProver } from './prove-process.ts';
import { findLab, pathOfLab } from './sandbox.ts';
import { readStanding } from './standing.ts';

const PROGRAM = fileURLToPath(new URL('prove-process.ts', import.meta.url));
const MOST_WAITING = 8;

/** The prover of a directory. */
export function createProver(data: string): Prover {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    hosts() {
      // The file stays when a lab has ended.
      if (findLab(data) === null) return null;
      return (readStanding(data)?.hosts ?? [])
        .filter(({ kind }) => kind !== 'nat-gateway')
        .map(({ name, ports }) => ({
          name,
          interfaceIds: ports.flatMap(({ interfaceId }) => interfaceId ?? []),
          addresses: ports.flatMap(({ addresses }) => addresses),
        }));
    },
    async prove(request, signal) {
      if (waiting >= MOST_WAITING) throw failure('FG_EXPLAINERS_BUSY', waiting);
      waiting += 1;
      const turn = last.then(() => proveIn(data, request, signal)).finally(() => (waiting -= 1));
      last = turn.catch(() => null);
      return turn;
    },
  };
}

async function proveIn(data: string, request: ProveRequest, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const child = fork(PROGRAM, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, PATH: pathOfLab() },
  });
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const told = await new Promise<FromProver>((resolve, reject) => {
      child.once('message', resolve);
      child.once('error', reject);
      child.once('exit', (code, name) => reject(failure('FG_EXPLAINER_ENDED', name ?? `exit ${code}`)));
      child.send({ data, request } satisfies ToProver, () => {});
    });
    if ('failed' in told) throw receivedError(told.failed);
    return told.json;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
