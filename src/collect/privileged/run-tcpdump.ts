/**
 * One capture of the process with capabilities: tcpdump, and the FIFO that it writes into.
 *
 * In:    an order, stop. Out: what `Told` lists; packets into the FIFO.
 * Holds: tcpdump is in a process group of its own, so that Ctrl-C does not reach it. Whoever opens the FIFO as
 *        writer is refused unless it is a FIFO. It is held open until tcpdump has ended: the reader may come later
 *        and sees the end only then. Twice a second tcpdump is made to say what was lost. When
 *        this process is killed, tcpdump is too: it would not notice before it writes, and on a quiet device never.
 * Fails: tells `ended` with tcpdump's words.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { CaptureName, CaptureOrder, Told } from './commands.ts';
import { cannotChangeUser, dropsIn, isListening, reasonIn, tcpdumpArguments, tcpdumpPath } from './tcpdump-process.ts';

const ASK_MILLIS = 500;
/** NFLOG hands packets over when there are many or after one second: so long a stop waits for the last one. */
const DRAIN_MILLIS = 1200;
const PATIENCE_MILLIS = 3000;
const WORDS_LENGTH = 4000;
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
/**
 * Waits until the other end of its input is closed, which the kernel does for who is killed. A signal of the kernel at the
 * parent's death (`PR_SET_PDEATHSIG`) is forgotten when tcpdump becomes another user.
 */
const WATCH = 'read -r _; case "$(cat "/proc/$1/comm" 2>/dev/null)" in tcpdump) kill -9 "$1";; esac';

/** A program behind these words has none of the capabilities of a user who is not root. */
export const WITHOUT_CAPABILITIES = ['setpriv', '--no-new-privs', '--ambient-caps=-all', '--inh-caps=-all'] as const;

/** A capture by name. */
export class Capture {
  readonly #name: CaptureName;
  readonly #tell: (told: Told, sent?: () => void) => void;
  readonly #over: () => void;
  #tcpdump: ChildProcess | null = null;
  #watch: ChildProcess | null = null;
  #hold = -1;
  #asking: NodeJS.Timeout | null = null;
  #asked = false;
  #drops = 0;
  #words = '';

  /**
   * @param tell  says something to whoever commands, if it is still there, and calls `sent` when that is on its way
   * @param over  nothing runs any more, and `ended` was told
   */
  constructor(name: CaptureName, tell: (told: Told, sent?: () => void) => void, over: () => void) {
    this.#name = name;
    this.#tell = tell;
    this.#over = over;
  }

  /** Opens the FIFO; says `listening`, though nothing is captured as yet. */
  hold(fifo: string): void {
    if (this.#hold < 0 && this.#open(fifo)) this.#tell({ is: 'listening', name: this.#name });
  }

  start(order: CaptureOrder): void {
    if (this.#tcpdump !== null || this.#asked) return;
    const program = tcpdumpPath();
    if (program === null) {
      this.#ended('tcpdump is not installed');
      return;
    }
    if (this.#hold < 0 && !this.#open(order.fifo)) return;
    try {
      this.#run(program, order, false);
    } catch (error) {
      this.#ended(String(error));
    }
  }

  stop(now: boolean): void {
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
        tcpdump.kill('SIGTERM');
        setTimeout(() => this.stop(true), PATIENCE_MILLIS).unref();
      }, DRAIN_MILLIS);
    }
  }

  /** Open for both first: then neither this nor tcpdump waits for the reader, or dies because there is none yet. */
  #open(fifo: string): boolean {
    try {
      this.#hold = openFifo(fifo, constants.O_RDWR | constants.O_NONBLOCK);
      return true;
    } catch (error) {
      this.#ended(String(error));
      return false;
    }
  }

  #run(program: string, order: CaptureOrder, keepRoot: boolean): void {
    const out = openFifo(order.fifo, constants.O_WRONLY);
    const tcpdump = spawn(program, tcpdumpArguments(order, keepRoot), {
      stdio: ['ignore', out, 'pipe'],
      detached: true,
      env: ENVIRONMENT,
    });
    closeSync(out);
    this.#tcpdump = tcpdump;
    this.#watch = tcpdump.pid === undefined ? null : watch(tcpdump.pid);
    this.#words = '';
    let rest = '';
    tcpdump.stderr!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.#line(line);
    });
    tcpdump.on('error', (error) => this.#ended(String(error)));
    tcpdump.on('close', () => {
      this.#watch?.kill('SIGKILL');
      if (rest !== '') this.#line(rest);
      if (!keepRoot && !this.#asked && cannotChangeUser(this.#words)) this.#run(program, order, true);
      else this.#ended(reasonIn(this.#words));
    });
  }

  #line(line: string): void {
    const drops = dropsIn(line);
    if (drops !== null) {
      if (drops !== this.#drops) this.#tell({ is: 'drops', name: this.#name, total: drops });
      this.#drops = drops;
      return;
    }
    this.#words = `${this.#words}${line}\n`.slice(-WORDS_LENGTH);
    if (!isListening(line)) return;
    this.#tell({ is: 'listening', name: this.#name });
    this.#asking ??= setInterval(() => this.#tcpdump?.kill('SIGUSR1'), ASK_MILLIS);
  }

  #release(): void {
    if (this.#hold >= 0) closeSync(this.#hold);
    this.#hold = -1;
  }

  #ended(words: string): void {
    if (this.#asking !== null) clearInterval(this.#asking);
    this.#release();
    this.#tcpdump = null;
    this.#tell({ is: 'ended', name: this.#name, asked: this.#asked, words }, this.#over);
  }
}

/** Ends a tcpdump when this process has gone; without the capabilities of a user who is not root: it has that user's tcpdump to end. */
function watch(pid: number): ChildProcess {
  const shell = ['/bin/sh', '-c', WATCH, 'sh', String(pid)] as const;
  const [program, ...words] = process.getuid?.() === 0 ? shell : [...WITHOUT_CAPABILITIES, ...shell];
  const child = spawn(program, words, {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: ENVIRONMENT,
  });
  // Without it a kill leaves tcpdump to its next packet, as it would be without a shell.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  return child;
}

function openFifo(path: string, flags: number): number {
  const fd = openSync(path, flags | constants.O_NOFOLLOW);
  if (fstatSync(fd).isFIFO()) return fd;
  closeSync(fd);
  throw new Error(`${path} is no FIFO`);
}
