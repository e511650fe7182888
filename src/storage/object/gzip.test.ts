import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { crc32, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { createGzipMember, deflatePart, GZIP_FRAME_BYTES } from './gzip.ts';

async function gzip(parts: readonly Uint8Array[], threads: number): Promise<Buffer> {
  const member = createGzipMember();
  const compressed = await Promise.all(
    parts.map((part, at) => deflatePart(part, at === 0 ? null : parts[at - 1]!, threads)),
  );
  for (const [at, bytes] of compressed.entries()) member.add(crc32(parts[at]!), parts[at]!.length, bytes);
  const file = Buffer.concat([member.head, ...compressed, member.tail()]);
  assert.equal(file.length, member.sizeBytes);
  return file;
}

const records = (from: number, count: number): Buffer =>
  Buffer.from(
    Array.from({ length: count }, (_, at) => `2 123456789012 eni-0a 10.0.0.${(from + at) % 250} 6 ${at} OK\n`).join(''),
  );

test('is read by zcat and Python', async (t) => {
  const parts = [records(0, 3000), records(3000, 1), records(3001, 5000)];
  const file = await gzip(parts, 2);
  const text = Buffer.concat(parts);
  assert.deepEqual(execFileSync('gzip', ['-dc'], { input: file }), text);
  const python = 'import gzip,sys;sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))';
  try {
    assert.deepEqual(execFileSync('python3', ['-c', python], { input: file }), text);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
    t.diagnostic('python3 is not here');
  }
});

test('has the same bytes whatever the number of threads', async () => {
  const parts = [records(0, 9000), records(9000, 9000), records(18_000, 77)];
  assert.deepEqual(await gzip(parts, 1), await gzip(parts, 4));
});

test('is a gzip file of the text, whatever the parts', async () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.nat(200_000).map((size) => Buffer.alloc(size, 'ab c\n')),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 5 }), fc.constantFrom(1, 2), async (parts, threads) => {
      const file = await gzip(parts, threads);
      assert.deepEqual(gunzipSync(file), Buffer.concat(parts));
      assert.ok(file.length >= GZIP_FRAME_BYTES);
    }),
    { numRuns: 60 },
  );
});
