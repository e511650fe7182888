import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import { s3Store } from '../../../src/storage/object/stores/s3.ts';
import type { S3Writing } from '../../../src/storage/object/stores/s3-put.ts';
import { bucketDestination } from '../../../src/publish/destinations/bucket.ts';
import { s3Error, startProxy } from '../../servers/proxy.ts';
import type { Proxy } from '../../servers/proxy.ts';
import { fakeS3 } from './fake-s3.ts';
import type { FakeS3 } from './fake-s3.ts';

const never = new AbortController().signal;
const kept = { ...process.env };
const KMS = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
let server: FakeS3;
let proxy: Proxy;

before(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN']) delete process.env[name];
  server = await fakeS3();
  proxy = await startProxy(server.endpoint);
});
afterEach(() => {
  proxy.fault = () => null;
  proxy.seen.length = 0;
  server.objects.clear();
  server.uploads.clear();
});
after(async () => {
  process.env = kept;
  await proxy.stop();
  server.stop();
});

const put = async (bytes: Uint8Array, writing?: S3Writing, key = 'a/b') => {
  async function* body() {
    yield bytes;
  }
  const access = { endpoint: proxy.endpoint, region: 'us-east-1', attempts: 1 };
  return s3Store('logs', access, writing).put(key, body(), bytes.length, never);
};
const headersOfPuts = () => proxy.seen.filter(({ method }) => method !== 'HEAD').map(({ headers }) => headers);

test('gives the owner control, and encrypts with S3’s keys or one of KMS', async () => {
  await put(Buffer.from('x'), { ownerControl: true, encryption: KMS });
  const [first] = headersOfPuts();
  assert.equal(first!['x-amz-acl'], 'bucket-owner-full-control');
  assert.equal(first!['x-amz-server-side-encryption'], 'aws:kms');
  assert.equal(first!['x-amz-server-side-encryption-aws-kms-key-id'], KMS);
  assert.equal(first!['if-none-match'], '*');
  await put(Buffer.from('x'), { encryption: 's3' }, 'other');
  assert.equal(headersOfPuts().at(-1)!['x-amz-server-side-encryption'], 'AES256');
  assert.equal(headersOfPuts().at(-1)!['x-amz-acl'], undefined);
});

test('refuses a key id, as AWS’s delivery does', async () => {
  for (const encryption of ['1234abcd-12ab-34cd-56ef-1234567890ab', 'alias/logs', KMS.replace(':key/', ':alias/')])
    await assert.rejects(put(Buffer.from('x'), { encryption }), { code: 'FG_KMS_KEY' });
  assert.equal(proxy.seen.length, 0);
});

test('the same bytes again are done, others are refused, and nothing is overwritten', async () => {
  await put(Buffer.from('one'));
  await put(Buffer.from('one'));
  for (const other of ['two', 'longer', ''])
    await assert.rejects(put(Buffer.from(other)), { code: 'FG_OBJECT_DIFFERS' });
  assert.equal(String(server.objects.get('logs/a/b')), 'one');
});

test('a server that heeds the condition is not raced: what came meanwhile stands', async () => {
  // As if the object came between the look and the writing.
  let looks = 0;
  proxy.fault = ({ method }) => (method === 'HEAD' && looks++ === 0 ? s3Error(404, 'NotFound') : null);
  server.objects.set('logs/a/b', Buffer.from('his'));
  await assert.rejects(put(Buffer.from('mine')), { code: 'FG_OBJECT_DIFFERS' });
  assert.ok(proxy.seen.some(({ method }) => method === 'PUT'));
  assert.equal(String(server.objects.get('logs/a/b')), 'his');
});

test('a server that does not know the condition is asked without it', async () => {
  proxy.fault = ({ headers }) => (headers['if-none-match'] === undefined ? null : s3Error(501, 'NotImplemented'));
  await put(Buffer.from('x'));
  assert.equal(String(server.objects.get('logs/a/b')), 'x');
});

const large = randomBytes(21_000_000);

test('a large object goes in parts, with the same headers, and leaves none', async () => {
  await put(large, { ownerControl: true, encryption: KMS });
  assert.deepEqual(server.objects.get('logs/a/b'), large);
  assert.equal(server.uploads.size, 0);
  const begun = proxy.seen.find(({ method, query }) => method === 'POST' && query.has('uploads'));
  assert.equal(begun!.headers['x-amz-acl'], 'bucket-owner-full-control');
  assert.equal(begun!.headers['x-amz-server-side-encryption-aws-kms-key-id'], KMS);
  assert.equal(proxy.seen.filter(({ query }) => query.has('partNumber')).length, 3);
  await put(large);
});

test('parts of an attempt that fails are removed, those of one that died before the next', async () => {
  proxy.fault = ({ query }) => (query.get('partNumber') === '2' ? s3Error(500, 'InternalError') : null);
  await assert.rejects(put(large), { code: 'FG_S3_FAILED' });
  assert.equal(server.uploads.size, 0);
  assert.equal(server.objects.size, 0);
  proxy.fault = () => null;
  server.uploads.set('left', { key: 'logs/a/b', parts: new Map([[1, Buffer.from('x')]]) });
  server.uploads.set('of-another', { key: 'logs/a/b2', parts: new Map() });
  await put(large);
  assert.deepEqual([...server.uploads.keys()], ['of-another']);
});

test('parts are written where nobody may list what was left', async () => {
  proxy.fault = ({ method, query }) => (method === 'GET' && query.has('uploads') ? s3Error(403, 'AccessDenied') : null);
  await put(large);
  assert.deepEqual(server.objects.get('logs/a/b'), large);
});

test('a server that does not know parts gets the whole', async () => {
  proxy.fault = ({ method }) => (method === 'POST' ? s3Error(501, 'NotImplemented') : null);
  await put(large);
  assert.deepEqual(server.objects.get('logs/a/b'), large);
});

test('an end of parts whose answer was lost is found done', async () => {
  proxy.fault = ({ method, query }) => (method === 'POST' && query.has('uploadId') ? 'lost' : null);
  await assert.rejects(put(large), { code: 'FG_AWS_UNREACHABLE' });
  proxy.fault = () => null;
  await put(large);
  assert.deepEqual(server.objects.get('logs/a/b'), large);
});

test('a bucket is asked whether it may be written, with the rights of writing alone, and nothing is left in it', async () => {
  const bucket = bucketDestination(s3Store('logs', { endpoint: proxy.endpoint, region: 'us-east-1', attempts: 1 }), '');
  const denied = s3Error(403, 'AccessDenied');
  proxy.fault = ({ method }) => (method === 'GET' || method === 'HEAD' ? denied : null);
  assert.equal(await bucket.check(never), null);
  assert.deepEqual([server.objects.size, server.uploads.size], [0, 0]);
  proxy.fault = ({ method }) => (method === 'POST' || method === 'PUT' ? denied : null);
  assert.equal((await bucket.check(never))?.code, 'FG_S3_WRITE_DENIED');
  proxy.fault = () => s3Error(404, 'NoSuchBucket');
  assert.equal((await bucket.check(never))?.code, 'FG_S3_NO_BUCKET');
  // One that knows no parts is taken at its word.
  proxy.fault = ({ method }) => (method === 'POST' ? s3Error(501, 'NotImplemented') : null);
  assert.equal(await bucket.check(never), null);
});
