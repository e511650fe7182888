/**
 * Windows of packets that came after their time, and of those that came long before it.
 *
 * In:    starts of windows. Out: windows that gather apart from the others, given out together.
 * Holds: an interface whose packets were given out before their window came has a record of its own, so it gets no NODATA.
 * Fails: never; where there are too many, they are given out early.
 */
import type { Window } from './gathering.ts';

/** Distinct windows that are kept apart before they are given out early. */
const LATE_WINDOWS = 4096;

export type LateOptions = {
  readonly fresh: (startSeconds: number) => Window;
  readonly interfacesOf: (window: Window) => Iterable<number>;
  readonly close: (window: Window) => void;
};

export class LateWindows {
  readonly #windows = new Map<number, Window>();
  /** By start of a window that is still to come: interfaces whose packets were already given out as late. */
  readonly #early = new Map<number, ReadonlySet<number>>();
  readonly #options: LateOptions;

  constructor(options: LateOptions) {
    this.#options = options;
  }

  all(): Window[] {
    return [...this.#windows.values()];
  }

  /** The one that gathers for a start. */
  window(start: number, nextStart: number): Window {
    const known = this.#windows.get(start);
    if (known !== undefined) return known;
    if (this.#windows.size >= LATE_WINDOWS) this.release(nextStart);
    const window = this.#options.fresh(start);
    this.#windows.set(start, window);
    return window;
  }

  /** Interfaces with packets of a window that were read before it came. */
  earlyOf(start: number): ReadonlySet<number> | null {
    const late = this.#windows.get(start);
    return late === undefined ? (this.#early.get(start) ?? null) : this.#interfacesOf(late);
  }

  /** A window has come. */
  forget(start: number): void {
    this.#early.delete(start);
  }

  /** Closes all. */
  release(nextStart: number): void {
    for (const start of [...this.#windows.keys()].sort((a, b) => a - b)) {
      const window = this.#windows.get(start)!;
      // At most a late packet's interface each; far more of them than windows to come are noise.
      if (start >= nextStart && this.#early.size < LATE_WINDOWS) this.#early.set(start, this.#interfacesOf(window));
      this.#options.close(window);
    }
    this.#windows.clear();
  }

  /** Interfaces with packets in a late window, with those of its earlier ones. */
  #interfacesOf(window: Window): ReadonlySet<number> {
    return new Set([...(this.#early.get(window.startSeconds) ?? []), ...this.#options.interfacesOf(window)]);
  }
}
