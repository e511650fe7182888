/**
 * Who sends a request: AWS's signature, version 4, verified.
 *
 * In:    a request, how keys are found. Out: the key that signed it.
 * Holds: whether a key is there cannot be told from the time that the answer takes, nor can how much of a signature is right.
 *        A request is good for 15 minutes before and after its time; a presigned one from 15 minutes before it until it
 *        expires. Codes and HTTP statuses are those of EC2 or STS, which differ.
 * Fails: `AuthFailure`, `SignatureDoesNotMatch`, `InvalidClientTokenId`, `RequestExpired`, `ExpiredToken`, and those of
 *        `signed-request.ts`.
 * @see EC2 API Reference, "Error codes", August 2026: RequestExpired
 */
import { timingSafeEqual } from 'node:crypto';
import type { AccessKey } from '../../storage/state/keys.ts';
import { signatureOf, signingKey } from '../../storage/object/sigv4.ts';
import { Ec2Error } from './errors.ts';
import { isRegion } from './regions.ts';
import { readSignature } from './signed-request.ts';
import type { Request, SignedRequest } from './signed-request.ts';

const SKEW_MILLIS = 15 * 60 * 1000;

/** `flowgauge`, `flowgauge-console`: what AWS has no service for; their errors are those of STS. */
export type Service = 'ec2' | 'sts' | 'flowgauge' | 'flowgauge-console';

/** Who it is, and the region that the request was signed for. */
export type Authenticated = { readonly key: AccessKey; readonly region: string };

/** Equal, in a time that does not tell where they differ; how long they should be is no secret. */
function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * Verifies a request.
 *
 * @param service  the one that the request is for
 * @param find     the key with an id
 */
export function authenticate(
  request: Request,
  query: readonly (readonly [name: string, value: string])[],
  service: Service,
  find: (id: string) => AccessKey | null,
  now: Date,
): Authenticated {
  const signed = readSignature(request, query);
  checkScope(signed, service);
  const key = find(signed.accessKeyId);
  // An unknown key costs what a known one costs.
  const secret = signingKey(key?.secret ?? 'none', signed.scope);
  const matches = isSame(signed.signature, signatureOf(secret, signed.scope, signed.time, signed.canonical));
  const hasToken = isSame(signed.token ?? '', key?.token ?? '');
  if (key === null || key.revokedMicros !== null || !hasToken) throw unknownKey(service);
  if (!matches) throw mismatch(service, WRONG_SIGNATURE);
  checkTime(signed, service, now);
  if (key.expiresMicros !== null && now.getTime() * 1000 >= key.expiresMicros) throw expiredKey(service);
  return { key, region: signed.scope.region };
}

const WRONG_SIGNATURE =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
const NOT_VALIDATED = 'AWS was not able to validate the provided access credentials';

function unknownKey(service: Service): Ec2Error {
  return service === 'ec2'
    ? new Ec2Error('AuthFailure', NOT_VALIDATED, 401)
    : new Ec2Error('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
}

function mismatch(service: Service, words: string): Ec2Error {
  return service === 'ec2'
    ? new Ec2Error('AuthFailure', words === WRONG_SIGNATURE ? NOT_VALIDATED : words, 401)
    : new Ec2Error('SignatureDoesNotMatch', words, 403);
}

function expiredKey(service: Service): Ec2Error {
  return service === 'ec2'
    ? new Ec2Error('RequestExpired', 'Request has expired.', 400)
    : new Ec2Error('ExpiredToken', 'The security token included in the request is expired', 403);
}

function checkScope({ scope, time }: SignedRequest, service: Service): void {
  if (scope.service !== service)
    throw mismatch(service, `Credential should be scoped to correct service: '${service}'.`);
  if (!isRegion(scope.region))
    throw mismatch(service, `Credential should be scoped to a valid region, not '${scope.region.slice(0, 40)}'.`);
  if (scope.day !== time.slice(0, 8))
    throw mismatch(
      service,
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.day.slice(0, 20)}' != '${time.slice(0, 8)}'.`,
    );
}

function checkTime({ timeMillis, expiresSeconds, time }: SignedRequest, service: Service, now: Date): void {
  const millis = now.getTime();
  const last = expiresSeconds === null ? timeMillis + SKEW_MILLIS : timeMillis + expiresSeconds * 1000;
  if (millis >= timeMillis - SKEW_MILLIS && millis <= last) return;
  if (service === 'ec2') throw new Ec2Error('RequestExpired', 'Request has expired.', 400);
  const words = millis > last ? 'Signature expired' : 'Signature not yet current';
  throw new Ec2Error('SignatureDoesNotMatch', `${words}: ${time} is not within 15 minutes of the server's time.`, 403);
}
