import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { redacted, redactedValue } from './redact.ts';

const letters = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet.split('')), minLength, maxLength });
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const BASE64 = `${LOWER.toUpperCase()}${LOWER}0123456789+/`;
/** With letters of both cases, as all but one in a thousand million have. */
const secretKey = letters(BASE64, 40, 40).filter((text) => /[a-z]/u.test(text) && /[A-Z]/u.test(text));
const sessionToken = letters(BASE64, 120, 400).map((text) => `IQoJb3JpZ2luX2Vj${text}==`);
const hex64 = letters('0123456789abcdef', 64, 64);
const password = letters(`${BASE64}!$*()_-.~%`, 8, 30);
/** Words that stand around a secret and shall stay. */
const around = fc.constantFrom('', 'failed: ', 'the answer "', 'tried\t', '(', 'x: {');

/** Runs a property of a secret in a text: nothing of it is left, and what stands around it is. */
function goes(secret: fc.Arbitrary<string>, inText: (secret: string) => string, keeps: string): void {
  fc.assert(
    fc.property(around, secret, (before, value) => {
      const text = redacted(`${before}${inText(value)}\nnext line`);
      assert.ok(!text.includes(value), text);
      assert.ok(text.startsWith(before) && text.includes(keeps) && text.endsWith('next line'), text);
      assert.equal(redacted(text), text, 'once is enough');
    }),
    { numRuns: 300 },
  );
}

test('secret keys and session tokens go wherever they stand', () => {
  goes(secretKey, (key) => `${key} was refused`, 'was refused');
  goes(secretKey, (key) => `aws_secret_access_key = ${key}`, 'aws_secret_access_key');
  goes(secretKey, (key) => `AWS_SECRET_ACCESS_KEY=${key} flowgauge up`, 'flowgauge up');
  goes(secretKey, (key) => JSON.stringify({ SecretAccessKey: key, AccessKeyId: 'AKIAEXAMPLE' }), 'AKIAEXAMPLE');
  goes(sessionToken, (token) => `token is ${token}, it is over`, 'it is over');
  goes(sessionToken, (token) => `aws_session_token=${token}`, 'aws_session_token');
});

test('signatures of requests go, in URLs and headers', () => {
  const query = 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261123T000000Z';
  goes(hex64, (hex) => `GET https://b.s3.amazonaws.com/k?${query}&X-Amz-Signature=${hex}&x=1`, '&x=1');
  goes(sessionToken, (token) => `https://b/k?X-Amz-Security-Token=${encodeURIComponent(token)}&x=1`, '&x=1');
  const header =
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=';
  goes(hex64, (hex) => `${header}${hex}`, 'AWS4-HMAC-SHA256');
  goes(hex64, (hex) => `authorization: ${header}${hex}`, 'authorization');
  goes(password, (word) => `Authorization: Basic ${Buffer.from(`user:${word}`).toString('base64')}`, 'Authorization');
  goes(letters(`${BASE64}-._~`, 20, 60), (token) => `Bearer ${token}`, 'Bearer');
});

test('passwords go, in URLs and by their names', () => {
  goes(
    letters(`${BASE64}!$*()_-.~%@`.replace('/', ''), 8, 30),
    (word) => `via http://proxy:${word}@10.0.0.1:3128/ it`,
    '@10.0.0.1:3128/ it',
  );
  goes(
    password.filter((word) => !word.startsWith('[')),
    (word) => `password=${word} host=db`,
    'host=db',
  );
  goes(password, (word) => JSON.stringify({ db_password: word, host: 'db' }), 'host');
  goes(letters(BASE64, 64, 200), (body) => `-----BEGIN EC PRIVATE KEY-----\n${body}\n-----END EC PRIVATE KEY-----`, '');
});

test('a field with the name of a secret goes whatever it holds', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('password', 'secretAccessKey', 'SessionToken', 'authorization', 'x-amz-signature', 'api_key'),
      fc.jsonValue(),
      (name, value) => {
        const found = redactedValue({ deep: [{ [name]: value, stays: 1 }] }) as { deep: Record<string, unknown>[] };
        assert.deepEqual(found.deep[0], { [name]: value === null ? null : '[redacted]', stays: 1 });
      },
    ),
  );
});

test('what is no secret stays', () => {
  for (const text of [
    'cannot write s3://bucket/AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/11/23/123456789012_vpcflowlogs_eu-west-1_fl-0a1b2c3d4e5f60001_20261123T1205Z_1a2b3c4d.log.gz',
    'AKIAIOSFODNN7EXAMPLE is not allowed to s3:PutObject on arn:aws:s3:::flow-bucket/*',
    'sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'access denied (ExpiredToken: The provided token has expired.)',
    'InvalidClientTokenId: The security token included in the request is invalid.',
    'SignatureDoesNotMatch: The request signature we calculated does not match',
    'commit da39a3ee5e6b4b0d3255bfef95601890afd80709',
    'http://127.0.0.1:8350/health?x=1 and ops@example.com',
    'port 8350 on 127.0.0.1 is in use by another process; name another with --port (`ss -ltnp`)',
    'log group /vpc/logs in eu-west-1 takes no more for now (ThrottlingException: Rate exceeded)',
  ])
    assert.equal(redacted(text), text);
});

test('any text is done with at once', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('a', ':', '/', '@', '=', ' ', '"', 'secret', '-', 'A'),
        maxLength: 16_000,
        size: 'max',
      }),
      (text) => {
        const before = performance.now();
        redacted(text);
        assert.ok(performance.now() - before < 500);
      },
    ),
    { numRuns: 40 },
  );
  for (const part of [
    'a',
    'A/',
    'a://b:',
    'password',
    'secret_',
    'Basic ',
    '-----BEGIN A PRIVATE KEY-----',
    'a-',
    ' \t',
  ]) {
    const before = performance.now();
    redacted(part.repeat(100_000));
    assert.ok(performance.now() - before < 500, part);
  }
});
