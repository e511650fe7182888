/**
 * What agents of other hosts ask: their assignment, by long poll, and a place for their reports.
 *
 * In:    signed requests. Out: an assignment as soon as it is another than the agent has, or 204 after the time it would wait.
 * Holds: who asks is the host of the key that signed. A key has one poll that waits: a newer one ends the older, so whoever
 *        has a key cannot hold more than one. A key that was revoked meanwhile is told nothing. No record passes here.
 * Fails: 400, 401, 403, 413 with a code and words as JSON; what is wrong with us goes to the server's handler.
 */
import type { AssignmentRequest } from '../../api/agents.ts';
import {
  AGENT_SERVICE,
  ASSIGNMENT_PATH,
  LONGEST_AGENT_REQUEST,
  LONGEST_WAIT_SECONDS,
  REPORT_PATH,
} from '../../api/agents.ts';
import { authenticate } from '../../control/ec2/authenticate.ts';
import { Ec2Error } from '../../control/ec2/errors.ts';
import type { CurrentFacts } from '../../storage/state/current-facts.ts';
import { openKeys } from '../../storage/state/keys.ts';
import type { AccessKey } from '../../storage/state/keys.ts';
import type { StateFile } from '../../storage/state/state-file.ts';
import type { AgentStandings } from './agent-standings.ts';
import { createAssignments } from './assignments.ts';
import type { HttpAnswer, HttpHandler, HttpRequest } from './http.ts';
import { readReport } from './read-report.ts';

export type AgentRoutesOptions = {
  readonly state: StateFile;
  readonly facts: CurrentFacts;
  /** Calls back after each change through the API; returns what ends that. */
  readonly onChange: (listener: () => void) => () => void;
  readonly ownVpcId: string;
  readonly standings: AgentStandings;
  readonly now?: () => number;
  /** How often what other processes change is looked for, while somebody waits. */
  readonly lookMillis?: number;
};

export type AgentRoutes = {
  /** Of the paths of `api/agents.ts`. */
  readonly answer: HttpHandler;
  /** Answers those who wait, and lets nobody wait any more. */
  end(): void;
};

const LOOK_MILLIS = 1000;
/** Changes that come together are one. */
const SOON_MILLIS = 50;
const USED_EVERY_MICROS = 60_000_000;

type Asking = { readonly key: AccessKey; readonly host: string };
type Waiting = {
  readonly host: string;
  readonly version: string | null;
  readonly timer: NodeJS.Timeout;
  readonly answer: (answer: HttpAnswer) => void;
};

const NOTHING_NEW: HttpAnswer = { status: 204, headers: {}, body: '' };

/** Makes them. */
export function createAgentRoutes(options: AgentRoutesOptions): AgentRoutes {
  const { state, facts, standings, now = Date.now, lookMillis = LOOK_MILLIS } = options;
  const keys = openKeys(state);
  const assignments = createAssignments(state, facts, options.ownVpcId);
  /** By id of the key. */
  const waiting = new Map<string, Waiting>();
  let looking: NodeJS.Timeout | null = null;
  let soon: NodeJS.Timeout | null = null;
  let isOver = false;

  const isGood = (id: string): boolean => {
    const key = keys.find(id, facts.seen);
    return (
      key !== null && key.revokedMicros === null && !(key.expiresMicros !== null && key.expiresMicros <= now() * 1000)
    );
  };

  function settle(id: string, answer: HttpAnswer): void {
    const one = waiting.get(id);
    if (one === undefined) return;
    waiting.delete(id);
    clearTimeout(one.timer);
    if (waiting.size === 0 && looking !== null) {
      clearInterval(looking);
      looking = null;
    }
    one.answer(answer);
  }

  /** Answers those whose assignment is another one by now. */
  function look(): void {
    if (soon !== null) clearTimeout(soon);
    soon = null;
    try {
      facts.refresh();
      for (const [id, { host, version }] of waiting) {
        if (!isGood(id)) settle(id, refused(NO_KEY));
        else {
          const made = assignments.of(host, now() * 1000);
          if (made.version !== version) settle(id, jsonAnswer(200, made.body));
        }
      }
    } catch {
      // Such as a state file that somebody else writes for long. They ask again, and are told then.
      for (const id of waiting.keys()) settle(id, refused(UNAVAILABLE));
    }
  }

  const off = options.onChange(() => {
    if (waiting.size > 0) soon ??= setTimeout(look, SOON_MILLIS);
  });

  function whoAsks(request: HttpRequest): Asking {
    facts.refresh();
    const { key } = authenticate(
      request,
      [...new URLSearchParams(request.url.split('?')[1] ?? '')],
      AGENT_SERVICE,
      (id) => keys.find(id, facts.seen),
      new Date(now()),
    );
    if (key.host === null)
      throw new Ec2Error(
        'AccessDenied',
        'This key is of no agent; make one with `flowgauge keys add --role agent --host NAME`.',
        403,
      );
    const micros = now() * 1000;
    if (micros - (key.usedMicros ?? 0) >= USED_EVERY_MICROS) keys.used(key.id, micros);
    return { key, host: key.host };
  }

  async function assign({ key, host }: Asking, json: unknown): Promise<HttpAnswer> {
    const asked = readAsked(json);
    if (asked === null) throw badRequest('an assignment is asked for');
    await facts.settled();
    const made = assignments.of(host, now() * 1000);
    if (made.version !== asked.version) return jsonAnswer(200, made.body);
    settle(key.id, NOTHING_NEW);
    if (asked.waitSeconds === 0 || isOver) return NOTHING_NEW;
    return new Promise((answer) => {
      const timer = setTimeout(() => settle(key.id, NOTHING_NEW), asked.waitSeconds * 1000);
      waiting.set(key.id, { host, version: asked.version, timer, answer });
      looking ??= setInterval(look, lookMillis);
    });
  }

  function report({ host }: Asking, json: unknown): HttpAnswer {
    const told = readReport(json);
    if (told === null) throw badRequest('a report is made');
    const isCurrent = told.assignment === assignments.of(host, now() * 1000).version;
    standings.keepOnly(
      new Set(keys.list().flatMap((key) => (key.host !== null && key.revokedMicros === null ? [key.host] : []))),
    );
    standings.told({ host, heardMillis: now(), isCurrent, report: told });
    return NOTHING_NEW;
  }

  return {
    async answer(request) {
      try {
        const path = request.url.split('?', 1)[0];
        if (request.method !== 'POST') throw new Ec2Error('MethodNotAllowed', 'This is asked with POST.', 405);
        if (request.body.length > LONGEST_AGENT_REQUEST)
          throw new Ec2Error('RequestTooLarge', `A request has at most ${LONGEST_AGENT_REQUEST} bytes.`, 413);
        const asking = whoAsks(request);
        const json = jsonOf(request.body);
        return path === ASSIGNMENT_PATH ? await assign(asking, json) : report(asking, json);
      } catch (error) {
        if (error instanceof Ec2Error) return refused(error);
        throw error;
      }
    },
    end() {
      isOver = true;
      off();
      if (soon !== null) clearTimeout(soon);
      for (const id of waiting.keys()) settle(id, NOTHING_NEW);
      standings.end();
    },
  };
}

/** Whether a path is one of these. */
export function isAgentPath(path: string): boolean {
  return path === ASSIGNMENT_PATH || path === REPORT_PATH;
}

const NO_KEY = new Ec2Error('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);

const UNAVAILABLE = new Ec2Error('Unavailable', 'The facts cannot be read now. Try again later.', 503);

const badRequest = (what: string): Ec2Error =>
  new Ec2Error('ValidationError', `The body is not the JSON with which ${what}, format 1.`);

const jsonAnswer = (status: number, body: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body,
});

function refused({ status, code, message }: Ec2Error): HttpAnswer {
  return jsonAnswer(status, `${JSON.stringify({ code, message })}\n`);
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return null;
  }
}

function readAsked(json: unknown): AssignmentRequest | null {
  if (typeof json !== 'object' || json === null) return null;
  const { format, version, waitSeconds } = json as Partial<Record<keyof AssignmentRequest, unknown>>;
  const isVersion = version === null || (typeof version === 'string' && version.length <= 64);
  if (format !== 1 || !isVersion || typeof waitSeconds !== 'number' || !Number.isInteger(waitSeconds)) return null;
  return waitSeconds < 0 || waitSeconds > LONGEST_WAIT_SECONDS ? null : { format, version, waitSeconds };
}
