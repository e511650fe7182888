/**
 * One-time tokens with which a browser logs in to the console.
 *
 * In:    a state file, hashes of tokens. Out: the key that one stands for.
 * Holds: the token itself is kept nowhere. It is good once and until it expires; what has expired goes with the next one.
 * Fails: FG_STATE_*.
 */
import type { StateFile } from './state-file.ts';

export type ConsoleLogins = {
  /**
   * Keeps one.
   *
   * @param hash           SHA-256 of the token, 64 hex digits
   * @param keyId          the key whose rights it gives
   * @param expiresMicros  microseconds since 1970 UTC
   */
  add(hash: string, keyId: string, expiresMicros: number, nowMicros: number): void;
  /** The id of its key, and it is good no more; null where there is none, or it has expired. */
  take(hash: string, nowMicros: number): string | null;
};

/** The tokens of a state file. */
export function openConsoleLogins(state: StateFile): ConsoleLogins {
  const { database } = state;
  return {
    add: (hash, keyId, expiresMicros, nowMicros) =>
      state.transaction(() => {
        database.prepare('DELETE FROM console_logins WHERE expires <= ?').run(nowMicros);
        database
          .prepare('INSERT INTO console_logins (hash, key, expires) VALUES (?, ?, ?)')
          .run(hash, keyId, expiresMicros);
      }),
    take: (hash, nowMicros) =>
      state.transaction(() => {
        const found = database.prepare('DELETE FROM console_logins WHERE hash = ? RETURNING key, expires').get(hash);
        return found === undefined || Number(found['expires']) <= nowMicros ? null : String(found['key']);
      }),
  };
}
