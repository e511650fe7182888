/**
 * What the one process with capabilities does: it runs tcpdump and nothing else.
 *
 * In:    commands start, flush, stop. Out: what `Told` lists; packets into the FIFO.
 * Holds: tcpdump is in a process group of its own, so that Ctrl-C does not reach it. Whoever opens the FIFO as
 *        writer is refused unless it is a FIFO. It is held open until tcpdump has ended: the reader may come later
 *        and sees the end only then. Twice a second tcpdump is made to write out what it holds and to say what was lost.
 *        When whoever commands is gone, tcpdump is ended.
 * Fails: tells `ended` with tcpdump's words.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { readCommand, type CaptureOrder, type Told } from './commands.ts';
import { cannotChangeUser, dropsIn, isListening, reasonIn, tcpdumpArguments, tcpdumpPath } from './tcpdump-process.ts';

const FLUSH_MILLIS = 500;
/** The kernel hands a block of packets over when it is full or after one second: so long a stop waits for the last one. */
const DRAIN_MILLIS = 1200;
const PATIENCE_MILLIS = 3000;
const WORDS_LENGTH = 4000;

/** Serves one side that commands. */
export class CaptureServer {
  readonly #tell: (told: Told, sent?: () => void) => void;
  readonly #over: () => void;
  #tcpdump: ChildProcess | null = null;
  #hold = -1;
  #flushing: NodeJS.Timeout | null = null;
  #asked = false;
  #drops = 0;
  #words = '';

  /**
   * @param tell  says something to whoever commands, if it is still there, and calls `sent` when that is on its way
   * @param over  nothing runs any more, and `ended` was told
   */
  constructor(tell: (told: Told, sent?: () => void) => void, over: () => void) {
    this.#tell = tell;
    this.#over = over;
  }

  command(message: unknown): void {
    const command = readCommand(message);
    if (command === null) return;
    if (command.do === 'start' && this.#tcpdump === null) this.#start(command);
    else if (command.do === 'flush') this.#tcpdump?.kill('SIGUSR2');
    else if (command.do === 'stop') this.#stop(command.now);
  }

  /** Whoever commands is gone: there is nobody to drain for. */
  abandoned(): void {
    this.#stop(true);
  }

  #start(order: CaptureOrder): void {
    const program = tcpdumpPath();
    if (program === null) {
      this.#ended('tcpdump is not installed');
      return;
    }
    try {
      // Open for both first: then neither this nor tcpdump waits for the reader, or dies because there is none yet.
      this.#hold = openFifo(order.fifo, constants.O_RDWR | constants.O_NONBLOCK);
      this.#run(program, order, false);
    } catch (error) {
      this.#ended(String(error));
    }
  }

  #run(program: string, order: CaptureOrder, keepRoot: boolean): void {
    const out = openFifo(order.fifo, constants.O_WRONLY);
    const tcpdump = spawn(program, tcpdumpArguments(order, keepRoot), {
      stdio: ['ignore', out, 'pipe'],
      detached: true,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    });
    closeSync(out);
    this.#tcpdump = tcpdump;
    this.#words = '';
    let rest = '';
    tcpdump.stderr!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.#line(line);
    });
    tcpdump.on('error', (error) => this.#ended(String(error)));
    tcpdump.on('close', () => {
      if (rest !== '') this.#line(rest);
      if (!keepRoot && !this.#asked && cannotChangeUser(this.#words)) this.#run(program, order, true);
      else this.#ended(reasonIn(this.#words));
    });
  }

  #line(line: string): void {
    const drops = dropsIn(line);
    if (drops !== null) {
      if (drops !== this.#drops) this.#tell({ is: 'drops', total: drops });
      this.#drops = drops;
      return;
    }
    this.#words = `${this.#words}${line}\n`.slice(-WORDS_LENGTH);
    if (!isListening(line)) return;
    this.#tell({ is: 'listening' });
    this.#flushing ??= setInterval(() => {
      this.#tcpdump?.kill('SIGUSR2');
      this.#tcpdump?.kill('SIGUSR1');
    }, FLUSH_MILLIS);
  }

  #stop(now: boolean): void {
    const again = this.#asked;
    this.#asked = true;
    const tcpdump = this.#tcpdump;
    if (tcpdump === null) {
      this.#ended('');
    } else if (now) {
      // Without us and without a reader a write that waits for room fails, and tcpdump comes to an end.
      this.#release();
      tcpdump.kill('SIGTERM');
      setTimeout(() => tcpdump.kill('SIGKILL'), PATIENCE_MILLIS / 6).unref();
    } else if (!again) {
      setTimeout(() => {
        tcpdump.kill('SIGUSR2');
        tcpdump.kill('SIGTERM');
        setTimeout(() => this.#stop(true), PATIENCE_MILLIS).unref();
      }, DRAIN_MILLIS);
    }
  }

  #release(): void {
    if (this.#hold >= 0) closeSync(this.#hold);
    this.#hold = -1;
  }

  #ended(words: string): void {
    if (this.#flushing !== null) clearInterval(this.#flushing);
    this.#release();
    this.#tcpdump = null;
    this.#tell({ is: 'ended', asked: this.#asked, words }, this.#over);
  }
}

function openFifo(path: string, flags: number): number {
  const fd = openSync(path, flags | constants.O_NOFOLLOW);
  if (fstatSync(fd).isFIFO()) return fd;
  closeSync(fd);
  throw new Error(`${path} is no FIFO`);
}
