import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cacheFor, namedDirectory } from './cache-options.ts';

test('S3 is kept unless somebody says no, all else only where somebody says yes', () => {
  assert.deepEqual(cacheFor('s3://b', {}), {});
  assert.equal(cacheFor('s3://b', { cache: false }), undefined);
  assert.equal(cacheFor('s3://b', { cacheDir: 'off' }), undefined);
  assert.equal(cacheFor('logs', { cacheDir: 'd' }), undefined);
  assert.deepEqual(cacheFor('logs', { cache: true, cacheDir: 'd', cacheSize: 5, refresh: true }), {
    directory: 'd',
    sizeBytes: 5,
    refresh: true,
  });
  assert.equal(namedDirectory({ cacheDir: 'off' }), undefined);
});
