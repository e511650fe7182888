/**
 * What the one process with capabilities does with packets: it runs tcpdump and nothing else.
 *
 * In:    commands of the closed list. Out: what `Told` lists; packets into FIFOs.
 * Holds: one capture to a name. Those of some devices end before `packets`, which holds their FIFO: when that is to stop they
 *        do, and it follows the last of them. `rejects` ends with `packets`: it is looked at beside it. When whoever commands is gone, all end.
 * Fails: tells `ended` of a capture with tcpdump's words.
 */
import { readCommand, type CaptureName, type Told } from './commands.ts';
import { Capture } from './run-tcpdump.ts';

/** Serves one side that commands. */
export class CaptureServer {
  readonly #tell: (told: Told, sent?: () => void) => void;
  readonly #over: () => void;
  readonly #captures = new Map<CaptureName, Capture>();
  #isStopping = false;

  /**
   * @param tell  says something to whoever commands, if it is still there, and calls `sent` when that is on its way
   * @param over  nothing runs any more, and each `ended` was told
   */
  constructor(tell: (told: Told, sent?: () => void) => void, over: () => void) {
    this.#tell = tell;
    this.#over = over;
  }

  command(message: unknown): void {
    const command = readCommand(message);
    if (command === null || command.do === 'may') return;
    if (command.do === 'start') this.#capture(command.name).start(command);
    else if (command.do === 'hold') this.#capture(command.name).hold(command.fifo);
    else this.#stop(command.name, command.now);
  }

  /** Whoever commands is gone: there is nobody to drain for. */
  abandoned(): void {
    if (this.#captures.size === 0) this.#over();
    for (const capture of this.#captures.values()) capture.stop(true);
  }

  #stop(name: CaptureName, now: boolean): void {
    const parts = name === 'packets' ? this.#parts() : [];
    this.#isStopping ||= name === 'packets';
    for (const part of parts) part.stop(now);
    if (parts.length === 0) this.#capture(name).stop(now);
  }

  /** Captures of some devices. */
  #parts(): Capture[] {
    return [...this.#captures].filter(([name]) => name.startsWith('packets-')).map(([, capture]) => capture);
  }

  #capture(name: CaptureName): Capture {
    let capture = this.#captures.get(name);
    if (capture === undefined) {
      capture = new Capture(name, this.#tell, () => this.#gone(name));
      this.#captures.set(name, capture);
    }
    return capture;
  }

  #gone(name: CaptureName): void {
    if (!this.#captures.delete(name)) return;
    if (this.#captures.size === 0) this.#over();
    else if (name === 'packets') for (const capture of this.#captures.values()) capture.stop(true);
    else if (this.#isStopping && this.#parts().length === 0) this.#captures.get('packets')?.stop(true);
  }
}
