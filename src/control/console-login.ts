/**
 * Links that log a browser in to the console.
 *
 * In:    a state file, the id of a key. Out: a token that is good once.
 * Holds: whoever may write the state file may make one; it gives no more than the key that it is made for.
 * Fails: FG_KEY_UNKNOWN, FG_STATE_*.
 */
import { randomBytes } from 'node:crypto';
import { failure } from '../model/errors.ts';
import { openConsoleLogins } from '../storage/state/console-logins.ts';
import { openKeys } from '../storage/state/keys.ts';
import type { AccessKey } from '../storage/state/keys.ts';
import type { StateFile } from '../storage/state/state-file.ts';
import { sha256 } from '../storage/object/sigv4.ts';

const LOGIN_SECONDS = 3600;

/**
 * Makes a token, 256 random bits; it is kept nowhere.
 *
 * @param nowMillis  since 1970 UTC; it is good for an hour
 */
export function addConsoleLogin(state: StateFile, keyId: string, nowMillis: number): string {
  const token = randomBytes(32).toString('base64url');
  const micros = nowMillis * 1000;
  openConsoleLogins(state).add(sha256(token), keyId, micros + LOGIN_SECONDS * 1_000_000, micros);
  return token;
}

/**
 * The key with which a link logs in: a given one, else the first that may operate, else the first that may read.
 *
 * @param id  null: none was given
 */
export function keyOfConsole(state: StateFile, id: string | null, nowMillis: number): AccessKey {
  const good = openKeys(state)
    .list()
    .filter(({ role, revokedMicros, expiresMicros }) => {
      const isOver = expiresMicros !== null && expiresMicros <= nowMillis * 1000;
      return role !== 'agent' && revokedMicros === null && !isOver;
    });
  const found =
    id === null ? (good.find(({ role }) => role === 'operate') ?? good[0]) : good.find((key) => key.id === id);
  if (found === undefined) throw id === null ? failure('FG_CONSOLE_NO_KEY') : failure('FG_KEY_UNKNOWN', id);
  return found;
}
