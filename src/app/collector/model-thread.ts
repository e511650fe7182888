/**
 * Reads a large model in a worker that ends: the text and the facts it is made from are several times its own size, and
 * their memory goes with the thread.
 *
 * In:    the path of a model. Out: its snapshot.
 * Holds: a small model is read in this thread, where that is faster.
 * Fails: as reading and compiling a model do.
 */
import { stat } from 'node:fs/promises';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { PostedError } from './posted-error.ts';
import { postedError, receivedError } from './posted-error.ts';

/** A file above this is worth a thread; folders always are. */
const LARGE_BYTES = 512 * 1024;

type FromWorker = { readonly snapshot: VpcSnapshot } | { readonly error: PostedError };

/** The snapshot of the model at a path. */
export async function readSnapshot(path: string): Promise<VpcSnapshot> {
  const found = await stat(path).catch(() => null);
  if (found === null || (found.isFile() && found.size < LARGE_BYTES)) return compile(path);
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { role: 'model', path } });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the worker that reads the model ended with ${code}`)));
    worker.on('message', (message: FromWorker) => {
      if ('error' in message) reject(receivedError(message.error));
      else resolve(message.snapshot);
    });
  });
}

async function compile(path: string): Promise<VpcSnapshot> {
  const { compileSnapshot, readModel } = await import('../../network/vpc/model.ts');
  const { readModelFiles } = await import('./model-files.ts');
  return compileSnapshot(readModel(await readModelFiles(path)), { version: 1, atMicros: 0 });
}

async function answer(path: string): Promise<FromWorker> {
  try {
    return { snapshot: await compile(path) };
  } catch (error) {
    return { error: postedError(error) };
  }
}

if (parentPort !== null && (workerData as { role?: string } | null)?.role === 'model')
  parentPort.postMessage(await answer((workerData as { path: string }).path), []);
