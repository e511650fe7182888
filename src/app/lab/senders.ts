/**
 * The processes that send the traffic of a lab, one in each host.
 *
 * In:    attempts, each with its host. Out: what became of each, as it is told.
 * Holds: an attempt is open until its process tells what became of it, however long that takes on a busy machine, or has ended: a process that
 *        is ended before sends no more, and what it has not sent is in no record.
 * Fails: never; what a process that ended has left open is `unfinished`.
 */
import type { Sending, Sent } from './send.ts';

/** As much of a child process as is used here. */
export type SenderProcess = {
  readonly connected: boolean;
  send(sending: Sending, told: (error: Error | null) => void): unknown;
  disconnect(): void;
  on(event: 'message', heard: (sent: Sent) => void): unknown;
  on(event: 'exit' | 'error', ended: () => void): unknown;
};

/** Sends from several hosts. */
export class Senders {
  readonly #start: (host: string) => SenderProcess;
  readonly #heard: (sent: Sent) => void;
  readonly #processes = new Map<string, SenderProcess>();
  /** Attempts that are open, with their hosts. */
  readonly #open = new Map<number, string>();
  readonly #unfinished = new Set<number>();
  #settled: (() => void) | null = null;

  /**
   * @param start  starts the process of a host
   * @param heard  told what became of an attempt
   */
  constructor(start: (host: string) => SenderProcess, heard: (sent: Sent) => void) {
    this.#start = start;
    this.#heard = heard;
  }

  /** Attempts of which nobody knows what became. */
  get unfinished(): ReadonlySet<number> {
    return new Set([...this.#unfinished, ...this.#open.keys()]);
  }

  /** Hands an attempt to a host's process, which is started with the first. */
  send(host: string, sending: Sending): void {
    this.#open.set(sending.id, host);
    this.#processOf(host).send(sending, (error) => {
      if (error !== null) this.#ended(host);
    });
  }

  /** Settles when no attempt is open; rejects with the signal. */
  async settled(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#open.size === 0) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    this.#settled = resolve;
    await promise.finally(() => signal.removeEventListener('abort', stop));
  }

  /** Ends the processes. */
  end(): void {
    for (const one of this.#processes.values()) if (one.connected) one.disconnect();
  }

  #processOf(host: string): SenderProcess {
    const known = this.#processes.get(host);
    if (known !== undefined) return known;
    const made = this.#start(host);
    made.on('message', (sent) => {
      this.#open.delete(sent.id);
      this.#heard(sent);
      this.#look();
    });
    for (const event of ['exit', 'error'] as const) made.on(event, () => this.#ended(host));
    this.#processes.set(host, made);
    return made;
  }

  #ended(host: string): void {
    for (const [id, own] of this.#open) {
      if (own !== host) continue;
      this.#open.delete(id);
      this.#unfinished.add(id);
    }
    this.#look();
  }

  #look(): void {
    if (this.#open.size === 0) this.#settled?.();
  }
}
