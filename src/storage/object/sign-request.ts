/**
 * AWS's signature, version 4, of a request to a service that is not S3.
 *
 * In:    the host, headers and body, whose keys, the time. Out: the headers to send.
 * Holds: every header that is given is signed.
 */
import {
  ALGORITHM,
  canonicalQuery,
  canonicalRequest,
  encodeStrictly,
  scopeText,
  sha256,
  signatureOf,
  signingKey,
} from './sigv4.ts';

/** Keys as AWS's credential chain gives them. */
export type Keys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
};

/**
 * Signs.
 *
 * @param request  `path` as it stands in the URL, `query` decoded; a POST without query where nothing else is said
 * @param now      time of the request
 */
export function signedHeaders(
  request: {
    readonly host: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | Uint8Array;
    readonly method?: string;
    readonly query?: readonly (readonly [name: string, value: string])[];
  },
  keys: Keys,
  region: string,
  service: string,
  now: Date,
): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers: Record<string, string> = { ...request.headers, host: request.host, 'x-amz-date': time };
  if (keys.sessionToken !== undefined) headers['x-amz-security-token'] = keys.sessionToken;
  const sorted = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  const canonical = canonicalRequest({
    method: request.method ?? 'POST',
    // What is encoded in the URL is encoded once more: all services but S3 want it so.
    path: request.path.split('/').map(encodeStrictly).join('/'),
    query: canonicalQuery(request.query ?? []),
    headers: sorted,
    bodyHash: sha256(request.body),
  });
  const scope = { day: time.slice(0, 8), region, service };
  const names = sorted.map(([name]) => name).join(';');
  const signature = signatureOf(signingKey(keys.secretAccessKey, scope), scope, time, canonical);
  return {
    ...headers,
    authorization: `${ALGORITHM} Credential=${keys.accessKeyId}/${scopeText(scope)}, SignedHeaders=${names}, Signature=${signature}`,
  };
}
