import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDuck, quoteText } from '../../../storage/duck/duck.ts';
import { mayBeIn, xxHash64 } from './bloom-filter.ts';

test('the hash is that of its description, for short and long texts', () => {
  for (const [text, hash] of [
    ['', 0xef46db3751d8e999n],
    ['a', 0xd24ec4f1a98c6e5bn],
    ['abc', 0x44bc2cf5ad770999n],
    ['The quick brown fox jumps over the lazy dog', 0x0b242d361fda71bcn],
  ] as const)
    assert.equal(xxHash64(Buffer.from(text)), hash, text);
});

test('every text that DuckDB put into a filter may be in it, and hardly any other', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-filter-'));
  const duck = await openDuck({ directories: [directory], threads: 1 });
  try {
    const path = join(directory, 'a.parquet');
    // Longer than one round of the hash, shorter, and empty.
    const texts = Array.from({ length: 400 }, (_, at) => `${'long '.repeat(at % 9)}${at === 0 ? '' : `é${at}`}`);
    const list = texts.map((text) => `(${quoteText(text)})`).join(', ');
    await duck.run(
      `COPY (SELECT name FROM (VALUES ${list}) AS given(name), range(9)) TO ${quoteText(path)} (FORMAT parquet)`,
    );
    const [[from, length] = []] = await duck.all(
      `SELECT bloom_filter_offset, bloom_filter_length FROM parquet_metadata(${quoteText(path)})`,
    );
    const filter = readFileSync(path).subarray(Number(from), Number(from) + Number(length));
    assert.ok(filter.length > 32);
    assert.deepEqual(
      texts.filter((text) => !mayBeIn(filter, text)),
      [],
    );
    const others = Array.from({ length: 1000 }, (_, at) => `other ${at}`).filter((text) => mayBeIn(filter, text));
    assert.ok(others.length < 50, `${others.length} of 1000`);
    // What is no filter, or one of another kind, leaves nothing out.
    const other = Buffer.from(filter);
    other[filter.indexOf(0x1c)] = 0x2c;
    for (const bytes of [filter.subarray(0, -1), filter.subarray(0, 5), Buffer.alloc(0), other])
      assert.ok(mayBeIn(bytes, 'other 1') && mayBeIn(bytes, 'other 2') && mayBeIn(bytes, 'other 3'));
  } finally {
    await duck.close();
    rmSync(directory, { recursive: true });
  }
});
