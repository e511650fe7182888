/**
 * Logging in to the console, and out.
 *
 * In:    a one-time token or an access key; a cookie. Out: a session with the rights of that key.
 * Holds: keys of agents have none here. Every login makes a new id and ends the session that the browser had. Failed attempts
 *        are answered ever later, to 5 s, and few wait at a time. What was given is neither logged nor sent back.
 * Fails: with a `Refusal`: 401 for whatever is not good, without a word about what; 403 from other pages; 429.
 */
import { timingSafeEqual } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { literal, maxLength, object, optional, pipe, string, union } from 'valibot';
import type { ConsoleSession, LoginRequest } from '../../../api/console.ts';
import { sha256 } from '../../../storage/object/sigv4.ts';
import { openConsoleLogins } from '../../../storage/state/console-logins.ts';
import type { AccessKey } from '../../../storage/state/keys.ts';
import { openKeys } from '../../../storage/state/keys.ts';
import type { Control } from '../control.ts';
import { readBody } from './read-body.ts';
import { Refusal } from './route.ts';
import type { Session } from './sessions.ts';

const LONGEST = 1024;
const text = pipe(string(), maxLength(LONGEST));
const LOGIN = union([
  object({ token: text }),
  object({ accessKeyId: text, secretAccessKey: text, sessionToken: optional(union([text, literal('')])) }),
]);

/** Failures without a pause; then each one waits a second longer. */
const FREE_FAILURES = 5;
const LONGEST_PAUSE_MILLIS = 5000;
/** After so long without a failure nobody waits. */
const FORGET_MILLIS = 60_000;
const MOST_WAITING = 8;

export type Login = {
  /**
   * The key that a login names.
   *
   * @param body  a `LoginRequest`
   * @param now   milliseconds since 1970 UTC
   */
  check(control: Control, body: unknown, now: number): Promise<AccessKey>;
};

/** Whether a key may use the console. */
export function mayUse(key: AccessKey, now: number): boolean {
  return (
    key.role !== 'agent' && key.revokedMicros === null && (key.expiresMicros === null || key.expiresMicros > now * 1000)
  );
}

/** What slows those down who guess; one for a server. */
export function createLogin(pause: (millis: number) => Promise<unknown> = wait): Login {
  let failures = 0;
  let lastFailure = 0;
  let waiting = 0;
  return {
    async check(control, body, now) {
      if (now - lastFailure > FORGET_MILLIS) failures = 0;
      const asked = readBody(LOGIN, body);
      const millis = Math.min(Math.max(0, failures - FREE_FAILURES) * 1000, LONGEST_PAUSE_MILLIS);
      if (millis > 0) {
        if (waiting >= MOST_WAITING)
          throw new Refusal(429, 'TooManyLogins', 'Too many logins failed; wait a minute and try again.');
        waiting += 1;
        await pause(millis).finally(() => (waiting -= 1));
      }
      const key = keyOf(control, asked, now);
      if (key !== null && mayUse(key, now)) return key;
      failures += 1;
      lastFailure = now;
      throw new Refusal(
        401,
        'LoginFailed',
        'token' in asked
          ? 'This link is not good, or was used already. Run `flowgauge console` for a new one.'
          : 'This access key and secret do not belong together, or the key may not use the console.',
      );
    },
  };
}

function keyOf(control: Control, asked: LoginRequest, now: number): AccessKey | null {
  control.facts.refresh();
  const keys = openKeys(control.state);
  if ('token' in asked) {
    const id = openConsoleLogins(control.state).take(sha256(asked.token), now * 1000);
    return id === null ? null : keys.find(id, control.facts.seen);
  }
  const key = keys.find(asked.accessKeyId, control.facts.seen);
  const isSame = (given: string, kept: string): boolean =>
    timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(kept)));
  // An unknown key costs what a known one costs.
  const fits = isSame(asked.secretAccessKey, key?.secret ?? '');
  const hasToken = isSame(asked.sessionToken ?? '', key?.token ?? '');
  return fits && hasToken ? key : null;
}

/** The cookie's name: other servers of this host, at other ports, are sent the same cookies. */
export function cookieName(host: string, secure: boolean): string {
  const port = /:(\d{1,5})$/u.exec(host)?.[1] ?? (secure ? '443' : '80');
  return `${secure ? '__Host-' : ''}flowgauge-${port}`;
}

/** The header that sets a session's cookie; `id` null: takes it away. */
export function setCookie(name: string, id: string | null, secure: boolean): string {
  const age = id === null ? '; Max-Age=0' : '';
  return `${name}=${id ?? ''}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}${age}`;
}

/** The id that a browser sent; null where there is none. */
export function cookieOf(headers: Readonly<Record<string, string>>, name: string): string | null {
  for (const part of (headers['cookie'] ?? '').split(/;\s*/u)) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at) === name) return part.slice(at + 1);
  }
  return null;
}

/** What the browser learns of its session. */
export function tellSession(
  session: Session,
  key: AccessKey,
  about: { readonly demo: boolean; readonly version: string },
): ConsoleSession {
  const role = key.role === 'operate' ? 'operate' : 'read';
  return { keyId: key.id, account: key.account, role, csrf: session.csrf, endsMillis: session.endsMillis, ...about };
}
