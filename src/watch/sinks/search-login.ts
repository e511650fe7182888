/**
 * Who asks a search server, from settings of a command line or of a function.
 *
 * In:    a user, a way to sign, the environment. Out: the login.
 * Holds: passwords and keys come from the environment alone: on a command line others could read them.
 * Fails: FG_SEARCH_LOGIN where settings contradict each other, or half of one is missing.
 */
import { failure } from '../../model/errors.ts';
import type { SearchLogin } from './opensearch-client.ts';

export type LoginSettings = {
  readonly user?: string | undefined;
  readonly sign?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
};

/** The login that settings and environment say; none where they say nothing. */
export function searchLogin(
  { user, sign, region, profile }: LoginSettings,
  environment: Readonly<Record<string, string | undefined>>,
): SearchLogin {
  const { FLOWGAUGE_SEARCH_PASSWORD: password, FLOWGAUGE_SEARCH_API_KEY: key } = environment;
  const ways = [user, sign, key].filter((way) => way !== undefined && way !== '');
  if (ways.length > 1) throw failure('FG_SEARCH_LOGIN', 'of a user, an API key and a signature there is one');
  if (key) return { kind: 'api-key', key };
  if (sign) {
    if (sign !== 'es' && sign !== 'aoss') throw failure('FG_SEARCH_LOGIN', `"${sign}" is no service to sign for`);
    const signed = region ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? '';
    return { kind: 'aws', service: sign, region: signed, ...(profile === undefined ? {} : { profile }) };
  }
  if (!user) return { kind: 'none' };
  if (password === undefined) throw failure('FG_SEARCH_LOGIN', `user ${user} has no password`);
  return { kind: 'basic', user, password };
}
