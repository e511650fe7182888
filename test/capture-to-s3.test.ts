import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { s3Error, startProxy } from './servers/proxy.ts';
import type { Proxy } from './servers/proxy.ts';
import { fakeS3 } from './conformance/destinations/fake-s3.ts';
import type { FakeS3 } from './conformance/destinations/fake-s3.ts';

const ROOT = join(import.meta.dirname, '..');
const DEMO = join(ROOT, 'src/app/server/demo/capture.pcap.gz');
const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-to-s3-'));
let server: FakeS3;
let proxy: Proxy;

before(async () => {
  server = await fakeS3();
  proxy = await startProxy(server.endpoint);
});
after(async () => {
  await proxy.stop();
  server.stop();
  rmSync(scratch, { recursive: true });
});

async function capture(...args: readonly string[]) {
  const child = spawn(join(ROOT, 'bin/flowgauge'), ['capture', '-r', DEMO, ...args], {
    env: {
      PATH: process.env['PATH'],
      HOME: scratch,
      XDG_STATE_HOME: join(scratch, 'state'),
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk));
  await once(child, 'exit');
  return { code: child.exitCode, stderr };
}

function filesBelow(directory: string): Map<string, Buffer> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(paths.map((path) => [path.slice(directory.length + 1), readFileSync(path)]));
}

test('a bucket gets the objects that a directory gets, also in a second run, and no spool is left', async () => {
  const directory = join(scratch, 'directory');
  assert.deepEqual(await capture('-w', directory), { code: 0, stderr: '' });
  const files = filesBelow(directory);
  assert.ok(files.size > 0);
  const place = ['-w', 's3://logs/team/a', '--endpoint-url', proxy.endpoint, '--acl', 'bucket-owner-full-control'];
  for (let times = 0; times < 2; times++) {
    assert.deepEqual(await capture(...place), { code: 0, stderr: '' });
    const there = new Map([...server.objects].map(([key, bytes]) => [key.replace('logs/team/a/', ''), bytes]));
    assert.deepEqual(new Map([...there].sort(([a], [b]) => (a < b ? -1 : 1))), files);
  }
  const puts = proxy.seen.filter(({ method }) => method === 'PUT');
  assert.equal(puts.length, files.size);
  assert.ok(puts.every(({ headers }) => headers['x-amz-acl'] === 'bucket-owner-full-control'));
  assert.deepEqual(
    existsSync(join(scratch, 'state/flowgauge/capture')) ? filesBelow(join(scratch, 'state')).size : 0,
    0,
  );
});

test('what a bucket refuses waits on this machine, and goes out with the next run', async () => {
  server.objects.clear();
  proxy.fault = ({ method }) => (method === 'PUT' ? s3Error(403, 'AccessDenied') : null);
  const place = ['-w', 's3://logs', '--endpoint-url', proxy.endpoint];
  const { code, stderr } = await capture(...place);
  assert.equal(code, 1);
  assert.match(stderr, /records are not delivered \(not allowed to write s3:\/\/logs\/AWSLogs.*\(FG_NOT_DELIVERED\)/);
  assert.ok(filesBelow(join(scratch, 'state')).size > 0);
  proxy.fault = () => null;
  assert.equal((await capture(...place)).code, 0);
  assert.ok(server.objects.size > 0);
  assert.equal(filesBelow(join(scratch, 'state')).size, 0);
});

test('options of S3 stand with s3:// only, and no other kind of place is taken', async () => {
  for (const [args, words] of [
    [
      ['-w', join(scratch, 'x'), '--region', 'eu-west-1', '--sse', 'AES256'],
      /--region, --sse.* does nothing without -w s3/,
    ],
    [['-w', 'gs://logs'], /neither a directory nor s3.*\(FG_CAPTURE_DEST\)/],
    [['-w', 's3://logs', '--sse-kms-key-id', 'alias/a'], /no ARN of a KMS key.*\(FG_KMS_KEY\)/],
  ] as const) {
    const { code, stderr } = await capture(...args);
    assert.match(stderr, words);
    assert.equal(code, 2);
  }
  assert.equal(existsSync(join(scratch, 'x')), false);
});
