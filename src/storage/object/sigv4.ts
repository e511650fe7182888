/**
 * The arithmetic of AWS's signature, version 4: what is hashed with what.
 *
 * In:    the parts of a request, a secret. Out: the canonical request, the signature.
 * Holds: signing and verifying use the same lines.
 * @see AWS General Reference, "Create a signed AWS API request", November 2024
 */
import { createHmac, createSecretKey, hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** Day, region and service that a signature is for. */
export type Scope = { readonly day: string; readonly region: string; readonly service: string };

export const ALGORITHM = 'AWS4-HMAC-SHA256';

export const sha256 = (content: string | Uint8Array): string => hash('sha256', content, 'hex');
const hmac = (key: KeyObject, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** `20261130/us-east-1/ec2/aws4_request` */
export function scopeText({ day, region, service }: Scope): string {
  return [day, region, service, 'aws4_request'].join('/');
}

/** Text in a URL as the signature wants it: everything but letters, digits and `-._~` in hexadecimal. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The request as it is signed; `headers` are name and value, the names in small letters and in order. */
export function canonicalRequest(request: {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly bodyHash: string;
}): string {
  const { method, path, query, headers, bodyHash } = request;
  const lines = headers.map(([name, value]) => `${name}:${value.trim().replaceAll(/ +/g, ' ')}\n`).join('');
  return [method, path, query, lines, headers.map(([name]) => name).join(';'), bodyHash].join('\n');
}

/** The parameters of a query in the order and encoding in which they are signed. */
export function canonicalQuery(pairs: readonly (readonly [name: string, value: string])[]): string {
  return pairs
    .map(([name, value]) => [encodeStrictly(name), encodeStrictly(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** Keys that were made, by secret and scope: making one costs as much as all the rest of a request. */
const signingKeys = new Map<string, KeyObject>();
const MOST_SIGNING_KEYS = 1000;

/** The key for a scope, which is the same for all requests of a day. As an object: of bytes Node makes one for each use, in 12 µs. */
export function signingKey(secret: string, scope: Scope): KeyObject {
  const name = `${secret} ${scopeText(scope)}`;
  const found = signingKeys.get(name);
  if (found !== undefined) return found;
  if (signingKeys.size >= MOST_SIGNING_KEYS) signingKeys.clear();
  const made = scopeText(scope)
    .split('/')
    .reduce((key, part) => createSecretKey(hmac(key, part)), createSecretKey(Buffer.from(`AWS4${secret}`)));
  signingKeys.set(name, made);
  return made;
}

/** The signature, 64 hex digits; `time` is `20261130T015500Z`. */
export function signatureOf(key: KeyObject, scope: Scope, time: string, canonical: string): string {
  return hmac(key, [ALGORITHM, time, scopeText(scope), sha256(canonical)].join('\n')).toString('hex');
}
