/**
 * What a request says of its own signature, in its header or, presigned, in its query.
 *
 * In:    a request. Out: who signed, what was signed, when, for how long it holds.
 * Holds: nothing is verified yet. Exactly one of the two forms.
 * Fails: `MissingAuthenticationToken` where neither form is there; `IncompleteSignature` where one is there and wrong.
 */
import { ALGORITHM, canonicalQuery, canonicalRequest, encodeStrictly, sha256 } from '../../storage/object/sigv4.ts';
import type { Scope } from '../../storage/object/sigv4.ts';
import { Ec2Error } from './errors.ts';

/** A request as a server has it: header names in small letters. */
export type Request = {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
};

export type SignedRequest = {
  readonly accessKeyId: string;
  readonly scope: Scope;
  /** As signed: `20261130T015500Z`. */
  readonly time: string;
  readonly timeMillis: number;
  /** Seconds for which a presigned one holds; null in the header's form. */
  readonly expiresSeconds: number | null;
  readonly token: string | null;
  readonly signature: string;
  readonly canonical: string;
};

type Pairs = readonly (readonly [name: string, value: string])[];

/** What stands in the query of a presigned request beside the parameters. */
const PRESIGNED =
  /^X-Amz-(?:Algorithm|Credential|Date|Expires|SignedHeaders|Signature|Security-Token|Content-Sha256)$/i;
const LONGEST_EXPIRY = 604_800;

/** Whether a parameter belongs to the signature and not to the action. */
export function isOfSignature(name: string): boolean {
  return PRESIGNED.test(name);
}

const incomplete = (words: string): Ec2Error => new Ec2Error('IncompleteSignature', words);

function headerOf({ headers }: Request, name: string): string | null {
  const value = headers[name];
  if (value === undefined) return null;
  return typeof value === 'string' ? value : value.join(',');
}

/**
 * Reads what a request says of its signature.
 *
 * @param query  the parameters of its URL
 */
export function readSignature(request: Request, query: Pairs): SignedRequest {
  const header = headerOf(request, 'authorization');
  const isPresigned = query.some(([name]) => name === 'X-Amz-Signature' || name === 'X-Amz-Algorithm');
  if (header === null && !isPresigned)
    throw new Ec2Error('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  if (header !== null && isPresigned)
    throw incomplete('The request is signed both in its Authorization header and in its query.');
  return header === null ? fromQuery(request, query) : fromHeader(request, query, header);
}

function fromHeader(request: Request, query: Pairs, header: string): SignedRequest {
  const [, algorithm = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(header) ?? [];
  if (algorithm !== ALGORITHM) throw incomplete(`Unsupported AWS 'algorithm': '${algorithm.slice(0, 40)}'.`);
  const parts = new Map(
    rest.split(',').map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, Math.max(at, 0)).trim(), part.slice(at + 1).trim()] as const;
    }),
  );
  const need = (name: string): string => {
    const value = parts.get(name);
    if (value === undefined || value === '') throw incomplete(`Authorization header requires '${name}' parameter.`);
    return value;
  };
  const credential = need('Credential');
  const signed = need('SignedHeaders');
  const signature = need('Signature');
  const time = headerOf(request, 'x-amz-date');
  if (time === null) throw incomplete("Authorization header requires existence of an 'X-Amz-Date' header.");
  return read(request, query, {
    credential,
    signed,
    signature,
    time,
    needed: ['host', 'x-amz-date'],
    expiresSeconds: null,
    token: headerOf(request, 'x-amz-security-token'),
  });
}

function fromQuery(request: Request, query: Pairs): SignedRequest {
  const values = new Map(query.filter(([name]) => isOfSignature(name)));
  const need = (name: string): string => {
    const value = values.get(name);
    if (value === undefined || value === '') throw incomplete(`AWS query-string parameters must include '${name}'.`);
    return value;
  };
  if (need('X-Amz-Algorithm') !== ALGORITHM) throw incomplete("Unsupported AWS 'algorithm'.");
  const expires = need('X-Amz-Expires');
  const seconds = /^\d{1,9}$/.test(expires) ? Number(expires) : 0;
  if (seconds < 1 || seconds > LONGEST_EXPIRY)
    throw incomplete(`X-Amz-Expires must be between 1 and ${LONGEST_EXPIRY} seconds.`);
  return read(request, query, {
    credential: need('X-Amz-Credential'),
    signed: need('X-Amz-SignedHeaders'),
    signature: need('X-Amz-Signature'),
    time: need('X-Amz-Date'),
    needed: ['host'],
    expiresSeconds: seconds,
    token: values.get('X-Amz-Security-Token') ?? null,
  });
}

type Told = {
  readonly credential: string;
  readonly signed: string;
  readonly signature: string;
  readonly time: string;
  /** Headers that must be among those signed. */
  readonly needed: readonly string[];
  readonly expiresSeconds: number | null;
  readonly token: string | null;
};

function read(request: Request, query: Pairs, told: Told): SignedRequest {
  const [accessKeyId = '', day = '', region = '', service = '', end, ...more] = told.credential.split('/');
  if (accessKeyId === '' || end !== 'aws4_request' || more.length > 0)
    throw incomplete(`Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.`);
  const [, year, month, date, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(told.time) ?? [];
  const timeMillis = Date.parse(`${year}-${month}-${date}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(timeMillis)) throw incomplete("Date must be in ISO-8601 'basic format', as 20261130T015500Z.");
  const names = told.signed.split(';');
  if (
    names.join(';') !== [...new Set(names)].sort().join(';') ||
    names.some((name) => !/^[!#-'*+\-.^-z|~\d]+$/.test(name))
  )
    throw incomplete('SignedHeaders must be names in small letters, sorted, each once.');
  for (const name of told.needed)
    if (!names.includes(name)) throw incomplete(`'${name}' must be a signed header in the AWS request.`);
  const path = request.url.split('?', 1)[0] ?? '/';
  const canonical = canonicalRequest({
    method: request.method,
    path: path.split('/').map(encodeStrictly).join('/'),
    query: canonicalQuery(query.filter(([name]) => name !== 'X-Amz-Signature')),
    headers: names.map((name) => [name, headerOf(request, name) ?? '']),
    bodyHash: sha256(request.body),
  });
  const { time, expiresSeconds, token, signature } = told;
  return {
    accessKeyId,
    scope: { day, region, service },
    time,
    timeMillis,
    expiresSeconds,
    token,
    signature,
    canonical,
  };
}
