/**
 * What AWS's services and the way to them say, in our words.
 *
 * In:    an error of an SDK client, and the place that was asked. Out: an error of the catalogue that keeps it as cause.
 * Holds: only what every service may say is known here; the rest is the caller's.
 */
import { FlowgaugeError, failureFrom } from '../../model/errors.ts';

/** What an error of the SDK tells. */
export type AwsProblem = {
  /** `NoSuchBucket`, `ECONNREFUSED`, … */
  readonly code: string;
  readonly message: string;
  /** Of HTTP; 0 where no answer came. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
};

/** Reads an error. */
export function problemOf(error: unknown): AwsProblem {
  const given = error as {
    readonly name?: string;
    readonly Code?: string;
    readonly code?: string;
    readonly message?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  };
  const status = given.$metadata?.httpStatusCode ?? 0;
  const code = status === 0 ? (given.code ?? given.name ?? '') : (given.Code ?? given.name ?? '');
  return { code, message: given.message ?? String(error), status, headers: given.$response?.headers ?? {} };
}

const REFUSED = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidToken',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'AuthFailure',
]);
const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired']);
/** Whether who asked is not known, not known any more, or was known until now. */
export function isOfCredentials(error: unknown): boolean {
  const { code } = problemOf(error);
  return EXPIRED.has(code) || REFUSED.has(code) || /^(?:Credentials|Token)ProviderError$/u.test(code);
}

/** Codes with which a service says that it took nothing, whatever the HTTP status. */
const THROTTLED =
  /^(?:Throttling(?:Exception)?|ThrottledException|TooManyRequestsException|RequestLimitExceeded|LimitExceededException|ProvisionedThroughputExceededException|ServiceUnavailable(?:Exception)?|SlowDown)$/u;

/** Whether a service says that it takes no more for now. */
export function isThrottled(error: unknown): boolean {
  const { code, status } = problemOf(error);
  return THROTTLED.test(code) || status === 429;
}

const ON_THE_WAY =
  /^(?:E(?:CONN[A-Z]+|HOST[A-Z]+|NET[A-Z]+|TIMEDOUT|PIPE|AI_[A-Z]+|NOTFOUND|PROTO)|ENOTFOUND|TimeoutError|CERT_.*|.*_CERT(?:IFICATE)?.*|.*SIGNATURE_FAILURE|ERR_(?:TLS|SSL)_.*|HPE_.*)$/u;

/** Whether nobody answered, or the answer broke off: asking again may help. */
export function isOnTheWay(error: unknown): boolean {
  const { code, status, message } = problemOf(error);
  return (status === 0 && ON_THE_WAY.test(code)) || /^aborted$|premature close/iu.test(message);
}

/**
 * The error of the catalogue; null for one that is the service's own.
 *
 * @param place     `s3://bucket/key`, a log group
 * @param endpoint  who was asked
 */
export function awsFailure(error: unknown, place: string, endpoint: string): FlowgaugeError | null {
  if (error instanceof FlowgaugeError) return error;
  const { code, message, status } = problemOf(error);
  if (EXPIRED.has(code)) return failureFrom(error, 'FG_AWS_EXPIRED', place, message);
  const clock = /signature (?:expired|not yet current)/iu.test(message);
  if (code === 'RequestTimeTooSkewed' || code === 'RequestExpired' || clock)
    return failureFrom(error, 'FG_AWS_CLOCK', place, new Date().toISOString(), message);
  if (REFUSED.has(code)) return failureFrom(error, 'FG_AWS_CREDENTIALS_REFUSED', place, message);
  if (status !== 0) return null;
  if (/^(?:Credentials|Token)ProviderError$/u.test(code) || /credential/iu.test(message)) {
    if (/expired|sso login/iu.test(message)) return failureFrom(error, 'FG_AWS_EXPIRED', place, message);
    return failureFrom(error, 'FG_AWS_CREDENTIALS', place, message);
  }
  return isOnTheWay(error) ? failureFrom(error, 'FG_AWS_UNREACHABLE', place, endpoint, message || code) : null;
}
