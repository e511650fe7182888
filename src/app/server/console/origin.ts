/**
 * Whether a request comes from the console's own pages.
 *
 * In:    headers. Out: yes or no.
 * Holds: browsers say where a request comes from and let no page say it otherwise: `Sec-Fetch-Site` on this machine and with
 *        TLS, else `Origin`. Another port of the same host is another origin, though its requests carry our cookie.
 * Fails: never.
 */

/** @param changes  whether the request may change something: then one of the two headers must be there */
export function isOwnOrigin(headers: Readonly<Record<string, string>>, changes: boolean): boolean {
  const site = headers['sec-fetch-site'];
  // `none`: typed or opened by the user.
  if (site !== undefined) return site === 'same-origin' || (site === 'none' && !changes);
  const origin = headers['origin'];
  if (origin === undefined) return !changes;
  return URL.canParse(origin) && new URL(origin).host === headers['host']?.toLowerCase();
}
