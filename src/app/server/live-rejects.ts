/**
 * The newest packets that the kernel rejected.
 *
 * In:    packets as the collector tells them. Out: those after a number, how many are missing, and why where none are told.
 * Holds: so many are kept.
 * Fails: never.
 */
import type { LiveReject, LiveRejects } from '../../api/live-rejects.ts';
import type { RejectTold } from '../collector/reject-feed.ts';
import type { Standing } from './standing.ts';

const KEPT = 1000;

/** What else is known of them. */
export type RejectsStanding = Pick<LiveRejects, 'isFed' | 'why' | 'each' | 'leftOut'>;

/** How they stand. */
export function rejectsStanding({ rejectFeed, stages }: Pick<Standing, 'rejectFeed' | 'stages'>): RejectsStanding {
  const { kernel, notObserved } = stages?.tables ?? {};
  const { seen, told } = kernel?.rejects ?? { seen: 0, told: 0 };
  if (kernel?.how === 'observe') return { isFed: true, why: null, each: 'flow', leftOut: Math.max(0, seen - told) };
  const { drops } = rejectFeed;
  const cannot = kernel?.rejects === null ? 'this kernel cannot log packets to a group (nfnetlink_log)' : null;
  const unseen = notObserved === undefined ? null : `the firewall of this host is not observed: ${notObserved.message}`;
  const why = unseen ?? rejectFeed.why ?? cannot;
  const lost = drops === null ? 0 : Atomics.load(drops, 0);
  return { isFed: why === null, why, each: why === null ? 'packet' : null, leftOut: Math.max(0, seen - told) + lost };
}

/** The newest of them. */
export class NewestRejects {
  readonly startedMillis: number;
  readonly #most: number;
  readonly #kept: LiveReject[] = [];
  #newest = 0;

  constructor(nowMillis: number, most: number = KEPT) {
    this.startedMillis = nowMillis;
    this.#most = most;
  }

  add(rejects: readonly RejectTold[]): void {
    for (const reject of rejects) this.#kept.push({ number: ++this.#newest, ...reject });
    if (this.#kept.length > this.#most) this.#kept.splice(0, this.#kept.length - this.#most);
  }

  /** @param number  of the last one that whoever asks has; 0: none */
  after(number: number, standing: RejectsStanding): LiveRejects {
    const { startedMillis } = this;
    const newest = this.#newest;
    // A number that was never given is of another run of the server.
    const from = number > newest ? 0 : number;
    const rejects = this.#kept.filter((one) => one.number > from);
    return { ...standing, startedMillis, newest, passed: newest - from - rejects.length, rejects };
  }
}
