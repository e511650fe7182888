/**
 * AWS's signature, version 4, of a POST to the root of a service.
 *
 * In:    the host, headers and body, whose keys, the time. Out: the headers to send.
 * Holds: every header that is given is signed.
 * @see AWS General Reference, "Create a signed AWS API request", November 2024
 */
import { createHash, createHmac } from 'node:crypto';

/** Keys as AWS's credential chain gives them. */
export type Keys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/**
 * Signs.
 *
 * @param path  of the URL
 * @param now   time of the request
 */
export function signedHeaders(
  request: {
    readonly host: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  },
  keys: Keys,
  region: string,
  service: string,
  now: Date,
): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers: Record<string, string> = { ...request.headers, host: request.host, 'x-amz-date': time };
  if (keys.sessionToken !== undefined) headers['x-amz-security-token'] = keys.sessionToken;
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${headers[name]?.trim() ?? ''}\n`).join('');
  const canonical = ['POST', request.path, '', lines, names.join(';'), sha256(request.body)].join('\n');
  const scope = [time.slice(0, 8), region, service, 'aws4_request'];
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<string | Uint8Array>((made, part) => hmac(made, part), `AWS4${keys.secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}
