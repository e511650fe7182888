/**
 * Sessions of the console: who is logged in.
 *
 * In:    the id of a key; later the cookie's text. Out: the session, while it is good.
 * Holds: ids and tokens are 256 random bits; of an id only a hash is kept, in memory: a restart ends all sessions. A session ends
 *        `IDLE_MILLIS` after its last request, `LONGEST_MILLIS` after it began, with its key, and when it is ended. At most
 *        `MOST_SESSIONS`, of one key `MOST_OF_KEY`, so that nobody takes the room of others; the one that was used longest ago leaves.
 * Fails: never.
 */
import { randomBytes } from 'node:crypto';
import { sha256 } from '../../../storage/object/sigv4.ts';

export const IDLE_MILLIS = 2 * 3_600_000;
export const LONGEST_MILLIS = 12 * 3_600_000;
const MOST_SESSIONS = 256;
const MOST_OF_KEY = 64;

export type Session = {
  readonly keyId: string;
  /** What state-changing requests carry. */
  readonly csrf: string;
  readonly endsMillis: number;
  usedMillis: number;
};

export type Sessions = {
  /** A new one; `id` is for the cookie and kept nowhere. */
  begin(keyId: string, now: number): { readonly id: string; readonly session: Session };
  /** The session with an id, which is used now; null where there is none that is good. */
  find(id: string, now: number): Session | null;
  /** Whether a session is good; asking is not using it. */
  isGood(id: string, now: number): boolean;
  end(id: string): void;
  /** Ends all of a key. */
  endOf(keyId: string): void;
};

/** None yet. */
export function createSessions(): Sessions {
  /** By hash of the id; the one used longest ago is first. */
  const sessions = new Map<string, Session>();
  const holds = ({ endsMillis, usedMillis }: Session, now: number): boolean =>
    now < endsMillis && now < usedMillis + IDLE_MILLIS;
  return {
    begin(keyId, now) {
      const own = [...sessions].filter(([, session]) => session.keyId === keyId);
      if (own.length >= MOST_OF_KEY) sessions.delete(own[0]![0]);
      const id = randomBytes(32).toString('base64url');
      const csrf = randomBytes(32).toString('base64url');
      const session: Session = { keyId, csrf, endsMillis: now + LONGEST_MILLIS, usedMillis: now };
      sessions.set(sha256(id), session);
      for (const oldest of sessions.keys()) {
        if (sessions.size <= MOST_SESSIONS) break;
        sessions.delete(oldest);
      }
      return { id, session };
    },
    find(id, now) {
      const hash = sha256(id);
      const session = sessions.get(hash);
      if (session === undefined) return null;
      sessions.delete(hash);
      if (!holds(session, now)) return null;
      session.usedMillis = now;
      sessions.set(hash, session);
      return session;
    },
    isGood(id, now) {
      const session = sessions.get(sha256(id));
      return session !== undefined && holds(session, now);
    },
    end: (id) => void sessions.delete(sha256(id)),
    endOf(keyId) {
      for (const [hash, session] of sessions) if (session.keyId === keyId) sessions.delete(hash);
    },
  };
}
