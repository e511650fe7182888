/**
 * The console: who is logged in, the frame around the screens, which screen an address is.
 */
import I18nProvider from '@cloudscape-design/components/i18n';
import Spinner from '@cloudscape-design/components/spinner';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { ConsoleSession } from '../../src/api/console.ts';
import { findSession, logIn, SESSION_CHANGED, SESSION_ENDED } from './api-client.ts';
import { Frame } from './frame.tsx';
import { Login } from './login.tsx';
import { SessionContext } from './session.tsx';
import { LOCALE, MESSAGES } from './words.ts';

type Standing =
  | { readonly is: 'asking' }
  | { readonly is: 'out'; readonly why: string | null }
  | { readonly is: 'in'; readonly session: ConsoleSession };

/** The token of a link that `up` or `flowgauge console` printed; it leaves the address before anything else happens. */
function takeToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token !== null) history.replaceState(null, '', location.pathname + location.search);
  return token;
}

async function begin(token: string | null): Promise<Standing> {
  let why: string | null = null;
  try {
    if (token !== null) return { is: 'in', session: await logIn({ token }) };
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  try {
    const session = await findSession();
    return session === null ? { is: 'out', why } : { is: 'in', session };
  } catch (error) {
    return { is: 'out', why: error instanceof Error ? error.message : String(error) };
  }
}

// Once for the page: effects of React's strict mode run twice, and the token is good once.
const first = begin(takeToken());

export function App(): ReactNode {
  const [standing, setStanding] = useState<Standing>({ is: 'asking' });
  useEffect(() => {
    void first.then(setStanding);
    const ended = (): void => setStanding({ is: 'out', why: 'Your session has ended. Log in again.' });
    const linked = (): void => {
      const token = takeToken();
      if (token !== null) void begin(token).then(setStanding);
    };
    const changed = (event: Event): void =>
      setStanding({ is: 'in', session: (event as CustomEvent<ConsoleSession>).detail });
    window.addEventListener(SESSION_ENDED, ended);
    window.addEventListener(SESSION_CHANGED, changed);
    window.addEventListener('hashchange', linked);
    return () => {
      window.removeEventListener(SESSION_ENDED, ended);
      window.removeEventListener(SESSION_CHANGED, changed);
      window.removeEventListener('hashchange', linked);
    };
  }, []);
  const isOut = standing.is === 'out';
  useEffect(() => {
    if (!isOut) return;
    // Somebody may have logged in in another tab: whoever comes back to this one need not do so again.
    const look = (): void => {
      findSession().then(
        (session) => session !== null && setStanding({ is: 'in', session }),
        () => undefined,
      );
    };
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, [isOut]);
  return (
    <I18nProvider locale={LOCALE} messages={MESSAGES}>
      {standing.is === 'asking' && (
        <div className="waiting" role="status" aria-label="Loading">
          <Spinner size="large" />
        </div>
      )}
      {standing.is === 'out' && <Login why={standing.why} done={(session) => setStanding({ is: 'in', session })} />}
      {standing.is === 'in' && (
        <SessionContext value={standing.session}>
          <Frame left={() => setStanding({ is: 'out', why: null })} />
        </SessionContext>
      )}
    </I18nProvider>
  );
}
