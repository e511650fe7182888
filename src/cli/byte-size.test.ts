import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteSize } from './byte-size.ts';
import { cacheFor, namedDirectory } from './cache-options.ts';

test('reads sizes with decimal and binary units', () => {
  const sizes = {
    '4GB': 4e9,
    '500 MB': 5e8,
    '1.5GiB': 1.5 * 2 ** 30,
    '20g': 2e10,
    '1000': 1000,
    '2KiB': 2048,
    '1TB': 1e12,
  };
  for (const [text, bytes] of Object.entries(sizes)) assert.equal(byteSize(text), bytes);
});

test('refuses what is no size, and none at all', () => {
  for (const text of ['', '0', '-1GB', '4 PB', 'GB', '1e9', '4GB of it'])
    assert.throws(() => byteSize(text), { code: 'commander.invalidArgument' });
});

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
