import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { RestoreReport } from '../../src/lake/keep/restore.ts';
import { objectKey } from '../../src/storage/object/keys.ts';
import { s3Restorer } from '../../src/storage/object/stores/s3-restore.ts';
import { startMoto } from './moto.ts';
import { NotHere } from './server.ts';
import type { S3Server } from './server.ts';

let moto: S3Server | null = null;
let why = '';
try {
  moto = await startMoto();
} catch (error) {
  if (!(error instanceof NotHere) || process.env['CI'] === 'true') throw error;
  why = error.message;
}

suite('an archived range, as moto plays S3', { skip: why !== '' && why }, () => {
  const T = 1_795_435_500;
  const signal = new AbortController().signal;
  const keyAt = (at: number): string =>
    objectKey({ prefix: '', organization: null, accountId: '123456789012', region: 'us-east-1', flowLogId: 'fl-1', slotSeconds: T + at * 300, hash: '0123abcd', fileFormat: 'plain-text', hive: false, hourly: false }); // prettier-ignore
  const access = () => ({ endpoint: moto!.endpoint, region: 'us-east-1' });
  before(async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' });
    const client = new S3Client({ ...access(), forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: 'old' }));
    for (const [at, StorageClass] of (['GLACIER', 'DEEP_ARCHIVE', 'STANDARD'] as const).entries()) {
      const Body = gzipSync(`version srcaddr bytes start end\n2 10.0.0.${at} 1 ${T} ${T + 9}\n`);
      await client.send(new PutObjectCommand({ Bucket: 'old', Key: keyAt(at), Body, StorageClass }));
    }
    client.destroy();
  });
  after(() => moto!.stop());

  test('objects are asked for, restored and read whole by the command line', async () => {
    const run = promisify(execFile);
    const words = ['--from-time', String(T - 600), '--to-time', String(T + 3600), '--endpoint-url', moto!.endpoint];
    const restore = async (...more: string[]): Promise<RestoreReport> => {
      const done = await run(
        join(import.meta.dirname, '../../bin/flowgauge'),
        ['lifecycle', 'restore', 's3://old', ...words, '--json', ...more],
        { encoding: 'utf8' },
      ).catch((error: { readonly stdout: string }) => error);
      return JSON.parse(done.stdout) as RestoreReport;
    };
    const before = await restore('--dry-run');
    assert.deepEqual([before.state, before.objects, before.archived, before.others], ['archived', 2, 2, 1]);
    const asked = await restore('--speed', 'standard', '--days', '3');
    assert.equal(asked.asked, 2);
    // moto has the copies at once.
    const after = await restore();
    assert.deepEqual([after.state, after.restored, after.verified?.objects, after.faults], ['restored', 2, 2, []]);
    assert.ok(after.untilSeconds! > Date.now() / 1000);
  });

  test('an object that lies in no archive is none, and one that is not there is told', async () => {
    const restorer = s3Restorer('old', access());
    assert.deepEqual(await restorer.stateOf(keyAt(2), signal), { is: 'no-archive' });
    await assert.rejects(restorer.stateOf('nothing', signal), { code: 'FG_RESTORE_FAILED' });
    await assert.rejects(restorer.ask(keyAt(2), 1, 'Bulk', signal), { code: 'FG_RESTORE_FAILED' });
  });
});
