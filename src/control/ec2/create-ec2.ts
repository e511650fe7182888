/**
 * The EC2 Query API and STS, in front of a state file: one function from a request to its answer.
 *
 * In:    a request that a server has read whole. Out: status, headers and body. And, to whoever listens, each change that
 *        was made.
 * Holds: it never throws: what is wrong with a request is answered as AWS does, what is wrong with us as `InternalError`
 *        or `Unavailable`, without telling more. Limits of connections and time are the server's; those of body and
 *        parameters are here.
 */
import { randomFillSync, randomUUID } from 'node:crypto';
import { FlowgaugeError } from '../../model/errors.ts';
import { openAudit } from '../../storage/state/audit.ts';
import { openCurrentFacts } from '../../storage/state/current-facts.ts';
import type { CurrentFacts } from '../../storage/state/current-facts.ts';
import { openKeys } from '../../storage/state/keys.ts';
import type { AccessKey } from '../../storage/state/keys.ts';
import type { StateFile } from '../../storage/state/state-file.ts';
import type { Surroundings } from './action.ts';
import { ACTIONS } from './actions/list.ts';
import { authenticate } from './authenticate.ts';
import type { Service } from './authenticate.ts';
import { runAction } from './dispatch.ts';
import type { Caller, CommittedChange } from './dispatch.ts';
import { DryRunSucceeded, Ec2Error, missingParameter } from './errors.ts';
import { checkCharacters, formPairs, parameterTree } from './form.ts';
import { operationShapes } from './shapes.ts';
import { isOfSignature } from './signed-request.ts';
import type { Request } from './signed-request.ts';
import { ec2Answer, ec2Problem, stsAnswer, stsProblem } from './write-answer.ts';
import { parametersOf } from './write-input.ts';

export type Response = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type Ec2Options = {
  readonly state: StateFile;
  /** The facts of that file, where others of this process read and change them too; not given: read anew. */
  readonly facts?: CurrentFacts;
  readonly surroundings: Surroundings;
  readonly now?: () => Date;
  /** Told of errors that are ours. */
  readonly failed?: (error: unknown, requestId: string) => void;
};

export type Ec2 = {
  answer(request: Request): Promise<Response>;
  /**
   * Runs an action of EC2 for somebody whose key was seen elsewhere, as a session of the console has one: with the same roles,
   * limits and audit as a signed request. Throws `Ec2Error`.
   *
   * @param input  members as the SDK names them
   * @returns the members of the answer; of a dry run what would have been answered
   */
  run(name: string, input: object, caller: Caller): Promise<object>;
  /** Told of each change after it is on disk; returns what ends that. */
  onChange(listener: (change: CommittedChange) => void): () => void;
};

/** AWS takes 1 MB or so; the longest call here has 1,000 ids. */
export const LONGEST_BODY = 1024 * 1024;
const VERSIONS: ReadonlyMap<string, Service> = new Map([
  ['2016-11-15', 'ec2'],
  ['2011-06-15', 'sts'],
]);
/** How often it is written down that a key was used. */
const USED_EVERY_MICROS = 60_000_000;

const actions = new Map(ACTIONS.map((action) => [action.name, action]));

/** Makes the API. */
export function createEc2(options: Ec2Options): Ec2 {
  const { state, surroundings, now = () => new Date(), failed = () => {} } = options;
  const listeners = new Set<(change: CommittedChange) => void>();
  const keys = openKeys(state);
  const bench = {
    facts: options.facts ?? openCurrentFacts(state),
    audit: openAudit(state),
    surroundings,
    now,
    randomHex,
    changed: (change: CommittedChange): void => {
      // What was made is made, whatever becomes of those who want to know.
      for (const listener of listeners) {
        try {
          listener(change);
        } catch (error) {
          failed(error, change.requestId);
        }
      }
    },
  };

  async function serve(request: Request, asked: Asked, requestId: string): Promise<string> {
    const { pairs, query, version, name } = asked;
    if (version === null) throw missingParameter('Version');
    const service = VERSIONS.get(version);
    if (service === undefined)
      throw new Ec2Error('InvalidAction', `The action ${name ?? ''} is not valid for version ${version.slice(0, 20)}.`);
    if (name === null) throw new Ec2Error('MissingAction', 'The request must contain the parameter Action');
    const at = now();
    // Another process may have made an account ours, or a key, or taken one away.
    bench.facts.refresh();
    const { seen } = bench.facts;
    const find = (id: string): AccessKey | null => keys.find(id, seen);
    const { key, region } = authenticate(request, query, service, find, at);
    const micros = at.getTime() * 1000;
    if (micros - (key.usedMicros ?? 0) >= USED_EVERY_MICROS) keys.used(key.id, micros);
    const action = actions.get(name);
    if (action?.service !== service)
      throw new Ec2Error('InvalidAction', `The action ${name} is not valid for this web service.`);
    const given = pairs.filter(([one]) => one !== 'Action' && one !== 'Version' && !isOfSignature(one));
    checkCharacters(given);
    const parameters = parameterTree(given);
    const caller = { account: key.account, region, principal: key.id, role: key.role };
    const answer = await runAction(bench, action, parameters, caller, requestId);
    const shape = operationShapes(name).answer;
    return service === 'sts' ? stsAnswer(name, shape, answer, requestId) : ec2Answer(name, shape, answer, requestId);
  }

  return {
    async answer(request) {
      const requestId = randomUUID();
      let isSts = false;
      try {
        const asked = readAsked(request);
        isSts = asked.version !== null && VERSIONS.get(asked.version) === 'sts';
        return respond(200, await serve(request, asked, requestId), requestId);
      } catch (error) {
        const known = error instanceof Ec2Error ? error : ours(error, requestId, failed);
        return respond(known.status, (isSts ? stsProblem : ec2Problem)(known, requestId), requestId);
      }
    },
    async run(name, input, caller) {
      const requestId = randomUUID();
      const action = actions.get(name);
      if (action?.service !== 'ec2')
        throw new Ec2Error('InvalidAction', `The action ${name} is not valid for this web service.`);
      try {
        bench.facts.refresh();
        return await runAction(bench, action, parametersOf(operationShapes(name).request, input), caller, requestId);
      } catch (error) {
        if (error instanceof DryRunSucceeded) return error.answer;
        throw error instanceof Ec2Error ? error : ours(error, requestId, failed);
      }
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Random bytes that nobody has had yet: asking for a few costs as much as for all of these. */
const random = Buffer.alloc(4096);
let nextRandom = random.length;

function randomHex(digits: number): string {
  const count = Math.ceil(digits / 2);
  if (nextRandom + count > random.length) {
    randomFillSync(random);
    nextRandom = 0;
  }
  nextRandom += count;
  return random.toString('hex', nextRandom - count, nextRandom).slice(0, digits);
}

type Pairs = [name: string, value: string][];
type Asked = {
  readonly pairs: Pairs;
  readonly query: Pairs;
  readonly version: string | null;
  readonly name: string | null;
};

function readAsked({ method, url, body }: Request): Asked {
  if (method !== 'POST' && method !== 'GET')
    throw new Ec2Error('UnsupportedProtocol', `HTTP method ${method.slice(0, 20)} is not supported; use POST or GET.`);
  if (body.length > LONGEST_BODY || url.length > LONGEST_BODY)
    throw new Ec2Error('InvalidRequest', `The request is longer than ${LONGEST_BODY} bytes.`, 413);
  const at = url.indexOf('?');
  const query = at < 0 ? [] : formPairs(url.slice(at + 1));
  const pairs = [...query, ...formPairs(Buffer.from(body).toString())];
  const find = (wanted: string): string | null => pairs.find(([name]) => name === wanted)?.[1] ?? null;
  return { pairs, query, version: find('Version'), name: find('Action') };
}

/** An error that is not the caller's: its words stay here. */
function ours(error: unknown, requestId: string, failed: (error: unknown, requestId: string) => void): Ec2Error {
  failed(error, requestId);
  if (error instanceof FlowgaugeError && error.owner === 'surroundings')
    return new Ec2Error('Unavailable', 'The server is overloaded or its disk cannot be written. Try again later.', 503);
  return new Ec2Error('InternalError', 'An internal error has occurred', 500);
}

function respond(status: number, body: string, requestId: string): Response {
  const headers = {
    'content-type': 'text/xml;charset=UTF-8',
    'x-amzn-requestid': requestId,
    'cache-control': 'no-store',
  };
  return { status, headers, body };
}
