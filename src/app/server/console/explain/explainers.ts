/**
 * The processes that explain for the console, as the server has them.
 *
 * In:    questions. Out: answers as JSON text.
 * Holds: few processes, each with one question at a time; what comes meanwhile waits in order. One that has nothing to do for a
 *        while ends. A question whose asker has gone is stopped; a process that does not stop then is killed.
 * Fails: with the error of the question; FG_EXPLAINER_ENDED where its process ended, FG_EXPLAINERS_BUSY where too many wait.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { ExplainProgress } from '../../../../api/explain-routes.ts';
import { failure } from '../../../../model/errors.ts';
import { receivedError } from '../../../collector/posted-error.ts';
import { EXPLAIN, explainerFile } from './process.ts';
import type { ExplainWork, FromExplainer, ToExplainer } from './question.ts';

export type AskOptions = {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ExplainProgress) => void;
};

export type Explainers = {
  /** The answer, as JSON. */
  ask(work: ExplainWork, options: AskOptions): Promise<string>;
  /** Ends all of them; what is asked fails. */
  close(): void;
};

export type ExplainerLimits = {
  readonly processes: number;
  readonly waiting: number;
  /** Without a question. */
  readonly idleMillis: number;
  /** After it was told to stop. */
  readonly graceMillis: number;
  /** For one question. */
  readonly mostMillis: number;
};

const LIMITS: ExplainerLimits = {
  processes: 2,
  waiting: 32,
  idleMillis: 120_000,
  graceMillis: 2000,
  mostMillis: 900_000,
};

type Asked = {
  readonly work: ExplainWork;
  readonly options: AskOptions;
  readonly resolve: (json: string) => void;
  readonly reject: (error: unknown) => void;
};

type Worker = {
  readonly child: ChildProcess;
  /** What it works on; null: nothing. */
  asked: Asked | null;
  id: number;
  timer: NodeJS.Timeout | null;
  isStopping: boolean;
};

/** None yet: the first question starts one. */
export function createExplainers(given: Partial<ExplainerLimits> = {}): Explainers {
  const limits = { ...LIMITS, ...given };
  const workers = new Set<Worker>();
  const waiting: Asked[] = [];
  let lastId = 0;
  let isClosed = false;

  function start(): Worker {
    // Ctrl-C is for the server, which ends it.
    const child = fork(explainerFile, [EXPLAIN], { detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.unref();
    child.channel?.unref();
    const worker: Worker = { child, asked: null, id: 0, timer: null, isStopping: false };
    child.on('message', (message: FromExplainer) => hear(worker, message));
    child.on('error', () => {});
    child.on('exit', (code, signal) => {
      workers.delete(worker);
      if (worker.timer !== null) clearTimeout(worker.timer);
      worker.asked?.reject(failure('FG_EXPLAINER_ENDED', signal ?? `exit ${code}`));
      worker.asked = null;
      next();
    });
    workers.add(worker);
    return worker;
  }

  function hear(worker: Worker, message: FromExplainer): void {
    if (message.id !== worker.id || worker.asked === null) return;
    const { asked } = worker;
    if (message.kind === 'progress') {
      asked.options.onProgress?.(message.progress);
      return;
    }
    free(worker);
    if (message.kind === 'answer') asked.resolve(message.json);
    else asked.reject(receivedError(message.error));
    next();
  }

  /** It works on nothing from here on. */
  function free(worker: Worker): void {
    if (worker.timer !== null) clearTimeout(worker.timer);
    worker.asked = null;
    worker.timer = setTimeout(() => worker.child.kill('SIGKILL'), limits.idleMillis).unref();
  }

  function give(worker: Worker, asked: Asked): void {
    if (worker.timer !== null) clearTimeout(worker.timer);
    const id = ++lastId;
    worker.asked = asked;
    worker.id = id;
    const stop = (): void => {
      if (worker.id !== id || worker.asked === null) return;
      if (worker.child.connected) worker.child.send({ kind: 'cancel', id } satisfies ToExplainer, () => {});
      if (worker.timer !== null) clearTimeout(worker.timer);
      worker.timer = setTimeout(() => worker.child.kill('SIGKILL'), limits.graceMillis);
    };
    worker.timer = setTimeout(stop, limits.mostMillis).unref();
    asked.options.signal.addEventListener('abort', stop, { once: true });
    try {
      worker.child.send({ kind: 'ask', id, ...asked.work } satisfies ToExplainer, () => {});
    } catch (error) {
      // What has no form in which it can be told is the trouble of who asked, and of nobody else.
      free(worker);
      asked.reject(error);
    }
  }

  function next(): void {
    while (waiting.length > 0) {
      const idle = [...workers].find((worker) => worker.asked === null && worker.child.connected);
      if (idle === undefined && workers.size >= limits.processes) return;
      const asked = waiting.shift()!;
      if (!asked.options.signal.aborted) give(idle ?? start(), asked);
    }
  }

  return {
    ask: (work, options) =>
      new Promise((resolve, reject) => {
        options.signal.throwIfAborted();
        if (isClosed) throw failure('FG_EXPLAINER_ENDED', 'the server ends');
        if (waiting.length >= limits.waiting) throw failure('FG_EXPLAINERS_BUSY', waiting.length);
        // Whoever left is told at once; the process is stopped by itself.
        options.signal.addEventListener('abort', () => reject(options.signal.reason as Error), { once: true });
        waiting.push({ work, options, resolve, reject });
        next();
      }),
    close() {
      isClosed = true;
      for (const { reject } of waiting.splice(0)) reject(failure('FG_EXPLAINER_ENDED', 'the server ends'));
      for (const { child } of workers) child.kill('SIGKILL');
    },
  };
}
