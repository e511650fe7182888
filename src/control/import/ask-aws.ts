/**
 * Asks AWS one read-only question, as often as it takes.
 *
 * In:    who asks, in which region; service, action and parameters. Out: the answer as aws-cli prints it.
 * Holds: credentials come from AWS's own chain; the 28 MB of the EC2 client are not needed. What is throttled or failed
 *        on the way is tried again, after pauses that grow and are drawn by chance, so that several who are throttled
 *        do not come back together.
 * Fails: `Refused` where the service says no, does not know the action, or fails itself to the end; FG_AWS_* for credentials, clock, network;
 *        FG_IMPORT_CALL where it is throttled to the end.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { failureFrom } from '../../model/errors.ts';
import { endpointOf } from '../../storage/object/aws-client.ts';
import type { AwsAccess } from '../../storage/object/aws-client.ts';
import { awsFailure } from '../../storage/object/aws-errors.ts';
import { codeOf } from '../../storage/object/file-errors.ts';
import { accountIn, readAnswer, readProblem } from './answer-xml.ts';
import { SERVICES } from './calls.ts';
import type { Service } from './calls.ts';
import { signedHeaders } from '../../storage/object/sign-request.ts';
import type { Keys } from '../../storage/object/sign-request.ts';

/** A service's no: it is not fatal, for the rest can be asked. */
export class Refused extends Error {
  readonly code: string;
  /** The service itself failed: nobody denied anything, and another time it may answer. */
  readonly isFault: boolean;
  constructor(code: string, message: string, isFault: boolean = false) {
    super(message);
    this.name = code;
    this.code = code;
    this.isFault = isFault;
  }
}

/** Parameters by name as the Query protocol spells them; lists are numbered there. */
export type Parameters = Readonly<Record<string, string | number | readonly string[]>>;

/** Asks in one region as one profile. */
export type Asker = {
  readonly region: string;
  ask(service: Service, action: string, parameters?: Parameters): Promise<Record<string, unknown>>;
  /** The account whose credentials these are. */
  account(): Promise<string>;
};

/** How it is done where that is not as usual. */
export type AskOptions = {
  readonly fetch?: typeof fetch;
  readonly pause?: (millis: number, signal: AbortSignal) => Promise<unknown>;
  /** Between 0 and 1. */
  readonly chance?: () => number;
  /** Called when the service asks for patience. */
  readonly throttled?: () => void;
};

const ATTEMPTS = 9;
/** As often as AWS's own clients try what fails with an error of no name (their mode `standard`). */
const ATTEMPTS_AT_FAULTS = 3;
const FIRST_PAUSE_MILLIS = 400;
const LONGEST_PAUSE_MILLIS = 20_000;
const SILENT_MILLIS = 60_000;

const THROTTLED = /^(?:RequestLimitExceeded|RequestThrottled|Throttl|TooManyRequests|EC2Throttled|SlowDown)/;
const PASSES = /^(?:InternalError|InternalFailure|ServiceUnavailable|Unavailable|ServerException)/;
/** No connection was made: most likely the address is wrong, and whoever asks shall not wait a minute to hear it. */
const NOBODY_THERE = ['ECONNREFUSED', 'ENOTFOUND'];
/** Of errors of the connection; they are thrown by `fetch` with the system's as cause. */
const causeOf = (error: unknown): unknown =>
  error instanceof Error && error.cause !== undefined ? error.cause : error;

/**
 * Asks as a profile in a region.
 *
 * @param region  one of AWS's, such as `eu-central-1`
 */
export function createAsker(access: AwsAccess, region: string, signal: AbortSignal, options: AskOptions = {}): Asker {
  const get = options.fetch ?? fetch;
  const pause = options.pause ?? ((millis, until) => wait(millis, undefined, { signal: until }));
  const chance = options.chance ?? Math.random;
  const endpoints = new Map<Service, URL>();
  let find: (() => Promise<Keys>) | null = null;

  async function keys(): Promise<Keys> {
    const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
    find ??= defaultProvider({
      clientConfig: { region },
      ...(access.profile === undefined ? {} : { profile: access.profile }),
    });
    return find();
  }

  async function once(service: Service, action: string, parameters: Parameters, endpoint: URL): Promise<string> {
    const { version, json } = SERVICES[service];
    const body =
      json === true ? JSON.stringify(parameters) : queryText({ Action: action, Version: version, ...parameters });
    const headers: Record<string, string> =
      json === true
        ? { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${version}.${action}` }
        : { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    const request = { host: endpoint.host, path: endpoint.pathname, headers, body };
    const { host: _, ...signed } = signedHeaders(request, await keys(), region, service, new Date());
    const silence = AbortSignal.any([signal, AbortSignal.timeout(SILENT_MILLIS)]);
    const answer = await get(endpoint, { method: 'POST', headers: signed, body, signal: silence });
    const text = await answer.text();
    if (answer.ok) return text;
    const { code, message } = (json === true ? jsonProblem(text) : readProblem(text)) ?? { code: '', message: '' };
    const said = message || `${service} answered ${answer.status}`;
    const error = new Refused(code || `HTTP ${answer.status}`, said, answer.status >= 500);
    throw Object.assign(error, { $metadata: { httpStatusCode: answer.status } });
  }

  async function endpointFor(service: Service): Promise<URL> {
    const known = endpoints.get(service);
    if (known) return known;
    const given = await endpointOf(access, SERVICES[service].config);
    const found = new URL(given ?? `https://${service}.${region}.${domainOf(region)}/`);
    endpoints.set(service, found);
    return found;
  }

  async function ask(service: Service, action: string, parameters: Parameters): Promise<string> {
    const place = `${service}:${action} in ${region}`;
    const endpoint = await endpointFor(service);
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(service, action, parameters, endpoint);
      } catch (error) {
        signal.throwIfAborted();
        if (attempt < attemptsFor(error)) {
          if (isThrottled(error)) options.throttled?.();
          const most = Math.min(FIRST_PAUSE_MILLIS * 2 ** (attempt - 1), LONGEST_PAUSE_MILLIS);
          await pause(most * (0.5 + chance() / 2), signal);
          continue;
        }
        const known = awsFailure(causeOf(error), place, endpoint.host);
        if (known !== null) throw known;
        if (error instanceof Refused && !isThrottled(error)) throw error;
        const { code = '', message } = error as { code?: string; message: string };
        throw failureFrom(error, 'FG_IMPORT_CALL', place, code, message);
      }
    }
  }

  return {
    region,
    async ask(service, action, parameters = {}) {
      const text = await ask(service, action, parameters);
      if (SERVICES[service].json === true) return JSON.parse(text) as Record<string, unknown>;
      return readAnswer(`${service}.${action}`, text);
    },
    account: async () => accountIn(await ask('sts', 'GetCallerIdentity', {})),
  };
}

const isThrottled = (error: unknown): boolean => error instanceof Refused && THROTTLED.test(error.code);

/** How often a call is tried in all. */
function attemptsFor(error: unknown): number {
  if (error instanceof Refused) {
    if (isThrottled(error) || PASSES.test(error.code)) return ATTEMPTS;
    // Not in AWS's words: of a proxy, or of a server that lacks the action.
    if (error.code === 'HTTP 502' || error.code === 'HTTP 503' || error.code === 'HTTP 504') return ATTEMPTS;
    return error.isFault ? ATTEMPTS_AT_FAULTS : 1;
  }
  if (error instanceof Error && error.name === 'TimeoutError') return ATTEMPTS;
  // What `fetch` throws of a connection is a TypeError.
  if (!(error instanceof TypeError) || error.cause === undefined) return 1;
  return NOBODY_THERE.includes(codeOf(error.cause)) ? ATTEMPTS_AT_FAULTS : ATTEMPTS;
}

function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

function queryText(parameters: Parameters): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    typeof value === 'object'
      ? value.map((item, i) => [`${name}.${i + 1}`, item] as const)
      : [[name, String(value)] as const],
  );
  return pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}

function jsonProblem(text: string): { readonly code: string; readonly message: string } | null {
  try {
    const given = JSON.parse(text) as { __type?: string; code?: string; message?: string; Message?: string };
    const code = (given.__type ?? given.code ?? '').split('#').at(-1) ?? '';
    return { code, message: given.message ?? given.Message ?? '' };
  } catch {
    return null;
  }
}
