/**
 * What the console and the server say to each other before any screen: who is there, and what an error looks like.
 *
 * In:    nothing. Out: paths, names of headers, types of requests and answers.
 * Holds: routes of screens are reached with the cookie of a session (those that change something also with its token in
 *        `CSRF_HEADER`), or by scripts that sign with AWS's signature, version 4, for the service `CONSOLE_SERVICE`.
 *        Whole numbers above 2^53 are texts. Members are only ever added.
 */

/** Of the signature of scripts. */
export const CONSOLE_SERVICE = 'flowgauge-console';
/** Carries `ConsoleSession.csrf`, on everything but GET. */
export const CSRF_HEADER = 'x-flowgauge-csrf';
/** POST `LoginRequest` → 200 with `ConsoleSession` and the cookie; 401. */
export const LOGIN_PATH = '/api/console/login';
/** POST → 204. */
export const LOGOUT_PATH = '/api/console/logout';
/** GET → 200 with `ConsoleSession`; 401 where there is none. */
export const SESSION_PATH = '/api/console/session';

/** A one-time token that `up` or `flowgauge console` printed, or an access key. */
export type LoginRequest =
  | { readonly token: string }
  | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string | undefined };

export type ConsoleRole = 'read' | 'operate';

export type ConsoleSession = {
  readonly keyId: string;
  readonly account: string;
  readonly role: ConsoleRole;
  readonly csrf: string;
  /** Ends then whatever is done, milliseconds since 1970 UTC. */
  readonly endsMillis: number;
  /** What serves: the host's own traffic, or the capture that is part of the program. */
  readonly demo: boolean;
  /** Version of the program. */
  readonly version: string;
};

/** Of every answer that is an error. */
export type ConsoleFailure = { readonly error: { readonly code: string; readonly message: string } };
