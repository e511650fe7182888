/**
 * What a route of the console's screens is.
 *
 * In:    nothing. Out: the types, and the errors that are answers.
 * Holds: whoever asks has a session or a signature, and the role that the route needs, before `handle` is called.
 * Fails: `handle` throws a `FlowgaugeError` or a `Refusal`, which become answers; all else is a fault of ours.
 */
import type { ConsoleRole } from '../../../api/console.ts';
import type { TimeChoice } from '../../../api/time-range.ts';
import { rangeOf, readTime } from '../../../api/time-range.ts';
import type { Service } from '../../../control/ec2/authenticate.ts';
import { failure } from '../../../model/errors.ts';
import type { ConsoleContext } from './context.ts';

export type ConsoleRequest = {
  readonly query: URLSearchParams;
  /** The path's last segment where the route has `:id`, decoded. */
  readonly id: string | null;
  /** Parsed JSON; null where there is no body. */
  readonly body: unknown;
  readonly who: { readonly keyId: string; readonly account: string; readonly role: ConsoleRole };
  /** Aborts when the browser leaves: a changed filter cancels its query. */
  readonly signal: AbortSignal;
};

/** One event of a stream of them (`text/event-stream`). */
export type ConsoleEvent = { readonly event: string; readonly data: unknown; readonly id?: string };

export type ConsoleAnswer =
  | { readonly status: number; readonly json: unknown }
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly stream: AsyncIterable<Uint8Array | string>;
    }
  | { readonly events: AsyncIterable<ConsoleEvent> };

export type ConsoleRoute = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Exact, as `/api/flow-logs`; its last segment may be `:id`. */
  readonly path: string;
  /** The least that whoever asks must be. */
  readonly role: ConsoleRole;
  /** For which service a script signs; not given: that of the console. */
  readonly service?: Service;
  handle(request: ConsoleRequest, console: ConsoleContext): Promise<ConsoleAnswer>;
};

/** An answer that is an error and not one of the program's: a status, a code, words. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
  }
}

/** What a request asks for is not there. */
export const notFound = (what: string): Refusal => new Refusal(404, 'NotFound', `There is no ${what}.`);

/** Seconds since 1970 UTC, `[from, to)`, of the address of a request (`from` and `to`, or `last`). */
export function timeOf(request: ConsoleRequest, now: number): { readonly from: number; readonly to: number } {
  const choice: TimeChoice | null = readTime((name) => request.query.get(name));
  if (choice !== null) return rangeOf(choice, now / 1000);
  const given = ['from', 'to', 'last'].flatMap((name) => request.query.get(name) ?? []).join(', ');
  throw failure('FG_REQUEST_QUERY', 'from, to, last', given, 'seconds since 1970 or a time such as 15m, 6h or 7d');
}
