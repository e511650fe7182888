/**
 * For tests: command lines one after the other in one process, for loading the program takes longer than most of what it does.
 *
 * In:    the words behind `flowgauge`. Out: the exit code and what was printed.
 * Holds: the program's own `main` runs, on descriptors of its own; the exit code is unset before each line. What only a process of its own
 *        shows (that it ends, standard input, signals, its environment) is for tests that start `bin/flowgauge`, with `start` here:
 *        each verb has one.
 * Fails: with what it printed where the one process ends meanwhile.
 */
import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** Stands behind what a line printed. */
const END = '\u0004end of a line\u0004';

/** Runs a line in a process of its own, to its end. */
export async function start(cwd: string, ...words: readonly string[]): Promise<Ended> {
  const program = join(import.meta.dirname, '../../bin/flowgauge');
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], cwd });
  const texts = Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  const [code] = (await once(child, 'close')) as [number | null];
  const [out, err] = await texts;
  return { code, out, err };
}

function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-lines-'));
  after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/**
 * Starts the process when the first line comes, and ends it after the tests of the file.
 *
 * @param cwd  where lines are run; else in a directory that has nothing, for a clone that was tried has its `flowgauge-data`
 */
export function inOneProcess(cwd: string = emptyDirectory()): (...words: readonly string[]) => Promise<Ended> {
  let child: ChildProcess | null = null;
  let last: Promise<unknown> = Promise.resolve();
  after(() => child?.disconnect());
  async function run(words: readonly string[]): Promise<Ended> {
    // As `bin/flowgauge` does.
    child ??= fork(import.meta.filename, [], {
      cwd,
      execArgv: ['--max-semi-space-size=4'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const texts = Promise.all([textOf(child.stdout!), textOf(child.stderr!)]);
    child.send(words);
    const over = new AbortController();
    const told = once(child, 'message', over) as Promise<[number]>;
    const first = await Promise.race([told, once(child, 'exit', over).then(() => null)]);
    over.abort();
    const [out, err] = await texts;
    if (first !== null) return { code: first[0], out, err };
    child = null;
    throw new Error(`the process of \`flowgauge ${words.join(' ')}\` ended: ${out}${err}`);
  }
  return (...words) => {
    const ended = last.then(() => run(words));
    last = ended.catch(() => {});
    return ended;
  };
}

/** What comes until `END`, or until the end. */
function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let text = '';
  const done = (): void => {
    stream.off('data', take).off('end', done);
    resolve(text.replace(END, ''));
  };
  const take = (piece: string): void => {
    text += piece;
    if (text.endsWith(END)) done();
  };
  stream.setEncoding('utf8');
  stream.on('data', take).on('end', done);
  return promise;
}

/** The process's side. */
async function serve(): Promise<void> {
  const { main } = await import('./main.ts');
  const [node = ''] = process.argv;
  process.on('message', (words: readonly string[]) => {
    process.argv = [node, join(import.meta.dirname, 'main.ts'), ...words];
    process.exitCode = undefined;
    void main().then(async () => {
      const code = Number(process.exitCode ?? 0);
      process.exitCode = undefined;
      // A start listens once; here they would come to be many.
      process.stdout.removeAllListeners('error');
      for (const stream of [process.stdout, process.stderr])
        await new Promise<void>((written) => void stream.write(END, () => written()));
      process.send!(code);
    });
  });
}

if (import.meta.main) await serve();
