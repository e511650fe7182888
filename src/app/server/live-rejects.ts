/**
 * The newest packets that the kernel rejected, and the route that tells them.
 *
 * In:    packets as the collector tells them, requests. Out: those after a number, and how many are missing.
 * Holds: so many are kept. Who asks signs with a key that may read: whom a network turns away is no news for everybody.
 * Fails: 400, 401, 403 and 405 with a code and words as JSON.
 */
import { AGENT_SERVICE } from '../../api/agents.ts';
import type { LiveReject, LiveRejects } from '../../api/live-rejects.ts';
import { authenticate } from '../../control/ec2/authenticate.ts';
import { Ec2Error } from '../../control/ec2/errors.ts';
import type { CurrentFacts } from '../../storage/state/current-facts.ts';
import { openKeys } from '../../storage/state/keys.ts';
import type { StateFile } from '../../storage/state/state-file.ts';
import type { RejectTold } from '../collector/reject-feed.ts';
import type { Standing } from './standing.ts';
import type { HttpAnswer, HttpHandler, HttpRequest } from './http.ts';

const KEPT = 1000;

/** What else is known of them. */
export type RejectsStanding = Pick<LiveRejects, 'isFed' | 'why' | 'leftOut'>;

/** How they stand. */
export function rejectsStanding({ rejectFeed, stages }: Pick<Standing, 'rejectFeed' | 'stages'>): RejectsStanding {
  const { drops } = rejectFeed;
  const kernel = stages?.tables.kernel;
  const cannot = kernel?.rejects === null ? 'this kernel cannot log packets to a group (nfnetlink_log)' : null;
  const why = rejectFeed.why ?? cannot;
  const { seen, told } = kernel?.rejects ?? { seen: 0, told: 0 };
  const lost = drops === null ? 0 : Atomics.load(drops, 0);
  return { isFed: why === null, why, leftOut: Math.max(0, seen - told) + lost };
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

export type RejectRouteOptions = {
  readonly state: StateFile;
  readonly facts: CurrentFacts;
  readonly newest: NewestRejects;
  readonly standing: () => RejectsStanding;
  readonly now?: () => number;
};

/** The handler of `LIVE_REJECTS_PATH`. */
export function rejectRoute({ state, facts, newest, standing, now = Date.now }: RejectRouteOptions): HttpHandler {
  const keys = openKeys(state);
  const answer = (request: HttpRequest): HttpAnswer => {
    if (request.method !== 'GET') throw new Ec2Error('MethodNotAllowed', 'This is asked with GET.', 405);
    const query = new URLSearchParams(request.url.split('?')[1] ?? '');
    facts.refresh();
    const { key } = authenticate(
      request,
      [...query],
      AGENT_SERVICE,
      (id) => keys.find(id, facts.seen),
      new Date(now()),
    );
    if (key.role === 'agent') throw new Ec2Error('AccessDenied', 'A key of an agent reads no packets.', 403);
    const after = query.get('after') ?? '0';
    if (!/^\d{1,15}$/.test(after)) throw new Ec2Error('ValidationError', '`after` is a number of a reject.');
    return jsonAnswer(200, newest.after(Number(after), standing()));
  };
  return async (request) => {
    try {
      return answer(request);
    } catch (error) {
      if (!(error instanceof Ec2Error)) throw error;
      return jsonAnswer(error.status, { code: error.code, message: error.message });
    }
  };
}

function jsonAnswer(status: number, body: object): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(body)}\n` };
}
