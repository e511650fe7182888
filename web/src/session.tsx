/**
 * Who is logged in, for whatever screen asks: what a role may not do is not offered.
 */
import { createContext, use } from 'react';
import type { ConsoleSession } from '../../src/api/console.ts';

export const SessionContext = createContext<ConsoleSession | null>(null);

/** The session; screens are shown only where there is one. */
export function useSession(): ConsoleSession {
  const session = use(SessionContext);
  if (session === null) throw new Error('a screen was shown without a session');
  return session;
}
