import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSize, sizeText } from './sizes.ts';

test('reads sizes by powers of 1000 and of 1024', () => {
  const sizes = {
    '10GB': 10e9,
    '500MB': 500e6,
    '500 mb': 500e6,
    '1.5G': 1.5e9,
    '2TB': 2e12,
    '64kB': 64_000,
    '1KiB': 1024,
    '2GiB': 2 ** 31,
    '123': 123,
    '0': 0,
    '7B': 7,
  };
  for (const [text, bytes] of Object.entries(sizes)) assert.equal(readSize('--max-bytes', text), bytes, text);
  for (const text of ['', 'GB', '-1GB', '1e9', '5 apples', '1,5GB', '1iB', '1PB'])
    assert.throws(() => readSize('--max-bytes', text), { code: 'FG_SIZE_VALUE' }, text);
});

test('says sizes with one digit behind the point, rounded as asked', () => {
  const texts = [0, 1, 999, 1000, 65_536, 999_960, 5e9, 7_230_000_000, 3.21e13].map((bytes) => sizeText(bytes));
  assert.deepEqual(texts, [
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '65.5 kB',
    '1.0 MB',
    '5.0 GB',
    '7.2 GB',
    '32.1 TB',
  ]);
  assert.equal(sizeText(7_230_000_000, Math.ceil), '7.3 GB');
  for (const bytes of [1000, 5_000_000_001, 7_230_000_000, 999_999_999])
    assert.ok(readSize('--max-bytes', sizeText(bytes, Math.ceil)) >= bytes, String(bytes));
});
