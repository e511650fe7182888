import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { zipOf } from './build-lambda.ts';

test('the zip file is one for others, with a file that all may read', () => {
  const directory = mkdtempSync(join(tmpdir(), 'flowgauge-zip-'));
  try {
    const content = Buffer.from('export const handler = () => 1;\n'.repeat(100));
    writeFileSync(join(directory, 'a.zip'), zipOf('index.mjs', content));
    const read = [
      'import sys, zipfile',
      'with zipfile.ZipFile(sys.argv[1]) as z:',
      '    assert z.testzip() is None',
      '    info, = z.infolist()',
      '    print(info.filename, oct(info.external_attr >> 16), info.date_time[:3], len(z.read(info)))',
    ].join('\n');
    const told = execFileSync('python3', ['-c', read, join(directory, 'a.zip')], { encoding: 'utf8' });
    assert.equal(told, `index.mjs 0o100644 (1980, 1, 1) ${content.length}\n`);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
