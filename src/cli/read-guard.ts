/**
 * Asks before much is read from far away.
 *
 * In:    what will be read. Out: nothing, and reading goes on.
 * Holds: up to the limit nobody is asked: 5 GB of what is not on this machine, or `--max-bytes` of anything. Above it a
 *        person at a terminal is asked and a script is refused; `--yes` answers both.
 * Fails: FG_READ_LIMIT; the reason of the signal while asking.
 */
import { createInterface } from 'node:readline';
import { failure } from '../model/errors.ts';
import type { Planned } from '../lake/read/planned.ts';
import { sizeText } from './sizes.ts';

/** What is read from far away without a question, in bytes. */
export const FREE_BYTES = 5e9;

export type GuardOptions = {
  /** For messages. */
  readonly place: string;
  /** Null: the default, which holds for what is far away. */
  readonly maxBytes: number | null;
  readonly yes: boolean;
  readonly signal: AbortSignal;
  /** Called before it asks. */
  readonly beforeAsking: () => void;
};

/** Who is asked, and where. */
export type Person = {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: { readonly isTTY?: boolean; write(text: string): boolean };
};

/** The question of a plan. */
export function readGuard(
  { place, maxBytes, yes, signal, beforeAsking }: GuardOptions,
  person: Person = { input: process.stdin, output: process.stderr },
): (planned: Planned) => Promise<void> {
  return async ({ objects, bytes, farBytes }) => {
    const counted = maxBytes === null ? farBytes : bytes;
    const limit = maxBytes ?? FREE_BYTES;
    if (yes || counted <= limit) return;
    const enough = sizeText(counted, Math.ceil)
      .replace(' ', '')
      .replace(/bytes?$/u, 'B');
    const refusal = failure('FG_READ_LIMIT', place, objects, sizeText(counted), sizeText(limit), enough);
    if (person.input.isTTY !== true || person.output.isTTY !== true) throw refusal;
    beforeAsking();
    person.output.write(
      `${objects} objects with ${sizeText(counted)} would be read from ${place}, more than ${sizeText(limit)}. Read them? (y/N) `,
    );
    if (!(await agrees(person.input, signal))) throw refusal;
  };
}

/** One line; everything but y and yes is no, and so is the end of input. */
function agrees(input: Person['input'], signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input, terminal: false });
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const stop = (): void => reject(signal.reason as Error);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  lines.once('line', (line) => resolve(/^\s*y(?:es)?\s*$/iu.test(line)));
  lines.once('close', () => resolve(false));
  return promise.finally(() => {
    signal.removeEventListener('abort', stop);
    lines.close();
  });
}
