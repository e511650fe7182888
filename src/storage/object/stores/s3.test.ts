import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { FlowgaugeError } from '../../../model/errors.ts';
import type { ErrorCode } from '../../../model/errors.ts';
import { isOfAws } from '../aws-client.ts';
import { awsFailure } from '../aws-errors.ts';
import { s3Store } from './s3.ts';

type Canned = {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  readonly more?: string;
  readonly headers?: Record<string, string>;
};

const never = new AbortController().signal;
const seen: IncomingMessage[] = [];
let answer: (request: IncomingMessage) => Canned = () => ({ status: 200 });
const EMPTY = '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>';

const server = createServer((request, response) => {
  seen.push(request);
  const { status, code, message = 'words of the server', more = '', headers } = answer(request);
  response.writeHead(status, { 'content-type': 'application/xml', ...headers });
  response.end(
    code === undefined ? more || EMPTY : `<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`,
  );
});
let endpoint = '';
const kept = { ...process.env };

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
});
afterEach(() => {
  seen.length = 0;
});
after(() => {
  process.env = kept;
  server.closeAllConnections();
  server.close();
});

async function list(access = {}, signal = never): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of s3Store('logs', { endpoint, ...access }).list('AWSLogs/', null, signal)) keys.push(key);
  return keys;
}

const SAID: readonly (readonly [ErrorCode, Canned, RegExp])[] = [
  [
    'FG_S3_DENIED',
    { status: 403, code: 'AccessDenied' },
    /list s3:\/\/logs\/AWSLogs\/ .*words of the server.*--request-payer/,
  ],
  ['FG_S3_NO_BUCKET', { status: 404, code: 'NoSuchBucket' }, /no bucket "logs" at http:\/\/127/],
  ['FG_S3_REGION', { status: 301, code: 'PermanentRedirect' }, /"logs" is not in region us-east-1.*--region/],
  ['FG_AWS_EXPIRED', { status: 400, code: 'ExpiredToken' }, /s3:\/\/logs\/AWSLogs\/ have expired.*aws sso login/],
  ['FG_AWS_CREDENTIALS_REFUSED', { status: 403, code: 'InvalidAccessKeyId' }, /refused.*--profile/],
  ['FG_AWS_CREDENTIALS_REFUSED', { status: 403, code: 'SignatureDoesNotMatch' }, /get-caller-identity/],
  ['FG_AWS_CLOCK', { status: 403, code: 'RequestTimeTooSkewed' }, /clock says 20.*set-ntp/],
  [
    'FG_S3_FAILED',
    { status: 400, code: 'InvalidArgument' },
    /cannot list s3:\/\/logs.*InvalidArgument words of the server \(HTTP 400\)/,
  ],
];

for (const [code, canned, words] of SAID)
  test(`${canned.code} is ${code}, which names the place and the way out`, async () => {
    answer = () => canned;
    await assert.rejects(list(), (error) => {
      assert.ok(error instanceof FlowgaugeError);
      assert.equal(error.code, code);
      assert.match(error.message, words);
      assert.ok(error.cause instanceof Error);
      return true;
    });
  });

test('whoever pays already is not told to', async () => {
  answer = () => ({ status: 403, code: 'AccessDenied' });
  await assert.rejects(list({ requestPayer: true }), (error: Error) => !error.message.includes('--request-payer'));
  assert.equal(seen[0]!.headers['x-amz-request-payer'], 'requester');
});

test('what is wrong with one object names it', async () => {
  const store = s3Store('logs', { endpoint });
  const ref = { key: 'a/b.gz', sizeBytes: 9, etag: '' };
  for (const [status, code, ours] of [
    [403, 'InvalidObjectState', 'FG_S3_ARCHIVED'],
    [404, 'NoSuchKey', 'FG_S3_GONE'],
    [412, 'PreconditionFailed', 'FG_S3_CHANGED'],
  ] as const) {
    answer = () => ({ status, code });
    const reading = store.read(ref, null, never)[Symbol.asyncIterator]();
    await assert.rejects(reading.next(), { code: ours, message: /s3:\/\/logs\/a\/b\.gz/ });
  }
});

test('a bucket in another region is asked there, and the detour is told', async () => {
  for (const wrong of [
    { status: 301, code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'eu-west-1' } },
    {
      status: 400,
      code: 'AuthorizationHeaderMalformed',
      message: "the region 'us-east-1' is wrong; expecting 'eu-west-1'",
    },
  ]) {
    answer = ({ headers }) => (headers.authorization?.includes('/eu-west-1/') === true ? { status: 200 } : wrong);
    const store = s3Store('logs', { endpoint });
    for (let times = 0; times < 2; times++) for await (const _ of store.list('', null, never));
    assert.deepEqual(store.redirect(), { from: 'us-east-1', to: 'eu-west-1' });
    assert.equal(store.requests.list, 3);
  }
});

test('a server that is not there is FG_AWS_UNREACHABLE, nobody to ask with is FG_AWS_CREDENTIALS', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
  const failed = awsFailure(refused, 's3://logs/', 'http://127.0.0.1:1');
  assert.equal(failed?.code, 'FG_AWS_UNREACHABLE');
  assert.match(failed.message, /at http:\/\/127\.0\.0\.1:1 .*--endpoint-url/);
  const { AWS_ACCESS_KEY_ID: id } = process.env;
  delete process.env['AWS_ACCESS_KEY_ID'];
  try {
    await assert.rejects(list(), { code: 'FG_AWS_CREDENTIALS', message: /aws sso login/ });
  } finally {
    process.env['AWS_ACCESS_KEY_ID'] = id;
  }
});

test('an endpoint that is no URL is said, and nobody is asked', async () => {
  for (const wrong of ['127.0.0.1:9000', 'localhost:9000', 'minio', 'ftp://minio/']) {
    const listing = async (): Promise<void> => {
      for await (const _ of s3Store('logs', { endpoint: wrong }).list('', null, never));
    };
    await assert.rejects(listing(), { code: 'FG_AWS_ENDPOINT', message: /http:\/\/HOST:PORT/ }, wrong);
  }
});

test('a profile gives keys, region and endpoint, and goes before keys of the environment', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-aws-'));
  const config = join(directory, 'config');
  const profile = `[profile audit]\nregion = ap-south-1\nendpoint_url = ${endpoint}\naws_access_key_id = AKIAAUDIT\naws_secret_access_key = x\n`;
  writeFileSync(config, profile);
  const { AWS_CONFIG_FILE: before } = process.env;
  process.env['AWS_CONFIG_FILE'] = config;
  answer = () => ({ status: 200 });
  try {
    for await (const _ of s3Store('logs', { profile: 'audit' }).list('', null, never));
    const listing = async (): Promise<void> => {
      for await (const _ of s3Store('logs', { profile: 'adit' }).list('', null, never));
    };
    await assert.rejects(listing(), { code: 'FG_AWS_PROFILE', message: /no profile "adit".* they name audit/ });
    assert.match(seen[0]!.headers.authorization ?? '', /AKIAAUDIT\/\d+\/ap-south-1\/s3\//);
    assert.match(seen[0]!.url ?? '', /^\/logs/);
  } finally {
    process.env['AWS_CONFIG_FILE'] = before;
    rmSync(directory, { recursive: true });
  }
});

test('says which options it has, and takes region and path style', async () => {
  answer = () => ({ status: 200 });
  await list({ region: 'eu-north-1' });
  assert.match(seen[0]!.headers.authorization ?? '', /\/eu-north-1\/s3\//);
  assert.match(seen[0]!.url ?? '', /^\/logs\/?\?/);
  assert.equal(isOfAws('https://s3.eu-west-1.amazonaws.com'), true);
  assert.equal(isOfAws('https://bucket.vpce-1.s3.eu-west-1.vpce.amazonaws.com'), true);
  assert.equal(isOfAws('https://amazonaws.com.example.org'), false);
  assert.equal(isOfAws('http://127.0.0.1:9000'), false);
});

test('a signal ends a listing with its own reason', async () => {
  const stop = new AbortController();
  answer = () => {
    stop.abort(new Error('enough'));
    return { status: 200 };
  };
  await assert.rejects(list({}, stop.signal), /enough/);
});

test('keys come back as they are, whatever letters they have', async () => {
  const more = `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>
    <Contents><Key>a+b%2Bc/%C3%A9%01%3D%25.gz</Key><Size>5</Size><ETag>&quot;e&quot;</ETag><StorageClass>GLACIER</StorageClass></Contents>
    <Contents><Key>r</Key><Size>6</Size><StorageClass>DEEP_ARCHIVE</StorageClass>
      <RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>2027-01-01T00:00:00Z</RestoreExpiryDate></RestoreStatus></Contents>
    </ListBucketResult>`;
  answer = () => ({ status: 200, more });
  const refs = [];
  for await (const ref of s3Store('logs', { endpoint }).list('', null, never)) refs.push(ref);
  assert.deepEqual(refs, [
    { key: 'a b+c/é\u0001=%.gz', sizeBytes: 5, etag: 'e', storageClass: 'GLACIER', archived: true },
    { key: 'r', sizeBytes: 6, etag: '', storageClass: 'DEEP_ARCHIVE' },
  ]);
});
