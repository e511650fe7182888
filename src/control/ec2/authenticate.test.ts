import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import type { AccessKey } from '../../storage/state/keys.ts';
import { Sha256 } from '../../storage/object/sha256.fixture.ts';
import { authenticate } from './authenticate.ts';
import type { Service } from './authenticate.ts';
import { formPairs } from './form.ts';
import type { Request } from './signed-request.ts';

const NOW = new Date('2026-11-30T02:00:00Z');
const MINUTE = 60_000;
const micros = (date: Date): number => date.getTime() * 1000;
const KEY: AccessKey = {
  id: 'AKIAEXAMPLE',
  account: '111122223333',
  role: 'read',
  host: null,
  secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  token: null,
  createdMicros: 0,
  expiresMicros: null,
  usedMicros: null,
  revokedMicros: null,
};
const TEMPORARY: AccessKey = { ...KEY, id: 'ASIAEXAMPLE', token: 'a+token/=', expiresMicros: micros(NOW) + 1_000_000 };
const REVOKED: AccessKey = { ...KEY, id: 'AKIAREVOKED', revokedMicros: 1 };
const ALL = [KEY, TEMPORARY, REVOKED];
const find = (id: string): AccessKey | null => ALL.find((key) => key.id === id) ?? null;
const BODY = 'Action=DescribeVpcs&Version=2016-11-15&VpcId.1=vpc-0a';

type Signing = {
  readonly key?: AccessKey;
  readonly at?: Date;
  readonly service?: string;
  readonly region?: string;
  readonly body?: string;
};

function signer({ key = KEY, service = 'ec2', region = 'eu-west-1' }: Signing): SignatureV4 {
  const credentials = {
    accessKeyId: key.id,
    secretAccessKey: key.secret,
    ...(key.token === null ? {} : { sessionToken: key.token }),
  };
  return new SignatureV4({ credentials, service, region, sha256: Sha256 });
}

async function signed(how: Signing = {}): Promise<Request> {
  const body = how.body ?? BODY;
  const headers = { host: '127.0.0.1:8080', 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const parts = { method: 'POST', protocol: 'http:', hostname: '127.0.0.1', path: '/', query: {}, headers, body };
  const made = await signer(how).sign(parts, { signingDate: how.at ?? NOW });
  const small = Object.fromEntries(Object.entries(made.headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { method: 'POST', url: '/', headers: small, body: Buffer.from(body) };
}

async function presigned(seconds: number, how: Signing = {}): Promise<Request> {
  const query = Object.fromEntries(new URLSearchParams(how.body ?? `${BODY}&Filter.1.Value.1=a b*/~é`));
  const headers = { host: '127.0.0.1:8080' };
  const parts = { method: 'GET', protocol: 'http:', hostname: '127.0.0.1', path: '/', query, headers };
  const made = await signer(how).presign(parts, { signingDate: how.at ?? NOW, expiresIn: seconds });
  const pairs = Object.entries(made.query ?? {}).map(([name, value]): [string, string] => [name, String(value)]);
  return { method: 'GET', url: `/?${new URLSearchParams(pairs).toString()}`, headers, body: Buffer.alloc(0) };
}

function verify(request: Request, service: Service = 'ec2', now = NOW): ReturnType<typeof authenticate> {
  const query = request.url.includes('?') ? formPairs(request.url.slice(request.url.indexOf('?') + 1)) : [];
  return authenticate(request, query, service, find, now);
}

function refused(request: Request, code: string, message: RegExp, service: Service = 'ec2', now = NOW): void {
  assert.throws(
    () => verify(request, service, now),
    (error: Error & { code: string }) => {
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      return true;
    },
  );
}

const VALIDATED = /not able to validate/;

test('what AWS’s library signs is accepted, in the header and presigned, with a session token and without', async () => {
  for (const key of [KEY, TEMPORARY])
    for (const request of [await signed({ key }), await presigned(60, { key })])
      assert.deepEqual(verify(request), { key, region: 'eu-west-1' });
  assert.equal(verify(await signed({ service: 'sts', region: 'us-east-1' }), 'sts').region, 'us-east-1');
});

test('any body and any secret are verified as the library signs them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (body) => {
      assert.equal(verify(await signed({ body })).key.id, KEY.id);
    }),
    { numRuns: 40 },
  );
});

test('a change of any signed part is refused', async () => {
  const request = await signed();
  const headers = { ...request.headers };
  const changed: readonly Request[] = [
    { ...request, body: Buffer.from(`${BODY}1`) },
    { ...request, method: 'GET' },
    { ...request, url: '/other' },
    { ...request, url: '/?DryRun=true' },
    { ...request, headers: { ...headers, host: '127.0.0.1:8081' } },
    { ...request, headers: { ...headers, 'content-type': 'text/plain' } },
    { ...request, headers: { ...headers, 'x-amz-date': '20261130T020001Z' } },
    { ...request, headers: { ...headers, authorization: String(headers['authorization']).replace(/.$/, 'x') } },
    await signed({ key: { ...KEY, secret: 'another' } }),
  ];
  for (const one of changed) refused(one, 'AuthFailure', VALIDATED);
  const link = await presigned(60);
  refused({ ...link, url: link.url.replace('vpc-0a', 'vpc-0b') }, 'AuthFailure', VALIDATED);
  refused({ ...link, url: link.url.replace('X-Amz-Expires=60', 'X-Amz-Expires=61') }, 'AuthFailure', VALIDATED);
});

test('EC2 and STS have codes of their own', async () => {
  const sts = { service: 'sts', region: 'us-east-1' };
  const unknown = { ...KEY, id: 'AKIANOBODY' };
  refused(await signed({ key: unknown }), 'AuthFailure', VALIDATED);
  refused(await signed({ key: REVOKED }), 'AuthFailure', VALIDATED);
  refused(await signed({ ...sts, key: unknown }), 'InvalidClientTokenId', /security token .* invalid/, 'sts');
  refused(await signed({ ...sts, key: { ...KEY, secret: 'x' } }), 'SignatureDoesNotMatch', /calculated/, 'sts');
});

test('the scope must be of the service, of a region, and of the day', async () => {
  refused(await signed({ service: 'sts' }), 'AuthFailure', /correct service: 'ec2'/);
  refused(await signed(), 'SignatureDoesNotMatch', /correct service: 'sts'/, 'sts');
  refused(await signed({ region: 'nowhere' }), 'AuthFailure', /valid region, not 'nowhere'/);
  const request = await signed();
  const other = String(request.headers['authorization']).replace('/20261130/', '/20261129/');
  refused({ ...request, headers: { ...request.headers, authorization: other } }, 'AuthFailure', /Date in Credential/);
});

test('a session token must be the key’s, and a key without one takes none', async () => {
  const request = await signed({ key: TEMPORARY });
  const { 'x-amz-security-token': _, ...without } = request.headers;
  refused({ ...request, headers: without }, 'AuthFailure', VALIDATED);
  refused(await signed({ key: { ...TEMPORARY, token: 'another' } }), 'AuthFailure', VALIDATED);
  refused(await signed({ key: { ...TEMPORARY, token: null } }), 'AuthFailure', VALIDATED);
  refused(await signed({ key: { ...KEY, token: 'one' } }), 'AuthFailure', VALIDATED);
  refused(await signed({ key: TEMPORARY }), 'RequestExpired', /expired/, 'ec2', new Date(NOW.getTime() + 1000));
});

test('a request is good for 15 minutes before and after its time, a presigned one until it expires', async () => {
  const request = await signed();
  const link = await presigned(3600);
  const at = (millis: number): Date => new Date(NOW.getTime() + millis);
  for (const millis of [-15 * MINUTE, 15 * MINUTE]) verify(request, 'ec2', at(millis));
  for (const millis of [-15 * MINUTE - 1, 15 * MINUTE + 1]) refused(request, 'RequestExpired', /./, 'ec2', at(millis));
  for (const millis of [-15 * MINUTE, 60 * MINUTE]) verify(link, 'ec2', at(millis));
  for (const millis of [-15 * MINUTE - 1, 60 * MINUTE + 1]) refused(link, 'RequestExpired', /./, 'ec2', at(millis));
  const sts = await signed({ service: 'sts', region: 'us-east-1' });
  refused(sts, 'SignatureDoesNotMatch', /Signature expired/, 'sts', at(16 * MINUTE));
  refused(sts, 'SignatureDoesNotMatch', /not yet current/, 'sts', at(-16 * MINUTE));
});

test('a time is told of only to whoever has the secret', async () => {
  const late = new Date(NOW.getTime() + 60 * MINUTE);
  refused(await signed({ key: { ...KEY, secret: 'x' } }), 'AuthFailure', VALIDATED, 'ec2', late);
});

test('what is no signature, or half of one, is told', async () => {
  const request = await signed();
  const whole = String(request.headers['authorization']);
  const withHeader = (authorization: string): Request => ({
    ...request,
    headers: { ...request.headers, authorization },
  });
  const { authorization: _, ...bare } = request.headers;
  refused({ ...request, headers: bare }, 'MissingAuthenticationToken', /missing/i);
  for (const [header, words] of [
    ['Bearer abc', /algorithm/],
    ['AWS4-HMAC-SHA256', /algorithm/],
    [whole.replace(/Credential=[^,]*, /, ''), /'Credential'/],
    [whole.replace(/SignedHeaders=[^,]*, /, ''), /'SignedHeaders'/],
    [whole.replace(/, Signature=.*/, ''), /'Signature'/],
    [whole.replace('/aws4_request', ''), /5 slash-delimited/],
    [whole.replace('host;', ''), /'host' must be a signed header/],
    [whole.replace(';x-amz-date', ''), /'x-amz-date' must be a signed header/],
    [whole.replace('content-type;host', 'host;content-type'), /sorted/],
  ] as const)
    refused(withHeader(header), 'IncompleteSignature', words);
  const { 'x-amz-date': __, ...undated } = request.headers;
  refused({ ...request, headers: undated }, 'IncompleteSignature', /X-Amz-Date/);
  refused({ ...request, headers: { ...request.headers, 'x-amz-date': 'today' } }, 'IncompleteSignature', /ISO-8601/);
  const link = await presigned(60);
  refused({ ...link, headers: request.headers }, 'IncompleteSignature', /both/);
  for (const [name, words] of [
    ['X-Amz-Credential', /X-Amz-Credential/],
    ['X-Amz-Date', /X-Amz-Date/],
    ['X-Amz-Expires', /X-Amz-Expires/],
    ['X-Amz-SignedHeaders', /X-Amz-SignedHeaders/],
    ['X-Amz-Signature', /X-Amz-Signature/],
  ] as const)
    refused({ ...link, url: link.url.replace(new RegExp(`${name}=[^&]*&?`), '') }, 'IncompleteSignature', words);
  for (const wrong of ['0', '604801', '-1', 'x'])
    refused({ ...link, url: link.url.replace('Expires=60', `Expires=${wrong}`) }, 'IncompleteSignature', /604800/);
});

test('no header makes it throw anything else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string(), (authorization, date, rest) => {
      const headers = { authorization: `AWS4-HMAC-SHA256 ${authorization}`, 'x-amz-date': date, host: rest };
      const request = { method: 'POST', url: '/', headers, body: Buffer.from(rest) };
      assert.throws(() => verify(request), { name: 'Ec2Error' });
    }),
  );
});
